from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from documents import empty_document, rich_document
from hypothesis import given
from hypothesis import strategies as st
from spatial_documents import CHAIR, spatial_document

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import csv_table
from qwvis_desktop.core.geometry import Box


def rows_of(document: Document) -> list[dict[str, str]]:
    text = csv_table.dump(dataset_of([document])).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def labelled(label: str) -> Document:
    document = empty_document()
    document.add([Detection(label=label, box=Box(1.5, 2, 3, 4))])
    return document


def test_begins_with_a_byte_order_mark_for_spreadsheets() -> None:
    assert csv_table.dump(dataset_of([empty_document()])).startswith(b"\xef\xbb\xbffile,width,")


def test_has_one_row_for_each_annotation_and_one_for_a_run_that_placed_nothing() -> None:
    rows = rows_of(rich_document())
    kinds = [row["kind"] for row in rows]
    assert kinds == ["detection", "detection", "keypoint", "text", "block", "block", "cuboid", "event", "detection", ""]
    assert (rows[-1]["run"], rows[-1]["status"], rows[-1]["text"]) == ("r2", "ok_empty", "A cat. Two.")


def test_writes_each_kind_into_its_columns() -> None:
    rows = rows_of(rich_document())
    detection, _, keypoint, text, block, placeless, cuboid, event, by_hand, _ = rows
    assert [detection[side] for side in ("left", "top", "right", "bottom")] == ["10.5", "20.0", "110.5", "220.0"]
    assert (detection["score"], detection["attributes"]) == ("0.75", '{"colour": "black", "count": 2}')
    assert (detection["model"], detection["status"], detection["issues"]) == ("qwen3-vl-plus", "partial", "1")
    assert keypoint["points"] == "33.0 44.0"
    assert text["points"] == "1.0 2.0 11.0 3.0 10.0 8.0 0.0 7.0"
    assert (block["tag"], block["text"], block["left"]) == ("h2", "Title", "5.0")
    assert (placeless["text"], placeless["left"]) == ("-5", "")
    assert (cuboid["center_z"], cuboid["size_x"], cuboid["angle_3"]) == ("10.0", "2.0", "0.0")
    assert (event["time"], event["end"], event["label"]) == ("1.5", "3.25", "door opens")
    assert (by_hand["model"], by_hand["status"]) == ("", "")


def test_tells_the_turns_of_a_box_in_space_in_degrees_under_the_convention() -> None:
    for convention, angles in (("half-turns-xyz", CHAIR.angles), ("half-turns-zxy", (0.08, 0.16, 0.13))):
        (row,) = rows_of(spatial_document(replace(CHAIR, angles=angles), convention=convention))
        assert row["convention"] == convention
        assert [float(row[f"angle_{place}"]) for place in (1, 2, 3)] == list(angles)
        assert [float(row[f"degrees_{axis}"]) for axis in "xyz"] == pytest.approx([28.8, 23.4, 14.4])
    assert rows_of(rich_document())[0]["convention"] == ""


def test_keeps_each_row_on_one_line() -> None:
    lines = csv_table.dump(dataset_of([rich_document()])).decode("utf-8-sig").split("\r\n")
    assert len(lines) == 1 + 10 + 1
    assert not any("\n" in line or "\r" in line for line in lines)
    assert rows_of(rich_document())[3]["text"] == 'He said "yes", then 好'
    assert csv_table.losses(rich_document())[0][0] == 2


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=", "-", "-1+cmd|x"])
def test_takes_the_force_from_formulas(text: str) -> None:
    label = rows_of(labelled(text))[0]["label"]
    assert label.startswith("'")
    assert label[1:].strip() == text.strip()


@pytest.mark.parametrize("text", ["-5", "+5.25", "-.5", "-1e9", "cat", "a=b", "3-4", ""])
def test_leaves_numbers_and_plain_texts_alone(text: str) -> None:
    assert rows_of(labelled(text))[0]["label"] == text


@given(st.text())
def test_no_label_breaks_its_row(label: str) -> None:
    rows = rows_of(labelled(label))
    assert len(rows) == 1
    assert (rows[0]["kind"], rows[0]["left"], rows[0]["bottom"]) == ("detection", "1.5", "4")
    assert None not in rows[0]


def test_a_half_character_becomes_the_replacement_character() -> None:
    assert rows_of(labelled("a\ud800b"))[0]["label"] == "a\ufffdb"


def test_extracted_fields_have_a_row_each() -> None:
    document = rich_document()
    run = replace(document.runs["r2"], task="extract-fields", text='{"buyer": {"name": "=Ada"}, "total": 3}')
    document.set_run(run)
    rows = [row for row in rows_of(document) if row["run"] == "r2"]
    assert [(row["kind"], row["label"], row["text"]) for row in rows] == [
        ("", "buyer.name", "'=Ada"),
        ("", "total", "3"),
    ]
