"""The history: every run that was made, with what was asked and every character that came, whatever became of it.

A run is kept from the moment it is sent; each piece of its reply is written as it comes, so that a program that is
killed leaves what had come. Of pictures the names, the content hashes and, for this machine only, the paths are kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.document import Run, SentRequest
from qwvis_desktop.core.run_json import requests_to_json, run_from_json, run_to_json
from qwvis_desktop.core.settings import home
from qwvis_desktop.core.store.history_file import HistoryFile
from qwvis_desktop.core.store.history_query import HistoryQuery
from qwvis_desktop.core.store.history_rows import (
    BROKEN_OFF,
    LISTED,
    HistoryRow,
    KeptPicture,
    KeptRun,
    Piece,
    end_run,
    forget_words,
    get_run,
    listed_row,
    put_run,
    state_of,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

SHORTEST_SECRET = 8
"""Keys of fewer characters are none: servers at home take "none" or "x", and those words stand in replies."""


ADDED_AT_ONCE = 200
"""How many runs are added in one go: others who want to write wait for that long."""

EVERYTHING = HistoryQuery()


def nothing_secret() -> Iterable[str]:
    """Return no secrets."""
    return ()


class History:
    """Keeps runs and finds them again; may be used from any thread.

    Args:
        file: the database.
        secrets: tells the keys that are known now; where one stands in a text, stars are kept in its place.
    """

    def __init__(self, file: HistoryFile, secrets: Callable[[], Iterable[str]] = nothing_secret) -> None:
        self._file = file
        self._secrets = secrets
        self._looked_for_broken = False

    def begin(self, run: Run, pictures: Sequence[KeptPicture]) -> None:
        """Keep a run that is about to be sent.

        Raises:
            HistoryError: it cannot be written.
        """
        with self._writing() as (connection, words):
            put_run(connection, self._hidden(run), pictures, "running", words=words)

    def append(self, run: str, pieces: Iterable[Piece]) -> None:
        """Keep further pieces of the reply of a run that goes on.

        Raises:
            HistoryError: they cannot be written.
        """
        rows = [(self._text([piece.seconds, piece.text, piece.thinking]), run) for piece in pieces]
        with self._writing() as (connection, _):
            connection.executemany("INSERT INTO pieces (run, piece) SELECT number, ? FROM runs WHERE id = ?", rows)

    def note_requests(self, run: str, requests: Sequence[SentRequest]) -> None:
        """Note what was sent for a run that goes on.

        Raises:
            HistoryError: it cannot be written.
        """
        sent = json.loads(self._text(requests_to_json(requests)))
        with self._writing() as (connection, _):
            for (value,) in connection.execute("SELECT value FROM runs WHERE id = ?", (run,)).fetchall():
                noted = json_text({**json.loads(value), "requests": sent})
                connection.execute("UPDATE runs SET value = ? WHERE id = ?", (noted, run))

    def set_content(self, run: str, hashes: Sequence[str]) -> None:
        """Note the content hashes of a run's pictures, in order.

        Raises:
            HistoryError: they cannot be written.
        """
        with self._writing() as (connection, _):
            for place, sha256 in enumerate(hashes):
                connection.execute(
                    "UPDATE pictures SET sha256 = ? WHERE place = ? AND run = (SELECT number FROM runs WHERE id = ?)",
                    (sha256, place, run),
                )

    def finish(self, run: Run, pictures: Sequence[KeptPicture]) -> None:
        """Keep a run as it ended, in place of what was kept while it went on.

        Raises:
            HistoryError: it cannot be written.
        """
        with self._writing() as (connection, words):
            put_run(connection, self._hidden(run), pictures, state_of(run), words=words)

    def break_off(self, run: str, error: str = BROKEN_OFF) -> None:
        """Keep a run that goes on no more with what came of it.

        Raises:
            HistoryError: it cannot be written.
        """
        with self._writing() as (connection, words):
            end_run(connection, run, error, words=words)

    def add(self, kept: Iterable[KeptRun]) -> int:
        """Keep runs of elsewhere; return how many were new. One that is there stays as it is.

        Raises:
            HistoryError: they cannot be written; those before may have been.
        """
        count, left = 0, iter(kept)
        while some := list(islice(left, ADDED_AT_ONCE)):
            with self._writing() as (connection, words):
                for item in some:
                    if not connection.execute("SELECT 1 FROM runs WHERE id = ?", (item.run.id,)).fetchone():
                        put_run(connection, self._hidden(item.run), item.pictures, state_of(item.run), words=words)
                        count += 1
        return count

    def delete(self, runs: Iterable[str]) -> None:
        """Forget runs for good.

        Raises:
            HistoryError: they cannot be deleted.
        """
        with self._writing() as (connection, words):
            for run in runs:
                found = connection.execute("SELECT number FROM runs WHERE id = ?", (run,)).fetchone()
                if found:
                    forget_words(connection, found[0], words=words)
                    connection.execute("DELETE FROM runs WHERE number = ?", found)

    def count(self, query: HistoryQuery = EVERYTHING) -> int:
        """Return how many runs are found.

        Raises:
            HistoryError: the history cannot be read.
        """
        with self._reading() as (connection, indexed):
            where, values = query.where(indexed=indexed)
            return int(connection.execute(f"SELECT count(*) FROM runs WHERE {where}", values).fetchone()[0])

    def page(
        self, query: HistoryQuery = EVERYTHING, *, after: HistoryRow | None = None, limit: int = 200
    ) -> tuple[HistoryRow, ...]:
        """Return the latest runs that are found, the latest first; those that follow ``after``.

        Raises:
            HistoryError: the history cannot be read.
        """
        with self._reading() as (connection, indexed):
            where, values = query.where(indexed=indexed)
            place: list[object] = []
            if after is not None:
                where, place = f"({where}) AND (started, number) < (?, ?)", [after.started, after.number]
            found = connection.execute(
                f"SELECT {LISTED} FROM runs WHERE {where} ORDER BY started DESC, number DESC LIMIT ?",
                (*values, *place, limit),
            )
            return tuple(listed_row(row) for row in found)

    def get(self, run: str) -> KeptRun | None:
        """Return the run with this id, with all that came of it; None where there is none.

        Raises:
            HistoryError: the history cannot be read.
        """
        with self._reading() as (connection, _):
            return get_run(connection, run)

    def ids(self, begins: str) -> tuple[str, ...]:
        """Return the ids that begin so, at most two of them.

        Raises:
            HistoryError: the history cannot be read.
        """
        with self._reading() as (connection, _):
            found = connection.execute("SELECT id FROM runs WHERE substr(id, 1, ?) = ? LIMIT 2", (len(begins), begins))
            return tuple(run for (run,) in found)

    def each(self, query: HistoryQuery = EVERYTHING) -> Iterator[KeptRun]:
        """Yield the runs that are found, oldest first, one at a time.

        Raises:
            HistoryError: the history cannot be read.
        """
        with self._reading() as (connection, indexed):
            where, values = query.where(indexed=indexed)
            ids = connection.execute(f"SELECT id FROM runs WHERE {where} ORDER BY started, number", values).fetchall()
            for (run,) in ids:
                kept = get_run(connection, run)
                if kept is not None:  # it was not deleted meanwhile
                    yield kept

    def close(self) -> None:
        """Close the file; it is opened again where it is needed."""
        self._file.close()

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, bool]]:
        with self._file.writing() as connection:
            yield connection, self._file.has_words

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection, bool]]:
        self._end_broken()
        with self._file.reading() as connection:
            yield connection, self._file.has_words

    def _end_broken(self) -> None:
        """Once: end what a program that is gone left going on."""
        if self._looked_for_broken:
            return
        self._looked_for_broken = True
        with self._writing() as (connection, words):
            running = connection.execute("SELECT id, owner FROM runs WHERE state = 'running'").fetchall()
            for run, owner in running:
                if owner != os.getpid() and not _is_alive(owner):
                    end_run(connection, run, BROKEN_OFF, words=words)

    def _hidden(self, run: Run) -> Run:
        """Return ``run`` without keys; stars stand in their places, so that spans still count the same characters."""
        return run_from_json(json.loads(self._text(run_to_json(run))))

    def _text(self, value: JsonValue) -> str:
        text = json_text(value)
        for secret in self._secrets():
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(json.dumps(secret)[1:-1], "*" * len(secret))
        return text


def _is_alive(process: int) -> bool:
    """Say whether the program with this number still runs; where the system cannot tell, it is taken for gone.

    A run that is ended too soon by that is whole again when its own program ends it.
    """
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def history_path() -> Path:
    """Return where the history is kept."""
    return home("data") / "history.sqlite"


def history_at(
    path: Path, say: Callable[[str], None], secrets: Callable[[], Iterable[str]] = nothing_secret
) -> History:
    """Return the history in the file at ``path``; nothing is opened before it is used."""
    return History(HistoryFile(path, say), secrets)
