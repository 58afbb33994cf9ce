"""core.request.film_plan: which way a film goes, how many frames the model sees, and what mends what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import NO_ATTRIBUTES, Attributes, JsonValue
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.film_plan import FilmFacts, FilmPlan, FilmRoom, film_findings, plan_film, video_facts
from qwvis_desktop.core.request.limits import Finding, findings

MODEL = bundled_registry().spec("qwen3-vl-plus")
FILM = FilmFacts(name="a.mp4", size=Size(1920, 1080), seconds=60, rate=30, frames=1800, byte_count=5_000_000)
DASHSCOPE = FilmRoom("DashScope")
VLLM = FilmRoom("vLLM", frames=False)
OLLAMA = FilmRoom("Ollama", 0, frames=False, links=False, longest_side=1024)


def plan(film: FilmFacts = FILM, room: FilmRoom = DASHSCOPE, options: Attributes = NO_ATTRIBUTES) -> FilmPlan:
    return plan_film(film, MODEL, options, room)


def found(
    film: FilmFacts = FILM, room: FilmRoom = DASHSCOPE, options: Attributes = NO_ATTRIBUTES, model: str = ""
) -> list[Finding]:
    spec = bundled_registry().spec(model) if model else MODEL
    made = plan_film(film, spec, options, room) if spec.video is not None else None
    limits = findings(spec, [], "", options, [video_facts(film, made, room)])
    return [*film_findings(film, made, spec, options, room), *limits]


LARGE = replace(FILM, byte_count=100_000_001)
LINKED = replace(LARGE, link="https://host/a.mp4")


@pytest.mark.parametrize(
    ("film", "room", "options", "way"),
    [
        (FILM, DASHSCOPE, {}, FilmWay.FILE),
        (LARGE, DASHSCOPE, {}, FilmWay.FRAMES),
        (LINKED, DASHSCOPE, {}, FilmWay.URL),
        (FILM, DASHSCOPE, {"range": "10-20"}, FilmWay.FRAMES),
        (FILM, DASHSCOPE, {"range": "0-60"}, FilmWay.FILE),
        (LINKED, DASHSCOPE, {"range": [10, 20]}, FilmWay.FRAMES),
        (replace(FILM, mime="video/webm"), DASHSCOPE, {}, FilmWay.FRAMES),
        (replace(FILM, mime="inode/directory", byte_count=0), DASHSCOPE, {}, FilmWay.FRAMES),
        (replace(FILM, seconds=36_000), DASHSCOPE, {}, FilmWay.FRAMES),
        (replace(FILM, seconds=1), DASHSCOPE, {}, FilmWay.FRAMES),
        (replace(LINKED, seconds=36_000), DASHSCOPE, {}, FilmWay.FRAMES),
        (replace(FILM, seconds=36_000), DASHSCOPE, {"send": "file"}, FilmWay.FILE),
        (replace(FILM, seconds=1), VLLM, {}, FilmWay.FILE),
        (FILM, VLLM, {}, FilmWay.FILE),
        (FILM, VLLM, {"range": "10-20"}, FilmWay.CLIP),
        (FILM, OLLAMA, {}, FilmWay.PICTURES),
        (LINKED, OLLAMA, {}, FilmWay.PICTURES),
        (FILM, DASHSCOPE, {"send": "frames"}, FilmWay.FRAMES),
        (FILM, DASHSCOPE, {"send": "auto"}, FilmWay.FILE),
        (FILM, DASHSCOPE, {"send": "by pigeon"}, FilmWay.FILE),
    ],
)
def test_the_way(film: FilmFacts, room: FilmRoom, options: dict[str, JsonValue], way: FilmWay) -> None:
    assert plan(film, room, options).way is way


@pytest.mark.parametrize(
    ("seconds", "options", "frames"),
    [
        (60, {}, 120),
        (60, {"fps": 0.5}, 30),
        (60, {"range": "10-20"}, 20),
        (60, {"max_frames": 16}, 16),
        (3600, {}, 2000),
        (3600, {"send": "frames"}, 512),
        (3600, {"send": "frames", "max_frames": 900}, 900),
        (60, {"fps": 99}, 120),
        (1, {}, 4),
    ],
)
def test_how_many_frames(seconds: float, options: dict[str, JsonValue], frames: int) -> None:
    film = replace(FILM, seconds=seconds, frames=round(seconds * 30))
    assert plan(film, DASHSCOPE, options).frames == frames


def test_tokens_are_the_makers_own() -> None:
    assert plan().tokens == 35_642
    assert plan().size == Size(1056, 576)


def test_pixels_are_limited_of_each_frame_and_of_all() -> None:
    small = plan(options={"frame_pixels": 100_000})
    assert small.size.pixels <= 100_000
    assert plan(options={"total_pixels": 6_000_000}).size.pixels <= 6_000_000 / 120 * 2
    assert small.tokens < plan().tokens


def test_pictures_stay_below_what_a_server_would_make_smaller() -> None:
    pictures = plan(room=OLLAMA)
    assert max(pictures.size) <= 1024
    assert pictures.frames == 64
    assert pictures.tokens == 64 * (pictures.size.pixels // 1024 + 2 + 8)


@given(
    st.floats(0.1, 40_000),
    st.floats(1, 240),
    st.floats(0.1, 10),
    st.one_of(st.none(), st.integers(4, 2000)),
    st.tuples(st.floats(0, 50_000), st.floats(0, 50_000)),
)
def test_any_film_has_a_plan(
    seconds: float, rate: float, fps: float, most: int | None, part: tuple[float, float]
) -> None:
    film = replace(FILM, seconds=seconds, rate=rate, frames=max(1, round(seconds * rate)))
    options: dict[str, JsonValue] = {"fps": fps, "range": [*part]}
    options |= {} if most is None else {"max_frames": most}
    made = plan(film, DASHSCOPE, options)
    assert 0 <= made.start < made.end <= seconds
    assert 4 <= made.frames <= (most or 2000)
    assert made.tokens > 0


@pytest.mark.parametrize(
    ("film", "room", "options", "code", "mended"),
    [
        (LARGE, DASHSCOPE, {"send": "file"}, "video-bytes", {"send": "clip"}),
        (FILM, OLLAMA, {"send": "clip"}, "video-way", {"send": "pictures"}),
        (replace(FILM, seconds=3700, frames=99_999), DASHSCOPE, {"send": "file"}, "video-seconds", {"send": "frames"}),
        (replace(FILM, seconds=1, frames=240), DASHSCOPE, {"send": "file"}, "video-seconds", {"send": "frames"}),
        (FILM, DASHSCOPE, {"send": "url"}, "video-way", {"send": None}),
        (FILM, OLLAMA, {"send": "file"}, "video-way", {"send": "pictures"}),
        (FILM, VLLM, {"send": "frames"}, "video-way", {"send": "pictures"}),
        (FILM, DASHSCOPE, {"send": "file", "range": "10-20"}, "video-part", {"send": "frames"}),
        (FILM, DASHSCOPE, {"range": "70-80"}, "video-part", {"range": None}),
        (FILM, DASHSCOPE, {"range": "20-10"}, "option:range", {"range": None}),
        (FILM, DASHSCOPE, {"fps": 20}, "option:fps", {"fps": 10}),
        (FILM, DASHSCOPE, {"max_frames": 3}, "option:max_frames", {"max_frames": 4}),
        (replace(FILM, mime="video/webm"), DASHSCOPE, {"send": "file"}, "video-format", {"send": "frames"}),
    ],
)
def test_what_does_not_fit_is_said_and_mended(
    film: FilmFacts, room: FilmRoom, options: dict[str, JsonValue], code: str, mended: dict[str, JsonValue]
) -> None:
    first = found(film, room, options)[0]
    assert (first.code, first.refused) == (code, True)
    assert first.message.endswith(".")
    assert first.remedy is not None
    assert first.remedy.options is not None
    assert mended.items() <= first.remedy.options.items()
    changed = {name: value for name, value in {**options, **first.remedy.options}.items() if value is not None}
    assert [finding.code for finding in found(film, room, changed)] == []


def test_what_fits_needs_no_word() -> None:
    assert found() == []


def test_a_model_that_takes_no_films_says_so() -> None:
    assert [finding.code for finding in found(model="qwen-vl-ocr")] == ["video"]


def test_more_tokens_than_a_model_takes_are_fewer_frames() -> None:
    film = replace(FILM, seconds=600, frames=18_000)
    (finding,) = found(film, OLLAMA, {"max_frames": 1200})
    assert finding.code == "tokens"
    assert finding.remedy is not None
    assert finding.remedy.options is not None
    assert found(film, OLLAMA, finding.remedy.options) == []


@pytest.mark.parametrize(("film", "way"), [(FILM, "file"), (LINKED, "url")])
def test_what_is_seen_whole_is_counted_whole_whatever_part_is_set(film: FilmFacts, way: str) -> None:
    part: Attributes = {"send": way, "range": "10-20"}
    assert plan_film(film, MODEL, part, DASHSCOPE) == plan_film(film, MODEL, {"send": way}, DASHSCOPE)
    assert [finding.code for finding in found(film, options=part)] == ["video-part"]
