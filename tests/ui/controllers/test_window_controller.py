"""Every action does something; actions, filmstrip and title follow what is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    detections,
    drop,
    dropped_files,
    editor_of,
    open_photo,
    press,
    run_to_the_end,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTableView
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.ui.action_table.table import ACTIONS
from qwvis_desktop.ui.controllers.view_controller import ANSWERED
from qwvis_desktop.ui.controllers.window_controller import NEEDS_PICTURE


def enabled(program: Program) -> set[str]:
    return {spec.id for spec in ACTIONS if program.actions[spec.id].isEnabled()}


@pytest.fixture
def two(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> Program:
    other = tmp_path / "z.png"
    Image.new("RGB", (300, 200), "navy").save(other)
    drop(program, dropped_files(photo, other))
    qtbot.waitUntil(lambda: program.workspace.editor is not None and len(program.workspace.entries) == 2)
    return program


def test_every_action_is_answered(program: Program) -> None:
    does = set(program.window_controller._does)
    by_window = {spec.id for spec in ACTIONS if spec.id.startswith("panel.")}
    assert {spec.id for spec in ACTIONS} == does | by_window | ANSWERED


def test_actions_follow_what_is_looked_at(two: Program, qtbot: QtBot) -> None:
    assert set(NEEDS_PICTURE) <= enabled(two)
    assert {"file.close", "view.next", "run.start"} <= enabled(two)
    assert "view.previous" not in enabled(two)
    assert "photo.png" in two.window.windowTitle()
    press(two, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: "z.png" in two.window.windowTitle())
    assert "view.next" not in enabled(two)
    assert child(two.panels.filmstrip, QTableView).currentIndex().row() == 1
    two.actions["file.close"].trigger()
    two.actions["file.close"].trigger()
    assert enabled(two).isdisjoint({*NEEDS_PICTURE, "file.close", "view.next", "view.previous", "run.start"})
    assert ".png" not in two.window.windowTitle()
    two.actions["file.close"].trigger()


def test_the_filmstrip_chooses_and_closes(two: Program, qtbot: QtBot, tmp_path: Path) -> None:
    two.panels.filmstrip.chosen.emit(str(tmp_path / "z.png"))
    assert two.workspace.current is not None
    assert two.workspace.current.name == "z.png"
    two.panels.filmstrip.close_requested.emit(str(tmp_path / "z.png"))
    assert [entry.name for entry in two.workspace.entries] == ["photo.png"]


def test_zoom(two: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: two.canvas.picture is not None)
    two.actions["view.actual_size"].trigger()
    assert two.canvas.zoom == 1.0
    two.actions["view.zoom_in"].trigger()
    assert two.canvas.zoom > 1.0
    two.actions["view.zoom_out"].trigger()
    assert two.canvas.zoom == pytest.approx(1.0)
    two.actions["view.fit"].trigger()
    assert two.canvas.zoom < 1.0


def test_edit(program: Program, qtbot: QtBot, photo: Path, loopback: LoopbackService) -> None:
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    editor = editor_of(program)
    editor.hide([detections(program)[1].id])
    program.actions["edit.select_all"].trigger()
    assert editor.selection == {detections(program)[0].id}
    program.actions["edit.delete"].trigger()
    assert boxes(program) == PLACES[1:]
    program.actions["edit.undo"].trigger()
    assert boxes(program) == PLACES
    program.actions["edit.redo"].trigger()
    assert boxes(program) == PLACES[1:]


def test_annotations_and_labels_are_shown_or_not(two: Program) -> None:
    for action in ("view.annotations", "view.labels"):
        two.actions[action].trigger()
        assert not two.actions[action].isChecked()
        two.actions[action].trigger()
        assert two.actions[action].isChecked()


def test_help(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: shown.append(dialog.windowTitle()))
    program.actions["help.shortcuts"].trigger()
    program.actions["help.about"].trigger()
    assert shown == ["Shortcuts", "About QwVis"]


def test_quit(program: Program) -> None:
    program.actions["file.quit"].trigger()
    assert not program.window.isVisible()
    assert program.all_threads_ended


def test_a_double_click_in_the_list_goes_to_the_place(
    program: Program, qtbot: QtBot, photo: Path, loopback: LoopbackService
) -> None:
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    program.canvas.set_zoom(4.0)
    before = program.canvas.viewport
    program.panels.annotations.activated.emit(detections(program)[0].id)
    assert program.canvas.viewport != before


def test_themes(program: Program) -> None:
    seen = []
    for choice in ("dark", "light", "system"):
        program.actions[f"theme.{choice}"].trigger()
        seen.append((program.theme.dark, program.services.settings.theme))
    assert seen[:2] == [(True, "dark"), (False, "light")]
    assert seen[2][1] == "system"
