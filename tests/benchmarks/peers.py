"""QwVis beside labelme, AnyLabeling and X-AnyLabeling, in turn in one run. Prints one JSON object.

    .venv/bin/python tests/benchmarks/peers.py --driver FOLDER --peers FOLDER [--rounds 3] [--quick] [--out FILE]

``--driver``: the folder with ``canvas_peer.py``, which drives each app's own canvas from outside, and
``make_media.py``, which draws the pictures into $BENCH_MEDIA. ``--peers``: a folder of virtual environments called
``labelme`` (6.3.1), ``anylabeling`` (0.4.43) and ``xanylabeling`` (x-anylabeling-cvhub[cpu] 4.2.1); those that are
missing are left out.

It ends in 25 minutes, with ``--quick`` in 6: one round, shorter, without X-AnyLabeling's 10,000 boxes, which it takes
minutes to load. What does not end in its time is stopped and told as such, and the rest goes on; a step of a later
round that would not fit is left out. The figures so far are written to FILE after each step.

Before an app's first figures it is started once, opens a picture with 100 boxes and is not measured: by that all it
needs has its byte code, as after an installation. Else its first load would be the time that Python compiles.

Figures are medians of the rounds' medians, in milliseconds; ratios tell how many times QwVis is faster, and are what is
held to the goals. ``floor`` is the smallest app that the driver has, on the same machine at the same time: where a goal
is a number of milliseconds, ``floor`` tells how far the machine is from the one on which it was set (12 ms for all
boxes anew). ``draws``: the peers draw unlike things, see the driver's notes. QwVis is measured twice at 10,000
boxes: as it is, and drawing all that X-AnyLabeling draws.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "tests" / "benchmarks"
PEERS = ("labelme", "anylabeling", "xanylabeling")

_FACTORIES = {
    "qwvis": "canvas_adapter:adapter",
    "drawn": "canvas_adapter:drawn_as_a_peer",
    "program": "program_adapter:adapter",
}
"""What of ours the driver measures: module and function that hand it over."""

_OPEN, _FLIP = "open/24mp.jpg/again/median", "folder/next_24mp/median"
_FIT, _SMALL = "shapes/10000/fit", "shapes/1000/fit"
_DRAG = "drag, a frame/p95"


class Goal(NamedTuple):
    """What is wanted: a figure of ours against one of a peer, or against a number of milliseconds.

    Attributes:
        point: of "Must show", where it is asked for.
    """

    point: int
    name: str
    figure: str
    peer: str = ""
    times: float = 1.0
    most: float = 0.0
    app: str = "qwvis"


GOALS = (
    Goal(1, "24 MP to first paint", _OPEN, "labelme", 3.5),
    Goal(1, "24 MP to first paint", _OPEN, "xanylabeling", 2.2),
    Goal(1, "24 MP in full", "open/24mp.jpg/full_resolution_again/median", "xanylabeling"),
    Goal(1, "next 24 MP picture", _FLIP, "labelme", 15),
    Goal(1, "window shown", "startup/window_painted_ms", "anylabeling", 2.5, app="program"),
    Goal(1, "window shown", "startup/window_painted_ms", "xanylabeling", 8, app="program"),
    Goal(2, "pan, p95", f"{_FIT}/pan/frame/p95", "labelme", 100),
    Goal(2, "pan, worst", f"{_FIT}/pan/frame/max", most=8),
    Goal(2, "zoom, p95", f"{_FIT}/zoom/frame/p95", "labelme", 100),
    Goal(2, "zoom until exact", f"{_FIT}/zoom_until_exact/median", "labelme", 5),
    Goal(2, "zoom until exact, 1,000", f"{_SMALL}/zoom_until_exact/median", "anylabeling"),
    Goal(2, "exact repaint, crisp", f"{_FIT}/repaint/frame/median", most=16),
    Goal(2, "exact repaint, crisp", f"{_FIT}/repaint/frame/median", "floor", 1 / 1.3),
    Goal(2, "exact repaint, all drawn", f"{_FIT}/repaint/frame/median", "xanylabeling", 10, app="drawn"),
    Goal(2, "hover", f"{_FIT}/hover/event/median", "labelme", 100),
    Goal(2, "load and show", "shapes/10000/load_first_ms", "labelme", 10),
    Goal(2, "load and show again", "shapes/10000/load_again/median", "labelme", 10),
    Goal(2, "memory, 10,000 boxes", "shapes/10000/peak_mb", "labelme", 1 / 0.7),
    Goal(2, "dragging one of 10,000, p95", _DRAG, most=8, app="editing"),
)

_FLOOR_MS = 12.1
"""The floor app's exact repaint of 10,000 boxes where the goals were set."""

