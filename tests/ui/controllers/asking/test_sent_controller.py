"""A look at what is sent, before it is sent."""

from __future__ import annotations

from pathlib import Path

from loopback.service import LoopbackService
from program_window import ask_loopback, open_photo
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.ui.panels.dialogs.sent_dialog import SentDialog


def test_the_request_is_shown_and_nothing_sent(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, SentDialog):
            QTimer.singleShot(20, look)
            return
        seen.append(child(dialog, QLabel, "What is sent").text())
        seen.append(child(dialog, QPlainTextEdit, "The request").toPlainText())
        next(one for one in dialog.findChildren(QPushButton) if "curl" in one.text()).click()
        dialog.reject()

    QTimer.singleShot(0, look)
    program.actions["run.sent"].trigger()
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert f"To {loopback.base_url}/chat/completions" in seen[0]
    assert "800 x 608 pixels" in seen[0]
    assert '"model": "qwen3-vl-plus"' in seen[1]
    assert len(seen[1]) < 3000
    assert QApplication.clipboard().text().startswith("curl ")
    assert loopback.requests == []


def test_nothing_to_show(program: Program, qtbot: QtBot, photo: Path) -> None:
    program.actions["run.sent"].trigger()
    assert program.canvas.notice == "Open a picture first."
    open_photo(program, qtbot, photo)
    program.services.choose_offline("spot-text")
    program.actions["run.sent"].trigger()
    qtbot.waitUntil(lambda: "works on this machine" in program.canvas.notice)


def test_what_was_sent_is_shown_with_its_run_and_from_the_history(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    assert not program.actions["run.was_sent"].isEnabled()
    with qtbot.waitSignal(program.inference.ended):
        program.actions["run.start"].trigger()
    assert program.actions["run.was_sent"].isEnabled()
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, SentDialog):
            QTimer.singleShot(20, look)
            return
        assert dialog.windowTitle() == "What Was Sent"
        seen.append(child(dialog, QLabel, "What is sent").text())
        seen.append(child(dialog, QPlainTextEdit, "The request").toPlainText())
        next(one for one in dialog.findChildren(QPushButton) if "curl" in one.text()).click()
        dialog.reject()

    QTimer.singleShot(0, look)
    child(program.panels.reply, QToolButton, "What Was Sent").click()
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert "800 x 608 pixels; left out: " in seen[0]
    assert seen[1].startswith(f"POST {loopback.base_url}/chat/completions\n")
    assert '"model": "qwen3-vl-plus"' in seen[1]
    assert "bytes" in QApplication.clipboard().text()
    run = program.runs.shown_run()
    assert run is not None
    QTimer.singleShot(0, look)
    program.panels.history.sent_requested.emit(run.id)
    qtbot.waitUntil(lambda: len(seen) == 4)
    assert seen[3] == seen[1]


def test_a_reply_that_nothing_was_sent_for(program: Program, qtbot: QtBot, photo: Path) -> None:
    open_photo(program, qtbot, photo)
    program.runs.read_pasted("[]")
    qtbot.waitUntil(lambda: program.runs.shown_run() is not None)
    assert child(program.panels.reply, QToolButton, "What Was Sent").isHidden()
    program.asking.show_sent()
    assert "There is no request to be seen" in program.canvas.notice


def test_the_button_beside_run(program: Program, qtbot: QtBot, photo: Path) -> None:
    button = child(program.panels.prompt, QToolButton, "What is sent")
    assert not button.isEnabled()
    open_photo(program, qtbot, photo)
    program.services.choose_offline("spot-text")
    button.click()
    qtbot.waitUntil(lambda: "works on this machine" in program.canvas.notice)
