import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.canvas.viewport import MAX_ZOOM, MIN_ZOOM, Viewport

RATIOS = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
ZOOMS = st.floats(MIN_ZOOM, MAX_ZOOM)
PLACES = st.builds(Point, st.floats(-3000, 3000), st.floats(-3000, 3000))
VIEWS = st.builds(Point, st.floats(50, 4000), st.floats(50, 4000))
SIZES = st.builds(Size, st.integers(1, 20_000), st.integers(1, 20_000))
VIEWPORTS = st.builds(Viewport, ZOOMS, PLACES, RATIOS)


@given(VIEWPORTS, PLACES)
def test_a_click_lands_on_what_is_drawn_there(viewport: Viewport, place: Point) -> None:
    point = viewport.to_picture(place)
    back = viewport.to_widget(point)
    assert back == pytest.approx(place, abs=1e-6)
    # Half a device pixel at most, and half a picture pixel wherever one is at least as large as a device pixel.
    device = viewport.to_device(point)
    assert abs(device.x / viewport.ratio - place.x) <= 0.5 / viewport.ratio
    if viewport.zoom >= 1:
        assert abs(viewport.to_picture(viewport.to_widget(place)).x - place.x) <= 0.5


@given(VIEWPORTS)
def test_the_picture_lies_on_whole_device_pixels_next_to_its_exact_place(viewport: Viewport) -> None:
    x, y = viewport.placed
    assert x == int(x)
    assert y == int(y)
    assert abs(x - viewport.origin.x) <= 0.5
    assert abs(y - viewport.origin.y) <= 0.5


@given(VIEWPORTS, ZOOMS, PLACES)
def test_zooming_keeps_what_is_under_the_pointer(viewport: Viewport, zoom: float, anchor: Point) -> None:
    before = viewport.to_picture(anchor)
    after = viewport.zoomed(zoom, anchor).to_widget(before)
    # Both the place before and the one after are rounded by up to half a device pixel, the first one magnified.
    slack = (0.5 + 0.5 * max(1.0, zoom / viewport.zoom)) / viewport.ratio + 1e-6
    assert after.x == pytest.approx(anchor.x, abs=slack)
    assert after.y == pytest.approx(anchor.y, abs=slack)


@given(VIEWPORTS, st.lists(st.floats(0.5, 2.0), max_size=30), PLACES)
def test_zooming_to_and_fro_does_not_drift(viewport: Viewport, factors: list[float], anchor: Point) -> None:
    moved = viewport
    for factor in factors:
        moved = moved.zoomed(moved.zoom * factor, anchor)
    back = moved.zoomed(viewport.zoom, anchor)
    assert back.origin.x == pytest.approx(viewport.origin.x, abs=1e-3)
    assert back.origin.y == pytest.approx(viewport.origin.y, abs=1e-3)


@given(VIEWPORTS, st.floats(1e-6, 1e6), PLACES)
def test_zoom_stays_within_its_limits(viewport: Viewport, zoom: float, anchor: Point) -> None:
    assert MIN_ZOOM <= viewport.zoomed(zoom, anchor).zoom <= MAX_ZOOM


@given(SIZES, VIEWS, RATIOS)
def test_a_fitted_picture_is_whole_in_the_middle_and_touches_two_sides(size: Size, view: Point, ratio: float) -> None:
    viewport = Viewport.fitted(size, view, ratio)
    assume(viewport.zoom > MIN_ZOOM)
    first, last = viewport.to_widget(Point(0, 0)), viewport.to_widget(Point(*map(float, size)))
    slack = 1 / ratio
    assert min(first) >= -slack
    assert last.x <= view.x + slack
    assert last.y <= view.y + slack
    assert first.x == pytest.approx(view.x - last.x, abs=2 * slack)
    full = max((last.x - first.x) / view.x, (last.y - first.y) / view.y)
    assert full == pytest.approx(1.0, abs=2 * slack / min(view)) or viewport.zoom >= ratio


def test_a_small_picture_is_not_blown_up() -> None:
    assert Viewport.fitted(Size(20, 10), Point(500, 400), 1.0).zoom == 1.0
    assert Viewport.fitted(Size(20, 10), Point(500, 400), 2.0).zoom == 2.0


@given(VIEWPORTS, st.floats(-5000, 5000), st.floats(-5000, 5000), PLACES)
def test_panning_moves_everything_alike(viewport: Viewport, dx: float, dy: float, place: Point) -> None:
    moved = viewport.panned(dx, dy)
    before, after = viewport.to_widget(place), moved.to_widget(place)
    assert after.x - before.x == pytest.approx(dx, abs=1 / viewport.ratio + 1e-6)
    assert after.y - before.y == pytest.approx(dy, abs=1 / viewport.ratio + 1e-6)


@given(VIEWPORTS, SIZES, VIEWS)
def test_the_picture_cannot_get_lost(viewport: Viewport, size: Size, view: Point) -> None:
    middle = viewport.reachable(size, view).to_picture(Point(view.x / 2, view.y / 2))
    slack = 0.5 / viewport.zoom + 1e-6
    assert -slack <= middle.x <= size.width + slack
    assert -slack <= middle.y <= size.height + slack


@given(VIEWPORTS, SIZES, VIEWS)
def test_what_is_reachable_is_left_alone(viewport: Viewport, size: Size, view: Point) -> None:
    reachable = viewport.reachable(size, view)
    assert reachable.reachable(size, view) == reachable
