"""The journal: every step is on its way to the disk as soon as it is made, so that a crash takes nothing with it.

A journal is a file of JSON lines in the program's own folder. For each picture with unsaved work it holds its whole
record once, then what each step changed. What is saved needs no journal: saving starts it anew, closing removes it.
Lines are made and written on a thread of the journal's own, in the order in which they were given.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeAlias

from qwvis_desktop.core.annotation import JsonValue, new_id
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.store.file_lock import FileLock
from qwvis_desktop.core.store.picture_record import line_of

FORMAT = "qwvis-journal"

VERSION = "2026-11-27"

SUFFIX = ".journal"

LOCK_SUFFIX = ".lock"

SYNC_SECONDS = 1.0
"""How long a line may be with the system before it is forced to the disk; a power cut takes less than twice that."""

RETRY_SECONDS = 5.0
"""How long after a failure writing is tried again."""

Line: TypeAlias = Callable[[], JsonValue]
"""Makes a line of the journal, on the journal's thread: what it leans on must never change."""


class Journal:
    """Writes the journal of one start of the program; the file is made with the first line.

    Args:
        folder: where journals lie.
        say: told once, on the journal's thread, in a sentence, when it cannot be written.
    """

    def __init__(self, folder: Path, say: Callable[[str], object]) -> None:
        self.path = folder / f"{new_id()}{SUFFIX}"
        self._say = say
        self._wake = threading.Condition()
        self._waiting: deque[tuple[Line, ...] | _Anew] = deque()
        self._asked = self._tried = self._done = 0
        self._closing = self._keep = False
        self._urgent = False
        self._thread: threading.Thread | None = None
        self._file: IO[bytes] | None = None
        self._lock: FileLock | None = None
        self._failed = False
        self._synced = 0.0
        self._behind = False

    def write(self, *lines: Line) -> None:
        """Append lines soon; returns at once."""
        self._ask(lines)

    def write_now(self, *lines: Line, seconds: float = 5.0) -> bool:
        """Append lines, and all that waits, and return when they are on the disk; not for the window's thread.

        Returns:
            Whether they are there: not where the disk refuses them.
        """
        with self._wake:
            number = self._ask(lines)
            self._urgent = True
            self._wake.notify_all()
            self._wake.wait_for(lambda: self._tried >= number or self._closing, seconds)
            return self._done >= number

    def start_anew(self, lines: Iterable[Line]) -> None:
        """Replace all that was written by ``lines``: what was saved needs no journal any more."""
        self._ask(_Anew(tuple(lines)))

    def close(self, *, keep: bool = False, seconds: float = 2.0) -> bool:
        """Write what waits and end the thread; the file is removed unless ``keep`` says that it is needed.

        Returns:
            Whether the thread has ended.
        """
        with self._wake:
            self._closing, self._keep = True, keep
            self._wake.notify_all()
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _ask(self, what: tuple[Line, ...] | _Anew) -> int:
        with self._wake:
            self._waiting.append(what)
            self._asked += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
                self._thread.start()
            self._wake.notify_all()
            return self._asked

    def _work(self) -> None:
        while True:
            with self._wake:
                # What is with the system is forced to the disk at the latest when nothing new comes for a while.
                timeout = RETRY_SECONDS if self._failed else SYNC_SECONDS if self._behind else None
                self._wake.wait_for(self._has_news, timeout)
                closing, urgent, self._urgent = self._closing, self._urgent, False
                batch, asked = list(self._waiting), self._asked
            self._write_batch(batch, asked, at_once=urgent or closing)
            if closing:
                self._end()
                return

    def _has_news(self) -> bool:
        return self._closing or self._urgent or (bool(self._waiting) and not self._failed)

    def _write_batch(self, batch: list[tuple[Line, ...] | _Anew], asked: int, *, at_once: bool) -> None:
        try:
            for part in batch:
                self._write_part(part)
                with self._wake:
                    self._waiting.popleft()
            self._sync(at_once)
        except (OSError, WriteError) as error:
            self._tell(error)
        else:
            self._failed = False
        with self._wake:
            self._tried = asked
            if not self._failed:
                self._done = asked
            self._wake.notify_all()

    def _write_part(self, part: tuple[Line, ...] | _Anew) -> None:
        if isinstance(part, _Anew):
            self._open()
            content = b"".join(line_of(make()) + b"\n" for make in (_head, *part.lines))
            self._close_file()
            write_beside(self.path, content)
        file = self._open()
        if isinstance(part, _Anew) or not part:
            return
        _append(file, b"".join(line_of(make()) + b"\n" for make in part))
        self._behind = True

    def _open(self) -> IO[bytes]:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = FileLock(self.path.with_suffix(LOCK_SUFFIX))
            file = self.path.open("ab", buffering=0)
            try:
                if file.seek(0, os.SEEK_END) == 0:
                    _append(file, line_of(_head()) + b"\n")
            except OSError:
                file.close()
                raise
            self._file = file
        return self._file

    def _sync(self, at_once: bool) -> None:
        now = time.monotonic()
        due = at_once or now - self._synced >= SYNC_SECONDS
        if self._file is not None and self._behind and due:
            sync(self._file)
            self._synced, self._behind = now, False

    def _tell(self, error: Exception) -> None:
        if not self._failed:
            reason = str(getattr(error, "strerror", None) or error).rstrip(".")
            self._say(
                f"Unsaved steps cannot be kept safe against a crash: {reason}. Save soon; it is tried again meanwhile."
            )
        self._failed = True

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end(self) -> None:
        self._close_file()
        if not self._keep:
            with suppress(OSError):
                self.path.unlink()
        if self._lock is not None:
            self._lock.release(remove=True)


class _Anew:
    """A request to begin the file again with these lines."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self.lines = lines


def _head() -> JsonValue:
    return {"format": FORMAT, "version": VERSION}


def _append(file: IO[bytes], data: bytes) -> None:
    good = file.tell()
    try:
        write_all(file, data)
    except OSError:
        # Half a line must not stand before the next whole one.
        with suppress(OSError):
            file.truncate(good)
            file.seek(good)
        raise


def write_all(file: IO[bytes], data: bytes) -> None:
    """Hand all of ``data`` to the system.

    Raises:
        OSError: it does not take it all.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def sync(file: IO[bytes]) -> None:
    """Force what the system holds of a file to the disk.

    Raises:
        OSError: it cannot.
    """
    os.fsync(file.fileno())
