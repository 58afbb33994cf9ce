"""The whole program behind its real window, for tests: start it, drop things on it, ask the loopback service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loopback.service import LoopbackService
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program, whole_program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.canvas.overlays import NoticeStrip
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.dialogs.questions import Answer

BOXES = ['[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}', ', {"bbox_2d": [500, 500, 900, 900], "label": "sofa"}]']
"""A reply in two pieces; of the photo of 800 x 600 it means the boxes in ``PLACES``."""

PLACES = [Box(80, 120, 240, 240), Box(400, 300, 720, 540)]


@contextmanager
def running(credentials: Credentials | None = None) -> Iterator[Program]:
    """Run the program with its window, and take it down again as closing the window does."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    program = whole_program(
        application, credentials=credentials or Credentials(environment={}), ask=lambda _question: Answer.DISCARD
    )
    program.window.show()
    yield program
    program.window.close()
    assert program.all_threads_ended
    program.window.deleteLater()
    program.front.deleteLater()
    program.theme.deleteLater()


def drop(program: Program, mime: QMimeData) -> None:
    """Drop ``mime`` on the canvas."""
    place = QPointF(program.canvas.rect().center())
    event = QDropEvent(place, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    program.canvas.dropEvent(event)


def dropped_files(*paths: Path) -> QMimeData:
    """Return what a file manager gives to drop."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def dropped_urls(*urls: str) -> QMimeData:
    """Return what a browser gives to drop."""
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def editor_of(program: Program) -> DocumentEditor:
    """Return the editor of the picture that is looked at."""
    editor = program.workspace.editor
    assert editor is not None
    return editor


def open_photo(program: Program, qtbot: QtBot, path: Path) -> DocumentEditor:
    """Drop a picture and wait until it can be asked about."""
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: program.workspace.editor is not None and _current(program) == str(path))
    return editor_of(program)


def _current(program: Program) -> str:
    return program.workspace.current.key if program.workspace.current is not None else ""


def ask_loopback(program: Program, service: LoopbackService, model: str = "qwen3-vl-plus") -> None:
    """Choose the loopback service and the task of finding boxes."""
    program.services.keep_profile(Profile("Loopback", base_url=service.base_url, needs_key=False))
    program.services.choose_model(model)
    program.services.choose_task("detect")


def wait_for_phase(program: Program, qtbot: QtBot, phase: str) -> None:
    """Wait until the run of the picture is in this phase."""
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == phase)


def run_to_the_end(program: Program, qtbot: QtBot, phase: str = "done") -> Run:
    """Press Run, wait until it ends in ``phase``, and return the run."""
    editor = editor_of(program)
    before = len(editor.document.runs)
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: len(editor.document.runs) > before and not program.inference.is_running(editor))
    assert program.panels.run_bar.state.phase == phase, program.panels.run_bar.state
    return list(editor.document.runs.values())[-1]


def detections(program: Program) -> list[Detection]:
    """Return the boxes with their labels on the picture that is looked at."""
    return [a for a in editor_of(program).document.annotations.values() if isinstance(a, Detection)]


def boxes(program: Program) -> list[Box]:
    """Return the boxes on the picture that is looked at."""
    return [detection.box for detection in detections(program)]


def press(program: Program, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press a key in the window."""
    modifier = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        modifier |= one
    program.window.activateWindow()
    QTest.keyClick(program.window, key, modifier)


def notice_buttons(program: Program) -> dict[str, QPushButton]:
    """Return the buttons with words in the strip over the picture, by their words."""
    buttons = child(program.canvas, NoticeStrip).findChildren(QPushButton)
    return {button.text(): button for button in buttons if button.isVisible()}
