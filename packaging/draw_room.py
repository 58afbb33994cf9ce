"""Draws the sample ``room``: furniture made of true cuboids, seen by a known camera; called by ``draw_samples.py``.

Every part of a piece of furniture is a box in space. Its faces are filled in the order of their distance, pixel by
pixel, by the reciprocal of their depth, which is a plane in the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.geometry import Size

SIZE = Size(1440, 960)
"""Of the picture, in pixels."""

CAMERA = CameraIntrinsics(1120.0, 1120.0, 720.0, 330.0)
"""Square pixels; the principal point lies high, as in a photo whose upper part was cut off."""

SUPERSAMPLING = 2

FLOOR = 1.45
"""Height of the camera over the floor in metres: y of the floor."""

LEFT, RIGHT, BACK, CEILING = -2.75, 2.85, 6.4, -1.25
"""Walls and ceiling in metres, in camera axes."""

_LIGHT = np.array((0.45, -0.8, -0.4)) / math.sqrt(0.45**2 + 0.8**2 + 0.4**2)
"""Towards the light."""

Colour = tuple[int, int, int]
Triple = tuple[float, float, float]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A box inside a piece of furniture, in shares of it: from 0 (left, top, front) to 1 (right, bottom, back)."""

    start: Triple
    end: Triple
    colour: str


@dataclass(frozen=True)
class Furniture:
    """A piece of furniture: what is drawn, and the truth about it.

    Attributes:
        place: x and z of its middle in metres.
        size: width, height and depth in metres.
        turn: about the vertical, in degrees; at 0 its front looks at the camera.
        lift: of its underside over the floor in metres.
    """

    label: str
    place: tuple[float, float]
    size: Triple
    turn: float
    parts: tuple[Part, ...]
    lift: float = 0.0

    @property
    def center(self) -> Triple:
        """The middle in metres, in camera axes."""
        return self.place[0], FLOOR - self.lift - self.size[1] / 2, self.place[1]

    @property
    def numbers(self) -> list[float]:
        """The nine numbers of ``bbox_3d``: centre, size, and the turns about x, y and z in half turns."""
        return [round(number, 4) for number in (*self.center, *self.size, 0.0, self.turn / 180, 0.0)]


def _legs(colour: str, thickness: float, top: float) -> tuple[Part, ...]:
    far = 1 - thickness
    corners = ((0.0, 0.0), (far, 0.0), (0.0, far), (far, far))
    return tuple(Part((x, top, z), (x + thickness, 1, z + thickness), colour) for x, z in corners)


def _table(colour: str, legs: str) -> tuple[Part, ...]:
    return (*_legs(legs, 0.06, 0.07), Part((0, 0, 0), (1, 0.08, 1), colour))


def _chair(seat: str, legs: str) -> tuple[Part, ...]:
    return (
        *_legs(legs, 0.1, 0.5),
        Part((0, 0.46, 0), (1, 0.54, 1), seat),
        Part((0, 0, 0.9), (0.1, 0.5, 1), legs),
        Part((0.9, 0, 0.9), (1, 0.5, 1), legs),
        Part((0.05, 0, 0.92), (0.95, 0.3, 0.98), seat),
    )


def _sofa(base: str, cushion: str) -> tuple[Part, ...]:
    return (
        Part((0, 0.45, 0), (1, 0.94, 1), base),
        Part((0, 0, 0.72), (1, 0.5, 1), base),
        Part((0, 0.3, 0), (0.1, 0.5, 0.75), base),
        Part((0.9, 0.3, 0), (1, 0.5, 0.75), base),
        *(Part((x, 0.4, 0.02), (x + 0.385, 0.56, 0.72), cushion) for x in (0.11, 0.505)),
        *(Part((x, 0.1, 0.62), (x + 0.36, 0.42, 0.78), cushion) for x in (0.125, 0.515)),
        *(Part((x, 0.94, z), (x + 0.05, 1, z + 0.06), "#3b3028") for x in (0.02, 0.93) for z in (0.04, 0.9)),
    )


def _shelf(wood: str) -> tuple[Part, ...]:
    boards = tuple(Part((0, y, 0), (1, y + 0.03, 1), wood) for y in (0.0, 0.24, 0.48, 0.72, 0.97))
    sides = (Part((0, 0, 0), (0.05, 1, 1), wood), Part((0.95, 0, 0), (1, 1, 1), wood))
    books = tuple(
        Part((0.07 + n * 0.085, y - height, 0.15), (0.07 + n * 0.085 + 0.07, y, 0.75), colour)
        for y, start in ((0.24, 0), (0.48, 3), (0.72, 1))
        for n, (height, colour) in enumerate(
            (0.13 + 0.012 * ((n * 5 + start) % 5), _BOOKS[(n + start) % len(_BOOKS)]) for n in range(10)
        )
        if (n + start) % 7 != 5
    )
    return (Part((0, 0, 0.94), (1, 1, 1), "#c9b08b"), *books, *boards, *sides)


