"""The real window on screens of several densities: what one points at is what is meant, and exports do not change."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

SCRIPT = """
import hashlib, json, os, sys, time
from pathlib import Path
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from qwvis_desktop.app import whole_program
from qwvis_desktop.core.annotation import Keypoint
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.canvas.editing.label_entry import LabelEntry
from qwvis_desktop.ui.canvas.painting.render import PictureRenderer

application = QApplication([])
program = whole_program(application, credentials=Credentials(environment={}))
canvas = program.canvas
program.window.resize(1200, 800)
program.window.show()

def until(done):
    patience = time.monotonic() + 60
    while not done():
        assert time.monotonic() < patience
        application.processEvents()
        time.sleep(0.002)

def send(kind, place, button, buttons):
    application.sendEvent(canvas, QMouseEvent(
        kind, place, QPointF(canvas.mapToGlobal(place)), button, buttons, Qt.KeyboardModifier.NoModifier))

def click(place):
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    send(QEvent.Type.MouseMove, place, none, none)
    send(QEvent.Type.MouseButtonPress, place, left, left)
    send(QEvent.Type.MouseButtonRelease, place, left, none)

def dark_spot():
    # Where the only dark spot is seen, in widget units: found in the pixels of the screen, not by the viewport.
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())[:, :image.width()]
    found = np.argwhere(rows < 60)
    assert len(found), "the spot is out of view"
    y, x = (found.min(axis=0) + found.max(axis=0) + 1) / 2
    ratio = canvas.devicePixelRatioF()
    return QPointF(x / ratio, y / ratio)

errors = []
for name in sys.argv[1:]:
    x, y = map(float, Path(name).stem.split("-")[1:])
    program.open([name])
    until(lambda: program.workspace.current is not None and program.workspace.current.key == name
          and program.workspace.editor is not None and canvas.picture is not None and canvas.picture.is_full)
    editor = program.workspace.editor
    for zoom in (1.0, 1.3, 2.0, 3.7):
        canvas.fit()
        application.processEvents()
        spot = dark_spot()
        canvas.set_zoom(zoom, spot)
        application.processEvents()
        canvas.set_look(canvas.look.__class__(annotations=False))
        spot = dark_spot()
        canvas.set_look(canvas.look.__class__())
        program.actions["edit.draw_point"].trigger()
        before = set(editor.document.annotations)
        click(spot)
        application.processEvents()
        QTest.keyClicks(canvas.findChild(LabelEntry), "spot")
        QTest.keyClick(canvas.findChild(LabelEntry), Qt.Key.Key_Return)
        application.processEvents()
        (key,) = set(editor.document.annotations) - before
        point = editor.document.annotations[key].point
        errors.append([point.x - x, point.y - y])
        editor.undo_stack.undo()
        canvas.setFocus()
    editor.add([Keypoint(id="spot", label="spot", point=Point(x, y))], "Add")
exports = [hashlib.sha256(PictureRenderer().render(editor.document, mime)).hexdigest()
           for mime in ("image/png", "image/jpeg", "image/webp")]
print(json.dumps({"ratio": canvas.devicePixelRatioF(), "errors": errors, "exports": exports}))
sys.stdout.flush()
os._exit(0)
"""

FACTORS = (1.0, 1.25, 1.5, 2.0)


def started(factor: float, folder: Path, pictures: list[Path]) -> subprocess.Popen[str]:
    home = folder / f"home-{factor}"
    home.mkdir()
    environment = dict(os.environ, QT_SCALE_FACTOR=str(factor), QT_QPA_PLATFORM="offscreen", QWVIS_HOME=str(home))
    command = [sys.executable, "-c", SCRIPT, *map(str, pictures)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_clicks_land_where_one_points_and_exports_are_the_same(tmp_path: Path) -> None:
    pictures = []
    for left, top in ((37, 61), (640, 455)):
        # A spot of 10 x 10 pixels: its middle is a corner of pixels.
        path = tmp_path / f"spot-{left + 5}-{top + 5}.png"
        picture = Image.new("RGB", (700, 500), (220, 220, 220))
        ImageDraw.Draw(picture).rectangle((left, top, left + 9, top + 9), fill=(0, 0, 0))
        picture.save(path)
        pictures.append(path)
    answers: list[dict[str, Any]] = []
    for factor in FACTORS:
        process = started(factor, tmp_path, pictures)
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        answers.append(json.loads(out))
    assert [answer["ratio"] for answer in answers] == list(FACTORS)
    for answer in answers:
        assert len(answer["errors"]) == 8
        assert max(abs(part) for error in answer["errors"] for part in error) <= 0.5, answer
    assert len({tuple(answer["exports"]) for answer in answers}) == 1
