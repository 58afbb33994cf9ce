"""hOCR 1.2: text with its places, as XHTML; what Tesseract and others write is read, too.

A text region is an ``ocr_line``, a block of a page what its kind is (``ocr_par``, ``ocr_table``, ...) with the kind as
written in ``data-kind``. Places are whole pixels (``bbox``); where a line leans, its corners (``poly``) and the angle
(``textangle``, counterclockwise) stand beside. ``x_wconf`` is there only where a score is known, in percent. Words
(``ocrx_word``) are written where their places are known; estimated ones only if wished, with ``data-estimated="true"``.
(Attributes that begin with ``data-`` are HTML's way to keep a program's own; the properties of hOCR are a closed list.)
Readers look for lines in an ``ocr_par`` in an ``ocr_carea``, so lines that follow each other stand in one of each,
which says nothing of paragraphs.

In HTML any run of blanks is one, and so it comes back. Source: hOCR specification 1.2 (kba.github.io/hocr-spec/1.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from itertools import groupby
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from qwvis_desktop.core.annotation import JsonValue, LayoutBlock, TextRegion
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture, OutFile, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each
from qwvis_desktop.core.label_xml import xml_text
from qwvis_desktop.core.page_text import (
    WORDS,
    Word,
    degrees_of,
    quad_of,
    texts_in_order,
    words_attribute,
    words_of,
)
from qwvis_desktop.core.plane.outlines import is_upright

_HOLDS = Holds(kinds=frozenset({"text", "block"}), outlines=True, texts=True, scores=True)

_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("p", "text", "paragraph", *(f"h{level}" for level in range(1, 7))), "ocr_par"),
        **dict.fromkeys(("image", "img", "figure", "chart"), "ocr_image"),
        **dict.fromkeys(("table",), "ocr_table"),
        **dict.fromkeys(("formula", "math"), "ocr_math"),
        **dict.fromkeys(("caption",), "ocr_caption"),
        **dict.fromkeys(("header",), "ocr_header"),
        **dict.fromkeys(("footer",), "ocr_footer"),
    }
)
"""Kinds of blocks -> the class that says the same; others are an ``ocrx_block``."""

_BLOCKS: Mapping[str, str] = MappingProxyType(
    {"ocr_par": "p", "ocr_table": "table", "ocr_image": "image", "ocr_photo": "image", "ocr_math": "formula"}
    | {"ocr_linedrawing": "image", "ocrx_block": "text", "ocr_carea": "text"}
    | {"ocr_header": "header", "ocr_footer": "footer", "ocr_caption": "caption"}
)
"""Classes of blocks -> the kind where none is written."""

_LINES = frozenset({"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"})
"""Classes of what may be a line; Tesseract calls lines by the part of the page, too."""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{title}</title>
<meta charset="utf-8"/>
<meta name="ocr-system" content="QwVis Desktop"/>
<meta name="ocr-capabilities" content="{capabilities}"/>
<meta name="ocr-number-of-pages" content="{pages}"/>
</head>
<body>
"""

_CAPABILITIES = (
    "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrx_block ocr_table ocr_image ocr_math ocr_caption ocr_header "
    "ocr_footer ocrp_poly ocrp_wconf"
)


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    labelled = sum(
        bool(each.label) for each in document.annotations.values() if isinstance(each, TextRegion | LayoutBlock)
    )
    return (*_HOLDS.losses(document), (labelled, "the label of 1 text", "the labels of {} texts"))


def dump(dataset: Dataset, options: ExportOptions) -> Iterator[OutFile]:
    """Give the file, all pages in it."""
    title = escape(xml_text(dataset[0].name)) if dataset else ""
    head = _HEAD.format(title=title, capabilities=_CAPABILITIES, pages=len(dataset))
    pages = "".join(_page(number, picture, options) for number, picture in enumerate(dataset))
    yield OutFile("", f"{head}{pages}</body>\n</html>\n".encode())


def _page(number: int, picture: LabelledPicture, options: ExportOptions) -> str:
    width, height = picture.document.size
    name = xml_text(picture.name).replace('"', "_")
    title = f'image "{name}"; bbox 0 0 {width} {height}; ppageno {number}'
    named = [(f"{number + 1}_{place}", each) for place, each in enumerate(texts_in_order(picture.document), start=1)]
    parts = []
    for are_lines, group in groupby(named, key=lambda pair: isinstance(pair[1], TextRegion)):
        items = list(group)
        blocks = (_block(key, each) for key, each in items if isinstance(each, LayoutBlock))
        parts.append(_area(items, options) if are_lines else "".join(blocks))
    return f'<div class="ocr_page" id="page_{number + 1}" title={quoteattr(title)}>\n{"".join(parts)}</div>\n'


