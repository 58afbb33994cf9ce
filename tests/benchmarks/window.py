"""What people wait for in the real window: a dropped picture, the first box of a reply, gaps. Prints one JSON object.

    .venv/bin/python tests/benchmarks/window.py [--opens 9] [--boxes 50] [--runs 5] [--folder FOLDER]

The program's own window, its canvas 1600 x 1000 pixels, off screen unless QT_QPA_PLATFORM says otherwise; times are
milliseconds. The picture is that of ``image_paths.py``: 6000 x 4000, about 2.8 bits a pixel.

``drop``: from the drop event to the end of the paint that shows the picture, and in full resolution; nothing of it is
kept from the time before. The limit is JPEG decoded at an eighth, in turn with it.

``first_box``: from the moment the loopback service may send the piece that closes the first object to the end of the
paint that shows its box. The limit is a byte on a bare socket that makes a bare widget of that size paint.

``gaps``: the longest time in which the event loop did not turn while that picture is dropped, opened, prepared and
sent, and a reply of 500 boxes is read while it streams. The first run is the first of the process: it loads what it
needs. The service runs in a process of its own. Of the longest gap it is told for how long the window's thread ran
meanwhile (``ran``), and for how long it could have but had no processor (``queued``: the load of the machine; as Linux
counts it); in the rest it waited for another thread. ``where`` is what it was doing. ``longest_unqueued`` is the
longest gap when what was queued in each is taken off; the target is for this. ``longest_ran`` is the most that the
window's thread itself did in one turn, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.image_paths import limit, make_media
from loopback.answers import Gate, gated
from loopback.service import LoopbackService
from PySide6.QtCore import (
    QEvent,
    QEventLoop,
    QMimeData,
    QObject,
    QPointF,
    QSize,
    QSocketNotifier,
    Qt,
    QTimer,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from qwvis_desktop.app import whole_program
from qwvis_desktop.cli.open import settle
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.panels.dialogs.questions import Answer

TESTS = Path(__file__).resolve().parents[1]
CANVAS = QSize(1600, 1000)
STREAMED_BOXES = 500
GAP_LIMIT = 50.0
SAMPLE_AFTER = 25.0
"""From this gap on it is noted where the window's thread is."""

Figures = dict[str, object]


def figures(times: Sequence[float]) -> Figures:
    """Return median, 95th percentile, shortest and longest."""
    ordered = sorted(times)
    return {
        "n": len(ordered),
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 2),
        "min": round(ordered[0], 2),
        "max": round(ordered[-1], 2),
    }


def beside(ours: Sequence[float], bare: Sequence[float], target: float) -> Figures:
    """Return the figures of ours and of the limit, how many times longer ours took, and whether it is on target."""
    median = statistics.median(ours)
    return {
        "ours": figures(ours),
        "limit": figures(bare),
        "ratio": round(median / statistics.median(bare), 2),
        "target": target,
        "on_target": median <= target,
    }


class PaintCount(QObject):
    """Counts what a widget paints once ``wanted`` holds."""

    def __init__(self, widget: QWidget, wanted: Callable[[], bool]) -> None:
        super().__init__(widget)
        self.count = 0
        self._wanted = wanted
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._widget and event.type() == QEvent.Type.Paint and self._wanted():
            self.count += 1
        return False


