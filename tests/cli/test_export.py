from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from documents import RUN, SIZE
from PIL import Image
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.formats.reply import KeptReply, dump_run


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A kept reply, without its picture."""
    path = tmp_path / "street.reply.json"
    path.write_bytes(dump_run(KeptReply(RUN, "street.jpg", SIZE)))
    return path


def test_label_files_do_not_need_the_picture(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    out = tmp_path / "labels.json"
    ended = qwvis("export", kept, "--format", "coco", "--out", out)
    assert (ended.code, ended.out) == (0, f"{out}\n")
    labels = json.loads(out.read_text("utf-8"))
    assert labels["images"][0]["file_name"] == "street.jpg"
    assert labels["annotations"][0]["bbox"] == [0.0, 16.0, 320.0, 224.0]


def test_pictures_are_found_beside_the_reply(kept: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    Image.new("RGB", SIZE, "white").save(tmp_path / "street.jpg")
    ended = qwvis("export", kept, "--format", "png", "--out", tmp_path)
    assert ended.code == 0
    with Image.open(tmp_path / "street.annotated.png") as image:
        assert image.size == SIZE


@pytest.mark.parametrize("size", [None, (10, 10)])
def test_a_picture_that_is_not_there_or_another_is_said(
    size: tuple[int, int] | None, kept: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    if size:
        Image.new("RGB", size, "white").save(tmp_path / "street.jpg")
    ended = qwvis("export", kept, "--format", "png", "--out", tmp_path / "a.png")
    assert ended.code == 1
    assert "street.jpg" in ended.err
    assert not (tmp_path / "a.png").exists()


def test_goes_on_after_one_that_fails(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    broken = tmp_path / "broken.reply.json"
    broken.write_text("{}")
    folder = tmp_path / "out"
    folder.mkdir()
    ended = qwvis("export", broken, tmp_path / "none.json", kept, "--format", "csv", "--out", folder, "--json")
    assert ended.code == 1
    first, second, third = ended.json
    assert "no kept reply" in first["error"]
    assert second["error"]
    assert third == {"file": str(kept), "out": str(folder / "street.csv"), "left_out": []}
    assert (folder / "street.csv").exists()


def test_several_need_a_folder(kept: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    ended = qwvis("export", kept, kept, "--format", "csv", "--out", tmp_path / "a.csv")
    assert ended.code == 2
    assert "folder" in ended.err
