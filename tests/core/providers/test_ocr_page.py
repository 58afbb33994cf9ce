"""What outlines of text say of a page; no engine is needed."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("cv2", reason="pictures are cut with OpenCV, which comes with the offline engine")

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.providers.ocr_page import (
    OVERLAP,
    PART,
    Corners,
    crop,
    goes_on,
    in_order,
    joined,
    level,
    on_its_side,
    parts,
    tight,
)

LINES = ((100, 60, 700, 84), (100, 120, 640, 144), (100, 180, 690, 204), (560, 240, 690, 264))
"""Left, top, right, bottom of four lines on a page of 800 x 400."""


def corners(left: float, top: float, right: float, bottom: float) -> Corners:
    return Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)


def page(*lines: tuple[float, float, float, float]) -> Any:
    """Return a white page on which each line is a row of strokes."""
    pixels = np.full((400, 800, 3), 255, np.uint8)
    for left, top, right, bottom in lines:
        for start in (*range(int(left), int(right) - 3, 7), int(right) - 3):
            pixels[int(top) : int(bottom), start : start + 3] = 0
    return pixels


def near(found: Corners, wanted: Corners, within: float) -> bool:
    return bool(np.allclose(found, wanted, rtol=0, atol=within))


def moved(box: Corners, matrix: Any) -> Corners:
    first, second, third, fourth = (Point(*(matrix @ (x, y, 1))) for x, y in box)
    return first, second, third, fourth


def turned(quarters: int, lean: float) -> tuple[Any, Any]:
    """Return a matrix that turns the page clockwise, and the turned page's size."""
    matrix = cv2.getRotationMatrix2D((400, 200), -90 * quarters - lean, 1)
    matrix[:, 2] += (100, 300)
    return matrix, (1000, 1000)


@given(st.integers(1, 12_000), st.integers(1, 12_000))
def test_parts_cover_the_page_and_overlap(width: int, height: int) -> None:
    found = parts(Size(width, height))
    assert min(part.left for part in found) == min(part.top for part in found) == 0
    assert max(part.right for part in found) == width
    assert max(part.bottom for part in found) == height
    assert all(part.width <= PART and part.height <= PART for part in found)
    for starts, ends in (
        ({p.left for p in found}, {p.right for p in found}),
        ({p.top for p in found}, {p.bottom for p in found}),
    ):
        for end, start in zip(sorted(ends)[:-1], sorted(starts)[1:], strict=True):
            assert end - start >= OVERLAP - len(starts)


class TestJoined:
    def test_a_line_that_was_cut_is_one(self) -> None:
        (found,) = joined([corners(10, 20, 400, 50), corners(300, 22, 800, 51)])
        assert near(found, corners(10, 21, 800, 51), 2)

    def test_a_line_found_twice_is_one(self) -> None:
        assert len(joined([corners(10, 20, 400, 50), corners(12, 20, 400, 49)])) == 1

    def test_a_line_that_runs_down_and_was_cut_is_one(self) -> None:
        (found,) = joined([corners(20, 10, 50, 400), corners(22, 300, 51, 800)])
        assert near(level(found), corners(21, 10, 51, 800), 2)

    @pytest.mark.parametrize("other", [(10, 52, 400, 80), (10, 44, 400, 74), (420, 20, 800, 50), (10, 20, 400, 200)])
    def test_neighbours_stay_apart(self, other: tuple[float, float, float, float]) -> None:
        assert len(joined([corners(10, 20, 400, 50), corners(*other)])) == 2


@pytest.mark.parametrize("lean", [0, 7, -7])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_whichever_way_a_page_stands_it_is_read_from_its_top(quarters: int, lean: float) -> None:
    matrix, size = turned(quarters, lean)
    pixels = cv2.warpAffine(page(*LINES), matrix, size, borderValue=(255, 255, 255))
    drawn = [moved(corners(*line), matrix) for line in LINES]
    loose = [moved(corners(left - 8, t - 8, r + 8, b + 8), matrix) for left, t, r, b in LINES]
    shuffled = [loose[3], loose[0][2:] + loose[0][:2], loose[2], loose[1]]
    assert on_its_side(loose) == bool(quarters % 2)
    found = in_order(pixels, shuffled, quarters)
    for region, box in zip(found, drawn, strict=True):
        assert near(region.corners, box, 2.5)
    assert [region.place.height for region in found] == pytest.approx([24] * 4, abs=3)


def test_a_page_without_text() -> None:
    assert in_order(page(), [], 0) == []
    assert not on_its_side([])


def test_a_line_across_the_others_runs_down() -> None:
    boxes = [corners(*line) for line in LINES]
    *_, across = in_order(page(), [*boxes, corners(740, 60, 764, 380)], 0)
    assert across.found[0] == Point(764, 60)


def test_a_high_and_narrow_figure_is_upright() -> None:
    boxes = [corners(*line) for line in LINES]
    figure = corners(100, 300, 115, 330)
    assert figure in [region.found for region in in_order(page(), [*boxes, figure], 0)]


class TestTight:
    box = corners(100, 100, 300, 150)

    def drawn_in(self, pixels: Any) -> Corners:
        return tight(self.box, crop(pixels, self.box))

    def test_ground_is_left_out(self) -> None:
        assert near(self.drawn_in(page((110, 112, 285, 138))), corners(110, 112, 285, 138), 1)

    def test_ruled_lines_are_left_out(self) -> None:
        pixels = page((110, 112, 285, 138))
        pixels[146:149], pixels[:, 102:104] = 0, 0
        assert near(self.drawn_in(pixels), corners(110, 112, 285, 138), 1)

    def test_a_pattern_or_nothing_leaves_it_as_it_is_found(self) -> None:
        pattern = np.random.default_rng(1).integers(0, 255, (400, 800, 3), np.uint8)
        assert self.drawn_in(page()) == self.box
        assert near(self.drawn_in(pattern), self.box, 25)


def test_what_stands_beside_goes_on_in_the_line() -> None:
    first, second, below = in_order(
        page(), [corners(*b) for b in ((0, 0, 90, 20), (100, 2, 300, 24), (0, 40, 90, 60))], 0
    )
    assert goes_on(first, second)
    assert not goes_on(second, below)
