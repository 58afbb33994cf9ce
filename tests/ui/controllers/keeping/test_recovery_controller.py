"""After a crash the next start offers what was not saved, in the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import RUN
from PIL import Image
from program_window import drop, dropped_files, editor_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.store.history_rows import BROKEN_OFF, Piece
from qwvis_desktop.core.store.journal import Journal
from qwvis_desktop.core.store.picture_record import annotation_record, identity, line_of
from qwvis_desktop.core.store.project import dump_project, load_project
from qwvis_desktop.core.store.session import Session, save_session
from qwvis_desktop.core.store.steps import change_line, project_line, record_line, run_line, step_line
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question

BOX = Detection(id="a", label="cat", box=Box(1.0, 2.0, 30.0, 40.0))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "pictures" / "photo.png"
    path.parent.mkdir()
    Image.new("RGB", (60, 50), "teal").save(path)
    return path


def crash(home: Path, picture: Path, project: Path | None = None) -> Path:
    """Leave what a program leaves that was killed after two steps."""
    journal = Journal(home / "data" / "journals", pytest.fail)
    record = {**identity(open_image(picture), None), "annotations": [], "runs": []}
    key = str(picture)
    journal.write(lambda: project_line(project), lambda: record_line(key, record))
    journal.write(lambda: change_line(key, [BOX], []), lambda: step_line(key, "Draw"))
    journal.write(lambda: run_line(key, replace(RUN, frame=None)), lambda: step_line(key, "Run"))
    assert journal.close(keep=True)
    return journal.path


class Asked:
    def __init__(self, program: Program, answer: Answer) -> None:
        self.questions: list[Question] = []
        self._answer = answer
        program.keeping.recovery._ask = self

    def __call__(self, question: Question) -> Answer:
        self.questions.append(question)
        return self._answer


def look(program: Program, qtbot: QtBot, answer: Answer, *, session: bool = False) -> str:
    asked = Asked(program, answer)
    with qtbot.waitSignal(program.keeping.recovery.done):
        program.keeping.go_on(session=session)
    return asked.questions[0].text if asked.questions else ""


def test_nothing_to_offer(program: Program, qtbot: QtBot) -> None:
    assert look(program, qtbot, Answer.RESTORE) == ""


def test_restored_work_is_there_unsaved_and_safe_again(
    program: Program, qtbot: QtBot, home: Path, picture: Path
) -> None:
    left = crash(home, picture)
    text = look(program, qtbot, Answer.RESTORE)
    assert text.startswith("QwVis ended before all was saved: 2 steps of ")
    assert text.endswith(", on 1 picture.")
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor = editor_of(program)
    assert list(editor.document.annotations.values()) == [BOX]
    assert editor.document.runs["r1"].reply == RUN.reply
    assert program.window.isWindowModified()
    qtbot.waitUntil(lambda: not left.exists())
    assert b'"cat"' in program.keeping.journal.path.read_bytes()


def test_restored_work_goes_into_its_project(
    program: Program, qtbot: QtBot, home: Path, picture: Path, tmp_path: Path
) -> None:
    project = tmp_path / "town.qwvis"
    other = annotation_record(replace(BOX, id="old", label="old"))
    records: list[dict[str, Any]] = [
        {"name": "photo.png", "path": "pictures/photo.png", "annotations": [other]},
        {"name": "gone.png", "path": "gone.png", "annotations": [other]},
    ]
    project.write_bytes(dump_project(map(line_of, records)))
    crash(home, picture, project)
    look(program, qtbot, Answer.RESTORE)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    qtbot.waitUntil(lambda: list(editor_of(program).document.annotations) == ["a"])
    assert [entry.name for entry in program.workspace.entries] == ["photo.png", "gone.png"]
    assert program.keeping.saves.path == project
    assert program.window.isWindowModified()
    with qtbot.waitSignal(program.keeping.saves.said):
        program.actions["file.save"].trigger()
    saved = load_project(project)[0].pictures
    assert [[each["id"] for each in record["annotations"]] for record in saved] == [["a"], ["old"]]
    assert not program.window.isWindowModified()


def was_open(home: Path, session: Session) -> None:
    save_session(home / "data" / "session.json", session)


def test_what_else_was_open_is_open_again_in_its_order(
    program: Program, qtbot: QtBot, home: Path, picture: Path
) -> None:
    others = [picture.with_name(name) for name in ("a.png", "z.png")]
    for path in others:
        Image.new("RGB", (60, 50), "olive").save(path)
    crash(home, picture)
    was_open(home, Session(paths=(str(picture.parent),), current=str(others[1])))
    look(program, qtbot, Answer.RESTORE, session=True)
    qtbot.waitUntil(lambda: program.workspace.editor is not None and program.workspace.count == 3)
    assert [entry.name for entry in program.workspace.entries] == ["a.png", "photo.png", "z.png"]
    qtbot.waitUntil(lambda: program.workspace.current is not None and program.workspace.current.name == "z.png")
    program.workspace.show(str(picture))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert list(editor_of(program).document.annotations) == ["a"]
    assert program.window.isWindowModified()


def test_a_restored_project_shows_what_was_looked_at(
    program: Program, qtbot: QtBot, home: Path, picture: Path, tmp_path: Path
) -> None:
    project, other = tmp_path / "town.qwvis", picture.with_name("other.png")
    Image.new("RGB", (60, 50), "olive").save(other)
    records: list[dict[str, Any]] = [{"name": name, "path": f"pictures/{name}"} for name in ("photo.png", "other.png")]
    project.write_bytes(dump_project(map(line_of, records)))
    crash(home, picture, project)
    was_open(home, Session(project=str(project), current=str(other)))
    look(program, qtbot, Answer.RESTORE, session=True)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert program.workspace.current is not None
    assert program.workspace.current.name == "other.png"
    assert program.keeping.saves.path == project


def test_a_session_that_is_gone_takes_nothing_with_it(
    program: Program, qtbot: QtBot, home: Path, picture: Path
) -> None:
    crash(home, picture)
    was_open(home, Session(paths=(str(picture.parent / "gone"),), current="gone"))
    look(program, qtbot, Answer.RESTORE, session=True)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert list(editor_of(program).document.annotations) == ["a"]


def test_work_on_a_picture_is_listed_though_only_a_film_of_pictures_was_kept_as_open(
    program: Program, qtbot: QtBot, home: Path, picture: Path
) -> None:
    frames = picture.parent / "frames"
    frames.mkdir()
    for number in range(3):
        Image.new("RGB", (60, 50), "olive").save(frames / f"{number}.png")
    crash(home, picture)
    was_open(home, Session(paths=(f"{frames}#rate=25",), current=str(frames)))
    look(program, qtbot, Answer.RESTORE, session=True)
    assert [entry.name for entry in program.workspace.entries] == ["frames", "photo.png"]
    program.workspace.show(str(picture))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert list(editor_of(program).document.annotations) == ["a"]


def test_a_picture_that_is_open_already_makes_way(program: Program, qtbot: QtBot, home: Path, picture: Path) -> None:
    drop(program, dropped_files(picture))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    crash(home, picture)
    look(program, qtbot, Answer.RESTORE)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert list(editor_of(program).document.annotations) == ["a"]
    assert len(program.workspace.entries) == 1


def test_discarded_work_is_gone(program: Program, qtbot: QtBot, home: Path, picture: Path) -> None:
    left = crash(home, picture)
    assert look(program, qtbot, Answer.DISCARD)
    qtbot.waitUntil(lambda: not left.exists())
    assert not program.workspace.entries


def test_undecided_it_is_offered_again(program: Program, qtbot: QtBot, home: Path, picture: Path) -> None:
    left = crash(home, picture)
    assert look(program, qtbot, Answer.CANCEL)
    assert left.exists()
    assert look(program, qtbot, Answer.RESTORE)


def test_a_sound_end_leaves_nothing(program: Program, qtbot: QtBot, home: Path, picture: Path) -> None:
    drop(program, dropped_files(picture))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor_of(program).add([BOX], "Draw")
    qtbot.waitUntil(program.keeping.journal.path.exists)
    program.window.close()
    assert list((home / "data" / "journals").iterdir()) == []


def test_what_had_come_of_a_reply_is_there_again(program: Program, qtbot: QtBot, home: Path, picture: Path) -> None:
    going_on = replace(RUN, frame=None, status=None, reply="", thinking="", pace=(), issues=(), error="")
    history = program.history.kept
    history.begin(going_on, [])
    history.append(going_on.id, [Piece(0.5, text="[{"), Piece(0.6, text='"bbox_2d": [1, 2')])
    journal = Journal(home / "data" / "journals", pytest.fail)
    record = {**identity(open_image(picture), None), "annotations": [], "runs": []}
    key = str(picture)
    journal.write(lambda: project_line(None), lambda: record_line(key, record))
    journal.write(lambda: run_line(key, going_on), lambda: step_line(key, "Run"))
    assert journal.close(keep=True)
    look(program, qtbot, Answer.RESTORE)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    run = editor_of(program).document.runs[going_on.id]
    assert run.reply == '[{"bbox_2d": [1, 2'
    assert run.error == BROKEN_OFF
