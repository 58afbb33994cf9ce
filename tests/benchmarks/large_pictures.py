"""Pictures of up to 500 megapixels and 40,000 pixels a side in the program's canvas. Prints one JSON object.

    .venv/bin/python tests/benchmarks/large_pictures.py [--megapixels 500] [--folder FOLDER]

Of each: milliseconds until something is seen, until the overview is there, and until 100 % in the middle and at the
far corner is sharp; the longest gap of the event loop meanwhile, and what the
window's own thread worked of one; and how much the process's memory grew at most (on
Linux), against four times the level on view plus 300 MB. Each picture has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

VIEW = (1600, 1000)


def make(folder: Path, megapixels: int) -> dict[str, Path]:
    """Draw the pictures that are not there yet: blurred noise with grain, which is as hard to decode as a photo."""
    import pyvips

    side = round((megapixels * 1e6 * 1.25) ** 0.5)
    wanted = {
        f"photo-{megapixels}.jpg": (side, round(side / 1.25)),
        f"photo-{megapixels}.png": (side, round(side / 1.25)),
        f"photo-{megapixels}.tif": (side, round(side / 1.25)),
        "wide.jpg": (40000, 2000),
        "high.png": (1500, 33000),
    }
    options = {".jpg": {"Q": 90}, ".png": {"compression": 1}, ".tif": {}}
    for name, (width, height) in wanted.items():
        path = folder / name
        if not path.exists():
            noise = pyvips.Image.gaussnoise(width // 16 + 1, height // 16 + 1, mean=128, sigma=60).gaussblur(2)
            soft = noise.resize(16, kernel="linear").crop(0, 0, width, height)
            grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=4)
            picture = (soft + grain).bandjoin([soft * 0.8 + grain, soft.rot180()]).cast("uchar")
            picture.copy(interpretation="srgb").write_to_file(str(path), **options[path.suffix])
    return {name: folder / name for name in wanted}


def peak_mb() -> float:
    """Return the largest resident memory of this process since ``forget_peak``."""
    with Path("/proc/self/status").open(encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def forget_peak() -> float:
    """Let ``peak_mb`` speak of what follows; return what is resident now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_mb()


def measure(path: Path) -> dict[str, object]:
    """Open one picture and look at it closely."""
    from benchmarks.canvas_adapter import BenchWindow
    from PySide6.QtCore import QEventLoop, QPointF, QTimer
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    window = BenchWindow()
    window.resize(*VIEW)
    window.show()
    waker = QTimer(interval=5, singleShot=True)
    gap = busy = 0.0

    def until(done: Callable[[], bool]) -> float:
        nonlocal gap, busy
        begun = last = time.perf_counter()
        while not done():
            waker.start()
            worked = time.thread_time()
            application.processEvents(
                QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
            )
            now = time.perf_counter()
            gap, last = max(gap, (now - last) * 1e3), now
            busy = max(busy, (time.thread_time() - worked) * 1e3)
        return round((time.perf_counter() - begun) * 1e3)

    until(lambda: window.isActiveWindow() or window.canvas.isVisible())
    before = forget_peak()
    canvas = window.canvas
    window.open(path)
    first = until(lambda: canvas.picture is not None)
    overview = first + until(lambda: window.is_full)
    sharp = []
    picture = canvas.picture
    assert picture is not None
    for place in (QPointF(canvas.rect().center()), QPointF(canvas.rect().bottomRight())):
        canvas.fit()
        had = canvas.detail
        canvas.set_zoom(1.0, place)
        sharp.append(until(lambda had=had: canvas.detail is not had or picture.is_full))  # type: ignore[misc]  # mypy guesses no default's type
    size = picture.size
    shown = min(VIEW[0] / size.width, VIEW[1] / size.height)
    limit = 4 * max(VIEW[0] * VIEW[1], size.pixels * shown * shown) * 4 / 2**20 + 300
    grown = peak_mb() - before
    window.close()
    return {
        "megapixels": round(size.pixels / 1e6),
        "first_ms": first,
        "overview_ms": overview,
        "sharp_ms": sharp,
        "longest_gap_ms": round(gap, 1),
        "longest_busy_ms": round(busy, 1),
        "memory_mb": round(grown),
        "memory_limit_mb": round(limit),
        "within_limit": grown <= limit,
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megapixels", type=int, default=500)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "qwvis-large-pictures")
    parser.add_argument("--picture", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.picture is not None:
        print(json.dumps(measure(given.picture)))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, object] = {}
    for name, path in make(given.folder, given.megapixels).items():
        ended = subprocess.run(
            [sys.executable, __file__, "--picture", str(path)], capture_output=True, text=True, check=True
        )
        found[name] = json.loads(ended.stdout)
    print(json.dumps({"benchmark": "large_pictures", "pictures": found}, indent=1))


if __name__ == "__main__":
    main()
