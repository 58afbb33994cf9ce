"""Cuboids for the views of space, and hands to drag on them."""

from __future__ import annotations

from documents import empty_document
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from qwvis_desktop.core.annotation import Annotation, Cuboid
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.editor import DocumentEditor

CAR = Cuboid(id="car", label="car", center=(-2.0, 1.0, 8.0), size=(4.0, 1.5, 1.8), angles=(0.0, 0.0, 0.0))
VAN = Cuboid(id="van", label="van", center=(3.0, 1.0, 12.0), size=(5.0, 2.0, 2.0), angles=(0.0, 0.5, 0.0))
FAR = Cuboid(id="far", label="tower", center=(0.0, 0.0, 900.0), size=(9.0, 9.0, 9.0), angles=(0.0, 0.0, 0.0))
BEHIND = Cuboid(id="behind", label="bus", center=(1.0, 1.0, -6.0), size=(3.0, 2.0, 2.0), angles=(0.0, 0.25, 0.0))
FLAT = Cuboid(id="flat", label="mat", center=(0.0, 1.0, 5.0), size=(0.0, 0.0, 0.0), angles=(0.0, 0.0, 0.0))
BROKEN = Cuboid(id="broken", label="ghost", center=(float("nan"), 0, 5), size=(1, 1, 1), angles=(0, 0, 0))
ODD = (BEHIND, FLAT, BROKEN, FAR)


def editor_of(*annotations: Annotation) -> DocumentEditor:
    """Return an editor of a picture with these."""
    editor = DocumentEditor(empty_document())
    editor.add(annotations, "Add")
    return editor


def cuboid(editor: DocumentEditor, key: str) -> Cuboid:
    """Return a cuboid as the document holds it."""
    found = editor.document.annotations[key]
    assert isinstance(found, Cuboid)
    return found


def drag(
    widget: QWidget,
    start: Point,
    end: Point,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Drag from one place of a widget to another, by way of the middle."""
    first, last = QPoint(round(start.x), round(start.y)), QPoint(round(end.x), round(end.y))
    QTest.mousePress(widget, button, modifier, first)
    QTest.mouseMove(widget, (first + last) / 2)
    QTest.mouseMove(widget, last)
    QTest.mouseRelease(widget, button, modifier, last)


def turn_wheel(widget: QWidget, place: Point, notches: int) -> None:
    """Turn the wheel away from the user (or towards, where negative)."""
    at = QPointF(*place)
    event = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
