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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from qwvis_desktop.core.geometry import Point, Polygon
from qwvis_desktop.core.plane.reading_order import columns_first
from qwvis_desktop.core.providers.base import (
    BadRequest,
    CancelToken,
    ChatRequest,
    EngineMissing,
    ImagePart,
    ReplyChunk,
)

NAME = "Offline OCR"

LEAST_SCORE = 0.5
"""Regions below it are left out: most of them are no text (the engine's own default)."""

SURE_SCORE = 0.85
"""Regions below it are read once more upside down: text on its head scores 0.64 to 0.73, upright 0.96 and more."""

UPRIGHT_RATIO = 1.5
"""Regions this many times higher than wide are lines that run up or down; they are turned before they are read."""

BATCH = 6
"""Regions read at once; between two batches the reply is told and a stop is heard."""

Pixels: TypeAlias = Any  # a numpy array, B, G, R; numpy is loaded late
Corners: TypeAlias = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class _Line:
    """A region as read: corners clockwise from the text's own top left, in pixels."""

    text: str
    corners: Corners
    score: float


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
        lines = (line for picture in pictures for line in engine.read(_decoded(picture), cancel))
        yield from _as_text(lines) if self.as_text else _as_json(lines)


def _as_json(lines: Iterator[_Line]) -> Iterator[ReplyChunk]:
    yield ReplyChunk(text="[")
    before = "\n"
    for line in lines:
        location = [round(number, 1) for corner in line.corners for number in corner]
        entry = {"text": line.text, "location": location, "score": round(line.score, 3)}
        yield ReplyChunk(text=before + json.dumps(entry, ensure_ascii=False))
        before = ",\n"
    yield ReplyChunk(text="]" if before == "\n" else "\n]", finish_reason="stop")


def _as_text(lines: Iterator[_Line]) -> Iterator[ReplyChunk]:
    previous: _Line | None = None
    for line in lines:
        before = "" if previous is None else " " if _beside(previous, line) else "\n"
        yield ReplyChunk(text=before + line.text)
        previous = line
    yield ReplyChunk(finish_reason="stop")


def _beside(previous: _Line, line: _Line) -> bool:
    """Say whether ``line`` goes on in the same line of the page: further right, its middle at the same height."""
    middle = sum(corner.y for corner in line.corners) / 4
    top, bottom = min(c.y for c in previous.corners), max(c.y for c in previous.corners)
    return top < middle < bottom and line.corners[0].x >= previous.corners[0].x


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
                # Given by path, a model is never looked for on the network.
                "Det.model_path": _model(models, "det"),
                "Rec.model_path": _model(models, "rec"),
            }
        )
        self._lock = threading.Lock()

    def read(self, pixels: Pixels, cancel: CancelToken) -> Iterator[_Line]:
        """Yield the regions of text in reading order."""
        cancel.check()
        with self._lock:
            found = self._ocr(pixels, use_det=True, use_cls=False, use_rec=False).boxes
        seen = [] if found is None else [_corners(box) for box in found]
        boxes = [seen[place] for place in columns_first([Polygon(box).bounds for box in seen])]
        for start in range(0, len(boxes), BATCH):
            cancel.check()
            yield from self._read_batch(pixels, boxes[start : start + BATCH])

    def _read_batch(self, pixels: Pixels, boxes: Sequence[Corners]) -> Iterator[_Line]:
        import cv2

        boxes = [_running(box) for box in boxes]
        crops = [_crop(pixels, box) for box in boxes]
        lines = [_Line(text, box, score) for box, (text, score) in zip(boxes, self._recognised(crops), strict=True)]
        doubtful = [number for number, line in enumerate(lines) if line.score < SURE_SCORE]
        turned = [cv2.rotate(crops[number], cv2.ROTATE_180) for number in doubtful]
        for number, (text, score) in zip(doubtful, self._recognised(turned), strict=True):
            if score > lines[number].score:
                first, second, third, fourth = lines[number].corners
                lines[number] = _Line(text, (third, fourth, first, second), score)
        yield from (line for line in lines if line.text.strip() and line.score >= LEAST_SCORE)

    def _recognised(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        if not crops:
            return []
        with self._lock:
            result = self._ocr.recognize_txt(list(crops))
        return [(str(text), float(score)) for text, score in zip(result.txts, result.scores, strict=True)]


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


def _corners(box: Pixels) -> Corners:
    first, second, third, fourth = (Point(float(x), float(y)) for x, y in box)
    return first, second, third, fourth


def _running(box: Corners) -> Corners:
    """Return the corners from the text's own top left; a high and narrow region is taken to run down the page."""
    first, second, third, fourth = box
    width, height = _extent(box)
    return (second, third, fourth, first) if height / max(width, 1) >= UPRIGHT_RATIO else box


def _extent(box: Corners) -> tuple[int, int]:
    """Return width and height of the region in whole pixels, along its own sides."""
    from math import dist

    first, second, third, fourth = box
    return (
        max(1, int(max(dist(first, second), dist(fourth, third)))),
        max(1, int(max(dist(first, fourth), dist(second, third)))),
    )


def _crop(pixels: Pixels, box: Corners) -> Pixels:
    """Return the region laid straight."""
    import cv2
    import numpy as np

    width, height = _extent(box)
    straight = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(box, np.float32), straight)
    return cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
