"""Texts read again, through the real window and a service on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from documents import RUN
from loopback.answers import Answer, gated, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import ask_loopback, open_photo, press, running
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from text_lines import line

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.proposal import is_of_a_part
from qwvis_desktop.ui.editor import DocumentEditor

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

READ = (line("Tota1 due", 100, 100, width=200, height=30, key="a"), line("12.5O", 400, 100, width=80, key="b"))


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Program]:
    with running() as program:
        yield program


@pytest.fixture
def loopback() -> Iterator[LoopbackService]:
    with LoopbackService(streamed("")) as service:
        yield service


@pytest.fixture
def editor(program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path) -> DocumentEditor:
    path = tmp_path / "page.png"
    Image.new("RGB", (800, 600), "white").save(path)
    editor = open_photo(program, qtbot, path)
    ask_loopback(program, loopback)
    texts = tuple(replace(each, provenance=line("", 0, 0, run="r").provenance) for each in READ)
    editor.set_run(replace(RUN, id="r", as_read=texts, issues=(), frame=None))
    editor.add(texts, "Read", run="r")
    return editor


def reply(*texts: str) -> Answer:
    """Return the reply of a model that sees these texts below each other in the part that it is sent."""
    places = [[100, 300 + 200 * row, 900, 700 + 200 * row] for row in range(len(texts))]
    pairs = zip(places, texts, strict=True)
    return streamed(json.dumps([{"bbox_2d": place, "text_content": text} for place, text in pairs]))


def text_of(editor: DocumentEditor, key: str) -> TextRegion:
    found = editor.document.annotations[key]
    assert isinstance(found, TextRegion)
    return found


def press_there(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def test_the_enlarged_part_is_sent_and_the_reply_proposed(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    loopback.answer = [reply("Total due"), reply("12.50")]
    editor.select(["a", "b"])
    press(program, Qt.Key.Key_R, CONTROL | SHIFT)
    bar = program.panels.correction
    qtbot.waitUntil(lambda: "qwen3-vl-plus reads: Total due" in bar.proposal)
    qtbot.waitUntil(lambda: len(editor.document.runs) == 3 and not program.inference.is_running(editor))
    first, second = list(editor.document.runs.values())[1:]
    assert is_of_a_part(first)
    assert is_of_a_part(second)
    assert first.frame is not None
    assert tuple(first.frame.crop) == (82, 82, 318, 148)
    assert first.frame.sent.pixels >= 250_000
    assert first.task == "spot-text"
    assert list(editor.document.annotations) == ["a", "b"]  # proposed, and nothing more
    assert text_of(editor, "a").text == "Tota1 due"
    press_there(Qt.Key.Key_Return)
    taken = text_of(editor, "a")
    assert (taken.text, taken.accepted) == ("Total due", True)
    # A tenth of the part's width from its left: the reply's numbers came back through the part's frame.
    assert taken.polygon.bounds.left == pytest.approx(82 + 0.1 * 236)
    assert bar.shown is not None
    assert bar.shown.key == "b"
    qtbot.waitUntil(lambda: "reads: 12.50" in bar.proposal)
    press_there(Qt.Key.Key_Escape)
    assert bar.proposal == ""
    assert text_of(editor, "b").text == "12.5O"
    press_there(Qt.Key.Key_Escape)
    assert not bar.isVisible()
    editor.undo_stack.undo()
    assert text_of(editor, "a").text == "Tota1 due"
    review = program.editing.reviews.review()
    assert review is not None
    assert review.total == 2  # of the page's own run


def test_nothing_there_and_nothing_selected(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    press(program, Qt.Key.Key_R, CONTROL | SHIFT)
    assert program.canvas.notice == "Select the texts that are to be read again."
    loopback.answer = streamed("[]")
    editor.select(["a"])
    press(program, Qt.Key.Key_R, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: program.canvas.notice == "Nothing was read there.")
    assert not program.panels.correction.isVisible()


def test_while_a_run_goes_on_nothing_is_sent(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    loopback.answer, gates = gated(["[", "]"])
    program.actions["run.start"].trigger()
    editor.select(["a"])
    press(program, Qt.Key.Key_R, CONTROL | SHIFT)
    assert program.canvas.notice.startswith("A run goes on for this picture.")
    for gate in gates:
        gate.open()
    qtbot.waitUntil(lambda: not program.inference.is_running(editor))
    assert len(editor.document.runs) == 2


def test_what_is_typed_meanwhile_is_had_back_by_undo(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    loopback.answer, gates = gated(['[{"bbox_2d": [100, 300, 900, 700], "text_content": "Total due"}', "]"])
    editor.select(["a"])
    program.actions["text.correct"].trigger()
    press(program, Qt.Key.Key_R, CONTROL | SHIFT)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "!")
    for gate in gates:
        gate.open()
    bar = program.panels.correction
    qtbot.waitUntil(lambda: "reads: Total due" in bar.proposal)
    assert bar.text == "Tota1 due!"
    press_there(Qt.Key.Key_Return)
    assert text_of(editor, "a").text == "Total due"
    editor.undo_stack.undo()
    assert text_of(editor, "a").text == "Tota1 due!"
