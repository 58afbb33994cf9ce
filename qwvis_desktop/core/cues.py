"""Cues: a text from one time of a film to another, as SRT and WebVTT write them alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.label_file import Labels, sentences
from qwvis_desktop.core.times import seconds_of

ROUNDED = 0.1
"""Seconds by which events may end after the film without its being said: files round, and films end within a frame."""

ARROW = "-->"
"""What stands between the times of a cue."""

_BREAK = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_TIMING = re.compile(rf"\s*([\d:.,]+)\s*{ARROW}\s*(\S+)(?:\s.*)?$")
_NUMBER = re.compile(r"\s*\d+\s*$")


class RawCue(NamedTuple):
    """A cue as a file writes it: the line of its times, and the lines below."""

    times: str
    lines: tuple[str, ...]


def events_of(annotations: Iterable[Annotation]) -> list[VideoEvent]:
    """Return the events among ``annotations``, the earliest first."""
    found = [each for each in annotations if isinstance(each, VideoEvent)]
    return sorted(found, key=lambda event: (event.start, event.end))


def clock(seconds: float, point: str = ".") -> str:
    """Return a time as ``HH:MM:SS.mmm``, with ``point`` before the thousandths."""
    total = round(seconds * 1000)
    minutes, thousandths = divmod(total, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{thousandths // 1000:02}{point}{thousandths % 1000:03}"


def lines_of(text: str) -> list[str]:
    """Return the lines of ``text``, whatever ends them."""
    return _BREAK.split(text)


def held_text(text: str) -> str:
    """Return ``text`` as a cue can hold it: without empty lines, which would end it, and without control characters."""
    lines = (_CONTROL.sub("\ufffd", line).strip() for line in lines_of(text))
    return "\n".join(line for line in lines if line)


def raw_cues(text: str) -> Iterator[RawCue]:
    """Yield the cues of a file in its order; what a cue is called (the line before its times) is passed over."""
    lines = lines_of(text.lstrip("\ufeff"))
    places = [place for place, line in enumerate(lines) if _begins_cue(lines, place)]
    for place, after in pairwise([*places, len(lines)]):
        body = lines[place + 1 : after]
        is_named = after < len(lines) and body and body[-1].strip() and (len(body) == 1 or not body[-2].strip())
        yield RawCue(lines[place], tuple(body[:-1] if is_named else body))


def _begins_cue(lines: Sequence[str], place: int) -> bool:
    if ARROW not in lines[place]:
        return False
    if _TIMING.match(lines[place]) is not None:
        return True
    # Times that cannot be read, where a cue begins: it is said that they cannot.
    before = lines[place - 1] if place > 0 else ""
    return not before.strip() or _NUMBER.match(before) is not None


def read_times(line: str) -> tuple[float, float]:
    """Return start and end in seconds.

    Raises:
        ValueError: they cannot be read, or the end comes before the start.
    """
    match = _TIMING.match(line)
    found = (None, None) if match is None else (seconds_of(match[1]), seconds_of(match[2]))
    start, end = found
    if start is None or end is None:
        raise ValueError(f'its times cannot be read ("{line.strip():.40}")')
    return in_order(start, end)


def in_order(start: float, end: float) -> tuple[float, float]:
    """Return the times of an event.

    Raises:
        ValueError: the end comes before the start.
    """
    if end < start:
        raise ValueError(f"it ends ({end:g} s) before it starts ({start:g} s)")
    return start, end


def within(labels: Labels, duration: float) -> Labels:
    """Return labels for a film of so many seconds: what starts after its end is left out, what ends later is cut."""
    held: list[Annotation] = []
    cut = 0
    for annotation in labels.annotations:
        time = annotation.start if isinstance(annotation, VideoEvent) else getattr(annotation, "time", None) or 0.0
        if time <= duration:
            held.append(_cut(annotation, duration))
            cut += held[-1] is not annotation and getattr(annotation, "end", 0.0) > duration + ROUNDED
    lost = len(labels.annotations) - len(held)
    said = sentences(
        (
            (lost, "1 object after the end of the film", "{} objects after the end of the film"),
            (cut, "of 1 event what is after the end of the film", "of {} events what is after the end of the film"),
        )
    )
    return Labels(tuple(held), labels.camera, (*labels.left_out, *said))


def _cut(annotation: Annotation, duration: float) -> Annotation:
    if isinstance(annotation, VideoEvent) and annotation.end > duration:
        return replace(annotation, end=duration)
    return annotation
