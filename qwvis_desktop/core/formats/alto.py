"""ALTO 4.4: text with its places as XML, as libraries and archives keep it; a file for each page.

A text region is a ``TextLine`` in a ``TextBlock`` of its own, one ``String`` for all of it with ``WC`` where a score is
known; its corners are its ``Shape`` where it leans. Where the places of its words are known, each is a ``String``;
estimated ones only if wished, with a tag (``OtherTag``) that says so, and then without ``WC``, as the score is the
line's. Blocks of a page have a ``LayoutTag`` with their kind. ``ReadingOrder`` lists all in order. ``CS`` says that a
person accepted a text. Places are in pixels, with fractions. Other versions of ALTO are read, too.

Source: the schema alto-4-4.xsd of the ALTO board (github.com/altoxml/schema).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from xml.etree.ElementTree import Element

from qwvis_desktop.core.annotation import Annotation, JsonValue, LayoutBlock, TextRegion
from qwvis_desktop.core.dataset import Dataset, Holds, OutFile, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each
from qwvis_desktop.core.label_xml import add, decimal, xml_bytes, xml_root
from qwvis_desktop.core.page_text import (
    WORDS,
    Word,
    degrees_of,
    quad_of,
    texts_in_order,
    words_attribute,
    words_of,
)
from qwvis_desktop.core.plane.outlines import box_of, is_upright

_SPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = "https://www.loc.gov/standards/alto/v4/alto-4-4.xsd"

_HOLDS = Holds(kinds=frozenset({"text", "block"}), outlines=True, texts=True, scores=True)

_ESTIMATED = "estimated-place"
_PICTURES = frozenset({"image", "img", "figure", "chart"})
_SIDES = ("HPOS", "VPOS", "WIDTH", "HEIGHT")
_INSIDE = frozenset({"TextLine", "String"})


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    labelled = sum(
        bool(each.label) for each in document.annotations.values() if isinstance(each, TextRegion | LayoutBlock)
    )
    scored = sum(_is_picture(each) and each.score is not None for each in texts_in_order(document))
    return (
        *_HOLDS.losses(document),
        (labelled, "the label of 1 text", "the labels of {} texts"),
        (scored, "the score of 1 picture", "the scores of {} pictures"),
    )


def dump(dataset: Dataset, options: ExportOptions) -> Iterator[OutFile]:
    """Give the file of a page."""
    for picture in dataset:
        yield OutFile("", _file(picture.name, picture.document, options))


def _file(name: str, document: Document, options: ExportOptions) -> bytes:
    schema = {"{http://www.w3.org/2001/XMLSchema-instance}schemaLocation": f"{_SPACE} {_SCHEMA}"}
    root = Element("alto", {"xmlns": _SPACE, "SCHEMAVERSION": "4.4", **schema})
    description = add(root, "Description")
    add(description, "MeasurementUnit", "pixel")
    add(add(description, "sourceImageInformation"), "fileName", name)
    add(add(add(description, "Processing", ID="processing"), "processingSoftware"), "softwareName", "QwVis Desktop")
    texts = texts_in_order(document)
    tags = _add_tags(root, texts, options)
    if texts:
        group = add(add(root, "ReadingOrder"), "OrderedGroup", ID="order")
        for place in range(1, len(texts) + 1):
            add(group, "ElementRef", ID=f"order_{place}", REF=f"block_{place}")
    width, height = document.size
    page = add(add(root, "Layout"), "Page", ID="page_1", PHYSICAL_IMG_NR=1, WIDTH=width, HEIGHT=height)
    space = add(page, "PrintSpace", HPOS=0, VPOS=0, WIDTH=width, HEIGHT=height)
    for place, text in enumerate(texts, start=1):
        if isinstance(text, TextRegion):
            _add_region(space, place, text, options)
        else:
            _add_block(space, place, text, tags[text.tag])
    return xml_bytes(root)


def _add_tags(root: Element, texts: Iterable[TextRegion | LayoutBlock], options: ExportOptions) -> dict[str, str]:
    """Declare the kinds of blocks, and what marks an estimate; return the ids of the kinds."""
    kinds = dict.fromkeys(text.tag for text in texts if isinstance(text, LayoutBlock))
    ids = {kind: f"kind_{number}" for number, kind in enumerate(kinds, start=1)}
    if not ids and not options.estimated_words:
        return ids
    tags = add(root, "Tags")
    for kind, name in ids.items():
        add(tags, "LayoutTag", ID=name, LABEL=kind)
    if options.estimated_words:
        why = "The place of this word follows from that of its line and was not recognised by itself."
        add(tags, "OtherTag", ID=_ESTIMATED, TYPE="place", LABEL="estimated", DESCRIPTION=why)
    return ids


def _is_picture(text: TextRegion | LayoutBlock) -> bool:
    """Say whether it becomes an ``Illustration``, which has no ``WC``."""
    return isinstance(text, LayoutBlock) and text.tag in _PICTURES and not text.text


def _add_block(space: Element, place: int, block: LayoutBlock, tag: str) -> None:
    assert block.box is not None
    sides = _sides(block.box)
    if _is_picture(block):
        add(space, "Illustration", ID=f"block_{place}", TAGREFS=tag, **sides, **_checked(block))
        return
    item = add(space, "TextBlock", ID=f"block_{place}", TAGREFS=tag, **sides, **_checked(block))
    line = add(item, "TextLine", ID=f"line_{place}", **sides)
    add(line, "String", ID=f"string_{place}", **sides, CONTENT=block.text, **_score(block.score))


def _add_region(space: Element, place: int, region: TextRegion, options: ExportOptions) -> None:
    sides = _sides(region.polygon.bounds)
    angle = round(-degrees_of(quad_of(region)) % 360, 3) % 360
    turned = {"ROTATION": angle} if angle else {}
    block = add(space, "TextBlock", ID=f"block_{place}", **sides, **turned, **_checked(region))
    line = add(block, "TextLine", ID=f"line_{place}", **sides)
    if not is_upright(region.polygon.points) or region.polygon.points[0] != region.polygon.bounds.corners[0]:
        points = " ".join(f"{point.x:.10g},{point.y:.10g}" for point in region.polygon.points)
        add(add(line, "Shape"), "Polygon", POINTS=points)
    words = words_of(region, options.estimated_words)
    if not words or "\n" in region.text.strip():
        words = ()
        add(line, "String", ID=f"string_{place}", **sides, CONTENT=region.text, **_score(region.score))
    for number_, word in enumerate(words, start=1):
        if number_ > 1:
            add(line, "SP")
        marked = {"TAGREFS": _ESTIMATED} if word.estimated else {}
        name = f"string_{place}_{number_}"
        add(line, "String", ID=name, **_sides(word.box), CONTENT=word.text, **_score(word.score), **marked)


def _sides(box: Box) -> dict[str, object]:
    return dict(zip(_SIDES, (f"{side:.10g}" for side in (*box[:2], box.width, box.height)), strict=True))


def _score(score: float | None) -> dict[str, object]:
    return {} if score is None or not 0 <= score <= 1 else {"WC": score}


def _checked(text: TextRegion | LayoutBlock) -> dict[str, object]:
    return {"CS": "true"} if text.accepted else {}


def is_alto(text: str) -> bool:
    """Say whether ``text`` looks like ALTO, without reading it all."""
    start = text[:5000]
    return text.lstrip("\ufeff \t\r\n").startswith("<") and ("<alto" in start or ":alto" in start)


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pages of an ALTO file with what is said of each.

    Raises:
        LabelFileError: it is none, damaged, or counts other than pixels.
    """
    root = xml_root(text, "ALTO")
    for element in root.iter():  # the space of names is that of a version; the names are the same in all
        element.tag = element.tag.rpartition("}")[2].rpartition(":")[2]
    if root.tag != "alto":
        raise LabelFileError("This is no ALTO file: it does not begin with <alto>. Choose another file.")
    unit = (root.findtext("Description/MeasurementUnit") or "pixel").strip()
    name = (root.findtext("Description/sourceImageInformation/fileName") or "").strip()
    tags = {tag.get("ID", ""): tag for tag in root.iterfind("Tags/*")}
    found = []
    for page in root.iterfind("Layout/Page"):
        size = _size(page)
        if unit != "pixel" and size is None:
            raise LabelFileError(f"This ALTO file counts in {unit} and does not say how large the page is.")
        found.append(PictureLabels(name, size, partial(_labels, page, tags)))
    if not found:
        raise LabelFileError("This ALTO file is damaged: it has no page. Save it again, or copy it whole.")
    return tuple(found)


