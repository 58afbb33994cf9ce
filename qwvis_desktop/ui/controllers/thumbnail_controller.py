"""Small views of the open pictures, made in the background when their rows are first seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.filmstrip import THUMBNAIL, Filmstrip

SHARPNESS = 2
"""Thumbnails have this many pixels for each of the strip's, so that they are crisp at 200 %."""


class ThumbnailController(QObject):
    """Answers ``Filmstrip.thumbnail_needed``; the row asked for last is made first, as that is what is looked at."""

    def __init__(self, filmstrip: Filmstrip, workspace: Workspace, jobs: JobRunner) -> None:
        super().__init__(workspace)
        self._filmstrip = filmstrip
        self._workspace = workspace
        self._jobs = jobs
        self._wanted: deque[Entry] = deque()
        self._working = False
        filmstrip.thumbnail_needed.connect(self._want)

    def _want(self, key: str) -> None:
        entry = self._workspace.entry(key)
        if entry is None:
            return
        self._wanted.append(entry)
        if not self._working:
            self._working = True
            self._jobs.start(self._made, name="thumbnails", on_events=self._show, on_finished=self._rest)

    def _made(self) -> Iterator[tuple[str, QImage]]:
        """Make what is wanted until nothing is; runs on a worker thread."""
        while self._wanted:
            entry = self._wanted.pop()
            image = _thumbnail(entry)
            if image is not None:
                yield entry.key, image

    def _show(self, made: Sequence[tuple[str, QImage]]) -> None:
        for key, image in made:
            self._filmstrip.set_thumbnail(key, image)

    def _rest(self) -> None:
        self._working = False
        if self._wanted:
            self._want(self._wanted.pop().key)


def _thumbnail(entry: Entry) -> QImage | None:
    """Return a small view of an entry; None where it cannot be read, which is said when it is looked at."""
    room = THUMBNAIL * SHARPNESS
    try:
        media = open_image(entry.path if entry.path is not None else entry.data or b"", entry.name)
        raster = decode(media, Size(room.width(), room.height()))
    except MediaError:
        return None
    width, height = raster.size
    image = QImage(raster.data, width, height, width * 4, QImage.Format.Format_RGB32)
    # Scaling copies, so that the result does not lean on the raster's bytes.
    return image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation).copy()
