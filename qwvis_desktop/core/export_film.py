"""Writing films with what is drawn on them: an annotated MP4, or single frames as pictures in a folder."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol, runtime_checkable

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_formats import MP4
from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.media.film import FilmFrame
from qwvis_desktop.core.media.film_encode import write_film
from qwvis_desktop.core.media.media import film_of
from qwvis_desktop.core.media.write import writing_together
from qwvis_desktop.core.steps import told


@runtime_checkable
class FilmRenderer(Protocol):
    """Draws the frames of a film with what is there at their times (``ui.canvas.painting.film_render``)."""

    def frames(self, document: Document) -> Iterator[FilmFrame]:
        """Yield all frames of the range that is asked about."""

    def stills(self, document: Document) -> Iterator[tuple[float, bytes]]:
        """Yield the frames on which something stands or begins, as PNG, with their times."""


def writing_film(
    document: Document, format_id: str, path: Path, renderer: FilmRenderer
) -> Generator[float, None, tuple[Path, ...]]:
    """Write a film as the format says, yield the share that is done, and return the files.

    Closed before its end, it leaves no file behind, and what was there is as it was.

    Raises:
        MediaError: the film cannot be decoded, or what encodes films is not there.
        WriteError: a file cannot be written.
    """
    media = film_of(document.media)
    if format_id != MP4:
        files = yield from _stills(document, path, renderer)
        return files
    start, end = document.film_range
    first, length = start or 0.0, (media.duration if end is None else end) - (start or 0.0)
    with closing(write_film(path, renderer.frames(document), media.rate)) as steps:
        for time in steps:
            yield min(max(time - first, 0.0) / length, 1.0) if length > 0 else 1.0
    return (path,)


def _stills(document: Document, path: Path, renderer: FilmRenderer) -> Generator[float, None, tuple[Path, ...]]:
    stem, duration = Path(document.media.name).stem, film_of(document.media).duration
    done = 0.0

    def files() -> Iterator[tuple[Path, bytes]]:
        nonlocal done
        for time, data in renderer.stills(document):
            done = min(time / duration, 1.0) if duration > 0 else 1.0
            yield path / f"{stem} {clock(time).replace(':', '.')}.png", data

    return (yield from told(writing_together(files(), path), lambda _step: done))
