from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    Keypoint,
    LayoutBlock,
    Provenance,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.film_moment import INTERPOLATED, FilmMoment, in_film, is_interpolated
from qwvis_desktop.core.geometry import Box, Point, Polygon

FIRST = Detection(id="a", label="car", box=Box(0, 0, 10, 10), time=1.0, provenance=Provenance("r", (0, 9)))
LAST = Detection(id="b", label="car", box=Box(20, 40, 30, 50), time=3.0)
NOTE = Keypoint(id="p", point=Point(1, 1))
STILL = Detection(id="s", label="sign", box=Box(0, 0, 1, 1))
EVENT = VideoEvent(id="e", label="jump", start=1.0, end=2.0)
ALL = (FIRST, LAST, NOTE, STILL, EVENT)
FRAME = 0.04


def at(time: float, *annotations: Annotation, seen: tuple[float, ...] = (), run: str = "r") -> FilmMoment:
    moment = FilmMoment(lambda: annotations or ALL, {run: seen})
    moment.go_to(time, FRAME)
    return moment


def test_a_box_stands_at_its_frame() -> None:
    assert at(1.0).shown["a"] == FIRST
    assert at(0.985).shown["a"] == FIRST
    assert "a" not in at(0.9).shown
    assert "b" not in at(3.1).shown


def test_between_two_boxes_one_is_worked_out() -> None:
    found = at(2.0).shown["a"]
    assert isinstance(found, Detection)
    assert found.box == Box(10, 20, 20, 30)
    assert is_interpolated(found)
    assert found.provenance is None
    assert "b" not in at(2.0).shown


def test_nothing_is_worked_out_where_the_model_looked_and_saw_nothing() -> None:
    again = replace(LAST, provenance=FIRST.provenance)
    assert "a" not in at(2.0, FIRST, again, seen=(1.0, 2.0, 3.0)).shown
    assert "a" in at(2.0, FIRST, again, seen=(1.0, 3.0)).shown
    assert "a" in at(2.0, FIRST, LAST, seen=(1.0, 2.0, 3.0)).shown


def test_what_has_no_time_is_always_there() -> None:
    for time in (0.0, 2.0, 50.0):
        assert {"p", "s"} <= at(time).shown.keys()
    assert "e" not in at(1.5).shown


def test_events_of_now() -> None:
    assert at(1.5).events == (EVENT,)
    assert at(1.0).events == (EVENT,)
    assert at(2.0).events == ()


def test_a_worked_out_box_that_is_changed_is_a_new_one_of_its_track() -> None:
    every: list[Annotation] = list(ALL)
    moment = FilmMoment(lambda: every)
    moment.go_to(2.0, FRAME)
    replaced, new = moment.settled([moment.shown["a"], STILL])
    assert replaced == [STILL]
    (made,) = new
    assert isinstance(made, Detection)
    assert (made.time, made.label) == (2.0, "car")
    assert made.id not in ("a", "b")
    assert INTERPOLATED not in made.attributes
    every.append(made)
    assert made.id not in moment.shown
    moment.forget()
    assert moment.shown[made.id] == made
    assert moment.track_of("b") == ("a", made.id, "b")


def test_what_is_drawn_has_the_time_of_its_frame() -> None:
    drawn = at(2.5).timed(Detection(label="x", box=Box(0, 0, 1, 1)))
    assert isinstance(drawn, Detection)
    assert drawn.time == 2.5
    assert at(2.5).timed(NOTE) == NOTE


def test_what_was_found_on_a_frame_is_a_box_in_time() -> None:
    place = Box(1, 2, 30, 40)
    found = Detection(id="a", label="cat", box=place, score=0.5, image=0, provenance=Provenance("run", (0, 1), ()))
    kept = in_film(found, 2.5)
    assert kept is not None
    assert kept == replace(found, id=kept.id, time=2.5, image=None, provenance=None)
    assert kept.id != "a"
    text = in_film(
        TextRegion(text="Exit", polygon=Polygon((Point(1, 2), Point(30, 2), Point(30, 40), Point(1, 40)))), 1
    )
    assert text is not None
    assert (text.label, text.box, text.time) == ("Exit", place, 1)
    block = in_film(LayoutBlock(tag="h2", text="News", box=place), 1)
    assert block is not None
    assert (block.label, block.box, dict(block.attributes)) == ("h2", place, {"text": "News"})
    assert in_film(LayoutBlock(tag="h2", text="News", box=None), 1) is None
    assert in_film(Keypoint(point=Point(1, 1)), 1) is None


def test_places_to_go_to_and_tracks() -> None:
    assert at(0.0).stops() == [(1.0, "a"), (1.0, "e"), (3.0, "b")]
    assert at(0.0).track_of("nobody") == ("nobody",)


@given(st.floats(0, 4))
def test_a_track_is_seen_from_its_first_box_to_its_last_and_only_then(time: float) -> None:
    # Half a frame before and after is the edge itself: rounding decides it.
    assume(min(abs(time - (1 - FRAME / 2)), abs(time - (3 + FRAME / 2))) > 1e-9)
    shown = at(time, FIRST, LAST).shown
    assert len(shown) == (1 if 1 - FRAME / 2 <= time <= 3 + FRAME / 2 else 0)
    for each in shown.values():
        assert isinstance(each, Detection)
        assert Box(0, 0, 30, 50).intersection(each.box) == each.box
