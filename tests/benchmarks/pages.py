"""A document of many pages dropped on the real window and read off line. Prints one JSON object.

    .venv/bin/python tests/benchmarks/pages.py [--pages 20] [--small 200] [--many 1000]

Three documents are drawn here, with known words. ``many``: how long from the drop until the first page is painted and
all are listed, and until another page is shown. ``pages`` of A4 with 30 lines: seconds for each page, the share of
lines that were read letter by letter, and whether reading went on where it was stopped half way. ``small`` pages of
three lines: the process's memory (on Linux) after each tenth of them, and by how much it grew in either half; with
the engine loaded it is to stay level.
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
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from drawn_documents import Page, document
from program_window import drop, dropped_files, running
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import TextRegion

WORDS = (
    *("house", "river", "garden", "window", "letter", "morning", "paper", "street", "bridge", "market", "winter"),
    *("doctor", "teacher", "engine", "travel", "harbour", "kitchen", "library", "mountain", "village", "weather"),
)


class Clock:
    """Lets the window live until something came, and knows the longest turn of its event loop.

    Attributes:
        gap_ms: by the clock on the wall, others on the machine included.
        turn_ms: by the processor's time that the window's own thread took.
    """

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._waker = QTimer(interval=5, singleShot=True)
        self.gap_ms = self.turn_ms = 0.0

    def until(self, come: Callable[[], bool]) -> float:
        """Wait; return how many milliseconds it took."""
        begun = last = time.perf_counter()
        while not come():
            self._waker.start()
            flags, used = QEventLoop.ProcessEventsFlag, time.thread_time()
            self._application.processEvents(flags.AllEvents | flags.WaitForMoreEvents)
            now = time.perf_counter()
            self.gap_ms, last = max(self.gap_ms, (now - last) * 1e3), now
            self.turn_ms = max(self.turn_ms, (time.thread_time() - used) * 1e3)
        return (time.perf_counter() - begun) * 1e3


def lines_of(page: int, count: int) -> list[str]:
    """Return the words of a page, others on each."""
    chance = random.Random(page)
    return [f"{row} {' '.join(chance.choices(WORDS, k=5))}" for row in range(1, count + 1)]


def drawn(folder: Path, name: str, pages: int, lines: int, **look: Any) -> Path:
    """Draw a document."""
    path = folder / name
    path.write_bytes(document([Page(lines_of(page, lines), **look) for page in range(pages)]))
    return path


def resident_mb() -> float:
    """Return the resident memory of this process now."""
    with Path("/proc/self/status").open(encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def open_document(program: Program, clock: Clock, path: Path, pages: int) -> tuple[float, float]:
    """Drop a document on an empty window; return milliseconds to the first picture and until all pages are listed."""
    program.keeping.projects.close_project()
    drop(program, dropped_files(path))
    listed = clock.until(lambda: program.workspace.count == pages)
    return listed + clock.until(lambda: program.canvas.picture is not None), listed


def read(program: Program, clock: Clock, stop_after: int, each: Callable[[int], object]) -> dict[str, object]:
    """Read all pages; stop once and go on. ``each`` is told how many are done, as they are."""
    bar = program.panels.series_bar
    bar.buttons["start"].click()
    series = program.paging.series.series
    assert series is not None
    seconds, last, told, stopped = [], time.perf_counter(), 0, False

    def look() -> bool:
        nonlocal last, told, stopped
        while told < series.done:
            told += 1
            seconds.append(time.perf_counter() - last)
            last = time.perf_counter()
            each(told)
        if told == stop_after and not stopped:
            stopped = True
            bar.buttons["stop"].click()
            clock.until(lambda: not any(job.thread_.is_alive() for job in program.jobs._jobs))
            assert series.done == stop_after
            bar.buttons["continue"].click()
            last = time.perf_counter()
        return series.is_over

    clock.until(look)
    return {
        "pages": series.total,
        "read": series.done,
        "failed": len(series.failed),
        "stopped_and_went_on_after": stop_after,
        "seconds_a_page": round(statistics.median(seconds), 2),
        "longest_page": round(max(seconds), 2),
    }


def share_read(program: Program, lines: int) -> float:
    """Return the share of drawn lines that were read letter by letter."""
    right = total = 0
    for page, entry in enumerate(program.workspace.entries):
        editor = program.workspace.editor_of(entry.key)
        assert editor is not None
        found = {a.text for a in editor.document.annotations.values() if isinstance(a, TextRegion)}
        drawn_lines = lines_of(page, lines)
        right += sum(line in found for line in drawn_lines)
        total += len(drawn_lines)
    return right / total


def measure(folder: Path, pages: int, small: int, many: int) -> dict[str, object]:
    """Do all of it in one window."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    clock = Clock(application)
    found: dict[str, object] = {}
    with running() as program:
        path = drawn(folder, "many.pdf", many, 30)
        first, listed = open_document(program, clock, path, many)
        program.paging.pages.show_page(many)
        turned = clock.until(lambda: program.canvas.picture is not None)
        found["many"] = {
            "pages": many,
            "first_page_ms": round(first),
            "listed_ms": round(listed),
            "last_page_ms": round(turned),
            "longest_gap_ms": round(clock.gap_ms, 1),
            "longest_turn_ms": round(clock.turn_ms, 1),
        }
        clock.gap_ms = 0.0
        path = drawn(folder, "pages.pdf", pages, 30, font=12.0)
        open_document(program, clock, path, pages)
        found["pages"] = {
            **read(program, clock, pages // 2, lambda _: None),
            "lines_right": round(share_read(program, 30), 4),
            "longest_gap_ms": round(clock.gap_ms, 1),
        }
        path = drawn(folder, "small.pdf", small, 3, size=(420.0, 200.0), font=12.0)
        open_document(program, clock, path, small)
        memory: dict[int, float] = {}
        step = max(1, small // 10)
        done = read(
            program, clock, small // 2, lambda n: memory.update({n: round(resident_mb(), 1)}) if n % step == 0 else None
        )
        before, after = ([mb for n, mb in memory.items() if (n > small // 2) is later] for later in (False, True))
        found["small"] = {
            **done,
            "lines_right": round(share_read(program, 3), 4),
            "memory_mb": memory,
            "memory_growth_mb": {"before_the_stop": _growth(before), "after_it": _growth(after)},
        }
    return found


def _growth(memory: list[float]) -> float | None:
    """Return by how much it grew after the first of several looks, while the engine still took what it needs."""
    return round(memory[-1] - memory[1], 1) if len(memory) > 2 else None


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--small", type=int, default=200)
    parser.add_argument("--many", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qwvis-pages-") as folder:
        os.environ["QWVIS_HOME"] = str(Path(folder) / "home")
        found = measure(Path(folder), given.pages, given.small, given.many)
    print(json.dumps({"benchmark": "pages", **found}, indent=1))


if __name__ == "__main__":
    main()
