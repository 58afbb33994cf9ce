"""WebVTT: subtitles and chapters of the web (W3C), a cue for each event; who found them stands in notes.

A cue's end must come after its start, so a moment gets a thousandth of a second. ``<``, ``>`` and ``&`` are written as
entities, by which everything but empty lines can be held. Notes are read by people only: the model, its prompt and the
time of each run, and which cues are of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.cues import ARROW, RawCue, clock, events_of, held_text, raw_cues, read_times
from qwvis_desktop.core.dataset import Holds, LabelledPicture
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, read_each
from qwvis_desktop.core.plane.outlines import UNNAMED, label_of

_HOLDS = Holds(kinds=frozenset({"event"}))

_TAG = re.compile(r"<[^>]*>")

_LEAST = 0.001
"""Seconds that a cue lasts at least."""


def dump(film: LabelledPicture) -> bytes:
    """Return the events of a film, the earliest first, with notes on the runs they came from, UTF-8."""
    events = events_of(film.document.annotations.values())
    notes = _notes(film, events)
    cues = (
        f"{number}\n{clock(event.start)} {ARROW} {clock(max(event.end, event.start + _LEAST))}\n{_text(event.label)}\n"
        for number, event in enumerate(events, 1)
    )
    return "\n".join(["WEBVTT\n", *notes, *cues]).encode()


def _text(label: str) -> str:
    return escape(held_text(label) or UNNAMED, quote=False)


def _notes(film: LabelledPicture, events: Sequence[VideoEvent]) -> Iterator[str]:
    yield _note(f"Film: {film.name}", "Written by QwVis Desktop.")
    for run in film.document.runs.values():
        of = [n for n, event in enumerate(events, 1) if event.provenance is not None and event.provenance.run == run.id]
        if of:
            yield _note(*_told(run), f"Cues of this run: {_spans(of)}.")
    by_hand = [number for number, event in enumerate(events, 1) if event.provenance is None]
    if by_hand:
        yield _note(f"Cues by hand: {_spans(by_hand)}.")


def _told(run: Run) -> Iterator[str]:
    yield f"Model: {run.model or 'unknown'}; service: {run.provider}; {run.started.isoformat(timespec='seconds')}"
    yield f"Task: {run.task}; run: {run.id}"
    if run.prompt:
        yield f"Prompt: {run.prompt}"


def _note(*lines: str) -> str:
    """Return a note: one block without empty lines and without the arrow, which would make a cue of it."""
    return f"NOTE\n{held_text(chr(10).join(lines)).replace(ARROW, '→')}\n"


def _spans(numbers: Sequence[int]) -> str:
    """Return numbers in a few words: ``1-3, 5``."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in found)


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    events = events_of(document.annotations.values())
    return (
        *_HOLDS.losses(document),
        (
            sum(bool(event.label) and held_text(event.label) != event.label for event in events),
            "empty lines in 1 text",
            "empty lines in {} texts",
        ),
        (
            sum(event.end - event.start < _LEAST for event in events),
            "that 1 event takes no time (it gets a thousandth of a second)",
            "that {} events take no time (they get a thousandth of a second)",
        ),
    )


def is_webvtt(text: str) -> bool:
    """Say whether ``text`` begins as WebVTT must."""
    return re.match(r"\ufeff?WEBVTT(?![^ \t\r\n])", text) is not None


def load(text: str) -> Labels:
    """Return the events of a file in its order; marks inside a text (``<i>``) are left out, entities are read.

    Raises:
        LabelFileError: it is none, or no cue of it can be read.
    """
    if not is_webvtt(text):
        raise LabelFileError('This is no WebVTT file: it does not begin with "WEBVTT". Choose another file.')
    annotations, left_out = read_each(raw_cues(text), _read)
    return Labels(annotations, None, left_out)


def _read(cue: RawCue) -> Annotation:
    start, end = read_times(cue.times)
    empty = next((place for place, line in enumerate(cue.lines) if not line.strip()), len(cue.lines))
    words = unescape(_TAG.sub("", "\n".join(cue.lines[:empty])))
    return VideoEvent(label=label_of(held_text(words)), start=start, end=end)
