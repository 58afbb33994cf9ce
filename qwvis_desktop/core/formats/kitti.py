"""KITTI: a file of labels (``label_2``) and one of the camera (``calib``), as the object benchmark defines them.

A line of labels is: type, truncated, occluded, alpha, left, top, right, bottom (pixels), height, width, length
(metres), x, y, z of the middle of the *bottom* face (metres, camera axes x right, y down, z forward), rotation_y, and a
score only where all boxes have one. A box stands upright and is turned about the vertical alone: its length runs along
(cos rotation_y, 0, -sin rotation_y), and alpha is rotation_y less the direction in which the box is seen, both within
half a turn of 0. What is not known is -1. Lines called ``DontCare`` mark regions, not objects.

The height is taken from that axis of a box that is closest to the vertical, the length from its own x axis, or from z
where x stands up; so a box keeps its place whatever way round its axes lie, and only its tilt is lost.

The benchmark's car has several cameras and a laser. Here one camera stands for all, and what is called the laser sits
in it, with axes of its own: x forward, y left, z up.
"""

from __future__ import annotations

import math
import re

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, JsonValue
from qwvis_desktop.core.camera import AngleConvention, CameraIntrinsics, Vector, projected_bounds
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, number, read_each, sentences
from qwvis_desktop.core.rotation import Rotation, angles_of, rotation_of

UNNAMED = "Misc"
"""The type of what has no label; the benchmark's own word for other things."""

REGION = "DontCare"
"""The type of a region without objects' places."""

LEAST_TILT = 0.05
"""Degrees below which a box is taken to stand upright."""

_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_FLAT = ("-1", "-1", "-1", "-1")
_VALUES, _WITH_SCORE = 15, 16
_GIVEN = {"truncated": (0.0, 1.0), "occluded": (0.0, 3.0)}
"""Attributes that are written where they are known, and what they may be."""


def dump(document: Document) -> bytes:
    """Return the lines of labels, one for each box in space."""
    cuboids = _cuboids(document)
    with_score = bool(cuboids) and all(cuboid.score is not None for cuboid in cuboids)
    lines = (
        " ".join((*_label(cuboid, document), *((repr(cuboid.score),) if with_score else ()))) for cuboid in cuboids
    )
    return "".join(f"{line}\n" for line in lines).encode()


