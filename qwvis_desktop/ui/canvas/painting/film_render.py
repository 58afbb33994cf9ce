"""``FilmRenderer``: films with their annotations drawn on each frame, by the painters of the canvas."""

from __future__ import annotations

from collections.abc import Iterator

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.event_editing import nearest, times_of
from qwvis_desktop.core.media.extraction import extract
from qwvis_desktop.core.media.film import FilmFrame, FilmReader
from qwvis_desktop.core.media.film_index import film_index
from qwvis_desktop.core.media.media import film_of
from qwvis_desktop.core.media.raster import encode
from qwvis_desktop.ui.canvas.painting.render import PictureRenderer, at_moment, moment_of


class FilmRenderer(PictureRenderer):
    """Draws films, and pictures too."""

    def frames(self, document: Document) -> Iterator[FilmFrame]:
        """Yield the frames of the range that is asked about, or all, each with what is there at its time.

        Raises:
            MediaError: the film cannot be decoded.
        """
        start, end = document.film_range
        moment = moment_of(document)
        with FilmReader(film_of(document.media)) as reader:
            frame: FilmFrame | None = reader.at(start or 0.0)
            while frame is not None and (end is None or frame.time < end):
                drawn, raster = at_moment(document, moment, frame)
                if drawn.annotations or moment.events:
                    raster = self.drawn(drawn, raster, moment.events)
                yield FilmFrame(frame.time, frame.duration, raster)
                frame = reader.following()

    def stills(self, document: Document) -> Iterator[tuple[float, bytes]]:
        """Yield each frame on which a box stands or an event begins, with what is there, as PNG with its time.

        Raises:
            MediaError: the film cannot be decoded.
        """
        media, moment = film_of(document.media), moment_of(document)
        found = (times_of(each) for each in document.annotations.values())
        frames = film_index(media).times
        times = sorted({nearest(frames, times[0]) for times in found if times is not None})
        for frame in extract(media, times):
            drawn, raster = at_moment(document, moment, frame)
            yield frame.time, encode(self.drawn(drawn, raster, moment.events), "image/png")