_WARMING = "24mp-n100.jpg"
"""The picture with which an app is started before it is measured."""

Figures = dict[str, float]


class Step(NamedTuple):
    """One start of an app under the driver.

    Attributes:
        app: ours, a peer, or "floor"; "editing" is a script of ours.
        mode: what the driver measures.
        boxes: how many, where it measures those.
        limit: seconds until it is stopped.
        rounds: in how many rounds it is done.
    """

    app: str
    mode: str
    boxes: int = 0
    limit: float = 120.0
    rounds: int = 99

    def __str__(self) -> str:
        return f"{self.app} {self.mode}{f' {self.boxes}' if self.boxes else ''}"


def steps_of(peers: Sequence[str], quick: bool) -> Iterator[Step]:
    """Yield the steps of a round: the apps in turn for each thing that is measured, so that all meet the same load."""
    slowest = "xanylabeling"
    for app in ("qwvis", "floor", *(peer for peer in peers if peer != slowest)):
        yield Step(app, "shapes", 10_000, limit=240)
    yield Step("editing", "editing", 10_000, limit=90)
    for mode in ("open", "folder"):
        for app in ("qwvis", *peers):
            yield Step(app, mode, limit=90)
    for _ in range(2 if quick else 5):
        for app in ("program", *peers):
            yield Step(app, "startup", limit=45)
    for app in ("qwvis", *peers):
        yield Step(app, "shapes", 1000)
    if slowest in peers and not quick:
        # Loaded a second time, its 10,000 boxes take it most of a minute, which is one of its figures.
        yield Step("drawn", "shapes", 10_000)
        yield Step(slowest, "shapes", 10_000, limit=400, rounds=1)


