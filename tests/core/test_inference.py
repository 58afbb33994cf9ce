from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from qwvis_desktop.core.annotation import Detection, ReplyStatus, TextRegion
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.document import run_of_picture
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Failed, Finished, InferenceEvent, Preparing, Received, Thinking, Waiting
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ChatRequest,
    ConnectionFailed,
    ImagePart,
    ProviderError,
    ReplyChunk,
    TextPart,
)
from qwvis_desktop.core.run_json import run_from_json, run_to_json
from qwvis_desktop.core.tasks import TASKS

SIZE = Size(640, 480)
BOXES = '[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}, {"bbox_2d": [0, 0, 1000, 500], "label": "sofa"}]'


class Script:
    """A provider that says what it is told to, and keeps what it was asked."""

    name = "Script"

    def __init__(self, chunks: Sequence[ReplyChunk | ProviderError]) -> None:
        self._chunks = chunks
        self.asked: list[ChatRequest] = []

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        self.asked.append(request)
        for chunk in self._chunks:
            cancel.check()
            if isinstance(chunk, ProviderError):
                raise chunk
            yield chunk


@pytest.fixture
def media(tmp_path: Path) -> ImageMedia:
    data = BytesIO()
    Image.new("RGB", SIZE, "teal").save(data, "PNG")
    path = tmp_path / "teal.png"
    path.write_bytes(data.getvalue())
    return open_image(path)


def request(media: ImageMedia, provider: Script, task: str = "detect") -> InferenceRequest:
    return InferenceRequest(
        media=media,
        task=TASKS[task],
        prompt="Find cats.",
        model=bundled_registry().spec("qwen3-vl-plus"),
        provider=provider,
    )


def run(wanted: InferenceRequest) -> list[InferenceEvent]:
    return list(run_inference(wanted, CancelToken()))


def test_a_run_tells_its_story_in_order(media: ImageMedia) -> None:
    provider = Script(
        [
            ReplyChunk(thinking="Hm."),
            ReplyChunk(text=BOXES[:60]),
            ReplyChunk(text=BOXES[60:]),
            ReplyChunk(finish_reason="stop", usage={"prompt_tokens": 7}),
        ]
    )
    events = run(request(media, provider))
    assert [type(event) for event in events] == [Preparing, Waiting, Thinking, Received, Received, Finished]
    first = events[3]
    assert isinstance(first, Received)
    assert [a.label for a in first.annotations] == ["cat"]
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.run.reply, end.run.thinking, end.run.status) == (BOXES, "Hm.", ReplyStatus.OK)
    assert end.run.usage == {"prompt_tokens": 7}
    assert [length for _, length in end.run.pace] == [60, len(BOXES)]
    assert None not in (end.run.seconds.prepare, end.run.seconds.first_byte, end.run.seconds.first_annotation)


def test_the_picture_is_sent_in_the_frame_that_the_run_records(media: ImageMedia) -> None:
    provider = Script([ReplyChunk(text="[]")])
    events = run(request(media, provider))
    picture, words = provider.asked[0].parts
    assert isinstance(picture, ImagePart)
    assert words == TextPart("Find cats.")
    assert isinstance(events[1], Waiting)
    assert events[1].run.frame == Frame.whole(SIZE, Size(picture.width, picture.height))
    assert events[1].sent_bytes == len(picture.data)
    with Image.open(BytesIO(picture.data)) as sent:
        assert sent.size == (picture.width, picture.height) == (640, 480)


def test_places_are_in_pixels_of_the_original(media: ImageMedia) -> None:
    events = run(request(media, Script([ReplyChunk(text=BOXES)])))
    found = [a for event in events if isinstance(event, Received) for a in event.annotations]
    assert [a.box for a in found if isinstance(a, Detection)] == [Box(64, 96, 192, 192), Box(0, 0, 640, 240)]
    for annotation in found:
        assert annotation.provenance is not None
        start, end = annotation.provenance.span
        assert BOXES[start:end].startswith("{")
        assert BOXES[start:end].endswith("}")


def test_a_failure_keeps_what_came_before(media: ImageMedia) -> None:
    error = ConnectionFailed("The connection broke.")
    events = run(request(media, Script([ReplyChunk(text=BOXES[:70]), error])))
    end = events[-1]
    assert isinstance(end, Failed)
    assert end.error is error
    assert (end.run.reply, end.run.error) == (BOXES[:70], "The connection broke.")
    assert end.run.status is ReplyStatus.PARTIAL
    assert [a.label for event in events if isinstance(event, Received) for a in event.annotations] == ["cat"]


