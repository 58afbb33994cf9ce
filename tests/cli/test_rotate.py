"""A picture is turned before it is sent; what is found in it stands where it is in the upright original."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli.conftest import Qwvis
from loopback.answers import Answer, streamed
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image, ImageDraw

from qwvis_desktop.core.geometry import Box, Size

SIZE = Size(803, 605)
DISCS = {"red": Box(60, 40, 140, 120), "green": Box(640, 90, 760, 210), "blue": Box(300, 470, 400, 570)}
CHANNELS = {"red": 0, "green": 1, "blue": 2}


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    """A white picture with three discs, nothing of it symmetrical; drawn four times as large, so that it is smooth."""
    picture = Image.new("RGB", (4 * SIZE.width, 4 * SIZE.height), "white")
    draw = ImageDraw.Draw(picture)
    for colour, box in DISCS.items():
        draw.ellipse((4 * box.left, 4 * box.top, 4 * box.right - 1, 4 * box.bottom - 1), fill=f"{colour}")
    path = tmp_path / "discs.png"
    picture.point(lambda value: 255 if value == 128 else value).reduce(4).save(path)  # "green" is half of it
    return path


def eye(pixels: bool) -> Any:
    """Return a model that measures the discs in the picture as it came, from their middle and their spread."""

    def answer(request: ReceivedRequest) -> Answer:
        (picture,) = request.pictures
        with Image.open(BytesIO(picture.data)) as image:
            seen = np.asarray(image.convert("RGB"), float) / 255
        height, width = seen.shape[:2]
        ys, xs = np.mgrid[0:height, 0:width] + 0.5
        items = []
        for colour, channel in CHANNELS.items():
            others = np.delete(seen, channel, axis=2).max(axis=2)
            mass = np.clip(seen[:, :, channel] - others, 0, 1)
            mass[mass < 0.1] = 0
            middle = [(axis * mass).sum() / mass.sum() for axis in (xs, ys)]
            # A disc's variance along an axis is a quarter of its radius squared.
            reach = [
                2 * (((axis - at) ** 2 * mass).sum() / mass.sum()) ** 0.5
                for axis, at in zip((xs, ys), middle, strict=True)
            ]
            box = [middle[0] - reach[0], middle[1] - reach[1], middle[0] + reach[0], middle[1] + reach[1]]
            scale = (1, 1) if pixels else (1000 / width, 1000 / height)
            items.append({"bbox_2d": [round(v * scale[i % 2], 2) for i, v in enumerate(box)], "label": colour})
        return streamed(json.dumps(items))

    return answer


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("model", ["qwen3-vl-plus", "qwen2.5-vl-7b-instruct"])
def test_discs_are_found_within_a_pixel(
    model: str, degrees: int, discs: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = eye(pixels=model.startswith("qwen2.5"))
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", model, "--option", f"rotate={degrees}")
    ended = qwvis("run", discs, *words, "--json")
    assert ended.code == 0, ended.err
    (received,) = loopback.requests
    sent = received.pictures[0].size
    assert (sent[0] < sent[1]) == (degrees in (90, 270))
    assert "rotate" not in received.json
    found = {each["label"]: each["box"] for each in ended.json["annotations"]}
    assert set(found) == set(DISCS)
    for colour, box in DISCS.items():
        assert found[colour] == pytest.approx(list(box), abs=1.0)


def test_a_kept_reply_is_read_again_in_its_places(
    discs: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = eye(pixels=False)
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--save-dir", tmp_path)
    first = qwvis("run", discs, *words, "--option", "rotate=270", "--export", "reply", "--json")
    (kept,) = first.json["exports"]
    again = qwvis("parse", kept, "--json")
    assert [each["box"] for each in again.json["annotations"]] == [each["box"] for each in first.json["annotations"]]


def test_prepare_says_the_turn(discs: Path, qwvis: Qwvis) -> None:
    words = ("prepare", discs, "--model", "qwen3-vl-plus")
    (frame,) = qwvis(*words, "--option", "rotate=90", "--json").json["frames"]
    assert (frame["rotate"], frame["original"]) == (90, list(SIZE))
    (upright,) = qwvis(*words, "--json").json["frames"]
    assert "rotate" not in upright
    assert frame["sent"] == upright["sent"][::-1]
    assert "turned by 90° clockwise" in qwvis(*words, "--option", "rotate=90").out


def test_other_turns_are_refused(discs: Path, qwvis: Qwvis) -> None:
    ended = qwvis("prepare", discs, "--model", "qwen3-vl-plus", "--option", "rotate=45")
    assert ended.code == 2
    assert "'rotate' is one of 0, 90, 180, 270." in ended.err
