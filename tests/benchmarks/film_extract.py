"""Two frames a second of a minute of 1080p H.264, scaled for a request: how long, how exact, how much memory.

    python tests/benchmarks/film_extract.py [--runs 5] [--folder FOLDER] [--seconds 60]

Prints one JSON object: medians in milliseconds, beside the limit (decoding every frame and doing nothing with it) and
OpenCV's way (grab all, retrieve and resize what is wanted), taken in turns in the same run. Memory is what a fresh
process takes more at its peak for a minute, and for ten.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.film_clips import minute, repeated
from benchmarks.large_pictures import forget_peak, peak_mb

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import extract
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video

SIZE = Size(1056, 576)
FPS = 2.0


def ours(path: Path, seconds: float) -> list[bytes]:
    """Return the frames as this program extracts them."""
    times = [number / FPS for number in range(int(seconds * FPS))]
    return [bytes(frame.raster.data) for frame in extract(open_video(path), times, SIZE)]


def decode_only(path: Path, _: float) -> int:
    """Decode every frame, and do nothing with it."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in container.decode(stream))


def by_opencv(path: Path, seconds: float) -> int:
    """Grab all frames; retrieve, resize and turn to RGB those that are wanted."""
    import cv2

    capture, number, taken = cv2.VideoCapture(str(path)), 0, 0
    rate = capture.get(cv2.CAP_PROP_FPS)
    while capture.grab():
        if number / rate + 1e-6 >= taken / FPS and taken < seconds * FPS:
            frame = capture.retrieve()[1]
            cv2.cvtColor(cv2.resize(frame, tuple(SIZE), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
            taken += 1
        number += 1
    return taken


def identical(path: Path, frames: list[bytes]) -> int:
    """Return how many of ``frames`` are what decoding one frame after the other gives."""
    same, taken = 0, 0
    with FilmReader(open_video(path), size=SIZE) as reader:
        while (frame := reader.following()) is not None:
            if taken < len(frames) and frame.time + frame.duration > taken / FPS + 1e-6:
                same += bytes(frame.raster.data) == frames[taken]
                taken += 1
    return same


def added_megabytes(path: Path, seconds: float) -> float:
    """Return what extracting takes more at its peak than opening the film, in a process of its own."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from benchmarks import film_extract as bench;"
        "from pathlib import Path; path = Path(sys.argv[2]); print(bench.peak_of(path, float(sys.argv[3])))"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parents[1]), str(path), str(seconds)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def peak_of(path: Path, seconds: float) -> float:
    """Return by how many megabytes the peak grows while frames are extracted and thrown away."""
    media = open_video(path)
    forget_peak()
    before = peak_mb()
    times = [number / FPS for number in range(int(seconds * FPS))]
    for _ in extract(media, times, SIZE):
        pass
    return peak_mb() - before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "qwvis-films")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    path, seconds = minute(arguments.folder, arguments.seconds), float(arguments.seconds)
    ways: dict[str, Callable[[Path, float], object]] = {
        "ours": ours, "decode_only": decode_only, "opencv": by_opencv,
    }  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.runs):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(path, seconds)
            taken[name].append((time.perf_counter() - begun) * 1000)
    medians = {name: round(statistics.median(values), 1) for name, values in taken.items()}
    frames = ours(path, seconds)
    ten = repeated(path, 10)
    print(
        json.dumps(
            {
                "ms": medians,
                "times_decode_only": round(medians["ours"] / medians["decode_only"], 3),
                "times_faster_than_opencv": round(medians["opencv"] / medians["ours"], 3),
                "identical": f"{identical(path, frames)} of {len(frames)}",
                "added_megabytes": {
                    "one": round(added_megabytes(path, seconds), 1),
                    "ten": round(added_megabytes(ten, 10 * seconds), 1),
                },
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
