"""Label Studio: tasks as JSON, and beside them the labelling configuration that they need.

Definitions (Label Studio's own description of its tags): places and lengths are percent of the picture's width and
height; a rectangle is turned about its first corner by ``rotation`` degrees, clockwise as seen, and ``x`` and ``y`` are
that corner. What was read is a ``textarea`` with the same id as its region, and so are the ``labels`` of one that has
none itself, as the templates for recognised text have it. Where several people labelled a task, the
first one's work is read; where nobody did, the first prediction.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element

from qwvis_desktop.core.annotation import Annotation, Detection, JsonValue, Keypoint, TextRegion, bounds_of
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import PLANE, Dataset, Holds, LabelledPicture, PictureLabels, categories_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point, Polygon, Size
from qwvis_desktop.core.label_file import Labels, Losses, number, numbers, read_each, rounded, sentences, words
from qwvis_desktop.core.label_xml import add, xml_bytes
from qwvis_desktop.core.plane.forms import TurnedRectangle
from qwvis_desktop.core.plane.outlines import box_of, category_of, detection_of, ellipse_of, label_of, ring_of, text_of
from qwvis_desktop.core.studio_tasks import StudioTask, studio_tasks

_HOLDS = Holds(kinds=PLANE, outlines=True, texts=True, scores=True)

_POINT_WIDTH = 0.5
"""How wide Label Studio draws a point, in percent; it wants to be told."""

_DIGITS = 9
"""Places after the point: a billionth of a percent is far below a pixel."""


def dump(dataset: Dataset) -> bytes:
    """Return the pictures as tasks with one annotation each, UTF-8."""
    return (json_text([_task(place, picture) for place, picture in enumerate(dataset, 1)], indent=1) + "\n").encode()


def dump_configuration(dataset: Dataset) -> bytes:
    """Return the labelling configuration: the categories for each kind of region that is used, and a field for texts.

    Kinds that are not used are left out: with points among them, Label Studio's converter takes all for skeletons.
    """
    root = Element("View")
    add(root, "Image", name="image", value="$image")
    held = [a for picture in dataset for a in picture.document.annotations.values() if bounds_of(a) is not None]
    used = {_value(annotation, Size(100, 100))[0] for annotation in held} or {"rectangle"}
    for kind, tag in _TAGS.items():
        if kind in used:
            labels = add(root, tag, name=kind, toName="image")
            for category in categories_of(dataset, PLANE):
                add(labels, "Label", value=category)
    if any(map(text_of, held)):
        field = {"name": "transcription", "toName": "image", "editable": "true", "perRegion": "true"}
        add(root, "TextArea", **field, displayMode="region-list")
    return xml_bytes(root, declared=False)  # Label Studio refuses one that is declared


_TAGS = {"rectangle": "RectangleLabels", "polygon": "PolygonLabels", "keypoint": "KeyPointLabels"}
"""The tag of the configuration for each kind of region."""


def _task(place: int, picture: LabelledPicture) -> JsonValue:
    size = picture.document.size
    held = [a for a in picture.document.annotations.values() if bounds_of(a) is not None]
    regions = [region for number, annotation in enumerate(held, 1) for region in _regions(annotation, number, size)]
    return {"id": place, "data": {"image": picture.name}, "annotations": [{"id": place, "result": regions}]}


def _regions(annotation: Annotation, place: int, size: Size) -> list[JsonValue]:
    kind, value = _value(annotation, size)
    shared: dict[str, JsonValue] = {
        "id": f"r{place}",
        "to_name": "image",
        "original_width": size.width,
        "original_height": size.height,
        "image_rotation": 0,
    }
    labels: dict[str, JsonValue] = {**value, f"{kind}labels": [category_of(annotation)]}
    region: dict[str, JsonValue] = {**shared, "type": f"{kind}labels", "from_name": kind, "value": labels}
    if annotation.score is not None:
        region["score"] = annotation.score
    text = text_of(annotation)
    if not text:
        return [region]
    written: dict[str, JsonValue] = {**value, "text": [text]}
    return [region, {**shared, "type": "textarea", "from_name": "transcription", "value": written}]


def _value(annotation: Annotation, size: Size) -> tuple[str, dict[str, JsonValue]]:
    """Return the kind of region, and where it is."""
    if isinstance(annotation, Keypoint):
        x, y = _percent(annotation.point, size)
        return "keypoint", {"x": x, "y": y, "width": _POINT_WIDTH}
    points = ring_of(annotation)
    turned = TurnedRectangle.of(points)
    if turned is None:
        return "polygon", {"points": [[*_percent(point, size)] for point in points], "closed": True}
    first = TurnedRectangle.made(turned.center, turned.width, turned.height, turned.degrees).corners[0]
    x, y = _percent(first, size)
    return "rectangle", {
        "x": x,
        "y": y,
        "width": round(turned.width / size.width * 100, _DIGITS),
        "height": round(turned.height / size.height * 100, _DIGITS),
        "rotation": round(turned.degrees % 360, _DIGITS),
    }


def _percent(point: Point, size: Size) -> tuple[float, float]:
    return round(point.x / size.width * 100, _DIGITS), round(point.y / size.height * 100, _DIGITS)


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def is_label_studio(text: str) -> bool:
    """Say whether ``text`` looks like tasks of Label Studio, without reading it all."""
    start = text.lstrip("\ufeff \t\r\n")
    return start.startswith(("[", "{")) and '"data"' in text and ('"annotations"' in text or '"predictions"' in text)


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pictures of tasks with what is said of each.

    Raises:
        LabelFileError: these are none, or damaged.
    """
    return tuple(PictureLabels(task.name, None, partial(_labels, task)) for task in studio_tasks(text))


