"""The model looks closer: what it asks for is cut, enlarged and sent; what it finds there comes back to its place."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback.answers import Answer, streamed, zoom_call
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image, ImageDraw

from qwvis_desktop.core.annotation import LOOK, Detection, JsonValue
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import Frame, ResizeRule
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Failed, Finished, InferenceEvent, Looked
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import ImageMedia, open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import CancelToken, ToolCall
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.replies.evidence import annotation_evidence
from qwvis_desktop.core.run_json import run_from_json, run_to_json
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.core.zoom import DEFAULT_LOOKS, Looking, looks_wanted, written_calls

TARGET = Box(2310.0, 1420.0, 2342.0, 1447.0)
"""A red speck in a large picture."""


@pytest.fixture(scope="module")
def speck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zoom") / "speck.png"
    picture = Image.new("RGB", (3000, 2000), "#808080")
    # Pillow counts the last pixel in.
    right, bottom = TARGET.right - 1, TARGET.bottom - 1
    ImageDraw.Draw(picture).rectangle((TARGET.left, TARGET.top, right, bottom), fill="#ff0000")
    picture.save(path)
    return path


def red_box(data: bytes) -> list[float]:
    """Find the speck in a picture as it came, in thousandths; to parts of a pixel by how red its border is."""
    import numpy as np

    with Image.open(BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=float)
    redness = np.clip((pixels[:, :, 0] - pixels[:, :, 1] - 10) / 235, 0, 1)
    across, down = redness.max(axis=0), redness.max(axis=1)

    def ends(line: np.ndarray) -> tuple[float, float]:
        above = np.flatnonzero(line > 0.5)
        first, last = int(above[0]), int(above[-1])
        return first + 1 - min(1.0, line[first]), last + min(1.0, line[last])

    (left, right), (top, bottom) = ends(across), ends(down)
    height, width = redness.shape
    return [left / width * 1000, top / height * 1000, right / width * 1000, bottom / height * 1000]


def looking_model(request: ReceivedRequest) -> Answer:
    """A model that looks closer once and then says where the speck is in what it was shown."""
    pictures = [
        part["image_url"]["url"]
        for message in request.json["messages"]
        if isinstance(message["content"], list)
        for part in message["content"]
        if part["type"] == "image_url"
    ]
    if len(pictures) == 1:
        return zoom_call([750, 690, 800, 740])
    import base64

    box = red_box(base64.b64decode(pictures[-1].partition(",")[2]))
    return streamed(json.dumps([{"bbox_2d": box, "label": "speck", "image": 1}]))


def request_to(service: LoopbackService, path: Path, **more: Any) -> InferenceRequest:
    values: dict[str, Any] = {
        "media": open_image(path),
        "task": TASKS["detect"],
        "prompt": "Find the speck.",
        "model": bundled_registry().spec("qwen3-vl-plus"),
        "provider": OpenAICompatible(service.base_url),
        "options": {"zoom": 5},
    }
    return InferenceRequest(**{**values, **more})


def events_of(request: InferenceRequest) -> tuple[list[InferenceEvent], Run]:
    events = list(run_inference(request, CancelToken()))
    end = events[-1]
    assert isinstance(end, Finished), end
    return events, end.run


def test_what_is_found_in_a_part_is_in_its_place_to_the_pixel(loopback: LoopbackService, speck: Path) -> None:
    loopback.answer = looking_model
    events, run = events_of(request_to(loopback, speck))
    (look,) = run.looks
    assert [event.run.looks for event in events if isinstance(event, Looked)] == [(look,)]
    assert look.frame.crop == Box(2250, 1380, 2400, 1480)
    assert look.frame.sent.pixels >= 900_000
    (found,) = run.as_read
    assert isinstance(found, Detection)
    assert found.attributes[LOOK] == 1
    assert found.image is None
    off = [abs(getattr(found.box, side) - getattr(TARGET, side)) for side in ("left", "top", "right", "bottom")]
    assert max(off) < 1.0, off
    # Read again, kept, and explained, it is the same.
    kept = run_from_json(json.loads(json.dumps(run_to_json(run))))
    assert kept.looks == run.looks
    (again,) = read_run(kept, Size(3000, 2000)).annotations
    assert isinstance(again, Detection)
    assert again.box == found.box
    evidence = annotation_evidence(found, run)
    assert evidence is not None
    assert evidence.pixels == pytest.approx((found.box.left, found.box.top, found.box.right, found.box.bottom))
    assert evidence.formula[0].startswith("x1 = 2250 + ")


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_part_of_a_turned_picture_is_turned_alike(loopback: LoopbackService, speck: Path, turn: int) -> None:
    def turned_model(request: ReceivedRequest) -> Answer:
        # Where the speck is in what was sent of the whole; there is a single picture in the first request.
        left, top, right, bottom = red_box(request.pictures[0].data)
        if len(loopback.requests) == 1:
            return zoom_call([left - 20, top - 20, right + 20, bottom + 20])
        return looking_model(request)

    loopback.answer = turned_model
    _, run = events_of(request_to(loopback, speck, options={"zoom": 5, "rotate": 90 * turn}))
    (look,) = run.looks
    assert run.frame is not None
    assert (run.frame.turn, look.frame.turn) == (turn, turn)
    (found,) = run.as_read
    assert isinstance(found, Detection)
    off = [abs(getattr(found.box, side) - getattr(TARGET, side)) for side in ("left", "top", "right", "bottom")]
    assert max(off) < 1.0, off


def test_the_conversation_of_a_look_is_the_protocols(loopback: LoopbackService, speck: Path) -> None:
    loopback.answer = looking_model
    _, run = events_of(request_to(loopback, speck))
    first, second = (request.json for request in loopback.requests)
    assert "zoom" not in first
    assert first["tools"][0]["function"]["name"] == "image_zoom_in_tool"
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "tool", "user"]
    asked, answer, shown = second["messages"][1:]
    assert asked["content"] == "Let me look."
    assert asked["tool_calls"][0]["id"] == answer["tool_call_id"] == "call-1"
    assert "image 1" in answer["content"]
    assert [part["type"] for part in shown["content"]] == ["image_url"]
    assert second["messages"][0] == first["messages"][0]
    assert run.reply.startswith("Let me look.\n[{")
    assert run.usage["total_tokens"] == 110 + 1324
    assert dict(run.options) == {"zoom": 5}


def test_without_the_option_no_tool_is_offered(loopback: LoopbackService, speck: Path) -> None:
    _, run = events_of(request_to(loopback, speck, options={}))
    assert "tools" not in loopback.requests[0].json
    assert run.looks == ()
    events_of(request_to(loopback, speck, model=bundled_registry().spec("qwen2.5-vl-7b-instruct")))
    assert "tools" not in loopback.requests[1].json


def test_it_may_look_only_so_often(loopback: LoopbackService, speck: Path) -> None:
    loopback.answer = zoom_call([100, 100, 300, 300])
    _, run = events_of(request_to(loopback, speck, options={"zoom": 2}))
    assert len(run.looks) == 2
    # Two looks, a refusal, and an end to it.
    assert len(loopback.requests) == 4
    assert "Answer now" in loopback.requests[-1].json["messages"][-1]["content"]
    assert run.usage["total_tokens"] == 4 * 110


def test_it_can_be_stopped_between_looks(loopback: LoopbackService, speck: Path) -> None:
    loopback.answer = zoom_call([100, 100, 300, 300])
    cancel = CancelToken()
    end = None
    for end in run_inference(request_to(loopback, speck), cancel):
        if isinstance(end, Looked):
            cancel.cancel()
    assert isinstance(end, Failed)
    assert end.error is None
    assert len(end.run.looks) == 1
    assert len(loopback.requests) == 1


SIZE = Size(3000, 2000)


@pytest.fixture(scope="module")
def media(speck: Path) -> ImageMedia:
    return open_image(speck)


def asked(media: ImageMedia, arguments: str, name: str = "image_zoom_in_tool") -> tuple[str, Frame | None]:
    looking = Looking(media, ResizeRule(32, 65536, 100_000), Frame.whole(SIZE, SIZE), 5)
    _, (turn, look) = looking.answers("", [ToolCall("id", name, arguments)], 0)
    return "".join(part.text for part in turn.parts if hasattr(part, "text")), look.frame if look else None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("{", "no JSON object"),
        ("[]", "no JSON object"),
        ("{}", "four numbers"),
        ('{"bbox_2d": [1, 2, 3]}', "four numbers"),
        ('{"bbox_2d": [1, 2, 3, true]}', "four numbers"),
        ('{"bbox_2d": [1, 2, 3, 1e999]}', "four numbers"),
        ('{"bbox_2d": [1, 2, 3, 4], "img_idx": 1}', "no image 1"),
        ('{"bbox_2d": [0, 500, 1000, 501]}', ""),
    ],
)
def test_bad_calls_are_answered_in_words(media: ImageMedia, arguments: str, words: str) -> None:
    said, frame = asked(media, arguments)
    assert (words in said and frame is None) if words else frame is not None


def test_another_tool_is_not_there(media: ImageMedia) -> None:
    assert "no tool rm" in asked(media, "{}", "rm")[0]


@given(st.lists(st.floats(-50, 1100), min_size=4, max_size=4))
def test_every_part_is_inside_and_large_enough(media: ImageMedia, numbers: list[float]) -> None:
    looking = Looking(media, ResizeRule(32, 65536, 100_000), Frame.whole(SIZE, SIZE), 5)
    _, box = looking._asked(json.dumps({"bbox_2d": numbers}))
    assert box.left >= 0
    assert box.top >= 0
    assert box.right <= SIZE.width + 1e-6
    assert box.bottom <= SIZE.height + 1e-6
    assert min(box.width, box.height) >= 32 - 1e-6


def test_a_part_of_a_part_is_cut_from_the_original(media: ImageMedia) -> None:
    looking = Looking(media, ResizeRule(32, 65536, 100_000), Frame.whole(SIZE, SIZE), 5)
    first = ToolCall("1", "image_zoom_in_tool", '{"bbox_2d": [500, 500, 1000, 1000], "label": "a"}')
    second = ToolCall("2", "image_zoom_in_tool", '{"bbox_2d": [0, 0, 500, 500], "label": "b", "img_idx": 1}')
    looks = [look for _, look in looking.answers("", [first, second], 7) if look is not None]
    assert [look.frame.crop for look in looks] == [Box(1500, 1000, 3000, 2000), Box(1500, 1000, 2250, 1500)]
    assert [look.label for look in looks] == ["a", "b"]


def test_how_often_is_said_by_the_option() -> None:
    options: dict[str, JsonValue] = {"zoom": True, "seed": 7}
    assert looks_wanted(options, can=True) == DEFAULT_LOOKS
    assert options == {"seed": 7}
    assert looks_wanted({"zoom": 3}, can=True) == 3
    assert looks_wanted({"zoom": 300}, can=True) == 20
    assert looks_wanted({"zoom": "x"}, can=True) == 0
    assert looks_wanted({"zoom": 3}, can=False) == 0
    assert looks_wanted({}, can=True) == 0


WRITTEN = """I look closer.
<tool_call>
{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [750, 690, 800, 740], "label": "speck"}}
</tool_call>"""


def writing_model(request: ReceivedRequest) -> Answer:
    """The same model behind a server that does not take calls out of the reply."""
    answer = looking_model(request)
    first = not any(message["role"] == "tool" for message in request.json["messages"])
    return streamed(WRITTEN) if first else answer


def test_a_call_that_is_written_into_the_reply_is_answered(loopback: LoopbackService, speck: Path) -> None:
    loopback.answer = writing_model
    _, run = events_of(request_to(loopback, speck))
    assert [look.frame.crop for look in run.looks] == [Box(2250, 1380, 2400, 1480)]
    (found,) = run.as_read
    assert isinstance(found, Detection)
    assert abs(found.box.left - TARGET.left) < 1
    assert run.reply.startswith(WRITTEN), "the reply is kept as it came"
    said, tool, _ = loopback.requests[-1].json["messages"][1:]
    assert said["content"] == "I look closer."
    assert json.loads(said["tool_calls"][0]["function"]["arguments"])["label"] == "speck"
    assert tool["tool_call_id"] == said["tool_calls"][0]["id"]
    assert len(run.requests) == 2


@pytest.mark.parametrize("text", ["<tool_call>[1</tool_call>", '<tool_call>{"name": "click"}</tool_call>', "no call"])
def test_what_is_no_call_is_none(text: str) -> None:
    assert written_calls(text) == ()


def test_a_call_that_lacks_its_end_is_one() -> None:
    (call,) = written_calls(WRITTEN.removesuffix("</tool_call>"))
    assert call.name == "image_zoom_in_tool"
