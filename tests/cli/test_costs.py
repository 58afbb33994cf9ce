from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.conftest import BOX, Qwvis
from loopback.answers import streamed, zoom_call
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.settings import settings_path


@pytest.fixture
def asked(tmp_path: Path, loopback: LoopbackService) -> tuple[str | Path, ...]:
    """The words of a run whose service has a price of one's own: CNY 1 a million tokens in, 10 out."""
    host = loopback.base_url.removeprefix("http://").removesuffix("/v1")
    entry = f'"{host}" = {{ currency = "CNY", as_of = "2026-11-27", tiers = [[0, 1, 10]] }}'
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().with_name("models.toml").write_text(f'[prices."qwen3-vl-plus"]\n{entry}\n')
    picture = tmp_path / "cat.png"
    Image.new("RGB", (640, 480), "white").save(picture)
    loopback.answer = streamed(BOX.decode())
    return ("run", picture, "--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")


def test_nothing_yet(qwvis: Qwvis) -> None:
    assert qwvis("costs").out == "Nothing was spent yet.\n"
    assert qwvis("costs", "--json").json == {"by": "day", "totals": []}


def test_what_runs_cost(asked: tuple[str | Path, ...], qwvis: Qwvis, tmp_path: Path) -> None:
    usage = qwvis(*asked, "--json").json["usage"]
    qwvis(*asked)
    (total,) = qwvis("costs", "--by", "model", "--json").json["totals"]
    assert (total["name"], total["runs"], total["currency"]) == ("qwen3-vl-plus", 2, "CNY")
    assert total["input_tokens"] == 2 * usage["prompt_tokens"]
    assert total["amount"] == pytest.approx(2 * (usage["prompt_tokens"] + 10 * usage["completion_tokens"]) / 1e6)
    out = qwvis("costs", "--by", "document", "--csv", tmp_path / "costs.csv").out
    assert "cat.png  CNY 0.00" in out
    assert "2 runs" in out
    assert len((tmp_path / "costs.csv").read_text("utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize(("cap", "why"), [("cap_run", "the cap for a run"), ("cap_day", "the cap for a day")])
def test_a_cap_stops_before_it_is_passed(
    cap: str, why: str, asked: tuple[str | Path, ...], qwvis: Qwvis, loopback: LoopbackService
) -> None:
    settings_path().write_text(json.dumps({cap: "0.0001"}))
    ended = qwvis(*asked)
    assert ended.code == 1
    assert why in ended.err
    assert "Nothing was sent." in ended.err
    assert loopback.requests == []
    settings_path().write_text(json.dumps({cap: "0.5"}))
    assert qwvis(*asked).code == 0


CUT = '[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}, {"bbox_2d": [5'


def test_a_cap_stops_what_goes_on_and_several_at_once(
    asked: tuple[str | Path, ...], qwvis: Qwvis, loopback: LoopbackService, tmp_path: Path
) -> None:
    loopback.answer = streamed(CUT, finish_reason="length")
    kept = qwvis(*asked, "--export", "reply", "--save-dir", tmp_path / "kept", "--json").json["exports"][0]
    other = tmp_path / "other.png"
    Image.new("RGB", (640, 480), "white").save(other)
    settings_path().write_text(json.dumps({"cap_run": "0.0001"}))
    for words in (
        (*asked, "--continue-from", kept),
        (*asked, "--continue-from", kept, "--prompt", "Where is the sofa?"),
        ("run", other, *asked[1:], "--one-request"),
    ):
        ended = qwvis(*words)
        assert ended.code == 1, words
        assert "the cap for a run is CNY 0.00010. Nothing was sent." in ended.err
    assert len(loopback.requests) == 1


def test_a_look_that_would_pass_the_cap_ends_the_looking(
    asked: tuple[str | Path, ...], qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = zoom_call([100, 100, 300, 300], says=CUT)
    settings_path().write_text(json.dumps({"cap_run": "0.0009"}))
    ended = qwvis(*asked, "--option", "zoom=5", "--json")
    assert ended.code == 1
    assert "The model wanted to look closer, and nothing more was sent." in ended.json["error"]
    assert [item["label"] for item in ended.json["annotations"]] == ["cat"]
    assert len(loopback.requests) == 1
