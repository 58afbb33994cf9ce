"""Correcting recognised text, through the real window, most of it by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from documents import RUN
from PIL import Image
from program_window import open_photo, press, running
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from text_lines import line

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.editor import DocumentEditor

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

READ = {"a": ("Tota1 due", 0.55), "b": ("12.50", 0.99), "c": ("Thank yon", 0.7), "d": ("Goodbye", None)}
"""Texts of a page as a model read them, with their scores."""


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Program]:
    with running() as program:
        yield program


def opened(program: Program, qtbot: QtBot, folder: Path, texts: list[TextRegion]) -> DocumentEditor:
    """Open a page on which a run read these texts."""
    path = folder / "page.png"
    Image.new("RGB", (800, 1200), "white").save(path)
    editor = open_photo(program, qtbot, path)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    editor.set_run(replace(RUN, id="r", as_read=tuple(texts), issues=(), frame=None))
    editor.add(texts, "Read", run="r")
    return editor


@pytest.fixture
def editor(program: Program, qtbot: QtBot, tmp_path: Path) -> DocumentEditor:
    rows = [
        line(text, 60, 60 + 40 * row, key=key, score=score, run="r")
        for row, (key, (text, score)) in enumerate(READ.items())
    ]
    return opened(program, qtbot, tmp_path, rows)


def words(editor: DocumentEditor) -> dict[str, str]:
    return {each.id: each.text for each in texts_of(editor.document.annotations.values())}


class Keyboard:
    """Presses keys where the keyboard's focus is, and counts those that are no part of a text."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.strokes = 0

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.strokes += 1
        QTest.keyClick(self._focus(), key, modifier)

    def write(self, text: str) -> None:
        QTest.keyClicks(self._focus(), text)

    def _focus(self) -> QWidget:
        self._program.window.activateWindow()
        return QApplication.focusWidget() or self._program.window


