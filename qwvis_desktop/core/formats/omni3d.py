"""Omni3D JSON: boxes in space with the camera they are seen by, as Cube R-CNN trains on and others convert from.

Nothing of a box in space is lost. Definitions (the data set's own description and code): camera axes x right, y down,
z forward, metres; ``K`` the 3 x 3 intrinsics; ``dimensions`` are width, height, length, which run along the box's own
z, y and x; ``R_cam`` turns the box's axes into the camera's; ``bbox3D_cam`` are the corners in the order of
``_CORNERS``; ``valid3D`` is false for an object of which only a flat box is known. What is not known is -1.

What the format has no word for stands under the key ``qwvis`` beside it: the angles as the model gave them, score,
attributes, where in the reply it was read. On reading, the format's own words count: the angles under ``qwvis`` are
taken only while they still say what ``R_cam`` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, JsonValue, Provenance, new_id
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, AngleConvention, CameraIntrinsics, Vector, projected_bounds
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import (
    LabelFileError,
    Labels,
    Losses,
    json_object,
    lengths,
    number,
    numbers,
    read_each,
    vector,
    whole,
    words,
)
from qwvis_desktop.core.rotation import Rotation, angles_of, is_rotation, rotation_of

EXTRA = "qwvis"
"""The key of what only this program reads."""

UNNAMED = "unlabelled"
"""The category of what has no label."""

_CORNERS = tuple((x, y, z) for z in (-0.5, 0.5) for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)))
"""The corners in the format's order, in parts of the box's sides along its own axes."""

_UNKNOWN_BOX = [-1, -1, -1, -1]
_SAME_TURN = 1e-6
"""Two turns of which no number of the matrix differs by more are the same."""

_SAME_SHAPE = 0.01
"""How much the ratio of a picture's sides may differ for it still to be the same picture, made smaller or larger."""


def dump(document: Document) -> bytes:
    """Return the boxes in space and on the picture as Omni3D JSON, UTF-8."""
    held = [annotation for annotation in document.annotations.values() if isinstance(annotation, Cuboid | Detection)]
    names = {name: place for place, name in enumerate(dict.fromkeys(a.label or UNNAMED for a in held), start=1)}
    camera = document.camera
    return json_text(
        {
            "info": {
                "id": 1,
                "source": "QwVis Desktop",
                "name": document.media.name,
                "split": "",
                "version": "0.1",
                "url": "",
            },
            "images": [
                {
                    "id": 1,
                    "dataset_id": 1,
                    "width": document.size.width,
                    "height": document.size.height,
                    "file_path": document.media.name,
                    "K": [[camera.fx, 0.0, camera.cx], [0.0, camera.fy, camera.cy], [0.0, 0.0, 1.0]],
                    "src_90_rotate": 0,
                    "src_flagged": False,
                    EXTRA: {"camera_source": document.camera_source},
                }
            ],
            "categories": [{"id": place, "name": name, "supercategory": ""} for name, place in names.items()],
            "annotations": [
                {
                    "id": place,
                    "image_id": 1,
                    "dataset_id": 1,
                    "category_id": names[annotation.label or UNNAMED],
                    "category_name": annotation.label or UNNAMED,
                    **_geometry(annotation, document),
                    "visibility": -1,
                    "segmentation_pts": -1,
                    "lidar_pts": -1,
                    "depth_error": -1,
                    EXTRA: _extra(annotation, document.convention),
                }
                for place, annotation in enumerate(held, start=1)
            ],
        },
        indent=1,
    ).encode()