def _size(page: Element) -> Size | None:
    try:
        width, height = (round(decimal(page.attrib[key], key)) for key in ("WIDTH", "HEIGHT"))
    except (KeyError, ValueError, OverflowError):
        return None
    return Size(width, height) if width > 0 and height > 0 else None


def _labels(page: Element, tags: dict[str, Element], _: Size) -> Labels:
    items = [item for item in page.iter() if item.tag in ("TextBlock", "Illustration")]
    annotations, left_out = read_each(list(_parts(items, tags)), partial(_read, tags))
    return Labels(annotations, None, left_out)


Part = tuple[Element, Element]
"""A block, and what of it is one annotation: a line, or the block itself where it has one at most."""


def _parts(items: Iterable[Element], tags: dict[str, Element]) -> Iterator[Part]:
    for item in items:
        lines = item.findall("TextLine")
        if item.tag == "Illustration" or (len(lines) <= 1 and _kind(item, tags)):
            yield item, item
        else:
            yield from ((item, line) for line in lines)


def _kind(item: Element, tags: dict[str, Element]) -> str:
    """Return the kind of a block where a tag says it."""
    named = (tags.get(name) for name in item.get("TAGREFS", "").split())
    return next((tag.get("LABEL", "") for tag in named if tag is not None and tag.tag == "LayoutTag"), "")


