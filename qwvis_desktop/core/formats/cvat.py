"""CVAT XML for images 1.1: boxes, turned boxes, outlines and points of many pictures.

Definitions (CVAT's own description and code): places are in pixels; a box with ``rotation`` is turned about its middle
by so many degrees, clockwise as seen; outlines and points are ``x,y;x,y``. Attributes are declared for each label and
are all texts. What was read of a text region or a block of a page is the attribute ``text``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    JsonValue,
    Keypoint,
    LayoutBlock,
    TextRegion,
    bounds_of,
)
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import PLANE, Dataset, Holds, LabelledPicture, PictureLabels, categories_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point, Polygon, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each, rounded, sentences, whole
from qwvis_desktop.core.label_xml import add, decimal, xml_bytes, xml_root
from qwvis_desktop.core.plane.forms import TurnedRectangle
from qwvis_desktop.core.plane.outlines import (
    box_of,
    category_of,
    detection_of,
    ellipse_of,
    label_of,
    outline_of,
    text_of,
)

_HOLDS = Holds(kinds=PLANE, outlines=True, texts=True, attributes=True)

_SIDES = ("xtl", "ytl", "xbr", "ybr")

_DIGITS = 9
"""Places after the point of what is worked out and not just copied."""


def dump(dataset: Dataset) -> bytes:
    """Return the pictures with their annotations, UTF-8."""
    root = Element("annotations")
    add(root, "version", "1.1")
    task = add(add(root, "meta"), "task")
    add(task, "name", "QwVis Desktop")
    add(task, "size", len(dataset))
    add(task, "mode", "annotation")
    labels = add(task, "labels")
    for name, attributes in _attributes_of(dataset).items():
        _add_label(labels, name, attributes)
    for place, picture in enumerate(dataset):
        _add_image(root, place, picture)
    return xml_bytes(root)


def _attributes_of(dataset: Dataset) -> dict[str, list[str]]:
    """Return the names of the attributes of each category."""
    found: dict[str, dict[str, None]] = {name: {} for name in categories_of(dataset, PLANE)}
    for picture in dataset:
        for annotation in picture.document.annotations.values():
            if category_of(annotation) in found and annotation.kind in PLANE:
                found[category_of(annotation)].update(dict.fromkeys(_texts(annotation)))
    return {name: list(attributes) for name, attributes in found.items()}


def _add_label(labels: Element, name: str, attributes: list[str]) -> None:
    label = add(labels, "label")
    add(label, "name", name)
    add(label, "type", "any")
    held = add(label, "attributes")
    for attribute in attributes:
        entry = add(held, "attribute")
        for key, value in (("name", attribute), ("mutable", "False"), ("input_type", "text")):
            add(entry, key, value)
        add(entry, "default_value", "")
        add(entry, "values", "")


def _texts(annotation: Annotation) -> dict[str, str]:
    """Return the attributes as CVAT has them: texts."""
    given = {key: value for key, value in annotation.attributes.items() if key not in _flags(annotation)}
    texts = {key: value if isinstance(value, str) else json_text(value) for key, value in given.items()}
    return {**texts, "text": text_of(annotation)} if isinstance(annotation, TextRegion | LayoutBlock) else texts


def _flags(annotation: Annotation) -> dict[str, int]:
    """Return the attributes that CVAT says with one of XML; what has such a name and another value is none of them."""
    occluded, group = annotation.attributes.get("occluded"), annotation.attributes.get("group_id")
    flags = {} if type(occluded) is not bool else {"occluded": int(occluded)}
    return flags if type(group) is not int or group < 0 else {**flags, "group_id": group}


def _add_image(root: Element, place: int, picture: LabelledPicture) -> None:
    width, height = picture.document.size
    image = add(root, "image", id=place, name=picture.name, width=width, height=height)
    for annotation in picture.document.annotations.values():
        if bounds_of(annotation) is None:
            continue
        element, geometry = _shape(annotation)
        shared = {"source": "manual", "occluded": 0, **geometry, "z_order": 0, **_flags(annotation)}
        item = add(image, element, label=category_of(annotation), **shared)
        for key, value in _texts(annotation).items():
            add(item, "attribute", value, name=key)


def _shape(annotation: Annotation) -> tuple[str, dict[str, object]]:
    """Return the element's name and the attributes that place it."""
    if isinstance(annotation, Keypoint):
        return "points", {"points": _written([annotation.point])}
    outline = outline_of(annotation)
    if outline is None:
        box = bounds_of(annotation)
        assert box is not None
        return "box", dict(zip(_SIDES, box, strict=True))
    turned = None if isinstance(annotation, TextRegion) else TurnedRectangle.of(outline.points)
    if turned is None:
        return "polygon", {"points": _written(outline.points)}
    flat = TurnedRectangle.made(turned.center, turned.width, turned.height, 0).corners
    sides = (round(side, _DIGITS) for side in (*flat[0], *flat[2]))
    return "box", {**dict(zip(_SIDES, sides, strict=True)), "rotation": round(turned.degrees % 360, _DIGITS)}


