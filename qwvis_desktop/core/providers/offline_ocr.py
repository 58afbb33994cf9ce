"""Reading text with the engine on this machine (RapidOCR): no key, no network, a score for each line.

It answers in the form of a model, so that its reply is read, kept and read again like any other: a JSON list with one
object for each region of text, ``{"text": "...", "location": [x1, y1, ..., x4, y4], "score": 0.98}``, in pixels of the
picture as sent (``CoordinateSpace.SENT_PIXELS``), the corners clockwise from the text's own top left; or plain text.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import Any

from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.providers.base import (
    BadRequest,
    CancelToken,
    ChatRequest,
    EngineMissing,
    ImagePart,
    ReplyChunk,
)
from qwvis_desktop.core.providers.ocr_page import (
    Corners,
    Pixels,
    Region,
    crop,
    extent,
    goes_on,
    in_order,
    joined,
    on_its_side,
    parts,
    turned,
    upside_down,
)

NAME = "Offline OCR"

LEAST_SCORE = 0.5
"""Regions below it are left out: most of them are no text (the engine's own default)."""

LEAST_DENSITY = 0.4
"""Characters on a stretch as long as the outline is high, at least: Latin text has about 3, Chinese 1.5. Of a script
that it does not know the engine tells the full stops alone, with a high score."""

DOUBTFUL_SCORE = 0.75
"""Where half of the lines of a page are below it, or not read at all, the script is one that the engine can't read."""

SURE_SCORE = 0.85
"""Regions below it are read once more upside down: text on its head scores 0.64 to 0.73, upright 0.96 and more."""

FIRST_LOOK = 900
"""Pixels of the shorter side at which a page is searched first; it takes a third of the time of a page of 1240."""

SMALL_PRINT = 15
"""Pixels of an outline's height in the first look, below which the page is searched again as large as it is."""

LEAST_CONTRAST = 8
"""Grey levels between the lightest and the darkest of a page; one with less is empty and not searched."""

PROBES = 3
"""Lines by which a page is found to stand the right way up, or not."""

THREADS = 4
"""Threads that the engine uses at most; one processor is left to the window."""


TURNED = {
    1: "The page lies on its side, turned clockwise; its text was read from there.",
    2: "The page stands upside down; its text was read the right way up.",
    3: "The page lies on its side, turned counterclockwise; its text was read from there.",
}
"""What is said of a page, by its quarter turns clockwise."""

UNREAD = (
    "{unread} of {found} lines on the page could not be read, or hardly. The offline engine knows Latin letters, "
    "Chinese and Japanese; for other scripts, such as Cyrillic, Greek, Arabic, Hebrew, Korean, Thai or Devanagari, and "
    "for handwriting choose a Qwen model."
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A region as read, with the engine's score."""

    text: str
    region: Region
    score: float

    @property
    def is_text(self) -> bool:
        """Whether it is told: something was read, not too doubtfully, and not a mere part of what stands there."""
        width, height = extent(self.region.found)
        characters = len("".join(self.text.split()))
        return characters >= max(1, LEAST_DENSITY * width / height) and self.score >= LEAST_SCORE


class OfflineOcr:
    """The engine on this machine.

    Args:
        as_text: answer with the plain text instead of the list with places.
    """

    def __init__(self, as_text: bool = False) -> None:
        self.as_text = as_text

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return NAME

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Read the pictures of ``request`` and yield the reply, one region after the other in reading order.

        Raises:
            EngineMissing: the engine is not installed.
            BadRequest: there is no picture in the request, or it cannot be decoded.
            Cancelled: the user stopped it; the step under way is finished first.
        """
        pictures = [part for part in request.parts if isinstance(part, ImagePart)]
        if not pictures:
            raise BadRequest("There is no picture to read text from. Open one, then run again.")
        engine = _engine()
        notes: list[str] = []
        lines = (line for picture in pictures for line in engine.read(_decoded(picture), cancel, notes))
        yield from _as_text(lines) if self.as_text else _as_json(lines)
        yield from (ReplyChunk(note=note) for note in dict.fromkeys(notes))


def _as_json(lines: Iterator[_Line]) -> Iterator[ReplyChunk]:
    yield ReplyChunk(text="[")
    before = "\n"
    for line in lines:
        location = [round(number, 1) for corner in line.region.corners for number in corner]
        entry = {"text": line.text, "location": location, "score": round(line.score, 3)}
        yield ReplyChunk(text=before + json.dumps(entry, ensure_ascii=False))
        before = ",\n"
    yield ReplyChunk(text="]" if before == "\n" else "\n]", finish_reason="stop")


def _as_text(lines: Iterator[_Line]) -> Iterator[ReplyChunk]:
    previous: _Line | None = None
    for line in lines:
        before = "" if previous is None else " " if goes_on(previous.region, line.region) else "\n"
        yield ReplyChunk(text=before + line.text)
        previous = line
    yield ReplyChunk(finish_reason="stop")


def _decoded(picture: ImagePart) -> Pixels:
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise BadRequest("The picture cannot be decoded by the offline engine. Save it as JPEG or PNG and try again.")
    return pixels


class _Engine:
    """RapidOCR, made once; one thread at a time."""

    def __init__(self) -> None:
        # Before the import: the runtime reads it there.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import rapidocr

        models = Path(rapidocr.__file__).parent / "models"
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        self._ocr: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": max(1, min(THREADS, (os.cpu_count() or 2) - 1)),
                # Given by path, a model is never looked for on the network.
                "Det.model_path": _model(models, "det"),
                "Rec.model_path": _model(models, "rec"),
            }
        )
        self._lock = threading.Lock()

    def read(self, pixels: Pixels, cancel: CancelToken, notes: list[str]) -> Iterator[_Line]:
        """Yield the lines of text in reading order, whichever way up the page stands; add to ``notes`` what to say."""
        boxes = self._found(pixels, cancel)
        turn = self._turn(pixels, boxes, cancel)
        doubtful = 0
        for region in in_order(pixels, boxes, turn):
            cancel.check()
            line = self._read_line(pixels, region)
            doubtful += not line.is_text or line.score < DOUBTFUL_SCORE
            if line.is_text:
                yield line
        if turn in TURNED:
            notes.append(TURNED[turn])
        if boxes and 2 * doubtful >= len(boxes):
            notes.append(UNREAD.format(unread=doubtful, found=len(boxes)))

    def _found(self, pixels: Pixels, cancel: CancelToken) -> list[Corners]:
        """Return where text stands: searched small first, and once more as large as it is where that was too small."""
        import cv2

        height, width = pixels.shape[:2]
        scale = min(1.0, FIRST_LOOK / min(height, width))
        small = pixels if scale == 1 else cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if int(small.max()) - int(small.min()) < LEAST_CONTRAST:
            return []
        boxes = self._search(small, cancel)
        heights = sorted(min(extent(box)) for box in boxes)
        if scale < 1 and (len(heights) < 2 or quantiles(heights, n=10)[0] < SMALL_PRINT):
            return self._search(pixels, cancel)
        across, down = width / small.shape[1], height / small.shape[0]
        return [_corners((point.x * across, point.y * down) for point in box) for box in boxes]

    def _search(self, pixels: Pixels, cancel: CancelToken) -> list[Corners]:
        height, width = pixels.shape[:2]
        boxes: list[Corners] = []
        pieces = parts(Size(width, height))
        for part in pieces:
            cancel.check()
            left, top, right, bottom = (int(side) for side in (part.left, part.top, part.right, part.bottom))
            with self._lock:
                found = self._ocr(_padded(pixels[top:bottom, left:right]), use_det=True, use_cls=False, use_rec=False)
            if found.boxes is not None:
                boxes += [_corners((x + left, y + top) for x, y in box) for box in found.boxes]
        return joined(boxes) if len(pieces) > 1 else boxes

    def _turn(self, pixels: Pixels, boxes: Sequence[Corners], cancel: CancelToken) -> int:
        """Return by how many quarter turns the page stands turned: its longest lines are read to find out."""
        turn = 1 if on_its_side(boxes) else 0
        gains = []
        for box in sorted(turned(boxes, turn), key=_length)[-PROBES:]:
            cancel.check()
            _, upright = self._recognised(crop(pixels, box))
            if upright >= SURE_SCORE:
                return turn
            _, other = self._recognised(crop(pixels, upside_down(box)))
            if other >= SURE_SCORE:
                return turn + 2
            gains.append(other - upright)
        return turn + 2 if sum(gains) > 0 else turn

    def _read_line(self, pixels: Pixels, region: Region) -> _Line:
        import cv2

        straight = crop(pixels, region.found)
        text, score = self._recognised(straight)
        if score < SURE_SCORE:
            other, better = self._recognised(cv2.rotate(straight, cv2.ROTATE_180))
            if better > score:
                return _Line(other, replace(region, corners=upside_down(region.corners)), better)
        return _Line(text, region, score)

    def _recognised(self, straight: Pixels) -> tuple[str, float]:
        # One by one: lines read together are all padded to the longest, which takes longer than it saves.
        with self._lock:
            result = self._ocr.recognize_txt([straight])
        return str(result.txts[0]), float(result.scores[0])


_making = threading.Lock()


@cache
def _make_engine() -> _Engine:
    return _Engine()


def _engine() -> _Engine:
    """Return the engine; the first call loads it, which takes about a second.

    Raises:
        EngineMissing: it is not installed, or not whole.
    """
    try:
        with _making:
            return _make_engine()
    except ImportError as error:
        raise EngineMissing(
            'The offline OCR engine is not installed. Install it with: pip install "qwvis-desktop[ocr]"',
            details=f"{type(error).__name__}: {error}",
        ) from error


def _model(folder: Path, kind: str) -> str:
    found = sorted(folder.glob(f"*_{kind}_*.onnx"))
    if not found:
        raise EngineMissing(
            f"The offline OCR engine is not whole: its model '{kind}' is missing. "
            'Install it anew with: pip install --force-reinstall "qwvis-desktop[ocr]"',
            details=str(folder),
        )
    return str(found[-1])


def _corners(box: Iterable[Iterable[float]]) -> Corners:
    first, second, third, fourth = (Point(float(x), float(y)) for x, y in box)
    return first, second, third, fourth


def _padded(pixels: Pixels) -> Pixels:
    """Return a narrow strip with a margin on its right: the engine would enlarge it beyond measure."""
    import cv2

    height, width = pixels.shape[:2]
    missing = height // 4 - width
    return cv2.copyMakeBorder(pixels, 0, 0, 0, missing, cv2.BORDER_REPLICATE) if missing > 0 else pixels


def _length(box: Corners) -> int:
    return extent(box)[0]
