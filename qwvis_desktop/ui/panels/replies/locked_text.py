"""``LockedText``: shows text that others wrote; loads nothing for it, follows no links, and gives away words only."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTextBrowser, QWidget

from qwvis_desktop.ui.panels.replies.formula_writer import plain_text


class LockedText(QTextBrowser):
    """Shows what is written into its document, and no pictures but those put there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)

    def selected_text(self) -> str:
        """Return what is selected, formulas as they were written."""
        return plain_text(self.textCursor().selection())

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy words only: no pictures, no other program's reading of our looks."""
        # Qt's own object: one made here would be called, still on the clipboard, when Python is gone already.
        data = super().createMimeDataFromSelection()
        data.text()  # makes it ready, which would else overwrite what follows
        data.clear()
        data.setText(self.selected_text())
        return data

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Load nothing: a reply may name pictures on other machines or on this one."""
        # Something must be given, or Qt reads the file itself.
        return QImage(1, 1, QImage.Format.Format_ARGB32)
