"""The ledger: what each run cost, kept for good. Money stays on record when the history of a run is deleted.

One SQLite file, opened for each use and closed again, so that the window, its workers and a command line share it.
Amounts are whole millionths of a millionth of the currency: their sums are exact.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from qwvis_desktop.core.settings import home

if TYPE_CHECKING:
    from sqlite3 import Connection  # loaded with the first run, not with the window

BUSY_SECONDS = 5.0
_ATOMS = Decimal(10) ** 12
_VERSION = 1

_TABLE = (
    """CREATE TABLE costs (
        run TEXT PRIMARY KEY, at TEXT NOT NULL, day TEXT NOT NULL, service TEXT NOT NULL, model TEXT NOT NULL,
        document TEXT NOT NULL, task TEXT NOT NULL, input INTEGER NOT NULL, cached INTEGER NOT NULL,
        output INTEGER NOT NULL, atoms INTEGER, currency TEXT NOT NULL, as_of TEXT NOT NULL, estimated INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX by_day ON costs (day)",
    "CREATE INDEX by_model ON costs (model, task)",
)

GROUPS = ("day", "model", "document")
"""What totals may be told by."""


class LedgerError(Exception):
    """The ledger cannot be read or written; the text is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one run cost.

    Attributes:
        run: its id.
        at: when it was sent, with its time zone.
        service: name of the service; model, document, task: as in the run, the document by its path or address.
        input, cached, output: tokens.
        amount: of money; None where no price was known.
        currency, as_of: of the price; empty where none was known.
        estimated: whether the tokens are our estimate, because the service did not say (a run that was stopped).
    """

    run: str
    at: datetime
    service: str
    model: str
    document: str
    task: str
    input: int
    cached: int
    output: int
    amount: Decimal | None
    currency: str = ""
    as_of: str = ""
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """What runs that have something in common cost together.

    Attributes:
        name: the day, model or document.
        runs: how many.
        input, cached, output: tokens.
        currency: empty for runs of which no price was known; those of each currency are told apart.
        amount: of money.
        estimated: how many of the runs are estimates.
    """

    name: str
    runs: int
    input: int
    cached: int
    output: int
    currency: str
    amount: Decimal
    estimated: int


class Ledger:
    """Keeps what runs cost; may be used from any thread.

    Args:
        path: the file; it is made when the first run is kept. A damaged one is set aside and said.
        say: told a sentence when that happens.
    """

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say

    def add(self, entry: Entry) -> None:
        """Keep what a run cost, in place of what was kept of the same run.

        Raises:
            LedgerError: it cannot be written.
        """
        atoms = None if entry.amount is None else int(entry.amount * _ATOMS)
        row = (
            *(entry.run, entry.at.astimezone(UTC).isoformat(timespec="seconds"), day_of(entry.at)),
            *(entry.service, entry.model, entry.document, entry.task, entry.input, entry.cached, entry.output),
            *(atoms, entry.currency, entry.as_of, entry.estimated),
        )
        with self._open() as connection, connection:
            connection.execute(f"INSERT OR REPLACE INTO costs VALUES ({', '.join('?' * len(row))})", row)

    def totals(self, by: str) -> tuple[Total, ...]:
        """Return totals by one of ``GROUPS``: days latest first, others dearest first.

        Raises:
            KeyError: it is none of ``GROUPS``.
            LedgerError: the ledger cannot be read.
        """
        if by not in GROUPS:
            raise KeyError(by)
        order = "day DESC" if by == "day" else "sum(atoms) DESC, count(*) DESC"
        with self._open() as connection:
            found = connection.execute(
                f"SELECT {by}, count(*), sum(input), sum(cached), sum(output), currency, sum(atoms), sum(estimated) "
                f"FROM costs GROUP BY {by}, currency ORDER BY {order}, {by}"
            ).fetchall()
        return tuple(
            Total(name, runs, sent, cached, out, currency, Decimal(atoms or 0) / _ATOMS, estimated)
            for name, runs, sent, cached, out, currency, atoms, estimated in found
        )

    def spent(self, day: str, currency: str) -> Decimal:
        """Return what was spent on a day (``day_of``) in a currency.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        with self._open() as connection:
            found = connection.execute(
                "SELECT sum(atoms) FROM costs WHERE day = ? AND currency = ?", (day, currency)
            ).fetchone()
        return Decimal(found[0] or 0) / _ATOMS

    def usual_output(self, model: str, task: str) -> int | None:
        """Return how many tokens replies to a task took on average; None where there were none yet.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        with self._open() as connection:
            found = connection.execute(
                "SELECT avg(output) FROM costs WHERE model = ? AND task = ? AND NOT estimated", (model, task)
            ).fetchone()
        return None if found[0] is None else round(found[0])

    def entries(self) -> tuple[Entry, ...]:
        """Return all there is, oldest first.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        names = "run, at, service, model, document, task, input, cached, output, atoms, currency, as_of, estimated"
        with self._open() as connection:
            found = connection.execute(f"SELECT {names} FROM costs ORDER BY at, run").fetchall()
        keys = [item.name for item in fields(Entry)]
        return tuple(
            Entry(
                **{
                    **dict(zip(keys, row, strict=True)),
                    "at": datetime.fromisoformat(row[1]),
                    "amount": None if row[9] is None else Decimal(row[9]) / _ATOMS,
                    "estimated": bool(row[12]),
                }
            )
            for row in found
        )

    def as_csv(self) -> bytes:
        """Return all there is as a table for a spreadsheet: UTF-8 with a mark, one row for each run.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([item.name for item in fields(Entry)])
        for entry in self.entries():
            writer.writerow([_cell(value) for value in astuple(entry)])
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        import sqlite3

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connected()) as connection:
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(
                f"What runs cost cannot be read or kept in {self._path} ({error}). "
                "Look whether the folder can be written to and the disk has room."
            ) from error

    def _connected(self) -> Connection:
        """Return the opened file; a damaged one is set aside first."""
        import sqlite3

        try:
            return _prepared(self._path)
        except sqlite3.OperationalError:
            raise  # locked, no room, no rights: nothing is wrong with the file itself
        except sqlite3.DatabaseError:
            aside = self._path.with_name(f"{self._path.stem}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite")
            self._path.rename(aside)
            self._say(f"The record of costs was damaged. It was set aside as {aside.name}, and a new one is begun.")
            return _prepared(self._path)


def _prepared(path: Path) -> Connection:
    import sqlite3

    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
                for statement in _TABLE:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    # A spreadsheet takes a text that begins so for a formula, and runs it.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def day_of(moment: datetime) -> str:
    """Return the day of a moment where the user is, as in a calendar."""
    return f"{moment.astimezone():%Y-%m-%d}"


def ledger_path() -> Path:
    """Return where the ledger is kept."""
    return home("data") / "costs.sqlite"
