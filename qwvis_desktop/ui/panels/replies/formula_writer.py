"""``FormulaWriter``: puts formulas into a document: as they were written, until their pictures are there."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QImage,
    QPalette,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextDocumentFragment,
    QTextFormat,
    QTextFragment,
)

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.theme import Tone, tone_color

_WRITTEN = QTextFormat.Property.UserProperty.value + 1
"""Property of a formula's characters: how it was written."""

_KEY = QTextFormat.Property.UserProperty.value + 2
"""Property of a formula that waits for its picture: its place in the list of formulas."""


class FormulaWriter:
    """Writes formulas into ``document``.

    Args:
        document: what is written into.
        formulas: numbers the formulas and draws them.
    """

    def __init__(self, document: QTextDocument, formulas: FormulaImages) -> None:
        self._document = document
        self._formulas = formulas
        self.palette = QPalette()
        self._ratio = 1.0

    def set_look(self, palette: QPalette, ratio: float) -> None:
        """Write in the colours of ``palette`` from now on, for a screen with so many pixels per unit."""
        self.palette, self._ratio = palette, ratio

    def write(self, cursor: QTextCursor, formula: Formula) -> None:
        """Write a formula at ``cursor``."""
        self.place(cursor, self._formulas.add(formula))

    def place(self, cursor: QTextCursor, key: int) -> None:
        """Write the formula with this number in place of what ``cursor`` has selected."""
        if self._formulas.has_picture(key):
            self._put_picture(cursor, key)
            return
        written = self._formulas[key].written
        look = QTextCharFormat(cursor.charFormat())
        look.setProperty(_KEY, key)
        look.setProperty(_WRITTEN, written)
        look.setFontItalic(True)
        look.setForeground(tone_color(Tone.ACCENT, self.palette))
        cursor.insertText(" ".join(written.split()), look)

    def draw_waiting(self) -> None:
        """Put pictures in place of formulas that have one by now."""
        found = []
        block = self._document.begin()
        while block.isValid():
            found += [waiting for waiting in _waiting(block) if self._formulas.has_picture(waiting[2])]
            block = block.next()
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        for place, length, key in reversed(found):
            cursor.setPosition(place)
            cursor.setPosition(place + length, QTextCursor.MoveMode.KeepAnchor)
            self._put_picture(cursor, key)
        cursor.endEditBlock()

    def recolour(self) -> None:
        """Draw all formulas in the colour that text has now."""
        for key in filter(self._formulas.has_picture, range(len(self._formulas))):
            self._add_image(key)
        self._document.markContentsDirty(0, self._document.characterCount())

    def _put_picture(self, cursor: QTextCursor, key: int) -> None:
        self._add_image(key)
        look = self._formulas.look(key)
        look.setProperty(_WRITTEN, self._formulas[key].written)
        cursor.insertImage(look)

    def _add_image(self, key: int) -> None:
        """Draw a formula in the colour of text, as sharp as the screen is."""
        image: QImage = self._formulas.image(key, self.palette.text().color(), self._ratio)
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(f"formula:{key}"), image)


def plain_text(selected: QTextDocumentFragment) -> str:
    """Return words as they are seen, and formulas as they were written."""
    scratch = QTextDocument()
    QTextCursor(scratch).insertFragment(selected)
    lines, block = [], scratch.begin()
    while block.isValid():
        pieces = []
        for fragment in fragments(block):
            written = fragment.charFormat().property(_WRITTEN)
            pieces.append(str(written) if written else fragment.text())
        lines.append("".join(pieces).replace("\u2028", "\n").replace("\ufffc", ""))
        block = block.next()
    return "\n".join(lines)


def fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    """Yield the pieces of one look that a paragraph has."""
    place = block.begin()
    while not place.atEnd():
        yield place.fragment()
        place += 1


def _waiting(block: QTextBlock) -> list[tuple[int, int, int]]:
    """Return place, length and key of each formula in ``block`` that waits for its picture."""
    found = []
    for fragment in fragments(block):
        key = fragment.charFormat().property(_KEY)
        if isinstance(key, int):
            found.append((fragment.position(), fragment.length(), key))
    return found
