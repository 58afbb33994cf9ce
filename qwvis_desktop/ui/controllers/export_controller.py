"""Saves what is on the picture: label files, annotated pictures, the raw reply; on a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.export import FORMATS, export
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.raster import Raster, encode
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.ui.canvas.render import PictureRenderer
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.export_dialog import ExportDialog, FormatChoice
from qwvis_desktop.ui.panels.plan_picture import render_plan

PLAN_FORMATS = {".png": "image/png", ".svg": "image/svg+xml", ".pdf": "application/pdf"}
"""What the plan can be saved as, by the ending of the file's name."""


class ExportController(QObject):
    """Runs exports of a document as it stands when asked; editing may go on meanwhile.

    Signals:
        saved(str, tuple): this path was written; sentences about what the format could not hold.
        problem(str): nothing was written; a sentence for people. An older file is whole.
    """

    saved = Signal(str, object)
    problem = Signal(str)

    def __init__(self, window: QWidget, canvas: CanvasView, workspace: Workspace, jobs: JobRunner) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._workspace = workspace
        self._renderer = PictureRenderer()
        self._jobs = jobs

    def ask(self) -> None:
        """Let the user choose format and file, saying what the format cannot hold."""
        editor = self._workspace.editor
        if editor is None:
            return
        formats = [
            FormatChoice(kind.id, self.tr(kind.title), kind.suffix, kind.cannot_hold(editor.document))
            for kind in FORMATS.values()
        ]
        dialog = ExportDialog(formats, self._stem(), parent=self._window)
        if dialog.exec():
            self.export(editor, dialog.format_id, dialog.path)

    def ask_as_seen(self) -> None:
        """Let the user choose a file for what is on view."""
        kinds = "PNG (*.png);;JPEG (*.jpg)"
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export as Seen"), f"{self._stem()}.seen.png", kinds
        )
        if name:
            self.save_image(self._canvas.as_seen(), Path(name))

    def copy_picture(self) -> None:
        """Put the annotated picture at full size on the clipboard."""
        if self._workspace.editor is not None:
            self.render(self._workspace.editor, QGuiApplication.clipboard().setImage)

    def _stem(self) -> Path:
        """Return folder and name without ending for what is saved from the current picture."""
        entry = self._workspace.current
        assert entry is not None
        return (entry.path.parent if entry.path is not None else Path.home()) / (Path(entry.name).stem or "picture")

    def export(self, editor: DocumentEditor, format_id: str, path: Path) -> None:
        """Write the document of ``editor`` to ``path`` in the format with this id."""
        document = editor.document.copy()
        self._jobs.start(
            once(lambda: export(document, format_id, path, self._renderer)),
            name=f"export {format_id}",
            on_events=lambda done: self.saved.emit(str(path), done[0].left_out),
            on_failed=self._not_saved,
        )

    def save_image(self, image: QImage, path: Path) -> None:
        """Write a picture as it is, in the format that the ending of ``path`` says (PNG where it says none)."""
        mime = "image/jpeg" if path.suffix.lower() in (".jpg", ".jpeg") else "image/png"

        def work() -> Iterator[object]:
            pixels = image.convertToFormat(QImage.Format.Format_RGB32)
            raster = Raster(Size(pixels.width(), pixels.height()), bytes(pixels.constBits()))
            write_beside(path, encode(raster, mime))
            yield ()

        self._jobs.start(
            work,
            name="export as seen",
            on_events=lambda done: self.saved.emit(str(path), done[0]),
            on_failed=self._not_saved,
        )

    def ask_plan(self) -> None:
        """Let the user choose a file for the plan of what lies in space."""
        editor = self._workspace.editor
        if editor is None:
            return
        kinds = "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the Plan"), f"{self._stem()}.plan.png", kinds)
        if name:
            self.save_plan(editor, Path(name))

    def save_plan(self, editor: DocumentEditor, path: Path) -> None:
        """Write the plan of ``editor``'s document, in the format that the ending of ``path`` says (PNG where none)."""
        mime = PLAN_FORMATS.get(path.suffix.lower(), "image/png")
        document, hidden = editor.document.copy(), editor.hidden

        def work() -> Iterator[object]:
            write_beside(path, render_plan(document, mime, hidden=hidden))
            yield ()

        self._jobs.start(
            work,
            name="save plan",
            on_events=lambda done: self.saved.emit(str(path), done[0]),
            on_failed=self._not_saved,
        )

    def render(self, editor: DocumentEditor, take: Callable[[QImage], object]) -> None:
        """Draw the document of ``editor`` at full size and give the picture to ``take``."""
        document = editor.document.copy()
        self._jobs.start(
            once(lambda: QImage.fromData(self._renderer.render(document, "image/png"))),
            name="copy picture",
            on_events=lambda done: take(done[0]),
            on_failed=self._not_saved,
        )

    def _not_saved(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, WriteError | MediaError | ValueError):
            raise error
