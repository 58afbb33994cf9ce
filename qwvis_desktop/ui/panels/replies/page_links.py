"""``PageLinks``: what an answer says about pages and pictures by their numbers becomes links to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument

from qwvis_desktop.core.page_references import references

SCHEME = "qwvis-page"
"""Scheme of the addresses of these links; they lead nowhere else."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link leads: the key of a picture, and its name for people."""

    key: str
    name: str


Places = Mapping[tuple[str, int], Place]
"""What "page 3" and "image 2" mean: by ``page_references.PAGE`` or ``IMAGE``, and the number."""


class PageLinks:
    """Marks the mentions in a document, from its start on, as it grows."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._places: Places = {}
        self._marked = 0

    def set_places(self, places: Places) -> None:
        """Know other places; mentions are looked for anew with the next ``mark``."""
        self._places, self._marked = places, 0

    def restart(self) -> None:
        """Note that the document is written anew."""
        self._marked = 0

    def mark(self, closed: int, color: QColor) -> None:
        """Make links, in this colour, of the mentions that were not looked at yet.

        What stands before the character ``closed`` is not written anew; the rest is looked at again the next time.
        """
        block = self._document.findBlock(self._marked)
        while self._places and block.isValid():
            self._mark_block(block, color)
            block = block.next()
        self._marked = max(self._marked, closed - 1)

    def place_of(self, url: QUrl) -> Place | None:
        """Return where an address leads; None where it is none of these links."""
        if url.scheme() != SCHEME:
            return None
        kind, _, number = url.path().partition("/")
        return self._places.get((kind, int(number)))

    def _mark_block(self, block: QTextBlock, color: QColor) -> None:
        for start, end, kind, number in references(block.text()):
            if (kind, number) not in self._places:
                continue
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + start)
            cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
            if cursor.charFormat().fontFixedPitch() or cursor.charFormat().isAnchor():
                continue  # code, or a link of its own
            look = QTextCharFormat()
            look.setAnchor(True)
            look.setAnchorHref(f"{SCHEME}:{kind}/{number}")
            look.setForeground(color)
            look.setFontUnderline(True)
            cursor.mergeCharFormat(look)
