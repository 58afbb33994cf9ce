from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.canvas.painting.look_frames import LookFrames
from qwvis_desktop.ui.canvas.view import CanvasView


def test_frames_lie_over_the_canvas_and_let_all_through(qtbot: QtBot) -> None:
    canvas = CanvasView()
    qtbot.addWidget(canvas)
    frames = LookFrames(canvas)
    canvas.resize(300, 200)
    canvas.show()
    assert frames.isHidden()
    before = canvas.grab().toImage()
    frames.set_frames([Box(10, 10, 60, 40)])
    assert frames.geometry() == canvas.rect()
    assert frames.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert canvas.grab().toImage() != before
    canvas.resize(320, 240)
    assert frames.geometry() == canvas.rect()
    frames.set_frames([])
    assert frames.isHidden()
    assert frames.frames == ()
