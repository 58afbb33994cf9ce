from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import Qwvis
from loopback.answers import streamed
from loopback.service import LoopbackService

CUT = '[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}, {"bbox_2d": [5'
REST = ', {"bbox_2d": [500, 500, 900, 900], "label": "sofa"}]'


@pytest.fixture
def kept(qwvis: Qwvis, loopback: LoopbackService, photo: Path, tmp_path: Path) -> Path:
    """A reply that was cut at the limit of tokens, as the program keeps it."""
    loopback.answer = streamed(CUT, finish_reason="length")
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", photo, *words, "--export", "reply", "--save-dir", tmp_path / "kept", "--json")
    assert ended.code == 3
    (path,) = ended.json["exports"]
    return Path(path)


def go_on(qwvis: Qwvis, loopback: LoopbackService, *words: str | Path) -> tuple[int, str, str]:
    ended = qwvis("run", *words, "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    return ended.code, ended.out, ended.err


def test_a_cut_reply_is_finished(
    kept: Path, qwvis: Qwvis, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    loopback.answer = streamed(REST)
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", photo, *words, "--continue-from", kept)
    assert ended.code == 0, ended.err
    assert [annotation["label"] for annotation in ended.json["annotations"]] == ["cat", "sofa"]
    assert ended.json["annotations"][1]["box"] == pytest.approx([400, 300, 720, 540])
    assert ended.json["usage"]["total_tokens"] == 2 * 1324
    body = loopback.requests[-1].json
    assert body["messages"][-1]["partial"] is True
    assert body["messages"][-1]["content"] == CUT[: CUT.index("}") + 1]


def test_one_asks_further(kept: Path, qwvis: Qwvis, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = streamed("[]")
    code, _, err = go_on(qwvis, loopback, photo, "--task", "detect", "--continue-from", kept, "--prompt", "And dogs?")
    assert code == 0, err
    messages = loopback.requests[-1].json["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert messages[1]["content"] == CUT
    assert messages[2]["content"] == [{"type": "text", "text": "And dogs?"}]


def test_what_cannot_be_gone_on_with_is_said_and_costs_nothing(
    kept: Path, qwvis: Qwvis, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    from PIL import Image

    other = tmp_path / "other.png"
    Image.new("RGB", (64, 64)).save(other)
    words = tmp_path / "words.txt"
    words.write_text("no kept reply")
    asked = len(loopback.requests)
    for arguments, sentence in (
        ((photo, "--task", "point", "--continue-from", kept), "--task detect"),
        ((other, "--task", "detect", "--continue-from", kept), "Give the same picture"),
        ((photo, other, "--task", "detect", "--continue-from", kept), "one picture"),
        ((photo, "--task", "detect", "--continue-from", words), "no kept reply"),
        ((photo, "--task", "detect", "--continue-from", tmp_path / "none"), "could not be read"),
    ):
        code, _, err = go_on(qwvis, loopback, *arguments)
        assert code in (1, 2)
        assert sentence in err
    ended = qwvis(
        "run", photo, "--task", "detect", "--continue-from", kept, "--base-url", loopback.base_url, "--model", "qvq-max"
    )
    assert (ended.code, "cannot go on" in ended.err) == (2, True)
    assert len(loopback.requests) == asked


def test_a_whole_reply_has_no_rest(qwvis: Qwvis, loopback: LoopbackService, photo: Path, tmp_path: Path) -> None:
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", photo, *words, "--export", "reply", "--save-dir", tmp_path / "kept", "--json")
    code, _, err = go_on(qwvis, loopback, photo, "--task", "detect", "--continue-from", Path(ended.json["exports"][0]))
    assert code == 2
    assert "whole" in err


def test_a_model_may_look_closer(qwvis: Qwvis, loopback: LoopbackService, photo: Path) -> None:
    code, _, err = go_on(qwvis, loopback, photo, "--task", "detect", "--option", "zoom=5")
    assert code == 0, err
    body = loopback.requests[-1].json
    assert body["tools"][0]["function"]["name"] == "image_zoom_in_tool"
    assert "zoom" not in body


def test_any_run_of_the_history_is_gone_on_with(
    kept: Path, qwvis: Qwvis, loopback: LoopbackService, photo: Path
) -> None:
    (row,) = qwvis("history", "--json").json["runs"]
    loopback.answer = streamed(REST)
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", photo, *words, "--continue-from", row["id"][:8])
    assert ended.code == 0, ended.err
    assert [annotation["label"] for annotation in ended.json["annotations"]] == ["cat", "sofa"]
    assert qwvis("history", "--json").json["count"] == 1, "it is the same run, whole now"


def test_a_reply_about_several_pictures_is_gone_on_with(
    qwvis: Qwvis, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    from PIL import Image

    other = tmp_path / "other.png"
    Image.new("RGB", (400, 300)).save(other)
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json", "--one-request")
    loopback.answer = streamed(
        '[{"bbox_2d": [100, 200, 300, 400], "label": "cat", "image": 1}, {"bbox_2d": [5', finish_reason="length"
    )
    cut = qwvis("run", photo, other, *words)
    assert cut.code == 3
    loopback.answer = streamed(', {"bbox_2d": [500, 500, 900, 900], "label": "sofa", "image": 2}]')
    ended = qwvis("run", photo, other, *words, "--continue-from", cut.json[0]["run"])
    assert ended.code == 0, ended.err
    assert [[each["label"] for each in one["annotations"]] for one in ended.json] == [["cat"], ["sofa"]]
    assert ended.json[1]["annotations"][0]["box"] == [200, 150, 360, 270]
    alone = qwvis("run", photo, *words, "--continue-from", cut.json[0]["run"])
    assert (alone.code, "with its 2 pictures" in alone.err) == (2, True)
