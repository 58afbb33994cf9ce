"""Files of labels and replies, dropped on the window or chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from program_window import BOXES, PLACES, boxes, drop, dropped_files, editor_of, open_photo
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Cuboid, Detection, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export
from qwvis_desktop.core.geometry import Box, Polygon, Size
from qwvis_desktop.core.media.image import open_image

CAR = Cuboid(label="car", center=(1, 0.5, 8), size=(4, 1.5, 1.8), angles=(0, 0.25, 0))


def cuboids(program: Program) -> list[Cuboid]:
    return [item for item in editor_of(program).document.annotations.values() if isinstance(item, Cuboid)]


@pytest.mark.parametrize("format_id", ["omni3d", "kitti", "labelcloud", "jsonl"])
def test_labels_are_taken_as_one_step(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, format_id: str
) -> None:
    editor = open_photo(program, qtbot, photo)
    editor.add([CAR], "Add")
    path = tmp_path / {"omni3d": "a.json", "kitti": "a.txt", "labelcloud": "a.json", "jsonl": "a.jsonl"}[format_id]
    export(editor.document, format_id, path)
    editor.undo_stack.undo()
    with qtbot.waitSignal(program.imports.said) as said:
        drop(program, dropped_files(path))
    (found,) = cuboids(program)
    assert found.label.lower() == "car"
    assert found.center == pytest.approx(CAR.center, abs=0.01)
    assert said.args is not None
    assert path.name in said.args[0]
    assert path.name in editor.undo_stack.undoText()
    program.actions["edit.undo"].trigger()
    assert cuboids(program) == []


def test_labels_are_chosen(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = open_photo(program, qtbot, photo)
    editor.add([CAR], "Add")
    path = tmp_path / "a.json"
    export(editor.document, "omni3d", path)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    with qtbot.waitSignal(program.imports.said):
        program.actions["file.import"].trigger()
    assert len(cuboids(program)) == 2
    assert len({cuboid.id for cuboid in cuboids(program)}) == 2


def test_labels_are_pasted(program: Program, qtbot: QtBot, photo: Path) -> None:
    open_photo(program, qtbot, photo)
    label = "Car 0.00 0 -1.57 100.0 100.0 300.0 250.0 1.50 1.80 4.00 1.00 1.25 8.00 -1.57"
    QGuiApplication.clipboard().setText(label)
    program.actions["edit.paste"].trigger()
    (found,) = cuboids(program)
    assert found.label.lower() == "car"
    assert sorted(found.size) == pytest.approx([1.5, 1.8, 4.0])
    QGuiApplication.clipboard().setText(label.replace("1.50 1.80 4.00", "0 -1 4"))
    program.actions["edit.paste"].trigger()
    assert len(cuboids(program)) == 1
    assert "No object" in program.canvas.notice


def test_a_reply_is_read_as_before(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    open_photo(program, qtbot, photo)
    program.services.choose_model("qwen3-vl-plus")
    path = tmp_path / "reply.txt"
    path.write_text("".join(BOXES), encoding="utf-8")
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: boxes(program) == PLACES)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "a.json",
            json.dumps({"info": {}, "images": [], "categories": [], "annotations": [{"center_cam": 1}]}),
            "a.json",
        ),
        ("missing.json", None, "could not be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, name: str, text: str | None, words: str
) -> None:
    editor = open_photo(program, qtbot, photo)
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with qtbot.waitSignal(program.imports.problem) as said:
        program.imports.take(path)
    assert said.args is not None
    assert words in said.args[0]
    assert not editor.document.annotations


def test_without_a_picture_it_is_said_what_to_do(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("".join(BOXES), encoding="utf-8")
    program.imports.take(tmp_path / "a.txt")
    qtbot.waitUntil(lambda: "Open the picture first" in program.canvas.notice)


def test_a_data_set_opens_its_pictures_and_labels_those_that_are_open(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
) -> None:
    day = tmp_path / "set" / "images" / "day.png"
    day.parent.mkdir(parents=True)
    day.write_bytes(photo.read_bytes())
    pictures = [open_image(photo), open_image(day), replace(open_image(day), name="gone.png")]
    documents = [Document(media) for media in pictures]
    for number, document in enumerate(documents):
        document.add([Detection(label=f"cat {number}", box=Box(1, 2, 30, 40))])
    path = tmp_path / "set" / "annotations.json"
    export(documents, "coco", path)
    editor = open_photo(program, qtbot, photo)
    with qtbot.waitSignal(program.imports.said) as said:
        drop(program, dropped_files(path))
    assert [entry.name for entry in program.workspace.entries] == ["photo.png", "day.png"]
    qtbot.waitUntil(lambda: labels_of(program) == [["cat 0"], ["cat 1"]])
    assert said.args is not None
    assert said.args[0].startswith("Read 2 objects for 2 pictures from annotations.json.")
    assert "1 picture of this file is neither open nor beside it" in said.args[0]
    editor.undo_stack.undo()
    assert not editor.document.annotations


def test_a_data_set_opens_pictures_with_none_open(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    document = Document(open_image(photo))
    document.add([Detection(label="cat", box=Box(1, 2, 30, 40))])
    export([document], "yolo", tmp_path / "set", pictures=True)
    with qtbot.waitSignal(program.imports.said):
        program.imports.take(tmp_path / "set" / "data.yaml")
    assert program.workspace.current is not None
    assert program.workspace.current.path == tmp_path / "set" / "images" / "photo.png"
    qtbot.waitUntil(lambda: labels_of(program) == [["cat"]])
    program.imports.take(tmp_path / "set" / "labels" / "photo.txt")
    qtbot.waitUntil(lambda: labels_of(program) == [["cat", "cat"]])


def labels_of(program: Program) -> list[list[str]]:
    """Return the labels of each picture that is open with its document."""
    return [
        [annotation.label for annotation in editor.document.annotations.values()]
        for entry in program.workspace.entries
        if (editor := program.workspace.editor_of(entry.key)) is not None
    ]


def test_labels_of_one_other_picture_are_taken_for_the_current_one(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
) -> None:
    editor = open_photo(program, qtbot, photo)
    document = Document(replace(editor.document.media, name="other.png", path=None))
    document.add([Detection(label="cat", box=Box(1, 2, 30, 40))])
    export(document, "voc", tmp_path / "other.xml")
    with qtbot.waitSignal(program.imports.said):
        drop(program, dropped_files(tmp_path / "other.xml"))
    assert len(editor.document.annotations) == 1
    document.media = replace(document.media, size=Size(7, 7000))
    export(document, "voc", tmp_path / "other.xml")
    with qtbot.waitSignal(program.imports.problem) as refused:
        program.imports.take(tmp_path / "other.xml")
    assert refused.args is not None
    assert "7 x 7000 pixels" in refused.args[0]


@pytest.mark.parametrize(("format_id", "name"), [("hocr", "a.hocr"), ("alto", "a.xml"), ("ppocrlabel", "labels")])
def test_text_is_dropped_in_the_formats_of_text_recognition(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, format_id: str, name: str
) -> None:
    editor = open_photo(program, qtbot, photo)
    editor.add([TextRegion(text="two words", polygon=Polygon(Box(50, 60, 350, 100).corners))], "Add")
    export(editor.document, format_id, tmp_path / name)
    editor.undo_stack.undo()
    with qtbot.waitSignal(program.imports.said):
        drop(program, dropped_files(tmp_path / name / "images" / "Label.txt" if name == "labels" else tmp_path / name))
    (found,) = editor.document.annotations.values()
    assert isinstance(found, TextRegion)
    assert (found.text, found.polygon.bounds) == ("two words", Box(50, 60, 350, 100))


def test_many_files_are_read_one_after_the_other_and_told_of_together(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
) -> None:
    editor = open_photo(program, qtbot, photo)
    names = [f"{number}.jpg" for number in range(12)]
    for name in names:
        (tmp_path / name).write_bytes(photo.read_bytes())
        media = replace(editor.document.media, name=name, path=tmp_path / name)
        box = Detection(label=name, box=Box(1, 2, 30, 40))
        document = Document(media)
        document.add([box])
        path = tmp_path / f"{name}.json"
        export(document, "labelme", path)
        value = json.loads(path.read_text())
        value["shapes"].append({"label": name, "shape_type": "line", "points": [[1, 1], [2, int(name[:-4])]]})
        path.write_text(json.dumps(value))
    bad, worse = tmp_path / "bad.json", tmp_path / "worse.json"
    for path in (bad, worse):
        path.write_text('{"shapes": 3, "imagePath": "x"}')
    problems: list[str] = []
    program.imports.problem.connect(problems.append)
    with qtbot.waitSignal(program.imports.said) as told:
        drop(program, dropped_files(*(tmp_path / f"{name}.json" for name in names), bad, worse))
    assert told.args is not None
    (said,) = told.args
    assert len(problems) == 1
    assert problems[0].startswith('"bad.json": This is no labelme file')
    assert '"worse.json": This is no labelme file' in problems[0]
    assert said.startswith("Read 12 objects for 12 pictures from 12 files. Left out: 1 object that could not be read")
    assert program.workspace.count == 13
    qtbot.waitUntil(lambda: all(program.workspace.editor_of(str(tmp_path / name)) for name in names))
    for name in names:
        held = program.workspace.editor_of(str(tmp_path / name))
        assert held is not None
        assert [each.label for each in held.document.annotations.values()] == [name]
