"""COCO JSON: boxes, points and outlines of one picture, with its categories.

Read by most training and labelling tools. Coordinates are floats in pixels of the upright original. Categories are
numbered from 1 in the order in which their names first appear; all ids are integers. Boxes have an empty
``segmentation``, text regions their outline; points are keypoint annotations with one visible point. ``score`` stands
beside ``bbox`` as in COCO results, further keys under ``attributes`` as CVAT has them, and ``info.runs`` tells how
reading each reply ended.
"""

from __future__ import annotations

from qwvis_desktop.core.annotation import Annotation, JsonValue, Keypoint, LayoutBlock, TextRegion, bounds_of
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point

UNNAMED = "unlabelled"
"""The category of what has no label; many readers refuse an empty name."""

_VISIBLE = 2
"""COCO's flag of a keypoint that is there and can be seen."""


def category_of(annotation: Annotation) -> str:
    """Return the category's name: the label, else what kind of block or text it is."""
    match annotation:
        case LayoutBlock(tag=tag, label=label):
            return label or tag or UNNAMED
        case TextRegion(label=label):
            return label or "text"
        case _:
            return annotation.label or UNNAMED


def dump(document: Document) -> bytes:
    """Return the document as COCO JSON, UTF-8."""
    placed = [(annotation, box) for annotation in document.annotations.values() if (box := bounds_of(annotation))]
    names = dict.fromkeys(category_of(annotation) for annotation, _ in placed)
    numbers = {name: number for number, name in enumerate(names, start=1)}
    with_points = {category_of(annotation) for annotation, _ in placed if isinstance(annotation, Keypoint)}
    return json_text(
        {
            "info": {
                "description": "Annotations by QwVis Desktop, in pixels of the upright original",
                "version": "1.0",
                "runs": [
                    {
                        "id": run.id,
                        "provider": run.provider,
                        "model": run.model,
                        "task": run.task,
                        "status": run.status,
                        "issues": len(run.issues),
                        "date": run.started.isoformat(),
                    }
                    for run in document.runs.values()
                ],
            },
            "licenses": [],
            "images": [
                {
                    "id": 1,
                    "file_name": document.media.name,
                    "width": document.size.width,
                    "height": document.size.height,
                }
            ],
            "categories": [_category(number, name, name in with_points) for name, number in numbers.items()],
            "annotations": [
                _annotation(number, annotation, box, numbers[category_of(annotation)])
                for number, (annotation, box) in enumerate(placed, start=1)
            ],
        },
        indent=1,
    ).encode()


def _category(number: int, name: str, has_points: bool) -> JsonValue:
    category: dict[str, JsonValue] = {"id": number, "name": name, "supercategory": ""}
    return {**category, "keypoints": [name], "skeleton": []} if has_points else category


def _annotation(number: int, annotation: Annotation, box: Box, category: int) -> JsonValue:
    outline = annotation.polygon if isinstance(annotation, TextRegion) else None
    value: dict[str, JsonValue] = {
        "id": number,
        "image_id": 1,
        "category_id": category,
        "bbox": [box.left, box.top, box.width, box.height],
        "area": outline.area if outline else box.area,
        "segmentation": [[number for point in outline.points for number in point]] if outline else [],
        "iscrowd": 0,
    }
    if isinstance(annotation, Keypoint):
        point: Point = annotation.point
        value |= {"keypoints": [point.x, point.y, _VISIBLE], "num_keypoints": 1}
    if annotation.score is not None:
        value["score"] = annotation.score
    attributes = dict(annotation.attributes)
    if isinstance(annotation, TextRegion | LayoutBlock):
        attributes["text"] = annotation.text
    if attributes:
        value["attributes"] = attributes
    return value


def losses(document: Document) -> tuple[tuple[int, str, str], ...]:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    annotations = document.annotations.values()
    return (
        (sum(annotation.kind == "cuboid" for annotation in annotations), "1 box in space", "{} boxes in space"),
        (sum(annotation.kind == "event" for annotation in annotations), "1 event in time", "{} events in time"),
        (
            sum(isinstance(annotation, LayoutBlock) and annotation.box is None for annotation in annotations),
            "1 block without a place",
            "{} blocks without a place",
        ),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )
