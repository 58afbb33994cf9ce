import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.painting.placement import Placement, cosmetic, halo_of, line_pens
from qwvis_desktop.ui.canvas.painting.style import Style

NUMBERS = st.floats(-5000, 5000)
PLACEMENTS = st.builds(Placement, st.floats(0.02, 64), st.builds(Point, NUMBERS, NUMBERS))


@given(PLACEMENTS, NUMBERS, NUMBERS)
def test_a_place_comes_back_from_the_surface(at: Placement, x: float, y: float) -> None:
    place = at.point(Point(x, y))
    back = at.to_picture(QRectF(place.x(), place.y(), 0, 0))
    assert (back.left, back.top) == pytest.approx((x, y), abs=1e-3)
    mapped = at.transform().map(QPointF(x, y))
    assert (mapped.x(), mapped.y()) == pytest.approx((place.x(), place.y()))


def test_boxes_lie_on_whole_pixels() -> None:
    rect = Placement(0.5, Point(10, 20)).rect(Box(1.3, 2.2, 41.0, 62.7))
    assert rect == QRectF(11, 21, 19, 30)


def test_the_reach_widens_what_is_looked_for() -> None:
    assert Placement(2.0, Point(0, 0)).to_picture(QRectF(10, 10, 20, 20), 4.0) == Box(3, 3, 17, 17)


def test_pens_count_pixels_of_the_surface() -> None:
    pens = line_pens(QColor("#e69f00"), Style(line=3))
    assert [pen.widthF() for pen in pens] == [6, 3]
    assert all(pen.isCosmetic() for pen in [*pens, cosmetic(QColor("red"), 1)])
    assert len(line_pens(QColor("#e69f00"), Style(halo=False))) == 1
    assert halo_of(QColor("white")).lightness() < 128 < halo_of(QColor("black")).lightness()
