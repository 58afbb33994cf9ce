"""Pascal VOC: an XML file for each picture, as labelImg and most trainers read it.

Boxes are whole pixels, because many readers take nothing else: each side goes to the nearest pixel border, counted from
0 at the left and the top of the upright original. (The benchmark itself counted pixels from 1, which hardly any tool
still does.) A box that would vanish keeps one pixel. Fractions are read where a file has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from xml.etree.ElementTree import Element

from qwvis_desktop.core.annotation import Annotation, Detection, JsonValue, bounds_of
from qwvis_desktop.core.dataset import AREAS, Holds, LabelledPicture, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each, sentences
from qwvis_desktop.core.label_xml import add, decimal, text_in, xml_bytes, xml_root
from qwvis_desktop.core.plane.outlines import box_of, category_of, label_of

_HOLDS = Holds(kinds=AREAS)

_FLAGS = ("truncated", "difficult", "occluded")
"""What the format says of an object with 0 or 1; kept as attributes."""

_SIDES = ("xmin", "ymin", "xmax", "ymax")


def dump(picture: LabelledPicture) -> bytes:
    """Return the boxes of a picture, UTF-8."""
    root = Element("annotation")
    folder, name = PurePath(picture.name).parent.name, PurePath(picture.name).name
    add(root, "folder", folder)
    add(root, "filename", name)
    add(add(root, "source"), "database", "QwVis Desktop")
    size = add(root, "size")
    for key, value in (*zip(("width", "height"), picture.document.size, strict=True), ("depth", 3)):
        add(size, key, value)
    add(root, "segmented", 0)
    for annotation in picture.document.annotations.values():
        box = bounds_of(annotation)
        if annotation.kind in AREAS and box is not None:
            _add_object(root, annotation, _whole_pixels(box, picture.document.size))
    return xml_bytes(root)


def _add_object(root: Element, annotation: Annotation, sides: Iterable[int]) -> None:
    item = add(root, "object")
    add(item, "name", category_of(annotation))
    pose = annotation.attributes.get("pose")
    add(item, "pose", pose if isinstance(pose, str) else "Unspecified")
    for flag in _FLAGS:
        add(item, flag, int(annotation.attributes.get(flag) is True))
    corners = add(item, "bndbox")
    for key, value in zip(_SIDES, sides, strict=True):
        add(corners, key, value)


def _whole_pixels(box: Box, size: Size) -> tuple[int, int, int, int]:
    left, right = _whole_side(box.left, box.right, size.width)
    top, bottom = _whole_side(box.top, box.bottom, size.height)
    return left, top, right, bottom


def _whole_side(start: float, end: float, most: int) -> tuple[int, int]:
    first, last = max(0, round(start)), min(most, round(end))
    if first < last:
        return first, last
    first = min(max(0, int(start)), most - 1)
    return first, first + 1


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def is_voc(text: str) -> bool:
    """Say whether ``text`` looks like a Pascal VOC file, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("<") and "<annotation" in text[:2000] and "<annotations" not in text


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the picture of a Pascal VOC file with its boxes.

    Raises:
        LabelFileError: it is none, or damaged.
    """
    root = xml_root(text, "Pascal VOC")
    if root.tag != "annotation":
        raise LabelFileError("This is no Pascal VOC file: it does not begin with <annotation>. Choose another file.")
    return (PictureLabels(_text(root, "filename"), _size(root), lambda _: _labels(root)),)


def _labels(root: Element) -> Labels:
    items = root.findall("object")
    annotations, left_out = read_each(items, _read)
    parts = (
        (sum(item.find("part") is not None for item in items), "the parts of 1 object", "the parts of {} objects"),
    )
    return Labels(annotations, None, (*left_out, *sentences(parts)))


def _size(root: Element) -> Size | None:
    """Return the size that the file tells; older files have 0 where it is not known."""
    try:
        width, height = (int(decimal(text_in(root, f"size/{key}"), key)) for key in ("width", "height"))
    except (KeyError, ValueError, OverflowError):
        return None
    return Size(width, height) if width > 0 and height > 0 else None


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _read(item: Element) -> Annotation:
    left, top, right, bottom = (number(decimal(text_in(item, f"bndbox/{key}"), key), key) for key in _SIDES)
    attributes: dict[str, JsonValue] = {flag: True for flag in _FLAGS if _text(item, flag) == "1"}
    pose = _text(item, "pose")
    if pose and pose != "Unspecified":
        attributes["pose"] = pose
    return Detection(label=label_of(text_in(item, "name")), box=box_of(left, top, right, bottom), attributes=attributes)
