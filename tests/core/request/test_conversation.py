from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loopback.answers import RESET, Answer, reply_events, streamed
from loopback.service import LoopbackService

from qwvis_desktop.core.annotation import Detection, JsonValue
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.document import Run, Seconds
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Failed, Finished, Received
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import CancelToken
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.request.conversation import (
    Exchange,
    begun_again,
    chain_of,
    exchanges_of,
    joined,
    kept_part,
    summed,
    was_cut,
    why_not_continued,
)
from qwvis_desktop.core.tasks import TASKS

FIRST = '```json\n[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}, {"bbox_2d": [5, 6'
REST = ', {"bbox_2d": [500, 500, 900, 900], "label": "sofa 🛋"}]\n```'
WHOLE = '```json\n[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}' + REST


def make_run(**changes: Any) -> Run:
    run = Run(
        started=datetime(2026, 5, 4, tzinfo=UTC),
        provider="p",
        model="qwen3-vl-plus",
        family="qwen3-vl",
        task="ask",
        prompt="What?",
        frame=None,
        space=CoordinateSpace.RELATIVE_1000,
        reply="A cat",
        error="broke",
    )
    return replace(run, **changes)


def request_to(service: LoopbackService, photo: Path, **more: Any) -> InferenceRequest:
    values: dict[str, Any] = {
        "media": open_image(photo),
        "task": TASKS["detect"],
        "prompt": "Find.",
        "model": bundled_registry().spec("qwen3-vl-plus"),
        "provider": OpenAICompatible(service.base_url),
    }
    return InferenceRequest(**{**values, **more})


def end_of(request: InferenceRequest) -> tuple[Finished | Failed, list[str]]:
    told: list[str] = []
    for event in run_inference(request, CancelToken()):
        if isinstance(event, Received | Finished | Failed):
            told += [annotation.id for annotation in event.annotations]
        if isinstance(event, Finished | Failed):
            return event, told
    raise AssertionError


def test_a_chain_is_walked_to_its_beginning() -> None:
    runs = {
        "a": make_run(id="a", prompt="1", reply="<think>x</think>one"),
        "b": make_run(id="b", after="a", prompt="2", reply="two"),
        "c": make_run(id="c", after="b", prompt="3", reply=""),
        "x": make_run(id="x", after="x"),
    }
    assert [run.id for run in chain_of(runs, "c")] == ["a", "b", "c"]
    assert [run.id for run in chain_of(runs, "x")] == ["x"]
    assert chain_of(runs, "none") == ()
    assert exchanges_of(chain_of(runs, "c")) == (Exchange("1", "one"), Exchange("2", "two"))


@pytest.mark.parametrize(
    ("changes", "cut"),
    [
        ({}, True),
        ({"error": ""}, False),
        ({"error": "", "status": "ok", "finish_reason": "length"}, True),
        ({"error": "", "status": "ok", "finish_reason": "stop"}, False),
        ({"reply": " "}, False),
    ],
)
def test_what_was_cut(changes: dict[str, object], cut: bool) -> None:
    assert was_cut(make_run(**changes)) is cut


def test_what_stays_of_a_cut_reply() -> None:
    assert kept_part(make_run(reply="A cat is")) == "A cat is"
    assert kept_part(make_run(task="detect", reply='```json\n[ {"bbox')) == "```json\n["
    assert kept_part(make_run(task="detect", reply="Here")) == "Here"


def test_why_a_reply_cannot_be_finished() -> None:
    spec = bundled_registry().spec
    assert why_not_continued(make_run(), spec("qwen3-vl-plus")) == ""
    assert "cannot go on" in why_not_continued(make_run(), spec("qvq-max"))
    assert "Nothing of the reply" in why_not_continued(make_run(task="detect", reply='{"a'), spec("qwen3-vl-plus"))


def test_counts_are_summed() -> None:
    first: dict[str, JsonValue] = {"prompt_tokens": 3, "details": {"image": 2}, "name": "a"}
    second: dict[str, JsonValue] = {"prompt_tokens": 4, "details": {"image": 1, "text": 1}, "name": "b", "more": 1.5}
    assert summed(first, second) == {
        "prompt_tokens": 7,
        "details": {"image": 3, "text": 1},
        "name": "b",
        "more": 1.5,
    }


