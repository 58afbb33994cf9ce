"""Does the window ever wait while a film is looked at? Prints one JSON object.

    .venv/bin/python tests/benchmarks/film_window.py [--seconds 6] [--events 200] [--folder FOLDER]

A film of 1280 x 720 at 30 frames a second is dropped on the program's own window (canvas about 1000 x 600), then played
while a reply of so many events streams from the loopback service, which runs in a process of its own; then it is
scrubbed by a hand that moves every 8 ms and stepped through by a key that is held. Off screen unless QT_QPA_PLATFORM
says otherwise; times are milliseconds.

The first time it plays, and the opening, are the first of the process: they load what they need.

``gaps`` of each part: the longest time in which the event loop did not turn, as ``window.py`` tells it; the target of
50 ms is for ``longest_unqueued``, from which the load of the machine is taken off. ``frames``: how many came on the
canvas of those that were due, and how many were dropped. ``preview``: from the move of the hand to the end of the paint
that shows a frame near by. ``step``: from the key to the paint of the next frame.
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
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.window import Figures, Probe
from films import Film, make_film
from program_window import drop, dropped_files, editor_of, running
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from qwvis_desktop.app import Program
from qwvis_desktop.cli.open import settle
from qwvis_desktop.core.film_moment import FilmMoment
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.start import FILMS, LATER, load_the_rest
from qwvis_desktop.ui.film_player import Shot

TESTS = Path(__file__).resolve().parents[1]
RATE, SECONDS = 30, 40
SCRUB_MS = 8


def turn(milliseconds: int = 5) -> None:
    """Let the event loop turn once, and sleep until something is due, for so long at most; as it does in the program.

    With a limit of its own, ``processEvents`` would not sleep but keep Python's lock to itself.
    """
    waker = QTimer(interval=milliseconds, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    waker.start()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    waker.stop()


def wait_until(come: object, patience: int = 60_000) -> None:
    """Let the window live until ``come``."""
    assert callable(come)
    deadline = QDeadlineTimer(patience)
    while not come():
        if deadline.hasExpired():
            raise TimeoutError("what was waited for did not come")
        turn()


@contextmanager
def service_apart(folder: Path, events: int) -> Iterator[str]:
    """Run the loopback service in a process of its own; it answers with events. Gives its base URL."""
    length = SECONDS / events
    told = [{"start": n * length, "end": (n + 2) * length, "event": f"event {n % 12}"} for n in range(events)]
    script = folder / "service.py"
    script.write_text(
        "import sys, time\n"
        f"sys.path.insert(0, {str(TESTS)!r})\n"
        "from loopback.answers import streamed\n"
        "from loopback.service import LoopbackService\n"
        f"with LoopbackService(streamed({json.dumps(told)!r}, chunk=20, delay=0.002)) as service:\n"
        "    print(service.base_url, flush=True)\n"
        "    sys.stdin.read()\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def playing(program: Program, seconds: float) -> Figures:
    """Play while a reply streams."""
    films, editor = program.film.films, editor_of(program)
    films.go_to(0.0)
    shots: list[Shot] = []
    films.player.shown.connect(shots.append)
    dropped = films.player.dropped
    with Probe() as probe:
        program.actions["run.start"].trigger()
        program.actions["film.play"].trigger()
        wait_until(lambda: films.film is not None and films.film.time >= seconds)
        wait_until(lambda: not program.inference.is_running(editor))
    program.actions["film.play"].trigger()
    films.player.shown.disconnect(shots.append)
    found = {"events": len(editor.document.annotations)}
    return {**probe.told(), **found, "frames": {"shown": len(shots), "dropped": films.player.dropped - dropped}}


def scrubbing(program: Program, moves: int = 150) -> Figures:
    """Scrub there and back; how soon something is seen, and whether the window waits."""
    films, taken = program.film.films, []
    canvas = program.canvas
    with Probe() as probe:
        for move in range(moves):
            share = abs((move * 2 / moves) % 2 - 1)
            asked, before = time.perf_counter(), canvas.exact_paints
            films.scrub(share * SECONDS * 0.9, is_final=False)
            deadline = QDeadlineTimer(SCRUB_MS)
            seen = False
            while not deadline.hasExpired() or not seen:
                turn(1)
                if not seen and canvas.exact_paints > before:
                    seen = True
                    taken.append((time.perf_counter() - asked) * 1e3)
    wait_until(lambda: films.film is not None and abs(films.film.moment.time - films.film.time) < 1e-6)
    return {**probe.told(), "preview": figures(taken)}


def stepping(program: Program, steps: int = 60) -> Figures:
    """Hold the key of the next frame; how soon it is painted."""
    films, taken = program.film.films, []
    films.go_to(10.0)
    wait_until(lambda: films.film is not None and abs(films.film.moment.time - 10.0) < 0.05)
    with Probe() as probe:
        for _ in range(steps):
            assert films.film is not None
            asked, before = time.perf_counter(), films.film.moment.time
            films.step(1)
            paints = program.canvas.exact_paints
            moment = films.film.moment
            wait_until(partial(_is_later, moment, before))
            wait_until(partial(_is_painted, program, paints))
            taken.append((time.perf_counter() - asked) * 1e3)
    return {**probe.told(), "step": figures(taken)}


def _is_later(moment: FilmMoment, before: float) -> bool:
    return moment.time > before


def _is_painted(program: Program, paints: int) -> bool:
    return program.canvas.exact_paints > paints


def figures(taken: list[float]) -> Figures:
    """Return median and 95th percentile, in milliseconds."""
    ordered = sorted(taken)
    return {"median": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95)], 1)}


def measured(folder: Path, seconds: float, events: int) -> Figures:
    """Return all figures."""
    film = make_film(folder, Film(name="film.mp4", count=RATE * SECONDS, key_every=30, size=Size(1280, 720)))
    application = QApplication.instance() or QApplication([])
    settle()
    assert application is not None
    with service_apart(folder, events) as url, running() as program:
        program.window.resize(1500, 1000)
        # As after any start: by the time one has found a film, the rest is loaded.
        load_the_rest(program.jobs)
        wait_until(lambda: all(name in sys.modules for name in LATER + FILMS))
        program.services.keep_profile(Profile("Loopback", base_url=url, needs_key=False))
        program.services.choose_model("qwen3-vl-plus")
        with Probe() as probe:
            drop(program, dropped_files(film))
            wait_until(lambda: program.canvas.picture is not None)
            wait_until(lambda: program.film.films.film is not None and program.film.films.film.index is not None)
        program.services.choose_task("video-events")
        opened = probe.told()
        return {
            "film": f"1280 x 720, {RATE} frames a second",
            "open": opened,
            "first_play": playing(program, seconds),
            "play": playing(program, seconds),
            "scrub": scrubbing(program),
            "step": stepping(program),
        }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["QWVIS_HOME"] = str(Path(scratch) / "home")
        folder = arguments.folder or Path(scratch)
        print(json.dumps(measured(folder, arguments.seconds, arguments.events), indent=1))


if __name__ == "__main__":
    main()
