"""Events of a film."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reply_reading import codes, context, labels, numbers, read

from qwvis_desktop.core.annotation import Detection, ReplyStatus, VideoEvent
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ParsedReply

EVENTS = context("video-events")


def times(reply: ParsedReply) -> list[tuple[float, float]]:
    return [(a.start, a.end) for a in reply.annotations if isinstance(a, VideoEvent)]


@pytest.mark.parametrize(
    "raw",
    [
        '[{"start_time": "00:01.00", "end_time": "00:02.00", "description": "it"}]',
        '{"events": [{"start": 1, "end": "2 s", "event": "it"}]}',
        '{"00:01 - 00:02": "it"}',
        '{"00:01 - 00:02": {"description": "it"}}',
        '{"00:01 - 00:02": ["it"]}',
        '[{"time": "0:01-0:02", "what": "it"}]',
        '[{"timestamp": [1, 2], "caption": "it"}]',
        '[{"end": 1, "start": 2, "label": "it"}]',
        "- **0:01–0:02**: it\n",
        "it (0:01 - 0:02)",
        '{"a": {"x": 1}, "b": [{"from": 1, "to": 2, "label": "it"}]}',
    ],
)
def test_events_in_all_forms(raw: str) -> None:
    reply = read(raw, EVENTS)
    assert times(reply) == [(1.0, 2.0)]
    assert labels(reply) == ["it"]
    assert reply.status is ReplyStatus.OK


def test_what_else_an_event_says_is_kept() -> None:
    event = read('{"start": 1, "end": 2, "event": "it", "score": 0.5, "who": "he"}', EVENTS).annotations[0]
    assert event.score == 0.5
    assert event.attributes["who"] == "he"
    assert read('{"start": 1, "end": 2}', EVENTS).annotations[0].label == ""
    assert times(read('{"time": 3, "event": "it"}', EVENTS)) == [(3, 3)]
    assert len(times(read('{"0:01 - 0:02": "a", "0:01 - 0:02": "b"}', EVENTS))) == 2


def test_events_keep_to_the_film() -> None:
    reply = read('[{"start": 5, "end": 20}, {"start": 11, "end": 20}]', context("video-events", duration=10.0))
    assert times(reply) == [(5, 10)]
    assert codes(reply) == ["clipped", "outside"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ('{"start": "then", "end": 2}', "bad-time"),
        ('{"time": "later", "event": "x"}', "bad-time"),
        ('[{"start": 1, "end": 2', "unclosed"),
        ('{"0:01 - 0:02": "a"', "unclosed"),
    ],
)
def test_what_cannot_be_read_is_said(raw: str, code: str) -> None:
    reply = read(raw, EVENTS)
    assert times(reply) == []
    assert codes(reply) == [code]
    assert reply.status is ReplyStatus.PARTIAL


def test_nothing_happens() -> None:
    assert read('{"events": []}', EVENTS).status is ReplyStatus.OK_EMPTY
    assert read("He sits on pages 3 - 5.", EVENTS).status is ReplyStatus.NO_STRUCTURED_DATA
    assert read('{"who": "he"}', EVENTS).status is ReplyStatus.NO_STRUCTURED_DATA


def test_boxes_in_a_film_have_their_time() -> None:
    reply = read('[{"time": 1.0, "bbox_2d": [1, 2, 3, 4], "label": "car"}]', context("video-boxes"))
    assert [a.time for a in reply.annotations if hasattr(a, "time")] == [1.0]


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("00:05–00:10: walks", [(5, 10, "walks")]),
        ("00：12－00：20：sits", [(12, 20, "sits")]),
        ("The event happens from 00:10 to 00:20.", [(10, 20, "")]),
        ("It happens from 00:10 to 00:20 and again from 00:30 to 00:40.", [(10, 20, ""), (30, 40, "")]),
        ("事件发生在 00:10 到 00:20 之间。", [(10, 20, "")]),
        ("在视频的第12秒到第20秒，有人打开了门。", [(12, 20, "有人打开了门")]),
        ("walks (00:05-00:10), sits (00:12-00:20)", [(5, 10, "walks"), (12, 20, "sits")]),
        ("00:05-00:10 walks, 00:12-00:20 sits", [(5, 10, "walks"), (12, 20, "sits")]),
        ("| 00:00 | 00:05 | A man walks |", [(0, 5, "A man walks")]),
        ("0.5s - 5.2s: he walks", [(0.5, 5.2, "he walks")]),
        ("He walks from <1.5 seconds> to <2 seconds>.", [(1.5, 2, "He walks")]),
    ],
)
def test_lines_of_prose_tell_what_happens_when(line: str, due: list[tuple[float, float, str]]) -> None:
    reply = read(f"Events:\n{line}\nThat is all.", context("video-events"))
    told = [(a.start, a.end, a.label) for a in reply.annotations if isinstance(a, VideoEvent)]
    assert told == due


def test_an_open_wrapper_round_whole_events_loses_nothing() -> None:
    reply = read('{"x": [{"start": 1, "end": 2, "event": "a"}]', context("video-events"))
    assert reply.issues == ()
    assert len(reply.annotations) == 1


FILM = FilmSent(way=FilmWay.CLIP, duration=90, start=30, end=60, fps=2, times=(30.0, 30.5, 31.0), size=Size(1000, 1000))


def test_times_are_those_of_the_film_where_a_part_of_it_was_sent() -> None:
    raw = '[{"start": 1, "end": 2.5, "event": "a"}, {"start": 29, "end": 40, "event": "b"}, {"start": 31, "end": 33}]'
    reply = read(raw, replace(EVENTS, duration=90, film=FILM))
    assert times(reply) == [(31, 32.5), (59, 60)]
    assert numbers(reply) == [(1, 2.5), (29, 40)]
    # What is clipped is said, and takes nothing away; what is refused does.
    assert codes(reply) == ["clipped", "outside"]
    assert [issue.is_note for issue in reply.issues] == [True, False]


def test_boxes_stand_at_the_frames_that_were_sent() -> None:
    boxes = ", ".join(f'{{"time": {time}, "bbox_2d": [0, 0, 500, 500], "label": "x"}}' for time in (0, 0.48, 31))
    reply = read(f"[{boxes}]", replace(context("video-boxes"), film=FILM))
    assert [a.time for a in reply.annotations if isinstance(a, Detection)] == [30, 30.5]
    assert codes(reply) == ["outside"]


def test_an_event_that_ends_before_it_starts_is_turned_round_and_that_is_said() -> None:
    reply = read('[{"start": 5, "end": 3, "event": "a"}]', EVENTS)
    assert (times(reply), codes(reply), reply.status) == ([(3, 5)], ["turned-round"], ReplyStatus.OK)
