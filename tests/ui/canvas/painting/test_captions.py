from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.ui.canvas.painting.captions import MOST, paint_captions
from qwvis_desktop.ui.palette import color_for


def drawn(*labels: str) -> QImage:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_captions(
        painter, [VideoEvent(label=label, start=0, end=1) for label in labels], QRectF(image.rect()), QFont()
    )
    painter.end()
    return image


def rows_of(image: QImage, label: str) -> list[int]:
    color = color_for(label)
    return [y for y in range(200) if any(image.pixelColor(x, y) == color for x in range(0, 300, 3))]


def test_what_happens_now_stands_at_the_lower_edge(qapp: QApplication) -> None:
    image = drawn("goal", "a very long story of what happens in this film, told in all its details and again")
    long = "a very long story of what happens in this film, told in all its details and again"
    assert rows_of(image, "goal")
    assert min(rows_of(image, "goal")) > 100
    assert max(rows_of(image, "goal")) < min(rows_of(image, long))
    assert all(image.pixelColor(x, 190) == QColor("black") for x in (0, 1, 298, 299))


def test_only_the_latest_are_said(qapp: QApplication) -> None:
    labels = ["goal", "foul", "pass", "shot", "save"]
    shown = [label for label in labels if rows_of(drawn(*labels), label)]
    assert shown == labels[-MOST:]
    assert drawn("") == drawn()
