"""The one place where everything meets: settings, services, controllers, panels and the window."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.model_registry import bundled_registry
from qwvis_desktop.core.samples import bundled_samples
from qwvis_desktop.core.settings import settings_path
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.render import PictureRenderer
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.evidence_controller import EvidenceController
from qwvis_desktop.ui.controllers.export_controller import ExportController
from qwvis_desktop.ui.controllers.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.run_controller import RunController
from qwvis_desktop.ui.controllers.service_controller import ServiceController
from qwvis_desktop.ui.controllers.thumbnail_controller import ThumbnailController
from qwvis_desktop.ui.controllers.window_controller import WindowController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.images import PictureLoader
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.main_window import MainWindow, Panels
from qwvis_desktop.ui.theme import Theme, ThemeChoice

DEMO_SAMPLE = "page"
"""The sample that the first start shows: offline OCR can read it."""


class Program(QObject):
    """The program with its window: made here, in this order, and taken down again by ``close``.

    Args:
        application: Qt's own.
        home: the file of the settings; where the system would have it unless given.
        credentials: the keys; the system's own unless given.
    """

    def __init__(
        self, application: QApplication, settings_file: Path | None = None, credentials: Credentials | None = None
    ) -> None:
        super().__init__(application)
        registry = bundled_registry()
        self.theme = Theme(application)
        self.jobs = JobRunner(self)
        self.loader = PictureLoader(parent=self)
        self.panels = Panels.made()
        self.canvas = CanvasView()
        self.window = MainWindow(self.canvas, self.panels, Actions())
        self.workspace = Workspace(self.window)
        self.services = ServiceController(
            self.panels.prompt, registry, credentials or Credentials(), self.jobs, settings_file or settings_path()
        )
        self.inference = InferenceController(self.jobs, self.window)
        self.media = MediaController(self.workspace, self.canvas, self.loader, self.jobs)
        self.thumbnails = ThumbnailController(self.panels.filmstrip, self.workspace, self.jobs)
        self.runs = RunController(
            self.panels, self.workspace, self.services, self.inference, registry, self.window.actions_
        )
        self.evidence = EvidenceController(
            self.panels, self.canvas, self.workspace, self.services, self.inference, self.jobs, registry
        )
        self.exports = ExportController(PictureRenderer(), self.jobs, self.window)
        self.window_controller = WindowController(
            window=self.window,
            canvas=self.canvas,
            theme=self.theme,
            workspace=self.workspace,
            media=self.media,
            services=self.services,
            runs=self.runs,
            exports=self.exports,
            samples={sample.id: sample for sample in bundled_samples()},
        )
        self.all_threads_ended = True
        self.window.closing.connect(self._close)
        self._begin()

    def _begin(self) -> None:
        settings = self.services.settings
        self.theme.choose(ThemeChoice(settings.theme))
        self.window.actions_.set_checked(f"theme.{settings.theme}", True)
        if settings.window:
            self.window.restore_state(base64.b64decode(settings.window))
        self.services.begin()
        self.runs.show_current()

    def open(self, words: Iterable[str]) -> None:
        """Open files, folders and addresses as given on the command line."""
        given = list(words)
        urls = [word for word in given if urlsplit(word).scheme in ("http", "https")]
        self.media.open_urls(urls)
        self.window_controller.open_paths([Path(word) for word in given if word not in urls])

    def show_demo(self) -> None:
        """Open the sample page with the offline engine chosen, so that Run works at once."""
        self.services.choose_offline("spot-text")
        self.window_controller.open_sample(DEMO_SAMPLE, play=False)

    def _close(self) -> None:
        self.services.update(window=base64.b64encode(self.window.save_state()).decode("ascii"))
        self.loader.close()
        self.all_threads_ended = self.jobs.close()


def main(words: Iterable[str] = (), *, demo: bool = False, off_screen: bool = False) -> int:
    """Open the window with ``words`` (files, folders, addresses); return the exit code when it is closed.

    Args:
        words: what to open.
        demo: open the sample page with the offline engine chosen.
        off_screen: with no display: do the demo's job through the same window, save pictures of it and end.
    """
    if off_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("QwVis")
    application.setDesktopFileName("qwvis")
    program = Program(application)
    program.window.show()
    if demo:
        program.show_demo()
    program.open(words)
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
