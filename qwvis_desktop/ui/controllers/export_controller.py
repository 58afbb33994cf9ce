"""Saves what is on the picture: label files, annotated pictures, the raw reply; on a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import DEFAULT_OPTIONS, ExportOptions
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.raster import Raster, encode
from qwvis_desktop.core.media.video import FILM_SUFFIXES
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.samples import folder_beside
from qwvis_desktop.core.store.picture_record import has_work
from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.drawing_options import DrawingOptions
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.dialogs.drawing_form import PREVIEW, DrawingForm
from qwvis_desktop.ui.panels.dialogs.export_progress import ExportProgress, FilmProgress

PLAN_FORMATS = {".png": "image/png", ".svg": "image/svg+xml", ".pdf": "application/pdf"}
"""What the plan can be saved as, by the ending of the file's name."""

SEEN_FORMATS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
"""What a view can be saved as, by the ending of the file's name; PNG where it has another."""


class ExportController(QObject):
    """Runs exports of a document as it stands when asked; editing may go on meanwhile.

    Signals:
        saved(str, tuple): this path was written; sentences about what the format could not hold.
        problem(str): nothing was written; a sentence for people. An older file is whole.
    """

    saved = Signal(str, object)
    problem = Signal(str)

    def __init__(
        self, window: QWidget, canvas: CanvasView, workspace: Workspace, jobs: JobRunner, shelf: Shelf
    ) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._workspace = workspace
        self._jobs = jobs
        self._shelf = shelf
        self._last_format = ""

    def ask(self) -> None:
        """Let the user choose pictures, format, look and file, saying what the format cannot hold."""
        from qwvis_desktop.ui.controllers.export_work import format_choices  # not for the start
        from qwvis_desktop.ui.panels.dialogs.export_dialog import ExportDialog

        editor = self._workspace.editor
        if editor is None:
            return
        opened, unopened = self._worked_on(editor.document.media.kind)
        dialog = ExportDialog(
            format_choices(editor.document, opened, self.tr),
            self._stem(),
            self._last_format,
            count=max(1, len(opened) + len(unopened)),
            parent=self._window,
        )
        document = editor.document.copy()
        dialog.drawing.changed.connect(lambda options: self._draw_preview(document, options, dialog.drawing))
        if not dialog.exec():
            return
        self._last_format = dialog.format_id
        work: list[Callable[[], Document]] = [document.copy]
        if dialog.all_pictures:
            work = [*(each.copy().copy for each in opened), *unopened]
        self._write(
            work,
            dialog.format_id,
            dialog.path,
            drawing=dialog.drawing.options,
            options=dialog.options.options,
            pictures=dialog.copies,
        )

    def _worked_on(self, kind: str) -> tuple[list[Document], list[Callable[[], Document]]]:
        """Return the documents of this kind of media with work, and what opens those that were not looked at yet."""
        opened: list[Document] = []
        unopened: list[Callable[[], Document]] = []
        for entry in self._workspace.entries:
            editor = self._workspace.editor_of(entry.key)
            is_fit = _kind_of(entry, editor) == kind
            if is_fit and editor is not None and (editor.document.annotations or editor.document.runs):
                opened.append(editor.document)
            elif is_fit and editor is None and has_work(self._shelf.records.get(entry.key, {})):
                unopened.append(partial(_opened, self._shelf, entry))
        return opened, unopened

    def _draw_preview(self, document: Document, options: DrawingOptions, form: DrawingForm) -> None:
        from qwvis_desktop.ui.canvas.painting.film_render import FilmRenderer  # not for the start

        renderer = FilmRenderer(options=options, time=self._canvas.moment_time)
        self._jobs.start(
            once(lambda: renderer.preview(document, PREVIEW)),
            name="preview",
            on_events=lambda drawn: form.show_preview(drawn[0]) if isValid(form) else None,
            on_failed=self._not_saved,
        )

    def _write(
        self,
        work: Sequence[Callable[[], Document]],
        format_id: str,
        path: Path,
        *,
        drawing: DrawingOptions,
        options: ExportOptions = DEFAULT_OPTIONS,
        pictures: bool = False,
    ) -> None:
        """Write documents in one format; ``work`` gives each on the worker's thread."""
        from qwvis_desktop.core.export import Exported  # not for the start
        from qwvis_desktop.ui.controllers.export_work import is_of_films, writing

        progress = _progress(self._window, len(work), is_film=is_of_films(format_id))

        def write() -> Iterator[float | Exported]:
            return writing(work, format_id, path, drawing=drawing, options=options, pictures=pictures)

        def tell(events: Sequence[float | Exported]) -> None:
            last = events[-1]
            if isinstance(last, Exported):
                self._close(progress)
                self.saved.emit(str(path), last.left_out)
            elif progress is not None:
                progress.show_done(last)

        def fail(error: Exception) -> None:
            self._close(progress)
            self._not_saved(error)

        def stop() -> None:
            job.abandon()
            self._close(progress)
            self.problem.emit(self.tr("The export was stopped. Nothing was written, and older files are whole."))

        job = self._jobs.start(write, name=f"export {format_id}", on_events=tell, on_failed=fail)
        if progress is not None:
            progress.canceled.connect(stop)

    @staticmethod
    def _close(progress: ExportProgress | None) -> None:
        if progress is not None and isValid(progress):
            progress.canceled.disconnect()
            progress.close()
            progress.deleteLater()

    def ask_as_seen(self) -> None:
        """Let the user choose a file for what is on view."""
        kinds = "PNG (*.png);;JPEG (*.jpg);;WebP (*.webp)"
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
        entry, editor = self._workspace.current, self._workspace.editor
        assert entry is not None
        name = editor.document.media.file_name if editor is not None else entry.name
        return folder_beside(entry.path) / (Path(name).stem or "picture")

    def export(self, editor: DocumentEditor, format_id: str, path: Path) -> None:
        """Write the document of ``editor`` to ``path`` in the format with this id."""
        self._write([editor.document.copy().copy], format_id, path, drawing=DrawingOptions())

    def save_image(self, image: QImage, path: Path) -> None:
        """Write a picture as it is, in the format that the ending of ``path`` says (PNG where it says none)."""
        mime = SEEN_FORMATS.get(path.suffix.lower(), "image/png")

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
        from qwvis_desktop.ui.panels.space.plan_picture import render_plan  # not for the start

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
        from qwvis_desktop.ui.canvas.painting.render import PictureRenderer  # not for the start

        document, renderer = editor.document.copy(), PictureRenderer(time=self._canvas.moment_time)
        self._jobs.start(
            once(lambda: QImage.fromData(renderer.render(document, "image/png"))),
            name="copy picture",
            on_events=lambda done: take(done[0]),
            on_failed=self._not_saved,
        )

    def _not_saved(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, WriteError | MediaError | ValueError):
            raise error


def _opened(shelf: Shelf, entry: Entry) -> Document:
    """Open the picture of an entry with what was done on it.

    Raises:
        MediaError: the picture is not there, or cannot be read.
    """
    return shelf.open(entry.key, entry.source, entry.name, entry.page).document


def _progress(window: QWidget, count: int, *, is_film: bool) -> ExportProgress | None:
    """Return what tells how far an export is; None where it is one picture, which is done at once."""
    if is_film:
        return FilmProgress(count, window)
    return ExportProgress(count, window) if count > 1 else None


def _kind_of(entry: Entry, editor: DocumentEditor | None) -> str:
    """Return the kind of an entry's medium; of one that was not looked at yet, by its name."""
    if editor is not None:
        return editor.document.media.kind
    return "video" if PurePath(entry.file).suffix.lower() in FILM_SUFFIXES else "image"
