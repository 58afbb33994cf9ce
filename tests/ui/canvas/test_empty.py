from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.canvas.empty import EmptyCanvas
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.theme import palette_of


@pytest.mark.parametrize("size", [(900, 600), (240, 160)])
@pytest.mark.parametrize("dark", [False, True])
def test_it_looks_and_is_reached_as_the_canvas_that_takes_its_place(
    qtbot: QtBot, qapp: QApplication, size: tuple[int, int], dark: bool
) -> None:
    seen = []
    for widget in (EmptyCanvas(), CanvasView()):
        qtbot.addWidget(widget)
        widget.setPalette(palette_of(dark))
        widget.resize(*size)
        seen.append((widget.grab().toImage(), widget.sizeHint(), widget.focusPolicy()))
    assert seen[0] == seen[1]
