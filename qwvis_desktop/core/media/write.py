"""Writing files so that a failed save leaves the old file whole: write beside, then rename over."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

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


def write_beside(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write ``data``, in one piece or in several, to ``path`` whole or not at all.

    A temporary file beside it is written, flushed to the disk and renamed over; the permissions of a file that was
    there are kept, and a link is followed.

    Raises:
        WriteError: it could not be written; what was there before is as it was.
    """
    try:
        _write(Path(os.path.realpath(path)), (data,) if isinstance(data, bytes) else data)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"The system says: {error.strerror or error}.")
        raise WriteError(f'"{path.name}" could not be saved. {reason}') from error


def _write(target: Path, pieces: Iterable[bytes]) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a directory", str(target))
    temporary = target.with_name(f".{uuid4().hex}.part")
    try:
        with temporary.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
