"""All replies of the corpus: how many items, and each within a pixel of its place.

``corpus_counts.json`` holds how many items each reply holds and how reading it ends. The counts are checked here
against the keys, tags and ranges that plain patterns find in the raw reply, and the places are computed from the
numbers found so, with the rules of the corpus's README; neither knows anything of the reader.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from reply_reading import context, read

from qwvis_desktop.core.annotation import Annotation, Cuboid, Keypoint, ReplyStatus, TextRegion, VideoEvent, bounds_of
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ParsedReply

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus" / "cases.json"
COUNTS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "corpus_counts.json").read_text("utf-8"))
PIXEL_FAMILIES = ("qwen2.5-vl", "qwen-vl-max", "gui-plus")
NUMBER = r"-?\d+(?:\.\d+)?"

needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of replies is not beside this checkout")


def cases() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(CORPUS.read_text("utf-8"))}


def parsed(case: dict[str, Any]) -> ParsedReply:
    return parsed_as(case["id"])


@cache
def parsed_as(name: str) -> ParsedReply:
    case = cases()[name]
    size = Size(*(case["image_size"] or (1000, 1000)))
    sent = Size(*(case.get("resized_size") or size))
    space = "sent-pixels" if case["model_family"] in PIXEL_FAMILIES else "relative-1000"
    return read(case["reply"], context(COUNTS[case["id"]]["task"], space, original=size, sent=sent))


def rows(pattern: str, reply: str) -> list[list[float]]:
    return [[float(n) for n in re.findall(NUMBER, found)] for found in re.findall(pattern, reply)]


def written(reply: str, task: str) -> list[list[float]]:
    """Return the numbers of each item in their order, found by patterns that know nothing of the reader."""
    box = re.sub(r"(?s)<img data-bbox.*?/>|.*?</think>", "", reply)
    if task == "document-html":
        closed = re.findall(r'<(h\d|p|div)[^<>]*?data-bbox="([^"]*)"[^>]*>(?:(?!<\1 ).)*?</\1>', box, re.DOTALL)
        return [[float(n) for n in numbers.split()] for _, numbers in closed]
    return list(
        chain(
            rows(r"[\"']bbox_[23]d[\"']: ?\[([^\]]*)\]", box),
            rows(r"\"(?:point_2d|coordinate)\": ?\[([^\]]*)\]", box),
            rows(r"\"rotate_rect\": ?\[([^\]]*)\]", box),
            rows(r"<box>(.*?)</box>", box),
            rows(r'<points x="(\d+" y="\d+)', re.sub(r"\b([xy])1=", r"\1=", box)),
            rows(r'"x": (\d+,\s*"y": \d+)', box),
        )
    )


def counted(reply: str, task: str) -> int:
    """Return how many items there are by what plain patterns find."""
    if task == "video-events":
        return len(re.findall(r'"start_time"|\d[\d:.]*\s*-\s*\d[\d:.]*', reply))
    if task == "document-html":
        leaf = r"(?s)<(p|h\d|li|table|img|div)\b[^>]*>(?:(?!<\1[ >]).)*?</\1>"
        if "data-bbox" not in reply:
            leaf = r"(?s)<(h\d|p|li|span)\b[^>]*>(?:(?!<\1[ >]).)*?</\1>|<img[^>]*>"
        return len(re.findall(leaf, reply))
    return len(written(reply, task))


def turned(rect: list[float], size: Size) -> list[tuple[float, float]]:
    cx, cy, w, h, degrees = rect
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(-w, h), (-w, -h), (w, -h), (w, h)]
    return [
        ((cx + a / 2 * c - b / 2 * s) / 1000 * size.width, (cy + a / 2 * s + b / 2 * c) / 1000 * size.height)
        for a, b in corners
    ]


def clipped(x: float, y: float, size: Size) -> tuple[float, float]:
    return min(max(x, 0), size.width), min(max(y, 0), size.height)


def distance(annotation: Annotation, numbers: list[float], case: dict[str, Any]) -> float:
    """Return how many pixels (metres for cuboids) an annotation is off its place."""
    if isinstance(annotation, Cuboid):
        told = (*annotation.center, *annotation.size, *annotation.angles)
        return max(abs(a - b) for a, b in zip(told, numbers, strict=True))
    size = Size(*(case["image_size"] or (1000, 1000)))
    across, down = case.get("resized_size") or size
    if case["model_family"] not in PIXEL_FAMILIES:
        across, down = 1000, 1000
    if len(numbers) == 5:
        assert isinstance(annotation, TextRegion)
        corners = [clipped(x, y, size) for x, y in turned(numbers, size)]
        return max(math.dist(a, b) for a, b in zip(annotation.polygon.points, corners, strict=True))
    pairs = [
        clipped(x / across * size.width, y / down * size.height, size)
        for x, y in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    if isinstance(annotation, Keypoint):
        return math.dist(annotation.point, pairs[0])
    box = bounds_of(annotation)
    assert box is not None
    return max(math.dist((box.left, box.top), pairs[0]), math.dist((box.right, box.bottom), pairs[1]))


@needs_corpus
def test_the_counts_are_what_plain_patterns_find() -> None:
    for name, case in cases().items():
        assert counted(case["reply"], COUNTS[name]["task"]) == COUNTS[name]["count"], name


@needs_corpus
def test_every_reply_gives_its_items_in_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    table = [f"{'reply':28}{'task':22}{'items':>6}{'due':>5}{'worst':>8}  status"]
    wrong = []
    found = cases()
    assert len(found) == 66
    assert found.keys() == COUNTS.keys()
    for name, case in found.items():
        reply, due = parsed(case), COUNTS[name]
        placed = [
            a for a in reply.annotations if not isinstance(a, VideoEvent) and (isinstance(a, Cuboid) or bounds_of(a))
        ]
        numbers = written(case["reply"], due["task"]) if placed else []
        worst = math.inf
        if len(placed) == len(numbers):
            worst = max((distance(a, n, case) for a, n in zip(placed, numbers, strict=True)), default=0.0)
        line = f"{name:28}{due['task']:22}{len(reply.annotations):6}{due['count']:5}{worst:8.3f}  {reply.status}"
        table.append(line)
        if len(reply.annotations) != due["count"] or worst > 1.0 or reply.status != due["status"]:
            wrong.append(line)
    with capsys.disabled():
        print("\n" + "\n".join(table))
    assert not wrong, "\n".join(wrong)


@needs_corpus
@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("q25-video-range-seconds", [(64.0, 72.0)]),
        ("q25-video-events", [(0.0, 21.8), (23.9, 95.6), (97.8, 168.8), (170.0, 259.8)]),
        (
            "q3-video-events-dict",
            [(23, 48), (56, 88), (89, 98), (100, 122), (122, 128), (129, 134), (139, 150), (153, 160), (195, 200)],
        ),
    ],
)
def test_events_have_their_times(name: str, events: list[tuple[float, float]]) -> None:
    reply = parsed(cases()[name])
    told = [time for a in reply.annotations if isinstance(a, VideoEvent) for time in (a.start, a.end)]
    assert told == pytest.approx(list(chain(*events)))


@needs_corpus
@pytest.mark.parametrize("way", list(FilmWay))
@pytest.mark.parametrize("start", [0.0, 12.5])
def test_events_lie_in_the_film_whatever_was_sent_of_it(way: FilmWay, start: float) -> None:
    """Through the path of films: a film of 300 seconds, seen twice a second from where the part begins."""
    begins = start if way not in (FilmWay.FILE, FilmWay.URL) else 0.0
    film = FilmSent(
        way=way,
        duration=300,
        start=begins,
        end=300,
        fps=2,
        times=tuple(begins + place / 2 for place in range(2 * int(300 - begins))),
        size=Size(640, 352),
    )
    found = cases()
    videos = {name: case for name, case in found.items() if COUNTS[name]["task"] == "video-events"}
    assert len(videos) == 3
    for name, case in videos.items():
        own = [a for a in parsed(case).annotations if isinstance(a, VideoEvent)]
        where = replace(context("video-events"), film=film)
        shifted = [a for a in read(case["reply"], where).annotations if isinstance(a, VideoEvent)]
        assert [a.label for a in shifted] == [a.label for a in own], name
        for before, after in zip(own, shifted, strict=True):
            assert after.start == pytest.approx(before.start + begins, abs=0.02)
            assert after.end == pytest.approx(before.end + begins, abs=0.02)


@needs_corpus
def test_the_services_own_corners_agree_with_ours() -> None:
    case = cases()["cn-ocr-rotated"]
    due = [word["location"] for word in case["ocr_result"]["words_info"]]
    size = Size(6000, 3000)
    reply = read(case["reply"], context("spot-text", original=size, sent=size))
    for annotation, location in zip(reply.annotations, due, strict=True):
        assert isinstance(annotation, TextRegion)
        for point, pair in zip(annotation.polygon.points, zip(location[::2], location[1::2], strict=True), strict=True):
            # The service cut its corners in thousandths to whole numbers: up to 6 by 3 pixels.
            x, y = clipped(*pair, size)
            assert abs(point.x - x) <= 6
            assert abs(point.y - y) <= 3


@needs_corpus
def test_the_location_of_the_service_wins_over_what_the_text_says() -> None:
    case = cases()["cn-ocr-webpage-padded"]
    size = Size(*case["image_size"])
    reply = read(json.dumps(case["ocr_result"], ensure_ascii=False), context("spot-text", original=size, sent=size))
    told = [
        value for a in reply.annotations if isinstance(a, TextRegion) for point in a.polygon.points for value in point
    ]
    assert told == pytest.approx(list(chain(*(word["location"] for word in case["ocr_result"]["words_info"]))))


@needs_corpus
def test_prose_stays_prose() -> None:
    for name, case in cases().items():
        reply = parsed(case)
        if COUNTS[name]["task"] in ("ask", "read-text", "ocr:document_parsing"):
            assert reply.text == case["reply"].strip()
            assert reply.status is ReplyStatus.OK
            assert reply.annotations == ()


@needs_corpus
def test_labels_and_texts_are_the_models_own() -> None:
    found = cases()
    names = [a.label for a in parsed(found["q3-2d-anime-broken"]).annotations]
    assert names[5] == "伊黑小芭内"
    assert len(set(names)) == 9
    caption = [a.label for a in parsed(found["qwenvl1-caption"]).annotations]
    assert caption == ["Woman", "her dog"]
    food = parsed(found["q3-2d-food"]).annotations[2]
    assert food.label == "土豆胡萝卜排骨汤"
    assert food.attributes["name_en"] == "Potato Carrot Pork Rib Soup"
