"""Text that is there in a PDF but not seen: it can be searched, marked and copied where it stands in the picture.

Each line is drawn in rendering mode 3 (ISO 32000-1, 9.3.6: neither filled nor stroked) along its quadrilateral, with
the lower side as its baseline, stretched to its length, as high as the quadrilateral. The font has a glyph for each
width, a bare box, so that readers know how much room a letter takes; what letters are, its ``ToUnicode`` says. Readers
put together what they find from the left to the right, so what runs from the right to the left stands in the order in
which it is seen.
"""

from __future__ import annotations

import math
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from qwvis_desktop.core.annotation import LayoutBlock, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.page_text import Quad, part_down, quad_of, texts_in_order, width_of
from qwvis_desktop.core.text.places import is_right_to_left

FONT = "QwVisText"
"""The font's name among a page's resources; unlikely to be that of another one there."""

_PRIVATE = range(0xE000, 0xF900)
"""Codes that stand for letters beyond the first 65,536, one after the other as they come."""

_UNKNOWN = 0xFFFD

_SPREAD = 1.2
"""Distance of lines in a block of text, in heights of letters, where only the block's place is known."""


class TextFont:
    """The font of all invisible text of a file; what it has to hold is known when all pages are written."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._next = iter(_PRIVATE)

    def encoded(self, text: str) -> str:
        """Return a text as a string of the content stream, a code of two bytes for each letter."""
        return "<" + "".join(f"{self._code(letter):04X}" for letter in text) + ">"

    def _code(self, letter: str) -> int:
        letter = "\ufffd" if "\ud800" <= letter <= "\udfff" else letter
        found = self._codes.get(letter)
        if found is None:
            plain = ord(letter)
            is_plain = plain < 0xD800 or 0xF900 <= plain < 0xFFFE
            found = plain if is_plain else next(self._next, _UNKNOWN)
            self._codes[letter if found != _UNKNOWN else "\ufffd"] = found
        return found

    def objects(self, reference: Callable[[int], str]) -> list[tuple[str, bytes | None]]:
        """Return the font's objects, the font itself first: the dictionary without its brackets, and the stream.

        Args:
            reference: gives the reference to the object at a place in this list.
        """
        by_code = sorted((code, letter) for letter, code in self._codes.items())
        widths = " ".join(f"{code} [{_units(letter)}]" for code, letter in by_code)
        return [
            (
                f"/Type /Font /Subtype /Type0 /BaseFont /{FONT} /Encoding /Identity-H "
                f"/DescendantFonts [{reference(1)}] /ToUnicode {reference(2)}",
                None,
            ),
            (
                f"/Type /Font /Subtype /CIDFontType2 /BaseFont /{FONT} /CIDToGIDMap {reference(3)} /DW 1000 "
                f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                f"/FontDescriptor {reference(4)} /W [{widths}]",
                None,
            ),
            _packed("", _to_unicode(by_code)),
            _packed("", _glyphs(by_code)),
            (
                f"/Type /FontDescriptor /FontName /{FONT} /Flags 5 /FontBBox [0 0 1000 1000] /ItalicAngle 0 "
                f"/Ascent 1000 /Descent 0 /CapHeight 1000 /StemV 80 /FontFile2 {reference(5)}",
                None,
            ),
            _packed(f"/Length1 {len(_true_type())}", _true_type()),
        ]


def _packed(more: str, data: bytes) -> tuple[str, bytes]:
    return f"/Filter /FlateDecode {more}".strip(), zlib.compress(data, 9)


def _units(letter: str) -> int:
    """Return how wide a letter is, in thousandths of its size."""
    return round(1000 * width_of(letter))


def _glyphs(by_code: Sequence[tuple[int, str]]) -> bytes:
    """Return the number of the glyph of each code: the box that is as wide as its letter."""
    glyphs = bytearray(2 * 0x10000)
    for code, letter in by_code:
        glyphs[2 * code + 1] = min(range(len(_BOXES)), key=lambda at: abs(_BOXES[at] - _units(letter)))
    return bytes(glyphs)


def _to_unicode(by_code: Sequence[tuple[int, str]]) -> bytes:
    """Return what letter each code is (ISO 32000-1, 9.10.3; Adobe Technical Note 5014)."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(by_code), 100):  # the most that one section may hold
        part = by_code[start : start + 100]
        pairs = (f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for code, letter in part)
        lines += [f"{len(part)} beginbfchar", *pairs, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()


_HEAD, _HHEA = ">IIIIHHqqhhhhHHhhh", ">IhhhHhhhhhhhhhhhH"
_BOXES = (0, 300, 540, 660, 850, 1000)
"""Widths of the font's glyphs, in thousandths of its size; the first is empty."""


def _true_type() -> bytes:
    """Return a font of boxes of the usual widths (OpenType 1.9)."""
    count = len(_BOXES)
    boxes = [_box(width) if width else b"" for width in _BOXES]
    places = [sum(map(len, boxes[:number])) for number in range(count + 1)]
    tables = {
        b"glyf": b"".join(boxes),
        b"head": struct.pack(_HEAD, 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000, 0, 0, *(0, 0, 1000, 1000), 0, 8, 2, 0, 0),
        b"hhea": struct.pack(_HHEA, 0x10000, 1000, 0, 0, 1000, 0, 0, 1000, 1, *[0] * 7, count),
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in _BOXES),
        b"loca": struct.pack(f">{count + 1}H", *(place // 2 for place in places)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, count, 4, 1, *[0] * 11),
    }
    place = 12 + 16 * len(tables)
    head, body = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 32), b""
    for name, data in sorted(tables.items()):
        padded = data + b"\0" * (-len(data) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) % 2**32
        head += struct.pack(">4sIII", name, checksum, place + len(body), len(data))
        body += padded
    return head + body


def _box(width: int) -> bytes:
    """Return a glyph that is a box from the baseline up (OpenType 1.9, glyf: one contour of four points)."""
    outline = struct.pack(">hhhhhHH4B", 1, 0, 0, width, 1000, 3, 0, 1, 1, 1, 1)
    places = struct.pack(">8h", 0, 0, width, 0, 0, 1000, 0, -1000)
    return outline + places + b"\0" * (-len(outline + places) % 4)


Mapping = Callable[[Point], Point]
"""From pixels of the upright picture to points of the page, whose axis points up."""


def text_content(document: Document, font: TextFont, to_page: Mapping) -> bytes:
    """Return the content stream that lays the text of a page over it; empty where there is none."""
    drawn = "\n".join(
        line
        for text, quad in lines_of(document)
        if (line := _drawn(text, [to_page(point) for point in quad], font)) is not None
    )
    return f"q\nBT\n3 Tr\n{drawn}\nET\nQ\n".encode("ascii") if drawn else b""


def lines_of(document: Document) -> Iterator[tuple[str, Quad]]:
    """Give the lines of a page in reading order, each with its place.

    Of a region of several lines, and of a block, only the whole is known: its lines share it evenly. Blocks are taken
    where there are no text regions, as both tell the same text.
    """
    texts = texts_in_order(document)
    regions = [each for each in texts if isinstance(each, TextRegion)]
    for region in regions:
        yield from _shared(region.text.splitlines(), quad_of(region))
    for block in texts if not regions else ():
        if isinstance(block, LayoutBlock) and block.box is not None and block.tag not in _NOT_PROSE:
            yield from _shared(_wrapped(block.text, block.box), block.box.corners)


_NOT_PROSE = frozenset({"table", "image", "img", "figure", "formula"})
"""Blocks whose text is not what stands in the picture, letter by letter."""


def _shared(lines: Sequence[str], quad: Quad) -> Iterator[tuple[str, Quad]]:
    for number, line in enumerate(lines):
        if line.strip():
            yield line.strip(), part_down(quad, number / len(lines), (number + 1) / len(lines))


def _wrapped(text: str, box: Box) -> list[str]:
    """Return the text of a block in about as many lines as letters of an even height would fill."""
    words = text.split()
    whole = sum(map(width_of, text))
    if not words or not box.width:
        return []
    count = max(1, round(math.sqrt(whole * box.height / (_SPREAD * box.width))))
    lines, room = [""], whole / count
    for word in words:
        if lines[-1] and sum(map(width_of, lines[-1])) >= room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _drawn(text: str, quad: Sequence[Point], font: TextFont) -> str | None:
    """Return the operators that draw a line into a quadrilateral of the page; None where it has no area or letters."""
    a, b, c, d = quad
    across = Point((b.x - a.x + c.x - d.x) / 2, (b.y - a.y + c.y - d.y) / 2)
    up = Point((a.x - d.x + b.x - c.x) / 2, (a.y - d.y + b.y - c.y) / 2)
    length, height = math.hypot(*across), math.hypot(*up)
    shown = as_seen(" ".join(text.split()))
    units = sum(map(width_of, shown))
    if not units or length < _LEAST or height < _LEAST:
        return None
    numbers = (across.x / length, across.y / length, up.x / height, up.y / height, d.x, d.y)
    matrix = " ".join(f"{number:.5f}".rstrip("0").rstrip(".") for number in numbers)
    stretch = 100 * length / (units * height)
    return f"/{FONT} {height:.4f} Tf {stretch:.4f} Tz {matrix} Tm {font.encoded(shown)} Tj"


_LEAST = 0.01
"""Points; what is smaller cannot be found by anybody."""


def as_seen(text: str) -> str:
    """Return a line's letters from the left to the right (Unicode's rules for both directions, UAX 9, of one line).

    Embeddings and isolates are not looked at, nor are signs that mirror: ``ToUnicode`` says which they are.
    """
    levels = _levels(text)
    clusters = _clusters(text, levels)
    for level in range(max(levels, default=0), 0, -1):
        turned: list[tuple[str, int]] = []
        for inside, group in groupby(clusters, key=lambda cluster: cluster[1] >= level):
            run = list(group)
            turned += reversed(run) if inside else run
        clusters = turned
    return "".join(letters for letters, _ in clusters)


def _clusters(text: str, levels: Sequence[int]) -> list[tuple[str, int]]:
    """Return letters with their levels, each letter with the marks that stand on it."""
    found: list[tuple[str, int]] = []
    for letter, level in zip(text, levels, strict=True):
        if found and not width_of(letter):
            found[-1] = (found[-1][0] + letter, found[-1][1])
        else:
            found.append((letter, level))
    return found


_STRONG = {"L": "L", "EN": "N", "AN": "N", "R": "R", "AL": "R"}


def _levels(text: str) -> list[int]:
    """Return how deep each letter stands inside of turns: even to the right, odd to the left."""
    base = int(is_right_to_left(text))
    line = "LR"[base]
    ways = [_STRONG.get(unicodedata.bidirectional(letter), "") for letter in text]
    if base == 0 and "R" not in ways:
        return [0] * len(text)
    last = line
    for at, way in enumerate(ways):  # W7: a number after a letter that runs to the right goes along with it
        last = way if way in ("L", "R") else last
        ways[at] = "L" if way == "N" and last == "L" else way
    at = 0
    while at < len(ways):  # N1, N2: what has no direction goes with both neighbours, or else with the line
        end = next((place for place in range(at, len(ways)) if ways[place]), len(ways))
        before, after = (ways[at - 1] if at else line), (ways[end] if end < len(ways) else line)
        same = before.replace("N", "R") == after.replace("N", "R")
        ways[at:end] = [before.replace("N", "R") if same else line] * (end - at)
        at = end + 1
    deep = {"L": 2 * base, "R": 1, "N": 2}  # I1, I2
    return [deep[way] for way in ways]
