from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from PIL import Image

from qwvis_desktop.cli import prepare
from qwvis_desktop.core.model_files import bundled_registry

URL = ("--base-url", "http://127.0.0.1:9/v1")


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture that has to be made smaller for every model."""
    path = tmp_path_factory.mktemp("prepare") / "noise.jpg"
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(path, quality=70)
    return path


def test_says_what_would_be_sent(picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    body = tmp_path / "body.json"
    words = ("--model", "qwen3-vl-plus", "--task", "detect", *URL, "--option", "temperature=0.1", "--body", body)
    ended = qwvis("prepare", picture, *words, "--json")
    assert (ended.code, ended.err) == (0, "")
    value = ended.json
    assert list(value) == ["frames", "tokens", "cost", "url", "headers", "body", "curl", "warnings"]
    assert value["curl"].endswith(f"--data-binary @{body}\n")
    assert value["frames"][0]["left_out"] == []
    (frame,) = value["frames"]
    assert (frame["original"], frame["sent"], frame["resized_by_us"]) == ([3000, 2000], [1952, 1312], True)
    assert frame["base64_bytes"] == (frame["bytes"] + 2) // 3 * 4
    tokens = value["tokens"]
    assert tokens["image"] == 1952 * 1312 // 1024 + 2
    assert (tokens["video"], tokens["total"]) == (0, tokens["image"] + tokens["text"])
    assert 8 <= tokens["text"] <= 40
    assert value["cost"] is None
    assert value["url"] == "http://127.0.0.1:9/v1/chat/completions"
    content = value["body"]["messages"][-1]["content"]
    assert content[0]["image_url"]["url"] == f"data:{frame['mime']};base64,{frame['base64_bytes']} bytes"
    assert value["body"]["temperature"] == 0.1
    assert value["warnings"] == []

    true = json.loads(body.read_bytes())
    encoded = true["messages"][-1]["content"][0]["image_url"]["url"].partition(",")[2]
    assert (len(encoded), len(base64.b64decode(encoded))) == (frame["base64_bytes"], frame["bytes"])
    assert true["messages"][-1]["content"][1] == content[1]


@pytest.mark.parametrize("model", ["qwen3-vl-plus", "qwen2.5-vl-7b-instruct", "qwen-vl-max", "qwen-vl-ocr"])
def test_the_sent_size_is_the_one_the_family_sees(model: str, picture: Path, qwvis: Qwvis) -> None:
    (frame,) = qwvis("prepare", picture, "--model", model, *URL, "--json").json["frames"]
    rule = bundled_registry().spec(model).resize
    width, height = frame["sent"]
    assert width % rule.factor == height % rule.factor == 0
    assert rule.min_pixels <= width * height <= rule.max_pixels


def test_several_pictures_go_into_one_request(picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
    other = tmp_path / "other.png"
    Image.new("RGB", (64, 64)).save(other)
    value = qwvis("prepare", picture, other, "--model", "qwen3-vl-plus", *URL, "--json").json
    assert len(value["frames"]) == 2
    kinds = [part["type"] for part in value["body"]["messages"][-1]["content"]]
    assert kinds == ["image_url", "image_url", "text"]


def test_a_key_is_masked(picture: Path, qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-canary-0123456789")
    ended = qwvis("prepare", picture, "--model", "qwen3-vl-plus", "--json")
    assert ended.json["url"].startswith("https://dashscope-intl.aliyuncs.com/")
    assert ended.json["headers"]["Authorization"].startswith("Bearer ")
    assert "canary" not in ended.out + ended.err
    assert ended.json["warnings"] == []


def test_the_cost_is_that_of_the_tokens(picture: Path, qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-canary-0123456789")
    words = ("--model", "qwen3-vl-plus", "--provider", "DashScope (Beijing)")
    value = qwvis("prepare", picture, *words, "--json").json
    assert value["cost"] == {
        "amount": pytest.approx(value["tokens"]["total"] / 1e6, abs=1e-12),
        "currency": "CNY",
        "as_of": "2026",
        "reply_tokens": None,
        "amount_with_reply": None,
    }
    out = qwvis("prepare", picture, *words).out
    assert "About CNY 0.0026 without the reply, an estimate by prices of 2026." in out


def test_warns_of_what_will_go_wrong(picture: Path, qwvis: Qwvis) -> None:
    warnings = " ".join(qwvis("prepare", picture, "--model", "llava", "--json").json["warnings"])
    assert '"llava" is not known' in warnings
    assert "no key" in warnings
    long = "word " * 40_000
    warnings = " ".join(
        qwvis("prepare", picture, "--model", "qwen-vl-ocr", *URL, "--prompt", long, "--json").json["warnings"]
    )
    assert "more than the 30,000 that qwen-vl-ocr takes in" in warnings
    words = ("--model", "qwen2.5-vl-7b-instruct", "--task", "cuboid", *URL, "--json")
    assert '"cuboid"' in " ".join(qwvis("prepare", picture, *words).json["warnings"])


def test_warns_of_a_picture_that_is_too_large(picture: Path, qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "DATA_URL_LIMIT", 1000)
    ended = qwvis("prepare", picture, "--model", "qwen3-vl-plus", *URL)
    assert "Note: Picture 1 is larger than the 10 MB that services take." in ended.out


def test_people_get_the_same_in_lines(picture: Path, qwvis: Qwvis) -> None:
    out = qwvis("prepare", picture, "--model", "qwen3-vl-plus", *URL, "--task", "detect").out
    assert f"{picture}: 3000x2000, sent resized here as 1952x1312, image/jpeg" in out
    assert "tokens" in out
    assert "POST http://127.0.0.1:9/v1/chat/completions" in out
    assert len(out) < 3000


class TestErrors:
    def test_no_picture(self, tmp_path: Path, qwvis: Qwvis) -> None:
        note = tmp_path / "note.txt"
        note.write_text("hello")
        ended = qwvis("prepare", note, "--model", "qwen3-vl-plus", *URL, "--json")
        assert (ended.code, ended.out) == (1, "")
        assert "note.txt" in ended.err

    def test_a_picture_that_no_service_takes(self, tmp_path: Path, qwvis: Qwvis) -> None:
        thin = tmp_path / "thin.png"
        Image.new("RGB", (3000, 5)).save(thin)
        ended = qwvis("prepare", thin, "--model", "qwen3-vl-plus", *URL)
        assert ended.code == 1
        assert "thin.png" in ended.err

    def test_a_body_that_cannot_be_written(self, picture: Path, tmp_path: Path, qwvis: Qwvis) -> None:
        body = tmp_path / "none" / "body.json"
        ended = qwvis("prepare", picture, "--model", "qwen3-vl-plus", *URL, "--body", body)
        assert ended.code == 1
        assert ended.out == ""

    def test_the_offline_engine_sends_nothing(self, picture: Path, qwvis: Qwvis) -> None:
        ended = qwvis("prepare", picture, "--model", "rapidocr")
        assert ended.code == 2
        assert "nothing would be sent" in ended.err


def test_what_was_lowered_to_fit_is_said(qwvis: Qwvis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.effect_noise((640, 480), 60).convert("RGB").save(tmp_path / "noise.jpg")
    monkeypatch.setattr("qwvis_desktop.core.media.prepare.MAX_BASE64", 200_000)
    ended = qwvis(
        "prepare",
        tmp_path / "noise.jpg",
        "--task",
        "detect",
        "--model",
        "qwen3-vl-plus",
        "--base-url",
        "http://127.0.0.1:1/v1",
    )
    assert ended.code == 0
    assert '"noise.jpg" is sent as JPEG of quality' in ended.err
