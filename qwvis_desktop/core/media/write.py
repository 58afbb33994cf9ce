"""Writing files so that a failed save leaves the old file whole: write beside, then rename over."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

_REASONS: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOSPC: "The disk is full. Free some space, or save to another disk.",
        errno.EDQUOT: "Your share of the disk is used up. Free some space, or save to another disk.",
        errno.EROFS: "The disk can only be read. Save to another place.",
        errno.EACCES: "You have no permission to write there. Save to a folder of your own.",
        errno.EPERM: "You have no permission to write there. Save to a folder of your own.",
        errno.ENOENT: "The folder does not exist. Make it first, or save to another one.",
        errno.ENOTDIR: "The folder does not exist. Make it first, or save to another one.",
        errno.EISDIR: "There is a folder of that name. Choose another name.",
        errno.ENAMETOOLONG: "The name is too long. Choose a shorter one.",
        errno.EFBIG: "The disk does not take files of that size. Save to another disk.",
    }
)
"""Why writing failed -> what to say."""


class WriteError(Exception):
    """A file could not be written; the text says what, why and what to do now."""


def write_beside(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` whole or not at all.

    A temporary file beside it is written, flushed to the disk and renamed over; the permissions of a file that was
    there are kept, and a link is followed.

    Raises:
        WriteError: it could not be written; what was there before is as it was.
    """
    try:
        _write(Path(os.path.realpath(path)), data)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"The system says: {error.strerror or error}.")
        raise WriteError(f'"{path.name}" could not be saved. {reason}') from error


def _write(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a directory", str(target))
    handle, name = tempfile.mkstemp(prefix=".qwvis-", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_permissions(target))
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _permissions(target: Path) -> int:
    """Return the permissions of the file that is there, or those a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
