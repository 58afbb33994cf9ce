from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

import pytest
from plane_documents import ALL, BOX, POINT, SHAPE, TILTED, plane_document

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.export import FORMATS, export
from qwvis_desktop.core.formats import yolo
from qwvis_desktop.core.importing import LabelFileError, read_annotations


def test_labels_of_yolo_find_the_names_of_their_classes(tmp_path: Path) -> None:
    export(plane_document(BOX), "yolo", tmp_path / "set")
    labels = tmp_path / "set" / "labels" / "street.txt"
    assert read_annotations(labels, plane_document()).annotations[0].label == "cat"
    (tmp_path / "set" / "data.yaml").unlink()
    assert read_annotations(labels, plane_document()).annotations[0].label == "cat"
    (tmp_path / "set" / "classes.txt").unlink()
    assert read_annotations(labels, plane_document()).annotations[0].label == "0"
    labels.write_text("1 0.5 0.5 0.1 0.2 0.75\n")
    (found,) = read_annotations(labels, plane_document()).annotations
    assert (found.label, found.score) == ("1", 0.75)
    (tmp_path / "set" / "data.yaml").write_text("names: [&a [*a], b]\ntrain: x\n")
    with suppress(LabelFileError):
        read_annotations(labels, plane_document())
    (tmp_path / "set" / "data.yaml").write_text("names: {a: b}\ntrain: x\n")
    with pytest.raises(LabelFileError, match=r"names of the classes in this data\.yaml"):
        read_annotations(labels, plane_document())


def test_a_point_is_not_a_box() -> None:
    assert FORMATS["yolo"].cannot_hold(plane_document(POINT)) == ("Left out: 1 point.",)
    over = Detection(label="over", box=BOX.box, outline=None)
    assert FORMATS["yolo"].cannot_hold(plane_document(over)) == ()
    beyond = Detection(label="x", outline=SHAPE.outline, box=SHAPE.box.translated(200, 0))
    assert "beyond the picture" in FORMATS["yolo"].cannot_hold(plane_document(beyond))[-1]


def lines_of(form: yolo.Form, *annotations: Detection) -> list[list[float]]:
    files = {file.name: file.data.decode() for file in yolo.dump(form, dataset_of([plane_document(*annotations)]))}
    return [[float(word) for word in line.split()] for line in files["labels/street.txt"].splitlines()]


def test_a_box_is_its_middle_and_its_size_in_parts_of_the_picture() -> None:
    (line,) = lines_of(yolo.Form.DETECT, BOX)
    assert line == pytest.approx([0, 60 / 640, 120 / 480, 100 / 640, 200 / 480], abs=1e-9)


def test_a_turned_box_is_four_corners() -> None:
    (line,) = lines_of(yolo.Form.OBB, TILTED)
    assert len(line) == 9
    assert TILTED.outline is not None
    first = TILTED.outline.points[0]
    assert line[1:3] == pytest.approx([first.x / 640, first.y / 480], abs=1e-9)


def test_what_reaches_beyond_the_picture_is_cut() -> None:
    assert SHAPE.outline is not None
    over = Detection(label="a", box=SHAPE.box.translated(200, 0), outline=None)
    for form in yolo.Form:
        (line,) = lines_of(form, over)
        assert all(0 <= value <= 1 for value in line[1:])


def test_each_picture_has_its_labels_and_the_classes_count_on() -> None:
    dataset = dataset_of([plane_document(*ALL), plane_document(TILTED), plane_document()])
    files = {file.name: file.data.decode() for file in yolo.dump(yolo.Form.DETECT, dataset)}
    assert list(files) == [
        "data.yaml",
        "classes.txt",
        *(f"labels/{name}.txt" for name in ("street", "street-2", "street-3")),
    ]
    assert files["classes.txt"].splitlines() == ["cat", "ship", "leaf", "text", "h2"]
    assert files["labels/street-2.txt"].startswith("1 ")
    assert files["labels/street-3.txt"] == ""
    assert yolo.names_in(files["data.yaml"]) == dict(enumerate(files["classes.txt"].splitlines()))


