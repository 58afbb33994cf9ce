from __future__ import annotations

import threading
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from loopback.answers import Answer, streamed
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image

from qwvis_desktop.core.settings import settings_path


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Six pictures; the number is in the width."""
    paths = [tmp_path / f"{number}.png" for number in range(6)]
    for number, path in enumerate(paths):
        Image.new("RGB", (320 + 32 * number, 320), "white").save(path)
    return paths


class Together:
    """Answers only when so many requests are there, with the number of the picture; counts how many were at most."""

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count, timeout=10)

    def __call__(self, request: ReceivedRequest) -> Answer:
        self._barrier.wait()
        (picture,) = request.pictures
        return streamed(f"picture {(picture.size.width - 320) // 32}")


@pytest.mark.parametrize("words", [(), ("--at-once", "2"), ("--at-once", "6")])
def test_a_few_requests_go_on_at_a_time_and_are_told_in_order(
    words: tuple[str, ...], pictures: list[Path], qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = Together(int(words[1]) if words else 3)
    asked = ("--task", "ask", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", *words)
    ended = qwvis("run", *pictures, *asked, "--json")
    assert ended.code == 0, ended.err
    assert [value["text"] for value in ended.json] == [f"picture {number}" for number in range(6)]
    assert [value["file"] for value in ended.json] == [str(path) for path in pictures]


def test_how_many_may_be_set_in_the_settings(pictures: list[Path], qwvis: Qwvis, loopback: LoopbackService) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('{"parallel": 1}')
    loopback.answer = Together(1)
    asked = ("--task", "ask", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", *pictures, *asked)
    assert ended.out.index("picture 0") < ended.out.index("picture 5")
    assert [request.pictures[0].size.width for request in loopback.requests] == [320 + 32 * n for n in range(6)]


@pytest.mark.parametrize("number", ["0", "17", "-1", "many"])
def test_no_such_number_of_requests(number: str, pictures: list[Path], qwvis: Qwvis) -> None:
    ended = qwvis("run", pictures[0], "--task", "ask", f"--at-once={number}")
    assert ended.code == 2
    assert "from 1 to 16" in ended.err


def test_what_the_service_would_refuse_is_not_sent(
    pictures: list[Path], qwvis: Qwvis, loopback: LoopbackService
) -> None:
    asked = ("--task", "ask", "--base-url", loopback.base_url, "--model", "qwen-vl-max")
    ended = qwvis("run", pictures[0], *asked, "--prompt", "word " * 130_000)
    assert ended.code == 1
    assert "more than the 129,024 that qwen-vl-max takes in" in ended.err
    large = pictures[0].with_name("large.png")
    Image.new("L", (9000, 9000)).save(large, compress_level=1)
    ended = qwvis("run", large, *asked, "--option", "max_pixels=16777216")
    assert "Add --option max_pixels=16775168." in ended.err
    assert loopback.requests == []
