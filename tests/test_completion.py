from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from program_window import dropped_files
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program, whole_program
from qwvis_desktop.completion import Completion
from qwvis_desktop.core.settings import load_settings, save_settings, settings_path
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.front import Front
from qwvis_desktop.start import ENGINE
from qwvis_desktop.ui.canvas.empty import EmptyCanvas
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.panels.dialogs.questions import Answer

LATER_DOCKS = ("steps", "object", "review", "camera", "cuboid", "plan", "orbit", "history", "document", "fields")


class Start:
    """A start as ``start.main`` makes it, without waiting for its event loop."""

    def __init__(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.begun: list[Program] = []
        self.front = Front(application, credentials=Credentials(environment={}))
        self.window = self.front.window
        self.window.show()
        self.completion = Completion(self.front, ENGINE, self._stages())

    def _stages(self) -> Iterator[object]:
        program = Program(self.front, lambda _question: Answer.DISCARD)
        while program.make_next():
            yield program
        self.begun.append(program)

    @property
    def program(self) -> Program:
        (program,) = self.begun
        return program

    @property
    def canvas(self) -> QWidget:
        """The canvas, or what stands for it."""
        return next(each for kind in (CanvasView, EmptyCanvas) for each in self.window.findChildren(kind))

    def dock(self, name: str) -> QDockWidget:
        return next(dock for dock in self.window.findChildren(QDockWidget) if dock.objectName() == name)


@pytest.fixture
def start(home: Path, qtbot: QtBot) -> Iterator[Callable[[], Start]]:
    starts: list[Start] = []

    def started() -> Start:
        starts.append(Start())
        return starts[-1]

    yield started
    for each in starts:
        each.window.close()
        assert each.front.all_threads_ended
        each.front.deleteLater()
        each.front.theme.deleteLater()
        each.window.deleteLater()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.new("RGB", (80, 60), "teal").save(path)
    return path


def test_the_program_comes_by_itself_and_nothing_moves(start: Callable[[], Start], qtbot: QtBot) -> None:
    begun = start()
    assert not begun.begun
    assert begun.dock("camera").widget() is None
    first, least = begun.window.grab().toImage(), begun.window.minimumSizeHint()
    qtbot.waitUntil(lambda: bool(begun.begun))
    assert begun.window.grab().toImage() == first
    assert begun.window.minimumSizeHint() == least
    assert all(begun.dock(name).widget() is not None for name in LATER_DOCKS)


@pytest.mark.parametrize("model", ["qwen3-vl-plus", "qwen2.5-vl-7b-instruct"])
@pytest.mark.parametrize("task", ["detect", "fields"])
def test_nothing_moves_whatever_is_chosen(start: Callable[[], Start], model: str, task: str) -> None:
    path = settings_path()
    settings = load_settings(path, print)
    local = next(profile for profile in settings.profiles if not profile.needs_key and profile.base_url)
    save_settings(path, replace(settings, profile=local.name, model=model, task=task, theme="dark"))
    begun = start()
    QApplication.processEvents()
    assert not begun.begun
    first = begun.window.grab().toImage()
    begun.completion.finish()
    QApplication.processEvents()
    assert begun.window.grab().toImage() == first


def test_a_key_is_missed_only_when_it_was_looked_for(start: Callable[[], Start], qtbot: QtBot) -> None:
    path = settings_path()
    settings = load_settings(path, print)
    save_settings(path, replace(settings, profile=next(each.name for each in settings.profiles if each.needs_key)))
    begun = start()
    (missing,) = (each for each in begun.window.findChildren(QLabel) if each.text() == "This service needs a key.")
    assert not missing.isVisible()
    qtbot.waitUntil(missing.isVisible)
    assert begun.completion.is_whole


def test_a_shortcut_in_the_first_moment_is_answered(start: Callable[[], Start], qtbot: QtBot) -> None:
    begun = start()
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    QApplication.processEvents()
    assert not begun.begun
    begun.window.activateWindow()
    QTest.keyClick(begun.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: begun.program.workspace.editor is not None)
    QGuiApplication.clipboard().clear()


def test_files_dropped_in_the_first_moment_are_opened(start: Callable[[], Start], qtbot: QtBot, photo: Path) -> None:
    begun = start()
    place, mime = QPointF(begun.canvas.mapTo(begun.window, begun.canvas.rect().center())), dropped_files(photo)
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    # To the window of the system, as a drag comes: what of the window it is over is found after that.
    handle = begun.window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(place.toPoint(), *how))
    QApplication.sendEvent(handle, QDropEvent(place, *how))
    qtbot.waitUntil(lambda: begun.program.workspace.editor is not None)


def test_an_action_in_the_first_moment_is_answered(start: Callable[[], Start]) -> None:
    begun = start()
    begun.front.actions["theme.dark"].trigger()
    assert begun.program.theme.dark
    assert load_settings(settings_path(), print).theme == "dark"


def test_a_click_between_two_stages_finds_all(start: Callable[[], Start], qtbot: QtBot, photo: Path) -> None:
    begun = start()
    qtbot.waitUntil(lambda: begun.dock("camera").widget() is not None)
    QTest.mouseClick(begun.canvas, Qt.MouseButton.LeftButton)
    begun.program.open([str(photo)])
    qtbot.waitUntil(lambda: begun.program.workspace.editor is not None)


def test_a_window_closed_in_the_first_moment_keeps_its_layout(start: Callable[[], Start]) -> None:
    begun = start()
    begun.window.close()
    assert begun.program.all_threads_ended
    assert load_settings(settings_path(), print).window


def test_panels_that_stood_open_are_there_at_once(start: Callable[[], Start], qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    former = whole_program(application, credentials=Credentials(environment={}))
    former.window.show()
    former.window.show_panel("review")
    former.window.show_panel("history")
    former.window.close()
    former.front.deleteLater()
    former.theme.deleteLater()
    former.window.deleteLater()
    begun = start()
    for name in ("review", "history"):
        panel = begun.dock(name).widget()
        assert isinstance(panel, QWidget)
        assert panel.isVisible()
        assert not panel.visibleRegion().isEmpty()
    assert begun.dock("camera").isHidden()


MAIN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from qwvis_desktop import start

application = QApplication([])

def window():
    return next(each for each in application.topLevelWidgets() if each.objectName() == "main")

def touch():
    # The event loop has begun, and nothing that answers this action is there yet.
    assert "qwvis_desktop.app" not in sys.modules
    window().findChild(QAction, "view.labels").trigger()
    assert "qwvis_desktop.app" in sys.modules
    look()

def look():
    if "photo.png" in window().windowTitle():
        print(window().windowTitle())
        window().close()
    else:
        QTimer.singleShot(20, look)

QTimer.singleShot(0, touch)
sys.exit(start.main([sys.argv[1]], new_window=True))
"""


def test_the_command_opens_its_files_and_answers_what_comes_first(home: Path, photo: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", MAIN, str(photo)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (0, "photo.png[*] - QwVis\n"), ended.stderr
    assert load_settings(settings_path(), print).view == "labels=0"
