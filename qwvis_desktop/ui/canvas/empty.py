"""The canvas while nothing is open: what it says, and ``EmptyCanvas``, which stands for it in the first moment."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget


def words_of_empty(absence: str | None) -> tuple[str, tuple[str, ...]]:
    """Return what an empty canvas says, a headline and lines beneath: what to do, or why something is not there."""
    tr = QCoreApplication.translate
    if absence:
        return tr("Canvas", "This cannot be shown"), (absence,)
    return tr("Canvas", "Drop pictures, documents, films or a folder here"), (
        tr("Canvas", "Open files with Ctrl+O, or paste a picture with Ctrl+V"),
        tr("Canvas", "To look around first, open one of the samples in the File menu"),
    )


def paint_invitation(
    painter: QPainter, area: QRectF, palette: QPalette, font: QFont, words: tuple[str, tuple[str, ...]]
) -> None:
    """Draw ``words`` on an empty canvas, a headline and lines, in the middle of ``area``."""
    color = palette.color(QPalette.ColorRole.WindowText)
    soft = QColor(color)
    soft.setAlpha(165)
    headline, lines = words
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = font.pointSizeF() if font.pointSizeF() > 0 else 10.0
    middle = area.center()
    _paint_picture_sign(painter, QPointF(middle.x(), middle.y() - 74), soft, palette)
    big = QFont(font)
    big.setPointSizeF(size * 1.5)
    painter.setFont(big)
    painter.setPen(color)
    painter.drawText(
        QRectF(area.left() + 16, middle.y() - 26, area.width() - 32, 36), Qt.AlignmentFlag.AlignCenter, headline
    )
    painter.setFont(font)
    painter.setPen(soft)
    top = middle.y() + 18
    for line in lines:
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        box = QRectF(area.left() + 16, top, area.width() - 32, 60)
        top += painter.boundingRect(box, flags, line).height() + 6
        painter.drawText(box, flags, line)


def _paint_picture_sign(painter: QPainter, center: QPointF, color: QColor, palette: QPalette) -> None:
    """Draw a picture with a box found on it."""
    frame = QRectF(center.x() - 40, center.y() - 30, 80, 60)
    pen = QPen(color, 2.5)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, 6, 6)
    left, bottom = frame.left(), frame.bottom()
    painter.drawPolyline(
        [
            QPointF(left + 8, bottom - 10),
            QPointF(left + 26, bottom - 32),
            QPointF(left + 40, bottom - 17),
            QPointF(left + 49, bottom - 26),
            QPointF(left + 71, bottom - 10),
        ]
    )
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.5))
    painter.drawRoundedRect(QRectF(left + 46, frame.top() + 10, 24, 18), 2, 2)


class EmptyCanvas(QWidget):
    """Looks as the canvas does while nothing is open; it is the canvas' place until that is made.

    It answers nothing: who touches the window in that moment finds the canvas (``Completion``).
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Room for a picture."""
        return QSize(800, 600)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the invitation."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        paint_invitation(painter, QRectF(self.rect()), self.palette(), self.font(), words_of_empty(None))
