"""``FileLock``: a file that only one program can hold, and that the system lets go of when that program dies."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Holds the lock on a file, which is made where it is not there.

    Raises:
        BlockingIOError: another program holds it.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = path.open("ab")
        try:
            _take(self._file)
        except OSError as error:
            self._file.close()
            raise BlockingIOError(f"{path.name} is held by another program") from error

    def release(self, *, remove: bool = False) -> None:
        """Let go of it; ``remove`` takes the file away, too."""
        if self._file is None:
            return
        if remove:
            with suppress(OSError):
                self._path.unlink()
        self._file.close()
        self._file = None
