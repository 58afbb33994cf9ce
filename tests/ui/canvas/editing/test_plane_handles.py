from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_annotations import BLOCK, BOX, PLANAR, POINT, POLYGON, ROTATED, SIZE, TEXT, places, planar

from qwvis_desktop.core.annotation import Annotation, Detection, bounds_of
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of
from qwvis_desktop.ui.canvas.editing.plane_handles import (
    REACH,
    SNAP,
    Grip,
    Handle,
    Pull,
    handle_at,
    handles_of,
    moved_within,
)


def handle(annotation: Annotation, grip: Grip, **wanted: object) -> Handle:
    return next(
        each
        for each in handles_of(annotation, 1.0)
        if each.grip is grip and all(getattr(each, name) == value for name, value in wanted.items())
    )


def pulled(annotation: Annotation, held: Handle, by: Point, **how: bool) -> Annotation:
    start = held.place
    (made,) = Pull(held, start, (annotation,), SIZE, **how).to(Point(start.x + by.x, start.y + by.y))
    return made


def test_which_handles_there_are() -> None:
    grips = {form_of(each): [h.grip for h in handles_of(each, 1.0)] for each in PLANAR}
    assert grips[Form.BOX] == [Grip.SIDE] * 8 + [Grip.TURN]
    assert grips[Form.ROTATED] == [Grip.SIDE] * 6 + [Grip.TURN]
    assert grips[Form.POINT] == []
    assert Grip.TURN not in grips[Form.BLOCK]
    assert grips[Form.TEXT] == [Grip.VERTEX] * 4 + [Grip.TURN]
    assert grips[Form.POLYGON] == [Grip.VERTEX] * 5 + [Grip.MIDDLE] * 5 + [Grip.TURN]
    # Zoomed far out there is no room for those between the corners.
    assert len(handles_of(BOX, 10.0)) == 5


@given(planar(), st.floats(0.05, 20))
def test_handles_are_met_where_they_stand_and_a_small_thing_can_still_be_got_hold_of(
    annotation: Annotation, unit: float
) -> None:
    handles = handles_of(annotation, unit)
    for each in handles:
        found = handle_at(handles, each.place, unit)
        assert found is not None
        assert found.place == each.place
        assert handle_at(handles, Point(each.place.x + 1e5, each.place.y), unit) is None
    if form_of(annotation) in (Form.BOX, Form.ROTATED, Form.BLOCK):
        box = bounds_of(annotation)
        assert box is not None
        assert handle_at(handles, box.center, unit) is None
        for each in handles:
            assert math.dist(each.place, box.center) > REACH * unit


@given(st.sampled_from([BOX, ROTATED, BLOCK]), st.integers(0, 7), st.floats(-60, 60), st.floats(-60, 60))
def test_a_pull_that_comes_back_changes_nothing(annotation: Annotation, place: int, dx: float, dy: float) -> None:
    sides = [each for each in handles_of(annotation, 1.0) if each.grip is Grip.SIDE]
    held = sides[place % len(sides)]
    pull = Pull(held, held.place, (annotation,), SIZE)
    pull.to(Point(held.place.x + dx, held.place.y + dy))
    (back,) = pull.to(held.place)
    before, after = bounds_of(annotation), bounds_of(back)
    assert before is not None
    assert after == pytest.approx(before, abs=1e-9)


def test_sides_and_corners() -> None:
    made = pulled(BOX, handle(BOX, Grip.SIDE, side=(1, 0)), Point(15, 99))
    assert bounds_of(made) == Box(10.25, 20, 125, 220)
    made = pulled(BOX, handle(BOX, Grip.SIDE, side=(-1, -1)), Point(-5, 10))
    assert bounds_of(made) == Box(5.25, 30, 110, 220)
    made = pulled(BOX, handle(BOX, Grip.SIDE, side=(-1, -1)), Point(-999, 0))
    assert bounds_of(made) == Box(0, 20, 110, 220)
    steady = bounds_of(pulled(BOX, handle(BOX, Grip.SIDE, side=(1, 1)), Point(20, 0), steadies=True))
    assert steady is not None
    assert steady.width / steady.height == pytest.approx(BOX.box.width / BOX.box.height)


