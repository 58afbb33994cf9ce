"""Files that others may change meanwhile: read with a stamp, and written over only where they still bear it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from qwvis_desktop.core.media.write import write_beside


class Stamp(NamedTuple):
    """What a file was when it was read or written last: its time of change in ns, its size, SHA-256 of its content."""

    changed_ns: int
    size: int
    sha256: str


class ChangedOutside(Exception):
    """A file is not what it was when it was read or written last; the text is for people."""


def stamp_of(path: Path, data: bytes) -> Stamp:
    """Return the stamp of a file that holds ``data``.

    Raises:
        OSError: it cannot be looked at.
    """
    return Stamp(path.stat().st_mtime_ns, len(data), hashlib.sha256(data).hexdigest())


def is_changed(path: Path, stamp: Stamp | None) -> bool:
    """Say whether a file holds something else than when ``stamp`` was taken; one that is gone does not.

    Args:
        path: the file.
        stamp: None where no file was there.
    """
    try:
        status = path.stat()
    except OSError:
        return False  # gone, or it cannot be looked at: then writing says why
    if stamp is None:
        return True
    if (status.st_mtime_ns, status.st_size) == (stamp.changed_ns, stamp.size):
        return False
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() != stamp.sha256
    return True


def write_unchanged(path: Path, data: bytes, stamp: Stamp | None) -> Stamp:
    """Write a file whole or not at all, where it is still what ``stamp`` says; return its new stamp.

    Raises:
        ChangedOutside: it was changed by somebody else, and is left as it is.
        WriteError: it could not be written; what was there before is as it was.
    """
    if is_changed(path, stamp):
        raise ChangedOutside(f'"{path.name}" was changed by another program since it was read, and is left as it is.')
    return write_anyway(path, data)


def write_anyway(path: Path, data: bytes) -> Stamp:
    """Write a file whole or not at all, whatever is there; return its stamp.

    Raises:
        WriteError: it could not be written; what was there before is as it was.
    """
    write_beside(path, data)
    try:
        return stamp_of(path, data)
    except OSError:  # written, but taken away at once: whatever comes there next is somebody else's
        return Stamp(0, len(data), hashlib.sha256(data).hexdigest())


def set_aside(path: Path, what: str) -> Path:
    """Rename a file, so that another can be written in its place; return its new path.

    Args:
        path: the file.
        what: put into the new name ("damaged").

    Raises:
        OSError: it cannot be renamed.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return path.rename(path.with_name(f"{path.stem}.{what}-{stamp}{path.suffix}"))
