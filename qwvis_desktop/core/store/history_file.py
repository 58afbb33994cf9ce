"""The file of the history: one SQLite database, opened late, brought up to date, set aside where it is damaged.

Write-ahead logging lets the window, its workers and a command line use one file at once, and keeps whatever was
committed when the program is killed. Each step of ``MIGRATIONS`` brings a file up by one version (``user_version``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3  # loaded with the first run, not with the window

BUSY_SECONDS = 5.0
"""How long to wait for another program that writes."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # What is listed stands before the long texts: SQLite need not read those for it.
        """CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            started TEXT NOT NULL,
            state TEXT NOT NULL,
            owner INTEGER NOT NULL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            task TEXT NOT NULL,
            pictures TEXT NOT NULL,
            status TEXT,
            error TEXT NOT NULL,
            seconds REAL,
            usage TEXT NOT NULL,
            begins TEXT NOT NULL,
            characters INTEGER NOT NULL,
            prompt TEXT NOT NULL,
            reply TEXT NOT NULL,
            thinking TEXT NOT NULL,
            value TEXT NOT NULL
        )""",
        "CREATE INDEX runs_by_time ON runs (started, number)",
        """CREATE TABLE pieces (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            piece TEXT NOT NULL
        )""",
        "CREATE INDEX pieces_by_run ON pieces (run)",
        """CREATE TABLE pictures (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            place INTEGER NOT NULL,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            PRIMARY KEY (run, place)
        ) WITHOUT ROWID""",
        "CREATE INDEX pictures_by_content ON pictures (sha256)",
    ),
)
"""What brings a file from each version to the next, oldest first."""

WORDS = """CREATE VIRTUAL TABLE words USING fts5(
    prompt, reply, model, pictures, content='runs', content_rowid='number', tokenize='trigram'
)"""
"""The index of all words. Trigrams: words of languages without spaces are found within a sentence, too."""


class HistoryError(Exception):
    """The history cannot be read or written; the text says what, why and what to do now."""


def _log(sentence: str) -> None:
    logging.getLogger(__name__).warning("%s", sentence)


class HistoryFile:
    """The database; may be used from any thread.

    Args:
        path: where it is or will be.
        say: told in a sentence when a damaged file was set aside.
    """

    def __init__(self, path: Path, say: Callable[[str], None] = _log) -> None:
        self._path = path
        self._say = say
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._has_words = False

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept."""
        return self._path.exists()

    @property
    def has_words(self) -> bool:
        """Whether the file that was opened has an index of words: this SQLite may have been built without."""
        return self._has_words

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction; nothing of it is kept where it fails.

        Raises:
            HistoryError: it cannot be written.
        """
        with self._lock, self._told("written"):
            connection = self._opened()
            with _transaction(connection):
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of its own: a long search holds up no run that is being kept.

        Raises:
            HistoryError: it cannot be read.
        """
        with self._told("read"):
            with self._lock:
                self._opened()
            connection = _connect(self._path)
            try:
                yield connection
            finally:
                connection.close()

    def close(self) -> None:
        """Close the file; it is opened again where it is needed."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what SQLite raises into a sentence, and set a damaged file aside."""
        import sqlite3

        try:
            yield
        except sqlite3.Error as error:
            if _is_damaged(error):
                self._set_aside()
            raise HistoryError(
                f"The history of runs could not be {what} ({error}). Nothing else is touched by that; "
                f"look at the disk and at {self._path}."
            ) from error
        except OSError as error:
            raise HistoryError(
                f"The history of runs could not be {what} ({error.strerror or error}). Nothing else is touched by "
                f"that; look at the folder {self._path.parent}."
            ) from error

    def _opened(self) -> sqlite3.Connection:
        import sqlite3

        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = self._prepared()
            except sqlite3.DatabaseError as error:
                if not _is_damaged(error):
                    raise
                self._set_aside()
                self._connection = self._prepared()
        return self._connection

    def _prepared(self) -> sqlite3.Connection:
        connection = _connect(self._path)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            self._bring_up(connection)
            self._has_words = _index_words(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == len(MIGRATIONS):
            return
        with _transaction(connection):
            version = _version(connection)  # another program may have been first
            if version > len(MIGRATIONS):
                raise HistoryError(
                    f"The history in {self._path} was written by a later version of QwVis, and is left as it is: runs "
                    "are not kept in it. Update QwVis."
                )
            for steps in MIGRATIONS[version:]:
                for statement in steps:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")

    def _set_aside(self) -> None:
        """Put the file under another name, with what belongs to it, and say so."""
        self.close()
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        aside = self._path.with_name(f"{self._path.stem}.damaged-{stamp}{self._path.suffix}")
        for ending in ("", "-wal", "-shm"):
            part = self._path.with_name(self._path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))
        self._say(
            f"The history of runs was damaged. The file was set aside as {aside.name} in {aside.parent}, "
            "and a new one was begun."
        )


def _connect(path: Path) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # With write-ahead logging a kill loses nothing then, a loss of power the last moments at most.
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite itself takes back what a full disk stopped
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _index_words(connection: sqlite3.Connection) -> bool:
    """Make the index of words where it is missing; say whether there is one that can be used."""
    import sqlite3

    query = "SELECT count(*) FROM sqlite_master WHERE name='words'"
    try:
        if connection.execute(query).fetchone()[0]:
            connection.execute("SELECT rowid FROM words LIMIT 0")
            return True
        with _transaction(connection):
            if not connection.execute(query).fetchone()[0]:
                connection.execute(WORDS)
                connection.execute("INSERT INTO words(words) VALUES('rebuild')")
    except sqlite3.OperationalError as error:
        if _was_left_out(str(error)):
            return False
        raise
    return True


def _was_left_out(words: str) -> bool:
    """Say whether SQLite says that it was built without the index of words, or without trigrams."""
    return "no such module" in words or "no such tokenizer" in words


def _is_damaged(error: sqlite3.Error) -> bool:
    import sqlite3

    # Of an extended code the lowest byte tells the kind.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
