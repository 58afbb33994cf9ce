"""Pages to be read: drawn with known text at known places, straight and turned, and how well they were.

English is drawn with the font that Pillow brings; Chinese needs one of the system's (``has_chinese``).
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein
from text_pages import rectangle

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.error_rate import compared
from qwvis_desktop.core.geometry import Point, Polygon, Size
from qwvis_desktop.core.providers.base import ImagePart

PAGE = Size(1240, 1754)
"""A page of A4 at 150 pixels an inch."""

ENGLISH = (
    "The ferry leaves at 6:45 from the second pier.",
    "Please bring a warm coat, because the wind is cold.",
    "Invoice No. 2026-0117, due within 30 days.",
    "Our shop opens at nine and closes at half past five.",
    "She counted 1,284 birds on the island last winter.",
    "A receipt is given for every payment above $20.00.",
    "Turn left after the old mill, then follow the river.",
    "Mail: office@harbour.example, Tel. +44 20 5550 0199",
    "Nobody had expected the bridge to be finished so soon.",
    "Half of the apples were red, the rest were green.",
    "Total amount: 1,746.32 EUR (VAT 19 % included)",
    "The museum is closed on Mondays and public holidays.",
    "He wrote a short letter and put it under the door.",
    "Signed in Lisbon on 14 March 2025 by both parties.",
)
CHINESE = (
    "渡轮早上六点四十五分从二号码头出发。",
    "请带一件厚外套，因为海上的风很冷。",
    "发票号码：二〇二六年第一一七号",
    "本店上午九点开门，下午五点半关门。",
    "去年冬天她在岛上数到许多候鸟。",
    "每次付款都会给您一张收据。",
    "过了老磨坊以后向左转，然后沿着河走。",
    "没有人想到这座桥会这么快完工。",
    "一半的苹果是红的，其余的是绿的。",
    "博物馆星期一和节假日不开放。",
)
MIXED = (
    "订单 Order 2026-0117 已经发货",
    "请在 30 天内付款 EUR 1,746.32",
    "联系人 Anna Berg，电话 +44 20 5550 0199",
    "会议 Meeting 时间：14 March 2025",
    "型号 QX-500 的重量是 12.5 kg",
    "请打开 Settings 然后选择 Language",
    "合计 Total：42.50",
    "第 3 页，共 20 页 (Page 3 of 20)",
)
TABLE = (
    ("Article", "Number", "Price", "Amount"),
    ("Paper A4", "12", "4.50", "54.00"),
    ("Pencils", "30", "0.80", "24.00"),
    ("Desk lamp", "2", "39.90", "79.80"),
    ("Stapler", "5", "7.25", "36.25"),
    ("Envelopes", "200", "0.12", "24.00"),
    ("Folders", "48", "1.10", "52.80"),
    ("Total", "297", "", "270.85"),
)


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page and the lines on it in reading order, each with its outline from the text's own top left."""

    picture: Image.Image = field(repr=False)
    lines: tuple[TextRegion, ...]

    def part(self) -> ImagePart:
        """Return the page as it is sent."""
        file = io.BytesIO()
        self.picture.save(file, "PNG", compress_level=1)
        return ImagePart(file.getvalue(), "image/png", *self.picture.size)

    def turned(self, degrees: float) -> OcrPage:
        """Return it turned clockwise about its middle, the ground going on in white."""
        picture = self.picture.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        before, after = (Point(each.width / 2, each.height / 2) for each in (self.picture, picture))

        def moved(point: Point) -> Point:
            x, y = point.x - before.x, point.y - before.y
            return Point(after.x + x * cos - y * sin, after.y + x * sin + y * cos)

        return OcrPage(
            picture,
            tuple(replace(each, polygon=Polygon(tuple(map(moved, each.polygon.points)))) for each in self.lines),
        )

    def faint(self, seed: int = 7) -> OcrPage:
        """Return it in greys that lie near each other, with noise as of a poor scan."""
        grey = 150 + np.asarray(self.picture.convert("L"), np.float32) * (55 / 255)
        noise = np.random.default_rng(seed).normal(0, 9, grey.shape)
        return replace(self, picture=Image.fromarray(np.clip(grey + noise, 0, 255).astype(np.uint8)).convert("RGB"))


def _chinese_font() -> Path | None:
    return next(iter(sorted(Path("/usr/share/fonts").glob("**/NotoSansCJK-Regular.ttc"))), None)


def has_chinese() -> bool:
    """Say whether this machine has a font for Chinese."""
    return _chinese_font() is not None


