"""The camera as it is taken from EXIF, from files and from boxes, in the program as it runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from program_window import drop, dropped_files, editor_of, open_photo
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.document import ASSUMED_CAMERA

FOCAL_LENGTH_35MM = 0xA405
EXIF_FOLDER = 0x8769

FILES = {
    "camera.json": '{"camera": {"fx": 500, "fy": 501, "cx": 400, "cy": 300}}',
    "000001.txt": "P0: 1 0 0 0 0 1 0 0 0 0 1 0\nP2: 500 0 400 0 0 501 300 0 0 0 1 0\n",
    "cameras.txt": "# cameras\n1 PINHOLE 800 600 500 501 400 300\n",
    "lens.yaml": "%YAML:1.0\n---\ncamera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n"
    "   data: [500, 0, 400, 0, 501, 300, 0, 0, 1]\n",
}


def with_exif(path: Path, millimetres: int) -> Path:
    exif = Image.Exif()
    exif.get_ifd(EXIF_FOLDER)[FOCAL_LENGTH_35MM] = millimetres
    Image.new("RGB", (800, 600), "gray").save(path, exif=exif)
    return path


def test_an_estimate_is_taken_from_exif(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    editor = open_photo(program, qtbot, with_exif(tmp_path / "exif.jpg", 28))
    with qtbot.waitSignal(editor.camera_changed):
        program.panels.camera.exif_requested.emit()
    focal = 28 / 43.2666 * 1000
    # Not by approx: it looks into numpy, which a worker thread may be loading for the picture right now.
    assert editor.document.camera.fx == editor.document.camera.fy
    assert abs(editor.document.camera.fx - focal) < 0.1
    assert "estimated" in editor.document.camera_source
    program.actions["edit.undo"].trigger()
    assert editor.document.camera_source == ASSUMED_CAMERA


def test_a_picture_without_a_focal_length_is_told_of(program: Program, qtbot: QtBot, photo: Path) -> None:
    editor = open_photo(program, qtbot, photo)
    with qtbot.waitSignal(program.camera.problem) as said:
        program.panels.camera.exif_requested.emit()
    assert said.args is not None
    assert "no focal length" in said.args[0]
    assert editor.document.camera_source == ASSUMED_CAMERA


def test_a_dropped_camera_is_taken(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    editor = open_photo(program, qtbot, photo)
    for name, text in FILES.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with qtbot.waitSignal(editor.camera_changed):
            drop(program, dropped_files(path))
        assert editor.document.camera == CameraIntrinsics(500, 501, 400, 300), name
        assert editor.document.camera_source == name
        assert name in program.canvas.notice
        editor.undo_stack.undo()
        assert editor.document.camera_source == ASSUMED_CAMERA, name


def test_a_chosen_camera_is_taken(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = open_photo(program, qtbot, photo)
    path = tmp_path / "any.json"
    path.write_text(FILES["camera.json"], encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(editor.camera_changed):
        program.panels.camera.file_requested.emit()
    assert editor.document.camera.fy == 501


NO_CAMERAS = (
    ("camera.json", '{"fx": 0, "fy": 1, "cx": 2, "cy": 3}', "greater than 0"),
    ("camera.json", "[1, 2, 3]", "no camera"),
    ("calib.txt", "P2: 1 2 3", "12 numbers"),
    ("cameras.txt", "1 PINHOLE 700 200 500 501 350 100", "another shape"),
    ("lens.yml", "camera_matrix: []", "camera_matrix"),
    ("missing.json", None, "cannot be read"),
)


def test_what_is_no_camera_is_refused_in_a_sentence(
    program: Program, qtbot: QtBot, photo: Path, tmp_path: Path
) -> None:
    editor = open_photo(program, qtbot, photo)
    for name, text, words in NO_CAMERAS:
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
        with qtbot.waitSignal(program.camera.problem) as said:
            program.camera.take_file(tmp_path / name)
        assert said.args is not None
        assert words in said.args[0]
        assert editor.document.camera_source == ASSUMED_CAMERA, name


def test_a_fit_without_boxes_says_what_it_takes(program: Program, qtbot: QtBot, photo: Path) -> None:
    editor = open_photo(program, qtbot, photo)
    editor.add([Cuboid(label="car", center=(0, 0, 5), size=(1, 1, 1), angles=(0, 0, 0))], "Add")
    program.panels.camera.fit_requested.emit()
    assert "box on the picture" in child(program.panels.camera, QLabel, "How well the camera fits").text()
    assert editor.document.camera_source == ASSUMED_CAMERA


def test_nothing_happens_without_a_picture(program: Program, tmp_path: Path) -> None:
    program.camera.take_exif()
    program.camera.fit()
    program.camera.take_file(tmp_path / "a.json")
    assert program.workspace.editor is None


def test_each_picture_has_its_own_camera(program: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    first = open_photo(program, qtbot, photo)
    first.set_camera(CameraIntrinsics(700, 700, 400, 300), "x.json", "Camera")
    other = tmp_path / "other.png"
    Image.new("RGB", (300, 200), "navy").save(other)
    second = open_photo(program, qtbot, other)
    assert second.document.camera_source == ASSUMED_CAMERA
    assert "60°" in child(program.panels.camera, QLabel, "Where the camera is known from").text()
    program.actions["view.previous"].trigger()
    assert editor_of(program) is first
    assert "x.json" in child(program.panels.camera, QLabel, "Where the camera is known from").text()
