from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Look, Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.providers.base import ReplyChunk, ToolCall
from qwvis_desktop.core.replies.parser import ReplyContext, ReplyParser
from qwvis_desktop.core.run_progress import RunProgress
from qwvis_desktop.core.tasks import TASKS

FRAME = Frame.whole(Size(100, 100), Size(96, 96))


def make_run(**changes: Any) -> Run:
    run = Run(
        started=datetime(2026, 5, 4, tzinfo=UTC),
        provider="p",
        model="m",
        family="qwen3-vl",
        task="ask",
        prompt="",
        frame=FRAME,
        space=CoordinateSpace.RELATIVE_1000,
    )
    return replace(run, **changes)


def parser_of(run: Run) -> ReplyParser:
    return ReplyParser(ReplyContext(run=run.id, task=TASKS[run.task], space=run.space, frames=(FRAME,)))


def test_what_comes_is_kept_with_its_times() -> None:
    progress = RunProgress(make_run())
    parser = parser_of(progress.run)
    for chunk in (ReplyChunk(thinking="Hm."), ReplyChunk(text="A "), ReplyChunk(text="cat", request_id="req-1")):
        progress.take(chunk)
        parser.feed(chunk.text)
    progress.take(ReplyChunk(finish_reason="stop", usage={"total_tokens": 3}))
    run = progress.ended(parser).run
    assert (run.reply, run.thinking, run.text, run.request_id) == ("A cat", "Hm.", "A cat", "req-1")
    assert [length for _, length in run.pace] == [2, 5]
    assert run.seconds.first_byte is not None
    assert run.seconds.total is not None


def test_legs_are_one_run_and_their_costs_a_sum() -> None:
    progress = RunProgress(make_run())
    call = ToolCall("1", "image_zoom_in_tool", "{}")
    progress.take(ReplyChunk(text="Wait."))
    progress.take(ReplyChunk(finish_reason="tool_calls", usage={"total_tokens": 3}, tool_calls=(call,)))
    assert progress.calls == [call]
    assert progress.next_leg() == "Wait."
    assert progress.calls == []
    assert progress.run.finish_reason is None
    progress.looked(Look(FRAME, "it", 5))
    progress.take(ReplyChunk(text="Done.", usage={"total_tokens": 4}))
    assert progress.next_leg() == "Done."
    assert progress.run.usage == {"total_tokens": 7}
    assert len(progress.run.looks) == 1


def test_the_rest_of_a_cut_reply_begins_with_what_there_was() -> None:
    cut = make_run(reply="A cat", error="broke", pace=((0.1, 5),))
    progress = RunProgress(make_run(), cut)
    assert (progress.run.id, progress.run.reply, progress.run.error) == (cut.id, "A cat", "")
    progress.take(ReplyChunk(text=" sleeps"))
    assert progress.next_leg() == " sleeps"
