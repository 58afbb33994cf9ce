"""``Viewport``: where the picture lies on the widget. The one place where picture pixels and widget units meet.

Three spaces: *picture* pixels (of the upright original), *device* pixels (of the screen) and *widget* units (what Qt
counts events in; ``ratio`` device pixels each, a fraction on many screens). Painting is done in device pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from qwvis_desktop.core.geometry import Box, Point, Size

MIN_ZOOM = 1 / 64
MAX_ZOOM = 64.0

_CORNER = Point(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Viewport:
    """A place and a size for the picture.

    Attributes:
        zoom: device pixels per picture pixel; 1.0 is 100 %.
        origin: the picture's top left corner in device pixels. Kept exact, so that zooming to and fro does not drift;
            what is drawn and clicked is at ``placed``, on a whole device pixel, so that panning only moves pixels.
        ratio: device pixels per widget unit.
    """

    zoom: float = 1.0
    origin: Point = _CORNER
    ratio: float = 1.0

    @classmethod
    def fitted(cls, picture: Size, view: Point, ratio: float, margin: float = 0.0) -> Viewport:
        """Return the viewport that shows a picture whole, in the middle of a view of ``view`` widget units.

        A small picture is not enlarged beyond 100 % of its pixels per widget unit. ``margin`` (widget units) stays free
        on all sides.
        """
        width, height = max(1.0, (view.x - 2 * margin) * ratio), max(1.0, (view.y - 2 * margin) * ratio)
        zoom = min(width / picture.width, height / picture.height, math.ceil(ratio))
        return cls.centered(zoom, Box.whole(picture).center, view, ratio)

    @classmethod
    def centered(cls, zoom: float, point: Point, view: Point, ratio: float) -> Viewport:
        """Return the viewport of ``zoom`` that has the picture's ``point`` in the middle of the view."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        return cls(zoom, Point(view.x * ratio / 2 - point.x * zoom, view.y * ratio / 2 - point.y * zoom), ratio)

    @property
    def placed(self) -> Point:
        """The picture's top left corner, in whole device pixels."""
        return Point(math.floor(self.origin.x + 0.5), math.floor(self.origin.y + 0.5))

    def to_device(self, point: Point) -> Point:
        """Map picture pixels to device pixels."""
        corner = self.placed
        return Point(point.x * self.zoom + corner.x, point.y * self.zoom + corner.y)

    def to_widget(self, point: Point) -> Point:
        """Map picture pixels to widget units."""
        device = self.to_device(point)
        return Point(device.x / self.ratio, device.y / self.ratio)

    def to_picture(self, point: Point) -> Point:
        """Map widget units to picture pixels."""
        corner = self.placed
        return Point((point.x * self.ratio - corner.x) / self.zoom, (point.y * self.ratio - corner.y) / self.zoom)

    def visible(self, view: Point) -> Box:
        """Return the part of the picture's plane under a view of ``view`` widget units, in picture pixels."""
        return Box.from_corners(self.to_picture(Point(0.0, 0.0)), self.to_picture(view))

    def zoomed(self, zoom: float, anchor: Point) -> Viewport:
        """Return the viewport of ``zoom`` in which what lies under ``anchor`` (widget units) stays there."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        x, y, growth = anchor.x * self.ratio, anchor.y * self.ratio, zoom / self.zoom
        return replace(
            self, zoom=zoom, origin=Point(x - (x - self.origin.x) * growth, y - (y - self.origin.y) * growth)
        )

    def panned(self, dx: float, dy: float) -> Viewport:
        """Return the viewport with the picture moved by ``dx``, ``dy`` widget units."""
        return replace(self, origin=Point(self.origin.x + dx * self.ratio, self.origin.y + dy * self.ratio))

    def reachable(self, picture: Size, view: Point) -> Viewport:
        """Return the nearest viewport with the middle of the view on the picture, so that it cannot get lost."""
        x, y = view.x * self.ratio / 2, view.y * self.ratio / 2
        left = min(max(self.origin.x, x - picture.width * self.zoom), x)
        top = min(max(self.origin.y, y - picture.height * self.zoom), y)
        return replace(self, origin=Point(left, top))
