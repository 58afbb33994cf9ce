"""Annotations and issues as JSON: the form that the command line prints and others may rely on.

Numbers keep their full precision: what is printed is what is held, in pixels of the upright original, in metres or in
seconds. Rounding is the reader's choice.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    JsonValue,
    Keypoint,
    LayoutBlock,
    ParseIssue,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.camera import CameraIntrinsics, projected_bounds, visible_edges
from qwvis_desktop.core.geometry import Box, Point

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


def annotation_to_json(annotation: Annotation, camera: CameraIntrinsics) -> dict[str, JsonValue]:
    """Return an annotation as the command line prints it.

    Args:
        annotation: what to write.
        camera: the view in which cuboids are projected; other kinds do not need it.
    """
    span = annotation.provenance and list(annotation.provenance.span)
    shared: dict[str, JsonValue] = {
        "kind": annotation.kind,
        "label": annotation.label,
        "span": span,
        "attributes": dict(annotation.attributes),
    }
    if annotation.score is not None:
        shared["score"] = annotation.score
    return shared | _geometry(annotation, camera)


def _geometry(annotation: Annotation, camera: CameraIntrinsics) -> dict[str, JsonValue]:
    match annotation:
        case Detection(box=box, time=time, image=image):
            return {"box": box_to_json(box), **_known(time=time, image=image)}
        case Keypoint(point=point, image=image):
            return {"point": [point.x, point.y], **_known(image=image)}
        case TextRegion(text=text, polygon=polygon):
            return {"text": text, "polygon": points_to_json(polygon.points), "box": box_to_json(polygon.bounds)}
        case LayoutBlock(tag=tag, text=text, box=place):
            return {"tag": tag, "text": text, "box": box_to_json(place)}
        case Cuboid(center=center, size=size, angles=angles):
            edges: list[JsonValue] = [points_to_json(edge) for edge in visible_edges(annotation, camera)]
            bounds = box_to_json(projected_bounds(annotation, camera))
            return {
                "center": list(center),
                "size": list(size),
                "angles": list(angles),
                "projected_bounds": bounds,
                "edges": edges,
            }
        case VideoEvent(start=start, end=end):
            return {"start": start, "end": end}


def _known(**values: JsonValue) -> dict[str, JsonValue]:
    return {key: value for key, value in values.items() if value is not None}