def test_stopping_is_no_error(media: ImageMedia) -> None:
    token = CancelToken()
    seen = []
    for event in run_inference(request(media, Script([ReplyChunk(text="["), ReplyChunk(text="]")])), token):
        seen.append(event)
        if isinstance(event, Received):
            token.cancel()
    end = seen[-1]
    assert isinstance(end, Failed)
    assert end.error is None
    assert end.run.reply == "["


def test_thoughts_that_end_late_are_taken_back(media: ImageMedia) -> None:
    late = BOXES + "</think>" + '[{"bbox_2d": [10, 10, 20, 20], "label": "mouse"}]'
    events = run(request(media, Script([ReplyChunk(text=late[at : at + 9]) for at in range(0, len(late), 9)])))
    standing: dict[str, str] = {}
    for event in events:
        if isinstance(event, Received | Finished):
            standing.update((a.id, a.label) for a in event.annotations)
            for key in event.retracted:
                del standing[key]
    assert list(standing.values()) == ["mouse"]


def test_a_picture_that_cannot_be_sent_fails_before_anything_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "sliver.png"
    Image.new("RGB", (900, 4)).save(path)
    provider = Script([ReplyChunk(text="[]")])
    end = run(request(open_image(path), provider))[-1]
    assert isinstance(end, Failed)
    assert isinstance(end.error, MediaError)
    assert end.run.error == str(end.error)
    assert provider.asked == []


def test_a_reply_that_exists_needs_no_picture(media: ImageMedia) -> None:
    provider = Script([ReplyChunk(text=BOXES)])
    wanted = InferenceRequest(
        media=media,
        task=TASKS["detect"],
        prompt="",
        model=bundled_registry().spec("qwen3-vl-plus"),
        provider=provider,
        frame=Frame.whole(SIZE, SIZE),
    )
    events = run(wanted)
    assert provider.asked[0].parts == (TextPart(""),)
    assert isinstance(events[1], Waiting)
    assert events[1].sent_bytes == 0


def test_events_come_while_the_reply_streams(media: ImageMedia) -> None:
    gate, before_gate = threading.Event(), threading.Event()

    class Gated(Script):
        def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
            yield ReplyChunk(text=BOXES[:60])
            assert before_gate.wait(5), "the first box was not told before the rest came"
            gate.set()
            yield ReplyChunk(text=BOXES[60:])

    for event in run_inference(request(media, Gated([])), CancelToken()):
        if isinstance(event, Received) and event.annotations:
            before_gate.set()
    assert gate.is_set()


class TestSeveralPictures:
    REPLY = (
        '[{"bbox_2d": [0, 0, 500, 500], "label": "cat", "image": 2}, {"bbox_2d": [1, 2, 3, 4], "label": "lost"},'
        ' {"bbox_2d": [0, 0, 1000, 1000], "label": "dog", "image": "image 1"}, {"bbox_2d": [1, 2, 3, 4], "image": 3}]'
    )

    def asked(self, media: ImageMedia, provider: Script, task: str = "detect") -> InferenceRequest:
        data = BytesIO()
        Image.new("RGB", (1000, 2000), "navy").save(data, "PNG")
        return replace(request(media, provider, task), others=(open_image(data.getvalue(), "navy.png"),))

    def test_boxes_go_to_the_picture_they_name(self, media: ImageMedia) -> None:
        provider = Script([ReplyChunk(text=self.REPLY, finish_reason="stop", usage={"prompt_tokens": 9})])
        end = run(self.asked(media, provider))[-1]
        assert isinstance(end, Finished)
        assert [len(end.run.frames), end.run.frames[0].original, end.run.frames[1].original] == [2, SIZE, (1000, 2000)]
        first, second = (run_of_picture(end.run, image) for image in (0, 1))
        assert [(a.label, a.box) for a in first.as_read if isinstance(a, Detection)] == [("dog", Box(0, 0, 640, 480))]
        assert [(a.label, a.box) for a in second.as_read if isinstance(a, Detection)] == [("cat", Box(0, 0, 500, 1000))]
        assert (first.frame, second.frame) == end.run.frames
        assert [issue.code for issue in end.run.issues] == ["image", "image"]
        # Reading a kept run again gives each picture its own.
        assert [a.label for a in read_run(second, Size(1000, 2000)).annotations] == ["cat"]
        assert run_from_json(run_to_json(second)) == replace(second, as_read=())

    def test_the_prompt_says_how_they_are_called(self, media: ImageMedia) -> None:
        provider = Script([ReplyChunk(text="[]", finish_reason="stop")])
        run(self.asked(media, provider))
        first, second, words = provider.asked[0].parts
        assert isinstance(first, ImagePart)
        assert isinstance(second, ImagePart)
        assert (first.width / first.height > 1, second.width / second.height < 1) == (True, True)
        assert isinstance(words, TextPart)
        assert words.text.startswith("Find cats.\nThere are 2 images, image 1 to image 2")

    def test_a_question_is_asked_as_it_is(self, media: ImageMedia) -> None:
        provider = Script([ReplyChunk(text="Both are plain.", finish_reason="stop")])
        run(self.asked(media, provider, "ask"))
        assert provider.asked[0].parts[-1] == TextPart("Find cats.")


