"""A scripted editor that is killed at random moments, and what its journal and its project then hold.

The editor runs in a process of its own, forked from one that has loaded everything. Beside the journal it writes, for
the judge, what it did before and after each step; the judge kills it, and compares.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from documents import media_of
from edit_sequences import Pictures, random_steps, some_run
from film_labels import film_media

from qwvis_desktop.core.store.picture_record import content, document_of, line_of
from qwvis_desktop.core.store.project import dump_project, load_project
from qwvis_desktop.core.store.saving import save
from qwvis_desktop.core.store.steps import unsaved_journals

MOST_LOST_SECONDS = 2.0
"""Edits that are older than this when the editor is killed must be there."""


@dataclass(frozen=True, slots=True)
class Round:
    """How one killing ended.

    Attributes:
        steps: what the editor had done when it was killed.
        lost_seconds: how old the oldest step is that is not there.
        runs_lost: runs that had ended, and of which somebody was told, that are not there.
        unreadable: the project or the journal could not be read.
    """

    steps: int
    lost_seconds: float
    runs_lost: int
    unreadable: bool


def kill_once(folder: Path, seed: int) -> Round:
    """Start the editor, kill it after a random while, and judge what is left."""
    folder.mkdir(parents=True)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            _edit(folder, seed, os.fdopen(writing, "wb", buffering=0))
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        told.readline()  # it begins
        time.sleep(random.Random(seed).uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        killed = time.time()
        os.waitpid(child, 0)
        lines = told.read().split(b"\n")
    return _judge(folder, [json.loads(line) for line in lines[:-1]], killed)


def _edit(folder: Path, seed: int, told: IO[bytes]) -> None:
    """Edit for ever: steps, runs that end on another thread, and saving now and then."""
    chance = random.Random(seed)
    pictures = Pictures(folder)
    # Every other one edits a film.
    editor = pictures.open("k", film_media() if seed % 2 else None)
    told.write(b"begin\n")
    while True:
        kind = chance.random()
        if kind < 0.1:
            _run(pictures, chance, told)
        elif kind < 0.14:
            _save(pictures, folder)
        else:
            random_steps(editor, chance, 1)
        seen = content(editor.document)
        told.write(line_of({"at": time.time(), "seen": {**seen, "runs": []}}) + b"\n")


def _run(pictures: Pictures, chance: random.Random, told: IO[bytes]) -> None:
    """Let a run end as the worker's thread does: it is kept first, and told then."""
    editor = pictures.workspace.editor_of("k")
    assert editor is not None
    run = some_run(chance, 0)
    keep = pictures.recorder.keeper_of(editor)
    editor.set_run(replace(run, status=None, reply="", as_read=()))
    keep(run)
    told.write(line_of({"run": run.id}) + b"\n")
    editor.set_run(run)


def _save(pictures: Pictures, folder: Path) -> None:
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    saved = save(
        folder / "p.qwvis",
        dump_project(pictures.writer.lines(states, folder)),
        stamp=None,
        rescue=folder / "rescued",
        anyway=True,
    )
    assert saved.stamp is not None
    pictures.recorder.saved(states)
    pictures.recorder.restart_journal(folder / "p.qwvis")


def _judge(folder: Path, told: list[dict[str, Any]], killed: float) -> Round:
    states = [each for each in told if "seen" in each]
    ended = {each["run"] for each in told if "run" in each}
    try:
        record = _left(folder)
        document, _ = document_of(record, media_of())
    except ValueError:
        return Round(len(states), 0.0, 0, unreadable=True)
    found = json.loads(line_of({**content(document), "runs": []}))
    # The last step may have reached the journal before the judge was told of it: then nothing is lost.
    lost = 0.0
    if states and all(found != each["seen"] for each in states):
        fresh = states[-1]["at"]
        lost = 0.0 if _is_younger(found, states) else killed - fresh
    elif states:
        last = max(number for number, each in enumerate(states) if each["seen"] == found)
        lost = killed - states[last + 1]["at"] if last + 1 < len(states) else 0.0
    return Round(len(states), lost, len(ended - document.runs.keys()), unreadable=False)


def _is_younger(found: dict[str, Any], states: list[dict[str, Any]]) -> bool:
    """Say whether a state follows the last one that was told: the step under way when the editor was killed."""
    last = {each["id"]: each for each in states[-1]["seen"]["annotations"]}
    now = {each["id"]: each for each in found["annotations"]}
    changed: int = sum(last.get(key) != now.get(key) for key in last.keys() | now.keys())
    return changed <= 8


def _left(folder: Path) -> dict[str, Any]:
    """Return the picture as the next start would have it: from the journal, else from the project."""
    journals = unsaved_journals(folder / "journals")
    assert len(journals) <= 1
    if journals and "k" in journals[0].records:
        return journals[0].records["k"]
    if (folder / "p.qwvis").exists():
        return load_project(folder / "p.qwvis")[0].pictures[0]
    return {"name": "k", "annotations": [], "runs": []}