def _labels(task: StudioTask, size: Size) -> Labels:
    result = task.result
    texts, labels = _of_type(result, "textarea"), _of_type(result, "labels")
    added = {id(entry) for held in (texts, labels) for entry in held.values()}
    regions = [entry for entry in result if id(entry) not in added]
    annotations, left_out = read_each(regions, lambda entry: _read(entry, (texts, labels), size))
    several = sum(isinstance(entry, dict) and len(_names(entry, labels)) > 1 for entry in regions)
    ellipses = sum(isinstance(entry, dict) and str(entry.get("type")).startswith("ellipse") for entry in regions)
    lost = (
        *rounded(ellipses),
        (several, "all labels but the first of 1 region", "all labels but the first of {} regions"),
        *task.left_out,
    )
    return Labels(annotations, None, (*left_out, *sentences(lost)))


def _of_type(result: list[Any], kind: str) -> dict[str, Any]:
    """Return the entries that add something to a region, by its id; what has none is of no region."""
    entries = [entry for entry in result if isinstance(entry, dict)]
    regions = {_id_of(entry) for entry in entries if _reader_of(entry) is not None} - {""}
    return {_id_of(entry): entry for entry in entries if entry.get("type") == kind and _id_of(entry) in regions}


def _id_of(entry: Mapping[str, Any]) -> str:
    """Return the id of an entry; empty where it has none."""
    told = entry.get("id")
    return str(told) if isinstance(told, str | int) else ""


def _reader_of(entry: Mapping[str, Any]) -> _Reader | None:
    return _READERS.get(str(entry.get("type")).removesuffix("labels"))


def _names(entry: Mapping[str, Any], labels: Mapping[str, Any]) -> list[Any]:
    """Return the labels of a region: its own, else those that are added to it."""
    for held in (entry, labels.get(_id_of(entry), {})):
        value = held.get("value")
        names = value.get(str(held.get("type"))) if isinstance(value, dict) else None
        if isinstance(names, list) and names:
            return names
    return []


def _read(entry: Mapping[str, Any], added: tuple[Mapping[str, Any], Mapping[str, Any]], size: Size) -> Annotation:
    """Read a region; ``added`` are texts and labels by its id."""
    texts, labels = added
    if not isinstance(entry, dict):
        raise TypeError("a region should have a type and a value")
    kind = str(entry["type"])
    reader = _reader_of(entry)
    if reader is None:
        raise ValueError(f"there is nothing here like {kind!r:.40}")
    value = entry["value"]
    names = _names(entry, labels) or [""]
    score = entry.get("score")
    text = texts.get(_id_of(entry))
    shared = {"score": None if score is None else number(score, "score")}
    return reader(value, size, label_of(words(names[0], kind)), shared, None if text is None else _text(text))


def _text(entry: Mapping[str, Any]) -> str:
    found = entry["value"]["text"]
    return "\n".join(found) if isinstance(found, list) else words(found, "text")


def _read_rectangle(
    value: Mapping[str, Any], size: Size, label: str, shared: dict[str, Any], text: str | None
) -> Annotation:
    x, y, width, height = (number(value[key], key) / 100 for key in ("x", "y", "width", "height"))
    left, top, across, down = x * size.width, y * size.height, width * size.width, height * size.height
    turn = number(value.get("rotation") or 0, "rotation") % 360
    box = box_of(left, top, left + across, top + down)
    if not turn and text is None:
        return Detection(label=label, box=box, **shared)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    corners = (
        box.corners
        if not turn
        else (
            Point(left, top),
            Point(left + across * cos, top + across * sin),
            Point(left + across * cos - down * sin, top + across * sin + down * cos),
            Point(left - down * sin, top + down * cos),
        )
    )
    return _outlined(corners, label, shared, text)


def _read_polygon(
    value: Mapping[str, Any], size: Size, label: str, shared: dict[str, Any], text: str | None
) -> Annotation:
    pairs = [numbers(point, 2, "a point") for point in value["points"]]
    points = tuple(Point(x / 100 * size.width, y / 100 * size.height) for x, y in pairs)
    return _outlined(points, label, shared, text)


def _outlined(points: tuple[Point, ...], label: str, shared: dict[str, Any], text: str | None) -> Annotation:
    if text is not None and len(points) == 4:
        return TextRegion(label="" if label == "text" else label, text=text, polygon=Polygon(points), **shared)
    return detection_of(points, label, **shared)


def _read_ellipse(
    value: Mapping[str, Any], size: Size, label: str, shared: dict[str, Any], text: str | None
) -> Annotation:
    x, y, across, down = (number(value[key], key) / 100 for key in ("x", "y", "radiusX", "radiusY"))
    middle, turn = Point(x * size.width, y * size.height), number(value.get("rotation") or 0, "rotation")
    return _outlined(ellipse_of(middle, across * size.width, down * size.height, turn), label, shared, text)


def _read_keypoint(
    value: Mapping[str, Any], size: Size, label: str, shared: dict[str, Any], _: str | None
) -> Annotation:
    x, y = number(value["x"], "x") / 100 * size.width, number(value["y"], "y") / 100 * size.height
    return Keypoint(label=label, point=Point(x, y), **shared)


_Reader = Callable[[Mapping[str, Any], Size, str, dict[str, Any], str | None], Annotation]

_READERS: Mapping[str, _Reader] = MappingProxyType(
    {"rectangle": _read_rectangle, "polygon": _read_polygon, "keypoint": _read_keypoint, "ellipse": _read_ellipse}
)
