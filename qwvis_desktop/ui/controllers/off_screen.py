"""The demo's job with no display: the same window, worker and engine, and pictures of the result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.settings import home
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController, RunPhase
from qwvis_desktop.ui.controllers.asking.run_controller import RunController
from qwvis_desktop.ui.controllers.export_controller import ExportController
from qwvis_desktop.ui.controllers.workspace import Workspace

LIMIT_MS = 300_000
"""After this long it is given up: a slow machine reads the sample in a few seconds."""


class OffScreenRun(QObject):
    """Waits for the picture, runs, waits for the end, exports, takes a screenshot, prints and ends the program."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        runs: RunController,
        inference: InferenceController,
        exports: ExportController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._runs = runs
        self._exports = exports
        self._folder = home("data") / "off-screen"
        workspace.current_changed.connect(self._run)
        inference.ended.connect(self._ended)
        exports.saved.connect(self._saved)
        exports.problem.connect(self._give_up)
        QTimer.singleShot(LIMIT_MS, self, lambda: self._give_up(self.tr("Nothing came for five minutes.")))
        self._run()

    def _run(self) -> None:
        if self._workspace.editor is not None:
            self._runs.run()

    def _ended(self, active: ActiveRun) -> None:
        if active.phase is not RunPhase.DONE:
            self._give_up(active.run.error)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._exports.export(
            active.editor, "png", self._folder / f"{Path(active.editor.document.media.file_name).stem}.annotated.png"
        )

    def _saved(self, path: str) -> None:
        # The next turn of the event loop: the last box is painted by then.
        QTimer.singleShot(0, self, lambda: self._finish(Path(path)))

    def _finish(self, picture: Path) -> None:
        screenshot = self._folder / "window.png"
        if not self._window.grab().save(str(screenshot), "PNG"):
            self._give_up(
                self.tr("The picture of the window could not be saved to {path}.").replace("{path}", str(screenshot))
            )
            return
        editor = self._workspace.editor
        assert editor is not None
        print(self.tr("Annotated picture: {path}").replace("{path}", str(picture)))
        print(self.tr("Picture of the window: {path}").replace("{path}", str(screenshot)))
        print(self.tr("Text that was read:"))
        for annotation in editor.document.annotations.values():
            if isinstance(annotation, TextRegion):
                print(f"  {annotation.text}")
        self._leave(0)

    def _give_up(self, why: str) -> None:
        print(why)
        self._leave(1)

    def _leave(self, code: int) -> None:
        self._window.close()
        QCoreApplication.exit(code)
