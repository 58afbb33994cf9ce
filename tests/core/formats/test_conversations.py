from __future__ import annotations

import json
from dataclasses import replace

import pytest
from plane_documents import ALL, BOX, plane_document

from qwvis_desktop.core.annotation import Cuboid, bounds_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import conversations
from qwvis_desktop.core.formats.conversations import QWEN3, QWEN25
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_file import LabelFileError

DATA = dataset_of([plane_document(*ALL)])


def test_points_and_boxes_are_asked_for_in_the_makers_words() -> None:
    lines = [json.loads(line) for line in conversations.dump_messages(QWEN3, DATA).splitlines()]
    prompts = [line["messages"][0]["content"] for line in lines]
    assert prompts[0].startswith('<image>Locate every instance that belongs to the following categories: "cat, ship')
    assert prompts[1].startswith("<image>Point to every")
    assert prompts[2].startswith("<image>Spotting all the text")
    answer = lines[0]["messages"][1]["content"]
    assert answer.startswith('```json\n[\n\t{"bbox_2d": [16, 42, 172, 458], "label": "cat", "colour": "black"},\n')
    (entry, *_) = json.loads(conversations.dump_sharegpt(QWEN25, DATA))
    assert entry["conversations"][0]["value"].startswith("<image>\nLocate")
    assert entry["coordinates"] == {"space": "sent-pixels", "size": [644, 476]}


def test_conversations_that_do_not_say_what_they_count_are_judged_and_it_is_said() -> None:
    answer = '```json\n[{"bbox_2d": [100, 200, 300, NUMBER], "label": "cat"}]\n```'
    turns = [{"role": "user", "content": "<image>?"}, {"role": "assistant", "content": answer}]
    line = json.dumps({"messages": turns, "images": ["a.jpg"]})
    read = read_labels(line.replace("NUMBER", "400"), plane_document())
    (cat,) = read.annotations
    assert bounds_of(cat) == (64, 96, 192, 192)
    assert "thousandths" in read.left_out[0]
    tall = plane_document()
    tall.media = replace(tall.media, size=Size(4000, 3000))
    read = read_labels(line.replace("NUMBER", "1001").replace("300", "1100"), tall)
    assert "pixels of the resized picture" in read.left_out[0]


def test_a_box_keeps_one_unit() -> None:
    thin = replace(BOX, box=Box(10.0, 20.0, 10.1, 20.1))
    (line,) = conversations.dump_messages(QWEN3, dataset_of([plane_document(thin)])).splitlines()
    assert '"bbox_2d\\": [16, 42, 17, 43]' in line.decode()


def test_boxes_in_space_are_written_as_the_model_writes_them() -> None:
    car = Cuboid(label="car", center=(1, 2, 3), size=(4.5, 1.7, 1.8), angles=(0.01, 0.12345, 0))
    document = plane_document(car)
    text = conversations.dump_sharegpt(QWEN3, dataset_of([document])).decode()
    assert "[1, 2, 3, 4.5, 1.7, 1.8, 0.01, 0.123, 0]" in text
    (read,) = read_labels(text, plane_document()).annotations
    assert isinstance(read, Cuboid)
    assert (read.label, read.center, read.size) == ("car", car.center, car.size)


def test_what_is_about_no_picture_or_several_is_passed_over() -> None:
    lines = [
        {"messages": [{"role": "user", "content": "hi"}]},
        {"messages": [], "images": ["a.jpg", "b.jpg"]},
        {"messages": [{"role": "system", "content": "be brief"}], "images": ["a.jpg"]},
    ]
    assert conversations.load("\n".join(map(json.dumps, lines))) == ()
    with pytest.raises(LabelFileError, match="damaged"):
        conversations.load("5")


def test_families_count_differently() -> None:
    assert QWEN3.extent(Size(640, 480)) == (1000, 1000)
    assert QWEN25.extent(Size(640, 480)) == (644, 476)
    assert QWEN25.extent(Size(1920, 1080)) == (1316, 728)  # the fact sheet's own example
    box = bounds_of(BOX)
    assert box is not None