def test_ten_wrong_lines_by_keyboard_alone(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    wrong = {f"w{n}": (f"wr0ng {n}", f"right {n}") for n in range(10)}
    rows = [line(f"line {n}", 60, 40 + 36 * n, key=f"l{n}", score=0.99, run="r") for n in range(20)]
    for n, (key, (read, _)) in enumerate(wrong.items()):
        rows[2 * n] = line(read, 60, 40 + 72 * n, key=key, score=0.4 + 0.01 * n, run="r")
    editor = opened(program, qtbot, tmp_path, rows)
    keyboard = Keyboard(program)
    keyboard.key(Qt.Key.Key_F, CONTROL | SHIFT)  # the least sure first
    keyboard.key(Qt.Key.Key_F4)
    for _, right in wrong.values():
        keyboard.key(Qt.Key.Key_A, CONTROL)
        keyboard.write(right)
        keyboard.key(Qt.Key.Key_Return)
    keyboard.key(Qt.Key.Key_Escape)
    print(f"{keyboard.strokes} keystrokes beside the texts of {len(wrong)} lines")
    assert keyboard.strokes <= 3 * len(wrong)
    assert words(editor) == {each.id: wrong[each.id][1] if each.id in wrong else each.text for each in rows}
    assert not program.panels.correction.isVisible()
    assert program.editing.reviews.review() is not None
    program.editing.reviews.count()
    assert program.panels.review.figures["Wrong characters"] == "37.0 % (50 of 135)"


class TestCorrecting:
    def test_keys_lead_on_and_back(self, program: Program, editor: DocumentEditor) -> None:
        editor.select(["b"])
        press(program, Qt.Key.Key_F2)
        bar = program.panels.correction
        assert bar.state == "Text 2 of 4, score 0.99"
        keyboard = Keyboard(program)
        keyboard.key(Qt.Key.Key_Tab)
        assert editor.selection == {"c"}
        keyboard.key(Qt.Key.Key_Backtab, SHIFT)
        keyboard.key(Qt.Key.Key_Backtab, SHIFT)
        keyboard.key(Qt.Key.Key_Backtab, SHIFT)
        assert bar.state == "Text 1 of 4, score 0.55"
        keyboard.key(Qt.Key.Key_Return)
        assert editor.document.annotations["a"].accepted
        assert editor.undo_stack.undoText() == "Accept"
        assert editor.selection == {"b"}
        for _ in range(3):
            keyboard.key(Qt.Key.Key_Tab)
        assert not bar.isVisible()
        assert program.canvas.notice == "That was the last text."

    def test_the_model_s_text_stays_beside_the_corrected_one(self, program: Program, editor: DocumentEditor) -> None:
        program.actions["text.correct"].trigger()
        keyboard, bar = Keyboard(program), program.panels.correction
        keyboard.key(Qt.Key.Key_A, CONTROL)
        keyboard.write("Total due")
        keyboard.key(Qt.Key.Key_Tab)
        keyboard.key(Qt.Key.Key_Backtab, SHIFT)
        assert words(editor)["a"] == "Total due"
        assert bar.former == "was: Tota1 due"
        assert bar.state == "Text 1 of 4, score 0.55, corrected"
        assert next(iter(editor.document.runs.values())).as_read[0] == line(
            "Tota1 due", 60, 60, key="a", score=0.55, run="r"
        )
        keyboard.key(Qt.Key.Key_Z, CONTROL)
        assert words(editor)["a"] == "Tota1 due"
        assert bar.text == "Tota1 due"
        assert bar.former == ""

    def test_what_is_typed_is_kept_however_one_leaves(
        self, program: Program, qtbot: QtBot, editor: DocumentEditor
    ) -> None:
        keyboard = Keyboard(program)

        def is_kept(key: str) -> bool:
            return words(editor)[key] == f"{READ[key][0]}!"

        leaves: dict[str, Callable[[], object]] = {
            "a": lambda: keyboard.key(Qt.Key.Key_Escape),
            "b": lambda: editor.select(["d"]),
            "c": lambda: program.input.open_sample("shapes"),
        }
        for key, leave in leaves.items():
            editor.select([key])
            program.actions["text.correct"].trigger()
            keyboard.write("!")
            leave()
            qtbot.waitUntil(partial(is_kept, key))

    def test_an_empty_text_is_taken_out_and_comes_back(self, program: Program, editor: DocumentEditor) -> None:
        program.actions["text.correct"].trigger()
        keyboard = Keyboard(program)
        keyboard.key(Qt.Key.Key_A, CONTROL)
        keyboard.key(Qt.Key.Key_Delete)
        keyboard.key(Qt.Key.Key_Return)
        assert "a" not in words(editor)
        assert editor.selection == {"b"}
        editor.undo_stack.undo()
        assert list(words(editor)) == list(READ)

    def test_split_and_merge(self, program: Program, editor: DocumentEditor) -> None:
        program.actions["text.correct"].trigger()
        keyboard = Keyboard(program)
        for _ in range(4):
            keyboard.key(Qt.Key.Key_Left)
        keyboard.key(Qt.Key.Key_J, CONTROL | SHIFT)
        assert list(words(editor).values()) == ["Tota1", "due", "12.50", "Thank yon", "Goodbye"]
        assert program.panels.correction.text == "Tota1"
        assert program.panels.correction.state.startswith("Text 1 of 5")
        keyboard.key(Qt.Key.Key_J, CONTROL)
        assert list(words(editor).values())[:2] == ["Tota1 due", "12.50"]
        assert program.panels.correction.text == "Tota1 due"
        editor.undo_stack.undo()
        editor.undo_stack.undo()
        assert words(editor) == {key: text for key, (text, _) in READ.items()}
        keyboard.key(Qt.Key.Key_Escape)
        editor.select(["c", "d"])
        press(program, Qt.Key.Key_J, CONTROL)
        assert list(words(editor).values()) == ["Tota1 due", "12.50", "Thank yon Goodbye"]

    def test_split_at_the_pointer(self, program: Program, editor: DocumentEditor) -> None:
        editor.select(["c"])
        program.canvas.pointer_moved.emit(Point(120, 150))
        press(program, Qt.Key.Key_J, CONTROL | SHIFT)
        assert list(words(editor).values())[2:4] == ["Thank", "yon"]
        press(program, Qt.Key.Key_J, CONTROL | SHIFT)  # the pointer is beside what is selected now
        assert editor.undo_stack.undoText() == "Split a text"

    def test_the_picture_is_at_the_text(self, program: Program, qtbot: QtBot, editor: DocumentEditor) -> None:
        editor.select(["d"])
        program.actions["text.correct"].trigger()
        canvas = program.canvas

        def is_there() -> bool:
            middle = canvas.viewport.to_widget(Point(95, 190))
            return abs(middle.x - canvas.width() / 2) < 2 and abs(middle.y - canvas.height() / 2) < 2

        qtbot.waitUntil(is_there)
        assert canvas.zoom > 1
        part = program.panels.correction.shown
        assert part is not None
        assert part.part.width() > part.part.height()

    def test_emoji_html_and_nothing_to_correct(self, program: Program, editor: DocumentEditor) -> None:
        editor.replace([line("\U0001f600\U0001f600 ab", 60, 60, key="a", run="r")], "Change")
        program.actions["text.correct"].trigger()
        Keyboard(program).key(Qt.Key.Key_J, CONTROL | SHIFT)
        assert program.panels.correction.caret == 5
        keyboard = Keyboard(program)
        keyboard.key(Qt.Key.Key_Left)
        keyboard.key(Qt.Key.Key_Left)
        keyboard.key(Qt.Key.Key_J, CONTROL | SHIFT)
        assert list(words(editor).values())[:2] == ["\U0001f600\U0001f600", "ab"]
        keyboard.key(Qt.Key.Key_Escape)
        editor.replace([line("<b>x</b> **y**", 60, 60, key="a", run="r")], "Change")
        editor.select(["a"])
        program.actions["text.correct"].trigger()
        assert program.panels.correction.findChildren(QPlainTextEdit)[0].toPlainText() == "<b>x</b> **y**"
        assert program.panels.correction.former == "was: Tota1 due"
        editor.remove(list(words(editor)), "Delete")
        program.actions["text.correct"].trigger()
        assert program.canvas.notice.startswith("There is no text to correct.")