def test_turning_follows_the_pointer_and_snaps_if_asked() -> None:
    middle = ROTATED.box.center
    held = handle(ROTATED, Grip.TURN)
    angle = math.atan2(held.place.y - middle.y, held.place.x - middle.x) + math.radians(20)
    target = Point(middle.x + 50 * math.cos(angle), middle.y + 50 * math.sin(angle))
    (made,) = Pull(held, held.place, (ROTATED,), SIZE).to(target)
    rectangle = TurnedRectangle.of(corners_of(made))
    assert rectangle is not None
    assert rectangle.degrees == pytest.approx(50)
    (snapped,) = Pull(held, held.place, (ROTATED,), SIZE, steadies=True).to(target)
    rectangle = TurnedRectangle.of(corners_of(snapped))
    assert rectangle is not None
    assert rectangle.degrees % SNAP == pytest.approx(0, abs=1e-6) or rectangle.degrees % SNAP == pytest.approx(SNAP)
    (upright,) = Pull(handle(BOX, Grip.TURN), Point(60, 0), (BOX,), SIZE, steadies=True).to(Point(61, 0))
    assert upright == BOX


def test_corners_of_polygons_and_texts() -> None:
    made = pulled(POLYGON, handle(POLYGON, Grip.VERTEX, index=2), Point(3, 4))
    assert corners_of(made)[2] == (83, 104)
    more = pulled(POLYGON, handle(POLYGON, Grip.MIDDLE, index=0), Point(0, -5))
    assert corners_of(more)[1] == (75, 15)
    assert len(corners_of(more)) == 6
    assert corners_of(pulled(TEXT, handle(TEXT, Grip.VERTEX, index=0), Point(1, 1)))[0] == (11, 11)
    square = replace(TEXT, polygon=replace(TEXT.polygon, points=Box(10, 10, 90, 90).corners))
    bent = pulled(square, handle(square, Grip.SIDE, side=(1, 1)), Point(4, 4), bends=True)
    assert corners_of(bent)[2] == (94, 94)
    assert corners_of(bent)[1] == (90, 10)


@given(st.lists(planar(), min_size=1, max_size=4), places(far=True), places(far=True))
def test_moved_together_they_keep_their_distances_and_stay_inside(
    annotations: list[Annotation], start: Point, end: Point
) -> None:
    inner = [each for each in annotations if _is_inside(each)]
    if not inner:
        return
    made = Pull(Handle(Grip.BODY, start), start, tuple(inner), SIZE).to(end)
    shifts = set()
    for before, after in zip(inner, made, strict=True):
        assert _is_inside(after)
        one, other = corners_of(before)[0], corners_of(after)[0]
        shifts.add((round(other.x - one.x, 6), round(other.y - one.y, 6)))
    assert len({(round(x, 4), round(y, 4)) for x, y in shifts}) <= 2


def _is_inside(annotation: Annotation) -> bool:
    box = bounds_of(annotation)
    return (
        box is not None
        and min(box.left, box.top) >= -1e-6
        and box.right <= SIZE.width + 1e-6
        and (box.bottom <= SIZE.height + 1e-6)
    )


def test_a_point_is_moved_by_its_body() -> None:
    assert corners_of(moved_within([POINT], 5, 6, SIZE)[0]) == (Point(38, 50),)
    assert moved_within([], 1, 1, SIZE) == ()


def test_cursors_and_words() -> None:
    assert len({each.cursor for each in handles_of(BOX, 1.0)}) == 5
    for grip in Grip:
        assert Pull(Handle(grip, Point(0, 0)), Point(0, 0), (Detection(box=Box(0, 0, 1, 1)),), SIZE).text
