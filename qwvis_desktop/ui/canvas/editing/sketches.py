"""Sketches: what pointer and keys make of nothing: a box, a rotated rectangle, a polygon, a point, a text region.

A sketch counts in pixels of the upright original and knows no widget. ``shown`` is what there is so far; what
``release`` and ``finish`` return is complete.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.plane.editing import inside
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle

SMALLEST = 4.0
"""Widget units that what is drawn must be wide and high: less is a hand that shakes."""

_CLOSING = 8.0
"""Widget units within which a click on the first corner closes a polygon."""

_SHARE = 0.2
"""Share of the view that what is placed by a key is wide and high."""


class Sketch(Protocol):
    """Something that is being drawn."""

    @property
    def shown(self) -> Annotation | None:
        """What there is of it."""

    def press(self, place: Point) -> None:
        """The button went down."""

    def move(self, place: Point) -> None:
        """The pointer moved, with the button down or, between clicks, without."""

    def release(self, place: Point) -> Annotation | None:
        """The button went up; return what is complete by that."""

    def finish(self) -> Annotation | None:
        """Return what there is, where that can stand as it is."""

    def back(self) -> None:
        """Take the last click back."""


class FrameSketch:
    """From corner to corner.

    Args:
        made: gives the annotation of a frame.
        size: of the picture.
        unit: picture pixels per widget unit.
    """

    def __init__(self, made: Callable[[Box], Annotation], size: Size, unit: float) -> None:
        self._made, self._size, self._least = made, size, SMALLEST * unit
        self._start: Point | None = None
        self.shown: Annotation | None = None

    def press(self, place: Point) -> None:
        """Set one corner."""
        self._start = inside(place, self._size)

    def move(self, place: Point) -> None:
        """Show the frame to the other."""
        if self._start is not None:
            box = Box.from_corners(self._start, inside(place, self._size))
            self.shown = self._made(box) if min(box.width, box.height) >= min(self._least, 1.0) else None

    def release(self, place: Point) -> Annotation | None:
        """Return the frame; one that is too small is none."""
        self.move(place)
        start, shown = self._start, self.shown
        self.back()
        way = inside(place, self._size) if start is not None else place
        if start is None or min(abs(way.x - start.x), abs(way.y - start.y)) < self._least:
            return None
        return shown

    def finish(self) -> Annotation | None:
        """Return None: a frame is complete when the button goes up."""
        return None

    def back(self) -> None:
        """Forget the corner."""
        self._start = self.shown = None


class RotatedSketch:
    """Its first side from press to release, then its height up to a click."""

    def __init__(self, size: Size, unit: float) -> None:
        self._size, self._least = size, SMALLEST * unit
        self._start: Point | None = None
        self._end: Point | None = None
        self._has_side = False
        self.shown: Annotation | None = None

    def press(self, place: Point) -> None:
        """Begin the first side; or, once that is there, end the height."""
        if not self._has_side:
            self._start = self._end = inside(place, self._size)

    def move(self, place: Point) -> None:
        """Show the side, or the rectangle up to the pointer."""
        place = inside(place, self._size)
        if self._start is None:
            return
        if not self._has_side:
            self._end = place
        assert self._end is not None  # set with the start
        self.shown = self._rectangle(self._start, self._end, place)

    def release(self, place: Point) -> Annotation | None:
        """End the first side, or return the rectangle."""
        self.move(place)
        if self._start is None or self._end is None:
            return None
        if not self._has_side:
            self._has_side = math.dist(self._start, self._end) >= self._least
            if not self._has_side:
                self.back()
            return None
        return self.finish()

    def finish(self) -> Annotation | None:
        """Return the rectangle where it is high enough."""
        shown = self.shown
        if not self._has_side or not isinstance(shown, Detection) or shown.outline is None:
            return None
        rectangle = TurnedRectangle.of(shown.outline.points)
        if rectangle is None or rectangle.height < self._least:
            return None
        self.back()
        return shown

    def back(self) -> None:
        """Forget the side."""
        self._start = self._end = self.shown = None
        self._has_side = False

    def _rectangle(self, start: Point, end: Point, place: Point) -> Annotation | None:
        length = math.dist(start, end)
        if length <= 0:
            return None
        x, y = -(end.y - start.y) / length, (end.x - start.x) / length
        height = (place.x - end.x) * x + (place.y - end.y) * y
        corners = (
            start,
            end,
            Point(end.x + x * height, end.y + y * height),
            Point(start.x + x * height, start.y + y * height),
        )
        # The corners go clockwise as seen, as those of all others.
        points = corners if height >= 0 else (corners[3], corners[2], corners[1], corners[0])
        return _outlined(points)


class PolygonSketch:
    """A click for each corner; a click on the first one, or finishing, closes it."""

    def __init__(self, size: Size, unit: float) -> None:
        self._size, self._closing = size, _CLOSING * unit
        self._points: list[Point] = []
        self.shown: Annotation | None = None

    def press(self, place: Point) -> None:
        """Wait for the release."""

    def move(self, place: Point) -> None:
        """Show the outline by way of the pointer."""
        self._show([*self._points, inside(place, self._size)])

    def release(self, place: Point) -> Annotation | None:
        """Add a corner, or close the outline where that is on its first one."""
        place = inside(place, self._size)
        if len(self._points) >= 3 and math.dist(place, self._points[0]) <= self._closing:
            return self.finish()
        # A double click is two clicks on one place, and ends it too.
        if self._points and math.dist(place, self._points[-1]) < self._closing / 8:
            return self.finish()
        self._points.append(place)
        self._show(self._points)
        return None

    def finish(self) -> Annotation | None:
        """Return the polygon of the corners so far, three or more that enclose something."""
        made = _outlined(self._points)
        if made is None or len(self._points) < 3 or Polygon(tuple(self._points)).area <= 0:
            return None
        self._points = []
        self.shown = None
        return made

    def back(self) -> None:
        """Take the last corner out."""
        del self._points[-1:]
        self._show(self._points)

    def _show(self, points: Sequence[Point]) -> None:
        self.shown = _outlined(points)


class PointSketch:
    """A click."""

    def __init__(self, size: Size, _unit: float) -> None:
        self._size = size
        self.shown: Annotation | None = None

    def press(self, place: Point) -> None:
        """Show it there."""
        self.move(place)

    def move(self, place: Point) -> None:
        """Take it along."""
        self.shown = Keypoint(point=inside(place, self._size))

    def release(self, place: Point) -> Annotation | None:
        """Return it."""
        self.move(place)
        return self.shown

    def finish(self) -> Annotation | None:
        """Return None: nobody has clicked."""
        return None

    def back(self) -> None:
        """Forget it."""
        self.shown = None


def _outlined(points: Sequence[Point]) -> Annotation | None:
    """Return what has these corners; a line for two of them, nothing for fewer."""
    if len(points) < 2:
        return None
    outline = Polygon(tuple(points) if len(points) > 2 else (*points, points[0]))
    return Detection(box=outline.bounds, outline=outline)


def _text(box: Box) -> Annotation:
    return TextRegion(text="", polygon=Polygon(box.corners))


def _block(box: Box) -> Annotation:
    return LayoutBlock(tag="", text="", box=box)


def _box(box: Box) -> Annotation:
    return Detection(box=box)


def sketch_of(form: Form, size: Size, unit: float) -> Sketch:
    """Return an empty sketch of a form, on a picture of ``size``; ``unit`` is picture pixels per widget unit."""
    makers: dict[Form, Callable[[], Sketch]] = {
        Form.BOX: lambda: FrameSketch(_box, size, unit),
        Form.TEXT: lambda: FrameSketch(_text, size, unit),
        Form.BLOCK: lambda: FrameSketch(_block, size, unit),
        Form.ROTATED: lambda: RotatedSketch(size, unit),
        Form.POLYGON: lambda: PolygonSketch(size, unit),
        Form.POINT: lambda: PointSketch(size, unit),
    }
    return makers[form]()


def placed(form: Form, view: Box, size: Size) -> Annotation:
    """Return something of a form in the middle of what is seen, to be moved by keys.

    Args:
        form: what it is.
        view: the part of the picture's plane that is seen.
        size: of the picture.
    """
    seen = view.intersection(Box.whole(size)) or Box.whole(size)
    middle, w, h = seen.center, max(seen.width * _SHARE, 2.0), max(seen.height * _SHARE, 2.0)
    box = Box(middle.x - w / 2, middle.y - h / 2, middle.x + w / 2, middle.y + h / 2)
    box = box.intersection(Box.whole(size)) or box
    if form is Form.POINT:
        return Keypoint(point=middle)
    if form is Form.ROTATED:
        return Detection(box=box, outline=Polygon(box.corners))
    if form is Form.POLYGON:
        sixths = (math.pi * (place / 3 - 1 / 2) for place in range(6))
        ring = tuple(
            Point(middle.x + box.width / 2 * math.cos(angle), middle.y + box.height / 2 * math.sin(angle))
            for angle in sixths
        )
        return Detection(box=Polygon(ring).bounds, outline=Polygon(ring))
    return {Form.BOX: _box, Form.TEXT: _text, Form.BLOCK: _block}[form](box)
