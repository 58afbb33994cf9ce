"""COCO JSON: boxes, points and outlines of pictures, with their categories.

Read by most training and labelling tools. Coordinates are floats in pixels of the upright original. Pictures and
annotations are numbered from 1, categories from 1 in the order in which their names first appear; all ids are integers.
Boxes have an empty ``segmentation``, outlines one polygon; points are keypoint annotations with one visible point.
``score`` stands beside ``bbox`` as in COCO results, further keys under ``attributes`` as CVAT has them, and
``info.runs`` tells how reading each reply ended.

``dump_results`` writes the list that the makers' evaluation takes, with numbers as in ``dump`` of the same pictures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
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
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import AREAS, PLANE, Dataset, Holds, LabelledPicture, PictureLabels, categories_of
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import (
    LabelFileError,
    Labels,
    Losses,
    json_object,
    number,
    numbers,
    read_each,
    sentences,
    whole,
    words,
)
from qwvis_desktop.core.plane.outlines import box_of, category_of, detection_of, label_of, outline_of

_VISIBLE = 2
"""COCO's flag of a keypoint that is there and can be seen."""

_HOLDS = Holds(kinds=PLANE, outlines=True, texts=True, scores=True, attributes=True)
_RESULTS_HOLD = Holds(kinds=AREAS, scores=True)

_KEYS = ("images", "annotations", "categories")


def dump(dataset: Dataset) -> bytes:
    """Return the pictures with their annotations as COCO JSON, UTF-8."""
    categories = categories_of(dataset, PLANE)
    annotations: list[JsonValue] = []
    for image, picture in enumerate(dataset, start=1):
        for annotation, box in _placed(picture):
            place = categories[category_of(annotation)] + 1
            annotations.append(_annotation(len(annotations) + 1, annotation, box, (image, place)))
    return json_text(
        {
            "info": {
                "description": "Annotations by QwVis Desktop, in pixels of the upright original",
                "version": "1.0",
                "runs": [_run(picture, run) for picture in dataset for run in picture.document.runs.values()],
            },
            "licenses": [],
            "images": [_image(place, picture) for place, picture in enumerate(dataset, start=1)],
            "categories": _categories(dataset, categories),
            "annotations": annotations,
        },
        indent=1,
    ).encode()


def dump_results(dataset: Dataset) -> bytes:
    """Return the list of results, UTF-8: boxes with their scores; 1 stands for a score that is not known."""
    categories = categories_of(dataset, PLANE)
    return json_text(
        [
            {
                "image_id": place,
                "category_id": categories[category_of(annotation)] + 1,
                "bbox": _sides(box),
                "score": 1.0 if annotation.score is None else annotation.score,
            }
            for place, picture in enumerate(dataset, start=1)
            for annotation, box in _placed(picture)
            if not isinstance(annotation, Keypoint)
        ],
        indent=1,
    ).encode()


def dump_numbers(dataset: Dataset) -> bytes:
    """Return what the numbers of ``dump_results`` mean, as COCO JSON without annotations."""
    return json_text(
        {
            "info": {"description": "The pictures and categories of the results beside it", "version": "1.0"},
            "images": [_image(place, picture) for place, picture in enumerate(dataset, start=1)],
            "categories": _categories(dataset, categories_of(dataset, PLANE)),
            "annotations": [],
        },
        indent=1,
    ).encode()


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def losses_of_results(document: Document) -> Losses:
    """Count what of ``document`` the list of results leaves out."""
    return _RESULTS_HOLD.losses(document)


def _placed(picture: LabelledPicture) -> list[tuple[Annotation, Box]]:
    held = picture.document.annotations.values()
    return [(annotation, box) for annotation in held if (box := bounds_of(annotation)) is not None]


def _run(picture: LabelledPicture, run: Run) -> JsonValue:
    return {
        "id": run.id,
        "file_name": picture.name,
        "provider": run.provider,
        "model": run.model,
        "task": run.task,
        "status": run.status,
        "issues": len(run.issues),
        "date": run.started.isoformat(),
    }


def _image(place: int, picture: LabelledPicture) -> JsonValue:
    width, height = picture.document.size
    return {"id": place, "file_name": picture.name, "width": width, "height": height}