class TestOcrService:
    def test_its_task_is_named_beside_the_words(self, media: ImageMedia) -> None:
        provider = Script([ReplyChunk(text="{}", finish_reason="stop")])
        wanted = request(media, provider, "ocr:key_information_extraction")
        model = bundled_registry().spec("qwen-vl-ocr")
        run(replace(wanted, model=model, result_schema={"Total": ""}, system="Be short.", options={"seed": 1}))
        asked = provider.asked[0]
        assert asked.options == {
            "seed": 1,
            "ocr_options": {
                "task": "key_information_extraction",
                "task_config": {"result_schema": {"Total": ""}},
            },
        }
        assert asked.system == ""

    def test_places_count_pixels_of_the_picture_that_was_sent(self, media: ImageMedia) -> None:
        item = {
            "text": '```json\n[{"pos_list": [{"rotate_rect": [9, 9, 9, 9, 9]}]}]\n```',
            "ocr_result": {
                "words_info": [
                    {"text": "Line 1", "location": [0, 0, 320, 0, 320, 240, 0, 240], "rotate_rect": [1, 2, 3, 4, 5]}
                ]
            },
        }
        provider = Script([ReplyChunk(text=json.dumps(item), finish_reason="stop")])
        wanted = request(media, provider, "ocr:advanced_recognition")
        end = run(replace(wanted, model=bundled_registry().spec("qwen-vl-ocr")))[-1]
        assert isinstance(end, Finished)
        (line,) = end.run.as_read
        assert isinstance(line, TextRegion)
        assert line.text == "Line 1"
        assert line.attributes == {"rotate_rect": [1, 2, 3, 4, 5]}
        assert end.run.frame is not None
        assert line.polygon.bounds == Box(
            0, 0, 320 * 640 / end.run.frame.sent.width, 240 * 480 / end.run.frame.sent.height
        )

    def test_fields_are_read_from_what_it_gives_beside_its_words(self, media: ImageMedia) -> None:
        item = {"text": '```json\n{"Total": "12"}\n```', "ocr_result": {"kv_result": {"Total": "12"}}}
        provider = Script([ReplyChunk(text=json.dumps(item), finish_reason="stop")])
        wanted = request(media, provider, "ocr:key_information_extraction")
        end = run(replace(wanted, model=bundled_registry().spec("qwen-vl-ocr")))[-1]
        assert isinstance(end, Finished)
        assert end.run.text is not None
        assert json.loads(end.run.text) == {"Total": "12"}


def test_the_service_says_which_size_the_model_saw(media: ImageMedia) -> None:
    text = '[{"bbox_2d": [0, 0, 100, 100], "label": "cat"}]'
    provider = Script([ReplyChunk(text=text), ReplyChunk(finish_reason="stop", image_hw=(Size(200, 400),))])
    wanted = replace(request(media, provider), model=bundled_registry().spec("qwen2.5-vl-7b-instruct"))
    *_, end = events = run(wanted)
    assert isinstance(end, Finished)
    assert provider.asked[0].options["vl_enable_image_hw_output"] is True
    assert end.run.frame == Frame.whole(SIZE, Size(200, 400))
    assert [a.box for a in end.run.as_read if isinstance(a, Detection)] == [Box(0, 0, 320, 120)]
    told = [a for event in events if isinstance(event, Received) for a in event.annotations]
    assert end.retracted == tuple(a.id for a in told)
    assert end.annotations == end.run.as_read
    assert not {a.id for a in end.annotations} & set(end.retracted)