def _read(tags: dict[str, Element], part: Part) -> Annotation:
    block, item = part
    if item is block:
        strings = list(item.iter("String"))
        return LayoutBlock(
            tag=_kind(block, tags) or "image",
            text="".join(map(_text, block.iterfind("TextLine"))),
            box=_box(item),
            score=_confidence(strings[0]) if len(strings) == 1 else None,
            accepted=_is_checked(block),
        )
    return _line(tags, block, item)


def _line(tags: dict[str, Element], block: Element, line: Element) -> TextRegion:
    strings = line.findall("String")
    hyphen = line.find("HYP")
    attributes: dict[str, JsonValue] = {}
    score = _confidence(strings[0]) if len(strings) == 1 else None
    if len(strings) > 1 and hyphen is None and not any(_is_estimated(string, tags) for string in strings):
        try:
            words = [Word(_content(each), _box(each).corners, _confidence(each)) for each in strings]
            attributes[WORDS] = words_attribute(words)
        except (KeyError, ValueError):
            attributes = {}  # words without places are nothing more than text
    return TextRegion(
        text=_text(line),
        polygon=_outline(line),
        score=score,
        attributes=attributes,
        accepted=_says_checked(block) or _is_checked(line),
    )


def _text(line: Element) -> str:
    hyphen = line.find("HYP")
    text = " ".join(map(_content, line.iterfind("String")))
    return text if hyphen is None else text + hyphen.get("CONTENT", "")


def _says_checked(item: Element) -> bool:
    return item.get("CS", "").strip() in ("true", "1")  # a boolean of XML has both words


def _is_checked(item: Element) -> bool:
    """Say whether a person accepted an item, or else each of its lines or strings."""
    if "CS" in item.attrib:
        return _says_checked(item)
    inside = [each for each in item if each.tag in _INSIDE]
    return bool(inside) and all(map(_is_checked, inside))


def _is_estimated(string: Element, tags: dict[str, Element]) -> bool:
    named = (tags.get(name) for name in string.get("TAGREFS", "").split())
    return any(tag is not None and tag.get("LABEL") == "estimated" for tag in named)


def _content(string: Element) -> str:
    return string.attrib["CONTENT"]


def _confidence(string: Element) -> float | None:
    if "WC" not in string.attrib:
        return None
    value = number(decimal(string.attrib["WC"], "WC"), "WC")
    return value if 0 <= value <= 1 else None


def _box(item: Element) -> Box:
    """Return the place of an item, or else what is round its outline, lines or words: the schema demands none."""
    if not any(key in item.attrib for key in _SIDES):
        if item.find("Shape/Polygon") is not None:
            return _outline(item).bounds
        return _round([_box(each).corners for each in item if each.tag in _INSIDE])
    left, top, width, height = (number(decimal(item.attrib[key], key), key) for key in _SIDES)
    return box_of(left, top, left + width, top + height)


def _round(places: Sequence[Sequence[Point]]) -> Box:
    if not places:
        raise ValueError("it has no place")
    return Polygon(tuple(point for place in places for point in place)).bounds


def _outline(line: Element) -> Polygon:
    shape = line.find("Shape/Polygon")
    if shape is None:
        return Polygon(_box(line).corners)
    flat = [number(decimal(value, "POINTS"), "POINTS") for value in shape.attrib["POINTS"].replace(",", " ").split()]
    if len(flat) < 6 or len(flat) % 2:
        raise ValueError("POINTS should be three or more pairs of numbers")
    outline = Polygon(tuple(Point(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True)))
    if outline.bounds.width <= 0 or outline.bounds.height <= 0:
        raise ValueError("the line has no area")
    return outline
