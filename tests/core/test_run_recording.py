"""Runs are kept while they go on, whatever becomes of them, and keeping them disturbs nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from qwvis_desktop.core.document import Run, SentRequest
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Failed, Finished, InferenceEvent, Received
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import ImageMedia, open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, ConnectionFailed, ProviderError, ReplyChunk
from qwvis_desktop.core.run_recording import recorded
from qwvis_desktop.core.store.history import History, history_at
from qwvis_desktop.core.store.history_rows import KeptRun
from qwvis_desktop.core.tasks import TASKS

KEY_LIKE = "sk-0123456789abcdef"
CHUNKS = (
    ReplyChunk(thinking="Hm."),
    ReplyChunk(text='[{"bbox_2d": [100, 200, 300, 400]'),
    ReplyChunk(text=', "label": "cat"}]', finish_reason="stop", usage={"prompt_tokens": 7}),
)


class Script:
    """A provider that says what it is told to; ``None`` is a stop by the user."""

    name = "Script"

    def __init__(self, chunks: Sequence[ReplyChunk | ProviderError]) -> None:
        self._chunks = chunks

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        for chunk in self._chunks:
            cancel.check()
            if isinstance(chunk, ProviderError):
                raise chunk
            yield chunk


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = history_at(tmp_path / "data" / "history.sqlite", pytest.fail)
    yield history
    history.close()


@pytest.fixture
def media(tmp_path: Path) -> ImageMedia:
    path = tmp_path / "teal.png"
    Image.new("RGB", (640, 480), "teal").save(path)
    return open_image(path)


def asked(
    media: ImageMedia, chunks: Sequence[ReplyChunk | ProviderError], prompt: str = "Find cats."
) -> InferenceRequest:
    return InferenceRequest(
        media=media,
        task=TASKS["detect"],
        prompt=prompt,
        system="Be brief.",
        model=bundled_registry().spec("qwen3-vl-plus"),
        provider=Script(chunks),
        options={"temperature": 0.5, "user": KEY_LIKE},
    )


def keep(request: InferenceRequest, history: History) -> Iterator[InferenceEvent]:
    return recorded(run_inference(request, CancelToken()), history, [request.media], pytest.fail)


def only(history: History) -> KeptRun:
    (row,) = history.page()
    kept = history.get(row.id)
    assert kept is not None
    return kept


def end_of(events: Iterator[InferenceEvent]) -> Run:
    *_, last = events
    assert isinstance(last, Finished | Failed)
    return last.run


def test_a_finished_run(media: ImageMedia, history: History) -> None:
    run = end_of(keep(asked(media, CHUNKS), history))
    kept = only(history)
    assert kept.run.reply == run.reply != ""
    assert (kept.run.pace, kept.run.thinking_pace) == (run.pace, run.thinking_pace)
    assert (kept.run.usage, kept.run.status, kept.run.seconds) == (run.usage, run.status, run.seconds)
    assert (kept.run.system, kept.run.frame) == ("Be brief.", run.frame)
    (picture,) = kept.pictures
    assert media.path is not None
    assert picture.sha256 == hashlib.sha256(media.path.read_bytes()).hexdigest()
    assert (picture.name, picture.path, picture.size) == ("teal.png", str(media.path), media.size)


def test_a_failed_run(media: ImageMedia, history: History) -> None:
    end_of(keep(asked(media, [*CHUNKS[:2], ConnectionFailed("It broke.")]), history))
    assert (only(history).run.reply, only(history).run.error) == (CHUNKS[1].text, "It broke.")
    assert history.page()[0].state == "failed"


def test_a_run_that_could_not_even_be_sent(media: ImageMedia, history: History) -> None:
    assert media.path is not None
    media.path.unlink()
    end_of(keep(asked(media, CHUNKS), history))
    assert "not there any more" in only(history).run.error


def test_each_piece_is_kept_after_it_was_handed_on(media: ImageMedia, history: History) -> None:
    events = keep(asked(media, CHUNKS), history)
    for event in events:
        if isinstance(event, Received):
            assert only(history).run.reply == ""
            break
    next(events)
    assert only(history).run.reply == CHUNKS[1].text
    assert only(history).run.thinking == "Hm."


def test_a_run_that_is_left_is_stopped_and_keeps_all_that_came(media: ImageMedia, history: History) -> None:
    events = keep(asked(media, CHUNKS), history)
    for event in events:
        if isinstance(event, Received):
            break
    events.close()  # type: ignore[attr-defined]  # it is a generator
    assert (only(history).run.reply, only(history).run.error) == (CHUNKS[1].text, "stopped")
    assert only(history).pictures[0].sha256


def test_one_that_is_left_before_it_began_is_none(media: ImageMedia, history: History) -> None:
    events = keep(asked(media, CHUNKS), history)
    next(events)
    events.close()  # type: ignore[attr-defined]  # it is a generator
    assert history.count() == 0


def test_what_looks_like_a_key_is_kept_out_of_the_request(media: ImageMedia, history: History) -> None:
    end_of(keep(asked(media, CHUNKS, prompt=f"With {KEY_LIKE}"), history))
    assert KEY_LIKE not in repr(only(history))
    assert only(history).run.options["temperature"] == 0.5


def test_a_history_that_cannot_be_written_is_said_once_and_the_run_goes_on(media: ImageMedia, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    history = history_at(tmp_path / "file" / "history.sqlite", pytest.fail)
    said: list[str] = []
    request = asked(media, CHUNKS)
    run = end_of(recorded(run_inference(request, CancelToken()), history, [media], said.append))
    assert run.reply
    (sentence,) = said
    assert "history" in sentence


def test_what_was_sent_is_kept_as_soon_as_an_answer_comes(history: History, media: ImageMedia) -> None:
    class Sends(Script):
        def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
            request.on_sending(SentRequest("https://host/v1", {"A": "b"}, {"model": "m"}))
            yield from super().stream(request, cancel)

    request = replace(asked(media, CHUNKS), provider=Sends(CHUNKS))
    events = recorded(run_inference(request, CancelToken()), history, [media], pytest.fail)
    for event in events:
        if isinstance(event, Received):
            break
    (row,) = history.page()
    kept = history.get(row.id)
    assert kept is not None
    assert kept.run.requests == (SentRequest("https://host/v1", {"A": "b"}, {"model": "m"}),)
    events.close()
