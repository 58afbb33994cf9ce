from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from PIL import Image
from PySide6.QtWidgets import QApplication

REPLY = b'[{"bbox_2d": [250, 250, 750, 750], "label": "cat"}]'

OPTIONS = ("--task", "detect", "--family", "qwen3-vl")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A grey picture."""
    path = tmp_path / "cat.png"
    Image.new("RGB", (800, 600), (128, 128, 128)).save(path)
    return path


def changed_box(path: Path) -> tuple[int, int, int, int] | None:
    """Return what of the drawing is not grey."""
    from PIL import ImageChops

    with Image.open(path) as image:
        drawn = image.convert("RGB")
    return ImageChops.difference(drawn, Image.new("RGB", drawn.size, (128, 128, 128))).getbbox()


def test_draws_boxes_where_the_reply_has_them(picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    out = tmp_path / "drawn.png"
    ended = qwvis("draw", picture, "-", *OPTIONS, "--out", out, "--json", stdin=REPLY)
    assert (ended.code, ended.err) == (0, "")
    assert (ended.json["status"], ended.json["out"]) == ("ok", str(out))
    assert ended.json["annotations"][0]["box"] == [200.0, 150.0, 600.0, 450.0]
    with Image.open(out) as image:
        assert image.size == (800, 600)
    left, top, right, bottom = changed_box(out) or (0, 0, 0, 0)
    assert abs(left - 200) <= 5
    assert abs(right - 600) <= 5
    assert abs(bottom - 450) <= 5
    assert 100 <= top <= 155  # the label stands above the box or inside


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.webp", b"RIFF"), ("a.jpg", b"\xff\xd8"), ("a.JPEG", b"\xff\xd8"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF-")],
)
def test_writes_every_kind(
    name: str, start: bytes, picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    ended = qwvis("draw", picture, "-", *OPTIONS, "--out", tmp_path / name, stdin=REPLY)
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == f"Drawn: {tmp_path / name}"
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_partial_reply_is_drawn_and_is_code_3(
    picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    ended = qwvis("draw", picture, "-", *OPTIONS, "--out", tmp_path / "a.png", stdin=REPLY[:-1] + b', {"bbox')
    assert ended.code == 3
    assert changed_box(tmp_path / "a.png") is not None


@pytest.mark.parametrize(
    ("camera", "across"),
    [((), 400 * 3**0.5), (("--camera", "400,400,400,300"), 400.0), (("--camera", "800,800,400,300"), 800.0)],
)
def test_boxes_in_space_are_drawn_as_the_camera_sees_them(
    camera: tuple[str, ...], across: float, picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication
) -> None:
    out = tmp_path / "a.png"
    reply = b'[{"bbox_3d": [0, 0, 10, 4, 2, 2, 0, 0, 0], "label": ""}]'
    words = ("--task", "cuboid", "--family", "qwen3-vl", *camera, "--out", str(out), "--json")
    ended = qwvis("draw", picture, "-", *words, stdin=reply)
    assert ended.code == 0
    # The near face is 9 m away and reaches 2 m to either side.
    left, _, right, _ = changed_box(out) or (0, 0, 0, 0)
    assert left == pytest.approx(400 - across * 2 / 9, abs=5)
    assert right == pytest.approx(400 + across * 2 / 9, abs=5)
    bounds = ended.json["annotations"][0]["projected_bounds"]
    assert (bounds[0], bounds[2]) == pytest.approx((left, right), abs=5)


def test_angles_are_read_as_asked(picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    reply = b'[{"bbox_3d": [0, 0, 10, 4, 2, 2, 0, 90, 0], "label": ""}]'
    words = ("--task", "cuboid", "--family", "qwen3-vl", "--camera", "400,400,400,300", "--json")
    out = tmp_path / "a.png"
    ended = qwvis("draw", picture, "-", *words, "--angles", "degrees-xyz", "--out", out, stdin=reply)
    assert ended.code == 0
    # A quarter turn about the vertical: the face of 2 x 2 m now looks at the camera, 8 m away. Its label is wider.
    left, _, _, bottom = changed_box(out) or (0, 0, 0, 0)
    assert (left, bottom) == pytest.approx((350, 350), abs=6)
    assert ended.json["annotations"][0]["projected_bounds"][::2] == pytest.approx((350, 450))
    ended = qwvis("draw", picture, "-", *words, "--angles", "grads", "--out", out, stdin=reply)
    assert ended.code == 2


class TestErrors:
    def test_an_unknown_kind(self, picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
        ended = qwvis("draw", picture, "-", *OPTIONS, "--out", tmp_path / "a.gif", stdin=REPLY)
        assert ended.code == 2
        assert "Use .png, .jpg, .webp, .svg or .pdf" in ended.err

    def test_the_picture_itself(self, picture: Path, qwvis: Qwvis) -> None:
        before = picture.read_bytes()
        ended = qwvis("draw", picture, "-", *OPTIONS, "--out", picture, stdin=REPLY)
        assert ended.code == 1
        assert "never written over" in ended.err
        assert picture.read_bytes() == before

    def test_no_picture(self, tmp_path: Path, qwvis: Qwvis) -> None:
        ended = qwvis("draw", tmp_path / "none.png", "-", *OPTIONS, "--out", tmp_path / "a.png", stdin=REPLY)
        assert ended.code == 1
        assert "none.png" in ended.err

    def test_a_size_that_contradicts_the_picture(self, picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
        words = (*OPTIONS, "--image-size", "100x100", "--out", tmp_path / "a.png")
        ended = qwvis("draw", picture, "-", *words, stdin=REPLY)
        assert ended.code == 2
        assert "800x600" in ended.err

    def test_no_place_to_write_to(self, picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
        ended = qwvis("draw", picture, "-", *OPTIONS, "--out", tmp_path / "none" / "a.png", stdin=REPLY)
        assert ended.code == 1


def test_the_real_program_draws_without_a_display(
    picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    out = tmp_path / "drawn.png"
    words = [sys.executable, "-m", "qwvis_desktop", "draw", str(picture), "-", *OPTIONS, "--out", str(out)]
    ended = subprocess.run(words, input=REPLY, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert changed_box(out) is not None


def test_what_can_be_chosen_of_the_drawing(picture: Path, tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    reply = b'[{"bbox_2d": [250, 250, 750, 750], "label": "cat"}]'
    boxes = {}
    for name, words in {
        "plain": (),
        "bare": ("--no-labels",),
        "wide": ("--no-labels", "--line-width", "400"),
        "full": ("--no-labels", "--fill", "80%"),
    }.items():
        out = tmp_path / f"{name}.png"
        assert qwvis("draw", picture, "-", *OPTIONS, "--out", out, *words, stdin=reply).code == 0
        with Image.open(out) as image:
            boxes[name] = (changed_box(out), image.convert("RGB").getpixel((400, 300)))
    (plain, bare, wide, full) = (boxes[name] for name in ("plain", "bare", "wide", "full"))
    assert plain[0] is not None
    assert bare[0] is not None
    assert wide[0] is not None
    assert plain[0][1] < bare[0][1]  # the label stood above the box
    assert wide[0][0] < bare[0][0]
    assert bare[1] == (128, 128, 128) != full[1]


def test_a_width_that_cannot_be(picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    ended = qwvis("draw", picture, "-", *OPTIONS, "--out", tmp_path / "a.png", "--line-width", "9000", stdin=REPLY)
    assert ended.code == 2
    assert "from 25 to 400" in ended.err