def _written(points: tuple[Point, ...] | list[Point]) -> str:
    return ";".join(f"{point.x},{point.y}" for point in points)


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def is_cvat(text: str) -> bool:
    """Say whether ``text`` looks like CVAT XML, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("<") and "<annotations" in text[:2000]


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pictures of CVAT XML with what is said of each.

    Raises:
        LabelFileError: it is none, of a film, or damaged.
    """
    root = xml_root(text, "CVAT")
    if root.tag != "annotations":
        raise LabelFileError("This is no CVAT file: it does not begin with <annotations>. Choose another file.")
    images = root.findall("image")
    if not images and root.find("track") is not None:
        raise LabelFileError('This is CVAT XML of a film. Export it as "CVAT for images 1.1" instead.')
    try:
        return tuple(PictureLabels(image.attrib["name"], _size(image), partial(_labels, image)) for image in images)
    except (KeyError, ValueError) as error:
        raise LabelFileError(f"This CVAT file is damaged: {error!r}. Save it again, or copy it whole.") from error


def _size(image: Element) -> Size:
    width, height = (whole(decimal(image.attrib[key], key), key) for key in ("width", "height"))
    return Size(width, height)


def _labels(image: Element, _: Size) -> Labels:
    annotations, left_out = read_each([item for item in image if item.tag != "tag"], _read)
    tags = ((len(image.findall("tag")), "the tag of the picture", "{} tags of the picture"),)
    ellipses = rounded(len(image.findall("ellipse")))
    return Labels(annotations, None, (*left_out, *sentences((*ellipses, *tags))))


def _read(item: Element) -> Annotation:
    reader = _READERS.get(item.tag)
    if reader is None:
        raise ValueError(f"there is nothing here like {item.tag!r:.40}")
    name = item.attrib["label"]
    attributes: dict[str, JsonValue] = {
        entry.attrib["name"]: (entry.text or "").strip() for entry in item.findall("attribute")
    }
    if item.get("occluded") == "1":
        attributes["occluded"] = True
    if item.get("group_id", "").isdecimal():
        attributes["group_id"] = int(item.attrib["group_id"])
    return reader(item, name, attributes)


def _read_box(item: Element, name: str, attributes: dict[str, Any]) -> Annotation:
    left, top, right, bottom = (_number(item, key) for key in _SIDES)
    box = box_of(left, top, right, bottom)
    turn = _number(item, "rotation") % 360 if "rotation" in item.attrib else 0.0
    if turn:
        corners = TurnedRectangle.made(box.center, box.width, box.height, turn).corners
        return detection_of(corners, label_of(name), attributes=attributes)
    text = attributes.pop("text", None)
    if text is None:
        return Detection(label=label_of(name), box=box, attributes=attributes)
    if name == "text":
        return TextRegion(text=text, polygon=Polygon(box.corners), attributes=attributes)
    return LayoutBlock(tag=name, text=text, box=box, attributes=attributes)


def _read_polygon(item: Element, name: str, attributes: dict[str, Any]) -> Annotation:
    points = _points(item)
    if len(points) == 4 and "text" in attributes:
        text = attributes.pop("text")
        label = "" if name == "text" else name
        return TextRegion(label=label, text=text, polygon=Polygon(points), attributes=attributes)
    return detection_of(points, label_of(name), attributes=attributes)


def _read_points(item: Element, name: str, attributes: dict[str, Any]) -> Annotation:
    points = _points(item)
    if len(points) != 1:
        raise ValueError("it is several points in one, and each is one here")
    return Keypoint(label=label_of(name), point=points[0], attributes=attributes)


def _read_ellipse(item: Element, name: str, attributes: dict[str, Any]) -> Annotation:
    x, y, across, down = (_number(item, key) for key in ("cx", "cy", "rx", "ry"))
    turn = _number(item, "rotation") if "rotation" in item.attrib else 0.0
    return detection_of(ellipse_of(Point(x, y), across, down, turn), label_of(name), attributes=attributes)


_READERS: Mapping[str, Callable[[Element, str, dict[str, Any]], Annotation]] = MappingProxyType(
    {"box": _read_box, "polygon": _read_polygon, "points": _read_points, "ellipse": _read_ellipse}
)


def _number(item: Element, key: str) -> float:
    return number(decimal(item.attrib[key], key), key)


def _points(item: Element) -> tuple[Point, ...]:
    pairs = [pair.split(",") for pair in item.attrib["points"].split(";")]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("points should be pairs of numbers")
    return tuple(
        Point(number(decimal(x, "points"), "points"), number(decimal(y, "points"), "points")) for x, y in pairs
    )
