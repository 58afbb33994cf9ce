"""Every row of the makers' capabilities (``qwen-api.md`` 11), asked for from the command line and from the window.

What each row's request looks like to the byte is in ``tests/core/providers/test_documented_requests.py``; here it is
shown that people get to it. Rows that are no request of their own name the test that shows them (``ELSEWHERE``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from loopback.answers import streamed
from loopback.native import native_streamed
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image
from program_window import editor_of, open_photo
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.cli.program import run_program
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.core.tasks import TASKS

PLUS, OCR = "qwen3-vl-plus", "qwen-vl-ocr"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}


def top(**fields: Any) -> Callable[[Any], object]:
    """Return what says whether the body has these fields at its top."""
    return lambda body: all(body.get(name) == value for name, value in fields.items())


def says(words: str) -> Callable[[Any], object]:
    """Return what says whether these words are asked."""
    return lambda body: words in json.dumps(body, ensure_ascii=False)


def task_words(task: str) -> Callable[[Any], object]:
    """Return what says whether a task is asked in its own words."""
    return says(json.dumps(TASKS[task].prompt.split("{")[0], ensure_ascii=False)[1:-1])


def built_in(task: str) -> Callable[[Any], object]:
    """Return what says whether the body names this task of the OCR service."""
    return lambda body: body["parameters"]["ocr_options"]["task"] == task.removeprefix("ocr:")


@dataclass(frozen=True)
class Row:
    """A row of the table, or a part of one: what is set, and what the request must then hold.

    Attributes:
        capability: as the table has it.
        task, model, options, prompt: what is set.
        native: by DashScope's own interface.
        holds: says whether a body is right.
    """

    capability: str
    holds: Callable[[Any], object]
    task: str = "ask"
    model: str = PLUS
    options: dict[str, Any] = field(default_factory=dict)
    prompt: str = ""
    native: bool = False

    def __str__(self) -> str:
        return self.capability


ROWS = (
    Row("image by base64", says("data:image/jpeg;base64,")),
    Row("both interfaces: compatible", lambda body: "messages" in body),
    Row("both interfaces: DashScope", lambda body: "messages" in body["input"], native=True),
    *(
        Row(f"model choice: {model}", top(model=model), "ocr:text_recognition" if model == OCR else "ask", model)
        for model in ("qwen3.6-plus", "qwen3.5-plus", PLUS, "qwen-vl-max", "qvq-max", OCR, "qwen9-made-up")
    ),
    *(
        Row(f"question: {task}", task_words(task), task=task)
        for task in ("ask", "caption", "solve", "code", "detect", "point", "cuboid", "spot-text", "read-text")
    ),
    *(Row(f"document parsing: {task}", task_words(task), task=task) for task in ("document-html", "document-markdown")),
    Row("information extraction in JSON mode", top(response_format={"type": "json_object"}, enable_thinking=False),
        task="extract-fields", options={"response_format": "json"}, prompt="The total, as JSON."),
    Row("thinking by default", lambda body: "enable_thinking" not in body),
    Row("thinking on with a budget", top(enable_thinking=True, thinking_budget=1000),
        task="solve", options={"enable_thinking": True, "thinking_budget": 1000}),
    Row("thinking off", top(enable_thinking=False), model="qwen3.6-plus", options={"enable_thinking": False}),
    Row("thinking, own interface", lambda body: body["parameters"]["enable_thinking"] is True,
        options={"enable_thinking": True}, native=True),
    Row("high resolution", top(vl_high_resolution_images=True), options={"vl_high_resolution_images": True}),
    Row("pixel limits", says('"max_pixels": 300000'), options={"max_pixels": 300_000}),
    Row("tool calling", lambda body: body["tools"][0]["function"]["name"] == "image_zoom_in_tool", options={"zoom": 2}),
    Row("structured output by a schema",
        lambda body: body["response_format"]["json_schema"]["schema"] == SCHEMA,
        options={"response_format": SCHEMA}, prompt="As JSON."),
    Row("OCR by prompt", task_words("ocr:text_recognition"), task="ocr:text_recognition", model=OCR),
    Row("OCR pixel limits", says('"max_pixels": 8388608'), task="ocr:text_recognition", model=OCR,
        options={"min_pixels": 3072, "max_pixels": 8_388_608}),
    *(
        Row(
            f"built-in {task}",
            built_in(task),
            task=task,
            model=OCR,
            native=True,
        )
        for task in TASKS
        if task.startswith("ocr:")
    ),
)  # fmt: skip

ELSEWHERE = {
    "image by URL, several images per turn": "tests/cli/test_run.py",
    "image by temporary upload, upload-method decision table": "tests/core/providers/test_upload.py",
    "video by URL, base64, local path; frame list; fps; max_frames": "tests/core/providers/test_documented_requests.py",
    "drawing on the original": "tests/test_app.py",
    "3D localisation with intrinsics": "tests/test_app_3d.py",
    "video events with timestamps": "tests/core/replies/test_events.py",
    "context cache: cached_tokens": "tests/ui/controllers/asking/test_run_controller.py",
    "limits: sides, ratio, formats, sizes, counts": "tests/core/request/test_limits.py",
    "compression before upload": "tests/core/media/test_prepare.py",
    "timeout header and partial-mode continuation": "tests/ui/controllers/asking/test_conversation_controller.py",
    "retry with backoff": "tests/core/providers/test_retry.py",
    "token estimate, billing": "tests/core/test_accounting.py",
    "OCR key extraction by own JSON template": "tests/cli/test_run.py",
    "rotation correction on the client": "tests/core/test_rotation.py",
}
"""What is no single request, and where it is shown."""


def test_each_place_is_there() -> None:
    missing = [place for place in ELSEWHERE.values() if not Path(__file__).parents[1].joinpath(place).exists()]
    assert missing == []


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("capabilities") / "photo.png"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path)
    return path


def answer(request: ReceivedRequest) -> Any:
    return native_streamed("[]") if "/api/v1" in request.path else streamed("[]")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_from_the_command_line(
    row: Row, home: Path, loopback: LoopbackService, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loopback.answer = answer
    base = loopback.base_url.replace("/v1", "/api/v1") if row.native else loopback.base_url
    options = [word for name, value in row.options.items() for word in ("--option", f"{name}={json.dumps(value)}")]
    prompt = ["--prompt", row.prompt] if row.prompt else []
    run_program(["run", str(photo), "--task", row.task, "--model", row.model, "--base-url", base, *options, *prompt])
    assert loopback.requests, capsys.readouterr().err
    assert row.holds(loopback.requests[0].json), loopback.requests[0].json


def test_from_the_window(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = answer
    open_photo(program, qtbot, photo)
    wrong = []

    def came(before: int) -> bool:
        return len(loopback.requests) > before or bool(program.canvas.notice)

    for row in ROWS:
        kind, base = ("dashscope", "/api/v1") if row.native else ("openai", "/v1")
        address = loopback.base_url.replace("/v1", base)
        program.services.keep_profile(Profile(f"Loopback {kind}", kind, address, needs_key=False))
        program.services.choose_model(row.model)
        program.services.choose_task(row.task)
        program.panels.prompt.options.set_values(row.options)
        if row.prompt:
            program.panels.prompt.fields.prompt.setPlainText(row.prompt)
        before = len(loopback.requests)
        program.actions["run.start"].trigger()
        qtbot.waitUntil(partial(came, before))
        qtbot.waitUntil(lambda: not program.inference.is_running(editor_of(program)))
        if len(loopback.requests) == before or not row.holds(loopback.requests[before].json):
            wrong.append((row.capability, program.canvas.notice))
        program.canvas.set_notice("")
    assert wrong == []
