"""labelCloud JSON: boxes with centroid, dimensions and rotations, for clouds of points.

Definitions (labelCloud's own documentation and code): length, width and height run along a box's own x, y and z; it is
turned about x, then y, then z, in degrees from 0 to 360 (``centroid_abs``), or in radians from -pi to pi
(``centroid_rel``), which only a negative number gives away. Values are read by their order, so it is kept.

Axes are the camera's, x right, y down, z forward, as in a cloud of points made from this picture and its depth: what is
called the height runs along a box's own z axis, whichever way that lies.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, AngleConvention, Vector
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, json_object, lengths, read_each, vector, words
from qwvis_desktop.core.rotation import angles_of, rotation_of

UNNAMED = "unlabelled"
"""The name of what has no label; labelCloud puts another class in place of an empty one."""

_SIDES = ("length", "width", "height")


def dump(document: Document) -> bytes:
    """Return the boxes in space as labelCloud JSON, UTF-8; rotations in degrees."""
    return json_text(
        {
            "folder": "",
            "filename": document.media.name,
            "path": document.media.name,
            "objects": [
                {
                    "name": cuboid.label or UNNAMED,
                    "centroid": dict(zip("xyz", cuboid.center, strict=True)),
                    "dimensions": dict(zip(_SIDES, cuboid.size, strict=True)),
                    "rotations": dict(zip("xyz", _degrees(cuboid, document.convention), strict=True)),
                }
                for cuboid in _cuboids(document)
            ],
        },
        indent=1,
    ).encode()


def _cuboids(document: Document) -> list[Cuboid]:
    return [annotation for annotation in document.annotations.values() if isinstance(annotation, Cuboid)]


def _degrees(cuboid: Cuboid, convention: AngleConvention) -> Iterable[float]:
    # The second remainder: that of a tiny negative angle is rounded up to 360 itself.
    return (math.degrees(turn) % 360 % 360 for turn in convention.about_axes(cuboid.angles))


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    cuboids = _cuboids(document)
    others = len(document.annotations) - len(cuboids)
    return (
        (others, "1 annotation that is no box in space", "{} annotations that are no boxes in space"),
        (int(bool(cuboids)), "the camera", ""),
        (sum(cuboid.score is not None for cuboid in cuboids), "the score of 1 box", "the scores of {} boxes"),
        (sum(bool(cuboid.attributes) for cuboid in cuboids), "the attributes of 1 box", "the attributes of {} boxes"),
        (
            sum(cuboid.provenance is not None for cuboid in cuboids),
            "the model's own numbers of 1 box and their place in the reply",
            "the model's own numbers of {} boxes and their places in the reply",
        ),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )


def is_labelcloud(text: str) -> bool:
    """Say whether ``text`` looks like labelCloud JSON, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and '"objects"' in text and '"centroid"' in text


def load(text: str, document: Document) -> Labels:
    """Return the boxes of a labelCloud file; angles are in the convention of ``document``.

    Raises:
        LabelFileError: it is none, or damaged.
    """
    objects = json_object(text, "labelCloud").get("objects")
    if not isinstance(objects, list):
        raise LabelFileError('This is no labelCloud file: it has no list of "objects". Choose another file.')
    unit = ANGLE_CONVENTIONS["radians-xyz" if _in_radians(objects) else "degrees-xyz"]
    annotations, left_out = read_each(objects, lambda entry: _read(entry, unit, document.convention))
    return Labels(annotations, None, left_out)


def _in_radians(objects: list[Any]) -> bool:
    """Say whether the rotations are radians: one is negative, and none beyond half a turn."""
    turns = [turn for entry in objects for turn in _rotations(entry)]
    return any(turn < 0 for turn in turns) and all(abs(turn) <= math.pi + 1e-6 for turn in turns)


def _rotations(entry: object) -> list[float]:
    found = entry.get("rotations") if isinstance(entry, dict) else None
    values = found.values() if isinstance(found, dict) else ()
    return [value for value in values if isinstance(value, int | float)]


def _read(entry: Mapping[str, Any], unit: AngleConvention, convention: AngleConvention) -> Cuboid:
    if not isinstance(entry, dict):
        raise TypeError("an object should have a name, a centroid, dimensions and rotations")
    name = words(entry["name"], "name")
    angles = _named(entry["rotations"], "xyz", "rotations")
    same = unit.order == convention.order
    return Cuboid(
        label="" if name == UNNAMED else name,
        center=_named(entry["centroid"], "xyz", "centroid"),
        size=lengths([*_named(entry["dimensions"], _SIDES, "dimensions")], "dimensions"),
        angles=_scaled(angles, unit.unit / convention.unit)
        if same
        else angles_of(rotation_of(angles, unit), convention),
    )


def _scaled(angles: Vector, factor: float) -> Vector:
    return angles[0] * factor, angles[1] * factor, angles[2] * factor


def _named(values: object, keys: Iterable[str], what: str) -> Vector:
    if not isinstance(values, dict):
        raise TypeError(f"{what} should be an object with three numbers")
    return vector([values[key] for key in keys], what)
