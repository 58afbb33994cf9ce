"""What speaks for and against a box in space: its numbers, how it is read, how it leans, how it fits a flat box.

A camera that looks down makes all things lean alike, by up to some 30 degrees in the photos of the corpus. Only what
leans further, and would stand under another reading of the same numbers, is called a doubt about the reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Cuboid, Detection
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, AngleConvention, Vector, projected_bounds
from qwvis_desktop.core.cuboid_editing import heading, tilt
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.rotation import rotation_of

LEANS = 30.0
"""Degrees of tilt above which a box leans: more than a camera that looks down explains."""

STANDS = 15.0
"""Degrees of tilt up to which a box stands."""

GAIN = 20.0
"""Degrees less that a reading must make a box lean to be worth a word."""

_TURNED = 5.0
"""Degrees a box must be turned at all: a reading under which numbers mean next to nothing stands everything up."""


@dataclass(frozen=True, slots=True)
class CuboidEvidence:
    """What is known of one box in space.

    Attributes:
        numbers: centre, size, angles as they are now.
        written: the numbers as the model wrote them; empty for one that no reply gave.
        degrees: the turns about x, y and z under the document's convention.
        heading: where its length points in the plan, in degrees (``cuboid_editing.heading``).
        tilt: of its height against the camera's vertical, in degrees.
        bounds: the box round what is seen of it in the picture, in pixels; None where nothing is.
        match: the detection of the same label that overlaps ``bounds`` best; None where there is none of that label.
        iou: how well it does, 0 to 1; None where there is no match.
        upright_under: where it leans, the convention under which it would stand.
    """

    numbers: tuple[float, ...]
    written: tuple[float, ...]
    degrees: Vector
    heading: float
    tilt: float
    bounds: Box | None
    match: Detection | None
    iou: float | None
    upright_under: AngleConvention | None


@dataclass(frozen=True, slots=True)
class ConventionDoubt:
    """The convention in force makes boxes lean that another would stand up.

    Attributes:
        convention: the other one.
        ids: of the boxes it would stand up.
        tilt: the greatest of theirs now, in degrees.
        tilt_then: the greatest of theirs under the other convention.
    """

    convention: AngleConvention
    ids: tuple[str, ...]
    tilt: float
    tilt_then: float


def evidence_of(cuboid: Cuboid, document: Document) -> CuboidEvidence:
    """Return what is known of a box in space, as the document sees space."""
    convention = document.convention
    x, y, z = convention.about_axes(cuboid.angles)
    bounds = seen_bounds(cuboid, document)
    overlaps = [(iou_of(bounds, box.box), box) for box in _detections(document, cuboid.label)]
    iou, match = max(overlaps, key=lambda pair: pair[0], default=(None, None))
    return CuboidEvidence(
        numbers=(*cuboid.center, *cuboid.size, *cuboid.angles),
        written=cuboid.provenance.numbers if cuboid.provenance is not None else (),
        degrees=(math.degrees(x), math.degrees(y), math.degrees(z)),
        heading=heading(cuboid, convention),
        tilt=tilt(cuboid, convention),
        bounds=bounds,
        match=match,
        iou=iou,
        upright_under=next((other for _, other in _upright(cuboid, convention)), None),
    )


def seen_bounds(cuboid: Cuboid, document: Document) -> Box | None:
    """Return the box round what is seen of a box in space within the picture; None where nothing is."""
    bounds = projected_bounds(cuboid, document.camera, document.convention)
    return bounds.intersection(Box.whole(document.size)) if bounds is not None else None


def convention_doubt(document: Document) -> ConventionDoubt | None:
    """Return the convention that would stand up most of what leans in the document; None where there is nothing."""
    found: dict[str, list[tuple[float, float, str]]] = {}
    for cuboid in _cuboids(document):
        now = tilt(cuboid, document.convention)
        for then, other in _upright(cuboid, document.convention):
            found.setdefault(other.name, []).append((now, then, cuboid.id))
    if not found:
        return None
    # Most boxes first; of as many, those that stand straightest.
    name, boxes = min(found.items(), key=lambda item: (-len(item[1]), max(then for _, then, _ in item[1])))
    return ConventionDoubt(
        ANGLE_CONVENTIONS[name],
        tuple(key for _, _, key in boxes),
        max(now for now, _, _ in boxes),
        max(then for _, then, _ in boxes),
    )


def pairs_of(document: Document) -> tuple[tuple[Cuboid, Detection], ...]:
    """Return the boxes in space and on the picture that show the same: each in one pair, of the same label.

    What overlaps best goes together first. What is left of a label goes together where one of each is left: a wrong
    camera may show a box far from where it belongs.
    """
    cuboids, detections = list(_cuboids(document)), list(_detections(document))
    candidates = [
        (iou_of(seen_bounds(cuboid, document), box.box), cuboid, box)
        for cuboid in cuboids
        for box in detections
        if _same(cuboid.label, box.label)
    ]
    mates: dict[str, Detection] = {}
    taken: set[str] = set()
    for overlap, cuboid, box in sorted(candidates, key=lambda candidate: -candidate[0]):
        if cuboid.id in mates or box.id in taken:
            continue
        rivals = [
            (a, b) for _, a, b in candidates if a.id not in mates and b.id not in taken and _same(a.label, cuboid.label)
        ]
        if overlap > 0 or len(rivals) == 1:
            mates[cuboid.id] = box
            taken.add(box.id)
    return tuple((cuboid, mates[cuboid.id]) for cuboid in cuboids if cuboid.id in mates)


def iou_of(bounds: Box | None, box: Box) -> float:
    """Return the intersection over union; 0 where there are no bounds."""
    return bounds.iou(box) if bounds is not None else 0.0


def _upright(cuboid: Cuboid, convention: AngleConvention) -> list[tuple[float, AngleConvention]]:
    """Return tilt and convention of all readings that would stand up a box that leans, the straightest first."""
    now = tilt(cuboid, convention)
    if now <= LEANS:
        return []
    readings = ((tilt(cuboid, other), other) for other in ANGLE_CONVENTIONS.values() if _turn(cuboid, other) > _TURNED)
    # A sort keeps the table's order, the likeliest first, among equals.
    return sorted(
        ((then, other) for then, other in readings if then <= STANDS and now - then >= GAIN), key=lambda pair: pair[0]
    )


def _turn(cuboid: Cuboid, convention: AngleConvention) -> float:
    """Return by how many degrees a box is turned, about whatever axis."""
    (a, _, _), (_, b, _), (_, _, c) = rotation_of(cuboid.angles, convention)
    return math.degrees(math.acos(min(max((a + b + c - 1) / 2, -1.0), 1.0)))


def _cuboids(document: Document) -> Iterator[Cuboid]:
    return (item for item in document.annotations.values() if isinstance(item, Cuboid))


def _detections(document: Document, label: str | None = None) -> Iterator[Detection]:
    """Yield the boxes on the picture, those of a label where one is given."""
    for item in document.annotations.values():
        if isinstance(item, Detection) and (label is None or _same(item.label, label)):
            yield item


def _same(label: str, other: str) -> bool:
    return label.strip().casefold() == other.strip().casefold()
