"""A film after a crash: a program that is killed in the middle of its work, and the next start, in the real window."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from films import Film, make_film
from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import drop, dropped_files, editor_of, running
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.document import Document, FilmRange
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.store.picture_record import content, line_of
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question

FILM = Film(count=150, size=Size(320, 192))
REPLY = (
    '[{"start": "00:00.5", "end": "00:01.5", "event": "walks"}, {"start": "00:02", "end": "00:03", "event": "runs"}]'
)

KILLED = """
import dataclasses, os, signal, sys
from pathlib import Path
tests, film, state, address = sys.argv[1:]
sys.path.insert(0, tests)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from program_window import ask_loopback, drop, dropped_files, running
from types import SimpleNamespace
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document, FilmRange
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.store.picture_record import content, line_of

def until(condition):
    for _ in range(1000):
        if condition():
            return
        QTest.qWait(10)
    raise SystemExit("it did not come to be")

application = QApplication([])
window = running()
program = window.__enter__()
drop(program, dropped_files(Path(film)))
films = program.film.films
until(lambda: films.film is not None and films.film.index is not None)
editor = program.workspace.editor
ask_loopback(program, SimpleNamespace(base_url=address))
program.services.choose_task("video-events")
editor.set_film_range(FilmRange(0.5, 4.5), "Range")
program.actions["run.start"].trigger()
until(lambda: len(editor.document.annotations) == 2 and not program.inference.is_running(editor))
walks = next(each for each in editor.document.annotations.values() if each.label == "walks")
editor.replace([dataclasses.replace(walks, end=2.25, label="strolls")], "Trim")
for time in (1.0, 2.0, 3.0):
    box = Box(10 + 20 * time, 20, 90, 70 + time)
    editor.add([Detection(label="car", box=box, time=time, attributes={"track_id": 4})], "Draw")
Path(state).write_bytes(line_of(content(editor.document)))
last = list(editor.document.annotations)[-1]
journals = Path(os.environ["QWVIS_HOME"]) / "data" / "journals"
until(lambda: any(last in path.read_text() for path in journals.glob("*.journal")))
(run,) = editor.document.runs
until(lambda: program.history.kept.get(run).pictures[0].sha256)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(film: Path, service: LoopbackService, folder: Path) -> dict[str, Any]:
    """Let another process work on the film until it is killed; return what it had then."""
    service.answer = streamed(REPLY)
    state = folder / "state.json"
    words = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(film), str(state), service.base_url]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(words, env=environment, capture_output=True, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    found: dict[str, Any] = json.loads(state.read_bytes())
    return found


def restore(program: Program, qtbot: QtBot) -> str:
    """Let the next start offer what is there, and take it; return what was said."""
    said: list[str] = []

    def answer(question: Question) -> Answer:
        said.append(question.text)
        return Answer.RESTORE

    program.keeping.recovery._ask = answer
    with qtbot.waitSignal(program.keeping.recovery.done):
        program.keeping.go_on(session=False)
    return said[0]


def restored(program: Program, qtbot: QtBot) -> Document:
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    return editor_of(program).document


def as_kept(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line_of(content(document)))
    return found


def check_all_is_there(program: Program, left: dict[str, Any], qtbot: QtBot) -> None:
    said = restore(program, qtbot)
    assert said.startswith("QwVis ended before all was saved: 6 steps of ")
    assert said.endswith(", on 1 film.")
    document = restored(program, qtbot)
    assert as_kept(document) == left
    assert [each.label for each in document.annotations.values()] == ["strolls", "runs", "car", "car", "car"]
    assert document.film_range == FilmRange(0.5, 4.5)
    (run,) = document.runs.values()
    assert run.film is not None
    surface, seen = program.panels.timeline.surface, run.film.times
    qtbot.waitUntil(lambda: surface.film is not None and surface.film.seen == seen)
    assert surface.film is not None
    assert (surface.film.start, surface.film.end) == (0.5, 4.5)
    assert len(surface.scene.events.ids) == 2
    assert program.window.isWindowModified()


def check_a_moved_film_is_found(program: Program, left: dict[str, Any], film: Path, qtbot: QtBot) -> None:
    moved = film.parent / "sorted" / "street.mp4"
    moved.parent.mkdir()
    film.rename(moved)
    restore(program, qtbot)
    document = restored(program, qtbot)
    assert document.media.path == moved
    assert as_kept(document) == left
    moved.rename(film)


def check_a_film_that_is_gone_is_said(
    program: Program, left: dict[str, Any], film: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    away = film.rename(tmp_path / "away.mp4")
    with qtbot.waitSignal(program.media.problem) as problem:
        restore(program, qtbot)
    assert problem.args[0].startswith('"film.mp4" is not in the folder')
    assert "What was done on it is kept" in problem.args[0]
    away.rename(film)
    drop(program, dropped_files(film))
    assert as_kept(restored(program, qtbot)) == left


@pytest.mark.slow
def test_all_that_was_done_on_a_film_is_there_after_a_kill(
    loopback: LoopbackService, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    film = make_film(folder, FILM)
    left = killed(film, loopback, tmp_path)
    kept = shutil.copytree(home, tmp_path / "home")
    with running() as first:
        check_all_is_there(first, left, qtbot)
    for check in (check_a_moved_film_is_found, partial(check_a_film_that_is_gone_is_said, tmp_path=tmp_path)):
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        with running() as program:
            check(program, left, film, qtbot=qtbot)