def test_times_are_joined() -> None:
    first = make_run(reply="A cat", pace=((0.5, 2), (1.0, 5)), seconds=Seconds(first_byte=0.5, total=2.0))
    rest = replace(begun_again(first), reply="A cat is", pace=((0.5, 2), (1.0, 5), (0.25, 8)), seconds=Seconds(total=1))
    assert joined(first, rest).pace == ((0.5, 2), (1.0, 5), (2.25, 8))
    assert joined(first, rest).seconds == Seconds(first_byte=0.5, total=3.0)


@pytest.mark.parametrize("how", ["length", "broken"])
def test_a_cut_list_is_finished_without_a_seam(loopback: LoopbackService, photo: Path, how: str) -> None:
    cut = streamed(FIRST, finish_reason="length")
    if how == "broken":
        cut = Answer([*reply_events(FIRST, finish_reason=None, usage=None), RESET], content_type=cut.content_type)
    loopback.answer = [cut, streamed(REST)]
    first, before = end_of(request_to(loopback, photo))
    assert was_cut(first.run)
    second, after = end_of(request_to(loopback, photo, resumes=first.run))
    body = loopback.requests[1].json
    kept = FIRST[: FIRST.index("}") + 1]
    assert body["messages"][-1] == {"role": "assistant", "content": kept, "partial": True}
    assert body["messages"][:-1] == loopback.requests[0].json["messages"]
    assert body["enable_thinking"] is False
    run = second.run
    assert isinstance(second, Finished)
    assert (run.id, run.reply, run.finish_reason, run.error, run.issues) == (first.run.id, WHOLE, "stop", "", ())
    # Nothing that stands already is told again, and spans count in the joined text.
    assert set(before).isdisjoint(after)
    assert [a.id for a in run.as_read] == [*before, *after]
    assert [a.label for a in run.as_read if isinstance(a, Detection)] == ["cat", "sofa 🛋"]
    for annotation in run.as_read:
        assert annotation.provenance is not None
        start, end = annotation.provenance.span
        assert WHOLE[start:end].startswith('{"bbox_2d"')
        assert WHOLE[start:end].endswith("}")
    if how == "length":
        assert run.usage["total_tokens"] == 2 * 1324


def test_where_nothing_more_comes_nothing_is_lost(loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = streamed(FIRST, finish_reason="length")
    first, _ = end_of(request_to(loopback, photo))
    loopback.answer = Answer([b"{}"], status=400, whole=True)
    second, told = end_of(request_to(loopback, photo, resumes=first.run))
    assert isinstance(second, Failed)
    assert second.run.reply == FIRST
    assert second.run.as_read == first.run.as_read
    assert second.run.error
    assert told == []


def test_a_thought_is_not_sent_back(loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = [streamed("<think>Hm.</think>\nIt is a", finish_reason="length"), streamed(" cat.")]
    first, _ = end_of(request_to(loopback, photo, task=TASKS["ask"]))
    second, _ = end_of(request_to(loopback, photo, task=TASKS["ask"], resumes=first.run))
    assert loopback.requests[1].json["messages"][-1]["content"] == "It is a"
    assert second.run.reply == "<think>Hm.</think>\nIt is a cat."
    assert second.run.text == "It is a cat."


def test_a_conversation_sends_the_picture_where_it_was_first_asked_about(
    loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = streamed("[]")
    earlier = (Exchange("Find.", "[1]"), Exchange("More?", "[2]"))
    end, _ = end_of(request_to(loopback, photo, prompt="Only red ones.", earlier=earlier, after="first"))
    messages = loopback.requests[0].json["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant", "user"]
    assert [part["type"] for part in messages[0]["content"]] == ["image_url", "text"]
    assert [messages[place]["content"] for place in (1, 3)] == ["[1]", "[2]"]
    assert messages[4]["content"] == [{"type": "text", "text": "Only red ones."}]
    assert end.run.after == "first"
