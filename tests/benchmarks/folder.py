"""A folder of 100,000 pictures: to the first picture, to the whole list, and what the window's thread does meanwhile.

``longest_gap_ms``: between two turns of the event loop; ``longest_busy_ms``: what the window's own thread worked of it,
whatever else the machine does.

Prints one JSON object. The files are links to a few pictures, so that making them does not take longer than opening.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView
from widgets import child

from qwvis_desktop.app import whole_program
from qwvis_desktop.cli.open import settle
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.panels.dialogs.questions import Answer

KINDS = 50
"""Pictures that differ; a file system allows some ten thousand links to one file."""


def make(folder: Path, count: int) -> None:
    """Make ``count`` pictures of 2 megapixels."""
    sources = folder.parent / "sources"
    sources.mkdir()
    for kind in range(KINDS):
        Image.effect_noise((1600, 1200), 30).convert("RGB").save(sources / f"{kind}.jpg", quality=80)
    folder.mkdir()
    for number in range(count):
        os.link(sources / f"{number % KINDS}.jpg", folder / f"IMG_{number}.jpg")


class Watch:
    """Runs the event loop and notes its longest gap."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._waker = QTimer(interval=2)
        self._waker.start()
        self.gaps: list[float] = []
        self.busy: list[float] = []

    def until(self, done: Callable[[], bool], seconds: float = 60.0) -> float:
        """Process events until ``done``; return how long that took, in seconds."""
        began = last = time.perf_counter()
        while not done():
            worked = time.thread_time()
            self._application.processEvents()
            now = time.perf_counter()
            self.gaps.append(now - last)
            self.busy.append(time.thread_time() - worked)
            last = now
            if now - began > seconds:
                raise TimeoutError(done)
        return time.perf_counter() - began


def measured(application: QApplication, folder: Path, count: int) -> dict[str, float]:
    """Open the folder in a new window and return milliseconds."""
    program = whole_program(application, None, Credentials(environment={}), lambda _question: Answer.DISCARD)
    program.window.show()
    watch = Watch(application)
    watch.until(lambda: program.window.isVisible())
    watch.gaps.clear()
    watch.busy.clear()
    began = time.perf_counter()
    program.media.open_paths([folder])
    watch.until(lambda: program.canvas.picture is not None)
    program.canvas.repaint()
    first = time.perf_counter() - began
    watch.until(lambda: len(program.workspace.entries) == count)
    whole = time.perf_counter() - began
    watch.until(lambda: bool(program.panels.filmstrip._model._thumbnails))
    opening_gap, busy = max(watch.gaps), max(watch.busy)

    watch.gaps.clear()
    steps = []
    for _ in range(20):
        here = time.perf_counter()
        program.actions["view.next"].trigger()
        watch.until(lambda: program.workspace.editor is not None and program.canvas.picture is not None)
        steps.append(time.perf_counter() - here)
    line, view = child(program.panels.filmstrip, QLineEdit), child(program.panels.filmstrip, QTableView)
    here = time.perf_counter()
    line.setText("99999")
    view.repaint()
    search = time.perf_counter() - here
    line.clear()
    scrolled = []
    for place in range(0, view.verticalScrollBar().maximum(), max(1, view.verticalScrollBar().maximum() // 50)):
        here = time.perf_counter()
        view.verticalScrollBar().setValue(place)
        view.repaint()
        scrolled.append(time.perf_counter() - here)
        application.processEvents()
    program.window.close()
    program.window.deleteLater()
    program.deleteLater()
    program.theme.deleteLater()
    application.processEvents()
    return {
        "first_picture_ms": first * 1000,
        "whole_list_ms": whole * 1000,
        "longest_gap_ms": opening_gap * 1000,
        "longest_busy_ms": busy * 1000,
        "next_picture_ms": statistics.median(steps) * 1000,
        "search_ms": search * 1000,
        "scroll_worst_ms": max(scrolled) * 1000,
    }


def main() -> None:
    """Measure, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qwvis-folder-") as temporary:
        os.environ["QWVIS_HOME"] = str(Path(temporary) / "home")
        folder = Path(temporary) / "pictures"
        make(folder, arguments.count)
        settle()  # as the command does that opens the window
        application = QApplication([])
        runs = [measured(application, folder, arguments.count) for _ in range(arguments.runs)]
        began = time.perf_counter()
        names = list(folder.iterdir())
        bare = time.perf_counter() - began
    medians = {name: round(statistics.median(run[name] for run in runs), 1) for name in runs[0]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"pictures": len(names), **medians, "bare_listing_ms": round(bare * 1000, 1), "peak_mb": peak}))


if __name__ == "__main__":
    main()