def _area(items: Sequence[tuple[str, TextRegion | LayoutBlock]], options: ExportOptions) -> str:
    """Return lines that follow each other, in an area round them."""
    lines = [(name, each) for name, each in items if isinstance(each, TextRegion)]
    box = [_bbox(Polygon(tuple(point for _, each in lines for point in each.polygon.points)).bounds)]
    inner = "\n".join(("", *(_line(name, each, options) for name, each in lines), ""))
    name = lines[0][0]
    paragraph = _element("p", "ocr_par", f"par_{name}", box, inner=inner)
    return _element("div", "ocr_carea", f"area_{name}", box, inner=paragraph) + "\n"


def _block(name: str, block: LayoutBlock) -> str:
    assert block.box is not None
    kind = _CLASSES.get(block.tag, "ocrx_block")
    properties = [_bbox(block.box), *_score(block.score)]
    own = f" data-kind={quoteattr(xml_text(block.tag))}"
    return _element("div", kind, f"block_{name}", properties, inner=_text(block.text), own=own) + "\n"


def _line(name: str, region: TextRegion, options: ExportOptions) -> str:
    properties = [_bbox(region.polygon.bounds)]
    if not is_upright(region.polygon.points):
        places = " ".join(str(round(side)) for point in region.polygon.points for side in point)
        properties.append(f"poly {places}")
    angle = round(-degrees_of(quad_of(region)) % 360, 2) % 360
    properties += [f"textangle {angle:g}"] if angle else []
    properties += _score(region.score)
    words = words_of(region, options.estimated_words)
    inner = _words(name, region.text, words) if words else _text(region.text)
    return _element("span", "ocr_line", f"line_{name}", properties, inner=inner)


def _words(name: str, text: str, words: Sequence[Word]) -> str:
    """Return the words of a line with what stands between them."""
    written, at = [], 0
    for place, word in enumerate(words, start=1):
        start = text.index(word.text, at)
        properties = [_bbox(word.box), *_score(word.score)]
        own = ' data-estimated="true"' if word.estimated else ""
        written.append(_text(text[at:start]))
        key, inner = f"word_{name}_{place}", _text(word.text)
        written.append(_element("span", "ocrx_word", key, properties, inner=inner, own=own))
        at = start + len(word.text)
    return "".join((*written, _text(text[at:])))


def _element(tag: str, kind: str, name: str, properties: Iterable[str], *, inner: str, own: str = "") -> str:
    return f'<{tag} class="{kind}" id="{name}" title="{"; ".join(properties)}"{own}>{inner}</{tag}>'


def _text(text: str) -> str:
    return "<br/>".join(escape(xml_text(line)) for line in re.split("\r\n?|\n", text))


def _bbox(box: Box) -> str:
    return "bbox " + " ".join(str(round(side)) for side in box)


def _score(score: float | None) -> list[str]:
    return [] if score is None else [f"x_wconf {round(100 * score, 2):g}"]


