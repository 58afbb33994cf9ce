"""What the sources of the corpus drew of boxes in space, to be compared with what we place (its README, "3D").

A source's drawing is a figure: the picture, scaled, in a white margin of about 10 pixels, and lines over it. Two things
must be got right to see what the lines changed:

* where in the figure the picture lies. It is off by up to a pixel from a margin of exactly 10, and that alone makes the
  carpet of ``q3-3d-office`` differ everywhere. It is measured by aligning picture and figure (``findTransformECC``).
* how the figure's scaling looks. The picture is scaled in the same way before both are compared.

A pixel is changed where a channel differs by more than a bound. At the figure's own size everything beyond what is left
of resampling counts. At the picture's size, where a hairline of the office is spread over six pixels, only the cores of
lines do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

REACH = 2.0
"""Pixels from an edge within which a changed pixel is that edge's."""

FIGURE_BOUND, PICTURE_BOUND = 40, 100
"""Levels of 255 by which a channel of a changed pixel differs, at the figure's and at the picture's size."""

_MARGIN = 12
"""Pixels of the figure from its border that are not compared: the white margin and the picture's soft edge."""

Lines = Sequence[tuple[float, float, float, float]]
"""x1, y1, x2, y2 in pixels of the picture, counted from the corner of its first pixel."""

Image = NDArray[np.uint8]


def cases_in_space() -> list[dict[str, Any]]:
    """Return the cases with boxes in space of which there is a drawing; none where there is no corpus."""
    if not (CORPUS / "cases.json").exists():
        return []
    cases: list[dict[str, Any]] = json.loads((CORPUS / "cases.json").read_text(encoding="utf-8"))
    return [case for case in cases if case["task"] == "grounding_3d" and case["expected"]]


def picture_of(case: dict[str, Any]) -> Path:
    """Return the file of the picture that a case is about."""
    return CORPUS / "images" / Path(case["image"]).name


@dataclass(frozen=True)
class SourceDrawing:
    """A figure beside its picture.

    Attributes:
        figure: as the source drew it.
        changed: which of its pixels the source drew over.
        place: 2 x 3, leads from pixels of the picture to pixels of the figure, both counted from pixel centres.
        changed_in_picture: the same in pixels of the picture, cores of lines only.
    """

    figure: Image
    changed: NDArray[np.bool_]
    place: NDArray[np.float64]
    changed_in_picture: NDArray[np.bool_]

    def share_at_figure_size(self, lines: Lines) -> float:
        """Return the share of the changed pixels within reach of a line, all in pixels of the figure."""
        points = np.array(lines, np.float64).reshape(-1, 2) - 0.5
        moved = points @ self.place[:, :2].T + self.place[:, 2]
        return _share(self.changed, moved.reshape(-1, 4))

    def share_at_picture_size(self, lines: Lines) -> float:
        """Return the share of the changed pixels within reach of a line, all in pixels of the picture."""
        return _share(self.changed_in_picture, np.array(lines, np.float64).reshape(-1, 4) - 0.5)


@cache
def drawing_of(figure_file: Path, picture_file: Path) -> SourceDrawing:
    """Return a figure with what was drawn in it."""
    figure, picture = _read(figure_file), _read(picture_file)
    height, width = picture.shape[:2]
    place, shown = _align(figure, picture)
    changed = np.abs(figure.astype(np.int16) - shown).max(axis=2) > FIGURE_BOUND
    changed &= _inside(changed.shape, _MARGIN)
    # Both at the picture's size: the figure enlarged, and the picture after the same way there and back.
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    enlarged = cv2.warpAffine(figure, place, (width, height), flags=flags)
    as_shown = cv2.warpAffine(shown, place, (width, height), flags=flags) if place[0, 0] < 1 else picture
    cores = np.abs(enlarged.astype(np.int16) - as_shown).max(axis=2) > PICTURE_BOUND
    return SourceDrawing(figure, changed, place, cores & _inside(cores.shape, round(_MARGIN / place[0, 0])))


def _read(path: Path) -> Image:
    picture = cv2.imread(str(path))
    assert picture is not None, path
    return np.asarray(picture, np.uint8)


def _align(figure: Image, picture: Image) -> tuple[NDArray[np.float64], Image]:
    """Return how the picture lies in the figure, and the figure as it was before anything was drawn."""
    height, width = picture.shape[:2]
    scale = (figure.shape[0] - 20) / height
    smaller = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    start = np.array([[1, 0, 10], [0, 1, 10]], np.float32)
    grey = [cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32) for image in (smaller, figure)]
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-7)
    _, found = cv2.findTransformECC(grey[0], grey[1], start, cv2.MOTION_AFFINE, stop, np.array([], np.uint8), 3)
    size = (figure.shape[1], figure.shape[0])
    shown = cv2.warpAffine(smaller, found, size, flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    across, down = smaller.shape[1] / width, smaller.shape[0] / height
    shrink = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    return found.astype(np.float64) @ shrink, np.asarray(shown, np.uint8)


def _inside(shape: tuple[int, ...], margin: int) -> NDArray[np.bool_]:
    inside = np.zeros(shape, np.bool_)
    inside[margin:-margin, margin:-margin] = True
    return inside


def _share(changed: NDArray[np.bool_], lines: NDArray[np.float64]) -> float:
    return float((distance_to(changed.shape, lines)[changed] <= REACH).mean())


def distance_to(shape: tuple[int, ...], lines: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return how many pixels each pixel is from the nearest line, to half a pixel; lines count from pixel centres."""
    free = np.full(shape, 255, np.uint8)
    for x1, y1, x2, y2 in (lines * 16).round().astype(int).tolist():
        cv2.line(free, (x1, y1), (x2, y2), 0, 1, cv2.LINE_8, 4)
    return np.asarray(cv2.distanceTransform(free, cv2.DIST_L2, 5), np.float32)
