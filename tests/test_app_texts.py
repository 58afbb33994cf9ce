"""What people do with recognised text, through the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from program_window import open_photo, press, running
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from text_lines import line, page

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.canvas.look import TextView
from qwvis_desktop.ui.editor import DocumentEditor

ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Program]:
    with running() as program:
        yield program


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    Image.new("RGB", (800, 600), "white").save(path)
    return path


@pytest.fixture
def editor(program: Program, qtbot: QtBot, picture: Path) -> DocumentEditor:
    editor = open_photo(program, qtbot, picture)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    return editor


def texts(editor: DocumentEditor) -> list[TextRegion]:
    return list(texts_of(editor.document.annotations.values()))


def words(editor: DocumentEditor) -> list[str]:
    return [each.text for each in texts(editor)]


class TestOrder:
    def test_keys_move_what_is_selected(self, program: Program, editor: DocumentEditor) -> None:
        editor.add(page(["one", "two", "three"]), "Read")
        editor.select(["2"])
        press(program, Qt.Key.Key_Up, ALT)
        assert words(editor) == ["one", "three", "two"]
        press(program, Qt.Key.Key_Up, ALT)
        press(program, Qt.Key.Key_Up, ALT)
        assert words(editor) == ["three", "one", "two"]
        press(program, Qt.Key.Key_Down, ALT)
        assert words(editor) == ["one", "three", "two"]
        press(program, Qt.Key.Key_Z, CONTROL)
        assert words(editor) == ["three", "one", "two"]

    def test_columns_in_one_step(self, program: Program, editor: DocumentEditor) -> None:
        rows = [line(f"{side}{row}", 40 + 300 * side, 40 + 28 * row, width=240) for row in range(4) for side in (0, 1)]
        editor.add(rows, "Read")
        program.actions["text.order"].trigger()
        assert words(editor) == ["00", "01", "02", "03", "10", "11", "12", "13"]
        editor.undo_stack.undo()
        assert words(editor) == ["00", "10", "01", "11", "02", "12", "03", "13"]

    def test_rows_are_dragged(self, program: Program, editor: DocumentEditor) -> None:
        editor.add(page(["one", "two", "three"]), "Read")
        program.panels.texts.moved.emit(("0",), "")
        assert words(editor) == ["two", "three", "one"]

    def test_it_is_said_where_nothing_is_to_be_done(self, program: Program, editor: DocumentEditor) -> None:
        editor.add(page(["one", "two", "three"]), "Read")
        program.actions["text.order"].trigger()
        assert program.canvas.notice == "The texts stand in this order already."
        assert editor.undo_stack.count() == 1


def test_the_view_of_texts_is_switched_and_kept(program: Program, editor: DocumentEditor) -> None:
    editor.add(page(["one"]), "Read")
    for view in (TextView.OVER, TextView.INSTEAD, TextView.OFF, TextView.OVER):
        press(program, Qt.Key.Key_T, SHIFT)
        assert program.canvas.look.text is view
        assert program.actions[f"view.text_{view.name.lower()}"].isChecked()
    assert program.services.settings.view == "text=1"
    program.actions["view.text_off"].trigger()
    assert program.canvas.look.text is TextView.OFF
