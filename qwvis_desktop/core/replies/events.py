"""Reads events of a film: objects with start and end, objects whose keys are ranges of time, and ranges in prose."""

from __future__ import annotations

import re

from qwvis_desktop.core.annotation import JsonValue, Provenance, VideoEvent
from qwvis_desktop.core.replies.findings import Findings, ReplyContext
from qwvis_desktop.core.replies.json_tree import BrokenObject, ClosedObject, RepeatedKeys
from qwvis_desktop.core.replies.layout import NO_MORE, named_by
from qwvis_desktop.core.replies.vocabulary import END_KEYS, EVENT_LABEL_KEYS, RANGE_KEYS, SCORE_KEYS, START_KEYS, plain
from qwvis_desktop.core.times import range_of, ranges_in, seconds_of

_BULLET = re.compile(r"[\s#*>\-•|]*(?:\d{1,3}[.)、]\s)?")
_MARKS = " \t\r*|:：,，.。;；()（）[]<>【】`\"'-–—－"
_FRAME = re.compile(
    r"\s{0,4}(?:from|between|at|during|in|on|within|starting|发生在|出现在|位于|在|从|于|自|第)$"
    r"|^(?:之间|期间|秒|in the video|of the video|in the clip)(?=\W|$)",
    re.IGNORECASE,
)
"""Words that lead up to a range of time, or end one, and say nothing of what happens."""

_ANSWER = re.compile(
    r"(?:(?:the|this|that|given|described|queried|relevant|target|corresponding|query|event|content|activity|action"
    r"|scene|moment|segment|clip|video|time|range|timestamps?|interval|answer|of|in|is|was|occurs?|occurred|happens?"
    r"|happened|takes?|place|appears?|starts?|ends?|located|shown|can|be|found|and|or|then|again"
    r"|it(?= (?:happen|occur|take|is|was|appear|start|can)))\b[\s,'\"]*"
    r"|该|这个|此|所|描述|查询|给定|的|事件|内容|动作|活动|场景|片段|视频|中|时间|范围|段|是|为|发生|出现|和|及|以及)*",
    re.IGNORECASE,
)
"""A sentence of nothing but these only frames the answer: "The event happens from"."""


_CLIPPED = 1.0
"""Seconds by which an event is clipped at the end of what was sent without a word: models round to whole ones."""


class EventReader:
    """Turns closed objects, and prose where there are none, into events.

    Args:
        context: what must be known to read the reply.
        findings: where annotations and issues go.
    """

    def __init__(self, context: ReplyContext, findings: Findings) -> None:
        self._findings = findings
        self._context = context

    def read(self, closed: ClosedObject) -> None:
        """Read one closed object."""
        self._findings.structured = True
        pairs = closed.value.pairs if isinstance(closed.value, RepeatedKeys) else list(closed.value.items())
        span = (closed.start, closed.end)
        ranges = [(range_of(key), value) for key, value in pairs]
        for times, value in ranges:
            if times is not None:
                self._add(times, _described(value), span)
        if not any(times for times, _ in ranges):
            self._read_one(closed.value, span)

    def read_broken(self, broken: BrokenObject) -> None:
        """Say so where an event never ended."""
        if broken.torn or any(plain(key) in START_KEYS or range_of(key) for key in broken.value):
            message = "An object whose closing bracket never came was left out."
            self._findings.refuse("unclosed", message, (broken.start, broken.end))

    def read_prose(self, text: str) -> None:
        """Read the ranges of time that ``text`` tells; the rest of the line says what happens."""
        place = 0
        for line in text.split("\n"):
            self._read_line(line, place)
            place += len(line) + 1

    def _read_line(self, line: str, place: int) -> None:
        found = list(ranges_in(line))
        cuts = [0, *(cut for *_, begin, stop in found for cut in (begin, stop)), len(line)]
        told = [_told(line[begin:stop]) for begin, stop in zip(cuts[::2], cuts[1::2], strict=True)]
        before = bool(told[0]) and not told[-1]
        for index, (start, end, begin, stop) in enumerate(found):
            label = told[index] if before else told[index + 1]
            self._add((start, end), label, (place + begin, place + stop))

    def _read_one(self, value: dict[str, JsonValue], span: tuple[int, int]) -> None:
        keys = {plain(key): key for key in value}
        first = next((keys[key] for key in keys if key in START_KEYS), None)
        last = next((keys[key] for key in keys if key in END_KEYS), None)
        whole = next((keys[key] for key in keys if key in RANGE_KEYS), None)
        used = {key for key in (first, last, whole) if key is not None}
        if not value or all(item == [] for item in value.values()):
            self._findings.said_nothing = True
            return
        if first is not None and last is not None:
            start, end = seconds_of(value[first]), seconds_of(value[last])
            times = None if start is None or end is None else (start, end)
        elif whole is not None:
            moment = seconds_of(value[whole])
            times = range_of(value[whole]) if moment is None else (moment, moment)
        else:
            return
        if times is None:
            self._findings.refuse("bad-time", "An event whose times cannot be read was left out.", span)
            return
        label_key = next((keys[name] for name in EVENT_LABEL_KEYS if name in keys and keys[name] not in used), None)
        if label_key is None:
            label_key = next((key for key in value if key not in used and isinstance(value[key], str)), None)
        label = "" if label_key is None else named_by(value[label_key])
        score = next((seconds_of(value[key]) for name, key in keys.items() if name in SCORE_KEYS), None)
        rest = {key: item for key, item in value.items() if key not in used and key != label_key}
        self._add(times, label, span, rest, score if score is not None and score <= 1 else None)

    def _add(
        self,
        times: tuple[float, float],
        label: str,
        span: tuple[int, int],
        rest: dict[str, JsonValue] | None = None,
        score: float | None = None,
    ) -> None:
        if times[0] > times[1]:
            message = f"An event ends ({times[1]:g} s) before it starts ({times[0]:g} s); it was turned round."
            self._findings.refuse("turned-round", message, span)
        start, end = (self._context.film_time(time) for time in sorted(times))
        last = self._context.last_moment
        if last is not None:
            if start > last:
                message = f"An event at {start:g} seconds lies behind the end of the film and was refused."
                self._findings.refuse("outside", message, span)
                return
            if end > last + _CLIPPED:
                message = f"An event until {end:g} seconds goes on after the end at {last:g} s; it was clipped there."
                self._findings.refuse("clipped", message, span)
            end = min(end, last)
        self._findings.add(
            VideoEvent(
                label=label,
                id=self._findings.next_id(),
                score=score,
                attributes=rest or NO_MORE,
                provenance=Provenance(self._findings.run, span, times),
                start=start,
                end=end,
            )
        )


def _told(text: str) -> str:
    """Return what the text beside a range of time says that happens; empty where it only frames the range."""
    bare = _BULLET.sub("", text, count=1).strip(_MARKS)
    bare = _FRAME.sub("", bare).strip(_MARKS)
    return "" if _ANSWER.fullmatch(bare) else bare


def _described(value: JsonValue) -> str:
    """Return the description under a range: a string, several, or an object that holds one."""
    if isinstance(value, list):
        return " ".join(item for item in value if isinstance(item, str))
    if isinstance(value, dict):
        names = {plain(key): item for key, item in value.items()}
        return next((named_by(names[name]) for name in EVENT_LABEL_KEYS if name in names), named_by(value))
    return named_by(value)
