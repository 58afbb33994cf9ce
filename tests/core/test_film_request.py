"""core.film_request and what follows: what goes over the wire of a film, and times that come back as the film's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from films import Film, clock, make_film, times_of
from PIL import Image

from qwvis_desktop.core.annotation import Detection, JsonValue, VideoEvent
from qwvis_desktop.core.chat import chat_request
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.document import NO_USAGE
from qwvis_desktop.core.film_request import Extracted, PreparedFilm, film_facts, plan_for, prepare_film
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Extracting, Failed, Finished, InferenceEvent, Received, Waiting
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pixels import NotWanted, Raster
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ChatRequest,
    ImageLink,
    ImagePart,
    ReplyChunk,
    TextPart,
    VideoFile,
    VideoPart,
)
from qwvis_desktop.core.providers.body import data_url
from qwvis_desktop.core.providers.chat_messages import PictureForm, chat_body
from qwvis_desktop.core.providers.dashscope_messages import native_body
from qwvis_desktop.core.request.film_plan import MAKERS_ROOM, FilmPlan, FilmRoom
from qwvis_desktop.core.run_json import run_from_json, run_to_json
from qwvis_desktop.core.tasks import TASKS

MODEL = bundled_registry().spec("qwen3-vl-plus")
OLLAMA = FilmRoom("Ollama", 0, frames=False, links=False)
STEADY = Film(count=120, size=Size(416, 256))
UNEVEN = Film(
    name="uneven.mp4", count=90, size=Size(416, 256), stamps=[n * 3000 + (n // 3) * 4500 for n in range(90)], b_frames=0
)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> VideoMedia:
    return open_video(make_film(tmp_path_factory.mktemp("film"), STEADY))


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> VideoMedia:
    return open_video(make_film(tmp_path_factory.mktemp("film"), UNEVEN))


def prepared(
    media: VideoMedia, options: dict[str, JsonValue], room: FilmRoom = MAKERS_ROOM, link: str = ""
) -> PreparedFilm:
    plan = plan_for(media, MODEL, options, room, link)
    assert plan is not None
    return made(media, plan, link)


def made(media: VideoMedia, plan: FilmPlan, link: str = "") -> PreparedFilm:
    steps = prepare_film(media, plan, link=link)
    told: list[Extracted] = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            film: PreparedFilm = end.value
            assert [step.done for step in told] == sorted(step.done for step in told)
            assert all(step.done == step.of for step in told[-1:])
            return film


def shown(image: ImagePart | ImageLink) -> int:
    """Return which frame of the film a picture shows, by the clock that is burnt in."""
    assert isinstance(image, ImagePart)
    picture = Image.open(BytesIO(image.data)).convert("RGBA")
    assert picture.size == (image.width, image.height)
    return clock(Raster(Size(*picture.size), picture.tobytes()), image.width / STEADY.size.width)


def video_of(film: PreparedFilm) -> VideoPart:
    (part,) = film.parts
    assert isinstance(part, VideoPart)
    return part


def test_a_list_of_frames_each_of_them_the_one_that_is_said(steady: VideoMedia) -> None:
    film = prepared(steady, {"send": "frames", "fps": 2})
    part = video_of(film)
    assert isinstance(part.source, tuple)
    assert film.sent.times == pytest.approx([place / 2 for place in range(8)])
    assert [shown(image) for image in part.source] == [round(time * 30) for time in film.sent.times]
    assert (part.fps, film.sent.fps, film.sent.way) == (2, 2, FilmWay.FRAMES)
    assert film.sent.byte_count == sum(len(image.data) for image in part.source if isinstance(image, ImagePart))
    assert film.sent.size.pixels >= 65_536
    assert [film.sent.film_time(place / 2) for place in range(8)] == pytest.approx(film.sent.times)


def test_a_part_of_a_film_whose_frames_come_as_they_like(uneven: VideoMedia) -> None:
    times = times_of(UNEVEN)
    film = prepared(uneven, {"send": "frames", "fps": 3, "range": "1-3.5"})
    part = video_of(film)
    assert isinstance(part.source, tuple)
    assert all(1 <= time < 3.5 for time in film.sent.times)
    assert (film.sent.start, film.sent.end) == (1, 3.5)
    for time, image in zip(film.sent.times, part.source, strict=True):
        assert times[shown(image)] == pytest.approx(time, abs=1e-4)


def test_few_frames_are_made_four_by_the_last_one(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, Film(count=3)))
    film = prepared(media, {"send": "frames"})
    part = video_of(film)
    assert isinstance(part.source, tuple)
    assert len(part.source) == len(film.sent.times) == 4
    assert film.sent.times[:3] == pytest.approx((0, 1 / 30, 2 / 30))
    assert film.sent.times[-1] == film.sent.times[-2]
    assert 0.1 <= (part.fps or 0) <= 10


def test_single_pictures_stand_each_after_its_time(steady: VideoMedia) -> None:
    film = prepared(steady, {"fps": 2, "range": "1-3"}, OLLAMA)
    marks = [part.text for part in film.parts[::2] if isinstance(part, TextPart)]
    images = [part for part in film.parts[1::2] if isinstance(part, ImagePart)]
    assert marks == ["<0.0 seconds>", "<0.5 seconds>", "<1.0 seconds>", "<1.5 seconds>"]
    assert [shown(image) for image in images] == [30, 45, 60, 75]
    assert film.sent.way is FilmWay.PICTURES
    assert film.sent.film_time(0.5) == 1.5


def test_times_that_are_close_are_told_apart(steady: VideoMedia) -> None:
    film = prepared(steady, {"fps": 10, "range": "0-0.4", "max_frames": 12}, OLLAMA)
    marks = [part.text for part in film.parts[::2] if isinstance(part, TextPart)]
    assert len(set(marks)) == len(marks)


def test_a_file_goes_as_it_is(steady: VideoMedia) -> None:
    film = prepared(steady, {"fps": 1, "frame_pixels": 100_000, "total_pixels": 900_000})
    part = video_of(film)
    assert steady.path is not None
    assert isinstance(part.source, VideoFile)
    assert (part.source.data, part.source.mime) == (steady.path.read_bytes(), "video/mp4")
    assert (part.fps, part.max_pixels, part.total_pixels, part.max_frames) == (1, 100_000, 900_000, None)
    assert len(film.sent.times) == 4
    assert film.sent.byte_count == film_facts(steady).byte_count == len(part.source.data)


def test_what_is_taken_of_pixels_that_are_not_square_is_said_where_a_service_opens_the_film(tmp_path: Path) -> None:
    wide = open_video(make_film(tmp_path, Film("wide.mp4", count=6, aspect=Fraction(64, 45))))
    note = prepared(wide, {"send": "file"}).note
    assert "not square" in note
    assert "saw 208 x 128 pixels" in note
    assert "it sees 296 x 128" in note
    assert prepared(wide, {"send": "frames"}).note == ""


def test_a_most_of_frames_holds_where_the_service_knows_none(steady: VideoMedia) -> None:
    part = video_of(prepared(steady, {"fps": 10, "max_frames": 8}))
    assert (part.fps, part.max_frames) == (2, 8)


def test_a_part_goes_as_a_smaller_file_in_which_time_begins_anew(steady: VideoMedia, tmp_path: Path) -> None:
    film = prepared(steady, {"send": "clip", "range": "1-3", "fps": 2})
    source = video_of(film).source
    assert isinstance(source, VideoFile)
    path = tmp_path / "clip.mp4"
    path.write_bytes(source.data)
    assert open_video(path).duration == pytest.approx(2, abs=0.1)
    assert (film.sent.way, film.sent.start, film.sent.end) == (FilmWay.CLIP, 1, 3)
    assert film.sent.film_time(0.5) == 1.5
    assert all(1 <= time < 3 for time in film.sent.times)
    assert film.sent.byte_count == len(source.data) < film_facts(steady).byte_count
    assert "is encoded anew to be sent: 2.0 s of it" in film.note


def test_an_address_is_sent_and_nothing_else(steady: VideoMedia) -> None:
    film = prepared(steady, {"send": "url"}, link="https://host/a.mp4")
    assert video_of(film).source == "https://host/a.mp4"
    assert film.sent.byte_count == 0
    with pytest.raises(MediaError, match="has no address"):
        prepared(steady, {"send": "url"})


def test_many_frames_of_a_long_film_are_fewer_and_that_is_said(steady: VideoMedia) -> None:
    plan = plan_for(steady, MODEL, {"send": "frames", "fps": 10}, MAKERS_ROOM)
    assert plan is not None
    assert (
        made(steady, replace(plan, most=8)).note
        == "8 frames are sent, one in 0.5 s, which is the most unless you ask for more."
    )


def test_it_stops_between_two_frames(steady: VideoMedia) -> None:
    plan = plan_for(steady, MODEL, {"send": "frames", "fps": 10}, MAKERS_ROOM)
    assert plan is not None
    wanted = iter([True, True, True, False])
    with pytest.raises(NotWanted):
        list(prepare_film(steady, plan, is_wanted=lambda: next(wanted)))


@dataclass
class Script:
    """A provider that says one thing, and keeps what it was asked."""

    reply: str
    name: str = "Script"
    asked: list[ChatRequest] = field(default_factory=list)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        self.asked.append(request)
        yield ReplyChunk(text=self.reply)
        yield ReplyChunk(finish_reason="stop")


def asked(
    media: VideoMedia, task: str, reply: str, options: dict[str, JsonValue], room: FilmRoom = MAKERS_ROOM
) -> tuple[Script, list[InferenceEvent]]:
    provider = Script(reply)
    request = InferenceRequest(
        media=media,
        task=TASKS[task],
        prompt="What happens?",
        model=MODEL,
        provider=provider,
        options={**NO_USAGE, **options},
        room=room,
    )
    return provider, list(run_inference(request, CancelToken()))


EVENTS = '[{"start_time": "00:00.50", "end_time": "00:01.00", "event": "a"}, {"start": 9, "end": 10, "event": "b"}]'


@pytest.mark.parametrize("room", [MAKERS_ROOM, OLLAMA], ids=["list", "pictures"])
def test_events_of_a_part_lie_in_the_film(steady: VideoMedia, room: FilmRoom) -> None:
    options: dict[str, JsonValue] = {"range": "1-3", "fps": 2, "max_pixels": 99_999, "temperature": 0}
    provider, events = asked(steady, "video-events", EVENTS, options, room)
    end = events[-1]
    assert isinstance(end, Finished)
    received = [a for event in events if isinstance(event, Received) for a in event.annotations]
    assert [(a.start, a.end) for a in received if isinstance(a, VideoEvent)] == [pytest.approx((1.5, 2.0))]
    assert [issue.code for issue in end.run.issues] == ["outside"]
    assert end.run.film is not None
    assert end.run.film.times == pytest.approx((1, 1.5, 2, 2.5))
    assert dict(provider.asked[0].options) == {"temperature": 0}
    assert provider.asked[0].parts[-1] == TextPart("What happens?")
    assert [event for event in events if isinstance(event, Extracting)][-1] == Extracting(end.run.id, 4, 4)
    waiting = next(event for event in events if isinstance(event, Waiting))
    assert waiting.sent_bytes == end.run.film.byte_count
    # The kept run reads the same.
    kept = run_from_json(json.loads(json.dumps(run_to_json(end.run))))
    assert kept.film == end.run.film
    assert read_run(kept, steady.size).annotations == tuple(received)


def test_boxes_stand_on_their_frames_in_pixels_of_the_film(steady: VideoMedia) -> None:
    reply = '[{"time": 0.5, "bbox_2d": [0, 500, 500, 1000], "label": "square"}]'
    _, events = asked(steady, "video-boxes", reply, {"range": "1-3", "fps": 2, "send": "frames"})
    (box,) = [a for event in events if isinstance(event, Received) for a in event.annotations]
    assert isinstance(box, Detection)
    assert box.time == pytest.approx(1.5)
    assert tuple(box.box) == (0, 128, 208, 256)


def test_a_file_that_is_asked_about_whole_ends_with_the_film(steady: VideoMedia) -> None:
    provider, events = asked(steady, "video-events", '[{"start": 1, "end": 99, "event": "a"}]', {})
    assert isinstance(provider.asked[0].parts[0], VideoPart)
    (event,) = [a for each in events if isinstance(each, Received) for a in each.annotations]
    assert isinstance(event, VideoEvent)
    assert (event.start, event.end) == (1, steady.duration)


def test_stopping_while_frames_are_taken_out(steady: VideoMedia) -> None:
    token = CancelToken()
    provider = Script("")
    request = InferenceRequest(
        media=steady,
        task=TASKS["video-events"],
        prompt="?",
        model=MODEL,
        provider=provider,
        options={"send": "frames", "fps": 10},
    )
    last = None
    for event in run_inference(request, token):
        last = event
        if isinstance(event, Extracting):
            token.cancel()
    assert isinstance(last, Failed)
    assert (last.error, last.run.error) == (None, "stopped")
    assert not provider.asked


def test_a_model_without_films_says_so(steady: VideoMedia) -> None:
    request = InferenceRequest(
        media=steady,
        task=TASKS["ask"],
        prompt="?",
        model=bundled_registry().spec("qwen-vl-ocr"),
        provider=Script(""),
    )
    last = list(run_inference(request, CancelToken()))[-1]
    assert isinstance(last, Failed)
    assert "takes no films" in last.run.error


def body_of(film: PreparedFilm, *, native: bool) -> list[dict[str, object]]:
    """Return the documented content of a request that holds this film, data URLs as their lengths."""
    chat = chat_request(MODEL, (*film.parts, TextPart("What happens?")), {})
    made: Any = native_body(chat, data_url) if native else chat_body(chat, data_url, PictureForm())
    messages = made["input"]["messages"] if native else made["messages"]
    content: list[dict[str, object]] = messages[0]["content"]
    return content


@pytest.mark.parametrize("native", [False, True])
def test_the_bodies_are_the_documented_ones(steady: VideoMedia, native: bool) -> None:
    said: dict[str, object] = {"text": "What happens?"} if native else {"type": "text", "text": "What happens?"}
    file = prepared(steady, {"fps": 1, "max_frames": 4, "total_pixels": 900_000})
    address = data_url(video_of(file).source)  # type: ignore[arg-type]  # it is a file
    beside: dict[str, object] = {"fps": 1, "total_pixels": 900_000}
    whole = {"type": "video_url", "video_url": {"url": address}, **beside}
    assert body_of(file, native=native) == [
        {"video": address, **beside, "max_frames": 4} if native else whole,
        said,
    ]
    listed = prepared(steady, {"send": "frames"})
    frames = [data_url(image) for image in video_of(listed).source]  # type: ignore[arg-type,union-attr]  # it is a list
    assert all(frame.startswith("data:image/jpeg;base64,/9j/") for frame in frames)
    assert body_of(listed, native=native) == [
        {"video": frames, "fps": 2} if native else {"type": "video", "video": frames, "fps": 2},
        said,
    ]
    link = "https://host/a.mp4"
    linked = prepared(steady, {"send": "url"}, link=link)
    assert body_of(linked, native=native) == [
        {"video": link, "fps": 2} if native else {"type": "video_url", "video_url": {"url": link}, "fps": 2},
        said,
    ]


def test_a_film_goes_into_a_request_by_itself(steady: VideoMedia) -> None:
    request = InferenceRequest(
        media=steady, others=(steady,), task=TASKS["ask"], prompt="?", model=MODEL, provider=Script("")
    )
    last = list(run_inference(request, CancelToken()))[-1]
    assert isinstance(last, Failed)
    assert "by itself" in last.run.error
