"""Boxes in space on the photo: frames while the field of view is dragged, and boxes drawn and saved.

    python tests/benchmarks/cuboids_on_photo.py [--boxes 1000]

Prints one JSON object; times are milliseconds, medians and 95th percentiles. Offscreen unless QT_QPA_PLATFORM says
otherwise. ``drag`` is a step of the slider to the frame painted; ``rest`` is the exact frame after it; ``saved`` is a
12-megapixel JPEG with 100 boxes, decoded, drawn and encoded; ``unmarked`` the same without boxes, in the same run.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.media.image import ImageMedia, open_image
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.ui.canvas.painting.render import PictureRenderer
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import Picture

VIEW = (1600, 1000)
SIZE = (4000, 3000)
STEPS = 120


def photo() -> ImageMedia:
    """Return a picture of 12 megapixels, soft shapes and grain."""
    import numpy as np
    from PIL import Image

    generator = np.random.default_rng(7)
    soft = Image.fromarray(generator.integers(0, 256, (300, 400, 3), np.uint8)).resize(SIZE)
    grain = generator.integers(-8, 9, (SIZE[1], SIZE[0], 1), np.int16)
    pixels = np.clip(np.asarray(soft).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=90)
    return open_image(data.getvalue(), "photo.jpg")


def cuboids(count: int) -> list[Cuboid]:
    """Return boxes of cars' and chairs' sizes, all in front of the camera, with twenty labels."""
    choose = random.Random(3)
    found = []
    for _ in range(count):
        z = choose.uniform(3, 60)
        center = (choose.uniform(-0.5, 0.5) * z, choose.uniform(-0.3, 0.4) * z, z)
        size = (choose.uniform(0.4, 4.5), choose.uniform(0.4, 1.9), choose.uniform(0.4, 2.0))
        angles = (choose.uniform(-0.05, 0.05), choose.uniform(-1, 1), choose.uniform(-0.05, 0.05))
        found.append(Cuboid(label=f"object {choose.randrange(20):02d}", center=center, size=size, angles=angles))
    return found


def figures(times: list[float]) -> dict[str, float]:
    """Return median, 95th percentile and worst of times in ms."""
    ordered = sorted(times)
    middle, late = statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"median": round(middle, 2), "p95": round(late, 2), "max": round(ordered[-1], 2)}


def timed(act: Callable[[], object]) -> float:
    """Return how many ms ``act`` takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--boxes", type=int, default=1000)
    boxes = parser.parse_args().boxes
    application = QApplication([])
    media = photo()
    document = Document(media)
    document.add(cuboids(boxes))
    editor = DocumentEditor(document)
    canvas = CanvasView()
    canvas.resize(*VIEW)
    canvas.show_editor(editor)
    canvas.set_picture(Picture.from_raster(decode(media), media.size))
    canvas.show()
    application.processEvents()

    def step(degrees: float) -> None:
        camera = CameraIntrinsics.from_field_of_view(media.size, degrees)
        editor.set_camera(camera, "by hand", "Field of view", drag="bench")
        canvas.repaint()

    drag = [timed(partial(step, 40 + place / 4)) for place in range(STEPS)]
    while not canvas.is_exact:
        application.processEvents()
    rest = []
    for _ in range(5):
        canvas.invalidate()
        rest.append(timed(canvas.repaint))

    renderer = PictureRenderer()
    marked, bare = Document(media), Document(media)
    marked.add(cuboids(100))
    saved = [timed(lambda: renderer.render(marked, "image/jpeg")) for _ in range(7)]
    unmarked = [timed(lambda: renderer.render(bare, "image/jpeg")) for _ in range(7)]
    report = {"boxes": boxes, "drag": figures(drag), "rest": figures(rest)}
    print(json.dumps({**report, "saved_100": figures(saved), "unmarked": figures(unmarked)}, indent=2))


if __name__ == "__main__":
    main()