class Bench:
    """The program and what is done with it."""

    def __init__(self, application: QApplication, folder: Path, home: Path) -> None:
        self.application, self.picture = application, folder / "24mp.jpg"
        self.program = whole_program(
            application, home / "settings.json", Credentials(environment={}), lambda _question: Answer.DISCARD
        )
        self.window, self.canvas = self.program.window, self.program.canvas
        self._waker = QTimer(interval=5, singleShot=True)
        self.window.show()
        self.wait()
        self.window.resize(self.window.size() + CANVAS - self.canvas.size())
        self.wait()
        assert self.canvas.size() == CANVAS

    def wait(self) -> None:
        """Process what is due, or sleep until something is (at most 5 ms)."""
        self._waker.start()
        self.application.processEvents(
            QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        )

    def until(self, done: Callable[[], bool], seconds: float = 60.0) -> None:
        """Process events until ``done``."""
        patience = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < patience, "what is waited for did not come"
            self.wait()

    def until_painted(self, wanted: Callable[[], bool]) -> None:
        """Process events until the canvas has painted a state that is ``wanted``."""
        paints = PaintCount(self.canvas, wanted)
        self.until(lambda: paints.count > 0)
        self.canvas.removeEventFilter(paints)

    def rest(self, seconds: float = 0.3) -> None:
        """Let go on what nobody waits for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.wait()

    def drop(self) -> None:
        """Drop the picture on the canvas."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self.picture))])
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        place = QPointF(self.canvas.rect().center())
        self.canvas.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, mime, left, none))

    def close_picture(self) -> None:
        """Close what is open, so that nothing of it is kept."""
        for entry in self.program.workspace.entries:
            self.program.workspace.close(entry.key)
        self.rest(0.1)

    @property
    def is_shown(self) -> bool:
        """Whether the canvas has the picture, perhaps reduced."""
        return self.canvas.picture is not None

    @property
    def is_full(self) -> bool:
        """Whether the canvas has all its pixels."""
        return self.canvas.picture is not None and self.canvas.picture.is_full

    @property
    def box_count(self) -> int:
        """How many annotations the document has."""
        editor = self.program.workspace.editor
        return len(editor.document.annotations) if editor is not None else 0

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self.program.inference.is_running(self.program.workspace.editor)

    def choose(self, base_url: str) -> None:
        """Choose the service that is to be asked."""
        self.program.services.keep_profile(Profile("Loopback", base_url=base_url, needs_key=False))
        self.program.services.choose_model("qwen3-vl-plus")
        self.program.services.choose_task("detect")

    # What is measured

    def opening(self, turns: int) -> Figures:
        """Time dropped pictures; the first one does not count."""
        first, full, least = [], [], []
        for turn in range(turns + 1):
            self.close_picture()
            start = time.perf_counter()
            self.drop()
            self.until_painted(lambda: self.is_shown)
            shown = time.perf_counter()
            if not self.is_full:
                self.until_painted(lambda: self.is_full)
            done = time.perf_counter()
            self.rest()
            before = time.perf_counter()
            limit(self.picture)
            if turn:
                least.append((time.perf_counter() - before) * 1e3)
                first.append((shown - start) * 1e3)
                full.append((done - start) * 1e3)
        return {"first_paint": beside(first, least, 120.0), "full_resolution": figures(full)}

    def first_box(self, turns: int) -> Figures:
        """Time the first box of replies; the first one does not count."""
        if not self.is_full:
            self.drop()
            self.until(lambda: self.is_full)
        ours, bare = [], list(bare_paints(self, turns))
        with LoopbackService() as service:
            self.choose(service.base_url)
            for turn in range(turns + 1):
                answer, gates = gated(['[{"bbox_2d": [100, 200, 300, 400', '], "label": "cat"}', "]"])
                service.answer = answer
                taken = self._first_box(gates)
                if turn:
                    ours.append(taken)
        return beside(ours, bare, 20.0)

    def _first_box(self, gates: Sequence[Gate]) -> float:
        before = self.box_count
        self.program.actions["run.start"].trigger()
        gates[0].open()
        self.until(lambda: gates[1].reached.is_set())
        self.rest(0.1)
        start = time.perf_counter()
        gates[1].open()
        self.until_painted(lambda: self.box_count > before)
        taken = (time.perf_counter() - start) * 1e3
        for gate in gates:
            gate.open()
        self.until(lambda: not self.is_running)
        return taken

    def gaps(self, runs: int, base_url: str) -> Figures:
        """Look for gaps from the drop of a picture to the last box of a long reply."""
        self.choose(base_url)
        self.rest()
        found = []
        for _ in range(runs):
            self.close_picture()
            with Probe() as probe:
                self.drop()
                self.until(lambda: self.is_full)
                self.program.actions["run.start"].trigger()
                self.until(lambda: not self.is_running)
                self.rest(0.5)
            assert self.box_count == STREAMED_BOXES, self.box_count
            found.append(probe.told())
        longest, unqueued = ([float(str(each[name])) for each in found] for name in ("longest", "longest_unqueued"))
        return {
            "runs": found,
            "median": statistics.median(longest),
            "worst": max(longest),
            "worst_unqueued": max(unqueued),
            "target": GAP_LIMIT,
            "on_target": max(unqueued) <= GAP_LIMIT,
        }


