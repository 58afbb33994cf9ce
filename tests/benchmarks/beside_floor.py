"""The canvas beside the smallest app, frame by frame in turn, in processor time of the window's own thread.

    .venv/bin/python tests/benchmarks/beside_floor.py --driver FOLDER --media FOLDER [--turns 25]

On a machine that does other work, times of the clock say little, and even processor time doubles while the other core
is busy. So both draw each frame one after the other, and what is told is the ratio of each pair. ``--driver`` is the
folder with ``floor_app.py``, ``--media`` the one with ``24mp-n10000.jpg``: see ``peers.py``.

Prints one JSON object: milliseconds of processor time (median, 95th percentile, worst), and ``ratio``, the median of
ours / theirs; ``sum`` is that of all frames together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.canvas_adapter import BenchWindow, CanvasAdapter
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QMainWindow

VIEW = (1600, 1000)


class Shown:
    """One of the two apps with its picture, and what the driver asks of it."""

    def __init__(self, adapter: Any, window: QMainWindow, picture: Path) -> None:
        self.adapter, self.window = adapter, window
        self.canvas = adapter.find(QApplication.instance())[1]
        window.resize(*VIEW)
        window.show()
        settle()
        missing = VIEW[0] - self.canvas.width(), VIEW[1] - self.canvas.height()
        window.resize(window.width() + missing[0], window.height() + missing[1])
        settle()
        adapter.open(window, str(picture))
        while not adapter.ready(window):
            settle()

    def fit(self, beyond: float = 1.0) -> None:
        """Show the picture whole, or so many times as large."""
        self.adapter.fit(self.window)
        if beyond != 1.0:
            self.adapter.set_percent(self.window, 100 * beyond * self.adapter.scale(self.canvas))

    def repaint(self, _turn: int) -> None:
        """Draw all anew."""
        self.adapter.invalidate(self.canvas)
        self.canvas.repaint()

    def pan(self, turn: int) -> None:
        """Move as the driver does: to and fro at random, the same for both."""
        chance = random.Random(turn)
        self.adapter.pan(self.window, self.canvas, chance.choice((-37, 37)), chance.choice((-23, 23)), None)

    def pan_on(self, turn: int) -> None:
        """Move on in one direction, then back."""
        way = 1 if turn // 20 % 2 else -1
        self.adapter.pan(self.window, self.canvas, 37 * way, 23 * way, None)

    def zoom(self, turn: int) -> None:
        """Zoom five steps in, five out."""
        self.adapter.zoom(self.window, self.canvas, turn // 5 % 2 == 0, QPointF(VIEW[0] / 2, VIEW[1] / 2))


def settle(seconds: float = 0.2) -> None:
    """Process what is due."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        QApplication.processEvents()
        time.sleep(0.003)


def figures(times: list[float]) -> dict[str, float]:
    """Return median, 95th percentile and worst."""
    ordered = sorted(times)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return {"median": round(statistics.median(ordered), 2), "p95": round(p95, 2), "max": round(ordered[-1], 2)}


def in_turn(apps: tuple[Shown, Shown], act: Callable[[Shown, int], None], turns: int) -> dict[str, object]:
    """Let both draw each frame, one after the other."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns):
        for app, own in zip(apps, times, strict=True):
            started = time.thread_time()
            act(app, turn)
            QApplication.processEvents()
            own.append((time.thread_time() - started) * 1e3)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(*times, strict=True))
    told = {"ours": figures(times[0]), "floor": figures(times[1])}
    return {**told, "ratio": round(ratio, 2), "sum": round(sum(times[0]) / sum(times[1]), 2)}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--driver", type=Path, required=True)
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--boxes", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=25)
    given = parser.parse_args()
    sys.path.insert(0, str(given.driver.resolve()))
    import floor_app  # type: ignore[import-not-found]  # the driver's, whose folder is an argument

    application = QApplication(["beside"])
    picture = given.media / f"24mp-n{given.boxes}.jpg"
    ours = Shown(CanvasAdapter(), BenchWindow(), picture)
    floor = Shown(floor_app.FloorAdapter(), floor_app.FloorWindow(), picture)
    apps, told = (ours, floor), {}
    for state, beyond in (("fit", 1.0), ("a little closer", 1.3)):
        for app in apps:
            app.fit(beyond)
        settle(0.5)
        told[state] = {
            "exact repaint": in_turn(apps, Shown.repaint, given.turns),
            "pan": in_turn(apps, Shown.pan, 4 * given.turns),
            "pan on and on": in_turn(apps, Shown.pan_on, 4 * given.turns),
            "zoom": in_turn(apps, Shown.zoom, 2 * given.turns),
        }
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    print(json.dumps({"bench": "beside_floor", "boxes": given.boxes, "load": load, **told}, indent=1))
    for app in apps:
        app.window.close()
    application.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
