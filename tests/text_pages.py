"""Pages with text at known places, and where another reader finds it in a PDF."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.media.image import open_image

SIZE = Size(1240, 1754)
"""A page of A4 at 150 pixels an inch."""

WORDS = (
    *("quick", "river", "invoice", "Total", "amount", "42.50", "June", "paper", "machine", "over", "the", "winter"),
    *("搜索", "文件", "价格", "合同", "北京", "二〇二六年", "发票", "测试"),
)
TURNS = (0, 0, 0, 0, 7, 0, 0, 0)
"""Degrees by which lines are turned, clockwise, in turn."""


def rectangle(left: float, top: float, width: float, height: float, degrees: float = 0) -> Polygon:
    """Return a rectangle turned clockwise about its first corner, that corner first."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    return Polygon(tuple(Point(left + x * cos - y * sin, top + x * sin + y * cos) for x, y in corners))


def page(*regions: TextRegion, name: str = "page.png", size: Size = SIZE) -> Document:
    """Return an empty white page with these regions."""
    file = io.BytesIO()
    Image.new("L", size, 255).save(file, "PNG")
    document = Document(open_image(file.getvalue(), name))
    document.add(regions)
    return document


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    places = sorted(Path("/usr/share/fonts").glob("**/Noto*CJK*Regular.ttc"))
    return ImageFont.truetype(str(places[0]), size) if places else ImageFont.load_default(size)


def drawn_page(number: int, folder: Path) -> Document:
    """Return a page of 24 lines, English, Chinese and mixed, some leaning, drawn as a JPEG file into ``folder``."""
    chance = random.Random(number)
    picture = Image.new("RGB", SIZE, "white")
    regions = []
    for row in range(24):
        text = f"{number}.{row} " + " ".join(chance.choices(WORDS, k=chance.randint(2, 6)))
        font = _font(chance.choice((20, 24, 30)))
        left, top, right, bottom = (math.ceil(side) for side in font.getbbox(text))
        line = Image.new("L", (right, bottom), 0)
        ImageDraw.Draw(line).text((0, 0), text, fill=255, font=font)
        x, y, turn = chance.randint(40, 200), 60 + row * 68, TURNS[row % len(TURNS)]
        region = rectangle(x, y, right - left, bottom - top, turn)
        leaning = line.crop((left, top, right, bottom)).rotate(-turn, expand=True, resample=Image.Resampling.BICUBIC)
        picture.paste("black", (round(region.bounds.left), round(region.bounds.top)), leaning)
        regions.append(TextRegion(text=text, polygon=region))
    path = folder / f"page-{number:03}.jpg"
    picture.save(path, quality=90)
    document = Document(open_image(path))
    document.add(regions)
    return document


def places_in_pdf(path: Path, number: int, texts: Sequence[str], size: Size = SIZE) -> Iterator[Box | None]:
    """Give where pdfium's own search finds each text on a page, in pixels of the picture; None where it does not."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        shown = pdf[number]
        reader = shown.get_textpage()
        for text in texts:
            yield _place(shown, reader, text, size)
        reader.close()
        shown.close()


def _place(shown: Any, reader: Any, text: str, size: Size) -> Box | None:
    searcher = reader.search(text, match_case=True)
    found = searcher.get_next()
    searcher.close()
    if found is None:
        return None
    start, count = found
    boxes = [reader.get_charbox(at) for at in range(start, start + count) if reader.get_text_range(at, 1).strip()]
    corners = [_seen(shown, corner, size) for left, low, right, top in boxes for corner in ((left, low), (right, top))]
    return Polygon(tuple(corners)).bounds


_FINE = 16
"""Parts of a pixel that are told apart where a place of a page is looked up."""


def _seen(shown: Any, place: tuple[float, float], size: Size) -> Point:
    """Return where pdfium shows a place of a page, in pixels of the picture."""
    import ctypes

    import pypdfium2.raw as raw

    x, y = ctypes.c_int(), ctypes.c_int()
    whole = (0, 0, _FINE * size.width, _FINE * size.height, 0)
    raw.FPDF_PageToDevice(shown, *whole, *place, ctypes.byref(x), ctypes.byref(y))
    return Point(x.value / _FINE, y.value / _FINE)


def overlap(found: Box | None, wanted: Box) -> float:
    """Return the intersection over union of two upright boxes, 0 for None."""
    shared = None if found is None else found.intersection(wanted)
    return 0.0 if found is None or shared is None else shared.area / (found.area + wanted.area - shared.area)
