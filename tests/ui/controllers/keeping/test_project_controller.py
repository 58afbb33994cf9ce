"""Projects through the real window: what is saved is what is seen, and nothing unsaved goes without a question."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from program_window import drop, dropped_files, editor_of, open_photo, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Annotation, Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.store.picture_record import document_of
from qwvis_desktop.core.store.project import load_project, sidecar_of
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.ui.canvas.drop import DropKind, plan_drop
from qwvis_desktop.ui.controllers.keeping import save_controller
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question, ask


def box(key: str, label: str = "cat") -> Detection:
    return Detection(id=key, label=label, box=Box(1.0, 2.0, 30.0, 40.0))


class Asked:
    """Answers the questions of a program, and remembers them."""

    def __init__(self, program: Program, *answers: Answer) -> None:
        self.texts: list[str] = []
        self.answers = list(answers)
        program.keeping.projects._ask = self.answer
        program.keeping.saves._ask = self.answer
        program.keeping.recovery._ask = self.answer

    def answer(self, question: Question) -> Answer:
        self.texts.append(question.text)
        return self.answers.pop(0) if self.answers else Answer.DISCARD


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "pictures" / f"{number}.png" for number in range(3)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        Image.new("RGB", (60 + number, 50), "teal").save(path)
    return paths


@pytest.fixture
def opened(program: Program, qtbot: QtBot, pictures: list[Path]) -> Program:
    """Three pictures, the first two with a box each."""
    drop(program, dropped_files(*pictures))
    qtbot.waitUntil(lambda: len(program.workspace.entries) == len(pictures))
    for path in pictures[:2]:
        look_at(program, qtbot, path).add([box(path.stem, f"on {path.name}")], "Draw")
    return program


def look_at(program: Program, qtbot: QtBot, path: Path) -> DocumentEditor:
    qtbot.waitUntil(lambda: program.workspace.entry(str(path)) is not None)
    program.workspace.show(str(path))
    qtbot.waitUntil(lambda: program.workspace.editor_of(str(path)) is not None)
    return editor_of(program)


def save_as(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(program.keeping.saves.opened):
        program.actions["file.save_as"].trigger()


def save(program: Program, qtbot: QtBot) -> None:
    with qtbot.waitSignal(program.keeping.saves.said):
        program.actions["file.save"].trigger()


def labels(program: Program, path: Path) -> list[str]:
    editor = program.workspace.editor_of(str(path))
    assert editor is not None
    return [annotation.label for annotation in editor.document.annotations.values()]


def saved_annotations(project: Path, number: int, editor: DocumentEditor) -> list[Annotation]:
    record = load_project(project)[0].pictures[number]
    return list(document_of(record, editor.document.media)[0].annotations.values())


def test_what_is_saved_is_what_is_seen_and_comes_back(
    opened: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened.window.isWindowModified()
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, tmp_path / "town")
    assert not opened.window.isWindowModified()
    assert "town.qwvis" in opened.window.windowTitle()
    records = json.loads(project.read_bytes())["pictures"]
    assert [record["path"] for record in records] == [f"pictures/{number}.png" for number in range(3)]
    editor = editor_of(opened)
    editor.replace([replace(editor.document.annotations["1"], label="moved")], "Relabel")
    assert opened.window.isWindowModified()
    editor.undo_stack.undo()
    assert not opened.window.isWindowModified()
    editor.undo_stack.redo()
    save(opened, qtbot)
    assert saved_annotations(project, 1, editor) == list(editor.document.annotations.values())

    opened.actions["file.close_project"].trigger()
    assert not opened.workspace.entries
    assert opened.window.windowTitle() == "QwVis[*]"
    drop(opened, dropped_files(project))
    qtbot.waitUntil(lambda: opened.workspace.editor is not None)
    assert labels(opened, pictures[1]) == ["moved"]
    assert not opened.window.isWindowModified()
    look_at(opened, qtbot, pictures[0])
    assert labels(opened, pictures[0]) == ["on 0.png"]


def test_pictures_that_moved_are_found_and_saved_where_they_are(
    opened: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    opened.actions["file.close_project"].trigger()
    (tmp_path / "elsewhere").mkdir()
    moved = pictures[1].rename(tmp_path / "elsewhere" / "renamed.png")
    opened.open([str(project)])
    qtbot.waitUntil(lambda: opened.workspace.editor is not None)
    assert [annotation.label for annotation in editor_of(opened).document.annotations.values()] == ["on 1.png"]
    assert editor_of(opened).document.media.path == moved
    editor_of(opened).add([box("new")], "Draw")
    save(opened, qtbot)
    assert load_project(project)[0].pictures[1]["path"] == "elsewhere/renamed.png"


def test_a_picture_that_was_not_looked_at_keeps_all_that_is_known_of_it(
    opened: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    value = json.loads(project.read_bytes())
    value["pictures"][0]["stars"] = 5
    value["pictures"][2]["annotations"] = [{"id": "damaged"}]
    value["colour"] = "red"
    project.write_text(json.dumps(value), encoding="utf-8")
    with qtbot.waitSignal(opened.keeping.saves.opened):
        opened.open([str(project)])
    qtbot.waitUntil(lambda: opened.workspace.editor is not None)
    opened.workspace.show(str(pictures[2]))
    qtbot.waitUntil(lambda: "is damaged" in opened.canvas.notice)
    look_at(opened, qtbot, pictures[1]).add([box("new")], "Draw")
    save(opened, qtbot)
    again = json.loads(project.read_bytes())
    assert again["pictures"][0]["stars"] == 5
    assert again["pictures"][0]["annotations"] == value["pictures"][0]["annotations"]
    assert again["pictures"][2]["annotations"] == [{"id": "damaged"}]
    assert again["colour"] == "red"


def test_a_picture_that_was_being_opened_when_its_project_was_comes_with_its_work(
    program: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(program, dropped_files(pictures[0]))
    look_at(program, qtbot, pictures[0]).add([box("a", "done before")], "Draw")
    project = tmp_path / "town.qwvis"
    save_as(program, qtbot, monkeypatch, project)
    program.actions["file.close_project"].trigger()
    began, go_on = threading.Event(), threading.Event()
    shelf_open = Shelf.open

    def slowly(shelf: Shelf, *of_picture: Any) -> OpenedPicture:
        opened = shelf_open(shelf, *of_picture)
        began.set()
        assert go_on.wait(20)
        return opened

    monkeypatch.setattr(Shelf, "open", slowly)
    drop(program, dropped_files(pictures[0]))
    qtbot.waitUntil(began.is_set)
    with qtbot.waitSignal(program.keeping.saves.opened):
        program.open([str(project)])
    go_on.set()
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert labels(program, pictures[0]) == ["done before"]
    assert not program.window.isWindowModified()


def test_a_pasted_picture_is_in_the_project(
    program: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.media.open_data(pictures[0].read_bytes(), "pasted")
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor_of(program).add([box("a")], "Draw")
    project = tmp_path / "town.qwvis"
    save_as(program, qtbot, monkeypatch, project)
    for path in pictures:
        path.unlink()
    with qtbot.waitSignal(program.keeping.saves.opened):
        program.open([str(project)])
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    assert list(editor_of(program).document.annotations) == ["a"]


def test_what_is_no_project_is_said_and_all_stays(opened: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "bad.qwvis"
    for content in (None, b"", b"{}"):
        if content is not None:
            path.write_bytes(content)
        with qtbot.waitSignal(opened.keeping.problem) as said:
            opened.open([str(path)])
        assert said.args == [opened.canvas.notice]
        assert "bad.qwvis" in opened.canvas.notice
        assert len(opened.workspace.entries) == 3


def test_a_file_that_another_program_changed_is_not_written_over_without_a_question(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    project.write_bytes(b"theirs")
    editor_of(opened).add([box("new")], "Draw")
    asked = Asked(opened, Answer.CANCEL, Answer.SAVE_ELSEWHERE, Answer.OVERWRITE)
    opened.actions["file.save"].trigger()
    qtbot.waitUntil(lambda: len(asked.texts) == 1)
    assert "changed by another program" in asked.texts[0]
    assert project.read_bytes() == b"theirs"
    assert opened.window.isWindowModified()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    opened.actions["file.save"].trigger()
    qtbot.waitUntil(lambda: len(asked.texts) == 2)
    save(opened, qtbot)
    assert not opened.window.isWindowModified()
    assert load_project(project)[0].pictures[1]["annotations"][1]["id"] == "new"
    assert [path.read_bytes() for path in tmp_path.glob("town.other-*.qwvis")] == [b"theirs"]


def test_saving_while_it_is_saved_follows_on_that(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    asked = Asked(opened)
    for key in ("x", "y", "z"):
        editor_of(opened).add([box(key)], "Draw")
        opened.actions["file.save"].trigger()
    qtbot.waitUntil(lambda: not opened.keeping.saves._saver.is_busy and not opened.window.isWindowModified())
    assert asked.texts == []
    assert [each["id"] for each in load_project(project)[0].pictures[1]["annotations"]] == ["1", "x", "y", "z"]


def test_another_project_is_opened_after_what_is_being_saved(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first.qwvis", tmp_path / "second.qwvis"
    save_as(opened, qtbot, monkeypatch, first)
    second.write_bytes(first.read_bytes().replace(b"on 0.png", b"another "))
    other = second.read_bytes()
    opened.actions["file.save"].trigger()
    opened.open([str(second)])
    opened.actions["file.save"].trigger()
    qtbot.waitUntil(lambda: opened.keeping.saves.path == second and opened.workspace.editor is not None)
    assert b"another " not in first.read_bytes()
    assert second.read_bytes() == other


def test_a_project_that_is_saved_before_it_is_opened_again_shows_what_was_saved(
    opened: Program, qtbot: QtBot, tmp_path: Path, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    before = editor_of(opened)
    before.add([box("late", "late")], "Draw")
    asked = Asked(opened, Answer.SAVE)
    opened.open([str(project)])
    qtbot.waitUntil(lambda: opened.workspace.editor not in (None, before))
    assert labels(opened, pictures[1]) == ["on 1.png", "late"]
    assert len(asked.texts) == 1
    assert not opened.window.isWindowModified()


FAULTS = {"full": errno.ENOSPC, "read only": errno.EROFS, "I/O": errno.EIO, "no permission": errno.EACCES}


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file_and_is_said_once(
    opened: Program, qtbot: QtBot, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    said: list[str] = []
    opened.keeping.problem.connect(said.append)
    for fault in FAULTS:
        check_disk_that_fails(opened, qtbot, project, home / "data" / "rescued" / project.name, (step, fault), said)
        said.clear()


def check_disk_that_fails(
    opened: Program, qtbot: QtBot, project: Path, rescued: Path, how: tuple[str, str], said: list[str]
) -> None:
    step, fault = how
    before, new = project.read_bytes(), f'"new {fault}"'.encode()
    editor_of(opened).add([box(f"new {fault}")], "Draw")
    with pytest.MonkeyPatch.context() as patch:
        break_disk(patch, project.parent, step, FAULTS[fault])
        for _ in range(2):
            opened.actions["file.save"].trigger()
            qtbot.waitUntil(lambda: not opened.keeping.saves._saver.is_busy)
        assert project.read_bytes() == before
        assert opened.window.isWindowModified()
        assert len(said) == 1
        assert "town.qwvis" in said[0]
        assert list(project.parent.glob("*.part")) == []
        if step != "fsync":
            assert str(rescued) in said[0]
            assert new in rescued.read_bytes()
    # It is tried again by itself, and then the sentence is true no more.
    assert opened.canvas.notice == said[0]
    opened.keeping.saves._timer.setInterval(0)
    opened.keeping.saves._timer.start()
    qtbot.waitUntil(lambda: not opened.window.isWindowModified())
    assert new in project.read_bytes()
    assert len(said) == 1
    assert opened.canvas.notice == ""


def break_disk(patch: pytest.MonkeyPatch, folder: Path, step: str, code: int) -> None:
    """Let one step of writing fail below ``folder``, but not in the program's own folder."""

    def fails(path: Path) -> bool:
        return path.parent == folder

    if step == "fsync":
        plain_sync = os.fsync

        def is_one(path: Path, file: int) -> bool:
            # Other threads, such as the journal's, ask this too, and what they look at may be taken away meanwhile.
            with suppress(FileNotFoundError):
                return os.path.samestat(os.fstat(file), path.stat())
            return False

        def sync(file: int) -> None:
            if any(is_one(path, file) for path in folder.iterdir()):
                raise OSError(code, os.strerror(code))
            plain_sync(file)

        patch.setattr(os, "fsync", sync)
        return
    plain: Callable[..., Any] = getattr(Path, step)

    def broken(path: Path, *arguments: Any, **further: Any) -> Any:
        if fails(path) and (step == "replace" or "x" in (arguments[0] if arguments else "")):
            raise OSError(code, os.strerror(code))
        return plain(path, *arguments, **further)

    patch.setattr(Path, step, broken)