@pytest.mark.parametrize(
    "text", ["names: [a, 'b c']\nnc: 2\n", "names:\n  0: a\n  1: b c\ntrain: x\n", "names:\n- a\n- b c\nval: x\n"]
)
def test_names_are_read_however_they_are_written(text: str) -> None:
    assert yolo.is_description(text)
    assert yolo.names_in(text) == {0: "a", 1: "b c"}


@pytest.mark.parametrize("text", ["names: 5\n", "names: {a: b}\n", "other: 5\n", "[", "names: " + "[" * 1000])
def test_names_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(LabelFileError, match="names of the classes"):
        yolo.names_in(text)


def test_is_told_from_others() -> None:
    assert yolo.is_labels("0 0.5 0.5 1 1\n")
    assert not yolo.is_labels("Car 0 0 0 0 0")
    assert not yolo.is_labels("0 0.5 0.5 1")
    assert not yolo.is_labels("0 640 480 10 10")
    assert not yolo.is_labels("0 a b c d")
    assert not yolo.is_description("%YAML:1.0\ncamera_matrix: 5")
    assert not yolo.is_description("names: x\nnc: " + "1" * 1_000_001)


BODY = " ".join(f"{0.4 + place * 0.01:.6f} 0.5 {place % 3}.000000" for place in range(17))
SURE = " ".join(f"{0.4 + place * 0.01:.6f} 0.5 0.{place + 10}" for place in range(17))


@pytest.mark.parametrize("description", ["", "names: [person]\ntrain: x\nkpt_shape: [17, 3]\n"])
@pytest.mark.parametrize(("points", "score"), [(BODY, None), (SURE, None), (f"{SURE} 0.75", 0.75)])
def test_points_of_a_pose_are_no_outline(tmp_path: Path, description: str, points: str, score: float | None) -> None:
    labels = tmp_path / "street.txt"
    labels.write_text(f"0 0.5 0.5 0.4 0.2 {points}\n")
    if description:
        (tmp_path / "data.yaml").write_text(description)
    (found,) = read_annotations(labels, plane_document()).annotations
    assert isinstance(found, Detection)
    assert found.outline is None
    assert found.box == pytest.approx((192, 192, 448, 288))
    assert found.score == score
    assert read_annotations(labels, plane_document()).left_out == (
        "Left out: the points of 1 object (its box is kept).",
    )


@pytest.mark.parametrize("corners", [6, 7, 8, 9, 10, 13, 20, 40])
@pytest.mark.parametrize(
    ("x", "y", "radius"), [(0.5, 0.5, 0.05), (0.3, 0.3, 0.1), (0.6, 0.55, 0.08), (0.2, 0.25, 0.05)]
)
def test_an_outline_on_the_diagonal_is_no_pose(tmp_path: Path, corners: int, x: float, y: float, radius: float) -> None:
    # Each of its numbers is about as large as the others: all "points" lie in the "box" of the first four.
    turns = [2 * math.pi * place / corners for place in range(corners)]
    places = " ".join(f"{x + radius * math.cos(turn):.6f} {y + radius * math.sin(turn):.6f}" for turn in turns)
    labels = tmp_path / "street.txt"
    labels.write_text(f"0 {places}\n")
    (found,) = read_annotations(labels, plane_document()).annotations
    assert isinstance(found, Detection)
    assert found.outline is not None
    assert len(found.outline.points) == corners
    assert abs(found.box.center.x - x * 640) < radius * 640 / 2


def test_a_pose_of_two_numbers_a_point_is_told_by_its_description(tmp_path: Path) -> None:
    labels = tmp_path / "street.txt"
    labels.write_text("0 0.5 0.5 0.4 0.2 0.1 0.1 0.9 0.9\n")
    (found,) = read_annotations(labels, plane_document()).annotations
    assert isinstance(found, Detection)
    assert found.outline is not None
    (tmp_path / "data.yaml").write_text("names: [person]\ntrain: x\nkpt_shape:\n  - 2\n  - 2\n")
    (found,) = read_annotations(labels, plane_document()).annotations
    assert isinstance(found, Detection)
    assert found.outline is None
    assert found.box == pytest.approx((192, 192, 448, 288))
