from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plane_annotations import SIZE, places

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of
from qwvis_desktop.ui.canvas.editing.sketches import Sketch, placed, sketch_of


def dragged(sketch: Sketch, first: Point, last: Point) -> Annotation | None:
    sketch.press(first)
    sketch.move(last)
    return sketch.release(last)


def shown(sketch: Sketch) -> Annotation | None:
    return sketch.shown


def clicked(sketch: Sketch, *points: Point) -> Annotation | None:
    made = None
    for point in points:
        sketch.move(point)
        made = dragged(sketch, point, point)
    return made


@given(st.sampled_from([Form.BOX, Form.TEXT, Form.BLOCK]), places(far=True), places(far=True))
def test_a_frame_is_what_lies_between_two_corners_and_in_the_picture(form: Form, first: Point, last: Point) -> None:
    made = dragged(sketch_of(form, SIZE, 1.0), first, last)
    if made is None:
        return
    assert form_of(made) is form
    expected = Box.from_corners(first, last).intersection(Box.whole(SIZE))
    assert bounds_of(made) == expected


def test_a_hand_that_shakes_draws_nothing() -> None:
    sketch = sketch_of(Form.BOX, SIZE, 2.0)
    assert dragged(sketch, Point(10, 10), Point(17, 60)) is None
    assert sketch.shown is None
    assert sketch.finish() is None
    assert dragged(sketch, Point(10, 10), Point(18, 60)) is not None
    sketch.move(Point(1, 1))
    assert sketch.shown is None


def test_a_rotated_rectangle_is_a_side_and_a_height() -> None:
    sketch = sketch_of(Form.ROTATED, SIZE, 1.0)
    assert clicked(sketch, Point(5, 5)) is None
    assert dragged(sketch, Point(100, 100), Point(200, 200)) is None
    sketch.move(Point(180, 240))
    so_far = sketch.shown
    assert so_far is not None
    assert form_of(so_far) is Form.ROTATED
    made = clicked(sketch, Point(150, 250))
    assert made is not None
    rectangle = TurnedRectangle.of(corners_of(made))
    assert rectangle is not None
    assert rectangle.width == pytest.approx(2**0.5 * 100)
    assert rectangle.height == pytest.approx(2**0.5 * 50)
    assert rectangle.degrees == pytest.approx(45)
    # Upwards the corners go round the same way.
    dragged(sketch, Point(100, 100), Point(200, 100))
    up = clicked(sketch, Point(150, 60))
    assert up is not None
    area = sum(
        a.x * b.y - b.x * a.y for a, b in zip(corners_of(up), (*corners_of(up)[1:], corners_of(up)[0]), strict=True)
    )
    assert area > 0
    # Without a height there is none yet.
    dragged(sketch, Point(100, 100), Point(200, 100))
    assert clicked(sketch, Point(150, 101)) is None
    assert sketch.finish() is None
    sketch.back()
    assert shown(sketch) is None


def test_a_polygon_is_closed_by_its_first_corner_a_double_click_or_enter() -> None:
    triangle = (Point(10, 10), Point(60, 10), Point(40, 50))
    by_click = clicked(sketch_of(Form.POLYGON, SIZE, 1.0), *triangle, Point(12, 11))
    by_double = clicked(sketch_of(Form.POLYGON, SIZE, 1.0), *triangle, triangle[-1])
    sketch = sketch_of(Form.POLYGON, SIZE, 1.0)
    assert clicked(sketch, *triangle) is None
    sketch.move(Point(70, 70))
    assert sketch.shown is not None
    assert len(corners_of(sketch.shown)) == 4
    by_enter = sketch.finish()
    for made in (by_click, by_double, by_enter):
        assert made is not None
        assert corners_of(made) == triangle


def test_a_polygon_takes_clicks_back_and_needs_an_area() -> None:
    sketch = sketch_of(Form.POLYGON, SIZE, 1.0)
    clicked(sketch, Point(10, 10), Point(60, 10), Point(90, 10))
    assert sketch.finish() is None
    sketch.back()
    assert shown(sketch) is not None
    sketch.back()
    sketch.back()
    assert shown(sketch) is None
    assert sketch.finish() is None


def test_a_point_is_a_click() -> None:
    sketch = sketch_of(Form.POINT, SIZE, 1.0)
    made = clicked(sketch, Point(9999, 7))
    assert made is not None
    assert corners_of(made) == (Point(SIZE.width, 7),)
    assert sketch.finish() is None
    sketch.back()
    assert shown(sketch) is None


@settings(max_examples=40)
@given(st.sampled_from(Form), places(far=True), st.floats(5, 2000))
def test_what_is_placed_by_a_key_lies_where_one_looks(form: Form, corner: Point, reach: float) -> None:
    view = Box(corner.x - reach, corner.y - reach, corner.x + reach, corner.y + reach)
    made = placed(form, view, SIZE)
    assert form_of(made) is form
    box = bounds_of(made)
    assert box is not None
    seen = view.intersection(Box.whole(SIZE)) or Box.whole(SIZE)
    assert seen.contains(box.center)
    assert box.left >= 0
    assert box.bottom <= SIZE.height + 1e-6
