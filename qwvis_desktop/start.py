"""The start of the program with a window: Qt, the keys, the window, and what it is to open."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QMessageLogContext, QSize, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from qwvis_desktop.completion import Completion
from qwvis_desktop.core.providers.redaction import keep_keys_out
from qwvis_desktop.core.settings import home
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.front import Front
from qwvis_desktop.ui.controllers.single_instance import SingleInstance, hand_over, server_name
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.main_window import MainWindow

OFF_SCREEN_SIZE = QSize(1280, 800)
"""The window without a display: its made-up screen may be smaller, and would shrink the window."""

ENGINE = tuple(
    f"qwvis_desktop.core.{name}"
    for name in (
        *("outgoing", "comparison", "accounting", "calibration", "cuboid_evidence", "error_rate", "event_editing"),
        *("replies.evidence", "replies.convention", "text.search", "page.markdown", "clip", "dataset", "samples"),
        *("store.history", "store.shelf", "store.saving", "store.opening", "store.self_tests", "field_sheet", "chat"),
    )
)
"""What the program behind the window needs of ``core``, with all that these import."""

BEHIND = tuple(
    f"qwvis_desktop.ui.{name}"
    for name in (
        *("canvas.editing.cuboid_handles", "canvas.painting.composition", "canvas.edited_document", "canvas.surface"),
        *("canvas.editing.plane_editing", "canvas.view", "panels.space.camera", "panels.space.plan_view"),
        *("panels.space.orbit_view", "panels.film.timeline_painter", "panels.film.timeline", "panels.replies.answer"),
        *("panels.page.page_panel", "panels.space.cuboid_fields", "panels.panel_set"),
        *("controllers.asking.run_controller", "controllers.asking.asking_set", "controllers.editing.edit_controller"),
        *("controllers.editing.editing_set", "controllers.keeping.keeping_set", "controllers.input_controller"),
        *("controllers.film.film_set", "controllers.reading.reading_set", "controllers.export_controller"),
        "controllers.pages.page_set",
    )
)
"""Its panels and controllers, in such an order that importing each of them is a stage as short as others."""

LATER = (
    "qwvis_desktop.core.inference",
    "qwvis_desktop.core.providers.openai_compatible",
    "qwvis_desktop.core.run_recording",
    "qwvis_desktop.core.page.document",
    "qwvis_desktop.core.label_sets",
    "qwvis_desktop.core.export",
)
"""What a run, the page it reads, labels from files and an export need, with all that they import."""

FILMS = ("qwvis_desktop.core.media.film_probe", "qwvis_desktop.core.media.stream_frames")
"""What reads films. Loaded only when one is opened, it and the window would wait for each other meanwhile."""

FIRST_PICTURE = (("qwvis_desktop.core.media.picture_codecs", "load_codecs"), ("qwvis_desktop.ui.images", "load_numpy"))
"""Functions that load what the first picture and the first box on it would wait for a quarter of a second for."""

LATER_MS = 300
"""How long after the program is whole all this is loaded: what was named at the start is being opened by then."""


def _say_what_matters(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what the off-screen platform says of itself on every window."""
    if "does not support propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def the_rest() -> Iterator[object]:
    """Load piece by piece what is wanted sooner or later and was not needed to make the program."""
    for module, load in FIRST_PICTURE:
        getattr(importlib.import_module(module), load)()
        yield load
    for module in LATER:
        importlib.import_module(module)
        yield module
    with suppress(ImportError):  # it is said when a film is opened
        for module in FILMS:
            importlib.import_module(module)
            yield module


def load_the_rest(jobs: JobRunner) -> None:
    """Load it on a worker thread."""
    jobs.start(the_rest, name="loading")


def take_from_others(name: str, window: MainWindow, open_: Callable[[list[str]], object]) -> SingleInstance:
    """Open in this window what later starts are given; ``name`` is what they look for."""
    instance = SingleInstance(name, window)

    def take(words: list[str]) -> None:
        open_(words)
        window.raise_()
        window.activateWindow()

    instance.handed_over.connect(take)
    window.closing.connect(instance.close)
    instance.listen()
    return instance


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be done when all is there; ``main`` says what each of them means."""

    words: tuple[str, ...] = ()
    demo: bool = False
    off_screen: bool = False
    new_window: bool = False

    @property
    def alone(self) -> bool:
        """Whether other windows are none of its business."""
        return self.new_window or self.demo or self.off_screen


def behind(front: Front, wishes: Wishes) -> Iterator[object]:
    """Make what is behind the window, a stage at each step; then it is done what is wished."""
    for module in BEHIND:
        importlib.import_module(module)
        yield module
    from qwvis_desktop.app import Program  # not for the start
    from qwvis_desktop.ui.panels.dialogs.questions import Answer

    yield Program
    program = Program(front, (lambda _question: Answer.DISCARD) if wishes.off_screen else None)
    while program.make_next():
        yield program

    def begin() -> None:
        if wishes.demo:
            program.show_demo()
        program.open(wishes.words)
        if wishes.off_screen:
            from qwvis_desktop.ui.controllers.off_screen import OffScreenRun

            OffScreenRun(program.window, program.workspace, program.runs, program.inference, program.exports)
        else:
            program.keeping.go_on(session=not (wishes.demo or wishes.words or wishes.new_window))
        if not wishes.alone:
            take_from_others(server_name(home()), program.window, program.open)

    # Later: what is opened may ask a question, and by then all of this must be over.
    QTimer.singleShot(0, program, begin)
    QTimer.singleShot(LATER_MS, program, lambda: load_the_rest(program.jobs))


def main(words: Iterable[str] = (), *, demo: bool = False, off_screen: bool = False, new_window: bool = False) -> int:
    """Open the window with ``words`` (files, folders, addresses); return the exit code when it is closed.

    Args:
        words: what to open.
        demo: open the sample page with the offline engine chosen.
        off_screen: with no display: do the demo's job through the same window, save pictures of it and end.
        new_window: open a window of its own, even where one is there that could take ``words``.
    """
    wishes = Wishes(tuple(words), demo, off_screen, new_window)
    if off_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_say_what_matters)
    # So the style is set before anything is drawn, and without QStyle, which PySide takes long to load.
    application = QApplication.instance() or QApplication([*sys.argv[:1], "-style", "fusion"])
    assert isinstance(application, QApplication)
    application.setApplicationName("QwVis")
    application.setDesktopFileName("qwvis")
    if not wishes.alone and hand_over(server_name(home()), wishes.words):
        return 0
    credentials = Credentials()
    keep_keys_out(credentials.secrets)
    front = Front(application, credentials=credentials)
    front.window.show()
    if off_screen:
        front.window.resize(front.window.size().expandedTo(OFF_SCREEN_SIZE))
    Completion(front, ENGINE, behind(front, wishes))
    code = application.exec()
    if not front.all_threads_ended:
        # A thread is deep in a library (the OCR engine, a decoder) and cannot be stopped. All is saved, and waiting
        # for it, or taking Qt down under it, would make the user wait or the program crash.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
