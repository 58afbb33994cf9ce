"""``qwvis history``: what was run, found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import Qwvis
from kept_runs import PICTURE, kept_run
from loopback.answers import FAULTS, streamed
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.store.history import history_at, history_path
from qwvis_desktop.core.store.history_rows import KeptRun


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    Image.new("RGB", (640, 480), "white").save(path)
    return path


@pytest.fixture
def made(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    """Make two runs: one that answers and one that fails."""
    loopback.answer = [streamed('[{"bbox_2d": [1, 2, 30, 40], "label": "red cat"}]'), FAULTS["wrong-key"]]
    words = ("run", picture, "--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    assert qwvis(*words).code == 0
    assert qwvis(*words).code == 4


def test_nothing_was_run_yet(qwvis: Qwvis) -> None:
    assert qwvis("history").out == "Nothing was run yet.\n"
    assert qwvis("history", "--json").json == {"count": 0, "runs": []}


def test_listed(made: None, qwvis: Qwvis) -> None:
    first, second = qwvis("history").out.splitlines()
    assert "does not accept the key" in first or "asks for a key" in first
    assert second.endswith("qwen3-vl-plus  detect  cat.png  done")
    assert qwvis("history", "--limit", "1").out.splitlines()[1] == "1 more; --limit lists them."
    value = qwvis("history", "--json", "--search", "red").json
    assert value["count"] == 1
    assert value["runs"][0]["usage"]["total_tokens"] == 1324
    assert qwvis("history", "--search", "blue").out == "There is none.\n"


def test_shown_exported_deleted_imported(made: None, qwvis: Qwvis, tmp_path: Path) -> None:
    (run,) = qwvis("history", "--json", "--search", "red").json["runs"]
    assert qwvis("history", "--show", run["id"][:6]).out == '[{"bbox_2d": [1, 2, 30, 40], "label": "red cat"}]\n'
    assert qwvis("history", "--show", run["id"], "--json").json["prompt"]
    out = tmp_path / "all.jsonl"
    assert qwvis("history", "--export", out, "--json").json == {"exported": 2}
    assert qwvis("history", "--delete", run["id"]).code == 0
    assert qwvis("history", "--search", "red").out == "There is none.\n"
    assert qwvis("history", "--import", out).out == "1 runs were added.\n"
    assert qwvis("history", "--search", "red", "--json").json["count"] == 1


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("--search", "since:never"), 2, "no date"),
        (("--show", "zz"), 1, "No run has"),
        (("--show", ""), 1, "Several runs have"),
        (("--import", "nothing.jsonl"), 1, "cannot be read"),
        (("--export", "no/such/folder.jsonl"), 1, "folder does not exist"),
    ],
)
def test_what_cannot_be_done_is_said(made: None, qwvis: Qwvis, words: tuple[str, ...], code: int, part: str) -> None:
    ended = qwvis("history", *words)
    assert ended.code == code
    assert part in ended.err


def test_what_was_sent(made: None, qwvis: Qwvis, loopback: LoopbackService) -> None:
    for row in qwvis("history", "--json").json["runs"]:
        shown = qwvis("history", "--show", row["id"], "--request", "--json").json
        (request,) = shown["requests"]
        assert request["url"] == f"{loopback.base_url}/chat/completions"
        assert request["body"]["model"] == "qwen3-vl-plus"
        assert request["curl"].startswith("# Put the data")
        assert shown["left_out"] == [[]]
    out = qwvis("history", "--show", row["id"], "--request").out
    assert f"POST {loopback.base_url}/chat/completions" in out
    assert "data:image/png;base64," in out
    assert "Left out of picture 1: nothing" in out
    assert len(out) < 6000


def test_no_request_is_kept(qwvis: Qwvis) -> None:
    history = history_at(history_path(), pytest.fail)
    history.add([KeptRun(kept_run("pasted", "[]"), (PICTURE,))])
    history.close()
    ended = qwvis("history", "--show", "pasted", "--request")
    assert ended.code == 1
    assert "no request is kept" in ended.err