def _categories(dataset: Dataset, categories: dict[str, int]) -> list[JsonValue]:
    with_points = {
        category_of(annotation)
        for picture in dataset
        for annotation in picture.document.annotations.values()
        if isinstance(annotation, Keypoint)
    }
    return [_category(place + 1, name, name in with_points) for name, place in categories.items()]


def _category(place: int, name: str, has_points: bool) -> JsonValue:
    category: dict[str, JsonValue] = {"id": place, "name": name, "supercategory": ""}
    return {**category, "keypoints": [name], "skeleton": []} if has_points else category


def _sides(box: Box) -> list[JsonValue]:
    return [box.left, box.top, box.width, box.height]


def _annotation(place: int, annotation: Annotation, box: Box, owners: tuple[int, int]) -> JsonValue:
    outline = outline_of(annotation)
    value: dict[str, JsonValue] = {
        "id": place,
        "image_id": owners[0],
        "category_id": owners[1],
        "bbox": _sides(box),
        "area": outline.area if outline else box.area,
        "segmentation": [[value for point in outline.points for value in point]] if outline else [],
        "iscrowd": 0,
    }
    if isinstance(annotation, Keypoint):
        point: Point = annotation.point
        value |= {"keypoints": [point.x, point.y, _VISIBLE], "num_keypoints": 1}
    if annotation.score is not None:
        value["score"] = annotation.score
    attributes = dict(annotation.attributes)
    if attributes.get("iscrowd") is True:
        del attributes["iscrowd"]
        value["iscrowd"] = 1
    if isinstance(annotation, TextRegion | LayoutBlock):
        attributes["text"] = annotation.text
    if attributes:
        value["attributes"] = attributes
    return value