def _geometry(annotation: Cuboid | Detection, document: Document) -> dict[str, JsonValue]:
    if isinstance(annotation, Detection):
        return {
            "valid3D": False,
            "bbox2D_tight": _sides(annotation.box),
            "bbox2D_proj": [*_UNKNOWN_BOX],
            "bbox2D_trunc": [*_UNKNOWN_BOX],
            "bbox3D_cam": [[-1, -1, -1] for _ in _CORNERS],
            "center_cam": [-1, -1, -1],
            "dimensions": [-1, -1, -1],
            "R_cam": [[-1, -1, -1] for _ in range(3)],
            "behind_camera": False,
            "truncation": -1,
        }
    rotation = rotation_of(annotation.angles, document.convention)
    places = [_placed(corner, annotation, rotation) for corner in _CORNERS]
    behind = min(place[2] for place in places) <= 0
    bounds = projected_bounds(annotation, document.camera, document.convention)
    seen = bounds.intersection(Box.whole(document.size)) if bounds else None
    length, height, width = annotation.size
    # Of a box that reaches behind the camera, the picture shows no share that could be worked out.
    hidden = -1 if bounds is None or behind else 1 - seen.area / bounds.area if seen else 1
    return {
        "valid3D": True,
        "bbox2D_tight": [*_UNKNOWN_BOX],
        "bbox2D_proj": _sides(bounds),
        "bbox2D_trunc": _sides(seen),
        "bbox3D_cam": [list(place) for place in places],
        "center_cam": list(annotation.center),
        "dimensions": [width, height, length],
        "R_cam": [list(row) for row in rotation],
        "behind_camera": behind,
        "truncation": hidden,
    }


def _sides(box: Box | None) -> JsonValue:
    return [box.left, box.top, box.right, box.bottom] if box else [*_UNKNOWN_BOX]


def _placed(corner: Vector, cuboid: Cuboid, rotation: Rotation) -> Vector:
    along = [part * side for part, side in zip(corner, cuboid.size, strict=True)]
    x, y, z = (
        middle + sum(factor * part for factor, part in zip(row, along, strict=True))
        for middle, row in zip(cuboid.center, rotation, strict=True)
    )
    return x, y, z


def _extra(annotation: Cuboid | Detection, convention: AngleConvention) -> JsonValue:
    origin = annotation.provenance
    source: JsonValue = None
    if origin is not None:
        source = {"run": origin.run, "span": list(origin.span), "numbers": list(origin.numbers)}
    extra: dict[str, JsonValue] = {
        "id": annotation.id,
        "label": annotation.label,
        "score": annotation.score,
        "attributes": dict(annotation.attributes),
        "provenance": source,
    }
    if isinstance(annotation, Cuboid):
        return extra | {"angles": list(annotation.angles), "convention": convention.name}
    return extra | {"time": annotation.time, "image": annotation.image}


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    other = sum(not isinstance(annotation, Cuboid | Detection) for annotation in document.annotations.values())
    return (
        (other, "1 annotation that is no box", "{} annotations that are no boxes"),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )


_SIGNS = ('"center_cam"', '"R_cam"', '"src_90_rotate"')
"""Keys that COCO JSON, which is built alike, does not have."""


def is_omni3d(text: str) -> bool:
    """Say whether ``text`` looks like Omni3D JSON, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and '"images"' in text and any(sign in text for sign in _SIGNS)


def load(text: str, document: Document) -> Labels:
    """Return what an Omni3D file holds for the picture of ``document``; angles are in its convention.

    Of a file of several pictures, the one with the document's name is taken. Where it says another size of the same
    shape, camera and flat boxes are scaled.

    Raises:
        LabelFileError: it is none, damaged, or of another picture.
    """
    value = json_object(text, "Omni3D")
    try:
        picture = _picture_of(value["images"], document)
        size = Size(whole(picture["width"], "width"), whole(picture["height"], "height"))
        camera = None if picture.get("K") is None else _camera(picture["K"])
        mine = [entry for entry in value["annotations"] if entry["image_id"] == picture["id"]]
        names = {entry["id"]: entry["name"] for entry in value["categories"]}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, LabelFileError):
            raise
        raise LabelFileError(f"This Omni3D file is damaged: {error!r}. Save it again, or copy it whole.") from error
    across, down = _scale(size, document)
    annotations, left_out = read_each(mine, lambda entry: _read(entry, names, document, (across, down)))
    if camera is not None:
        camera = CameraIntrinsics(camera.fx * across, camera.fy * down, camera.cx * across, camera.cy * down)
    return Labels(annotations, camera, left_out)


def _picture_of(pictures: Sequence[Mapping[str, Any]], document: Document) -> Mapping[str, Any]:
    """Return the entry of the document's picture: the only one, or the one of its name."""
    if len(pictures) == 1:
        return pictures[0]
    name = PurePosixPath(document.media.name).name
    named = [picture for picture in pictures if PureWindowsPath(picture["file_path"]).name == name]
    if len(named) != 1:
        found = "none of them is" if not named else f"{len(named)} of them are"
        raise LabelFileError(
            f'This Omni3D file is of {len(pictures)} pictures, and {found} called "{name}". '
            "Open the picture it is of, or choose a file of one picture."
        )
    return named[0]