_BOOKS = ("#b5443c", "#2f6d8f", "#dca73a", "#4f7f52", "#7a5a94", "#d8d3c4", "#2d3f58")

_LAMP = (
    Part((0.25, 0.97, 0.25), (0.75, 1, 0.75), "#3a3d42"),
    Part((0.47, 0.2, 0.47), (0.53, 0.97, 0.53), "#3a3d42"),
    Part((0, 0, 0), (1, 0.22, 1), "#fff0c2"),
)
_PLANT = (
    Part((0.28, 0.68, 0.28), (0.72, 1, 0.72), "#b86a48"),
    Part((0.45, 0.4, 0.45), (0.55, 0.7, 0.55), "#6b4a30"),
    Part((0.1, 0.22, 0.15), (0.85, 0.46, 0.8), "#3f7d45"),
    Part((0.0, 0.08, 0.3), (0.6, 0.34, 1.0), "#4f9653"),
    Part((0.3, 0, 0), (1, 0.28, 0.6), "#5aa55c"),
)
_CABINET = (
    Part((0, 0, 0.03), (1, 0.94, 1), "#e9e4da"),
    *(Part((x, 0.06, 0), (x + 0.465, 0.9, 0.04), "#f6f2ea") for x in (0.025, 0.51)),
    *(Part((x, 0.4, -0.03), (x + 0.02, 0.55, 0.01), "#6f6a60") for x in (0.46, 0.52)),
    *(Part((x, 0.94, z), (x + 0.04, 1, z + 0.1), "#6f6a60") for x in (0.02, 0.94) for z in (0.04, 0.86)),
)
_SCREEN = (
    Part((0.3, 0.96, 0.1), (0.7, 1, 0.9), "#26292d"),
    Part((0.46, 0.85, 0.4), (0.54, 0.97, 0.6), "#26292d"),
    Part((0, 0, 0.35), (1, 0.87, 0.65), "#1b1e22"),
    Part((0.02, 0.03, 0.33), (0.98, 0.84, 0.36), "#33506b"),
)
_BOX = (
    Part((0, 0.06, 0), (1, 1, 1), "#c79a62"),
    Part((0, 0, 0), (1, 0.08, 1), "#d8b07a"),
    Part((0.43, -0.002, 0), (0.57, 0.3, 1), "#e5d3ae"),
)

ROOM: tuple[Furniture, ...] = (
    Furniture("sofa", (-1.55, 5.35), (2.1, 0.82, 0.95), 8.0, _sofa("#5b7f95", "#7fa3b8")),
    Furniture("coffee table", (-1.15, 3.75), (1.05, 0.44, 0.6), -14.0, _table("#a9713f", "#7d5230")),
    Furniture("dining table", (1.25, 3.85), (1.5, 0.75, 0.9), 24.0, _table("#d2a878", "#8a6238")),
    Furniture("chair", (0.3, 3.35), (0.46, 0.9, 0.48), 150.0, _chair("#c85a45", "#55402e")),
    Furniture("chair", (1.5, 2.95), (0.46, 0.9, 0.48), -172.0, _chair("#c85a45", "#55402e")),
    Furniture("chair", (1.15, 4.9), (0.46, 0.9, 0.48), 20.0, _chair("#c85a45", "#55402e")),
    Furniture("bookshelf", (0.35, 6.12), (1.15, 2.0, 0.36), 0.0, _shelf("#a57c4e")),
    Furniture("cabinet", (2.0, 5.95), (1.3, 0.72, 0.45), -3.0, _CABINET),
    Furniture("television", (2.0, 5.95), (1.05, 0.66, 0.26), -3.0, _SCREEN, lift=0.72),
    Furniture("lamp", (-0.56, 5.95), (0.42, 1.62, 0.42), 30.0, _LAMP),
    Furniture("plant", (-2.3, 4.35), (0.5, 1.05, 0.5), 15.0, _PLANT),
    Furniture("box", (-0.3, 3.0), (0.42, 0.3, 0.34), -33.0, _BOX),
)
"""What stands in the room."""


