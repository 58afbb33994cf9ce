"""``qwvis run`` and ``qwvis prepare`` with films, against the service on the loopback."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cli.conftest import Qwvis
from films import Film, make_film
from loopback.answers import streamed
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.geometry import Size

EVENTS = '```json\n[{"start_time": "00:00.50", "end_time": "00:01.25", "event": "a square & moves"}]\n```'


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a film at 30 frames a second."""
    return make_film(tmp_path_factory.mktemp("films"), Film(count=300, size=Size(416, 256)))


def words(loopback: LoopbackService, task: str = "video-events") -> tuple[str, ...]:
    return ("--task", task, "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")


def test_a_part_of_a_film_as_frames_and_its_events_as_subtitles(
    film: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = streamed(EVENTS)
    options = ("--option", "fps=2", "--option", "range=2-6", "--option", "send=frames")
    saved = ("--export", "srt", "--export", "webvtt", "--save-dir", tmp_path)
    ended = qwvis("run", film, *words(loopback), *options, *saved)
    assert ended.code == 0, ended.err
    (event,) = ended.json["annotations"]
    assert (event["kind"], event["start"], event["end"]) == ("event", 2.5, 3.25)
    assert event["label"] == "a square & moves"
    (request,) = loopback.requests
    assert (len(request.film_frames), request.film["fps"]) == (8, 2.0)
    assert {frame.mime for frame in request.film_frames} == {"image/jpeg"}
    assert not {"send", "range", "fps", "max_frames"} & request.json.keys()
    srt = (tmp_path / "film.srt").read_text("utf-8")
    assert srt == "1\n00:00:02,500 --> 00:00:03,250\na square & moves\n"
    assert "Model: qwen3-vl-plus" in (tmp_path / "film.vtt").read_text("utf-8")


def test_a_small_film_goes_as_its_file(film: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = streamed("Something moves.")
    ended = qwvis("run", film, *words(loopback, "ask"))
    assert (ended.code, ended.json["text"]) == (0, "Something moves.")
    (request,) = loopback.requests
    assert request.film["video_url"]["url"].startswith("data:video/mp4;base64,")
    assert request.film["fps"] == 2.0
    assert request.prompt == "What happens in this film?"


def test_boxes_in_time(film: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = streamed('[{"time": 1.0, "bbox_2d": [0, 0, 500, 1000], "label": "square"}]')
    ended = qwvis("run", film, *words(loopback, "video-boxes"), "--option", "range=2-6", "--option", "send=pictures")
    (box,) = ended.json["annotations"]
    assert (box["time"], box["box"]) == (3.0, [0, 0, 208, 256])
    marks = [part["text"] for part in loopback.requests[0].content[::2] if part["type"] == "text"]
    assert marks[:2] == ["<0.0 seconds>", "<0.5 seconds>"]


@pytest.mark.parametrize(
    ("task", "options", "said"),
    [
        ("detect", (), "is a film, and detect is asked about pictures"),
        ("video-events", ("--option", "send=url"), "has no address"),
        ("video-events", ("--option", "range=20-30"), "The part begins at 20 s"),
        ("video-events", ("--option", "send=file", "--option", "range=1-5"), 'Add --option send="frames".'),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is(
    task: str, options: tuple[str, ...], said: str, film: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    ended = qwvis("run", film, *words(loopback, task), *options)
    assert ended.code != 0
    assert said in ended.json["error"]
    assert not loopback.requests


@pytest.mark.parametrize("option", ["fps=20", "max_frames=3", "range=9-1", "send=pigeon"])
def test_options_that_no_service_takes_are_refused_at_once(
    option: str, film: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    ended = qwvis("run", film, *words(loopback), "--option", option)
    assert ended.code == 2
    assert option.partition("=")[0] in ended.err


def test_a_film_task_is_not_asked_about_a_picture(tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    from PIL import Image

    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    ended = qwvis("run", tmp_path / "a.png", *words(loopback))
    assert "is a picture, and video-events is asked about films" in ended.json["error"]


def test_prepare_lists_the_frames_with_their_times(film: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    options = ("--option", "range=2-6", "--option", "fps=1")
    ended = qwvis("prepare", film, *words(loopback), *options)
    assert ended.code == 0, ended.err
    told = ended.json
    assert [frame["time"] for frame in told["frames"]] == [2, 3, 4, 5]
    assert all(frame["original"] == [416, 256] and frame["bytes"] > 0 for frame in told["frames"])
    assert told["film"]["way"] == "frames"
    assert told["film"]["bytes"] == sum(frame["bytes"] for frame in told["frames"])
    tokens = told["tokens"]
    assert tokens["total"] == tokens["video"] + tokens["text"]
    assert tokens["video"] > 0
    assert told["body"]["messages"][0]["content"][0]["video"][0].startswith("data:image/jpeg;base64,")
    assert told["warnings"] == []
    assert not loopback.requests


def test_prepare_tells_a_file_in_sentences(film: Path, qwvis: Qwvis, tmp_path: Path, loopback: LoopbackService) -> None:
    body = tmp_path / "body.json"
    ended = qwvis("prepare", film, *words(loopback)[:-1], "--body", body)
    assert "0 to 10 s of 10 s, sent as file" in ended.out
    assert "The model sees 20 frames of" in ended.out
    assert "for the film" in ended.out
    content = json.loads(body.read_text("utf-8"))["messages"][0]["content"]
    assert content[0]["video_url"]["url"].startswith("data:video/mp4;base64,AAAA")


def test_a_film_at_an_address(film: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    data = film.read_bytes()

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = Thread(target=web.serve_forever)
    thread.start()
    try:
        loopback.answer = streamed(EVENTS)
        url = f"http://127.0.0.1:{web.server_port}/a.mp4"
        ended = qwvis("run", url, *words(loopback), "--option", "send=url")
        assert ended.code == 0, ended.err
        assert loopback.requests[0].film["video_url"]["url"] == url
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twenty frames."""
    folder = tmp_path_factory.mktemp("frames") / "walk"
    folder.mkdir()
    for number in range(20):
        Image.new("RGB", (416, 256), (12 * number, 60, 90)).save(folder / f"{number}.png")
    return folder


@pytest.mark.parametrize(
    ("address", "option", "end"), [("{}", (), 0.8), ("{}#rate=10", (), 2.0), ("{}/", ("--option", "frame_rate=5"), 4.0)]
)
def test_a_folder_is_a_film_of_its_frames(
    address: str, option: tuple[str, ...], end: float, frames: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    ended = qwvis("prepare", address.format(frames), *words(loopback), *option)
    assert ended.code == 0, ended.err
    assert (ended.json["film"]["way"], ended.json["film"]["duration"]) == ("frames", pytest.approx(end))
    assert [frame["original"] for frame in ended.json["frames"]] == [[416, 256]] * len(ended.json["frames"])


def test_a_folder_of_frames_is_asked_about_and_exported(
    frames: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = streamed('[{"start": "00:00.5", "end": "00:01.0", "event": "turns"}]')
    saved = ("--option", "frame_rate=10", "--export", "srt", "--save-dir", tmp_path)
    ended = qwvis("run", frames, *words(loopback), *saved)
    assert ended.code == 0, ended.err
    assert (ended.json["file"], ended.json["annotations"][0]["label"]) == (str(frames), "turns")
    assert "00:00:00,500" in (tmp_path / "walk.srt").read_text("utf-8")
    out = tmp_path / "walk.json"
    labels = tmp_path / "gt.txt"
    labels.write_text("11,1,20,40,40,40,1,1,1,0\n")
    ended = qwvis("export", labels, "--image", f"{frames}#rate=10", "--format", "coco-video", "--out", out)
    assert ended.code == 0, ended.err
    assert json.loads(out.read_text())["images"][0]["time"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--option", "frame_rate=0"), "a film has from 0.01 to 1,000 frames a second"),
        (("--option", "frame_rate=fast"), "a film has from"),
        ((), "is a film, and detect is asked about pictures"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(
    arguments: tuple[str, ...], said: str, frames: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    ended = qwvis("run", frames, *words(loopback, "detect" if not arguments else "video-events"), *arguments)
    assert ended.code in (1, 2)
    assert said in ended.err
    assert not loopback.requests


def test_a_folder_without_frames_is_said(tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    ended = qwvis("run", tmp_path, *words(loopback))
    assert ended.code == 1
    assert "holds no pictures that could be the frames of a film" in ended.err
