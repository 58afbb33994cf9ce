from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.cues import clock, events_of, held_text, raw_cues, read_times, within
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.label_file import Labels


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "00:00:00.000"), (59.9996, "00:01:00.000"), (3661.5, "01:01:01.500"), (360_000, "100:00:00.000")],
)
def test_clock(seconds: float, told: str) -> None:
    assert clock(seconds) == told


@given(st.integers(0, 359_999_999))
def test_each_thousandth_comes_back(thousandths: int) -> None:
    start, end = read_times(f"{clock(thousandths / 1000, ',')} --> {clock(thousandths / 1000)}")
    assert start == end == pytest.approx(thousandths / 1000, abs=1e-9)


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("00:01.5 --> 00:02.25 line:0 position:20%", (1.5, 2.25)),
        ("1:00:00,000-->1:00:01,000", (3600, 3601)),
        ("  00:00:01.000   -->   00:00:02.000  ", (1, 2)),
    ],
)
def test_times_as_others_write_them(line: str, times: tuple[float, float]) -> None:
    assert read_times(line) == times


@pytest.mark.parametrize("line", ["00:00:61.0 --> 00:02:00", "a --> b", "00:00:05.0 --> 00:00:04.0", "-->", "1 -> 2"])
def test_times_that_are_none(line: str) -> None:
    with pytest.raises(ValueError, match=r"times cannot be read|before it starts"):
        read_times(line)


def test_the_name_of_the_next_cue_is_no_text_and_a_number_that_is_said_is() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n7\n\n2\r\n00:00:02,000 --> 00:00:03,000\r\n\r\n3\r00:00:03,000 --> 4"
    assert [cue.lines for cue in raw_cues(text)] == [("7", ""), ("",), ()]


@given(st.text())
def test_a_text_that_is_held_has_no_empty_line(text: str) -> None:
    held = held_text(text)
    assert held == held_text(held)
    assert "\n\n" not in held
    held.encode()


def test_events_the_earliest_first() -> None:
    late, early = VideoEvent(start=2, end=3), VideoEvent(start=1, end=9)
    assert events_of([late, Detection(box=Box(0, 0, 1, 1)), early]) == [early, late]


def test_within_a_film() -> None:
    inside, long, after = (VideoEvent(label="x", start=a, end=b) for a, b in ((0, 1), (9, 12), (11, 12)))
    late = Detection(box=Box(0, 0, 1, 1), time=10.5)
    found = within(Labels((inside, long, after, late), None, ("before",)), 10)
    assert found.annotations[0] is inside
    assert [(each.start, each.end) for each in events_of(found.annotations)] == [(0, 1), (9, 10)]
    assert found.annotations[1].id == long.id
    assert found.left_out == (
        "before",
        "Left out: 2 objects after the end of the film.",
        "Left out: of 1 event what is after the end of the film.",
    )
    rounded = within(Labels((VideoEvent(label="x", start=9, end=10.05),)), 10)
    assert rounded.left_out == ()


def test_times_that_cannot_be_read_begin_a_cue_all_the_same() -> None:
    cues = list(raw_cues("WEBVTT\n\n00:01.000 --> 00:02.000\nfine\n\nxx --> yy\nno\n"))
    assert [cue.times for cue in cues] == ["00:01.000 --> 00:02.000", "xx --> yy"]
    (one,) = raw_cues("1\n00:00:01,000 --> 00:00:02,000\nfrom a\nto --> b\n")
    assert one.lines[:2] == ("from a", "to --> b")
