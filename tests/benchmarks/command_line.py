"""Seconds that commands take from start to end, each in its own process; prints one JSON object.

    python tests/benchmarks/command_line.py [--rounds N]

Medians of the rounds, and the ratio to the same interpreter doing nothing, measured in turn with them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

REPLY = json.dumps([{"bbox_2d": [15 * n, 200, 15 * n + 100, 400], "label": f"cat {n}"} for n in range(50)])
"""A reply as long as most."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        seconds = _measure(_commands(Path(folder)), rounds)
    floor = statistics.median(seconds["python"])
    print(
        json.dumps(
            {
                "rounds": rounds,
                "seconds": {name: round(statistics.median(taken), 4) for name, taken in seconds.items()},
                "times_bare_python": {
                    name: round(statistics.median(taken) / floor, 2) for name, taken in seconds.items()
                },
            }
        )
    )
    return 0


def _commands(folder: Path) -> dict[str, list[str]]:
    reply, photo = folder / "reply.txt", folder / "photo.jpg"
    reply.write_text(REPLY, encoding="utf-8")
    Image.effect_noise((750, 500), 60).resize((6000, 4000)).convert("RGB").save(photo, quality=85)
    program = [sys.executable, "-m", "qwvis_desktop"]
    parse = [str(reply), "--task", "detect", "--family", "qwen3-vl", "--image-size", "6000x4000"]
    url = ["--base-url", "http://127.0.0.1:9/v1"]
    return {
        "python": [sys.executable, "-c", "pass"],
        "--help": [*program, "--help"],
        "models": [*program, "models"],
        "parse": [*program, "parse", *parse, "--json"],
        "prepare, 24 megapixels": [*program, "prepare", str(photo), "--model", "qwen3-vl-plus", *url, "--json"],
        "draw, 24 megapixels, JPEG": [*program, "draw", str(photo), *parse, "--out", str(folder / "drawn.jpg")],
    }


def _measure(commands: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            start = time.perf_counter()
            subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
            seconds[name].append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
