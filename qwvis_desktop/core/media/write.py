"""Writing files so that a failed save leaves the old file whole: write beside, then rename over."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

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
    for _ in writing_beside(path, (data,) if isinstance(data, bytes) else data):
        pass


def writing_beside(path: Path, pieces: Iterable[bytes]) -> Generator[None, None, None]:
    """Write as ``write_beside`` does, a piece at each step; closed before its end, it leaves nothing behind.

    Raises:
        WriteError: it could not be written; what was there before is as it was.
    """
    with _telling(path):
        yield from _write(Path(os.path.realpath(path)), pieces)


Content: TypeAlias = bytes | Iterable[bytes]
"""What is in a file, in one piece or in several."""


def writing_together(files: Iterable[tuple[Path, Content]], root: Path) -> Generator[None, None, tuple[Path, ...]]:
    """Write several files that belong together, a piece at each step; none is in its place before all are whole.

    They are staged in a hidden folder in ``root``, or above it where that is not there yet; then nothing is left that
    could fail half way but the renaming. Closed before its end, it leaves nothing behind.

    Args:
        files: where each goes, below ``root``, and its content, in one piece or in several; taken one by one.
        root: the folder that holds them all; it is made where it is not there.

    Returns:
        Where each was written, in order.

    Raises:
        WriteError: they could not be written; what was there before is as it was.
        ValueError: a path leads out of ``root``, or comes twice.
    """
    stage = _existing(root) / f".{os.urandom(16).hex()}.part"
    staged: dict[Path, Path] = {}
    try:
        with _telling(root):
            stage.mkdir()
        for path, data in files:
            if path in staged or not path.resolve().is_relative_to(root.resolve()):
                raise ValueError(f"{path} comes twice, or is not inside {root}")
            temporary = stage / str(len(staged))
            with _telling(path):
                yield from _fill(temporary, (data,) if isinstance(data, bytes) else data)
            staged[path] = temporary
        for path, temporary in staged.items():
            with _telling(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                _put(temporary, Path(os.path.realpath(path)))
    finally:
        with suppress(OSError):
            for left in stage.iterdir():
                left.unlink()
            stage.rmdir()
    return tuple(staged)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Let a file be written by others: what is yielded is a place beside ``path``, renamed over it at the end.

    Where what is written breaks off, it is removed.

    Raises:
        WriteError: it could not be written; what was there before is as it was.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{os.urandom(16).hex()}.part")
    try:
        with _telling(path):
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, "is a directory", str(target))
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            _put(temporary, target)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _existing(folder: Path) -> Path:
    """Return the nearest folder above that is there, or ``folder`` itself."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path())


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Make a sentence of what the system says."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"The system says: {error.strerror or error}.")
        raise WriteError(f'"{path.name}" could not be saved. {reason}') from error


def _write(target: Path, pieces: Iterable[bytes]) -> Iterator[None]:
    temporary = target.with_name(f".{os.urandom(16).hex()}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory", str(target))
        yield from _fill(temporary, pieces)
        _put(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _fill(temporary: Path, pieces: Iterable[bytes]) -> Iterator[None]:
    with temporary.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            yield
        file.flush()
        os.fsync(file.fileno())


def _put(temporary: Path, target: Path) -> None:
    """Rename over ``target``, with the permissions it has."""
    if target.exists():
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    temporary.replace(target)
