"""The loopback service itself: what it answers is what a test relies on."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from loopback import service as service_module
from loopback.answers import Gate, gated, pieces_of, streamed
from loopback.scene import MISBEHAVIOURS, Scene, SceneAnswer, TruthBox, wants_prose
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.tasks import TASKS

SCENE = Scene(Size(4000, 2000), (TruthBox("car", (400.0, 200.0, 2000.0, 1000.0)),), text="K7Q2")
SENT = Size(1000, 500)
DETECT = TASKS["detect"].prompt


def numbers(answer: SceneAnswer, model: str = "qwen3-vl-plus", prompt: str = DETECT, sent: Size = SENT) -> list[float]:
    items = json.loads(answer.reply(model, prompt, sent).removeprefix("```json").removesuffix("```"))
    return list(items[0].get("bbox_2d") or items[0]["point_2d"])


class TestScene:
    def test_thousandths_and_pixels_by_family(self) -> None:
        assert numbers(SceneAnswer(SCENE)) == [100, 100, 500, 500]
        assert numbers(SceneAnswer(SCENE), "qwen2.5-vl-7b-instruct") == [100, 50, 500, 250]

    @pytest.mark.parametrize(
        ("space", "expected"),
        [
            (CoordinateSpace.RELATIVE_999, [100, 100, 500, 500]),
            (CoordinateSpace.RELATIVE_1, [0.1, 0.1, 0.5, 0.5]),
            (CoordinateSpace.ORIGINAL_PIXELS, [400, 200, 2000, 1000]),
        ],
    )
    def test_any_space(self, space: CoordinateSpace, expected: list[float]) -> None:
        assert numbers(SceneAnswer(SCENE, space=space)) == expected

    def test_points_and_text(self) -> None:
        assert numbers(SceneAnswer(SCENE), prompt=TASKS["point"].prompt) == [300, 300]
        assert '"text_content": "car"' in SceneAnswer(SCENE).reply("qwen3-vl-plus", TASKS["spot-text"].prompt, SENT)
        assert SceneAnswer(SCENE).reply("qwen3-vl-plus", TASKS["read-text"].prompt, SENT) == "K7Q2"

    def test_which_prompts_want_prose(self) -> None:
        prose = {task.id for task in TASKS.values() if task.prompt and wants_prose(task.prompt)}
        assert {"ask", "caption", "read-text"} <= prose
        assert prose.isdisjoint({"detect", "point", "spot-text", "cuboid"})

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("none", [100, 100, 500, 500]),
            ("y-first", [100, 100, 500, 500]),
            ("sent-pixels", [100, 50, 500, 250]),
            ("halved", [50, 25, 250, 125]),
            ("padded", [100, 50, 500, 250]),
            ("thousandths", [100, 100, 500, 500]),
        ],
    )
    def test_ways_to_be_wrong(self, name: str, expected: list[float]) -> None:
        assert numbers(SceneAnswer(SCENE, misbehaviour=name)) == expected

    def test_y_first_shows_where_x_and_y_differ(self) -> None:
        scene = Scene(SCENE.size, (TruthBox("a", (400.0, 0.0, 800.0, 2000.0)),))
        assert numbers(SceneAnswer(scene, misbehaviour="y-first")) == [0, 100, 1000, 200]

    def test_the_blind_one_makes_things_up(self) -> None:
        blind = SceneAnswer(SCENE, misbehaviour="ignored")
        assert numbers(blind) != [100, 100, 500, 500]
        assert numbers(blind) == numbers(blind)
        assert "K7Q2" not in blind.reply("qwen3-vl-plus", TASKS["read-text"].prompt, SENT)

    def test_decimals(self) -> None:
        scene = Scene(Size(3000, 3000), (TruthBox("a", (1.0, 2.0, 3.0, 4.0)),))
        assert numbers(SceneAnswer(scene, decimals=3)) == [0.333, 0.667, 1.0, 1.333]

    def test_every_misbehaviour_answers(self) -> None:
        for name in MISBEHAVIOURS:
            assert len(numbers(SceneAnswer(SCENE, misbehaviour=name))) == 4


def body(size: Size, prompt: str = DETECT) -> bytes:
    out = BytesIO()
    Image.new("RGB", size).save(out, "PNG")
    url = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": prompt}]
    return json.dumps({"model": "qwen2.5-vl-7b-instruct", "messages": [{"role": "user", "content": content}]}).encode()


def post(url: str, data: bytes) -> Any:
    return urllib.request.urlopen(urllib.request.Request(f"{url}/chat/completions", data))


def test_it_decodes_what_it_is_sent_and_answers_for_its_size() -> None:
    with LoopbackService(SceneAnswer(SCENE)) as service, post(service.base_url, body(SENT)) as response:
        text = "".join(
            json.loads(line[6:])["choices"][0]["delta"].get("content") or ""
            for line in response.read().decode().splitlines()
            if line.startswith("data: {") and '"choices": [{' in line
        )
    assert "[100, 50, 500, 250]" in text
    assert service.requests[0].pictures[0].size == SENT
    assert service.requests[0].closed.wait(5.0)
    assert service.requests[0].ended.wait(5.0)


def test_it_lists_models() -> None:
    with (
        LoopbackService(models=("a", "b")) as service,
        urllib.request.urlopen(f"{service.base_url}/models") as response,
    ):
        assert [model["id"] for model in json.load(response)["data"]] == ["a", "b"]


def test_a_body_in_chunks_is_read() -> None:
    with LoopbackService() as service, post(service.base_url, [b'{"model":', b' "m"}']) as response:  # type: ignore[arg-type]  # urllib takes any iterable of bytes
        response.read()
    assert service.requests[0].model == "m"


def test_a_request_that_does_not_come_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackService() as service, pytest.raises(AssertionError, match="0 of 1 requests"):
        service.wait_for_request(timeout=0.01)


def test_closing_frees_whoever_waits_at_a_gate() -> None:
    answer, gates = gated(["a"])
    with LoopbackService(answer) as service:
        response = post(service.base_url, body(Size(8, 8)))
        assert gates[0].reached.wait(5.0)
    assert service.requests[0].ended.is_set()
    response.close()


def test_a_gate_that_nobody_opens_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service_module, "PATIENCE", 0.02)
    with LoopbackService(gated(["a"])[0]) as service, post(service.base_url, body(Size(8, 8))) as response:
        service.wait_for_request().ended.wait(5.0)
        del response
    assert "was never opened" in capfd.readouterr().err


def test_gates_know_whether_they_are_open() -> None:
    gate = Gate()
    before = gate.is_open
    gate.open()
    assert (before, gate.is_open, gate.wait(0)) == (False, True, True)


def test_pieces() -> None:
    assert pieces_of("abcde", 2) == ["ab", "cd", "e"]
    assert len(streamed("abcd", chunk=2, delay=0.1).steps) == 2 * 6


def test_as_a_script(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    truth.write_text('{"size": [4000, 2000], "boxes": [{"label": "car", "box": [400, 200, 2000, 1000]}]}')
    command = [sys.executable, service_module.__file__, "--truth", str(truth), "--chunk", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            with post(url, body(SENT)) as response:
                assert b"[100, 50, 500, 250]" in response.read()
        finally:
            process.terminate()
