"""Annotated pictures: a 12-megapixel photo with 100 labels, a part of them Chinese, drawn and encoded.

    python tests/benchmarks/export_pictures.py [--peer PYTHON] [--rounds 5] [--picture FILE]

Prints one JSON object; times are milliseconds from decoded pixels to the file's bytes, medians over rounds in which all
take turns. ``jpeg`` and ``png`` are what an export does; ``qt_jpeg`` is the same drawing saved by ``QImage.save``,
``pillow_png`` by Pillow. ``supervision`` draws its boxes and rich labels (the ones that can write Chinese) and saves by
OpenCV, as its users do, in a process of its own: ``--peer`` names a Python that has it (``python -m venv V`` and
``V/bin/pip install supervision``). ``cpu`` are milliseconds of all cores, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SIZE = (4000, 3000)
WORDS = ("car", "person", "traffic light", "汽车", "自行车", "potted plant", "红绿灯", "handbag", "行人", "bus")
GOALS = {"supervision_jpeg": 1.5, "qt_jpeg": 3.0, "pillow_png": 4.0}
"""How many times slower than ours each is to be."""


def boxes() -> list[tuple[str, float, float, float, float]]:
    """Return 100 labelled boxes: left, top, right, bottom."""
    import random

    choose = random.Random(4)
    found = []
    for place in range(100):
        left, top = choose.uniform(0, SIZE[0] - 400), choose.uniform(40, SIZE[1] - 400)
        name = f"{WORDS[place % len(WORDS)]} {place % 7}"
        found.append((name, left, top, left + choose.uniform(60, 360), top + choose.uniform(60, 360)))
    return found


def timed(call: Callable[[], bytes]) -> dict[str, float]:
    """Return wall and processor time of a call in milliseconds, and the size of what it gave in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    data = call()
    return {
        "ms": (time.perf_counter() - wall) * 1e3,
        "cpu": (time.process_time() - cpu) * 1e3,
        "mb": len(data) / 1e6,
    }


def ours(picture: Path) -> dict[str, Callable[[], bytes]]:
    """Return what is measured of this program, by name."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from PIL import Image
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QGuiApplication

    from qwvis_desktop.core.annotation import Detection
    from qwvis_desktop.core.document import Document
    from qwvis_desktop.core.geometry import Box
    from qwvis_desktop.core.media.image import open_image
    from qwvis_desktop.core.media.pixels import Raster
    from qwvis_desktop.core.media.raster import decode, encode
    from qwvis_desktop.ui.canvas.painting.render import PictureRenderer
    from qwvis_desktop.ui.images import image_of

    _keep.append(QGuiApplication([]))
    document = Document(open_image(picture))
    document.add(Detection(label=name, box=Box(*sides)) for name, *sides in boxes())
    pixels = decode(document.media)
    renderer = PictureRenderer()

    def drawn() -> Raster:
        # A copy, as its own pixels are what an export draws into.
        return renderer.drawn(document, Raster(pixels.size, memoryview(bytearray(pixels.data))))

    def qt_jpeg() -> bytes:
        raster = drawn()
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image_of(raster).save(buffer, "JPEG", 92)  # type: ignore[call-overload]  # the stubs want bytes
        return bytes(data.data())

    def pillow_png() -> bytes:
        raster = drawn()
        file = io.BytesIO()
        Image.frombuffer("RGB", raster.size, bytes(raster.data), "raw", "BGRX", 0, 1).save(file, "PNG")
        return file.getvalue()

    return {
        "jpeg": lambda: encode(drawn(), "image/jpeg", 92),
        "png": lambda: encode(drawn(), "image/png"),
        "qt_jpeg": qt_jpeg,
        "pillow_png": pillow_png,
        "drawing_alone": lambda: bytes(drawn().data[:1]),
    }


_keep: list[object] = []


def peer(picture: str, font: str) -> None:
    """Measure supervision once for each line on standard input; answer with a line of JSON."""
    import cv2
    import numpy as np
    import supervision

    pixels = cv2.imread(picture)
    assert pixels is not None
    held = boxes()
    sides = np.array([box[1:] for box in held], np.float32)
    detections = supervision.Detections(xyxy=sides, class_id=np.arange(len(held)) % 20)
    frames = supervision.BoxAnnotator(thickness=4)
    labels = supervision.RichLabelAnnotator(font_size=46, font_path=font)

    def drawn() -> Any:
        return labels.annotate(frames.annotate(pixels.copy(), detections), detections, [box[0] for box in held])

    def jpeg() -> bytes:
        return bytes(cv2.imencode(".jpg", drawn(), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].data)

    for _ in sys.stdin:
        print(json.dumps({"supervision_jpeg": timed(jpeg)}), flush=True)


def photo_file(folder: Path) -> Path:
    """Write a picture of 12 megapixels: soft shapes and a camera's grain."""
    import numpy as np
    from PIL import Image

    generator = np.random.default_rng(7)
    soft = Image.fromarray(generator.integers(0, 256, (60, 80, 3), np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)
    grain = generator.normal(0, 3, (SIZE[1], SIZE[0], 1))
    path = folder / "photo.jpg"
    pixels = np.clip(np.asarray(soft).astype(np.float32) + grain, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, "JPEG", quality=92)
    return path


def font_file() -> str:
    """Return a font that has Chinese."""
    found = subprocess.run(["fc-match", "-f", "%{file}", ":lang=zh-cn"], capture_output=True, text=True, check=True)
    return found.stdout


def measured(picture: Path, rounds: int, python: str) -> dict[str, list[dict[str, float]]]:
    """Let all take turns; the first round warms up and is not counted."""
    calls = ours(picture)
    command = [python, __file__, "--as-peer", str(picture), font_file()]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) if python else None
    times: dict[str, list[dict[str, float]]] = {}
    for turn in range(rounds + 1):
        found = {name: timed(call) for name, call in calls.items()}
        if other is not None and other.stdin is not None and other.stdout is not None:
            print(file=other.stdin, flush=True)
            found |= json.loads(other.stdout.readline())
        for name, figures in found.items() if turn else ():
            times.setdefault(name, []).append(figures)
    if other is not None:
        other.communicate()
    return times


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--as-peer"]:
        peer(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--peer", default="", metavar="PYTHON", help="a Python that has supervision")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--picture", type=Path, help="another photo of 4000 x 3000")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        times = measured(arguments.picture or photo_file(Path(folder)), arguments.rounds, arguments.peer)
    figures = {
        name: {key: round(statistics.median(one[key] for one in rounds), 1) for key in ("ms", "cpu", "mb")}
        for name, rounds in times.items()
    }
    against = {name: ("png" if name.endswith("png") else "jpeg", goal) for name, goal in GOALS.items() if name in times}
    ratios = {
        name: {
            "goal": goal,
            "ms": round(figures[name]["ms"] / figures[mine]["ms"], 2),
            "cpu": round(figures[name]["cpu"] / figures[mine]["cpu"], 2),
        }
        for name, (mine, goal) in against.items()
    }
    print(json.dumps({"size": SIZE, "labels": 100, "figures": figures, "times_slower_than_ours": ratios}, indent=1))


if __name__ == "__main__":
    main()
