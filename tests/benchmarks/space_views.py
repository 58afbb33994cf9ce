"""The figures of the views of space: a frame while panning the plan and while circling the scene, 1,000 cuboids.

    python tests/benchmarks/space_views.py [--cuboids 1000]

Prints one JSON object; times are milliseconds of a whole frame (move, project, paint), median and 95th percentile.
Offscreen unless QT_QPA_PLATFORM says otherwise. ``floor`` is a bare QPainter that draws the same number of lines, one
pixel wide and antialiased, into a picture of the same size in the same run, all in one call and with nothing computed;
``ratio`` is a frame's median over it. ``cpu_p95`` counts the time in which the thread itself ran: on a busy machine
the others say how busy it was.
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
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from documents import empty_document
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.space.orbit_surface import OrbitSurface
from qwvis_desktop.ui.panels.space.plan_surface import PlanSurface
from qwvis_desktop.ui.panels.space.space_surface import SpaceSurface

VIEW = (900, 700)
TURNS = 120
LIMIT = 16.0
LINES_ON_PLAN, LINES_IN_SPACE = 7, 12
"""A footprint and its arrow; the edges of a cuboid."""

Figures = dict[str, float]


def cuboids(count: int) -> list[Cuboid]:
    """Return cars and people up to 60 m away, with twenty labels."""
    choose = random.Random(5)
    return [
        Cuboid(
            label=f"object {choose.randrange(20):02d}",
            center=(choose.uniform(-25, 25), choose.uniform(0.5, 1.5), choose.uniform(4, 60)),
            size=(choose.uniform(0.5, 4.5), choose.uniform(0.5, 2), choose.uniform(0.5, 2)),
            angles=(0.0, choose.uniform(-1, 1), 0.0),
        )
        for _ in range(count)
    ]


def figures(times: list[float]) -> Figures:
    """Return median, 95th percentile and worst of times in ms."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"median": round(statistics.median(ordered), 2), "p95": round(p95, 2), "max": round(ordered[-1], 2)}


def timed(act: Callable[[int], object], turns: int = TURNS) -> Figures:
    """Time ``act`` after a few turns to warm up."""
    times, own = [], []
    for turn in range(turns + 5):
        started, worked = time.perf_counter(), time.thread_time()
        act(turn)
        times.append((time.perf_counter() - started) * 1e3)
        own.append((time.thread_time() - worked) * 1e3)
    return {**figures(times[5:]), "cpu_p95": figures(own[5:])["p95"]}


def floor(count: int) -> Figures:
    """Time a bare QPainter on ``count`` lines of about the length that a cuboid's edges have."""
    choose = random.Random(9)
    lines = []
    for _ in range(count):
        x, y = choose.uniform(0, VIEW[0]), choose.uniform(0, VIEW[1])
        lines.append(QLineF(x, y, x + choose.gauss(0, 12), y + choose.gauss(0, 12)))
    image = QImage(*VIEW, QImage.Format.Format_RGB32)

    def draw(_turn: int) -> None:
        image.fill(QColor(255, 255, 255))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 90, 180))
        painter.drawLines(lines)
        painter.end()

    return timed(draw)


def frame(view: SpaceSurface, change: Callable[[int], None], turn: int) -> None:
    """Change the view and paint it."""
    change(turn)
    view.repaint()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuboids", type=int, default=1000)
    count = parser.parse_args().cuboids
    application = QApplication(sys.argv[:1])
    editor = DocumentEditor(empty_document())
    editor.add(cuboids(count), "Add")
    plan, orbit = PlanSurface(), OrbitSurface()
    for view in (plan, orbit):
        view.resize(*VIEW)
        view.show_editor(editor)
        view.show()
    application.processEvents()
    moves: dict[str, Callable[[int], None]] = {
        "plan_pan": lambda turn: plan.set_plan(plan.plan.panned(3 if turn % 40 < 20 else -3, 2)),
        "plan_zoom": lambda turn: plan.zoom(1.04 if turn % 40 < 20 else 1 / 1.04),
        "orbit": lambda turn: orbit.set_eye(orbit.eye.orbited(4, 1 if turn % 40 < 20 else -1)),
        "orbit_zoom": lambda turn: orbit.zoom(1.04 if turn % 40 < 20 else 1 / 1.04),
    }
    floors = {"plan": floor(count * LINES_ON_PLAN), "orbit": floor(count * LINES_IN_SPACE)}
    found: dict[str, object] = {}
    for name, change in moves.items():
        kind = name.partition("_")[0]
        shown: SpaceSurface = plan if kind == "plan" else orbit
        shown.fit()
        times = timed(partial(frame, shown, change))
        ratio = times["median"] / floors[kind]["median"]
        found[name] = {**times, "ratio": round(ratio, 2), "within": times["p95"] <= LIMIT}
    answer = {
        "bench": "space_views",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "cuboids": count,
        "view": VIEW,
        "limit_p95": LIMIT,
        "floor": floors,
        "frame": found,
    }
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
