"""Documents with boxes in space, for tests of the formats that hold them, and boxes made at random."""

from __future__ import annotations

import math
from dataclasses import replace

from documents import RUN, empty_document
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Attributes, Cuboid, Provenance
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics, Vector, corners
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.rotation import angles_of, rotation_of

CAMERA = CameraIntrinsics(500.0, 510.0, 321.5, 240.25)
CHAIR = Cuboid(
    id="chair",
    label="black chair",
    score=0.875,
    attributes={"colour": "black"},
    provenance=Provenance("r1", (9, 58), (-0.4, -0.26, 2.71, 0.76, 0.96, 0.78, 0.16, 0.13, 0.08)),
    center=(-0.4, -0.26, 2.71),
    size=(0.76, 0.96, 0.78),
    angles=(0.16, 0.13, 0.08),
)
"""It is tilted by 26.3 degrees."""

CAR = Cuboid(id="car", label="car", center=(2.88, 0.56, 6.28), size=(4.45, 1.7, 1.84), angles=(0.75, 0.49, 0.75))
"""It is tilted by 1.3 degrees; its angles are close to where the turns about x and z become one."""


def spatial_document(*annotations: Annotation, convention: str = "half-turns-xyz") -> Document:
    """Return a picture with a camera of its own, one run, and these annotations."""
    document = empty_document()
    document.set_camera(CAMERA, "by hand")
    document.set_convention(ANGLE_CONVENTIONS[convention])
    document.set_run(RUN)
    document.add(annotations)
    return document


def fresh(document: Document) -> Document:
    """Return the same picture without what was found on it, of the same convention."""
    twin = empty_document()
    twin.set_convention(document.convention)
    return twin


def points_of(cuboid: Cuboid, document: Document) -> list[Vector]:
    """Return the corners in metres."""
    return list(corners(cuboid.center, cuboid.size, cuboid.angles, document.convention))


def distance_of_corners(first: Cuboid, second: Cuboid, document: Document) -> float:
    """Return how far the corners of two boxes lie apart at most, whatever order they come in."""
    ours, theirs = points_of(first, document), points_of(second, document)
    return max(min(_apart(a, b) for b in theirs) for a in ours)


def _apart(a: Vector, b: Vector) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


_places = st.floats(-100, 100)
_sides = st.floats(0.01, 50)
_turns = st.floats(-2, 2) | st.sampled_from([0.0, 0.5, -0.5, 1.0])
_values: st.SearchStrategy[Attributes] = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5), max_size=2
)
_origins = st.builds(
    Provenance,
    run=st.just("r1"),
    span=st.tuples(st.integers(0, 50), st.integers(51, 99)),
    numbers=st.lists(st.floats(-99, 99), max_size=9).map(tuple),
)

cuboids = st.builds(
    Cuboid,
    label=st.text(max_size=8),
    score=st.none() | st.floats(0, 1),
    attributes=_values,
    provenance=st.none() | _origins,
    center=st.tuples(_places, _places, _places),
    size=st.tuples(_sides, _sides, _sides),
    angles=st.tuples(_turns, _turns, _turns),
)
"""Boxes before, beside and behind the camera, turned in any way."""


def _standing(box: Cuboid, quarters: tuple[int, int], turn: float) -> Cuboid:
    """Return the box with one of its axes upright: quarter turns about x and z, then a free turn about the vertical."""
    laid = rotation_of((quarters[0] / 2, 0.0, quarters[1] / 2))
    cos, sin = math.cos(turn), math.sin(turn)
    top, middle, bottom = laid
    turned = (
        _sum(top, cos, bottom, sin),
        middle,
        _sum(bottom, cos, top, -sin),
    )
    return replace(box, angles=angles_of(turned))


def _sum(first: Vector, share: float, second: Vector, other: float) -> Vector:
    x, y, z = (a * share + b * other for a, b in zip(first, second, strict=True))
    return x, y, z


upright_cuboids = st.builds(
    _standing, cuboids, st.tuples(st.integers(0, 3), st.integers(0, 3)), st.floats(-math.pi, math.pi)
)
"""Boxes that stand on any of their faces, turned about the vertical."""
