"""Process start to the first painted window: QwVis, and a bare Qt window in the same run. Prints one JSON object.

    .venv/bin/python tests/benchmarks/startup.py [--runs 9]

Each start is a process of its own, the two kinds in turn. The clock starts before the process does and stops when the
main window has got its first paint event and all that it brought about is drawn. The first start of each kind warms
the file cache and writes the byte code, as the first start after an installation does, and is not counted.

What is behind the window is made after that. Starts of a third kind go on until it is whole (``whole_ms``) and look on
for a second from the first paint: ``longest_gap_ms`` is the longest time that the event loop stood still.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT_MS = 350

STOP_AT_FIRST_PAINT = """
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWindow():
            QCoreApplication.instance().removeEventFilter(self)
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        import os, time
        print(time.monotonic_ns(), flush=True)
        os._exit(0)

application = QApplication([])
watch = FirstPaint()
"""

WATCH_WHEN_SHOWN = """
from PySide6.QtWidgets import QWidget

# Not from the beginning: a filter costs time at each of the thousands of events of a window that is being made.
show = QWidget.show
def shown(widget):
    if widget.isWindow():
        application.installEventFilter(watch)
    show(widget)
QWidget.show = shown
"""

BARE_QT = (
    STOP_AT_FIRST_PAINT
    + WATCH_WHEN_SHOWN
    + """
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QMainWindow
window = QMainWindow()
window.setCentralWidget(QGraphicsView(QGraphicsScene()))
window.show()
application.exec()
"""
)

GO_ON = """
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
import os, time

class Watch(QObject):
    def __init__(self):
        super().__init__()
        self.painted, self.last, self.longest, self.whole = 0, 0, 0, 0
        self.beat = QTimer(self, interval=1)
        self.beat.timeout.connect(self.look)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWindow():
            QCoreApplication.instance().removeEventFilter(self)
            self.painted = self.last = time.monotonic_ns()
            self.beat.start()
        return False

    def look(self):
        from qwvis_desktop.completion import Completion
        now = time.monotonic_ns()
        self.longest, self.last = max(self.longest, now - self.last), now
        if not self.whole and application.findChild(Completion).is_whole:
            self.whole = now
        if self.whole and now - self.painted > 1_000_000_000:
            print(self.whole, self.longest, flush=True)
            os._exit(0)

application = QApplication([])
watch = Watch()
"""

# As the command "qwvis" goes: through the command line, so that its imports count as well.
RUN = """
from qwvis_desktop.cli.program import run_program
run_program(["open"])
"""
QWVIS = STOP_AT_FIRST_PAINT + WATCH_WHEN_SHOWN + RUN
QWVIS_WHOLE = GO_ON + WATCH_WHEN_SHOWN + RUN


def start_ms(code: str, environment: dict[str, str]) -> tuple[float, float]:
    """Start a Python with ``code``; return the milliseconds until what it tells of, and how long it stood still."""
    before = time.monotonic_ns()
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    told, *still = map(int, ended.stdout.split())
    return (told - before) / 1e6, sum(still) / 1e6


def measure(runs: int) -> dict[str, object]:
    """Return the medians of ``runs`` starts of each kind, in milliseconds."""
    programs = {"qwvis": QWVIS, "bare_qt": BARE_QT, "whole": QWVIS_WHOLE}
    gaps: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, QWVIS_HOME=folder, PYTHONPYCACHEPREFIX=f"{folder}/bytecode")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        for number in range(runs + 1):
            for name, code in programs.items():
                taken, still = start_ms(code, environment)
                if number:
                    times[name].append(taken)
                    gaps.extend([still] if still else [])
    medians = {name: statistics.median(values) for name, values in times.items()}
    whole = medians.pop("whole")
    return {
        "benchmark": "startup",
        "platform": environment["QT_QPA_PLATFORM"],
        "runs": runs,
        "median_ms": {name: round(value, 1) for name, value in medians.items()},
        "range_ms": {name: [round(min(values), 1), round(max(values), 1)] for name, values in times.items()},
        "whole_ms": round(whole, 1),
        "longest_gap_ms": {"median": round(statistics.median(gaps), 1), "worst": round(max(gaps), 1)},
        "over_bare_qt": round(medians["qwvis"] / medians["bare_qt"], 2),
        "limit_ms": LIMIT_MS,
        "within_limit": medians["qwvis"] <= LIMIT_MS,
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    print(json.dumps(measure(parser.parse_args().runs), indent=1))


if __name__ == "__main__":
    main()
