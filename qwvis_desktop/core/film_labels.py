"""What formats of films need of a document: the film, the numbers of its frames, its tracks."""

from __future__ import annotations

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.video import VideoMedia


def film_of(document: Document) -> VideoMedia:
    """Return the film of a document.

    Raises:
        ValueError: it is a picture.
    """
    if isinstance(document.media, VideoMedia):
        return document.media
    raise ValueError("this format is for films, and it is a picture")


def frame_number(film: VideoMedia, time: float) -> int:
    """Return which frame shows at ``time``, counted from 1 by the film's average rate, as these formats count.

    At a variable rate that is not the container's own number; whoever divides by the same rate finds the same time.
    """
    return max(1, min(round(time * film.rate) + 1, film.frames))


def seen_times(document: Document) -> tuple[float, ...]:
    """Return the times of all frames that models looked at, sorted."""
    return tuple(sorted({time for run in document.runs.values() if run.film is not None for time in run.film.times}))


def timeless(document: Document) -> Losses:
    """Count the boxes that have no time, which formats of boxes in time leave out."""
    boxes = (each for each in document.annotations.values() if isinstance(each, Detection))
    return ((sum(box.time is None for box in boxes), "1 box without a time", "{} boxes without a time"),)
