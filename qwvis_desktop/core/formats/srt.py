"""SRT: subtitles, numbered, a cue for each event; every player reads it.

The format has no description and no way to write an arrow (``-->``), which stands between the times: it becomes ``→``.
Empty lines would end a cue and are left out; other characters stay as they are, ``<`` and ``&`` too.
"""

from __future__ import annotations

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.cues import ARROW, RawCue, clock, events_of, held_text, lines_of, raw_cues, read_times
from qwvis_desktop.core.dataset import Holds, LabelledPicture
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, read_each
from qwvis_desktop.core.plane.outlines import UNNAMED, label_of

_HOLDS = Holds(kinds=frozenset({"event"}))


def dump(film: LabelledPicture) -> bytes:
    """Return the events of a film, the earliest first, UTF-8."""
    cues = (
        f"{number}\n{clock(event.start, ',')} {ARROW} {clock(event.end, ',')}\n{_text(event.label)}\n"
        for number, event in enumerate(events_of(film.document.annotations.values()), 1)
    )
    return "\n".join(cues).encode()


def _text(label: str) -> str:
    return held_text(label).replace(ARROW, "→") or UNNAMED


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    labels = [event.label for event in events_of(document.annotations.values())]
    changed = sum(label != _text(label) for label in labels if label)
    return (
        *_HOLDS.losses(document),
        (changed, "empty lines or arrows in 1 text", "empty lines or arrows in {} texts"),
    )


def is_srt(text: str) -> bool:
    """Say whether ``text`` begins with a numbered cue."""
    first = [line.strip() for line in lines_of(text[:2000].lstrip("\ufeff")) if line.strip()][:2]
    return len(first) == 2 and first[0].isdecimal() and ARROW in first[1]


def load(text: str) -> Labels:
    """Return the events of a file in its order.

    Raises:
        LabelFileError: it is none, or no cue of it can be read.
    """
    cues = list(raw_cues(text))
    if not cues:
        raise LabelFileError("This is no SRT file: it has no cue with times. Choose another file.")
    annotations, left_out = read_each(cues, _read)
    return Labels(annotations, None, left_out)


def _read(cue: RawCue) -> Annotation:
    start, end = read_times(cue.times)
    return VideoEvent(label=label_of(held_text("\n".join(cue.lines))), start=start, end=end)