def flat(value: object, place: str = "") -> Iterator[tuple[str, float]]:
    """Yield each number of nested dictionaries with the way to it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{place}/{key}" if place else str(key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, float(value)


class Bench:
    """The driver and the apps.

    Args:
        driver: folder of the driver.
        peers: folder of the peers' environments.
        budget: seconds for each kind of frame.
    """

    def __init__(self, driver: Path, peers: Path, budget: float) -> None:
        self.driver, self.budget = driver, budget
        self.pythons = {name: peers / name / "bin" / "python" for name in PEERS}
        self.pythons = {name: python for name, python in self.pythons.items() if python.exists()}
        self.homes = Path(tempfile.mkdtemp(prefix="qwvis-peers-"))
        self.found: dict[str, list[Figures]] = {}
        self.steps: list[dict[str, Any]] = []
        self.took: dict[Step, float] = {}
        self.compiled: set[str] = set()

    def run(self, step: Step, left: float) -> None:
        """Let the driver measure an app, and keep what it found; ``left``: seconds of the whole run."""
        started, is_first = time.monotonic(), step not in self.took
        limit = min(step.limit, left)
        if step.mode == "shapes" and step.app not in self.compiled:
            self.compiled.add(step.app)
            self.answer(Step(step.app, "open"), limit, ["--images", _WARMING])
        answer = self.answer(step, limit)
        self.took[step] = time.monotonic() - started
        told = {"step": str(step), "seconds": round(self.took[step], 1), "load": round(os.getloadavg()[0], 1)}
        if isinstance(answer, str):
            told["failed"] = answer
        elif not (step.mode == "startup" and is_first):  # the first start fills the app's home
            self.found.setdefault(step.app, []).append(dict(flat(answer)))
        self.steps.append(told)
        print(", ".join(f"{key} {value}" for key, value in told.items()), file=sys.stderr, flush=True)

    def answer(self, step: Step, limit: float, more: Sequence[str] = ()) -> dict[str, Any] | str:
        """Return what an app under the driver gives, or why it gave nothing; ``more``: further arguments."""
        process = subprocess.Popen(
            [*self.command(step), *more],
            env=self.environment(step),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            said, complaint = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"stopped after {limit:.0f} s"
        try:
            found = json.loads(said)
        except ValueError:
            return f"gave no figures; exit code {process.returncode}: {complaint.strip()[-300:]}"
        return found if isinstance(found, dict) else "gave no figures"

    def command(self, step: Step) -> list[str]:
        """Return what to start."""
        if step.app == "editing":
            return [sys.executable, str(BENCHMARKS / "editing.py"), "--boxes", str(step.boxes)]
        name = "qwvis" if step.app in _FACTORIES else step.app
        further = ["--n", str(step.boxes)] if step.boxes else []
        arguments = ["--app", name, "--mode", step.mode, "--budget", str(self.budget), *further]
        return [str(self.pythons.get(step.app, sys.executable)), str(self.driver / "canvas_peer.py"), *arguments]

    def environment(self, step: Step) -> dict[str, str]:
        """Return the environment of an app: a home of its own, off screen."""
        # Byte code is written as after an installation: else each start would compile what has none.
        home = str(self.homes / step.app)
        environment = dict(os.environ, BENCH_HOME=home, PYTHONPYCACHEPREFIX=str(self.homes / "code"))
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        if step.app in _FACTORIES:
            environment |= {
                "QWVIS_BENCH": _FACTORIES[step.app],
                "QWVIS_HOME": home,
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(BENCHMARKS))),
            }
        environment["BENCH_T0"] = repr(time.perf_counter())
        return environment

    def median(self, app: str, figure: str) -> float | None:
        """Return the median of a figure over all runs that have it."""
        values = [each[figure] for each in self.found.get(app, ()) if figure in each]
        return statistics.median(values) if values else None

    def judged(self) -> Iterator[dict[str, Any]]:
        """Yield each goal with the figures and "met" or "missed", or "not measured" where one of them is not there."""
        floor = self.median("floor", f"{_FIT}/repaint/frame/median")
        for goal in GOALS:
            ours = self.median(goal.app, goal.figure)
            theirs = self.median(goal.peer, goal.figure) if goal.peer else None
            told: dict[str, Any] = {"point": goal.point, "what": goal.name, "ours": ours}
            if goal.peer:
                ratio = theirs / ours if theirs is not None and ours else None
                told |= {"peer": goal.peer, "theirs": theirs, "ratio": ratio and round(ratio, 2)}
                told["wanted"] = round(goal.times, 2)
                is_met = None if ratio is None else ratio >= goal.times
            else:
                told["most"] = goal.most
                # What it would be where the goal was set, if all of it were slower here as the smallest app is.
                told["there"] = round(ours * _FLOOR_MS / floor, 2) if ours is not None and floor else None
                is_met = None if ours is None else ours <= goal.most
            yield told | {"goal": {None: "not measured", True: "met", False: "missed"}[is_met]}

    def report(self) -> dict[str, Any]:
        """Return all that is known so far."""
        goals = list(self.judged())
        floor = self.median("floor", f"{_FIT}/repaint/frame/median")
        return {
            "benchmark": "peers",
            "load": round(os.getloadavg()[0], 2),
            "goals": goals,
            "met": sum(goal["goal"] == "met" for goal in goals),
            "missed": [f"{goal['what']} {goal.get('peer', '')}".strip() for goal in goals if goal["goal"] == "missed"],
            "machine slower than where the goals were set": None if floor is None else round(floor / _FLOOR_MS, 1),
            "steps": self.steps,
        }


def write(report: Mapping[str, Any], path: Path) -> None:
    """Write a report beside its place and rename it over, so that a run that is killed leaves a whole one."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(report, indent=1) + "\n")
    beside.replace(path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--driver", type=Path, required=True, help="folder of canvas_peer.py")
    parser.add_argument("--peers", type=Path, required=True, help="folder of the peers' virtual environments")
    parser.add_argument("--media", type=Path, help="folder of the pictures, else $BENCH_MEDIA")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", type=float, help="stop after this; 24, or 5.5 with --quick")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir(), "qwvis-peers.json"))
    given = parser.parse_args(arguments)
    if given.media is not None:
        os.environ["BENCH_MEDIA"] = str(given.media.resolve())
    if not Path(os.environ.get("BENCH_MEDIA", "nowhere"), "24mp-n10000.json").exists():
        parser.error(
            "There are no pictures to measure with. Draw them with the driver's make_media.py, and name their "
            "folder with --media."
        )
    ends = time.monotonic() + 60 * (given.minutes or (5.5 if given.quick else 24))
    bench = Bench(given.driver.resolve(), given.peers.resolve(), 0.7 if given.quick else 2)
    print(f"figures so far are in {given.out}", file=sys.stderr)
    for number in range(1 if given.quick else given.rounds):
        for step in steps_of(tuple(bench.pythons), given.quick):
            left = ends - time.monotonic()
            if number < step.rounds and left > bench.took.get(step, 5.0):
                bench.run(step, left)
                write(bench.report(), given.out)
    print(json.dumps(bench.report(), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
