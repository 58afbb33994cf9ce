"""``SpaceView``: a surface that shows the scene, with a bar of buttons above it and a line of words below."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ElidingLabel
from qwvis_desktop.ui.panels.space.space_surface import SpaceSurface
from qwvis_desktop.ui.panels.space.space_words import words_on
from qwvis_desktop.ui.theme import Tone, icon


class SpaceView(QWidget):
    """What the views of the scene have in common; each fills the bar itself.

    Args:
        shown: the surface.
    """

    def __init__(self, shown: SpaceSurface, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._words = ElidingLabel()
        self._buttons: list[QToolButton] = []
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(6, 2, 6, 2)
        self._bar.setSpacing(2)
        words_row = QHBoxLayout()
        words_row.setContentsMargins(8, 3, 8, 3)
        words_row.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        column.addWidget(shown, 1)
        column.addLayout(words_row)
        shown.news.connect(self._say)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the scene of another document."""
        self._shown.show_editor(editor)

    @property
    def words(self) -> str:
        """What is said below the scene."""
        return self._words.text()

    def _button(self, face: str, accessible: str, tip: str, *, has_icon: bool = False) -> QToolButton:
        """Return a button for the bar that shows words, or an icon, and can be pressed where there is a scene."""
        button = QToolButton()
        if has_icon:
            button.setIcon(icon(face))
            button.setIconSize(QSize(16, 16))
        else:
            button.setText(face)
        button.setAutoRaise(True)
        button.setAccessibleName(accessible)
        button.setToolTip(tip)
        self._buttons.append(button)
        return button

    def _say(self) -> None:
        for button in self._buttons:
            button.setEnabled(not self._shown.is_empty)
        self._words.say(words_on(self._shown), Tone.MUTED)
