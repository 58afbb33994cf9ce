from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from loopback.answers import Answer, streamed
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image

from qwvis_desktop.cli.sources import files_of, link_of, opened, shown, source
from qwvis_desktop.core.media.image import MediaError


@pytest.fixture
def png() -> bytes:
    data = BytesIO()
    Image.new("RGB", (640, 480), "white").save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def web(loopback: LoopbackService, png: bytes) -> str:
    """Return the address of a picture that the loopback service has, besides answering."""

    def answer(request: ReceivedRequest) -> Answer:
        if request.method == "GET":
            return Answer([png], content_type="image/png", whole=True)
        return streamed('[{"bbox_2d": [0, 0, 500, 500], "label": "cat"}]')

    loopback.answer = answer
    return f"http://127.0.0.1:{loopback.port}/cat.png"


def test_addresses_and_files_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    assert source(str(file)) == file
    assert source("https://host/a.png") == "https://host/a.png"
    assert files_of([file, "https://host/a.png"]) == {file.resolve()}
    assert [link_of(where) for where in (file, "https://host/a.png", "data:image/png;base64,YQ==")] == [
        "",
        "https://host/a.png",
        "",
    ]


def test_data_is_opened_and_not_printed(png: bytes) -> None:
    where = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    assert opened(where).size == (640, 480)
    assert shown(where) == "data:image/png;base64"
    with pytest.raises(MediaError, match="base64"):
        opened("data:image/png;base64,!")


def test_one_on_the_web_is_fetched_and_sent(qwvis: Qwvis, loopback: LoopbackService, web: str) -> None:
    words = ("--task", "detect", "--model", "qwen3-vl-plus", "--base-url", loopback.base_url, "--json")
    told = qwvis("run", web, *words).json
    assert told["file"] == web
    assert [item["box"] for item in told["annotations"]] == [[0, 0, 320, 240]]
    assert loopback.requests[-1].pictures[0].size == (640, 480)


def test_the_service_may_fetch_it_itself(qwvis: Qwvis, loopback: LoopbackService, web: str) -> None:
    words = ("--task", "detect", "--model", "qwen3-vl-plus", "--base-url", loopback.base_url, "--json")
    told = qwvis("run", web, *words, "--upload", "url").json
    assert [item["box"] for item in told["annotations"]] == [[0, 0, 320, 240]]
    assert loopback.requests[-1].content[0] == {
        "type": "image_url",
        "image_url": {"url": web},
        "max_pixels": 2_621_440,
    }


def test_one_that_is_not_there_is_said(qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = Answer(status=404, whole=True)
    words = ("--task", "detect", "--model", "qwen3-vl-plus", "--base-url", loopback.base_url)
    ended = qwvis("run", f"http://127.0.0.1:{loopback.port}/none.png", *words)
    assert ended.code == 1
    assert "none.png" in ended.err
