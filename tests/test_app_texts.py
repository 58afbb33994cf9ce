"""What people do with recognised text, through the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from program_window import open_photo, press, running
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from text_lines import line, page
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.geometry import Point
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

    def test_rows_are_dragged_and_put_in_order(self, program: Program, editor: DocumentEditor) -> None:
        editor.add(page(["one", "two", "three"]), "Read")
        program.panels.texts.moved.emit(("0",), "")
        assert words(editor) == ["two", "three", "one"]
        program.actions["text.order"].trigger()
        assert words(editor) == ["one", "two", "three"]
        program.actions["text.order"].trigger()
        assert program.canvas.notice == "The texts stand in this order already."
        assert editor.undo_stack.count() == 3


def place(program: Program, x: float, y: float) -> QPoint:
    """Return where a place of the picture lies on the canvas."""
    found = program.canvas.viewport.to_widget(Point(x, y))
    return QPoint(round(found.x), round(found.y))


def drag(program: Program, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas, left = program.canvas, Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, pos=place(program, *start))
    QTest.mouseMove(canvas, place(program, *end))
    QTest.mouseRelease(canvas, left, pos=place(program, *end))


def clipboard() -> str:
    return QApplication.clipboard().text()


class TestSelecting:
    @pytest.fixture(autouse=True)
    def lines(self, program: Program, editor: DocumentEditor) -> None:
        editor.add([*page(["one two", "three four"]), line("five six", 400, 400, degrees=90, key="turned")], "Read")
        press(program, Qt.Key.Key_S)
        assert program.canvas.selects_text

    def test_with_the_pointer(self, program: Program, editor: DocumentEditor) -> None:
        self.check_from_one_line_into_another(program, editor)
        self.check_in_a_turned_line(program)
        self.check_word_and_line_by_further_clicks(program)

    def check_from_one_line_into_another(self, program: Program, editor: DocumentEditor) -> None:
        drag(program, (79, 50), (92, 78))
        assert program.canvas.selected_text == "two\nthree"
        QTest.keyClick(program.canvas, Qt.Key.Key_C, CONTROL)
        assert clipboard() == "two\nthree"
        assert not editor.selection
        drag(program, (92, 78), (79, 50))
        assert program.canvas.selected_text == "two\nthree"

    def check_in_a_turned_line(self, program: Program) -> None:
        drag(program, (390, 400), (390, 440))
        assert program.canvas.selected_text == "five"

    def check_word_and_line_by_further_clicks(self, program: Program) -> None:
        canvas, left, at = program.canvas, Qt.MouseButton.LeftButton, place(program, 90, 50)
        QTest.mouseClick(canvas, left, pos=at)
        assert canvas.selected_text == ""
        QTest.mouseClick(canvas, left, pos=at)
        assert canvas.selected_text == "two"
        QTest.mouseClick(canvas, left, pos=at)
        assert canvas.selected_text == "one two"

    def test_keys(self, program: Program) -> None:
        canvas = program.canvas
        QTest.keyClick(canvas, Qt.Key.Key_A, CONTROL)
        assert canvas.selected_text == "one two\nthree four\n\nfive six"
        drag(program, (40, 50), (72, 50))
        assert canvas.selected_text == "one"
        for _ in range(2):
            QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
        assert canvas.selected_text == "one t"
        QTest.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
        assert canvas.selected_text == "one "
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, SHIFT, place(program, 40, 78))
        assert canvas.selected_text == "one two"
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert canvas.selected_text == ""
        assert canvas.selects_text
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert not program.actions["text.select"].isChecked()

    def test_forgetting_and_copying_by_the_menu(self, program: Program, editor: DocumentEditor) -> None:
        drag(program, (40, 50), (72, 50))
        editor.remove(["0"], "Delete")
        assert program.canvas.selected_text == ""
        editor.undo_stack.undo()
        program.actions["text.copy"].trigger()
        assert clipboard() == "one two\nthree four\n\nfive six"
        editor.select(["1"])
        program.actions["text.copy"].trigger()
        assert clipboard() == "three four"
        editor.remove(["0", "1", "turned"], "Delete")
        program.actions["text.copy"].trigger()
        assert program.canvas.notice == "There is no text to copy."


class TestFinding:
    @pytest.fixture
    def second(self, program: Program, qtbot: QtBot, editor: DocumentEditor, tmp_path: Path) -> DocumentEditor:
        """Return the editor of a second page; the first one is looked at."""
        path = tmp_path / "second.png"
        Image.new("RGB", (800, 600), "white").save(path)
        editor.add(page(["Total due", "the total", "nothing"]), "Read")
        second = open_photo(program, qtbot, path)
        second.add(page(["other", "TOTAL"]), "Read")
        program.workspace.step(-1)
        return second

    def words_typed(self, program: Program, qtbot: QtBot, words: str, sentence: str) -> QLineEdit:
        press(program, Qt.Key.Key_F, CONTROL)
        field = child(program.panels.find_bar, QLineEdit)
        assert field.isVisible()
        QTest.keyClicks(field, words)
        qtbot.waitUntil(lambda: program.panels.find_bar.sentence == sentence)
        return field

    def test_through_all_pages_and_round(self, program: Program, qtbot: QtBot, second: DocumentEditor) -> None:
        field = self.words_typed(program, qtbot, "total", "1 of 3 hits on 2 pages")
        marks = program.canvas._display.text_marks
        assert [span.key for span in marks.hits] == ["0", "1"]
        assert [tuple(span) for span in marks.current] == [("0", 0, 5)]
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert program.panels.find_bar.sentence == "2 of 3 hits on 2 pages"
        press(program, Qt.Key.Key_F3)
        assert program.workspace.editor is second
        assert [span.key for span in program.canvas._display.text_marks.current] == ["1"]
        press(program, Qt.Key.Key_F3)
        assert program.workspace.editor is not second
        assert program.panels.find_bar.sentence == "1 of 3 hits on 2 pages"
        press(program, Qt.Key.Key_F3, SHIFT)
        assert program.workspace.editor is second
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert program.panels.find_bar.isHidden()
        assert not program.canvas._display.text_marks.hits

    def test_case_whole_words_nothing_and_what_is_changed(
        self, program: Program, qtbot: QtBot, second: DocumentEditor
    ) -> None:
        bar = program.panels.find_bar
        field = self.words_typed(program, qtbot, "total", "1 of 3 hits on 2 pages")
        bar._case.click()
        qtbot.waitUntil(lambda: bar.sentence == "1 of 1 hit on 1 page")
        field.setText("tota")
        bar._whole.click()
        qtbot.waitUntil(lambda: bar.sentence == "Nothing found")
        field.clear()
        qtbot.waitUntil(lambda: bar.sentence == "")
        field.setText("total")
        bar._case.click()
        bar._whole.click()
        qtbot.waitUntil(lambda: bar.sentence == "1 of 3 hits on 2 pages")
        first = program.workspace.editor
        assert first is not None
        first.remove(["0"], "Delete")
        qtbot.waitUntil(lambda: program.panels.find_bar.sentence == "1 of 2 hits on 2 pages")
        first.undo_stack.undo()
        qtbot.waitUntil(lambda: program.panels.find_bar.sentence.endswith("of 3 hits on 2 pages"))

    def test_selected_text_is_looked_for(self, program: Program, qtbot: QtBot, second: DocumentEditor) -> None:
        press(program, Qt.Key.Key_S)
        drag(program, (40, 106), (108, 106))
        press(program, Qt.Key.Key_F, CONTROL)
        qtbot.waitUntil(lambda: program.panels.find_bar.sentence == "1 of 1 hit on 1 page")
        assert program.panels.find_bar.wanted.words == "nothing"


def test_the_view_of_texts_is_switched_and_kept(program: Program, editor: DocumentEditor) -> None:
    editor.add(page(["one"]), "Read")
    for view in (TextView.OVER, TextView.INSTEAD, TextView.OFF, TextView.OVER):
        press(program, Qt.Key.Key_T, SHIFT)
        assert program.canvas.look.text is view
        assert program.actions[f"view.text_{view.name.lower()}"].isChecked()
    assert program.services.settings.view == "text=1"
    program.actions["view.text_off"].trigger()
    assert program.canvas.look.text is TextView.OFF
