from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont, QImage, QPaintEvent
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QTableView
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.annotation_table import AnnotationTable
from qwvis_desktop.ui.panels.annotations import AnnotationPanel
from qwvis_desktop.ui.theme import palette_of


class _Switched(AnnotationTable):
    """Paints as Qt does while ``by_qt``."""

    by_qt = False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.by_qt:
            QTableView.paintEvent(self, event)
        else:
            super().paintEvent(event)


@pytest.fixture
def panel(qtbot: QtBot, editor: DocumentEditor, monkeypatch: pytest.MonkeyPatch) -> AnnotationPanel:
    monkeypatch.setattr("qwvis_desktop.ui.panels.annotations.AnnotationTable", _Switched)
    panel = AnnotationPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 150)
    panel.show_editor(editor)
    panel.show()
    return panel


def _painted(table: _Switched, *, by_qt: bool = False) -> QImage:
    viewport = table.viewport()
    image = QImage(viewport.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    table.by_qt = by_qt
    viewport.render(image, QPoint())
    table.by_qt = False
    return image


_CHANGES: dict[str, Callable[[AnnotationPanel, DocumentEditor], object]] = {
    "as it is": lambda _panel, _editor: None,
    "hidden": lambda _panel, editor: editor.hide({"car"}),
    "selected": lambda _panel, editor: editor.select(["car"]),
    "current": lambda panel, _editor: child(panel, QTableView).setFocus(),
    "wide": lambda panel, _editor: panel.resize(600, 260),
    "scrolled": lambda panel, _editor: child(panel, QTableView).verticalScrollBar().setValue(7),
    "disabled": lambda panel, _editor: panel.setEnabled(False),
    "dark": lambda panel, _editor: panel.setPalette(palette_of(dark=True)),
    "in large letters": lambda panel, _editor: panel.setFont(QFont(panel.font().family(), 15)),
    "renamed": lambda _panel, editor: editor.replace(
        [replace(editor.document.annotations["car"], label="lorry")], "Rename"
    ),
    "fewer": lambda _panel, editor: editor.remove({"car"}, "Delete"),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_kept_rows_look_as_qt_paints_them(panel: AnnotationPanel, editor: DocumentEditor, change: str) -> None:
    table = child(panel, _Switched)
    before = _painted(table)
    _CHANGES[change](panel, editor)
    QApplication.processEvents()
    after = _painted(table)
    assert after == _painted(table, by_qt=True)
    assert (after == before) == (change == "as it is")


def test_rows_are_drawn_once(panel: AnnotationPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    table, drawn = child(panel, _Switched), []

    class Counting(QStyledItemDelegate):
        def paint(self, painter: object, option: object, index: object) -> None:
            drawn.append(index)
            super().paint(painter, option, index)  # type: ignore[arg-type]  # as Qt gives them

    # Where the pointer stands is left from other tests; the row under it is Qt's to paint.
    monkeypatch.setattr(_Switched, "underMouse", lambda _table: False)
    table.setItemDelegate(Counting(table))
    table.resize(table.width() + 30, table.height())
    _painted(table)
    first = len(drawn)
    assert first > 0
    _painted(table)
    assert len(drawn) == first
