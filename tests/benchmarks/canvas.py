"""The canvas's figures: 10,000 labelled boxes on a 24-megapixel picture, and a 24-megapixel JPEG on its way.

    python tests/benchmarks/canvas.py [--boxes 10000] [--picture FILE.jpg]

Prints one JSON object; times are milliseconds, medians (and 95th percentiles) of several turns. Without a picture it
draws one of 6000 x 4000 noisy pixels. Offscreen unless QT_QPA_PLATFORM says otherwise. ``peer_qt_reader`` is the same
picture read and painted by Qt alone in the same run, what a program without previews and a decoder of its own does.
The longest gap includes the 5 ms for which the loop sleeps at most.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.canvas_adapter import BenchWindow
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImageReader, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box

VIEW = (1600, 1000)
TURNS = 30

Figures = dict[str, float]


def draw_picture(path: Path) -> None:
    """Draw a photo-like picture of 24 megapixels: soft shapes and grain, so that it is as hard to decode as a photo."""
    import numpy as np
    from PIL import Image

    generator = np.random.default_rng(7)
    soft = Image.fromarray(generator.integers(0, 256, (250, 375, 3), np.uint8)).resize((6000, 4000))
    grain = generator.integers(-12, 13, (4000, 6000, 1), np.int16)
    pixels = np.clip(np.asarray(soft).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=90)


def detections(count: int, width: int, height: int) -> list[Detection]:
    """Return boxes of 40 to 240 pixels with twenty labels."""
    choose = random.Random(1)
    found = []
    for _ in range(count):
        w, h = choose.uniform(40, 240), choose.uniform(40, 240)
        x, y = choose.uniform(0, width - w), choose.uniform(0, height - h)
        found.append(Detection(label=f"object {choose.randrange(20):02d}", box=Box(x, y, x + w, y + h)))
    return found


def figures(times: list[float]) -> Figures:
    """Return median, 95th percentile and worst of times in ms."""
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
        "max": round(ordered[-1], 3),
    }


class Bench:
    """A window and what is measured of it."""

    def __init__(self, application: QApplication, picture: Path) -> None:
        self.application, self.picture = application, picture
        self.window = BenchWindow()
        self.window.resize(*VIEW)
        self.window.show()
        self.canvas = self.window.canvas
        self.waker = QTimer(interval=5, singleShot=True)
        self.settle()

    def settle(self) -> None:
        """Process all that is due."""
        for _ in range(3):
            self.application.processEvents()

    def until(self, done: Callable[[], bool]) -> None:
        """Process events until ``done``, asleep between them as the program is."""
        while not done():
            self.wait()

    def wait(self) -> None:
        """Process events, or sleep until there are some (at most 5 ms)."""
        flags = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        self.waker.start()
        self.application.processEvents(flags)

    def opened(self) -> tuple[float, float, float]:
        """Return first paint, full resolution and longest gap between two turns of the event loop, all in ms."""
        self.window.loader.forget(str(self.picture))
        self.settle()
        started = last = time.perf_counter()
        first = gap = 0.0
        self.window.open(self.picture)
        while not self.window.is_full or not first:
            self.wait()
            if not first and self.canvas.picture is not None:
                self.canvas.repaint()
                first = (time.perf_counter() - started) * 1e3
            now = time.perf_counter()
            gap, last = max(gap, (now - last) * 1e3), now
        self.canvas.repaint()
        return first, (time.perf_counter() - started) * 1e3, gap

    def timed(self, act: Callable[[int], object], turns: int = TURNS) -> Figures:
        """Time ``act`` and the paint it asks for."""
        times = []
        for turn in range(turns):
            started = time.perf_counter()
            act(turn)
            self.application.processEvents()
            times.append((time.perf_counter() - started) * 1e3)
        return figures(times)

    def opening(self, turns: int = 7) -> dict[str, object]:
        """Time a picture to its first paint and to its full resolution, nothing of it being kept."""
        first, full, gaps = zip(*(self.opened() for _ in range(turns)), strict=True)
        return {"first_paint": figures(list(first)), "full": figures(list(full)), "longest_gap": figures(list(gaps))}

    def peer(self, turns: int = 5) -> Figures:
        """Time Qt's own reader and one paint of the picture scaled into the view."""
        times = []
        for _ in range(turns):
            started = time.perf_counter()
            image = QImageReader(str(self.picture)).read()
            target = self.canvas.grab()
            painter = QPainter(target)
            painter.drawImage(target.rect(), image)
            painter.end()
            times.append((time.perf_counter() - started) * 1e3)
        return figures(times)

    def boxes(self, count: int) -> dict[str, object]:
        """Time painting, moving and pointing with ``count`` boxes on view."""
        editor = self.window.editor
        assert editor is not None
        started = time.perf_counter()
        editor.add(detections(count, *editor.document.size), "boxes")
        self.canvas.repaint()
        found: dict[str, object] = {"shown_first": round((time.perf_counter() - started) * 1e3, 1)}
        choose = random.Random(3)
        for name, zoom in (("fit", None), ("100%", 1.0)):
            self.canvas.fit() if zoom is None else self.canvas.set_zoom(zoom)
            self.until(lambda: self.canvas.is_exact)
            self.settle()
            found[name] = {
                "exact_repaint": self.timed(lambda turn: self.repaint()),
                "pan": self.timed(lambda turn: self.canvas.pan(choose.choice((-37, 37)), choose.choice((-23, 23))), 60),
                "zoom": self.timed(lambda turn: self.zoom_step(turn), 40),
                "zoom_until_exact": self.timed(self.zoom_until_exact, 10),
                "hover": self.timed(
                    lambda turn: self.hover(choose.randrange(50, 1500), choose.randrange(50, 950)), 100
                ),
            }
        return found

    def repaint(self) -> None:
        """Paint all anew."""
        self.canvas.invalidate()
        self.canvas.repaint()

    def add(self, box: Detection) -> None:
        """Add a box as a streaming reply does, and paint."""
        assert self.window.editor is not None
        self.window.editor.add([box], "reply", run="r")
        self.canvas.repaint()

    def zoom_step(self, turn: int) -> None:
        """Zoom one step, five in, five out."""
        factor = 1.1 if turn // 5 % 2 == 0 else 1 / 1.1
        self.canvas.set_zoom(self.canvas.zoom * factor, QPointF(800, 500))

    def zoom_until_exact(self, turn: int) -> None:
        """Zoom one step and wait until the exact picture is there."""
        paints = self.canvas.exact_paints
        self.zoom_step(5 * turn)
        self.until(lambda: self.canvas.exact_paints > paints and self.canvas.is_exact)

    def hover(self, x: int, y: int) -> None:
        """Move the pointer."""
        place, no = QPointF(x, y), Qt.MouseButton.NoButton
        on_screen = QPointF(self.canvas.mapToGlobal(QPoint(x, y)))
        event = QMouseEvent(QEvent.Type.MouseMove, place, on_screen, no, no, Qt.KeyboardModifier.NoModifier)
        self.application.sendEvent(self.canvas, event)

    def drag(self, turns: int = 60) -> Figures:
        """Drag one box among all others: from each move of the pointer to its paint."""
        editor = self.window.editor
        assert editor is not None
        self.canvas.fit()
        self.until(lambda: self.canvas.is_exact)
        self.settle()
        box = Detection(id="dragged", label="dragged", box=Box(2900, 1900, 3100, 2050))
        editor.add([box], "box")
        editor.select([box.id])
        self.settle()
        at = self.canvas.viewport.to_widget(box.box.center)
        self.button(QEvent.Type.MouseButtonPress, at.x, at.y)
        figures_ = self.timed(lambda turn: self.button(QEvent.Type.MouseMove, at.x + 3 * turn, at.y + turn), turns)
        self.button(QEvent.Type.MouseButtonRelease, at.x + 3 * turns, at.y + turns)
        moved = editor.document.annotations[box.id]
        assert isinstance(moved, Detection)
        assert moved.box.left > box.box.left, "it was not dragged"
        return figures_

    def button(self, kind: QEvent.Type, x: float, y: float) -> None:
        """Press, move or let go with the left button."""
        place, left = QPointF(x, y), Qt.MouseButton.LeftButton
        on_screen = QPointF(self.canvas.mapToGlobal(place))
        event = QMouseEvent(kind, place, on_screen, left, left, Qt.KeyboardModifier.NoModifier)
        self.application.sendEvent(self.canvas, event)

    def streamed(self, turns: int = 50) -> Figures:
        """Time from a box being added to its paint, one by one."""
        editor = self.window.editor
        assert editor is not None
        new = detections(turns, *editor.document.size)
        return self.timed(lambda turn: self.add(new[turn]), turns)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boxes", type=int, default=10_000)
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        picture = arguments.picture or Path(folder, "24mp.jpg")
        if arguments.picture is None:
            draw_picture(picture)
        bench = Bench(application, picture)
        opening, peer = bench.opening(), bench.peer()
        answer: dict[str, object] = {
            "bench": "canvas",
            "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
            "open": opening,
            "peer_qt_reader": peer,
            "first_box": bench.streamed(),
            "boxes": arguments.boxes,
            "paint": bench.boxes(arguments.boxes),
            "added_box_among_them": bench.streamed(),
            "drag_one_of_them": bench.drag(),
        }
        bench.window.close()
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
