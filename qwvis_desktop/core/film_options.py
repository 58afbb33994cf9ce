"""What is set for a request about a film, and what a reply without a request is about; nothing here reads films."""

from __future__ import annotations

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.request.request_options import OPTIONS
from qwvis_desktop.core.request.tokens import DEFAULT_FPS


def options_of_film(options: Attributes) -> Attributes:
    """Return what of ``options`` makes sense for a film; limits for pictures are not limits of its frames."""
    return {name: value for name, value in options.items() if name not in OPTIONS or "video" in OPTIONS[name].media}


def part_options(document: Document) -> Attributes:
    """Return the option that says which part of a document's film is asked about; none for all of it."""
    start, end = document.film_range
    if not isinstance(document.media, VideoMedia) or (start is None and end is None):
        return {}
    return {"range": [start or 0.0, document.media.duration if end is None else end]}


def film_options(options: Attributes) -> Attributes:
    """Return those of ``options`` that say what of a film is sent, and how."""
    return {name: value for name, value in options.items() if name in OPTIONS and OPTIONS[name].media == ("video",)}


def film_of_reply(media: Media) -> FilmSent | None:
    """Return what a reply without a request is taken to be about: the whole film; None for a picture."""
    if not isinstance(media, VideoMedia):
        return None
    return FilmSent(
        way=FilmWay.FILE,
        duration=media.duration,
        start=0.0,
        end=media.duration,
        fps=DEFAULT_FPS,
        times=(),
        size=media.size,
    )
