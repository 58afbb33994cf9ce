"""Draws the samples of ``resources/samples``: pictures and a page, with replies made from the drawings' own truth.

    python packaging/draw_samples.py [FOLDER]

The same files come out each time. No model saw any of them: the replies say so.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from draw_room import ROOM, draw_room
from PIL import Image, ImageDraw, ImageFont

from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import KeptReply, dump_run
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.tasks import TASKS

SUPERSAMPLING = 2
"""Everything is drawn so many times as large and then reduced, which makes edges smooth."""

PROVIDER = "drawn truth, no model"


class Scene:
    """A picture that is drawn, and where its named things are, in pixels."""

    def __init__(self, size: Size, colour: str) -> None:
        self.size = size
        self.things: list[tuple[str, Box]] = []
        self._extent: list[Box] = []
        self._image = Image.new("RGB", (size.width * SUPERSAMPLING, size.height * SUPERSAMPLING), colour)
        self._draw = ImageDraw.Draw(self._image)

    @contextmanager
    def thing(self, label: str) -> Iterator[None]:
        """Take all that is drawn inside for one thing called ``label``."""
        self._extent = []
        yield
        boxes = self._extent
        self.things.append(
            (
                label,
                Box(
                    max(0.0, min(box.left for box in boxes)),
                    max(0.0, min(box.top for box in boxes)),
                    min(float(self.size.width), max(box.right for box in boxes)),
                    min(float(self.size.height), max(box.bottom for box in boxes)),
                ),
            )
        )

    def polygon(self, colour: str, *points: tuple[float, float]) -> None:
        """Fill an outline."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._extent.append(Box(min(xs), min(ys), max(xs), max(ys)))
        self._draw.polygon([(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points], fill=colour)

    def box(self, colour: str, left: float, top: float, right: float, bottom: float, radius: float = 0) -> None:
        """Fill a rectangle, its corners rounded by ``radius``."""
        self._extent.append(Box(left, top, right, bottom))
        self._draw.rounded_rectangle(self._inside(left, top, right, bottom), radius * SUPERSAMPLING, fill=colour)

    def ellipse(self, colour: str, x: float, y: float, across: float, down: float | None = None) -> None:
        """Fill an ellipse round (x, y) with these half axes."""
        down = across if down is None else down
        self._extent.append(Box(x - across, y - down, x + across, y + down))
        self._draw.ellipse(self._inside(x - across, y - down, x + across, y + down), fill=colour)

    def line(self, colour: str, width: float, *points: tuple[float, float]) -> None:
        """Draw a line with round ends."""
        for (x1, y1), (x2, y2) in pairwise(points):
            length = math.hypot(x2 - x1, y2 - y1) or 1.0
            dx, dy = (y2 - y1) / length * width / 2, (x1 - x2) / length * width / 2
            self.polygon(colour, (x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy))
        for x, y in points:
            self.ellipse(colour, x, y, width / 2)

    def shade(self, top: str, bottom: str, box: Box) -> None:
        """Fill a rectangle with a gradient from ``top`` to ``bottom``."""
        first, last = (tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in (top, bottom))
        start, end = round(box.top * SUPERSAMPLING), round(box.bottom * SUPERSAMPLING)
        for row in range(start, end):
            share = (row - start) / max(1, end - start - 1)
            mixed = tuple(round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
            self._draw.line([(box.left * SUPERSAMPLING, row), (box.right * SUPERSAMPLING, row)], fill=mixed)

    def image(self) -> Image.Image:
        """Return the picture."""
        return self._image.resize(self.size, Image.Resampling.LANCZOS)

    @staticmethod
    def _inside(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        # Pillow counts the last row and column in.
        return left * SUPERSAMPLING, top * SUPERSAMPLING, right * SUPERSAMPLING - 1, bottom * SUPERSAMPLING - 1


def draw_street() -> Scene:
    """Draw a street on a summer's day."""
    scene = Scene(Size(1600, 1067), "#bfe3f5")
    scene.shade("#7fc4ee", "#e6f4fa", Box(0, 0, 1600, 620))
    scene.ellipse("#fff3b8", 1375, 140, 92)
    with scene.thing("sun"):
        scene.ellipse("#ffd95a", 1375, 140, 70)
    for x, y, scale in ((240, 130, 1.0), (760, 90, 0.8), (1090, 205, 0.65)):
        with scene.thing("cloud"):
            _cloud(scene, x, y, scale)
    scene.ellipse("#a9cf9b", 300, 700, 620, 260)
    scene.ellipse("#9cc58f", 1250, 720, 700, 270)
    scene.box("#8fbf78", 0, 610, 1600, 760)
    for left, width, height, wall, roof in (
        (110, 270, 250, "#f3e3c7", "#b5533c"),
        (545, 310, 300, "#dfe7ee", "#4f6478"),
        (1080, 280, 230, "#f0cfc0", "#7d4b3a"),
    ):
        with scene.thing("house"):
            _house(scene, left, 700, width, height, wall, roof)
    for x, scale in ((455, 1.0), (965, 1.15), (1480, 1.25)):
        with scene.thing("tree"):
            _tree(scene, x, 712, scale)
    scene.box("#c9c6bf", 0, 712, 1600, 790)
    scene.box("#aaa69e", 0, 786, 1600, 796)
    scene.shade("#5b6067", "#4a4e55", Box(0, 796, 1600, 1067))
    for left in range(-40, 1600, 190):
        scene.box("#f0ead6", left, 926, left + 105, 937)
    with scene.thing("street lamp"):
        _lamp(scene, 505, 775)
    with scene.thing("traffic light"):
        _traffic_light(scene, 1405, 790)
    with scene.thing("bench"):
        _bench(scene, 640, 765)
    for x, shirt, trousers, hair in (
        (300, "#d8574a", "#39507a", "#5a3a22"),
        (365, "#3f8f6b", "#33363d", "#2b2320"),
        (905, "#e2a33b", "#4b3b63", "#8a5a2b"),
        (1250, "#4a74c9", "#6b5b4a", "#1f1c1a"),
    ):
        with scene.thing("person"):
            _person(scene, x, 778, shirt, trousers, hair)
    with scene.thing("dog"):
        _dog(scene, 985, 780)
    for left, bottom, scale, paint in (
        (150, 905, 1.0, "#c8362f"),
        (1120, 912, 1.05, "#2f6fb5"),
        (560, 1035, 1.25, "#e7b43a"),
    ):
        with scene.thing("car"):
            _car(scene, left, bottom, scale, paint)
    return scene


def _cloud(scene: Scene, x: float, y: float, scale: float) -> None:
    for dx, dy, radius in ((-62, 12, 38), (-20, -14, 52), (34, -4, 46), (74, 14, 34)):
        scene.ellipse("#ffffff", x + dx * scale, y + dy * scale, radius * scale)
    scene.box("#ffffff", x - 64 * scale, y + 10 * scale, x + 76 * scale, y + 49 * scale, 18 * scale)


def _house(scene: Scene, left: float, bottom: float, width: float, height: float, wall: str, roof: str) -> None:
    top, right = bottom - height, left + width
    scene.box("#8a6a5a", right - 70, top - 105, right - 42, top - 20)
    scene.box(wall, left, top, right, bottom)
    scene.polygon(roof, (left - 22, top + 4), (left + width / 2, top - 120), (right + 22, top + 4))
    for column, row in ((0, 0), (1, 0), (1, 1)):
        x, y = left + width * (0.16 + 0.46 * column), top + height * (0.13 + 0.44 * row)
        scene.box("#ffffff", x - 5, y - 5, x + 63, y + 69)
        scene.box("#8fb9d3", x, y, x + 58, y + 64)
        scene.box("#ffffff", x + 27, y, x + 31, y + 64)
        scene.box("#ffffff", x, y + 30, x + 58, y + 34)
    door = left + width * 0.18
    scene.box("#6a4a35", door, bottom - 108, door + 60, bottom, 4)
    scene.ellipse("#e8c86a", door + 50, bottom - 52, 4)


def _tree(scene: Scene, x: float, bottom: float, scale: float) -> None:
    scene.box("#7a5536", x - 13 * scale, bottom - 130 * scale, x + 13 * scale, bottom, 4)
    for colour, shift in (("#3f7d45", 0.0), ("#4f9653", -9.0)):
        for dx, dy, radius in ((-48, -165, 58), (46, -170, 60), (0, -232, 66), (0, -170, 58)):
            scene.ellipse(colour, x + (dx + shift) * scale, bottom + (dy + shift) * scale, (radius + shift) * scale)


def _lamp(scene: Scene, x: float, bottom: float) -> None:
    scene.box("#3c4046", x - 5, bottom - 330, x + 5, bottom)
    scene.box("#3c4046", x - 12, bottom - 18, x + 12, bottom, 4)
    scene.line("#3c4046", 8, (x, bottom - 326), (x + 52, bottom - 338))
    scene.box("#3c4046", x + 34, bottom - 342, x + 82, bottom - 326, 6)
    scene.box("#ffeeb0", x + 40, bottom - 327, x + 76, bottom - 319, 4)


def _traffic_light(scene: Scene, x: float, bottom: float) -> None:
    scene.box("#3c4046", x - 6, bottom - 190, x + 6, bottom)
    scene.box("#26292d", x - 26, bottom - 320, x + 26, bottom - 180, 10)
    for dy, colour in ((-297, "#5a2622"), (-251, "#5c4a1c"), (-205, "#49d06a")):
        scene.ellipse(colour, x, bottom + dy, 16)


def _bench(scene: Scene, left: float, bottom: float) -> None:
    for x in (left + 14, left + 142):
        scene.box("#33373c", x, bottom - 46, x + 9, bottom)
    for y in (-92, -72, -50):
        scene.box("#a5713f", left, bottom + y, left + 165, bottom + y + 14, 3)


def _person(scene: Scene, x: float, bottom: float, shirt: str, trousers: str, hair: str) -> None:
    scene.line(trousers, 17, (x - 8, bottom - 66), (x - 13, bottom - 9))
    scene.line(trousers, 17, (x + 8, bottom - 66), (x + 15, bottom - 9))
    for foot in (-10, 19):
        scene.box("#2d2a28", x + foot - 15, bottom - 10, x + foot + 11, bottom, 5)
    scene.line("#e8b48f", 12, (x - 22, bottom - 122), (x - 31, bottom - 68))
    scene.line("#e8b48f", 12, (x + 22, bottom - 122), (x + 31, bottom - 68))
    scene.box(shirt, x - 25, bottom - 136, x + 25, bottom - 60, 14)
    scene.ellipse(hair, x, bottom - 164, 24, 25)
    scene.ellipse("#e8b48f", x, bottom - 157, 19, 21)


def _dog(scene: Scene, x: float, bottom: float) -> None:
    for dx in (-36, -22, 20, 34):
        scene.box("#8a5f3b", x + dx, bottom - 34, x + dx + 10, bottom, 4)
    scene.line("#8a5f3b", 9, (x - 40, bottom - 50), (x - 62, bottom - 74))
    scene.box("#9c6d45", x - 44, bottom - 62, x + 46, bottom - 26, 17)
    scene.ellipse("#9c6d45", x + 54, bottom - 66, 22, 19)
    scene.box("#9c6d45", x + 58, bottom - 70, x + 86, bottom - 54, 7)
    scene.polygon("#6d4729", (x + 38, bottom - 76), (x + 52, bottom - 94), (x + 57, bottom - 72))
    scene.ellipse("#201a16", x + 61, bottom - 70, 3.5)
    scene.ellipse("#201a16", x + 84, bottom - 65, 4)


def _car(scene: Scene, left: float, bottom: float, scale: float, paint: str) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * scale, bottom + y * scale

    scene.polygon(paint, at(62, -74), at(98, -124), at(212, -124), at(262, -74))
    scene.polygon("#cfe6f2", at(77, -76), at(104, -114), at(150, -114), at(150, -76))
    scene.polygon("#cfe6f2", at(160, -76), at(160, -114), at(207, -114), at(243, -76))
    scene.box(paint, *at(0, -80), *at(322, -24), 20 * scale)
    scene.box("#fff2c2", *at(302, -66), *at(322, -50), 5 * scale)
    scene.box("#7d1f1a", *at(0, -66), *at(14, -48), 4 * scale)
    scene.box("#2f3237", *at(146, -66), *at(172, -61), 2)
    for wheel in (70, 252):
        scene.ellipse("#202226", *at(wheel, -30), 30 * scale)
        scene.ellipse("#b9bec4", *at(wheel, -30), 15 * scale)


COLOURS: dict[str, str] = {
    "red": "#d6322d",
    "blue": "#2662c4",
    "green": "#2e9b57",
    "yellow": "#f2bf27",
    "purple": "#7d48b3",
    "orange": "#ee7d22",
}


def draw_shapes() -> Scene:
    """Draw shapes in plain colours on light paper."""
    scene = Scene(Size(1200, 900), "#f7f5ef")
    for at in range(0, 1200, 60):
        scene.box("#e8e4d8", at, 0, at + 1, 900)
        scene.box("#e8e4d8", 0, at, 1200, at + 1)
    for name, shape, x, y, radius in (
        ("red", "circle", 200, 190, 115),
        ("blue", "square", 565, 175, 105),
        ("green", "triangle", 955, 215, 150),
        ("yellow", "star", 235, 560, 140),
        ("purple", "circle", 520, 480, 60),
        ("orange", "square", 820, 520, 85),
        ("blue", "triangle", 1065, 560, 95),
        ("red", "star", 600, 725, 110),
        ("green", "circle", 900, 770, 75),
        ("purple", "square", 130, 800, 50),
    ):
        with scene.thing(f"{name} {shape}"):
            _shape(scene, COLOURS[name], shape, x, y, radius)
    return scene


def _shape(scene: Scene, colour: str, shape: str, x: float, y: float, radius: float) -> None:
    if shape == "circle":
        scene.ellipse(colour, x, y, radius)
    elif shape == "square":
        scene.box(colour, x - radius, y - radius, x + radius, y + radius)
    else:
        shares = (1.0,) * 3 if shape == "triangle" else (1.0, 0.45) * 5
        turns = [(2 * math.pi * (i / len(shares) - 0.25), radius * share) for i, share in enumerate(shares)]
        scene.polygon(colour, *((x + far * math.cos(turn), y + far * math.sin(turn)) for turn, far in turns))


RIGHT = 1120
"""The right margin in pixels; texts that stand there end there."""

COLUMNS = (120, 640, RIGHT)

TABLE = (
    (490, ("Item", "Quantity", "Price")),
    (570, ("Rye bread, sliced", "1", "4.20")),
    (635, ("Poppy seed rolls", "6", "5.40")),
    (700, ("Apple cake", "2", "7.80")),
    (765, ("Coffee, large", "2", "6.50")),
)

LINES: tuple[tuple[str, float, int, int], ...] = (
    ("The Corner Bakery", 120, 130, 62),
    ("14 Mill Lane, Oakfield", 120, 222, 32),
    ("Open Monday to Saturday, 7 am to 6 pm", 120, 268, 32),
    ("Receipt no. 20418", 120, 380, 36),
    ("21 March 2026, 08:42", RIGHT, 380, 36),
    *((text, left, top, 36) for top, row in TABLE for text, left in zip(row, COLUMNS, strict=True)),
    ("Total", 120, 890, 46),
    ("23.90", RIGHT, 890, 46),
    ("Paid by card", 120, 970, 36),
    ("Thank you for coming in.", 120, 1120, 40),
    ("Our bread is baked through the night from flour that is milled", 120, 1210, 32),
    ("four streets away. What is left at closing time goes to the", 120, 1256, 32),
    ("soup kitchen in Station Road.", 120, 1302, 32),
    ("Allergens: wheat, rye, egg, milk, poppy seed, nuts.", 120, 1420, 30),
    ("Questions? Call 555 0142 or ask at the counter.", 120, 1464, 30),
)
"""The page: text, left (or ``RIGHT``) and top in pixels, height of the letters' body in pixels."""


def draw_page() -> tuple[Image.Image, list[tuple[str, Box]]]:
    """Draw a receipt; return it and its lines with the boxes of their ink."""
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for y in (340, 548, 860, 1060):
        draw.line([(120, y), (RIGHT, y)], fill=90, width=2)
    placed: list[tuple[str, Box]] = []
    for text, left, top, height in LINES:
        font = ImageFont.load_default(height)
        stroke = 1 if height > 40 else 0
        anchor = "ra" if left == RIGHT else "la"
        draw.text((left, top), text, fill=15, font=font, anchor=anchor, stroke_width=stroke)
        bounds = draw.textbbox((left, top), text, font=font, anchor=anchor, stroke_width=stroke)
        placed.append((text, Box(*map(float, bounds))))
    return page, placed


def _thousandths(place: Box | Point, size: Size) -> list[int]:
    numbers = (place.left, place.top, place.right, place.bottom) if isinstance(place, Box) else place
    return [round(number / size[index % 2] * 1000) for index, number in enumerate(numbers)]


def _write_reply(folder: Path, picture: str, size: Size, task: str, objects: Sequence[dict[str, object]]) -> None:
    """Keep a reply as Qwen3-VL would write it, with a fence and tabs."""
    rows = ",\n".join("\t" + json.dumps(item, ensure_ascii=False) for item in objects)
    name = Path(picture).stem
    spec = bundled_registry().spec("", family="qwen3-vl")
    run = Run(
        id=f"sample-{name}-{task}",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        provider=PROVIDER,
        model="",
        family=spec.family,
        task=task,
        prompt=TASKS[task].prompt,
        frame=Frame.whole(size, spec.resize.resized(size)),
        space=spec.space,
        reply=f"```json\n[\n{rows}\n]\n```",
        finish_reason="stop",
        status=ReplyStatus.OK,
    )
    (folder / f"{name}.{task}.reply.json").write_bytes(dump_run(KeptReply(run, picture, size)))


def _boxes(things: Sequence[tuple[str, Box]], size: Size) -> list[dict[str, object]]:
    return [{"bbox_2d": _thousandths(box, size), "label": label} for label, box in things]


def main(folder: Path) -> None:
    """Draw everything into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    street = draw_street()
    street.image().save(folder / "street.jpg", quality=88, optimize=True, subsampling=0)
    _write_reply(folder, "street.jpg", street.size, "detect", _boxes(street.things, street.size))
    shapes = draw_shapes()
    shapes.image().quantize(128, dither=Image.Dither.NONE).save(folder / "shapes.png", optimize=True)
    _write_reply(folder, "shapes.png", shapes.size, "detect", _boxes(shapes.things, shapes.size))
    points: list[dict[str, object]] = [
        {"point_2d": _thousandths(box.center, shapes.size), "label": label} for label, box in shapes.things
    ]
    _write_reply(folder, "shapes.png", shapes.size, "point", points)
    page, lines = draw_page()
    page.quantize(16, dither=Image.Dither.NONE).save(folder / "page.png", optimize=True)
    size = Size(*page.size)
    texts: list[dict[str, object]] = [{"bbox_2d": _thousandths(box, size), "text_content": text} for text, box in lines]
    _write_reply(folder, "page.png", size, "spot-text", texts)
    room = draw_room()
    room.save(folder / "room.jpg", quality=90, optimize=True, subsampling=0)
    cuboids: list[dict[str, object]] = [{"bbox_3d": piece.numbers, "label": piece.label} for piece in ROOM]
    _write_reply(folder, "room.jpg", Size(*room.size), "cuboid", cuboids)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "resources" / "samples")
