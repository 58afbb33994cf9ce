"""QwVis beside labelme, AnyLabeling and X-AnyLabeling, in turn in one run. Prints one JSON object.

    .venv/bin/python tests/benchmarks/peers.py --driver FOLDER --peers FOLDER [--rounds 3] [--quick]

``--driver``: the folder with ``canvas_peer.py``, which drives each app's own canvas from outside, and
``make_media.py``, which draws the pictures into $BENCH_MEDIA. ``--peers``: a folder of virtual environments called
``labelme`` (6.3.1), ``anylabeling`` (0.4.43) and ``xanylabeling`` (x-anylabeling-cvhub[cpu] 4.2.1); those that are
missing are left out.
``--quick`` leaves out X-AnyLabeling's 10,000 boxes, which it takes minutes to load.

Figures are medians of the rounds' medians, in milliseconds; ratios tell how many times QwVis is faster, and are what is
held to the targets. ``draws``: the peers draw unlike things, see the driver's notes. QwVis is measured twice at 10,000
boxes: as it is, and drawing all that X-AnyLabeling draws.
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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PEERS = ("labelme", "anylabeling", "xanylabeling")

_OPEN, _FLIP = "open/24mp.jpg/again/median", "folder/next_24mp/median"
_FIT, _SMALL = "shapes/10000/fit", "shapes/1000/fit"


class Target(NamedTuple):
    """What is wanted: a figure of ours against one of a peer, or against a number of milliseconds."""

    name: str
    figure: str
    peer: str = ""
    times: float = 1.0
    most: float = 0.0
    peer_figure: str = ""
    app: str = "qwvis"


TARGETS = (
    Target("24 MP to first paint", _OPEN, "labelme", 3.5),
    Target("24 MP to first paint", _OPEN, "xanylabeling", 2.2),
    Target("24 MP in full", "open/24mp.jpg/full_resolution_again/median", "xanylabeling"),
    Target("next 24 MP picture", _FLIP, "labelme", 15),
    Target("window shown", "startup/window_painted_ms", "anylabeling", 2.5, app="program"),
    Target("window shown", "startup/window_painted_ms", "xanylabeling", 8, app="program"),
    Target("pan, p95", f"{_FIT}/pan/frame/p95", "labelme", 100),
    Target("pan, worst", f"{_FIT}/pan/frame/max", most=8),
    Target("zoom, p95", f"{_FIT}/zoom/frame/p95", "labelme", 100),
    Target("zoom until exact", f"{_FIT}/zoom_until_exact/median", "labelme", 5),
    Target("zoom until exact, 1,000", f"{_SMALL}/zoom_until_exact/median", "anylabeling"),
    Target("exact repaint, crisp", f"{_FIT}/repaint/frame/median", most=16),
    Target("exact repaint, all drawn", f"{_FIT}/repaint/frame/median", "xanylabeling", 10, app="drawn"),
    Target("hover", f"{_FIT}/hover/event/median", "labelme", 100),
    Target("load and show", "shapes/10000/load_first_ms", "labelme", 10),
    Target("load and show again", "shapes/10000/load_again/median", "labelme", 10),
    Target("memory, 10,000 boxes", "shapes/10000/peak_mb", "labelme", 1 / 0.7),
)

Figures = dict[str, float]


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
    """

    def __init__(self, driver: Path, peers: Path) -> None:
        self.driver = driver
        self.pythons = {name: peers / name / "bin" / "python" for name in PEERS}
        self.pythons = {name: python for name, python in self.pythons.items() if python.exists()}
        self.homes = Path(tempfile.mkdtemp(prefix="qwvis-peers-"))
        self.found: dict[str, list[Figures]] = {}

    def run(self, app: str, mode: str, *further: str) -> None:
        """Let the driver measure an app, and keep what it found."""
        factory = {"qwvis": "adapter", "drawn": "drawn_as_a_peer", "program": "whole_program"}.get(app)
        python = sys.executable if factory else str(self.pythons[app])
        # Byte code is written as after an installation: else each start would compile what has none.
        environment = dict(os.environ, BENCH_HOME=str(self.homes / app), PYTHONPYCACHEPREFIX=str(self.homes / "code"))
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        if factory:
            environment |= {
                "QWVIS_BENCH": f"canvas_adapter:{factory}",
                "QWVIS_HOME": str(self.homes / app),
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "benchmarks"))),
            }
        environment["BENCH_T0"] = repr(time.perf_counter())
        name = "qwvis" if factory else app
        command = [
            python,
            str(self.driver / "canvas_peer.py"),
            "--app",
            name,
            "--mode",
            mode,
            "--budget",
            "2",
            *further,
        ]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not ended.stdout.strip():
            sys.exit(f"{app} said nothing: {ended.stderr[-800:]}")
        self.found.setdefault(app, []).append(dict(flat(json.loads(ended.stdout))))

    def round(self, number: int, *, quick: bool) -> None:
        """Measure every app once."""
        apps = ("qwvis", *self.pythons)
        for app in apps:
            self.run(app, "open")
            self.run(app, "folder")
            self.run(app, "shapes", "--n", "1000")
            if not (quick and app == "xanylabeling"):
                self.run(app, "shapes", "--n", "10000")
        self.run("drawn", "shapes", "--n", "10000")
        for turn in range(4):
            for app in ("program", *self.pythons):
                self.run(app, "startup")
                if number == 0 and turn == 0:
                    self.found[app].pop()  # the first start fills the app's home

    def median(self, app: str, figure: str) -> float | None:
        """Return the median of a figure over all runs that have it."""
        values = [each[figure] for each in self.found.get(app, ()) if figure in each]
        return statistics.median(values) if values else None


def judged(bench: Bench) -> Iterator[dict[str, Any]]:
    """Yield each target with the figures and whether it is met; None where the peer is not there."""
    for target in TARGETS:
        ours = bench.median(target.app, target.figure)
        theirs = bench.median(target.peer, target.figure) if target.peer else None
        told: dict[str, Any] = {"what": target.name, "ours": ours}
        if target.peer:
            ratio = theirs / ours if theirs is not None and ours else None
            told |= {"peer": target.peer, "theirs": theirs, "ratio": ratio and round(ratio, 2), "wanted": target.times}
            told["met"] = None if ratio is None else ratio >= target.times
        else:
            told |= {"most": target.most, "met": None if ours is None else ours <= target.most}
        yield told


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--driver", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args(arguments)
    bench = Bench(given.driver.resolve(), given.peers.resolve())
    for number in range(given.rounds):
        bench.round(number, quick=given.quick)
    print(json.dumps({"benchmark": "peers", "load": os.getloadavg()[0], "targets": list(judged(bench))}, indent=1))


if __name__ == "__main__":
    main()
