"""Copies what is selected, or all, for other programs: as a table, as JSON, as a part of the picture."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QImage

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.annotation_json import annotation_to_json, json_text
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.images import image_of
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.mime import empty_mime
from qwvis_desktop.ui.panels.words import counted

TABLE = "text/tab-separated-values"


class CopyController(QObject):
    """Puts annotations on the clipboard in forms that other programs take.

    Signals:
        problem(str): something could not be copied; a sentence for people.
        said(str): what was copied.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(self, workspace: Workspace, jobs: JobRunner) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._jobs = jobs

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "edit.copy_table": self.copy_table,
            "edit.copy_json": self.copy_json,
            "edit.copy_crop": self.copy_crop,
        }

    def copy_table(self) -> None:
        """Put the annotations on the clipboard as rows for a spreadsheet."""
        from qwvis_desktop.core.formats.csv_table import tab_separated  # not for the start

        editor = self._workspace.editor
        if editor is not None:
            chosen = self._chosen()
            text = tab_separated(editor.document, chosen)
            mime = empty_mime()
            mime.setText(text)
            mime.setData(TABLE, text.encode())
            QGuiApplication.clipboard().setMimeData(mime)
            self._say(len(chosen))

    def copy_json(self) -> None:
        """Put the annotations on the clipboard as the command line prints them."""
        editor = self._workspace.editor
        if editor is not None:
            chosen, document = self._chosen(), editor.document
            listed = [annotation_to_json(each, document.camera, document.convention) for each in chosen]
            QGuiApplication.clipboard().setText(json_text([*listed], indent=1))
            self._say(len(chosen))

    def copy_crop(self) -> None:
        """Put the part of the picture under what is selected on the clipboard, in full resolution."""
        editor = self._workspace.editor
        if editor is None:
            return
        boxes = [box for key in editor.selection if (box := bounds_of(editor.document.annotations[key])) is not None]
        if not boxes:
            self.problem.emit(self.tr("Select what lies on the picture first; the part under it is copied."))
            return
        media, part = editor.document.media, _round_all(boxes)
        self._jobs.start(
            once(lambda: _crop(media, part)),
            name="copy crop",
            on_events=lambda cut: self._take(cut[0]),
            on_failed=self._not_copied,
        )

    def _chosen(self) -> list[Annotation]:
        """Return what is selected, else all that is not hidden; in drawing order."""
        editor = self._workspace.editor
        if editor is None:
            return []
        held = editor.document.annotations
        wanted = set(editor.selection) or set(held) - set(editor.hidden)
        return [annotation for key, annotation in held.items() if key in wanted]

    def _take(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        size = f"{image.width()} x {image.height()}"
        self.said.emit(self.tr("Copied a part of {size} pixels.").replace("{size}", size))

    def _say(self, count: int) -> None:
        self.said.emit(self.tr("Copied {n}.").replace("{n}", counted(count, "object")))

    def _not_copied(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, MediaError):
            raise error


def _round_all(boxes: list[Box]) -> Box:
    """Return the box of whole pixels round all of these."""
    return Box(
        math.floor(min(box.left for box in boxes)),
        math.floor(min(box.top for box in boxes)),
        math.ceil(max(box.right for box in boxes)),
        math.ceil(max(box.bottom for box in boxes)),
    )


def _crop(media: Media, part: Box) -> QImage:
    """Return a part of a picture, as far as it lies on it; a point gives one pixel.

    Raises:
        MediaError: the picture cannot be decoded.
    """
    raster = decode(media)
    area = QRect(int(part.left), int(part.top), max(1, int(part.width)), max(1, int(part.height)))
    return image_of(raster).copy(area & QRect(0, 0, *media.size))