def is_hocr(text: str) -> bool:
    """Say whether ``text`` looks like hOCR, without reading it all."""
    return (
        text.lstrip("\ufeff \t\r\n").startswith("<")
        and re.search(r"""class\s*=\s*['"]ocr_page""", text[:200_000]) is not None
    )


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pages of an hOCR file with what is said of each.

    Raises:
        LabelFileError: it is none, or one that declares entities.
    """
    reader = _Reader()
    reader.feed(text.lstrip("\ufeff"))
    reader.close()
    if not reader.pages:
        raise LabelFileError("This is no hOCR file: nothing in it is an ocr_page. Choose another file.")
    return tuple(PictureLabels(page.name, page.size, partial(_labels, page)) for page in reader.pages)


@dataclass(slots=True)
class _Item:
    """An element with a class of hOCR."""

    kind: str
    properties: dict[str, list[str]]
    depth: int
    text: list[str] = field(default_factory=list)
    words: list[_Item] = field(default_factory=list)
    has_lines: bool = False
    own_kind: str = ""
    estimated: bool = False

    def numbers(self, name: str) -> list[float]:
        """Return the numbers of a property; none where it is not there."""
        return [number(float(value), name) for value in self.properties.get(name, [])]

    @property
    def words_in_it(self) -> str:
        """The text as HTML has it: a run of blanks is one, lines end where a ``br`` stands."""
        return "\n".join(" ".join(line.split()) for line in "".join(self.text).split(_BREAK)).strip()


_BREAK = "\u2028"
_VOID = frozenset(
    {"br", "meta", "img", "link", "hr", "input", "wbr", "area", "base", "col", "embed", "source", "track"}
)
_DEEPEST = 200


@dataclass(slots=True)
class _Page:
    name: str
    size: Size | None
    items: list[_Item] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects pages, and in them lines, blocks and words; nothing else of the HTML is taken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[_Page] = []
        self._open: list[_Item] = []
        self._tags: list[str] = []

    def handle_decl(self, decl: str) -> None:
        """Refuse a document type with more than a name: that is what attacks are made of."""
        if "[" in decl or "<!" in decl:
            raise LabelFileError(
                "This hOCR file declares entities, which such files do not need and attacks are made of. "
                "Remove the lines from <!DOCTYPE to its end."
            )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element without content."""
        if tag == "br":
            self.handle_data(_BREAK)
        elif tag not in _VOID:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in _VOID:
            self.handle_startendtag(tag, attrs)
            return
        self._tags.append(tag)
        if len(self._tags) > _DEEPEST:
            raise LabelFileError("This is no hOCR file: its elements lie too deep inside each other.")
        given = dict(attrs)
        kind = next((name for name in (given.get("class") or "").split() if name.startswith("ocr")), "")
        item = _Item(kind, _properties(given.get("title") or ""), len(self._tags))
        item.own_kind, item.estimated = given.get("data-kind") or "", given.get("data-estimated") == "true"
        if kind == "ocr_page":
            self._open.clear()
            self.pages.append(_page_of(item))
        elif kind and self.pages:
            self._take(item)

    def _take(self, item: _Item) -> None:
        if item.kind == "ocrx_word":
            if self._open:
                self._open[-1].words.append(item)
        elif item.kind in _LINES or item.kind in _BLOCKS:
            for outer in self._open:
                outer.has_lines = True
            self.pages[-1].items.append(item)
        else:
            return
        self._open.append(item)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        if tag not in self._tags:
            return
        while self._tags.pop() != tag:
            pass
        while self._open and self._open[-1].depth > len(self._tags):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Give text to all that it stands in."""
        for item in self._open:
            item.text.append(data)


def _page_of(item: _Item) -> _Page:
    names = item.properties.get("image") or [""]
    try:
        left, top, right, bottom = item.numbers("bbox")
        size = Size(int(right - left), int(bottom - top))
    except ValueError:
        return _Page(names[0], None)
    return _Page(names[0], size if size.width > 0 and size.height > 0 else None)


_VALUE = re.compile(r"""["']([^"']*)["']|([^\s;]+)""")


def _properties(title: str) -> dict[str, list[str]]:
    """Return the properties that stand in a title, their values as words."""
    found: dict[str, list[str]] = {}
    for part in _parts(title):
        name, *values = [quoted or plain for quoted, plain in _VALUE.findall(part)] or [""]
        found.setdefault(name, values)
    return found


def _parts(title: str) -> Iterator[str]:
    """Split at semicolons that do not stand between quotes."""
    part, quote = "", ""
    for letter in title:
        if letter == ";" and not quote:
            yield part
            part = ""
            continue
        part += letter
        if letter in ("'", '"') and quote in ("", letter):
            quote = "" if quote else letter
    yield part


def _labels(page: _Page, _: Size) -> Labels:
    items = [item for item in page.items if not item.has_lines and _is_told(item)]
    annotations, left_out = read_each(items, _annotation)
    return Labels(annotations, None, left_out)


def _is_told(item: _Item) -> bool:
    """Say whether an element has something to take: text, or a place of a picture."""
    return bool(item.words_in_it) or bool(item.own_kind) or item.kind in ("ocr_image", "ocr_photo", "ocr_table")


def _annotation(item: _Item) -> TextRegion | LayoutBlock:
    box = _box(item)
    score = _confidence(item)
    if item.kind not in _LINES or item.own_kind:
        tag = item.own_kind or _BLOCKS.get(item.kind, "text")
        return LayoutBlock(tag=tag, text=item.words_in_it, box=box, score=score)
    words = [_word(word) for word in item.words]
    text = " ".join(word.text for word in words) if words and _BREAK not in "".join(item.text) else item.words_in_it
    attributes: dict[str, JsonValue] = {}
    known = [word for word in words if not word.estimated]
    if len(words) == 1 and known and score is None:
        score = known[0].score
    elif known and len(known) == len(words) and len(words) > 1:
        attributes[WORDS] = words_attribute(known)
    return TextRegion(text=text, polygon=_outline(item, box), score=score, attributes=attributes)


def _word(item: _Item) -> Word:
    return Word(item.words_in_it, _box(item).corners, _confidence(item), item.estimated)


def _confidence(item: _Item) -> float | None:
    percent = item.numbers("x_wconf")
    return round(percent[0] / 100, 6) if percent and 0 <= percent[0] <= 100 else None


def _box(item: _Item) -> Box:
    sides = item.numbers("bbox")
    if len(sides) != 4:
        raise ValueError("bbox should be four numbers")
    box = Box.from_corners(Point(sides[0], sides[1]), Point(sides[2], sides[3]))
    if box.width <= 0 or box.height <= 0:
        raise ValueError("the box has no area")
    return box


def _outline(item: _Item, box: Box) -> Polygon:
    flat = item.numbers("poly")
    if len(flat) >= 8 and len(flat) % 2 == 0:
        return Polygon(tuple(Point(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True)))
    turns = item.numbers("textangle")
    quarter = round(turns[0] / 90) % 4 if turns and abs((turns[0] + 45) % 90 - 45) <= 1 else 0
    # The angle is counterclockwise: of what runs upward the first corner is the lower left.
    corners = box.corners
    return Polygon((*corners[-quarter:], *corners[:-quarter]) if quarter else corners)
