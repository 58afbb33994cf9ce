from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from qwvis_desktop.ui.panels.page.page_lights import paint_lights


def test_what_is_chosen_is_stronger_and_has_a_bar(qapp: object) -> None:
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor("blue"))
    painter = QPainter(image)
    paint_lights(painter, {"a": QRectF(0, 0, 20, 10), "b": QRectF(0, 10, 20, 10)}, {"a"}, palette)
    painter.end()
    assert image.pixelColor(1, 5) == QColor("blue")
    assert image.pixelColor(10, 5).red() < image.pixelColor(10, 15).red() < 255
    assert image.pixelColor(1, 15) == image.pixelColor(10, 15)
