"""Runs as rows of the history: what is written of each, and how it is put together again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.run_json import run_from_json, run_to_json

if TYPE_CHECKING:
    from sqlite3 import Connection

STOPPED = "stopped"
"""``Run.error`` of a run that the user stopped."""

BROKEN_OFF = "QwVis ended before the reply was complete. What came until then is kept."
"""``Run.error`` of a run whose end nobody saw."""

_HALVES = re.compile("[\ud800-\udfff]")

BEGINS_LENGTH = 160
"""How much of a reply a list shows, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A picture that was asked about.

    Attributes:
        name: what people call it.
        size: upright, in pixels.
        sha256: of the encoded file, in hexadecimal digits; empty where it is not known.
        path: where it lay; empty where it had none, and in everything that leaves this machine.
    """

    name: str
    size: Size
    sha256: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run and the pictures it was about, in the order in which they were sent."""

    run: Run
    pictures: tuple[KeptPicture, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """What came at one moment: seconds from the start, text of the reply, text of the reasoning."""

    seconds: float
    text: str = ""
    thinking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A run as a list shows it.

    Attributes:
        number: its place in the file.
        state: ``running``, ``done``, ``failed``, ``stopped`` or ``broken`` (nobody saw its end).
        begins: the first characters of the reply.
        characters: the length of the reply.
    """

    number: int
    id: str
    started: str
    state: str
    provider: str
    model: str
    task: str
    pictures: str
    status: str | None
    error: str
    seconds: float | None
    usage: Mapping[str, JsonValue]
    begins: str
    characters: int


LISTED = (
    "number, id, started, state, provider, model, task, pictures, status, error, seconds, usage, begins, characters"
)


def state_of(run: Run) -> str:
    """Return how a run ended, in a word: ``done``, ``failed``, ``stopped`` or ``broken``."""
    if not run.error:
        return "done"
    return {STOPPED: "stopped", BROKEN_OFF: "broken"}.get(run.error, "failed")


def put_run(connection: Connection, run: Run, pictures: Sequence[KeptPicture], state: str, *, words: bool) -> None:
    """Write a run, in place of one of the same id."""
    value = run_to_json(run)
    texts = {name: _storable(str(value[name])) for name in _TEXTS}
    for name in _TEXTS:
        if texts[name] == value[name]:
            del value[name]  # else it holds half characters, which only JSON can keep
    row = {
        "id": run.id,
        "started": run.started.astimezone(UTC).isoformat(),
        "state": state,
        "owner": os.getpid(),
        "provider": _storable(run.provider),
        "model": _storable(run.model),
        "task": run.task,
        "pictures": "\n".join(_storable(picture.name) for picture in pictures),
        "status": run.status,
        "error": _storable(run.error),
        "seconds": run.seconds.total,
        "usage": json_text(dict(run.usage)),
        "begins": texts["reply"][:BEGINS_LENGTH],
        "characters": len(run.reply),
        **texts,
        "value": json_text(value),
    }
    known = connection.execute("SELECT number FROM runs WHERE id = ?", (run.id,)).fetchone()
    if known:
        number = int(known[0])
        forget_words(connection, number, words=words)
        connection.execute(f"UPDATE runs SET {', '.join(f'{name} = :{name}' for name in row)} WHERE id = :id", row)
        connection.execute("DELETE FROM pieces WHERE run = ?", (number,))
    else:
        columns = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        number = int(connection.execute(f"INSERT INTO runs ({columns}) VALUES ({marks})", row).lastrowid or 0)
        connection.executemany(
            "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, place, _storable(picture.name), _storable(picture.path), picture.sha256, *picture.size)
                for place, picture in enumerate(pictures)
            ],
        )
    if words:
        connection.execute(
            f"INSERT INTO words (rowid, {_INDEXED}) SELECT number, {_INDEXED} FROM runs WHERE number = ?", (number,)
        )


_TEXTS = ("prompt", "reply", "thinking")
_INDEXED = "prompt, reply, model, pictures"


def forget_words(connection: Connection, number: int, *, words: bool) -> None:
    """Take a run out of the index, which must be told what it was given."""
    if words:
        connection.execute(
            f"INSERT INTO words (words, rowid, {_INDEXED}) "
            f"SELECT 'delete', number, {_INDEXED} FROM runs WHERE number = ?",
            (number,),
        )


def end_run(connection: Connection, run: str, error: str, *, words: bool) -> None:
    """Write a run that goes on no more with what came of it."""
    kept = get_run(connection, run)
    if kept is not None:
        put_run(
            connection,
            replace(kept.run, error=error),
            kept.pictures,
            state_of(replace(kept.run, error=error)),
            words=words,
        )


def get_run(connection: Connection, run: str) -> KeptRun | None:
    """Return a run with all that came of it; None where there is none of this id."""
    row = connection.execute(f"SELECT number, value, {', '.join(_TEXTS)} FROM runs WHERE id = ?", (run,)).fetchone()
    if row is None:
        return None
    number, value, *texts = row
    whole = run_from_json({**dict(zip(_TEXTS, texts, strict=True)), **json.loads(value)})
    pieces = connection.execute("SELECT piece FROM pieces WHERE run = ? ORDER BY rowid", (number,)).fetchall()
    pictures = connection.execute(
        "SELECT name, path, sha256, width, height FROM pictures WHERE run = ? ORDER BY place", (number,)
    )
    return KeptRun(
        _joined(whole, [json.loads(piece) for (piece,) in pieces]),
        tuple(
            KeptPicture(name=name, path=path, sha256=sha256, size=Size(width, height))
            for name, path, sha256, width, height in pictures
        ),
    )


def _joined(run: Run, pieces: Sequence[Sequence[Any]]) -> Run:
    """Return ``run`` with the pieces that came after it was written."""
    reply, thinking, pace, thoughts = [run.reply], [run.thinking], list(run.pace), list(run.thinking_pace)
    length, thought = len(run.reply), len(run.thinking)
    for seconds, text, reasoning in pieces:
        if text:
            length += len(text)
            reply.append(text)
            pace.append((seconds, length))
        if reasoning:
            thought += len(reasoning)
            thinking.append(reasoning)
            thoughts.append((seconds, thought))
    return replace(
        run, reply="".join(reply), thinking="".join(thinking), pace=tuple(pace), thinking_pace=tuple(thoughts)
    )


def listed_row(row: Sequence[Any]) -> HistoryRow:
    """Return a row of ``LISTED`` columns."""
    names = [name.strip() for name in LISTED.split(",")]
    values = dict(zip(names, row, strict=True))
    return HistoryRow(**{**values, "usage": json.loads(values["usage"])})


def _storable(text: str) -> str:
    """Return text as SQLite can hold it: half a character becomes the sign for an unreadable one."""
    return _HALVES.sub("\ufffd", text)
