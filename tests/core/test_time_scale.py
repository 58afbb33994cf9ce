"""All times of a film stretched: what was refused for lying behind its end comes back, and ends that were clipped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qwvis_desktop.core.annotation import Detection, ReplyStatus, VideoEvent
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.time_scale import restated, written_times

SIZE = Size(640, 360)
TOLD = ((4.0, 10.0, "a"), (30.0, 50.0, "b"), (70.0, 90.0, "c"))
"""Of a film of 60 s, by a model that counts twice as fast from where what it saw begins."""


def film(start: float, told: object, task: str = "video-events") -> Document:
    """Return a film of 60 s of which the part from ``start`` on was sent, and what a model told of it."""
    media = VideoMedia(
        name="a.mp4",
        path=Path("a.mp4"),
        size=SIZE,
        stored=SIZE,
        mime="video/mp4",
        duration=60.0,
        rate=25.0,
        frames=1500,
        codec="h264",
    )
    document = Document(media)
    sent = FilmSent(way=FilmWay.CLIP, duration=60.0, start=start, end=60.0, fps=2.0, times=(), size=SIZE)
    run = Run(
        started=datetime.now(UTC),
        provider="x",
        model="qwen3-vl-plus",
        family="qwen3-vl",
        task=task,
        prompt="",
        frame=Frame.whole(SIZE, SIZE),
        space=CoordinateSpace.RELATIVE_1000,
        film=sent,
        reply=json.dumps(told),
        finish_reason="stop",
    )
    parsed = read_run(run, SIZE)
    document.set_run(replace(run, status=parsed.status, issues=parsed.issues, as_read=parsed.annotations))
    document.add(parsed.annotations)
    return document


def spans(annotations: object) -> list[tuple[str, float, float]]:
    assert isinstance(annotations, list | tuple)
    return sorted((each.label, each.start, each.end) for each in annotations)


@pytest.mark.parametrize("start", [0.0, 10.0])
def test_what_was_refused_and_clipped_comes_back(start: float) -> None:
    document = film(start, [{"start": begin, "end": end, "event": label} for begin, end, label in TOLD])
    assert spans(tuple(document.annotations.values())) == [
        ("a", start + 4, start + 10),
        ("b", start + 30, min(start + 50, 60.0)),
    ]
    times = written_times(document)
    assert times.last() == start + 90
    factor = times.factor(60.0)
    assert factor == pytest.approx((60 - start) / 90)
    there, new = times.scaled(factor, 60.0)
    made = spans((*there, *new))
    assert [label for label, *_ in made] == ["a", "b", "c"]
    for (begin, end, _), (_, first, last) in zip(TOLD, made, strict=True):
        assert (first, last) == pytest.approx((start + begin * factor, start + end * factor))
    assert {each.id for each in there} == set(document.annotations)
    # Nothing of it is refused any more, and nothing is brought back twice.
    assert len(new) == 1
    (run,) = restated(document, new)
    assert (run.issues, run.status) == ((), ReplyStatus.OK)
    document.set_run(run)
    document.replace(there)
    document.add(new)
    again = written_times(document)
    assert again.refused == ()
    assert spans(again.there) == made


def test_what_begins_too_late_all_the_same_stays_refused_and_what_a_person_moved_is_moved_from_there() -> None:
    document = film(0.0, [{"start": begin, "end": end, "event": label} for begin, end, label in TOLD])
    first = next(each for each in document.annotations.values() if each.label == "b")
    assert isinstance(first, VideoEvent)
    document.replace([replace(first, end=40.0)])
    there, new = written_times(document).scaled(0.9, 60.0)
    assert new == ()
    assert spans(there)[1] == ("b", 27.0, 36.0)


def test_boxes_in_time_come_back_too() -> None:
    told = [{"time": time, "bbox_2d": [100, 100, 200, 200], "label": "car"} for time in (10, 20, 100)]
    document = film(0.0, told, "video-boxes")
    assert len(document.annotations) == 2
    there, new = written_times(document).scaled(0.5, 60.0)
    times = sorted(each.time for each in (*there, *new) if isinstance(each, Detection) and each.time is not None)
    assert times == [5.0, 10.0, 50.0]


def test_a_film_in_which_nothing_has_a_time() -> None:
    times = written_times(film(0.0, []))
    assert times.last() == 0
    assert times.factor(60.0) == 1
    assert times.scaled(2.0, 60.0) == ((), ())
