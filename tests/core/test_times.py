"""All forms of time."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.times import moments_in, range_of, ranges_in, seconds_of


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (12, 12.0),
        (1.5, 1.5),
        ("12", 12.0),
        ("12.5 seconds", 12.5),
        ("<3.0 seconds>", 3.0),
        ("3s", 3.0),
        ("01:02", 62.0),
        ("1:02:03", 3723.0),
        ("00:01.50", 1.5),
        ("00:00:01,5", 1.5),
        ("01：02", 62.0),
        ("90:00", 5400.0),
        ("5 秒", 5.0),
        ("0:60", None),
        ("1:60:00", None),
        (True, None),
        (-1, None),
        (1e9, None),
        ("noon", None),
        ("1:2:3:4", None),
        (None, None),
        ([1], None),
        ("1" * 50, None),
        (float("nan"), None),
    ],
)
def test_times(value: object, due: float | None) -> None:
    assert seconds_of(value) == due  # type: ignore[arg-type]  # values of all sorts on purpose


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("00:23.00 - 00:48.00", (23.0, 48.0)),
        ("0:00–0:02", (0.0, 2.0)),
        ("(64.0 - 72.0 seconds)", (64.0, 72.0)),
        ("1 to 2", (1.0, 2.0)),
        ("<1.0 seconds> - <2.0 seconds>", (1.0, 2.0)),
        ("0：01 至 0：02", (1.0, 2.0)),
        ("00:00:01 --> 00:00:02", (1.0, 2.0)),
        (["0:01", 2], (1.0, 2.0)),
        ([1, "x"], None),
        ([1], None),
        ("0:01", None),
        ("a - b", None),
        ("0:99 - 1:00", None),
        (3, None),
        ("1" * 90, None),
    ],
)
def test_ranges(value: object, due: tuple[float, float] | None) -> None:
    assert range_of(value) == due  # type: ignore[arg-type]  # values of all sorts on purpose


def test_ranges_in_prose() -> None:
    text = "From 0:05 to 0:10 he sits; 64.0 - 72.0 seconds, pages 3 - 5, 10:61 - 10:70, 1 - 2s."
    assert [(start, end) for start, end, *_ in ranges_in(text)] == [(5, 10), (64, 72), (1, 2)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The car turns at 0:12 and stops at 00:15.5.", [("0:12", 12), ("00:15.5", 15.5)]),
        ("It happens at 12.5 seconds, until 20s.", [("12.5 seconds", 12.5), ("20s", 20)]),
        ("[00:03 - 00:07] walks", [("00:03", 3), ("00:07", 7)]),
        ("From 3 s to 7 s", [("3 s", 3), ("7 s", 7)]),
        ("在 3 秒到 1:02:03", [("3 秒", 3), ("1:02:03", 3723)]),
        ("It lasts 12 seconds, in 1920:1080, at https://a.org:80/0:12, v1.2:3", []),
        ("at 99:99", []),
    ],
)
def test_times_that_prose_names(text: str, found: list[tuple[str, float]]) -> None:
    assert [(text[begin:end], time) for time, begin, end in moments_in(text)] == found
