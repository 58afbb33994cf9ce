"""Small views of the open pictures, made in the background when their rows are first seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import open_media
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.images import Picture, PictureLoader, image_of
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.filmstrip import THUMBNAIL, Filmstrip

SHARPNESS = 2
"""Thumbnails have this many pixels for each of the strip's, so that they are crisp at 200 %."""

MOST_WANTED = 48
"""Small views that wait to be made: as many as fit on a large screen."""

_ROOM = THUMBNAIL * SHARPNESS


class ThumbnailController(QObject):
    """Answers ``Filmstrip.thumbnail_needed``; the row asked for last is made first, as that is what is looked at.

    The picture that is being opened goes first, and its small view is made of it when it comes: a second decoder
    beside the first would make the user wait a third longer for it.
    """

    def __init__(self, filmstrip: Filmstrip, workspace: Workspace, loader: PictureLoader, jobs: JobRunner) -> None:
        super().__init__(workspace)
        self._filmstrip = filmstrip
        self._workspace = workspace
        self._loader = loader
        self._jobs = jobs
        self._wanted: OrderedDict[str, Entry] = OrderedDict()
        self._working = False
        self._coming: str | None = None
        filmstrip.thumbnail_needed.connect(self._want)
        workspace.current_changed.connect(self._look_again)
        workspace.entries_changed.connect(self._look_again)
        loader.ready.connect(self._take)

    def _want(self, key: str) -> None:
        kept, current = self._loader.kept(key), self._workspace.current
        if kept is not None:
            self._filmstrip.set_thumbnail(key, _scaled(kept.levels[-1]))
        elif current is not None and current.key == key and not current.problem and not self._is_film():
            self._coming = key
        else:
            self._make(key)

    def _take(self, key: str, picture: Picture) -> None:
        """Make the small view of the picture that came, then all others."""
        if key == self._coming:
            self._coming = None
            self._filmstrip.set_thumbnail(key, _scaled(picture.levels[-1]))
            self._begin()

    def _look_again(self) -> None:
        """Go on where the picture that was to come will not, or is not looked at any more."""
        current = self._workspace.current
        comes = current is not None and current.key == self._coming and not current.problem and not self._is_film()
        if self._coming is not None and not comes:
            coming, self._coming = self._coming, None
            self._make(coming)

    def _is_film(self) -> bool:
        """Say whether a film is looked at, whose frames come another way."""
        editor = self._workspace.editor
        return editor is not None and isinstance(editor.document.media, VideoMedia)

    def _make(self, key: str) -> None:
        entry = self._workspace.entry(key)
        if entry is not None:
            self._wanted[key] = entry
            self._wanted.move_to_end(key)
        if len(self._wanted) > MOST_WANTED:
            # They were scrolled past; where they come into view again, they are asked for again.
            passed, _ = self._wanted.popitem(last=False)
            self._filmstrip.not_made([passed])
        self._begin()

    def _begin(self) -> None:
        if self._wanted and not self._working and self._coming is None:
            self._working = True
            self._jobs.start(self._made, name="thumbnails", on_events=self._show, on_finished=self._rest)

    def _made(self) -> Iterator[tuple[str, QImage]]:
        """Make what is wanted until nothing is; runs on a worker thread."""
        while self._wanted:
            _, entry = self._wanted.popitem()
            image = _thumbnail(entry)
            if image is not None:
                yield entry.key, image

    def _show(self, made: Sequence[tuple[str, QImage]]) -> None:
        for key, image in made:
            self._filmstrip.set_thumbnail(key, image)

    def _rest(self) -> None:
        self._working = False
        self._begin()


def _thumbnail(entry: Entry) -> QImage | None:
    """Return a small view of an entry; None where it cannot be read, which is said when it is looked at."""
    try:
        media = open_media(entry.source, entry.name, page=entry.page)
        raster = decode(media, Size(_ROOM.width(), _ROOM.height()))
    except MediaError:
        return None
    small = _scaled(image_of(raster))
    if isinstance(media, VideoMedia):
        return _with_length(small, media.duration)
    return small


def _with_length(image: QImage, seconds: float) -> QImage:
    """Return a small view with how long the film is written on it; one that is narrow gets room for that beside it."""
    words, font = clock(seconds, 0, hours=False), QFont()
    font.setPixelSize(max(10, 11 * SHARPNESS))
    room = QFontMetrics(font).boundingRect(words).size()
    chip = QRect(QPoint(0, 0), QSize(min(room.width() + 10, _ROOM.width()), room.height() + 2))
    whole = QImage(image.size().expandedTo(chip.size()), QImage.Format.Format_ARGB32_Premultiplied)
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    painter.drawImage((whole.width() - image.width()) // 2, (whole.height() - image.height()) // 2, image)
    painter.setFont(font)
    chip.moveBottomRight(whole.rect().bottomRight())
    painter.fillRect(chip, QColor(0, 0, 0, 180))
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return whole


def _scaled(image: QImage) -> QImage:
    """Return a picture at the size of a small view; a copy, which does not lean on the bytes of ``image``."""
    return image.scaled(_ROOM, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation).copy()
