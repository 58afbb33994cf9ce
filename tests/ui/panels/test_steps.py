from __future__ import annotations

from documents import empty_document
from PySide6.QtWidgets import QUndoView
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.editor import MOST_STEPS, DocumentEditor
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.panels.steps import StepsPanel


def box(place: int) -> Detection:
    return Detection(id="a", box=Box(place, 0, place + 10, 10))


def test_a_click_goes_to_a_step(qtbot: QtBot) -> None:
    editor = DocumentEditor(empty_document())
    panel = StepsPanel()
    qtbot.addWidget(panel)
    panel.show_editor(editor)
    editor.add([box(0)], "Draw")
    for place in range(1, 1200):
        editor.replace([box(place)], f"Move {place}")
    assert editor.undo_stack.count() == MOST_STEPS >= 1000
    view = child(panel, QUndoView)
    model = view.model()
    assert model.rowCount() == MOST_STEPS + 1
    assert model.index(MOST_STEPS, 0).data() == "Move 1199"
    view.setCurrentIndex(model.index(MOST_STEPS - 199, 0))
    assert editor.document.annotations["a"] == box(1000)
    view.setCurrentIndex(model.index(MOST_STEPS, 0))
    assert editor.document.annotations["a"] == box(1199)
    assert "given up, so that memory stays free: 200." in child(panel, WrappingLabel).text()
    panel.show_editor(None)
    assert not view.isEnabled()
    assert "given up" not in child(panel, WrappingLabel).text()
    editor.deleteLater()
