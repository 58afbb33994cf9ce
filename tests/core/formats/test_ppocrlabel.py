from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from plane_documents import BOX, SLANTED, TEXT, plane_document
from text_pages import rectangle

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export
from qwvis_desktop.core.formats import ppocrlabel
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.importing import read_annotations, read_labels, read_set
from qwvis_desktop.core.label_file import LabelFileError
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.plane.forms import corners_of

KEY = TextRegion(text='"total"\tsum\n12', label="price", polygon=rectangle(100, 50, 200, 20, 7), accepted=True)


def as_the_program_reads(folder: Path) -> tuple[dict[str, list[dict[str, object]]], set[str]]:
    """Read labels and states as PPOCRLabel's code does: it splits at tabs, and evaluates the rest as Python."""
    labels = {}
    for line in (folder / "Label.txt").read_text("utf-8").splitlines(keepends=True):
        name, value = line.split("\t")
        value = value.replace("false", "False").replace("true", "True").replace("null", "None")
        labels[name] = eval(value)
    states = {line.split("\t")[0] for line in (folder / "fileState.txt").read_text("utf-8").splitlines()}
    return labels, states


def test_the_program_finds_pictures_and_regions(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    Image.new("RGB", (640, 480)).save(source)
    document = Document(open_image(source))
    document.add([TEXT, KEY, BOX])
    out = tmp_path / "out"
    export(document, "ppocrlabel", out, pictures=True)
    labels, states = as_the_program_reads(out / "images")
    # The program looks a picture up by the last folder of its path and its name.
    key = "/".join((out / "images" / "a.jpg").parts[-2:])
    assert (out / key).is_file()
    text, key_region = labels[key]
    assert text == {
        "transcription": TEXT.text,
        "points": [list(point) for point in SLANTED.points],
        "difficult": False,
    }
    assert key_region["key_cls"] == "price"
    assert states == {key}


def test_regions_come_back(tmp_path: Path) -> None:
    first, second = (
        plane_document(TEXT, KEY, name="a.jpg"),
        plane_document(replace(TEXT, attributes={"difficult": True})),
    )
    export([first, second], "ppocrlabel", tmp_path / "out")
    path = tmp_path / "out" / "images" / "Label.txt"
    found = read_set(path)
    assert found is not None
    assert [entry.file_name for entry in found.pictures] == ["a.jpg", "street.jpg"]
    text, key = (each for each in read_annotations(path, first).annotations if isinstance(each, TextRegion))
    assert (text.text, text.polygon) == (TEXT.text, TEXT.polygon)
    assert (key.text, key.label) == (KEY.text.replace("\t", " "), "price")
    for ours, theirs in zip(KEY.polygon.points, key.polygon.points, strict=True):
        assert theirs == pytest.approx(ours, abs=0.01)
    (hard,) = read_annotations(path, second).annotations
    assert hard.attributes == {"difficult": True}


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="truefalsn\n\t\\\"'\u2028 \x0c中", max_size=16))
def test_no_text_is_changed_by_how_the_program_reads(text: str) -> None:
    (file, _) = ppocrlabel.dump(dataset_of([plane_document(replace(TEXT, text=text))]))
    assert file.data.count(b"\n") == 1
    value = (
        file.data.decode().partition("\t")[2].replace("false", "False").replace("true", "True").replace("null", "None")
    )
    (region,) = eval(value)
    assert region["transcription"] == text.replace("\t", " ")
    (found,) = read_labels(file.data.decode(), plane_document()).annotations
    assert getattr(found, "text", None) == text.replace("\t", " ")


def test_the_words_of_json_stay_words() -> None:
    (file, _) = ppocrlabel.dump(dataset_of([plane_document(replace(TEXT, text="true or\nfalse, null"))]))
    assert "true or" not in file.data.decode()
    assert json.loads(file.data.decode().partition("\t")[2])[0]["transcription"] == "true or\nfalse, null"


def test_five_corners_become_four() -> None:
    five = Polygon((*Box(0, 0, 100, 20).corners, Point(-5, 10)))
    (file, _) = ppocrlabel.dump(dataset_of([plane_document(replace(TEXT, polygon=five))]))
    (region,) = json.loads(file.data.decode().partition("\t")[2])
    assert len(region["points"]) == 4


def test_each_picture_with_text_is_listed_so_that_the_program_keeps_its_labels() -> None:
    for annotation, listed in ((TEXT, b"images/street.jpg\t1\n"), (BOX, b"")):
        _, states = ppocrlabel.dump(dataset_of([plane_document(annotation)]))
        assert states.data == listed


def test_bad_lines_are_said_or_refused() -> None:
    good = {"transcription": "a", "points": [[1, 2], [30, 2], [30, 9], [1, 9]], "difficult": False}
    bad = [1, {}, {**good, "points": [[1, 2]]}, {**good, "points": [[1, 1]] * 4}, {**good, "transcription": None}]
    labels = read_labels(f"images/street.jpg\t{json.dumps([good, *bad])}\n", plane_document())
    assert (labels.format_id, len(labels.annotations), len(labels.left_out)) == ("ppocrlabel", 1, 1)
    with pytest.raises(LabelFileError, match="damaged"):
        read_labels('images/street.jpg\t[{"transcription"\n', plane_document())
    with pytest.raises(LabelFileError, match="no file of PPOCRLabel"):
        ppocrlabel.pictures("nothing")
    assert read_labels("images/street.jpg\t[]\n", plane_document()).annotations == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    (file, _) = ppocrlabel.dump(dataset_of([plane_document(TEXT, KEY)]))
    text = file.data.decode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    piece = data.draw(st.sampled_from(["", "[", "]", "{", "}", '"', "\t", "\n", "1e999", "null", "NaN", "-1"]))
    with suppress(LabelFileError):
        for annotation in read_labels(text[:start] + piece + text[end:], plane_document(), "ppocrlabel").annotations:
            assert all(abs(value) < 1e6 for point in corners_of(annotation) for value in point)