class Picture:
    """A picture with a depth for each pixel: what is nearer covers what is farther."""

    def __init__(self) -> None:
        self.width, self.height = SIZE.width * SUPERSAMPLING, SIZE.height * SUPERSAMPLING
        self._pixels = np.zeros((self.height, self.width, 3))
        self._nearness = np.zeros((self.height, self.width))

    def fill(self, corners: Array, shade: Callable[[Array], Array], border: float = 0.0) -> None:
        """Fill a flat face.

        Args:
            corners: of the face in metres, shape (4, 3), all in front of the camera.
            shade: gives colours, shape (n, 3) from 0 to 255, for places on the face, shape (n, 3) in metres.
            border: nearness that is added, so that what lies on a face wins over it.
        """
        focus = np.array((CAMERA.fx, CAMERA.fy)) * SUPERSAMPLING
        middle = np.array((CAMERA.cx, CAMERA.cy)) * SUPERSAMPLING
        seen = corners[:, :2] / corners[:, 2:] * focus + middle
        left, top = np.maximum(np.floor(seen.min(axis=0)).astype(int), 0)
        right, bottom = np.minimum(np.ceil(seen.max(axis=0)).astype(int) + 1, (self.width, self.height))
        if left >= right or top >= bottom:
            return
        mask = Image.new("1", (int(right - left), int(bottom - top)))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in seen.tolist()], fill=1)
        rows, columns = np.nonzero(np.asarray(mask))
        rows, columns = rows + top, columns + left
        rays = np.stack(
            ((columns + 0.5 - middle[0]) / focus[0], (rows + 0.5 - middle[1]) / focus[1], np.ones(len(rows))), axis=1
        )
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
        nearness = rays @ normal / (corners[0] @ normal)
        hit = nearness > self._nearness[rows, columns] + 1e-9
        rows, columns, rays, nearness = rows[hit], columns[hit], rays[hit], nearness[hit]
        self._nearness[rows, columns] = nearness + border
        self._pixels[rows, columns] = shade(rays / nearness[:, None])

    def image(self) -> Image.Image:
        """Return the picture."""
        whole = Image.fromarray(np.clip(self._pixels, 0, 255).astype(np.uint8))
        return whole.resize(SIZE, Image.Resampling.LANCZOS)


def _rgb(colour: str) -> Array:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], dtype=np.float64)


def _placed(furniture: Furniture, points: Array) -> Array:
    """Return points given in shares of a piece of furniture, shape (n, 3), in metres."""
    turn = math.radians(furniture.turn)
    x, y, z = ((points - 0.5) * np.array(furniture.size)).T
    turned = np.stack((x * math.cos(turn) + z * math.sin(turn), y, z * math.cos(turn) - x * math.sin(turn)), axis=1)
    return turned + np.array(furniture.center)


def _corners(part: Part) -> Array:
    return np.array(
        [
            (x, y, z)
            for x in (part.start[0], part.end[0])
            for y in (part.start[1], part.end[1])
            for z in (part.start[2], part.end[2])
        ]
    )


_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
"""Numbers of ``_corners`` round each face."""


def _draw_furniture(picture: Picture, furniture: Furniture) -> None:
    for part in furniture.parts:
        corners = _placed(furniture, _corners(part))
        middle, colour = corners.mean(axis=0), _rgb(part.colour)
        for face in _FACES:
            around = corners[list(face)]
            normal = np.cross(around[1] - around[0], around[2] - around[0])
            normal /= np.linalg.norm(normal)
            outward = normal if normal @ (around.mean(axis=0) - middle) > 0 else -normal
            if outward @ around[0] >= 0:
                continue  # it looks away from the camera
            light = 0.62 + 0.42 * max(0.0, float(outward @ _LIGHT))
            picture.fill(around, lambda places, tone=colour * light: _shaded(places, tone))


def _shaded(places: Array, tone: Array) -> Array:
    """Let a colour darken a little towards the floor, where less light comes."""
    share = np.clip((FLOOR - places[:, 1]) / 1.2, 0, 1)
    return tone * (0.86 + 0.14 * share)[:, None]


_PER_METRE = 128
"""Pixels of the map of shadows in a metre of the floor."""


def _shadows() -> Array:
    """Return how much light comes to the floor: rows by z, columns by x, from 0 to 1."""
    width, depth = round((RIGHT - LEFT) * _PER_METRE), round(BACK * _PER_METRE)
    whole = Image.new("L", (width, depth), 255)
    for furniture in ROOM:
        mask = Image.new("L", (width, depth), 0)
        draw = ImageDraw.Draw(mask)
        for part in furniture.parts:
            corners = _placed(furniture, _corners(part))
            height = (FLOOR - corners[:, 1]) / -_LIGHT[1]
            fallen = corners[:, (0, 2)] - height[:, None] * _LIGHT[[0, 2]] * 0.55
            spots = [((x - LEFT) * _PER_METRE, z * _PER_METRE) for x, z in fallen.tolist()]
            draw.polygon(_hull(spots), fill=120)
        soft = mask.filter(ImageFilter.GaussianBlur(9))
        whole = Image.composite(Image.new("L", whole.size, 0), whole, soft)
    return np.asarray(whole, dtype=np.float64) / 255


