"""Annotations and issues as JSON: the form that the command line prints and others may rely on.

Numbers keep their full precision: what is printed is what is held, in pixels of the upright original, in metres or in
seconds. Rounding is the reader's choice.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    JsonValue,
    Keypoint,
    LayoutBlock,
    ParseIssue,
    Provenance,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.camera import (
    HALF_TURNS_XYZ,
    AngleConvention,
    CameraIntrinsics,
    projected_bounds,
    visible_edges,
)
from qwvis_desktop.core.geometry import Box, Point, Polygon

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: JsonValue, indent: int | None = None) -> str:
    """Return ``value`` as strict JSON that can always be written as UTF-8.

    Half characters (lone surrogates, which models do send) are escaped. JSON has no word for NaN and the infinities, so
    these become the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
    """
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finite(value: JsonValue) -> JsonValue:
    match value:
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case list():
            return [_finite(item) for item in value]
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case _:
            return value


def box_to_json(box: Box | None) -> JsonValue:
    """Return ``[left, top, right, bottom]``, or None for None."""
    return None if box is None else [box.left, box.top, box.right, box.bottom]


def points_to_json(points: Iterable[Point]) -> list[JsonValue]:
    """Return ``[[x, y], ...]``."""
    return [[point.x, point.y] for point in points]


def issue_to_json(issue: ParseIssue) -> dict[str, JsonValue]:
    """Return an issue with its code, sentence and [start, end) in the raw reply."""
    return {"code": issue.code, "message": issue.message, "span": list(issue.span)}


def annotation_to_json(
    annotation: Annotation, camera: CameraIntrinsics, convention: AngleConvention = HALF_TURNS_XYZ
) -> dict[str, JsonValue]:
    """Return an annotation as the command line prints it.

    Args:
        annotation: what to write.
        camera: the view in which cuboids are projected; other kinds do not need it.
        convention: what the angles of cuboids mean.
    """
    origin = annotation.provenance
    shared: dict[str, JsonValue] = {
        "kind": annotation.kind,
        "label": annotation.label,
        "span": None if origin is None else list(origin.span),
        "attributes": dict(annotation.attributes),
    }
    if annotation.score is not None:
        shared["score"] = annotation.score
    if annotation.accepted:
        shared["accepted"] = True
    return shared | _geometry(annotation, camera, convention)


def _geometry(annotation: Annotation, camera: CameraIntrinsics, convention: AngleConvention) -> dict[str, JsonValue]:
    match annotation:
        case Detection(box=box, outline=outline, time=time, image=image):
            shape: JsonValue = None if outline is None else points_to_json(outline.points)
            return {"box": box_to_json(box), **_known(outline=shape, time=time, image=image)}
        case Keypoint(point=point, image=image):
            return {"point": [point.x, point.y], **_known(image=image)}
        case TextRegion(text=text, polygon=polygon, image=image):
            corners = points_to_json(polygon.points)
            return {"text": text, "polygon": corners, "box": box_to_json(polygon.bounds), **_known(image=image)}
        case LayoutBlock(tag=tag, text=text, box=place):
            return {"tag": tag, "text": text, "box": box_to_json(place)}
        case Cuboid(center=center, size=size, angles=angles, image=image):
            edges: list[JsonValue] = [points_to_json(edge) for edge in visible_edges(annotation, camera, convention)]
            bounds = box_to_json(projected_bounds(annotation, camera, convention))
            return {
                "center": list(center),
                "size": list(size),
                "angles": list(angles),
                "projected_bounds": bounds,
                "edges": edges,
                **_known(image=image),
            }
        case VideoEvent(start=start, end=end):
            return {"start": start, "end": end}


def _known(**values: JsonValue) -> dict[str, JsonValue]:
    return {key: value for key, value in values.items() if value is not None}


def annotation_from_json(value: Mapping[str, JsonValue], run: str = "") -> Annotation:
    """Return the annotation that ``annotation_to_json`` wrote, with a new id; what follows from it is not read.

    Args:
        value: the JSON object.
        run: id of the run in whose reply its ``span`` counts.

    Raises:
        ValueError: it is no such object.
    """
    try:
        return _read(dict(value), run)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"This is no annotation as QwVis writes it: {error!r}.") from error


def _read(value: dict[str, Any], run: str) -> Annotation:
    kind, fields = _READERS[value["kind"]]
    read = {name: reader(value[name]) for name, reader in fields.items() if name in value or name not in _OPTIONAL}
    span, score = value["span"], value.get("score")
    return kind(
        label=_words(value["label"]),
        score=None if score is None else _number(score),
        accepted=_yes_or_no(value.get("accepted", False)),
        attributes=dict(value["attributes"]),
        provenance=None if span is None else Provenance(run, (int(span[0]), int(span[1]))),
        **read,
    )


_OPTIONAL = frozenset({"outline", "time", "image"})


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _box(value: list[object]) -> Box:
    left, top, right, bottom = map(_number, value)
    return Box(left, top, right, bottom)


def _box_or_none(value: list[object] | None) -> Box | None:
    return None if value is None else _box(value)


def _point(value: list[object]) -> Point:
    x, y = map(_number, value)
    return Point(x, y)


def _polygon(value: list[list[object]]) -> Polygon:
    return Polygon(tuple(_point(point) for point in value))


def _outline(value: list[list[object]]) -> Polygon:
    if len(value) < 3:
        raise ValueError("an outline has three points or more")
    return _polygon(value)


def _triple(value: list[object]) -> tuple[float, float, float]:
    first, second, third = map(_number, value)
    return first, second, third


def _index(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no index")
    return value


_Fields = dict[str, Callable[[Any], Any]]

_READERS: dict[str, tuple[Callable[..., Annotation], _Fields]] = {
    "detection": (Detection, {"box": _box, "outline": _outline, "time": _number, "image": _index}),
    "keypoint": (Keypoint, {"point": _point, "image": _index}),
    "text": (TextRegion, {"text": _words, "polygon": _polygon, "image": _index}),
    "block": (LayoutBlock, {"tag": _words, "text": _words, "box": _box_or_none}),
    "cuboid": (Cuboid, {"center": _triple, "size": _triple, "angles": _triple, "image": _index}),
    "event": (VideoEvent, {"start": _number, "end": _number}),
}