def test_closing_asks_and_does_what_is_answered(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(opened, Answer.CANCEL, Answer.SAVE)
    opened.window.close()
    assert opened.window.isVisible()
    assert asked.texts == ["Save what was done on 2 pictures?"]
    project = tmp_path / "town.qwvis"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(project), ""))
    opened.window.close()
    qtbot.waitUntil(lambda: not opened.window.isVisible())
    assert len(load_project(project)[0].pictures) == 3
    assert len(asked.texts) == 2


def test_closing_without_work_asks_nothing(program: Program, qtbot: QtBot, photo: Path) -> None:
    asked = Asked(program)
    open_photo(program, qtbot, photo)
    program.window.close()
    assert (asked.texts, program.window.isVisible()) == ([], False)


def test_a_picture_with_work_is_not_closed_without_a_question(
    opened: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(opened, Answer.CANCEL, Answer.SAVE_ELSEWHERE)
    opened.actions["file.close"].trigger()
    assert len(opened.workspace.entries) == 3
    opened.actions["file.close"].trigger()
    qtbot.waitUntil(lambda: len(opened.workspace.entries) == 2)
    assert sidecar_of(pictures[1]).exists()
    assert asked.texts == ['Save what was done on "1.png"?'] * 2
    save_as(opened, qtbot, monkeypatch, tmp_path / "town.qwvis")
    look_at(opened, qtbot, pictures[0])
    asked.answers = [Answer.CANCEL, Answer.DISCARD]
    opened.actions["file.close"].trigger()
    assert len(opened.workspace.entries) == 2
    opened.actions["file.close"].trigger()
    assert len(opened.workspace.entries) == 1
    assert 'Take "0.png"' in asked.texts[-1]
    assert opened.window.isWindowModified()
    save(opened, qtbot)
    assert len(load_project(tmp_path / "town.qwvis")[0].pictures) == 1


def test_saved_by_itself_beside_each_picture_and_found_again(
    opened: Program, qtbot: QtBot, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_controller, "AUTOSAVE_MS", 1)
    opened.actions["file.autosave"].trigger()
    qtbot.waitUntil(lambda: sidecar_of(pictures[0]).exists() and sidecar_of(pictures[1]).exists())
    qtbot.waitUntil(lambda: not opened.window.isWindowModified())
    assert not sidecar_of(pictures[2]).exists()
    editor_of(opened).add([box("later", "later")], "Draw")
    qtbot.waitUntil(lambda: b"later" in sidecar_of(pictures[1]).read_bytes())
    qtbot.waitUntil(lambda: not opened.window.isWindowModified())
    opened.actions["file.close_project"].trigger()
    drop(opened, dropped_files(pictures[1]))
    look_at(opened, qtbot, pictures[1])
    assert labels(opened, pictures[1]) == ["on 1.png", "later"]


def test_saved_beside_each_picture_when_that_is_asked_for(
    opened: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in ("Saved beside 2 pictures.", "All is saved."):
        with qtbot.waitSignal(opened.keeping.saves.said) as told:
            opened.actions["file.save_beside"].trigger()
        assert told.args == [said]
        assert not opened.window.isWindowModified()
    assert [sidecar_of(path).exists() for path in pictures] == [True, True, False]
    save_as(opened, qtbot, monkeypatch, tmp_path / "town.qwvis")
    assert not opened.actions["file.save_beside"].isEnabled()  # the project has it
    opened.actions["file.close_project"].trigger()
    qtbot.waitUntil(opened.actions["file.save_beside"].isEnabled)


def test_a_damaged_file_beside_a_picture_is_set_aside_before_another_is_written(
    program: Program, qtbot: QtBot, pictures: list[Path]
) -> None:
    sidecar_of(pictures[0]).write_bytes(b"damaged")
    drop(program, dropped_files(pictures[0]))
    editor = look_at(program, qtbot, pictures[0])
    qtbot.waitUntil(lambda: "0.png.qwvis" in program.canvas.notice)
    editor.add([box("a")], "Draw")
    program.actions["file.autosave"].trigger()
    qtbot.waitUntil(lambda: not program.window.isWindowModified())
    assert b'"a"' in sidecar_of(pictures[0]).read_bytes()
    assert [path.read_bytes() for path in pictures[0].parent.glob("*.unread-*")] == [b"damaged"]


def test_a_project_is_saved_by_itself_but_not_over_anothers_changes(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_controller, "AUTOSAVE_MS", 1)
    monkeypatch.setattr(save_controller, "RETRY_MS", 1)
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    opened.actions["file.autosave"].trigger()
    editor_of(opened).add([box("new")], "Draw")
    qtbot.waitUntil(lambda: b'"new"' in project.read_bytes())
    project.write_bytes(b"theirs")
    said: list[str] = []
    opened.keeping.problem.connect(said.append)
    for key in ("x", "y"):
        editor_of(opened).add([box(key)], "Draw")
        qtbot.waitUntil(lambda: not opened.keeping.saves._timer.isActive())
        qtbot.waitUntil(lambda: not opened.keeping.saves._saver.is_busy)
    assert project.read_bytes() == b"theirs"
    assert len(said) == 1


def test_pictures_are_marked_as_checked_in_the_list_and_in_the_file(
    opened: Program, qtbot: QtBot, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "town.qwvis"
    save_as(opened, qtbot, monkeypatch, project)
    strip = opened.panels.filmstrip
    strip.check_requested.emit(str(pictures[1]), True)
    strip.check_requested.emit(str(pictures[2]), True)
    qtbot.waitUntil(lambda: opened.keeping.recorder.checked == {str(path) for path in pictures[1:]})
    assert opened.window.isWindowModified()
    save(opened, qtbot)
    assert [record.get("checked") for record in load_project(project)[0].pictures] == [None, True, True]
    with qtbot.waitSignal(opened.keeping.saves.opened):
        opened.open([str(project)])
    qtbot.waitUntil(lambda: opened.workspace.editor is not None)
    rows = [str(strip._model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(3)]
    assert rows[0].endswith("1 box")
    assert rows[1].endswith("1 box, checked")
    assert rows[2].endswith("checked")


def test_the_picture_that_is_looked_at_is_checked_by_a_key(opened: Program, qtbot: QtBot, pictures: list[Path]) -> None:
    action = opened.actions["review.checked"]
    press(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert opened.keeping.recorder.checked == {str(pictures[1])}
    look_at(opened, qtbot, pictures[0])
    assert not action.isChecked()
    look_at(opened, qtbot, pictures[1])
    assert action.isChecked()
    press(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not opened.keeping.recorder.checked
    opened.panels.filmstrip.check_requested.emit(str(pictures[1]), True)
    assert action.isChecked()


def test_samples_are_nobodys_work_until_they_are_in_a_project(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.input.open_sample("page", play=False)
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor_of(program).add([box("a")], "Draw")
    assert not program.window.isWindowModified()
    save_as(program, qtbot, monkeypatch, tmp_path / "town.qwvis")
    editor_of(program).add([box("b")], "Draw")
    assert program.window.isWindowModified()


def test_a_project_is_told_by_its_name_when_it_is_dragged(tmp_path: Path) -> None:
    plan = plan_drop(dropped_files(tmp_path / "town.qwvis"))
    assert (plan.kind, plan.sentence) == (DropKind.FILES, "Open the project 'town.qwvis'")


def test_a_name_without_its_ending_does_not_replace_what_is_there(
    opened: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "town.qwvis").write_bytes(b"theirs")
    asked = Asked(opened, Answer.CANCEL)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "town"), ""))
    opened.actions["file.save"].trigger()
    assert asked.texts == ['"town.qwvis" is there already. Replace it?']
    assert (tmp_path / "town.qwvis").read_bytes() == b"theirs"


def test_a_question_is_answered_by_its_buttons(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question("Save?", "Else it is lost.", ((Answer.SAVE, "Save"), (Answer.CANCEL, "Cancel")))
    for number, answer in enumerate((Answer.SAVE, Answer.CANCEL)):
        with monkeypatch.context() as patch:
            patch.setattr(QMessageBox, "exec", lambda shown, number=number: shown.buttons()[number].click())
            patch.setattr(QMessageBox, "clickedButton", lambda shown, number=number: shown.buttons()[number])
            assert ask(question) is answer