class BareWidget(QWidget):
    """Fills itself with a colour."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), Qt.GlobalColor.darkCyan)
        painter.end()
        self.paints += 1


def bare_paints(bench: Bench, turns: int) -> Iterator[float]:
    """Yield the times from a byte on a bare socket to the end of the paint that it brings about."""
    widget = BareWidget()
    widget.resize(CANVAS)
    widget.show()
    bench.rest(0.1)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, widget)
        notifier.activated.connect(lambda: (ours.recv(1), widget.update()))
        for _ in range(turns):
            before = widget.paints
            start = time.perf_counter()
            theirs.send(b".")
            bench.until(lambda before=before: widget.paints > before)  # type: ignore[misc]  # mypy guesses no default's type
            yield (time.perf_counter() - start) * 1e3
        notifier.setEnabled(False)
    widget.close()
    widget.deleteLater()


# Gaps


class Turn(NamedTuple):
    """A turn of the event loop: when, and for how long the thread had run and queued by then, in ms."""

    when: float
    ran: float
    queued: float


class Probe:
    """Notes when the event loop turned, and where the window's thread was while it did not; Linux only."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._samples: list[tuple[float, str]] = []
        self._account = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
        self._timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._thread = threading.Thread(target=self._watch, args=(threading.get_ident(),), name="probe")
        self._done = threading.Event()

    def __enter__(self) -> Probe:
        self._turn()
        self._timer.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        self._done.set()
        self._thread.join()
        os.close(self._account)

    def _turn(self) -> None:
        ran, queued, _ = os.pread(self._account, 100, 0).split()
        self._turns.append(Turn(time.perf_counter() * 1e3, int(ran) / 1e6, int(queued) / 1e6))

    def _watch(self, watched: int) -> None:
        while not self._done.wait(0.005):
            now = time.perf_counter() * 1e3
            if now - self._turns[-1].when > SAMPLE_AFTER:
                self._samples.append((now, stack_of(watched)))

    def told(self) -> Figures:
        """Return the longest gap and what the thread did in it, and how many gaps there were."""
        gaps = [(after.when - before.when, before, after) for before, after in pairwise(self._turns)]
        longest, before, after = max(gaps)
        return {
            "longest": round(longest, 1),
            "longest_unqueued": round(max(gap - (to.queued - since.queued) for gap, since, to in gaps), 1),
            "longest_ran": round(max(to.ran - since.ran for _, since, to in gaps), 1),
            "ran": round(after.ran - before.ran, 1),
            "queued": round(after.queued - before.queued, 1),
            "over_limit": sum(gap > GAP_LIMIT for gap, _, _ in gaps),
            "over_16": sum(gap > 16.0 for gap, _, _ in gaps),
            "where": list(dict.fromkeys(stack for when, stack in self._samples if before.when <= when <= after.when)),
        }


def stack_of(thread: int, depth: int = 4) -> str:
    """Return the innermost calls of a thread that are the program's own, else of any."""
    frame = sys._current_frames().get(thread)
    calls = []
    while frame is not None:
        calls.append((Path(frame.f_code.co_filename), frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    own = [call for call in calls if "qwvis_desktop" in call[0].parts] or calls
    return " < ".join(f"{path.name}:{line} {name}" for path, line, name in own[:depth])


@contextmanager
def service_apart(folder: Path) -> Iterator[str]:
    """Run the loopback service in a process of its own; it answers with boxes. Gives its base URL."""
    chance = random.Random(5)
    boxes = []
    for number in range(STREAMED_BOXES):
        left, top = chance.randrange(5600), chance.randrange(3600)
        box = [left, top, left + chance.randrange(40, 400), top + chance.randrange(40, 400)]
        boxes.append({"label": f"object {number % 20}", "box": box})
    truth = folder / "truth.json"
    truth.write_text(json.dumps({"size": [6000, 4000], "boxes": boxes}), encoding="utf-8")
    script = [str(TESTS / "loopback" / "service.py"), "--truth", str(truth), "--chunk", "20", "--delay", "0.001"]
    with subprocess.Popen([sys.executable, *script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def measure(folder: Path, opens: int, boxes: int, runs: int) -> Figures:
    """Return all figures. The gaps come first, so that their first run is the first of the process."""
    qInstallMessageHandler(lambda kind, context, text: None)  # the off-screen platform repeats itself
    settle()
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as home:
        os.environ["QWVIS_HOME"] = home
        bench = Bench(application, folder, Path(home))
        before = os.getloadavg()[0]
        with service_apart(Path(home)) as base_url:
            gaps = bench.gaps(runs, base_url)
        opening = bench.opening(opens)
        first_box = bench.first_box(boxes)
        bench.window.close()
        assert bench.program.all_threads_ended
    return {
        "benchmark": "window",
        "platform": os.environ["QT_QPA_PLATFORM"],
        "load": [round(before, 2), round(os.getloadavg()[0], 2)],
        "drop": opening,
        "first_box": first_box,
        "gaps": gaps,
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--opens", type=int, default=9)
    parser.add_argument("--boxes", type=int, default=50)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "qwvis-benchmark-pictures")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    make_media(given.folder)
    print(json.dumps(measure(given.folder, given.opens, given.boxes, given.runs), indent=1))


if __name__ == "__main__":
    main()