def _font(height: int, text: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    place = _chinese_font()
    if text.isascii() or place is None:
        return ImageFont.load_default(height)
    return ImageFont.truetype(str(place), height)


def _drawn(placed: Sequence[tuple[str, float, float, int]], size: Size = PAGE) -> OcrPage:
    """Return a white page with texts, each at its left and top with the height of its font."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    lines = []
    for text, x, y, height in placed:
        font = _font(height, text)
        pen.text((x, y), text, fill="black", font=font)
        left, top, right, bottom = pen.textbbox((x, y), text, font=font)
        lines.append(TextRegion(text=text, polygon=rectangle(left, top, right - left, bottom - top)))
    return OcrPage(picture, tuple(lines))


def listed(texts: Sequence[str], height: int = 26, rows: int = 30, size: Size = PAGE) -> OcrPage:
    """Return a page of lines one below the other, with a gap after every tenth."""
    chosen = [texts[row % len(texts)] for row in range(rows)]
    step = height * 1.75
    return _drawn([(text, 90, 90 + row * step + row // 10 * step, height) for row, text in enumerate(chosen)], size)


def columns(rows: int = 14, size: Size = PAGE) -> OcrPage:
    """Return a page with a heading over two columns, read one after the other."""
    halves = [(text, x, 220 + row * 42, 21) for x in (80, 660) for row, text in enumerate(ENGLISH[:rows])]
    return _drawn([("Notes from the Harbour Office, Spring Edition", 80, 90, 40), *halves], size)


def table() -> OcrPage:
    """Return a page with a ruled table, read row by row."""
    cells = [
        (text, 110 + column * 260, 150 + row * 64, 26)
        for row, texts in enumerate(TABLE)
        for column, text in enumerate(texts)
        if text
    ]
    page = _drawn(cells)
    pen = ImageDraw.Draw(page.picture)
    for row in range(len(TABLE) + 1):
        pen.line((90, 130 + row * 64, 1130, 130 + row * 64), fill="black", width=2)
    for column in range(5):
        pen.line((90 + column * 260, 130, 90 + column * 260, 130 + len(TABLE) * 64), fill="black", width=2)
    return page


PAGES: Mapping[str, Callable[[], OcrPage]] = {
    "English": lambda: listed(ENGLISH),
    "two columns": columns,
    "table": table,
    "turned by 90": lambda: listed(ENGLISH).turned(90),
    "turned by 180": lambda: listed(ENGLISH).turned(180),
    "turned by 270": lambda: listed(ENGLISH).turned(270),
    "leaning by 7": lambda: listed(ENGLISH).turned(7),
    "small print": lambda: listed(ENGLISH, 12, 60),
    "long, as of a screen": lambda: listed(ENGLISH, 22, 110, Size(900, 5000)),
    "faint, with noise": lambda: listed(ENGLISH).faint(),
}
CHINESE_PAGES: Mapping[str, Callable[[], OcrPage]] = {
    "Chinese": lambda: listed(CHINESE),
    "mixed": lambda: listed(MIXED),
    "mixed, turned by 180": lambda: listed(MIXED).turned(180),
    "mixed, turned by 90": lambda: listed(MIXED).turned(90),
    "mixed, small print": lambda: listed(MIXED, 14, 50),
}


@dataclass(frozen=True, slots=True)
class Score:
    """How well a page was read.

    Attributes:
        characters: share of characters that are right, line by line, where each lies.
        in_order: share of characters that are right in the text of the page as a whole, in the order as read.
        iou: mean over the lines drawn of the best intersection over union with the outline of a line read.
        upright: share of the lines drawn whose first corner is the first corner of the line read there.
        lines, found: how many were drawn, and read.
    """

    characters: float
    in_order: float
    iou: float
    upright: float
    lines: int
    found: int


def scored(page: OcrPage, found: Sequence[TextRegion]) -> Score:
    """Return how well a page was read."""
    drawn = " ".join(each.text for each in page.lines)
    wrong = Levenshtein.distance(" ".join(each.text for each in found), drawn)
    best = [
        max(((overlap(each, line), each) for each in found), key=_first, default=(0.0, line)) for line in page.lines
    ]
    upright = [iou > 0 and _begins_alike(each, line) for (iou, each), line in zip(best, page.lines, strict=True)]
    rate = compared(found, page.lines)
    return Score(
        characters=round(1 - rate.wrong / rate.characters, 4),
        in_order=round(1 - wrong / len(drawn), 4),
        iou=round(sum(iou for iou, _ in best) / len(best), 3),
        upright=round(sum(upright) / len(upright), 3),
        lines=len(page.lines),
        found=len(found),
    )


def _first(pair: tuple[float, TextRegion]) -> float:
    return pair[0]


def _begins_alike(found: TextRegion, drawn: TextRegion) -> bool:
    first = drawn.polygon.points[0]
    distances = [math.dist(first, corner) for corner in found.polygon.points]
    return distances[0] == min(distances)


def overlap(one: TextRegion, other: TextRegion) -> float:
    """Return the intersection over union of two outlines without dents."""
    import cv2

    if one.polygon.bounds.intersection(other.polygon.bounds) is None:
        return 0.0
    first, second = (np.array(each.polygon.points, np.float32) for each in (one, other))
    shared, _ = cv2.intersectConvexConvex(first, second)
    return float(shared / (cv2.contourArea(first) + cv2.contourArea(second) - shared))


def regions(reply: Sequence[Mapping[str, Any]]) -> list[TextRegion]:
    """Return the lines of a reply of the offline engine, in pixels of the page."""
    return [TextRegion(text=item["text"], polygon=_outline(item["location"])) for item in reply]


def _outline(numbers: Sequence[float]) -> Polygon:
    return Polygon(tuple(Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)))