def dump_camera(document: Document) -> bytes:
    """Return the file of the camera, which readers look for beside the labels."""
    camera = document.camera
    projection = (camera.fx, 0, camera.cx, 0, 0, camera.fy, camera.cy, 0, 0, 0, 1, 0)
    rows: dict[str, tuple[float, ...]] = {f"P{place}": projection for place in range(4)}
    rows["R0_rect"] = (1, 0, 0, 0, 1, 0, 0, 0, 1)
    rows["Tr_velo_to_cam"] = (0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0)
    rows["Tr_imu_to_velo"] = (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    return "".join(f"{name}: {' '.join(repr(float(value)) for value in row)}\n" for name, row in rows.items()).encode()


def _cuboids(document: Document) -> list[Cuboid]:
    return [annotation for annotation in document.annotations.values() if isinstance(annotation, Cuboid)]


def _label(cuboid: Cuboid, document: Document) -> tuple[str, ...]:
    """Return the fifteen values of a line."""
    (length, height, width), turn = _upright(cuboid, document.convention)
    x, y, z = cuboid.center
    bounds = projected_bounds(cuboid, document.camera, document.convention)
    seen = bounds.intersection(Box.whole(document.size)) if bounds else None
    flat = tuple(map(repr, (seen.left, seen.top, seen.right, seen.bottom))) if seen else _FLAT
    given = {name: _given(cuboid, name) for name in _GIVEN}
    truncated = "-1" if given["truncated"] is None else repr(given["truncated"])
    occluded = "-1" if given["occluded"] is None else str(int(given["occluded"]))
    numbers = (height, width, length, x, y + height / 2, z, turn)
    alpha = repr(_within_half_turn(turn - math.atan2(x, z)))
    return _type(cuboid.label), truncated, occluded, alpha, *flat, *map(repr, map(float, numbers))


def _type(label: str) -> str:
    name = "_".join(_SPACE.sub(" ", label).split()).encode(errors="replace").decode()
    return UNNAMED if not name or name.casefold() == REGION.casefold() else name


def _given(cuboid: Cuboid, name: str) -> float | None:
    """Return an attribute that KITTI has a place for, where it is known and possible."""
    value, (least, most) = cuboid.attributes.get(name), _GIVEN[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        return None
    return float(value) if name == "truncated" or value == int(value) else None


def _upright(cuboid: Cuboid, convention: AngleConvention) -> tuple[Vector, float]:
    """Return length, height and width of a box set upright, and its turn about the vertical in radians."""
    rotation = rotation_of(cuboid.angles, convention)
    standing = _standing_axis(rotation)
    along, across = (axis for axis in (0, 2, 1) if axis != standing)
    size = (cuboid.size[along], cuboid.size[standing], cuboid.size[across])
    return size, math.atan2(-rotation[2][along], rotation[0][along])


def _standing_axis(rotation: Rotation) -> int:
    """Return which of a box's own axes is closest to the vertical; the second where several are."""
    return max((1, 2, 0), key=lambda axis: abs(rotation[1][axis]))


def tilt_of(cuboid: Cuboid, convention: AngleConvention) -> float:
    """Return by how many degrees a box tilts, which KITTI cannot say."""
    rotation = rotation_of(cuboid.angles, convention)
    return math.degrees(math.acos(min(1.0, abs(rotation[1][_standing_axis(rotation)]))))


def _within_half_turn(turn: float) -> float:
    return turn - 2 * math.pi * round(turn / (2 * math.pi))


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    cuboids = _cuboids(document)
    tilts = [degrees for cuboid in cuboids if (degrees := tilt_of(cuboid, document.convention)) >= LEAST_TILT]
    most = max(tilts, default=0.0)
    scores = sum(cuboid.score is not None for cuboid in cuboids)
    renamed = sum(_type(cuboid.label) != cuboid.label for cuboid in cuboids)
    more = sum(
        any(name not in _GIVEN or _given(cuboid, name) is None for name in cuboid.attributes) for cuboid in cuboids
    )
    return (
        (len(document.annotations) - len(cuboids), "1 annotation that is no box in space", _OTHERS),
        (len(tilts), f"the tilt of 1 box ({most:.1f} degrees)", f"the tilt of {{}} boxes (up to {most:.1f} degrees)"),
        (renamed, "the exact label of 1 box", "the exact labels of {} boxes"),
        (more, "further attributes of 1 box", "further attributes of {} boxes"),
        (scores if scores < len(cuboids) else 0, "the score of 1 box, as others have none", _SCORES),
        (sum(cuboid.provenance is not None for cuboid in cuboids), _NUMBERS_OF_ONE, _NUMBERS_OF_MANY),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )


_OTHERS = "{} annotations that are no boxes in space"
_SCORES = "the scores of {} boxes, as others have none"
_NUMBERS_OF_ONE = "the model's own numbers of 1 box and their place in the reply"
_NUMBERS_OF_MANY = "the model's own numbers of {} boxes and their places in the reply"


def is_labels(text: str) -> bool:
    """Say whether the first line of ``text`` is one of KITTI's labels."""
    values = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "").split()
    if len(values) not in (_VALUES, _WITH_SCORE):
        return False
    return all(_is_number(value) for value in values[1:]) and not _is_number(values[0])


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def load(text: str, document: Document, camera: str | None = None) -> Labels:
    """Return what a file of labels holds for the picture of ``document``; angles are in its convention.

    Args:
        text: the lines of labels.
        document: the picture they are of.
        camera: the text of the file of the camera, where there is one; a damaged one is said and does no harm.

    Raises:
        LabelFileError: this is no file of labels.
    """
    lines = [line.split() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if lines and not any(len(line) in (_VALUES, _WITH_SCORE) for line in lines):
        raise LabelFileError(
            f"This is no KITTI file of labels: a line of one has {_VALUES} or {_WITH_SCORE} values, and the first here "
            f"has {len(lines[0])}. Choose another file."
        )
    seen, shift, damaged = _camera_and_shift(camera)
    objects = [line for line in lines if line[0] != REGION]
    annotations, left_out = read_each(objects, lambda line: _read(line, document, shift))
    regions, flat = len(lines) - len(objects), sum(isinstance(found, Cuboid) for found in annotations)
    said = (
        (regions, "1 region marked DontCare", "{} regions marked DontCare"),
        (flat, "the flat box of 1 object, which follows from its box in space", _FLAT_BOXES),
    )
    return Labels(annotations, seen, left_out + sentences(said) + damaged)


_FLAT_BOXES = "the flat boxes of {} objects, which follow from their boxes in space"


def _camera_and_shift(text: str | None) -> tuple[CameraIntrinsics | None, Vector, tuple[str, ...]]:
    """Return the camera, what to add to places to see them from it, and what is wrong with its file."""
    nowhere = (0.0, 0.0, 0.0)
    if text is None:
        return None, nowhere, ()
    try:
        return *read_camera(text), ()
    except LabelFileError as error:
        return None, nowhere, (str(error),)


def _read(line: list[str], document: Document, shift: Vector) -> Annotation:
    if len(line) not in (_VALUES, _WITH_SCORE):
        raise ValueError(f"a line has {_VALUES} or {_WITH_SCORE} values, not {len(line)}")
    values = [number(float(value), "a value") for value in line[1:]]
    truncated, occluded, _, left, top, right, bottom, height, width, length, x, y, z, turn = values[:14]
    attributes: dict[str, JsonValue] = {}
    if truncated >= 0:
        attributes["truncated"] = truncated
    if occluded >= 0:
        attributes["occluded"] = int(occluded)
    score = values[14] if len(line) == _WITH_SCORE else None
    if max(height, width, length) <= 0:
        flat = Box(left, top, right, bottom).intersection(Box.whole(document.size))
        if flat is None:
            raise ValueError("it has neither a box in space nor a flat one in the picture")
        return Detection(label=line[0], score=score, attributes=attributes, box=flat)
    if min(height, width, length) <= 0:
        raise ValueError("height, width and length should be greater than 0")
    cos, sin = math.cos(turn), math.sin(turn)
    rotation = ((cos, 0.0, sin), (0.0, 1.0, 0.0), (-sin, 0.0, cos))
    return Cuboid(
        label=line[0],
        score=score,
        attributes=attributes,
        center=(x + shift[0], y - height / 2 + shift[1], z + shift[2]),
        size=(length, height, width),
        angles=angles_of(rotation, document.convention),
    )


def read_camera(text: str) -> tuple[CameraIntrinsics, Vector]:
    """Return the camera of a ``calib`` file, the left one for colour, and what to add to places to see them from it.

    The benchmark gives places as seen from the first of its cameras; the last column of ``P2`` says how far aside the
    one is that took the picture.

    Raises:
        LabelFileError: there is no ``P2`` of twelve numbers, or it is no camera.
    """
    row = next((line for line in text.lstrip("\ufeff").splitlines() if line.startswith("P2:")), "")
    try:
        values = [number(float(value), "a value") for value in row.removeprefix("P2:").split()]
        fx, skew, cx, tx, _, fy, cy, ty, _, _, scale, tz = values
        if abs(scale - 1) > 1e-6 or abs(skew) > 1e-6 * abs(fx):
            raise ValueError("it is skewed or scaled")
        return CameraIntrinsics(fx, fy, cx, cy), ((tx - cx * tz) / fx, (ty - cy * tz) / fy, tz)
    except ValueError as error:
        raise LabelFileError(
            f"The file of the camera has no line P2 that can be used ({error}). It should hold twelve numbers after "
            '"P2:". Choose another one, or set the camera by hand.'
        ) from error
