"""The figures of boxes in space: projecting many, and drawing them into 12 megapixels. Prints one JSON object.

    python tests/benchmarks/cuboids.py [--runs 15] [--picture FILE.jpg]

Times are medians in milliseconds, with the shortest and the longest; ways that are compared take turns, so that a
machine that slows down slows all of them. Beside ours stand, in the same run:

* ``per_point``: how the makers' notebook projects, point by point in Python, re-stated here;
* ``floor``: decode, project, draw bare lines, encode - no labels, no clipping, nothing that a program needs besides;
* ``figure``: a figure as the notebook draws and saves it, where matplotlib is installed (of 1200 x 800 pixels only).

Drawing is from the file's bytes to the bytes of a JPEG of full size, read and written by this program's own codecs.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import io
import json
import math
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("MPLBACKEND", "Agg")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.image_paths import photograph
from PIL import Image
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import EDGES, CameraIntrinsics, project_all
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.media.raster import Raster, decode, encode
from qwvis_desktop.ui.canvas.painting.render import PictureRenderer

SIZE = Size(4000, 3000)
Figures = dict[str, object]


def cuboids(count: int) -> list[Cuboid]:
    """Return boxes like cars and people, all before the camera."""
    draw = random.Random(9)
    found = []
    for _ in range(count):
        z = draw.uniform(6, 60)
        found.append(
            Cuboid(
                label=f"object {draw.randrange(20):02d}",
                center=(draw.uniform(-0.45, 0.45) * z, draw.uniform(-0.3, 0.3) * z, z),
                size=(draw.uniform(1, 3), draw.uniform(1, 2), draw.uniform(2, 5)),
                angles=(draw.uniform(-0.05, 0.05), draw.uniform(-1, 1), draw.uniform(-0.05, 0.05)),
            )
        )
    return found


def per_point(cuboid: Cuboid, camera: CameraIntrinsics) -> list[tuple[float, float]]:
    """Project one box as the makers' notebook does: corner by corner, each angle's sine and cosine anew."""
    pitch, yaw, roll = (math.radians(angle * 180) for angle in cuboid.angles)
    half = [length / 2 for length in cuboid.size]
    found = []
    for signs in [(x, y, z) for x in (1, -1) for y in (1, -1) for z in (1, -1)]:
        x, y, z = (sign * length for sign, length in zip(signs, half, strict=True))
        y, z = y * math.cos(pitch) - z * math.sin(pitch), y * math.sin(pitch) + z * math.cos(pitch)
        x, z = x * math.cos(yaw) + z * math.sin(yaw), -x * math.sin(yaw) + z * math.cos(yaw)
        x, y = x * math.cos(roll) - y * math.sin(roll), x * math.sin(roll) + y * math.cos(roll)
        x, y, z = x + cuboid.center[0], y + cuboid.center[1], z + cuboid.center[2]
        if z > 0:
            found.append((camera.fx * x / z + camera.cx, camera.fy * y / z + camera.cy))
    return found


def in_turns(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, Figures]:
    """Return the median, shortest and longest time of each way, after one turn that does not count."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(runs + 1):
        for name, act in ways.items():
            start = time.perf_counter()
            act()
            if turn:
                times[name].append((time.perf_counter() - start) * 1000)
    return {
        name: {"median": round(statistics.median(of), 3), "range": [round(min(of), 3), round(max(of), 3)]}
        for name, of in times.items()
    }


def projecting(count: int, runs: int) -> Figures:
    """Return how long it takes to project ``count`` boxes, and how far the two ways are apart."""
    boxes, camera = cuboids(count), CameraIntrinsics.from_field_of_view(SIZE)
    lines = project_all(boxes, camera).lines.reshape(count, 12, 4).tolist()
    apart = 0.0
    for box, edges in zip(boxes, lines, strict=True):
        points = per_point(box, camera)
        for (first, second), (x1, y1, x2, y2) in zip(EDGES, edges, strict=True):
            apart = max(apart, math.dist(points[first], (x1, y1)), math.dist(points[second], (x2, y2)))
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: project_all(boxes, camera),
        "per_point": lambda: [per_point(box, camera) for box in boxes],
    }
    times = in_turns(ways, runs)
    return {**times, "times_faster": ratio(times, "per_point", "ours"), "greatest_distance_px": apart}


def ratio(times: dict[str, Figures], slow: str, fast: str) -> float:
    """Return how many times ``fast`` is faster, by the medians."""
    return round(float(str(times[slow]["median"])) / float(str(times[fast]["median"])), 1)


def draw_bare(image: QImage, boxes: list[Cuboid], camera: CameraIntrinsics) -> None:
    """Draw the edges of each box in one colour, antialiased, 4 pixels wide."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, lines in enumerate(project_all(boxes, camera).lines.reshape(-1, 12, 4).tolist()):
        painter.setPen(QPen(QColor.fromHsv(number * 47 % 360, 220, 235), 4))
        painter.drawLines([QLineF(*line) for line in lines])
    painter.end()


def figure_of(data: bytes, boxes: list[Cuboid], camera: CameraIntrinsics) -> bytes:
    """Draw and save a figure as the makers' notebook does."""
    pyplot = importlib.import_module("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(12, 8))
    with Image.open(io.BytesIO(data)) as picture:
        axes.imshow(picture)
    for box in boxes:
        points = per_point(box, camera)
        for first, second in EDGES if len(points) == 8 else ():
            axes.plot(*zip(points[first], points[second], strict=True), linewidth=2)
    axes.axis("off")
    kept = io.BytesIO()
    figure.savefig(kept, format="png")
    pyplot.close(figure)
    return kept.getvalue()


def drawing(count: int, path: Path, runs: int) -> Figures:
    """Return how long it takes to draw ``count`` boxes into a picture, from file to file."""
    boxes, data = cuboids(count), path.read_bytes()

    def ours() -> bytes:
        document = Document(open_image(path))
        document.add(boxes)
        return PictureRenderer().render(document, "image/jpeg")

    def floor() -> bytes:
        media = open_image(path)
        raster = decode(media)
        width, height = raster.size
        pixels = bytearray(raster.data)
        image = QImage(pixels, width, height, 4 * width, QImage.Format.Format_RGB32)
        draw_bare(image, boxes, CameraIntrinsics.from_field_of_view(media.size))
        return encode(Raster(raster.size, bytes(pixels)), "image/jpeg", 92)

    ways: dict[str, Callable[[], object]] = {"ours": ours, "floor": floor}
    if importlib.util.find_spec("matplotlib"):
        camera = CameraIntrinsics.from_field_of_view(open_image(path).size)
        ways["figure"] = lambda: figure_of(data, boxes, camera)
    times = in_turns(ways, runs)
    found: Figures = {**times, "of_floor": ratio(times, "ours", "floor"), "bytes": len(ours())}
    if "figure" in times:
        found["times_faster_than_figure"] = ratio(times, "figure", "ours")
    return found


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--picture", type=Path, help="a JPEG of 12 megapixels; without it one is drawn")
    arguments = parser.parse_args()
    application = QGuiApplication(["benchmark"])
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.picture or Path(folder) / "12mp.jpg"
        if arguments.picture is None:
            photograph(*SIZE).save(path, quality=90)
        figures = {
            "projecting": {str(count): projecting(count, arguments.runs) for count in (10, 100, 1000)},
            "drawing": {str(count): drawing(count, path, arguments.runs) for count in (10, 100, 1000)},
        }
    print(json.dumps(figures, indent=1))
    application.quit()


if __name__ == "__main__":
    main()
