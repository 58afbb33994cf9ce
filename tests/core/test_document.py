from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qwvis_desktop.core.annotation import Detection, Provenance
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Orientation
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.image import ImageMedia


@pytest.fixture
def document() -> Document:
    size = Size(640, 480)
    return Document(
        ImageMedia(
            name="a.png",
            path=None,
            data=b"",
            size=size,
            stored=size,
            orientation=Orientation.NORMAL,
            mime="image/png",
        )
    )


def detection(key: str, run: str | None = None) -> Detection:
    provenance = Provenance(run, (0, 1)) if run else None
    return Detection(id=key, box=Box(0, 0, 1, 1), provenance=provenance)


def test_a_document_is_as_large_as_its_medium(document: Document) -> None:
    assert document.size == Size(640, 480)


def test_views_cannot_be_written_to(document: Document) -> None:
    with pytest.raises(TypeError):
        document.annotations["a"] = detection("a")  # type: ignore[index]  # what is tested


def test_order_is_the_order_of_adding_until_set(document: Document) -> None:
    document.add(detection(key) for key in "abc")
    assert document.order() == ("a", "b", "c")
    document.reorder(["c", "a", "b"])
    assert document.order() == ("c", "a", "b")


def test_removing_what_is_not_there_removes_nothing(document: Document) -> None:
    document.add([detection("a")])
    with pytest.raises(KeyError):
        document.remove(["a", "missing"])
    assert document.order() == ("a",)


def test_replacing_what_is_not_there_replaces_nothing(document: Document) -> None:
    document.add([detection("a")])
    with pytest.raises(KeyError):
        document.replace([detection("a", run="r"), detection("missing")])
    assert document.annotations["a"] == detection("a")


def test_a_copy_does_not_follow(document: Document) -> None:
    document.add([detection("a")])
    twin = document.copy()
    document.add([detection("b")])
    document.set_run(
        Run(
            started=datetime.now(UTC),
            provider="p",
            model="m",
            family="qwen3-vl",
            task="detect",
            prompt="",
            frame=None,
            space=CoordinateSpace.RELATIVE_1000,
        )
    )
    assert twin.order() == ("a",)
    assert not twin.runs


def test_annotations_know_their_run(document: Document) -> None:
    document.add([detection("a", run="r1"), detection("b", run="r2"), detection("drawn")])
    assert document.annotations_of("r1") == (detection("a", run="r1"),)


def test_a_camera_of_which_nothing_is_known_is_the_makers(document: Document) -> None:
    assert document.camera == CameraIntrinsics.from_field_of_view(Size(640, 480))
    assert document.camera_source == "60 degrees per axis"
    assert document.convention is HALF_TURNS_XYZ


def test_a_copy_sees_space_as_the_document_does(document: Document) -> None:
    camera, other = CameraIntrinsics(500, 501, 320, 240), CameraIntrinsics(1, 2, 3, 4)
    document.set_camera(camera, "P2.txt")
    document.set_convention(ANGLE_CONVENTIONS["degrees-xyz"])
    twin = document.copy()
    document.set_camera(other)
    document.set_convention(HALF_TURNS_XYZ)
    assert (twin.camera, twin.camera_source) == (camera, "P2.txt")
    assert twin.convention == ANGLE_CONVENTIONS["degrees-xyz"]
    assert (document.camera, document.camera_source) == (other, "by hand")
