"""The bars that move a timeline's view are there while there is more than is seen, and say where it is."""

from __future__ import annotations

import pytest
from documents import media_of
from PySide6.QtWidgets import QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.core.document import Document
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.film.timeline import TimelinePanel
from qwvis_desktop.ui.panels.film.timeline_layout import GAP, Film


@pytest.fixture
def panel(qtbot: QtBot) -> TimelinePanel:
    panel = TimelinePanel()
    qtbot.addWidget(panel)
    panel.resize(800, 240)
    panel.show_editor(DocumentEditor(Document(media_of())))
    panel.show()
    return panel


def bar(panel: QWidget, name: str) -> QScrollBar:
    return next(each for each in panel.findChildren(QScrollBar) if each.accessibleName() == name)


@pytest.mark.parametrize("seconds", [60.0, 700_000.0])
def test_times(panel: TimelinePanel, seconds: float) -> None:
    times, surface = bar(panel, "Times in view"), panel.surface
    panel.show_film(Film(seconds), [0.0])
    assert not times.isVisible()
    for _ in range(40):
        surface.zoom(2.0, anchor=surface.axis.x(seconds / 2))
    assert times.isVisible()
    assert times.value() / (times.maximum() + times.pageStep()) == pytest.approx(surface.axis.start / seconds, abs=1e-3)
    times.setValue(times.maximum())
    assert surface.axis.end == pytest.approx(seconds, rel=1e-3)
    times.setValue(0)
    assert surface.axis.start == 0
    surface.fit()
    assert not times.isVisible()


def test_lanes(panel: TimelinePanel) -> None:
    lanes, surface = bar(panel, "Lanes in view"), panel.surface
    panel.show_film(Film(60.0), [0.0])
    assert surface.editor is not None
    surface.editor.add([VideoEvent(id=str(n), label=f"label {n}", start=n, end=n + 1) for n in range(12)], "Add")
    assert len(surface.scene.lanes) == 12
    assert lanes.isVisible()
    assert not bar(panel, "Times in view").isVisible()
    surface.editor.select(["11"])
    assert lanes.value() == lanes.maximum() - GAP
    lanes.setValue(0)
    assert surface.layout_.scroll == 0
    surface.editor.remove([str(n) for n in range(10)], "Remove")
    assert len(surface.scene.lanes) == 2
    assert not lanes.isVisible()
