"""The offline engine on drawn text; nothing leaves this machine."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rapidocr", reason="the offline engine is an extra")

import cv2
import numpy as np
from ocr_pages import columns, regions, scored
from PIL import Image, ImageDraw, ImageFont

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Finished
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers import offline_ocr
from qwvis_desktop.core.providers.base import (
    BadRequest,
    Cancelled,
    CancelToken,
    ChatRequest,
    EngineMissing,
    ImagePart,
    TextPart,
)
from qwvis_desktop.core.providers.offline_ocr import OfflineOcr
from qwvis_desktop.core.tasks import TASKS

LINES = ("Hello world 123", "Total 45.60 EUR", "Second line of text")


TURNS = {cv2.ROTATE_90_CLOCKWISE: 1, cv2.ROTATE_180: 2, cv2.ROTATE_90_COUNTERCLOCKWISE: 3}


def page() -> Any:
    pixels = np.full((480, 800, 3), 255, np.uint8)
    for number, line in enumerate(LINES):
        cv2.putText(pixels, line, (60, 100 + number * 120), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    cv2.putText(pixels, "right", (600, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    return pixels


def asked(pixels: Any) -> ChatRequest:
    height, width = pixels.shape[:2]
    data = cv2.imencode(".png", pixels)[1].tobytes()
    return ChatRequest("offline", (ImagePart(data, "image/png", width, height), TextPart("Read.")))


def pieces(pixels: Any) -> list[str]:
    return [chunk.text for chunk in OfflineOcr().stream(asked(pixels), CancelToken())]


def read(pixels: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("".join(pieces(pixels)))
    return found


@pytest.fixture(scope="module")
def upright() -> list[str]:
    """Return the pieces of the reply for the page as it is; reading takes half a second."""
    return pieces(page())


def corners(item: dict[str, Any]) -> list[Point]:
    numbers = item["location"]
    return [Point(*numbers[at : at + 2]) for at in range(0, 8, 2)]


def test_lines_in_reading_order_with_places_and_scores(upright: list[str]) -> None:
    found = json.loads("".join(upright))
    assert [item["text"] for item in found] == [LINES[0], "right", *LINES[1:]]
    for item in found:
        assert 0.9 < item["score"] <= 1.0
        assert item["score"] == round(item["score"], 3)
    first = corners(found[0])
    rows, across = np.nonzero(page()[:120, :560, 0] < 128)
    ink = Box(float(across.min()), float(rows.min()), float(across.max()) + 1, float(rows.max()) + 1)
    assert Box.from_corners(first[0], first[2]).iou(ink) > 0.9


def test_each_region_is_a_piece_of_its_own(upright: list[str]) -> None:
    assert upright[0] == "["
    assert upright[-1] == "\n]"
    for text in upright[1:-1]:
        assert json.loads(text.lstrip(",\n"))["text"]


@pytest.mark.parametrize(
    ("turn", "back"),
    [
        (cv2.ROTATE_180, lambda x, y: (800 - x, 480 - y)),
        (cv2.ROTATE_90_CLOCKWISE, lambda x, y: (y, 480 - x)),
        (cv2.ROTATE_90_COUNTERCLOCKWISE, lambda x, y: (800 - y, x)),
    ],
)
def test_a_turned_page_is_noticed_and_its_text_begins_at_its_own_top_left(
    turn: int, back: Any, upright: list[str]
) -> None:
    chunks = list(OfflineOcr().stream(asked(cv2.rotate(page(), turn)), CancelToken()))
    assert [chunk.note for chunk in chunks if chunk.note] == [offline_ocr.TURNED[TURNS[turn]]]
    in_order = json.loads("".join(chunk.text for chunk in chunks))
    found = {item["text"]: item for item in in_order}
    expected = {item["text"]: item for item in json.loads("".join(upright))}
    assert list(found) == list(expected)
    for line in LINES:
        places = [back(*corner) for corner in corners(found[line])]
        for place, corner in zip(places, corners(expected[line]), strict=True):
            assert place == pytest.approx(corner, abs=12)


def test_a_page_on_its_side_is_read_upright_and_its_lines_stay_in_place(upright: list[str], tmp_path: Path) -> None:
    """Turned by us before it is read: the first corner of each line is where the line begins in the original."""
    path = tmp_path / "side.png"
    cv2.imwrite(str(path), cv2.rotate(page(), cv2.ROTATE_90_COUNTERCLOCKWISE))
    request = InferenceRequest(
        media=open_image(path),
        task=TASKS["spot-text"],
        prompt="Read.",
        model=bundled_registry().spec("offline-ocr"),
        provider=OfflineOcr(),
        options={"rotate": 90},
        space=CoordinateSpace.SENT_PIXELS,
    )
    *_, end = run_inference(request, CancelToken())
    assert isinstance(end, Finished), end
    found = {each.text: each for each in end.run.as_read if isinstance(each, TextRegion)}
    for item in json.loads("".join(upright)):
        for place, corner in zip(found[item["text"]].polygon.points, corners(item), strict=True):
            assert (800 - place.y, place.x) == pytest.approx(corner, abs=12)


def test_columns_lie_as_drawn_and_are_read_one_after_the_other() -> None:
    drawn = columns(rows=3, size=Size(1240, 400)).turned(4)
    chunks = OfflineOcr().stream(ChatRequest("offline", (drawn.part(),)), CancelToken())
    score = scored(drawn, regions(json.loads("".join(chunk.text for chunk in chunks))))
    assert score.in_order > 0.98
    assert score.characters > 0.98
    assert score.iou > 0.85
    assert score.upright == 1
    assert score.lines == score.found


@pytest.fixture(scope="module")
def found_on_two_lines() -> Any:
    """Return where the engine finds text in the lower part of the page; looking takes most of a second."""
    return offline_ocr._engine()._found(page()[160:], CancelToken())


class TestAScriptThatIsNotKnown:
    @pytest.fixture(autouse=True)
    def look_once(self, monkeypatch: pytest.MonkeyPatch, found_on_two_lines: Any) -> None:
        assert len(found_on_two_lines) == 2
        self.found = found_on_two_lines

    def told(self, monkeypatch: pytest.MonkeyPatch, *read: tuple[str, float]) -> tuple[list[Any], list[str]]:
        monkeypatch.setattr(offline_ocr._engine(), "_found", lambda _pixels, _cancel: self.found)
        monkeypatch.setattr(offline_ocr._engine(), "_recognised", iter_of(read))
        chunks = list(OfflineOcr().stream(asked(page()[160:]), CancelToken()))
        return json.loads("".join(chunk.text for chunk in chunks)), [chunk.note for chunk in chunks if chunk.note]

    @pytest.mark.parametrize("read", [("   .", 0.91), ("", 0.0), ("77DD DIDON", 0.4)])
    def test_nothing_is_made_up_and_it_is_said(self, read: tuple[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
        found, notes = self.told(monkeypatch, read)
        assert found == []
        assert notes == [offline_ocr.UNREAD.format(unread=2, found=2)]
        assert "choose a Qwen model" in notes[0]

    def test_what_is_read_nevertheless_is_told_with_its_score(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found, notes = self.told(monkeypatch, ("about as long", 0.6))
        assert [item["score"] for item in found] == [0.6] * 2
        assert len(notes) == 1

    def test_drawn_cyrillic(self) -> None:
        fonts = sorted(Path("/usr/share/fonts").glob("**/DejaVuSans.ttf"))
        if not fonts:
            pytest.skip("no font for Cyrillic on this machine")
        picture = Image.new("RGB", (700, 160), "white")
        text = "Пожалуйста, возьмите тёплую куртку.\nПаром отходит от второго причала."
        ImageDraw.Draw(picture).multiline_text(
            (40, 30), text, fill="black", font=ImageFont.truetype(str(fonts[0]), 28), spacing=24
        )
        chunks = list(OfflineOcr().stream(asked(np.asarray(picture)), CancelToken()))
        assert "".join(chunk.text for chunk in chunks) == "[]"
        assert chunks[-1].note == offline_ocr.UNREAD.format(unread=2, found=2)


def iter_of(read: Sequence[tuple[str, float]]) -> Any:
    answers = cycle(read)
    return lambda straight: next(answers)


def test_notes_are_kept_with_the_run(tmp_path: Path) -> None:
    path = tmp_path / "head.png"
    cv2.imwrite(str(path), cv2.rotate(page(), cv2.ROTATE_180))
    request = InferenceRequest(
        media=open_image(path),
        task=TASKS["spot-text"],
        prompt="Read.",
        model=bundled_registry().spec("rapidocr"),
        provider=OfflineOcr(),
        options={"max_pixels": 240_000},
    )
    *_, end = run_inference(request, CancelToken())
    assert isinstance(end, Finished), end
    smaller, turned = end.run.notes
    assert smaller.startswith("head.png has 800 x 480 pixels and was read at 632 x 379, so small print")
    assert turned == offline_ocr.TURNED[2]


def test_plain_text_joins_what_stands_side_by_side() -> None:
    chunks = list(OfflineOcr(as_text=True).stream(asked(page()), CancelToken()))
    assert "".join(chunk.text for chunk in chunks) == f"{LINES[0]} right\n{LINES[1]}\n{LINES[2]}"
    assert chunks[-1].finish_reason == "stop"


def test_a_page_without_text() -> None:
    blank = np.full((100, 100, 3), 255, np.uint8)
    assert read(blank) == []
    assert [chunk.text for chunk in OfflineOcr(as_text=True).stream(asked(blank), CancelToken())] == [""]


def test_a_stop_is_heard() -> None:
    cancel = CancelToken()
    stream = OfflineOcr().stream(asked(page()), cancel)
    next(stream)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(stream)


@pytest.mark.parametrize(
    "request_", [ChatRequest("m", (TextPart("x"),)), ChatRequest("m", (ImagePart(b"no", "image/png", 1, 1),))]
)
def test_no_picture_is_said(request_: ChatRequest) -> None:
    with pytest.raises(BadRequest, match="picture"):
        list(OfflineOcr().stream(request_, CancelToken()))


def test_without_the_engine_the_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    monkeypatch.setattr(offline_ocr, "_make_engine", offline_ocr._Engine)
    with pytest.raises(EngineMissing, match=r'pip install "qwvis-desktop\[ocr\]"'):
        list(OfflineOcr().stream(asked(page()), CancelToken()))


def test_missing_models_are_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import rapidocr

    monkeypatch.setattr(rapidocr, "__file__", str(tmp_path / "__init__.py"))
    monkeypatch.setattr(offline_ocr, "_make_engine", offline_ocr._Engine)
    with pytest.raises(EngineMissing, match="model 'det' is missing"):
        list(OfflineOcr().stream(asked(page()), CancelToken()))


def test_it_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    read(np.full((64, 64, 3), 255, np.uint8))
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("RapidOCR").level >= logging.CRITICAL
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
