"""A look at what is sent, before it is sent."""

from __future__ import annotations

from pathlib import Path

from loopback.service import LoopbackService
from program_window import ask_loopback, open_photo
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
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