def _hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of the smallest convex outline round points."""

    def half(ordered: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for point in ordered:
            while len(kept) > 1 and _side(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    ordered = sorted(set(points))
    return half(ordered) + half(ordered[::-1])


def _side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _floor(places: Array, light: Array) -> Array:
    """Return the colours of floor boards, with what falls on them of light."""
    x, z = places[:, 0], places[:, 2]
    board = np.floor((x + 20) / 0.16)
    along = z + np.mod(board * 0.73, 1.7)
    plank = np.floor(along / 1.7)
    tone = np.mod(np.sin(board * 12.9898 + plank * 78.233) * 43758.5453, 1.0)
    colours = _rgb("#c79e6d") * (0.93 + 0.1 * tone)[:, None]
    seam = (np.mod(x + 20, 0.16) < 0.006) | (np.mod(along, 1.7) < 0.01)
    colours[seam] *= 0.8
    rug = (np.abs(x + 1.2) < 1.25) & (np.abs(z - 3.95) < 0.85)
    border = rug & ((np.abs(x + 1.2) > 1.13) | (np.abs(z - 3.95) > 0.75))
    colours[rug] = _rgb("#d9d2c2")
    colours[border] = _rgb("#8f4a44")
    row = np.clip((z * _PER_METRE).astype(int), 0, light.shape[0] - 1)
    column = np.clip(((x - LEFT) * _PER_METRE).astype(int), 0, light.shape[1] - 1)
    return colours * (0.35 + 0.65 * light[row, column])[:, None]


def _wall(colour: str) -> Callable[[Array], Array]:
    tone = _rgb(colour)

    def shade(places: Array) -> Array:
        down = np.clip((places[:, 1] - CEILING) / (FLOOR - CEILING), 0, 1)
        return tone * (1.02 - 0.12 * down)[:, None]

    return shade


def _plain(colour: str) -> Callable[[Array], Array]:
    tone = _rgb(colour)
    return lambda places: np.broadcast_to(tone, places.shape)


def _upright(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Array:
    """Return an upright rectangle from its first end to its second."""
    return np.array([(x[0], y[0], z[0]), (x[1], y[0], z[1]), (x[1], y[1], z[1]), (x[0], y[1], z[0])])


def _level(y: float) -> Array:
    near = 0.4
    return np.array([(LEFT, y, near), (RIGHT, y, near), (RIGHT, y, BACK), (LEFT, y, BACK)])


def draw_room() -> Image.Image:
    """Draw the room."""
    picture, light = Picture(), _shadows()
    picture.fill(_level(FLOOR), lambda places: _floor(places, light))
    picture.fill(_level(CEILING), _plain("#f4f1ea"))
    picture.fill(_upright((LEFT, RIGHT), (CEILING, FLOOR), (BACK, BACK)), _wall("#dfe5e2"))
    picture.fill(_upright((LEFT, LEFT), (CEILING, FLOOR), (0.4, BACK)), _wall("#cdd6d3"))
    picture.fill(_upright((RIGHT, RIGHT), (CEILING, FLOOR), (0.4, BACK)), _wall("#e8ece8"))
    skirting = (FLOOR - 0.1, FLOOR)
    for x, z in (((LEFT, RIGHT), (BACK, BACK)), ((LEFT, LEFT), (0.4, BACK)), ((RIGHT, RIGHT), (0.4, BACK))):
        inward = _upright(x, skirting, z) * 0.999
        picture.fill(inward, _plain("#f7f6f2"))
    for x, y, colour in (
        ((-2.25, -0.95), (-0.95, 0.35), "#ffffff"),
        ((-2.18, -1.63), (-0.88, 0.28), "#a9d3ea"),
        ((-1.57, -1.02), (-0.88, 0.28), "#b9dcee"),
        ((1.45, 2.25), (-0.9, -0.35), "#50402f"),
        ((1.5, 2.2), (-0.85, -0.4), "#d8b45c"),
    ):
        nearer = 0.998 - 0.0005 * (colour != "#ffffff" and colour != "#50402f")
        picture.fill(_upright(x, y, (BACK, BACK)) * nearer, _plain(colour))
    for furniture in ROOM:
        _draw_furniture(picture, furniture)
    return picture.image()
