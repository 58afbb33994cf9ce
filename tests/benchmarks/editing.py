"""Editing among 10,000 labelled boxes on a 24-megapixel picture: a drag, keys, handles, the list, the review, undo.

    python tests/benchmarks/editing.py [--boxes 10000]

Prints one JSON object: milliseconds (median, 95th percentile and worst of several turns), with the paint each asks for;
"cpu" are those of the window's own thread, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from canvas_pictures import media, plain
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Annotation, Detection, Provenance
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.plane.editing import moved
from qwvis_desktop.core.plane.overlap import duplicates
from qwvis_desktop.core.plane.reading_order import reading_order
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.annotations import AnnotationPanel

SIZE = Size(6000, 4000)
FRAMES = 60

Figures = dict[str, float]


def some_boxes(count: int) -> list[Annotation]:
    """Return boxes of 40 to 240 pixels with twenty labels, of a run."""
    chance = random.Random(1)
    found: list[Annotation] = []
    for _ in range(count):
        w, h = chance.uniform(40, 240), chance.uniform(40, 240)
        x, y = chance.uniform(0, SIZE.width - w), chance.uniform(0, SIZE.height - h)
        origin = Provenance("r1", (0, 1))
        label = f"object {chance.randrange(20):02d}"
        found.append(Detection(label=label, box=Box(x, y, x + w, y + h), provenance=origin))
    return found


def figures(times: list[float]) -> Figures:
    """Return median, 95th percentile and worst in ms."""
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 2),
        "max": round(ordered[-1], 2),
    }


def timed(act: Callable[[int], object], turns: int) -> Figures:
    """Return how long ``act`` takes."""
    times, own = [], []
    for turn in range(turns):
        started, own_started = time.perf_counter(), time.thread_time()
        act(turn)
        times.append((time.perf_counter() - started) * 1e3)
        own.append((time.thread_time() - own_started) * 1e3)
    return figures(times) | {f"cpu {name}": value for name, value in figures(own).items()}


class Bench:
    """A canvas and a list of one document, and what is measured of them."""

    def __init__(self, application: QApplication, count: int) -> None:
        self.application = application
        self.editor = DocumentEditor(Document(media(SIZE)))
        self.editor.add(some_boxes(count), "Add")
        self.canvas = CanvasView()
        self.canvas.resize(1600, 1000)
        self.canvas.show_editor(self.editor)
        self.canvas.set_picture(plain(SIZE))
        self.canvas.show()
        self.panel = AnnotationPanel()
        self.panel.resize(320, 500)
        self.panel.show_editor(self.editor)
        self.panel.show()
        for _ in range(5):
            application.processEvents()
        self.keys = list(self.editor.document.annotations)
        self.canvas.grab()

    def settle(self) -> None:
        """Process all that is due."""
        for _ in range(3):
            self.application.processEvents()

    def pointer(self, kind: QEvent.Type, place: QPointF) -> None:
        """Send what the mouse sends."""
        is_move = kind == QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if is_move else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, place, place, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.canvas, event)

    def drag(self) -> dict[str, Figures]:
        """Drag one of the boxes, and let go."""
        key = self.keys[len(self.keys) // 2]
        self.editor.select([key])
        self.canvas.center_on([key])
        self.settle()
        found = self.editor.document.annotations[key]
        assert isinstance(found, Detection)
        middle = self.canvas.viewport.to_widget(found.box.center)
        start = QPointF(middle.x, middle.y)
        paints = self.canvas.exact_paints

        def move(turn: int) -> None:
            self.pointer(QEvent.Type.MouseMove, start + QPointF(3 * turn + 20, 2 * turn + 5))
            self.canvas.repaint()

        def act(kind: QEvent.Type) -> Callable[[int], None]:
            def do(_turn: int) -> None:
                self.pointer(kind, start + QPointF(20, 5))
                self.canvas.repaint()

            return do

        self.pointer(QEvent.Type.MouseButtonPress, start)
        first = timed(move, 1)
        frames = timed(move, FRAMES)
        during = self.canvas.exact_paints - paints
        assert during == 0, f"the kept layer was painted {during} times during the drag"
        end = timed(act(QEvent.Type.MouseButtonRelease), 1)
        self.settle()
        return {"drag, a frame": frames, "drag, the first frame": first, "drag, letting go": end}

    def drag_all(self) -> dict[str, Figures]:
        """Select all, move the picture, drag all of them, and let go."""
        self.canvas.fit()
        self.canvas.grab()

        def select(_turn: int) -> None:
            self.editor.select(self.keys)
            self.canvas.repaint()

        selecting = timed(select, 1)
        self.settle()

        def pan(turn: int) -> None:
            self.canvas.pan(7 if turn % 20 < 10 else -7, 3)
            self.canvas.repaint()

        panning = timed(pan, FRAMES)
        found = self.editor.document.annotations[self.keys[5]]
        assert isinstance(found, Detection)
        middle = self.canvas.viewport.to_widget(found.box.center)
        start, before = QPointF(middle.x, middle.y), found.box

        def move(turn: int) -> None:
            self.pointer(QEvent.Type.MouseMove, start + QPointF(20 + turn % 30, 15 - turn % 30))
            self.canvas.repaint()

        def let_go(_turn: int) -> None:
            self.pointer(QEvent.Type.MouseButtonRelease, start + QPointF(20, 15))
            self.canvas.repaint()

        self.pointer(QEvent.Type.MouseButtonPress, start)

        def draw_anew(_turn: int) -> None:
            while self.canvas.exact_paints == paints:
                self.application.processEvents()

        first, frames = timed(move, 1), timed(move, FRAMES)
        paints = self.canvas.exact_paints
        end, anew = timed(let_go, 1), timed(draw_anew, 1)
        after = self.editor.document.annotations[self.keys[5]]
        assert isinstance(after, Detection)
        assert after.box != before, "nothing was dragged"
        self.editor.undo_stack.undo()
        self.editor.select([])
        self.settle()
        return {
            "all selected": selecting,
            "all selected, a frame of panning": panning,
            "all dragged, a frame": frames,
            "all dragged, the first frame": first,
            "all dragged, letting go": end,
            "all dragged, until all is drawn anew": anew,
        }

    def keyboard(self) -> dict[str, Figures]:
        """Move a box by arrow keys, and undo."""
        self.editor.select([self.keys[3]])
        self.canvas.setFocus()
        self.settle()

        def press(_turn: int) -> None:
            QTest.keyClick(self.canvas, Qt.Key.Key_Right)
            self.canvas.repaint()

        def undo(turn: int) -> None:
            (self.editor.undo_stack.undo if turn % 2 == 0 else self.editor.undo_stack.redo)()
            self.canvas.repaint()

        return {"arrow key": timed(press, 30), "undo or redo": timed(undo, 20)}

    def listing(self) -> dict[str, Figures]:
        """Select on the canvas and see it in the list; sort the list."""
        chance = random.Random(2)
        model = self.panel.findChild(type(self.panel._model))
        assert model is not None

        def select(_turn: int) -> None:
            self.editor.select([chance.choice(self.keys)])
            self.panel.repaint()

        def sort(turn: int) -> None:
            model.sort(1 + turn % 4)
            self.panel.repaint()

        return {"selection in the list": timed(select, 30), "sorting the list": timed(sort, 8)}

    def history(self, steps: int = 1000) -> float:
        """Return how many megabytes so many moves of single boxes keep."""
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for turn in range(steps):
            now = self.editor.document.annotations[self.keys[turn % len(self.keys)]]
            self.editor.replace([moved(now, 1, 0)], "Move")
        kept = (tracemalloc.get_traced_memory()[0] - before) / 1e6
        tracemalloc.stop()
        return round(kept, 2)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure editing among many boxes.")
    parser.add_argument("--boxes", type=int, default=10_000)
    given = parser.parse_args()
    application = QApplication(["editing"])
    bench = Bench(application, given.boxes)
    result: dict[str, object] = {"boxes": given.boxes}
    result |= bench.drag() | bench.drag_all() | bench.keyboard() | bench.listing()
    annotations = tuple(bench.editor.document.annotations.values())
    result["reading order"] = timed(lambda _turn: reading_order(annotations), 5)
    result["finding duplicates"] = timed(lambda _turn: duplicates(annotations, 0.9), 3)
    bench.panel.show_editor(None)
    bench.canvas.show_editor(None)
    result["MB kept by 1,000 moves"] = bench.history()
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
