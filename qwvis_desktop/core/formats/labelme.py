"""labelme and X-AnyLabeling JSON: a file for each picture, which lies beside it.

Both write a list of shapes in pixels. labelme's rectangle is two opposite corners and its turned one is called
``oriented_rectangle``; X-AnyLabeling's rectangle is four corners, its turned one is called ``rotation`` and has a
``direction`` in radians as well. Both keep keys of a shape that they do not know, so the score and the attributes
stand there under X-AnyLabeling's names, and ``kind`` where a shape is a text or a block of a page. What was read, or a
remark, is the ``description``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    JsonValue,
    Keypoint,
    LayoutBlock,
    TextRegion,
    bounds_of,
)
from qwvis_desktop.core.annotation_json import json_text, points_to_json
from qwvis_desktop.core.dataset import PLANE, Holds, LabelledPicture, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import (
    LabelFileError,
    Labels,
    Losses,
    json_object,
    number,
    numbers,
    read_each,
    rounded,
    sentences,
    whole,
    words,
)
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

_HOLDS = Holds(kinds=PLANE, outlines=True, texts=True, scores=True, attributes=True)

_NO_KEYS: Mapping[str, JsonValue] = MappingProxyType({})

_OWN = ("description", "group_id", "flags")
"""Attributes that the format has keys of its own for."""


def dump(picture: LabelledPicture) -> bytes:
    """Return the shapes of a picture as labelme writes them, UTF-8."""
    return _dumped(picture, "7.0.0", _labelme_shape)


def dump_x_anylabeling(picture: LabelledPicture) -> bytes:
    """Return the shapes of a picture as X-AnyLabeling writes them, UTF-8."""
    return _dumped(picture, "3.0.0", _x_anylabeling_shape, {"difficult": False, "kie_linking": []})


_Shape = Callable[[Annotation], dict[str, JsonValue]]


def _dumped(picture: LabelledPicture, version: str, shape: _Shape, own: Mapping[str, JsonValue] = _NO_KEYS) -> bytes:
    """Return the file; ``own`` are further keys that the program has for attributes, and what they are by default."""
    held = [a for a in picture.document.annotations.values() if bounds_of(a) is not None]
    width, height = picture.document.size
    value: JsonValue = {
        "version": version,
        "flags": {},
        "shapes": [{**_shared(annotation, own), **shape(annotation)} for annotation in held],
        "imagePath": PurePath(picture.name).name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    return (json_text(value, indent=2) + "\n").encode()


def _shared(annotation: Annotation, own: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    attributes = dict(annotation.attributes)
    further = {key: attributes[key] for key, usual in own.items() if type(attributes.get(key)) is type(usual)}
    attributes = {key: value for key, value in attributes.items() if key not in further}
    remark = attributes.pop("description", None)
    group = attributes.pop("group_id", None)
    flags = attributes.pop("flags", None)
    value: dict[str, JsonValue] = {
        **own,
        **further,
        "label": category_of(annotation),
        "score": annotation.score,
        "group_id": group if type(group) is int else None,
        "description": text_of(annotation) or (remark if isinstance(remark, str) else ""),
        "flags": flags if _are_flags(flags) else {},
        "attributes": attributes,
    }
    if isinstance(annotation, TextRegion | LayoutBlock):
        value["kind"] = annotation.kind
    return value


def _are_flags(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(isinstance(flag, bool) for flag in value.values())


def _labelme_shape(annotation: Annotation) -> dict[str, JsonValue]:
    kind, points = _form(annotation)
    match kind:
        case "box":
            return {"shape_type": "rectangle", "points": points_to_json((points[0], points[2]))}
        case "turned":
            return {"shape_type": "oriented_rectangle", "points": points_to_json(points)}
        case _:
            return {"shape_type": kind, "points": points_to_json(points)}


def _x_anylabeling_shape(annotation: Annotation) -> dict[str, JsonValue]:
    kind, points = _form(annotation)
    match kind:
        case "box":
            return {"shape_type": "rectangle", "points": points_to_json(points)}
        case "turned":
            direction = math.atan2(points[1].y - points[0].y, points[1].x - points[0].x) % (2 * math.pi)
            return {"shape_type": "rotation", "points": points_to_json(points), "direction": direction}
        case _:
            return {"shape_type": kind, "points": points_to_json(points)}


def _form(annotation: Annotation) -> tuple[str, tuple[Point, ...]]:
    """Return what kind of shape it is, and its points: all four of a box."""
    if isinstance(annotation, Keypoint):
        return "point", (annotation.point,)
    outline = outline_of(annotation)
    if outline is not None:
        is_turned = isinstance(annotation, Detection) and TurnedRectangle.of(outline.points) is not None
        return ("turned" if is_turned else "polygon"), outline.points
    box = bounds_of(annotation)
    assert box is not None
    return "box", box.corners


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def is_labelme(text: str) -> bool:
    """Say whether ``text`` looks like a file of either program, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and '"shapes"' in text and '"imagePath"' in text


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the picture of such a file with its shapes.

    Raises:
        LabelFileError: it is none, or damaged.
    """
    value = json_object(text, "labelme")
    shapes = value.get("shapes")
    if not isinstance(shapes, list):
        raise LabelFileError('This is no labelme file: it has no list of "shapes". Choose another file.')
    try:
        name, size = words(value["imagePath"], "imagePath"), _size(value)
    except (KeyError, TypeError, ValueError) as error:
        raise LabelFileError(f"This labelme file is damaged: {error!r}. Save it again, or copy it whole.") from error
    return (PictureLabels(name, size, lambda _: _labels(shapes, value)),)


def _labels(shapes: list[Any], value: Mapping[str, Any]) -> Labels:
    annotations, left_out = read_each(shapes, _read)
    flags = value.get("flags")
    circles = sum(isinstance(shape, dict) and shape.get("shape_type") == "circle" for shape in shapes)
    lost = (
        *rounded(circles),
        (sum(map(bool, flags.values())) if isinstance(flags, dict) else 0, "1 flag of the picture", "{} of its flags"),
        (bool(value.get("description")), "the description of the picture", ""),
        (bool(value.get("vqaData") or value.get("chatData")), "the questions and answers about the picture", ""),
    )
    return Labels(annotations, None, (*left_out, *sentences(lost)))


def _size(value: Mapping[str, Any]) -> Size | None:
    width, height = value.get("imageWidth"), value.get("imageHeight")
    if width is None or height is None or -1 in (width, height):
        return None  # X-AnyLabeling writes -1 for what it does not know
    return Size(whole(width, "imageWidth"), whole(height, "imageHeight"))


def _read(shape: Mapping[str, Any]) -> Annotation:
    if not isinstance(shape, dict):
        raise TypeError("a shape should have a label and points")
    reader = _READERS.get(shape.get("shape_type") or "polygon")
    if reader is None:
        raise ValueError(f"there is nothing here like a {shape['shape_type']!r:.40}")
    if not isinstance(shape["points"], list):
        raise TypeError("points should be a list")
    points = tuple(Point(*numbers(point, 2, "a point")) for point in shape["points"])
    name, score = words(shape["label"], "label"), shape.get("score")
    shared = {"score": None if score is None else number(score, "score"), "attributes": _attributes(shape)}
    return reader(points, name, {**shared, "kind": shape.get("kind")}, words(shape.get("description") or "", "text"))


def _attributes(shape: Mapping[str, Any]) -> dict[str, JsonValue]:
    given = shape.get("attributes")
    attributes: dict[str, JsonValue] = dict(given) if isinstance(given, dict) else {}
    for key in ("group_id", "flags"):
        if shape.get(key) not in (None, {}):
            attributes[key] = shape[key]
    if shape.get("difficult") is True:
        attributes["difficult"] = True
    if shape.get("kie_linking"):
        attributes["kie_linking"] = shape["kie_linking"]
    if shape.get("description") and shape.get("kind") not in ("text", "block"):
        attributes["description"] = words(shape["description"], "description")
    return attributes


def _read_outline(points: tuple[Point, ...], name: str, shared: dict[str, Any], text: str) -> Annotation:
    kind = shared.pop("kind")
    if kind == "text" and len(points) == 4:
        return TextRegion(label="" if name == "text" else name, text=text, polygon=Polygon(points), **shared)
    return detection_of(points, label_of(name), **shared)


def _read_rectangle(points: tuple[Point, ...], name: str, shared: dict[str, Any], text: str) -> Annotation:
    if len(points) not in (2, 4):
        raise ValueError("a rectangle should have two points or four")
    kind = shared.pop("kind")
    bounds: Box = Polygon(points).bounds
    box = box_of(*bounds)
    if kind == "block":
        return LayoutBlock(tag=name, text=text, box=box, **shared)
    return Detection(label=label_of(name), box=box, **shared)


def _read_point(points: tuple[Point, ...], name: str, shared: dict[str, Any], _: str) -> Annotation:
    if len(points) != 1:
        raise ValueError("a point should be one point")
    shared.pop("kind")
    return Keypoint(label=label_of(name), point=points[0], **shared)


def _read_circle(points: tuple[Point, ...], name: str, shared: dict[str, Any], _: str) -> Annotation:
    if len(points) != 2:
        raise ValueError("a circle should have two points, its middle and one on it")
    shared.pop("kind")
    radius = math.dist(*points)
    return detection_of(ellipse_of(points[0], radius, radius), label_of(name), **shared)


_READERS: Mapping[str, Callable[[tuple[Point, ...], str, dict[str, Any], str], Annotation]] = MappingProxyType(
    {
        "polygon": _read_outline,
        "oriented_rectangle": _read_outline,
        "rotation": _read_outline,
        "quadrilateral": _read_outline,
        "rectangle": _read_rectangle,
        "point": _read_point,
        "circle": _read_circle,
    }
)
