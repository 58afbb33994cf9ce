"""Uses the real window for an hour: what grows, how long its event loop stands still, what Qt says; and closes it.

    .venv/bin/python tests/benchmarks/soak.py [--minutes 60] [--closes 200]

Prints one JSON object; exits with 1 where a limit is passed. A scripted user opens pictures, turns pages, zooms, pans,
points, selects, drags, edits, undoes, filters, switches views, asks a loopback service, and closes pictures. From
minute ten on (or from a sixth of the time, where that is less) memory may grow by 20 MB, open files and threads by
none; the 99th percentile of the time between two turns of the event loop may be 50 ms. Off screen, or on the display
that QT_QPA_PLATFORM and DISPLAY name. Linux only.

The closes are processes of their own, each closed in another phase: as soon as the window is there, while a picture is
decoded, while a run streams, while a label is asked for, with something of the program's on the clipboard, ...; each
must end with code 0 within 3 s.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from loopback.service import LoopbackService
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox

from qwvis_desktop.app import Program, whole_program
from qwvis_desktop.cli.open import settle
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.core.store.credentials import Credentials

MAX_GROWTH_MB, MAX_P99_MS, MAX_CLOSE_SECONDS = 20.0, 50.0, 3.0
_OF_THE_PLATFORM = ("does not support propagateSizeHints", "does not support raise", "grabbing the keyboard")

Figures = dict[str, object]


def make_pictures(folder: Path, count: int = 12) -> list[Path]:
    """Draw pictures of several sizes and formats."""
    chance, paths = random.Random(3), []
    for number in range(count):
        width, height = chance.choice(((640, 480), (2000, 1500), (4000, 3000)))
        soft = Image.frombytes("RGB", (40, 30), chance.randbytes(40 * 30 * 3)).resize((width, height))
        path = folder / f"picture-{number:02d}.{chance.choice(('jpg', 'png', 'webp'))}"
        soft.save(path)
        paths.append(path)
    return paths


def resident_mb() -> float:
    """Return the memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def open_files() -> int:
    """Return how many files, sockets and pipes this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


class Complaints(list[str]):
    """What Qt warns of, but for what the off-screen platform says of itself."""

    def take(self, kind: QtMsgType, _context: object, message: str) -> None:
        """Keep a message."""
        if kind != QtMsgType.QtDebugMsg and not any(known in message for known in _OF_THE_PLATFORM):
            self.append(message)


class User:
    """Someone who uses the program, one small act at a time, the same way each time.

    Args:
        program: behind its window.
        pictures: what is opened.
    """

    def __init__(self, program: Program, pictures: list[Path], seed: int = 1) -> None:
        self.program, self.canvas, self.pictures = program, program.canvas, pictures
        self.chance = random.Random(seed)
        self.acts: tuple[Callable[[], object], ...] = (
            *(self.turn_page,) * 3,
            *(self.zoom,) * 8,
            *(self.pan,) * 8,
            *(self.point,) * 12,
            *(self.click,) * 6,
            *(self.edit,) * 4,
            *(self.undo,) * 3,
            self.switch,
            self.filter,
            self.run,
            self.copy,
            self.close,
        )

    def act(self) -> None:
        """Do the next thing."""
        if len(self.program.workspace.entries) < len(self.pictures) // 2:
            self.program.open(map(str, self.pictures))
        self.chance.choice(self.acts)()

    def turn_page(self) -> None:
        """Look at another picture."""
        self.program.workspace.step(self.chance.choice((-1, 1, 2)))

    def zoom(self) -> None:
        """Turn the wheel."""
        place, turn = self._place(), QPoint(0, self.chance.choice((-120, 120)))
        none, nobody = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        phase = Qt.ScrollPhase.NoScrollPhase
        there = QPointF(self.canvas.mapToGlobal(place))
        QApplication.sendEvent(self.canvas, QWheelEvent(place, there, QPoint(), turn, nobody, none, phase, False))

    def pan(self) -> None:
        """Move the picture."""
        self.canvas.pan(self.chance.uniform(-90, 90), self.chance.uniform(-90, 90))

    def point(self) -> None:
        """Move the pointer."""
        self._send(QEvent.Type.MouseMove, self._place(), Qt.MouseButton.NoButton)

    def click(self) -> None:
        """Click on what is there, sometimes drag it."""
        place = self._place()
        left = Qt.MouseButton.LeftButton
        self._send(QEvent.Type.MouseButtonPress, place, left)
        for _ in range(self.chance.choice((0, 0, 5))):
            place += QPointF(self.chance.uniform(-20, 20), self.chance.uniform(-20, 20))
            self._send(QEvent.Type.MouseMove, place, left)
        self._send(QEvent.Type.MouseButtonRelease, place, left)

    def edit(self) -> None:
        """Add boxes, or delete what is selected."""
        editor = self.program.workspace.editor
        if editor is None:
            return
        if len(editor.document.annotations) > 300:
            editor.remove(list(editor.document.annotations)[:200], "Delete")
            return
        size, chance = editor.document.size, self.chance
        new = []
        for _ in range(chance.randrange(1, 20)):
            x, y = chance.uniform(0, size.width * 0.8), chance.uniform(0, size.height * 0.8)
            box = Box(x, y, x + size.width * 0.1, y + size.height * 0.1)
            new.append(Detection(label=f"object {chance.randrange(9)}", score=chance.random(), box=box))
        editor.add(new, "Add")

    def undo(self) -> None:
        """Undo or redo."""
        self.program.actions[self.chance.choice(("edit.undo", "edit.undo", "edit.redo"))].trigger()

    def switch(self) -> None:
        """Show things another way."""
        names = ("labels", "scores", "fill", "smooth", "every_label", "crosshair", "loupe", "annotations")
        self.program.actions[f"view.{self.chance.choice(names)}"].trigger()

    def filter(self) -> None:
        """Look for something in the list."""
        line = self.program.panels.annotations.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setText(self.chance.choice(("", "", "object 3", "score>0.5")))

    def run(self) -> None:
        """Ask the service, or stop asking."""
        self.program.actions[self.chance.choice(("run.start", "run.start", "run.stop"))].trigger()

    def close(self) -> None:
        """Close the picture."""
        current = self.program.workspace.current
        if current is not None:
            self.program.workspace.close(current.key)

    def copy(self) -> None:
        """Put all that is on the picture on the clipboard, in one of the forms that there are."""
        editor = self.program.workspace.editor
        if editor is None:
            return
        if not editor.document.annotations:
            self.edit()
        editor.select(list(editor.document.annotations))
        forms = ("edit.copy", "edit.copy_table", "edit.copy_json", "edit.copy_crop", "file.copy")
        self.program.actions[self.chance.choice(forms)].trigger()

    def _place(self) -> QPointF:
        return QPointF(
            self.chance.uniform(5, self.canvas.width() - 5), self.chance.uniform(5, self.canvas.height() - 5)
        )

    def _send(self, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton) -> None:
        there, none = QPointF(self.canvas.mapToGlobal(place)), Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, place, there, button, button, none))


def answer_questions(program: Program) -> QTimer:
    """Throw work away where the program asks whether to save it; return the timer that looks for questions."""

    def look() -> None:
        asked = QApplication.activeModalWidget()
        if isinstance(asked, QMessageBox):
            role = QMessageBox.ButtonRole.DestructiveRole
            button = next((each for each in asked.buttons() if asked.buttonRole(each) == role), None)
            (button.click if button is not None else asked.reject)()

    timer = QTimer(program, interval=30)
    timer.timeout.connect(look)
    timer.start()
    return timer


def started(application: QApplication, home: Path, base_url: str) -> Program:
    """Return the program behind its window, with a service chosen."""
    program = whole_program(application, home / "settings.json", Credentials(environment={}))
    program.services.keep_profile(Profile("Loopback", base_url=base_url, needs_key=False))
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_task("detect")
    program.window.resize(1400, 900)
    program.window.show()
    return program


def use(minutes: float, home: Path) -> Figures:
    """Use the program for so long; return what was seen."""
    complaints = Complaints()
    qInstallMessageHandler(complaints.take)
    settle()
    application = QApplication(sys.argv[:1])
    pictures = make_pictures(home)
    turns: list[float] = []
    with LoopbackService() as service:
        program = started(application, home, service.base_url)
        user = User(program, pictures)
        answers = answer_questions(program)
        clock = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        clock.timeout.connect(lambda: turns.append(time.perf_counter()))
        clock.start()
        hand = QTimer(interval=20)
        hand.timeout.connect(user.act)
        hand.start()
        begun, settled = time.monotonic(), min(10.0, minutes / 6) * 60
        samples: list[tuple[float, float, int, int]] = []

        def sample() -> None:
            service.requests.clear()  # each holds the picture that was sent: of the service, and not of the program
            gc.collect()
            samples.append((time.monotonic() - begun, resident_mb(), open_files(), threading.active_count()))

        watch = QTimer(interval=max(1000, round(minutes * 600)))
        watch.timeout.connect(sample)
        watch.start()
        QTimer.singleShot(round(minutes * 60e3), application.quit)
        application.exec()
        for timer in (clock, hand, watch):
            timer.stop()
        sample()
        before = time.monotonic()
        program.window.close()
        closed = time.monotonic() - before
        answers.stop()
    gaps = sorted((after - here) * 1e3 for here, after in pairwise(turns))
    later = [each for each in samples if each[0] >= settled] or samples[-1:]
    # Of the first and of the last third, the most memory, and the fewest files and threads: those come and go with each
    # run and each picture that is just read, and what is never given back raises the fewest.
    third = max(1, len(later) // 3)
    first, last = later[:third], later[-third:]
    grown = [
        choose(each[n] for each in last) - choose(each[n] for each in first)
        for n, choose in ((1, max), (2, min), (3, min))
    ]
    p99 = gaps[int(len(gaps) * 0.99)]
    figures: Figures = {
        "minutes": minutes,
        "memory_grown_mb": round(grown[0], 1),
        "memory_mb": [round(each[1]) for each in samples],
        "files_grown": grown[1],
        "threads_grown": grown[2],
        "loop_ms": {"median": round(gaps[len(gaps) // 2], 1), "p99": round(p99, 1), "max": round(gaps[-1], 1)},
        "close_seconds": round(closed, 2),
        "all_threads_ended": program.all_threads_ended,
        "qt_says": sorted(set(complaints))[:20],
    }
    figures["within_limits"] = bool(
        grown[0] <= MAX_GROWTH_MB
        and grown[1] <= 0
        and grown[2] <= 0
        and p99 <= MAX_P99_MS
        and not complaints
        and closed <= MAX_CLOSE_SECONDS
    )
    return figures


def close_in_phase(number: int) -> None:
    """Start the program, use it for a moment that differs with ``number``, close it; tell how long that took."""
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as home, LoopbackService() as service:
        os.environ["QWVIS_HOME"] = home
        program = started(application, Path(home), service.base_url)
        user = User(program, make_pictures(Path(home), 3), seed=number)
        if number % 5:
            program.open(map(str, user.pictures))
        answer_questions(program)
        hand = QTimer(interval=7)
        hand.timeout.connect(user.act)
        if number % 3:
            hand.start()
        began: list[float] = []

        def close() -> None:
            hand.stop()
            if number % 4 == 1:
                program.actions["run.start"].trigger()
            if number % 4 > 1:
                user.copy()
            began.append(time.monotonic())
            program.window.close()

        QTimer.singleShot(number * 37 % 900, close)
        application.exec()
        print(json.dumps(time.monotonic() - began[0]), flush=True)
    if not program.all_threads_ended:
        os._exit(0)  # as the program itself does


def closes(count: int) -> Figures:
    """Close the program in many phases."""
    times, wrong = [], []
    for number in range(count):
        command = [sys.executable, __file__, "--phase", str(number)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        taken = float(ended.stdout) if ended.stdout.strip() else -1.0
        times.append(taken)
        if ended.returncode or not 0 <= taken <= MAX_CLOSE_SECONDS:
            wrong.append({"phase": number, "code": ended.returncode, "seconds": taken, "said": ended.stderr[-400:]})
    longest = round(max(times, default=0.0), 2)
    return {"closes": count, "longest_seconds": longest, "wrong": wrong, "within_limits": not wrong}


def main() -> None:
    """Read the arguments, use, close, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--closes", type=int, default=200)
    parser.add_argument("--phase", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.phase is not None:
        close_in_phase(given.phase)
        return
    found: dict[str, Figures] = {}
    if given.closes:
        found["closing"] = closes(given.closes)
    if given.minutes:
        with tempfile.TemporaryDirectory() as home:
            os.environ["QWVIS_HOME"] = home
            found["use"] = use(given.minutes, Path(home))
    print(json.dumps({"benchmark": "soak", **found}, indent=1))
    sys.stdout.flush()
    os._exit(not all(part["within_limits"] for part in found.values()))


if __name__ == "__main__":
    main()