def _scale(size: Size, document: Document) -> tuple[float, float]:
    """Return how many pixels of the document's picture one pixel of a picture of ``size`` is, across and down."""
    across, down = document.size.width / size.width, document.size.height / size.height
    if abs(across / down - 1) > _SAME_SHAPE:
        raise LabelFileError(
            f"This Omni3D file is of a picture of {size.width} x {size.height} pixels, and the one that is open has "
            f"{document.size.width} x {document.size.height}. Open the picture it is of."
        )
    return across, down


def _camera(rows: object) -> CameraIntrinsics:
    matrix = _matrix(rows, "K")
    return CameraIntrinsics(matrix[0][0], matrix[1][1], matrix[0][2], matrix[1][2])


def _matrix(rows: object, what: str) -> Rotation:
    if not isinstance(rows, list) or len(rows) != 3:
        raise ValueError(f"{what} should be three rows of three numbers")
    first, second, third = (vector(row, what) for row in rows)
    return first, second, third


def _read(
    entry: Mapping[str, Any], names: Mapping[int, str], document: Document, scale: tuple[float, float]
) -> Annotation:
    found = entry.get(EXTRA)
    extra: Mapping[str, Any] = found if isinstance(found, dict) else {}
    shared = _shared(words(entry.get("category_name") or names[entry["category_id"]], "category_name"), extra)
    if not entry["valid3D"]:
        box = next((entry[key] for key in _BOXES if entry.get(key, _UNKNOWN_BOX) != _UNKNOWN_BOX), None)
        left, top, right, bottom = numbers(box, 4, "bbox2D_tight")
        across, down = scale
        flat = Box(left * across, top * down, right * across, bottom * down).intersection(Box.whole(document.size))
        if flat is None:
            raise ValueError("bbox2D_tight has no area in the picture")
        time, image = extra.get("time"), extra.get("image")
        return Detection(
            box=flat,
            time=None if time is None else number(time, "time"),
            image=None if image is None else int(number(image, "image")),
            **shared,
        )
    rotation = _matrix(entry["R_cam"], "R_cam")
    if not is_rotation(rotation):
        raise ValueError("R_cam is not a turn")
    width, height, length = lengths(entry["dimensions"], "dimensions")
    return Cuboid(
        center=vector(entry["center_cam"], "center_cam"),
        size=(length, height, width),
        angles=_angles(rotation, document.convention, extra),
        **shared,
    )


_BOXES = ("bbox2D_tight", "bbox2D_trunc", "bbox2D_proj")
"""Where the flat box of an object is looked for, the best first."""


def _shared(name: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return what all kinds of annotations share."""
    origin, score = extra.get("provenance"), extra.get("score")
    return {
        "label": "" if name == UNNAMED and extra.get("label") == "" else name,
        "id": words(extra.get("id", new_id()), "id"),
        "score": None if score is None else number(score, "score"),
        "attributes": dict(extra.get("attributes", {})),
        "provenance": origin and _provenance(origin),
    }


def _provenance(origin: Mapping[str, Any]) -> Provenance:
    start, end = origin["span"]
    count = len(origin["numbers"])
    return Provenance(words(origin["run"], "run"), (int(start), int(end)), numbers(origin["numbers"], count, "numbers"))


def _angles(rotation: Rotation, convention: AngleConvention, extra: Mapping[str, Any]) -> Vector:
    """Return the angles as the model gave them where they still say what the matrix says; else the matrix's own."""
    meant = ANGLE_CONVENTIONS.get(extra.get("convention", ""))
    if meant is not None:
        raw = vector(extra.get("angles"), "angles")
        pairs = zip(rotation_of(raw, meant), rotation, strict=True)
        if all(abs(a - b) <= _SAME_TURN for ours, theirs in pairs for a, b in zip(ours, theirs, strict=True)):
            return raw if meant == convention else angles_of(rotation_of(raw, meant), convention)
    return angles_of(rotation, convention)
