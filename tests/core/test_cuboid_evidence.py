from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from documents import SIZE, empty_document

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, Provenance
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.cuboid_evidence import convention_doubt, evidence_of, pairs_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point


def cuboid(key: str, x: float = 0.0, z: float = 10.0, label: str = "car") -> Cuboid:
    return Cuboid(id=key, label=label, center=(x, 0.0, z), size=(2.0, 1.5, 1.0), angles=(0.0, 0.25, 0.0))


def holding(*annotations: Annotation) -> Document:
    document = empty_document()
    document.add(annotations)
    return document


def seen(box: Cuboid, key: str, label: str = "car", shift: float = 0.0) -> Detection:
    bounds = projected_bounds(box, CameraIntrinsics.from_field_of_view(SIZE))
    assert bounds is not None
    return Detection(id=key, label=label, box=bounds.translated(shift, 0))


class TestOfOne:
    def test_numbers_angles_and_bounds(self) -> None:
        box = Cuboid(
            center=(0.0, 0.0, 10.0),
            size=(2.0, 1.5, 4.0),
            angles=(0.1, 0.25, -0.5),
            provenance=Provenance("r", (0, 9), (0, 0, 10, 2, 1.5, 4, 0.1, 0.25, -0.5)),
        )
        document = holding(box)
        found = evidence_of(box, document)
        written = (0, 0, 10, 2, 1.5, 4, 0.1, 0.25, -0.5)
        assert (found.numbers, found.written) == (written, written)
        assert found.degrees == pytest.approx((18, 45, -90))
        assert found.bounds == projected_bounds(box, document.camera)
        document.set_convention(ANGLE_CONVENTIONS["degrees-zxy"])
        assert evidence_of(box, document).degrees == pytest.approx((0.25, -0.5, 0.1))
        document.set_camera(CameraIntrinsics(100, 100, 320, 240))
        assert evidence_of(box, document).bounds != found.bounds

    def test_one_that_was_drawn_has_no_numbers_of_a_model(self) -> None:
        assert evidence_of(cuboid("a"), holding(cuboid("a"))).written == ()

    def test_bounds_end_at_the_picture(self) -> None:
        near = cuboid("a", z=1.0)
        assert evidence_of(near, holding(near)).bounds == Box.whole(SIZE)
        behind = cuboid("a", z=-9.0)
        found = evidence_of(behind, holding(behind, seen(cuboid("b"), "d")))
        assert (found.bounds, found.iou) == (None, 0.0)

    def test_the_best_detection_of_the_same_label(self) -> None:
        box = cuboid("a")
        document = holding(
            box,
            seen(box, "far", shift=300),
            seen(box, "good", label=" Car", shift=2),
            seen(box, "other", label="bus"),
            Keypoint(label="car", point=Point(1, 1)),
        )
        found = evidence_of(box, document)
        assert found.match is not None
        assert found.match.id == "good"
        assert found.iou is not None
        assert 0.9 < found.iou < 1

    def test_no_detection_of_its_label(self) -> None:
        box = cuboid("a")
        found = evidence_of(box, holding(box, seen(box, "other", label="bus")))
        assert (found.match, found.iou) == (None, None)


class TestLeaning:
    def test_what_another_reading_would_stand_up(self) -> None:
        # 45 degrees about x when 0.25 counts half turns, upright when the numbers are turned about z, x, y.
        box = Cuboid(id="a", center=(0.0, 0.0, 9.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.25))
        document = holding(box, Cuboid(id="b", center=(3.0, 0.0, 9.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0)))
        found = evidence_of(box, document)
        assert found.tilt == pytest.approx(45)
        assert found.upright_under is ANGLE_CONVENTIONS["half-turns-zxy"]
        doubt = convention_doubt(document)
        assert doubt is not None
        assert (doubt.convention, doubt.ids) == (ANGLE_CONVENTIONS["half-turns-zxy"], ("a",))
        assert (doubt.tilt, doubt.tilt_then) == pytest.approx((45, 0), abs=1e-6)
        document.set_convention(doubt.convention)
        assert convention_doubt(document) is None

    def test_a_reading_under_which_numbers_mean_nothing_is_no_better(self) -> None:
        # Under degrees 0.3 is next to no turn at all: everything would stand.
        document = holding(
            Cuboid(id="a", center=(0.0, 0.0, 9.0), size=(1.0, 1.0, 1.0), angles=(0.3, 0.3, 0.3)),
        )
        doubt = convention_doubt(document)
        assert doubt is None or not doubt.convention.name.startswith("degrees")

    def test_a_camera_that_looks_down_is_no_doubt(self) -> None:
        document = holding(Cuboid(id="a", center=(0.0, 0.0, 9.0), size=(1.0, 1.0, 1.0), angles=(0.15, 0.0, 0.0)))
        assert evidence_of(document.annotations["a"], document).tilt == pytest.approx(27)  # type: ignore[arg-type]  # it is one
        assert convention_doubt(document) is None

    def test_the_corpus(self, corpus: Path) -> None:
        """The proven reading raises no doubt anywhere; the one of the makers' text does, and names the proven one."""
        cases = json.loads((corpus / "cases.json").read_text(encoding="utf-8"))
        doubted = {}
        for case in cases:
            if case["task"] != "grounding_3d":
                continue
            document = empty_document()
            for written in re.findall(r"bbox_3d['\"]: (\[[^]]+\])", case["reply"]):
                x, y, z, a, b, c, *angles = json.loads(written)
                document.add([Cuboid(center=(x, y, z), size=(a, b, c), angles=(angles[0], angles[1], angles[2]))])
            assert convention_doubt(document) is None, case["id"]
            document.set_convention(ANGLE_CONVENTIONS["half-turns-zxy"])
            doubt = convention_doubt(document)
            doubted[case["id"]] = doubt and doubt.convention
        assert doubted["q3-3d-driving"] is HALF_TURNS_XYZ
        assert doubted["tg-3d-bottle"] is HALF_TURNS_XYZ
        assert doubted["tg-3d-lounge"] is not None


class TestPairs:
    def test_what_overlaps_best_goes_together(self) -> None:
        left, right = cuboid("left", x=-2.0), cuboid("right", x=2.0)
        document = holding(left, right, seen(right, "r", shift=3), seen(left, "l", shift=-3))
        assert [(a.id, b.id) for a, b in pairs_of(document)] == [("left", "l"), ("right", "r")]

    def test_the_only_ones_left_of_a_label_go_together(self) -> None:
        a = cuboid("a")
        document = holding(a, seen(a, "far", shift=250), cuboid("b", label="bus"))
        assert [(x.id, y.id) for x, y in pairs_of(document)] == [("a", "far")]

    def test_of_several_that_overlap_nothing_none_is_guessed(self) -> None:
        a, b = cuboid("a", x=-1.0), cuboid("b", x=1.0)
        document = holding(a, b, Detection(id="d", label="car", box=Box(0, 0, 5, 5)), cuboid("c", label="bus"))
        assert pairs_of(document) == ()

    def test_nothing_goes_with_another_label(self) -> None:
        a = cuboid("a")
        assert pairs_of(holding(a, seen(a, "d", label="bus"))) == ()