def is_coco(text: str) -> bool:
    """Say whether ``text`` looks like COCO JSON, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and all(f'"{key}"' in text for key in _KEYS)


def is_results(text: str) -> bool:
    """Say whether ``text`` looks like a list of COCO results, without reading it all."""
    start = text.lstrip("\ufeff \t\r\n")[:2000]
    return start.startswith("[") and '"image_id"' in start and '"category_id"' in start


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pictures of COCO JSON with what is said of each.

    Raises:
        LabelFileError: it is none, or damaged.
    """
    value = json_object(text, "COCO")
    try:
        names = {entry["id"]: words(entry["name"], "name") for entry in value["categories"]}
        entries = list(value["annotations"])
        images = [(image["id"], words(image["file_name"], "file_name"), _size(image)) for image in value["images"]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LabelFileError(f"This COCO file is damaged: {error!r}. Save it again, or copy it whole.") from error
    return _by_picture(images, entries, names)


def pictures_of_results(text: str, numbers_text: str | None) -> tuple[PictureLabels, ...]:
    """Return the pictures of a list of results.

    Args:
        text: the list.
        numbers_text: COCO JSON that says what its numbers mean; without it they stand for themselves.

    Raises:
        LabelFileError: either is none, or damaged.
    """
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabelFileError(f"This list of results is not JSON ({error}). Copy it whole.") from error
    if not isinstance(entries, list):
        raise LabelFileError("This is no list of COCO results. Choose another file.")
    if numbers_text is None:
        found = dict.fromkeys(entry["image_id"] for entry in entries if isinstance(entry, dict) and "image_id" in entry)
        return _by_picture([(key, str(key), None) for key in found if isinstance(key, int | str)], entries, {})
    known = json_object(numbers_text, "COCO")
    try:
        names = {entry["id"]: words(entry["name"], "name") for entry in known["categories"]}
        images = [(image["id"], words(image["file_name"], "file_name"), _size(image)) for image in known["images"]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LabelFileError(f"The COCO file beside these results is damaged: {error!r}.") from error
    return _by_picture(images, entries, names)


def _size(image: Mapping[str, Any]) -> Size | None:
    width, height = image.get("width"), image.get("height")
    return None if not width or not height else Size(whole(width, "width"), whole(height, "height"))


def _by_picture(
    images: list[tuple[Any, str, Size | None]], entries: list[Any], names: Mapping[Any, str]
) -> tuple[PictureLabels, ...]:
    of: dict[Any, list[Any]] = {key: [] for key, _, _ in images}
    strays = 0
    for entry in entries:
        key = entry.get("image_id") if isinstance(entry, dict) else None
        if isinstance(key, int | str) and key in of:
            of[key].append(entry)
        else:
            strays += 1
    # Said with the first picture: they are of none.
    said = dict.fromkeys((key for key, _, _ in images[:1]), strays)
    return tuple(
        PictureLabels(name, size, partial(_labels, of[key], names, said.get(key, 0))) for key, name, size in images
    )


def _labels(entries: list[dict[str, Any]], names: Mapping[Any, str], strays: int, _: Size) -> Labels:
    annotations, left_out = read_each(entries, lambda entry: _read(entry, names))
    masks = sum(isinstance(entry.get("segmentation"), dict) for entry in entries)
    parted = sum(isinstance(entry.get("segmentation"), list) and len(entry["segmentation"]) > 1 for entry in entries)
    lost = (
        (masks, "the mask of 1 object (its box is kept)", "the masks of {} objects (their boxes are kept)"),
        (parted, "an outline in several parts (its box is kept)", "{} outlines in several parts (boxes are kept)"),
        (
            sum(_has_skeleton(entry) for entry in entries),
            "the points of 1 object (its box is kept)",
            "the points of {} objects (their boxes are kept)",
        ),
        (strays, "1 object of a picture that the file does not list", "{} objects of pictures that it does not list"),
    )
    return Labels(annotations, None, (*left_out, *sentences(lost)))


def _has_skeleton(entry: dict[str, Any]) -> bool:
    """Say whether an object has points of its own; one point alone is an annotation here."""
    keypoints = entry.get("keypoints")
    return isinstance(keypoints, list) and len(keypoints) > _POINT and any(keypoints)


_POINT = 3
"""Numbers of a point: its place and whether it can be seen."""


def _read(entry: dict[str, Any], names: Mapping[Any, str]) -> Annotation:
    category = entry["category_id"]
    attributes = entry.get("attributes")
    attributes = dict(attributes) if isinstance(attributes, dict) else {}
    text = attributes.pop("text") if isinstance(attributes.get("text"), str) else None
    if entry.get("iscrowd") == 1:
        attributes["iscrowd"] = True
    name = names.get(category, str(category))
    score = entry.get("score")
    shared: dict[str, Any] = {
        "label": label_of(name),
        "score": None if score is None else number(score, "score"),
        "attributes": attributes,
    }
    points = _outline(entry.get("segmentation"))
    if entry.get("num_keypoints") == 1 and entry.get("keypoints") and not _has_skeleton(entry):
        return Keypoint(point=_one_point(entry["keypoints"]), **shared)
    if text is not None and points is not None and len(points) == 4:
        return TextRegion(text=text, polygon=Polygon(points), **{**shared, "label": "" if name == "text" else name})
    if points is None:
        box = _box(entry)
        if text is not None:
            return LayoutBlock(tag=name, text=text, box=box, **{**shared, "label": ""})
        return Detection(box=box, **shared)
    if text is not None:
        shared["attributes"] = {**attributes, "text": text}
    return detection_of(points, **shared)


def _box(entry: dict[str, Any]) -> Box:
    """Return the box, or the one round the parts of the outline where the file tells none."""
    parts = entry.get("segmentation")
    if "bbox" not in entry and isinstance(parts, list) and parts:
        outlines = [found for part in parts if (found := _outline([part])) is not None]
        bounds = Polygon(tuple(point for outline in outlines for point in outline)).bounds
        return box_of(*bounds)
    left, top, width, height = numbers(entry["bbox"], 4, "bbox")
    return box_of(left, top, left + width, top + height)


def _outline(value: object) -> tuple[Point, ...] | None:
    """Return the points of an outline in one part; None where there is none."""
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], list):
        return None
    flat = numbers(value[0], len(value[0]), "segmentation")
    if len(flat) < 6 or len(flat) % 2:
        raise ValueError("segmentation should be pairs of numbers, three or more")
    return tuple(Point(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True))


def _one_point(value: object) -> Point:
    flat = numbers(value, len(value) if isinstance(value, list) else 3, "keypoints")
    seen = [Point(x, y) for x, y, flag in zip(flat[::3], flat[1::3], flat[2::3], strict=True) if flag]
    if len(seen) != 1:
        raise ValueError("keypoints should hold one point that can be seen")
    return seen[0]
