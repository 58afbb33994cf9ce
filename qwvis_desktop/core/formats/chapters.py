r"""Chapters: the lines that YouTube reads in a film's description, and the metadata that FFmpeg writes into a file.

YouTube takes lines of a time in whole seconds and a title, the first of them at 0:00, later ones rising. Events that
begin in the same second share a line; where the first begins later, a line "Start" stands before it. FFmpeg's metadata
holds both ends in thousandths; ``=``, ``;``, ``#``, ``\`` and line breaks get a backslash (ffmpeg-formats, "Metadata").
"""

from __future__ import annotations

import re

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.core.cues import events_of, held_text
from qwvis_desktop.core.dataset import Holds, LabelledPicture
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.plane.outlines import UNNAMED

_HOLDS = Holds(kinds=frozenset({"event"}))

_SPECIAL = re.compile(r"([=;#\\\n])")


def dump_lines(film: LabelledPicture) -> bytes:
    """Return the lines for a film's description, UTF-8."""
    starts: dict[int, list[str]] = {}
    for event in events_of(film.document.annotations.values()):
        starts.setdefault(int(event.start), []).append(_title(event))
    if starts and 0 not in starts:
        starts = {0: ["Start"], **starts}
    return "".join(f"{_clock(start)} {' / '.join(titles)}\n" for start, titles in starts.items()).encode()


def _title(event: VideoEvent) -> str:
    return held_text(event.label).replace("\n", " ") or UNNAMED


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def losses_of_lines(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    events = events_of(document.annotations.values())
    return (
        *_HOLDS.losses(document),
        (len(events), "the end of 1 event (it lasts to the next)", "the ends of {} events (each lasts to the next)"),
        (
            sum(event.start != int(event.start) for event in events),
            "the fraction of a second of 1 start",
            "the fractions of a second of {} starts",
        ),
    )


def dump_metadata(film: LabelledPicture) -> bytes:
    """Return the chapters as FFmpeg's metadata, UTF-8."""
    chapters = (
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={round(event.start * 1000)}\nEND={round(event.end * 1000)}\n"
        f"title={_escaped(held_text(event.label) or UNNAMED)}\n"
        for event in events_of(film.document.annotations.values())
    )
    return "".join([";FFMETADATA1\n", *chapters]).encode()


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def losses_of_metadata(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)
