"""``Media``: what was dropped; and opening it, decided by its content."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image, reading
from qwvis_desktop.core.media.video import FILM_SUFFIXES, VideoMedia, is_film

Media: TypeAlias = ImageMedia | VideoMedia
"""A picture or a film."""


def open_media(source: Path | bytes, name: str = "", *, page: int = 0, resolution: int = 0) -> Media:
    """Open what was dropped, as what its content says it is, whatever its suffix. Not for the window's thread.

    Args:
        source: a file, or the encoded bytes of a picture.
        name: what people call it; the file's name where empty.
        page: of a document, counted from 1; the first one where 0.
        resolution: pixels per inch for the page of a PDF document.

    Raises:
        MediaError: it is neither a picture nor a film, or cannot be opened.
    """
    if isinstance(source, bytes):
        return open_image(source, name, page=page, resolution=resolution)
    with reading(name or source.name):
        start = _start_of(source)
    is_called_film = source.suffix.lower() in FILM_SUFFIXES and bool(start)
    if is_film(start) or is_called_film:
        return open_video(source, name)
    return open_image(source, name, page=page, resolution=resolution)


def picture(media: Media) -> ImageMedia:
    """Return ``media`` where a picture is needed.

    Raises:
        MediaError: it is a film.
    """
    if isinstance(media, ImageMedia):
        return media
    raise MediaError(f'"{media.name}" is a film, and this can only be done with pictures.')


def film_of(media: Media) -> VideoMedia:
    """Return ``media`` where a film is needed.

    Raises:
        MediaError: it is a picture.
    """
    if isinstance(media, VideoMedia):
        return media
    raise MediaError(f'"{media.name}" is a picture, and this can only be done with films.')


def _start_of(path: Path) -> bytes:
    """Return the first bytes of a file; none of what is no file, as opening a pipe would wait for ever."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(512)
