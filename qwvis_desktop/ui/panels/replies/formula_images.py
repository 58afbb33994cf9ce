"""``FormulaImages``: the formulas of an answer and their pictures, in the size and colour of its text."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QImage,
    QPainter,
    QTextCharFormat,
    QTextImageFormat,
)
from PySide6.QtSvg import QSvgRenderer

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.core.formula import FONT_SIZE, FormulaPicture

GROWTH = 1.15
"""How much larger formulas are set than the text round them: their letters are smaller in the same size."""


class FormulaImages:
    """Numbers the formulas of an answer, knows which are to be drawn still, and draws those whose picture is known.

    Args:
        font: of the text.
    """

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._formulas: list[Formula] = []
        self._pictures: dict[tuple[str, bool], FormulaPicture] = {}
        self._asked: set[tuple[str, bool]] = set()

    def __len__(self) -> int:
        return len(self._formulas)

    def __getitem__(self, key: int) -> Formula:
        return self._formulas[key]

    def cut(self, count: int) -> None:
        """Forget all formulas but the first ``count``; pictures are kept."""
        del self._formulas[count:]

    def add(self, formula: Formula) -> int:
        """Take a further formula; return its number."""
        self._formulas.append(formula)
        return len(self._formulas) - 1

    def take(self, pictures: Mapping[tuple[str, bool], FormulaPicture]) -> None:
        """Take pictures, by LaTeX and whether they are inline."""
        self._pictures.update(pictures)

    def wanted(self) -> list[Formula]:
        """Return each formula that was not asked for yet."""
        asked = []
        for formula in self._formulas:
            if (formula.latex, formula.inline) not in self._asked:
                self._asked.add((formula.latex, formula.inline))
                asked.append(formula)
        return asked

    def has_picture(self, key: int) -> bool:
        """Say whether a formula can be drawn."""
        return self._picture(key) is not None

    def look(self, key: int) -> QTextImageFormat:
        """Return how the picture of a formula stands in a line.

        Raises:
            KeyError: its picture is not known.
        """
        picture = self._known(key)
        width, height, _ = self._measures(picture)
        look = QTextImageFormat()
        look.setName(f"formula:{key}")
        look.setWidth(width)
        look.setHeight(height)
        align = QTextCharFormat.VerticalAlignment
        look.setVerticalAlignment(align.AlignBaseline if self._is_low(picture) else align.AlignMiddle)
        look.setToolTip(self._formulas[key].latex)
        return look

    def image(self, key: int, color: QColor, ratio: float) -> QImage:
        """Draw a formula in a colour, for a screen with so many pixels per unit.

        Raises:
            KeyError: its picture is not known.
        """
        picture = self._known(key)
        width, height, rise = self._measures(picture)
        scale = self._scale()
        size = max(1, round(width * ratio)), max(1, round(height * ratio))
        image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        top = (rise - (picture.height - picture.descent) * scale) * ratio
        place = QRectF(0, top, picture.width * scale * ratio, picture.height * scale * ratio)
        QSvgRenderer(QByteArray(picture.svg.encode())).render(painter, place)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(image.rect(), color)
        painter.end()
        return image

    def _picture(self, key: int) -> FormulaPicture | None:
        formula = self._formulas[key]
        return self._pictures.get((formula.latex, formula.inline))

    def _known(self, key: int) -> FormulaPicture:
        formula = self._formulas[key]
        return self._pictures[(formula.latex, formula.inline)]

    def _scale(self) -> float:
        return QFontInfo(self._font).pixelSize() * GROWTH / FONT_SIZE

    def _is_low(self, picture: FormulaPicture) -> bool:
        return picture.descent * self._scale() <= QFontMetricsF(self._font).descent()

    def _measures(self, picture: FormulaPicture) -> tuple[float, float, float]:
        """Return width, height and where the line of writing is from the top, so that Qt puts it on the text's.

        Qt puts what is aligned by the base line with its bottom at the bottom of the letters, and what is aligned by
        the middle with that at the middle of an x.
        """
        metrics, scale = QFontMetricsF(self._font), self._scale()
        rise, fall = (picture.height - picture.descent) * scale, picture.descent * scale
        if self._is_low(picture):
            return picture.width * scale, rise + metrics.descent(), rise
        middle = metrics.xHeight() / 2
        half = max(rise - middle / 2, fall + middle / 2)
        return picture.width * scale, 2 * half, half + middle / 2
