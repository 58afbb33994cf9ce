"""Where cameras come from and what shows space: EXIF, files, fits, and the panels that follow the current picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.calibration import (
    Calibration,
    CalibrationError,
    camera_from_exif,
    fit_camera,
    read_calibration,
)
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.cuboid_evidence import pairs_of
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import picture
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.panel_set import Panels
from qwvis_desktop.ui.panels.space.camera_words import FITTED, FROM_EXIF


class CameraController(QObject):
    """Answers the camera panel, and shows the panels for space once there is something in space.

    Signals:
        problem(str): no camera could be taken; a sentence for people, and nothing was changed.
        said(str): what is to be known of the camera that was taken.

    Args:
        show_space: shows the panels for space, where they were not shown before.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panels: Panels,
        actions: Actions,
        workspace: Workspace,
        jobs: JobRunner,
        show_space: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._panels = panels
        self._actions = actions
        self._workspace = workspace
        self._jobs = jobs
        self._show_space = show_space
        self._editor: DocumentEditor | None = None
        self._viewed: DocumentEditor | None = None
        panel = panels.camera
        panel.exif_requested.connect(self.take_exif)
        panel.file_requested.connect(self.ask_for_file)
        panel.fit_requested.connect(self.fit)
        panel.ground_toggled.connect(self.show_ground)
        panels.prompt.task_changed.connect(self._task_chosen)
        workspace.current_changed.connect(self._follow)

    def show_ground(self, shown: bool) -> None:
        """Show or hide the grid on the ground, and say so everywhere."""
        self._canvas.set_ground_shown(shown)
        self._panels.camera.show_ground(shown)
        self._actions.set_checked("view.ground", shown)

    def take_exif(self) -> None:
        """Take the focal length that the picture's file notes, as an estimate."""
        editor = self._editor
        if editor is None:
            return
        media = editor.document.media
        self._jobs.start(
            once(lambda: camera_from_exif(picture(media))),
            name="read EXIF",
            on_events=lambda found: self._take_exif(editor, found[0]),
            on_failed=self._refuse,
        )

    def ask_for_file(self) -> None:
        """Let the user choose a file with a camera."""
        entry = self._workspace.current
        folder = str(entry.path.parent) if entry is not None and entry.path is not None else ""
        kinds = self.tr("Cameras") + " (*.json *.txt *.yaml *.yml);;" + self.tr("All files") + " (*)"
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Camera from File"), folder, kinds)
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Take the camera that a file holds."""
        editor = self._editor
        if editor is None:
            return
        size, picture = editor.document.size, editor.document.media.name
        self._jobs.start(
            once(lambda: read_calibration(path, size, picture)),
            name="read camera",
            on_events=lambda found: self.take(editor, found[0], path.name),
            on_failed=self._refuse,
        )

    def take(self, editor: DocumentEditor, found: Calibration, name: str) -> None:
        """See the picture of ``editor`` through the camera of the file of this name."""
        editor.set_camera(found.camera, name, self.tr("Camera from {name}").replace("{name}", name))
        words = self.tr("Took the camera from {name} ({kind}).").replace("{kind}", found.kind)
        self.said.emit(" ".join((words.replace("{name}", name), *found.notes)))

    def fit(self) -> None:
        """Find the focal length that makes cuboids and boxes of the same objects agree, and say how well."""
        editor = self._editor
        if editor is None:
            return
        document = editor.document
        pairs = pairs_of(document)
        try:
            found = fit_camera([(cuboid, box.box) for cuboid, box in pairs], document.size, document.convention)
        except CalibrationError as error:
            self._panels.camera.show_fit(str(error))
            return
        editor.set_camera(found.camera, FITTED, self.tr("Fit the camera"))
        words = self.tr("Fitted to {n} pairs of cuboid and box ({sides} sides): they are {residual} px off on average.")
        worst = max(
            (off, cuboid.label) for (cuboid, _), off in zip(pairs, found.per_pair, strict=True) if off is not None
        )
        for blank, value in (
            ("n", str(len(pairs))),
            ("sides", str(found.sides)),
            ("residual", f"{found.residual:.1f}"),
        ):
            words = words.replace("{" + blank + "}", value)
        farthest = self.tr('Farthest off: "{label}", {residual} px.').replace("{residual}", f"{worst[0]:.1f}")
        self._panels.camera.show_fit(f"{words} {farthest.replace('{label}', worst[1])}" if len(pairs) > 1 else words)

    def _take_exif(self, editor: DocumentEditor, camera: CameraIntrinsics | None) -> None:
        if camera is None:
            self.problem.emit(
                self.tr(
                    "The file of this picture notes no focal length. Take the camera from a file, or fit it to boxes."
                )
            )
            return
        editor.set_camera(camera, FROM_EXIF, self.tr("Camera from EXIF"))

    def _refuse(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, CalibrationError | MediaError):
            raise error

    def _task_chosen(self, task: str) -> None:
        if task in TASKS and "cuboid" in TASKS[task].kinds:
            self._show_space()

    def _follow(self) -> None:
        if self._editor is not None:
            self._editor.changed.disconnect(self._changed)
        self._editor = editor = self._workspace.editor
        self._panels.camera.show_editor(editor)
        self._panels.cuboid.show_editor(editor)
        self._show_views(None)
        if editor is not None:
            editor.changed.connect(self._changed)
            self._changed(Change(added=editor.document.order()))

    def _changed(self, change: Change) -> None:
        """Show the views of space from a document's first cuboid on: following it costs time, and boxes need none."""
        editor = self._editor
        if editor is None or self._viewed is editor:
            return
        annotations = editor.document.annotations
        if any(isinstance(annotations.get(key), Cuboid) for key in change.added):
            self._show_space()
            self._show_views(editor)

    def _show_views(self, editor: DocumentEditor | None) -> None:
        self._viewed = editor
        self._panels.plan.show_editor(editor)
        self._panels.orbit.show_editor(editor)
