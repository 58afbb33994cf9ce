"""The start of the program with a window: Qt, the keys, the window, and what it is to open."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QMessageLogContext, QSize, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from qwvis_desktop.app import Program
from qwvis_desktop.core.providers.redaction import keep_keys_out
from qwvis_desktop.core.settings import home
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.controllers.single_instance import SingleInstance, hand_over, server_name
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question

OFF_SCREEN_SIZE = QSize(1280, 800)
"""The window without a display: its made-up screen may be smaller, and would shrink the window."""

LATER = (
    "qwvis_desktop.core.inference",
    "qwvis_desktop.core.providers.openai_compatible",
    "qwvis_desktop.core.run_recording",
    "qwvis_desktop.core.page.document",
    "qwvis_desktop.core.label_sets",
    "qwvis_desktop.core.export",
)
"""What a run, the page it reads, labels from files and an export need, with all that they import."""

LATER_MS = 300
"""When it is loaded: what was named at the start is being opened by then."""


def _say_what_matters(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what the off-screen platform says of itself on every window."""
    if "does not support propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def load_the_rest(program: Program) -> None:
    """Import on a worker thread what is wanted sooner or later and was not needed for the window."""

    def work() -> Iterator[object]:
        for module in LATER:
            importlib.import_module(module)
            yield module

    program.jobs.start(work, name="loading")


def take_from_others(program: Program, name: str) -> SingleInstance:
    """Open in this window what later starts are given; ``name`` is what they look for."""
    instance = SingleInstance(name, program)

    def take(words: list[str]) -> None:
        program.open(words)
        program.window.raise_()
        program.window.activateWindow()

    instance.handed_over.connect(take)
    program.window.closing.connect(instance.close)
    instance.listen()
    return instance


def main(words: Iterable[str] = (), *, demo: bool = False, off_screen: bool = False, new_window: bool = False) -> int:
    """Open the window with ``words`` (files, folders, addresses); return the exit code when it is closed.

    Args:
        words: what to open.
        demo: open the sample page with the offline engine chosen.
        off_screen: with no display: do the demo's job through the same window, save pictures of it and end.
        new_window: open a window of its own, even where one is there that could take ``words``.
    """
    words, alone = list(words), new_window or demo or off_screen
    if off_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_say_what_matters)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("QwVis")
    application.setDesktopFileName("qwvis")
    name = server_name(home())
    if not alone and hand_over(name, words):
        return 0
    credentials = Credentials()
    keep_keys_out(credentials.secrets)
    answer: Callable[[Question], Answer] | None = (lambda _question: Answer.DISCARD) if off_screen else None
    program = Program(application, credentials=credentials, ask=answer)
    program.window.show()
    if off_screen:
        program.window.resize(program.window.size().expandedTo(OFF_SCREEN_SIZE))
    if demo:
        program.show_demo()
    program.open(words)
    if not off_screen:
        program.keeping.go_on(session=not (demo or words or new_window))
    if not alone:
        # Later: the window is painted first.
        QTimer.singleShot(0, program, lambda: take_from_others(program, name))
    # Counted from the first turn of the event loop: on a slow machine, what is done before takes longer than that.
    QTimer.singleShot(0, program, lambda: QTimer.singleShot(LATER_MS, program, lambda: load_the_rest(program)))
    if off_screen:
        from qwvis_desktop.ui.controllers.off_screen import OffScreenRun

        OffScreenRun(program.window, program.workspace, program.runs, program.inference, program.exports)
    code = application.exec()
    if not program.all_threads_ended:
        # A thread is deep in a library (the OCR engine, a decoder) and cannot be stopped. All is saved, and waiting
        # for it, or taking Qt down under it, would make the user wait or the program crash.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
