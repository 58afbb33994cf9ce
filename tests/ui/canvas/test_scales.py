"""The same canvas on screens of other densities: Qt takes the factor at the start of a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from canvas_pictures import media, plain
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor

application = QApplication([])
size = Size(400, 300)
document = Document(media(size))
document.add([Detection(id="car", label="car", box=Box(100, 80, 200, 160))])
editor = DocumentEditor(document)
canvas = CanvasView()
canvas.resize(500, 400)
canvas.show_editor(editor)
canvas.set_picture(plain(size))
canvas.show()
told = []
canvas.pointer_moved.connect(told.append)
errors, edges = [], []

def settle():
    canvas.repaint()
    while not canvas.is_exact:
        application.processEvents()

for zoom in (0.5, 1.0, 1.5, 2.0, 3.7):
    canvas.set_zoom(zoom)
    application.processEvents()
    for x, y in ((211, 173), (250, 200), (301, 222)):
        # Sent by hand: QTest moves the pointer by way of the screen, in whole units of it.
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(x, y), QPointF(canvas.mapToGlobal(QPoint(x, y))),
            Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        )
        application.sendEvent(canvas, move)
        wanted = canvas.viewport.to_picture(Point(x, y))
        if told[-1] is not None:
            errors.append(max(abs(told[-1].x - wanted.x), abs(told[-1].y - wanted.y)))
    application.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    settle()
    # The frame's left edge, looked for in device pixels: where the viewport says, to one device pixel.
    image = canvas.grab().toImage()
    device = canvas.viewport.to_device(Point(100, 120))
    row, color = round(device.y), palette.color_for("car").name()
    columns = range(image.width()) if 0 <= row < image.height() else ()
    found = [x for x in columns if image.pixelColor(x, row).name() == color][:1]
    edges.append(abs(found[0] - device.x) if found and 2 < device.x < image.width() - 2 else 0)
canvas.fit()
place = canvas.viewport.to_widget(Point(150, 120))
QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(place.x), round(place.y)))
selected = sorted(editor.selection)
canvas.set_zoom(1.0)
canvas.center_on(["car"])
editor.select([])
settle()
image = canvas.grab().toImage()
corner = canvas.viewport.to_device(Point(100, 80))
x, color = round(corner.x) + 2, palette.color_for("car").name()
rows = range(max(0, round(corner.y) - 60), round(corner.y))
chip = sum(image.pixelColor(x, y).name() == color for y in rows)
print(json.dumps({
    "ratio": canvas.devicePixelRatioF(),
    "error": max(errors),
    "edge": max(edges),
    "chip": chip,
    "selected": selected,
    "grab": canvas.grab().toImage().width(),
    "seen": canvas.as_seen().width(),
    "tested": len(errors),
}))
"""


@pytest.mark.parametrize("factor", [1.25, 1.5, 2.0])
def test_clicks_and_frames_are_right_on_dense_screens(factor: float) -> None:
    tests = str(Path(__file__).parents[2])
    environment = dict(os.environ, QT_SCALE_FACTOR=str(factor), QT_QPA_PLATFORM="offscreen", PYTHONPATH=tests)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["ratio"] == factor
    assert answer["tested"] >= 5
    assert answer["error"] <= 0.5
    assert answer["edge"] <= 2
    assert answer["chip"] >= round(13 * factor), "labels do not grow with the screen's density"
    assert answer["selected"] == ["car"]
    assert answer["grab"] == answer["seen"] == round(500 * factor)
