"""``OrbitView``: the panel with the scene in perspective, buttons for the usual views, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ElidingLabel
from qwvis_desktop.ui.panels.space.orbit_surface import VIEWS, OrbitSurface
from qwvis_desktop.ui.panels.space.space_words import words_on
from qwvis_desktop.ui.theme import Tone, icon


class OrbitView(QWidget):
    """The scene with its buttons and a line of words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.surface = OrbitSurface()
        self._words = ElidingLabel()
        words = {
            "front": (self.tr("Front"), self.tr("Look from the front")),
            "top": (self.tr("Top"), self.tr("Look from above")),
            "side": (self.tr("Side"), self.tr("Look from the side")),
            "camera": (self.tr("Camera"), self.tr("Look from the camera")),
        }
        self._buttons: list[QToolButton] = []
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 2, 6, 2)
        bar.setSpacing(2)
        for number, view in enumerate(VIEWS, 1):
            text, accessible = words[view]
            button = self._button(accessible, f"{accessible} ({number})")
            button.setText(text)
            button.clicked.connect(lambda _=False, view=view: self.surface.look(view))
            bar.addWidget(button)
        bar.addStretch(1)
        fit = self._button(self.tr("Fit the scene"), self.tr("Show all that lies near (F)"))
        fit.setIcon(icon("fit"))
        fit.setIconSize(QSize(16, 16))
        fit.clicked.connect(lambda: self.surface.fit())  # noqa: PLW0108 - the button's state is no argument of it
        bar.addWidget(fit)
        words_row = QHBoxLayout()
        words_row.setContentsMargins(8, 3, 8, 3)
        words_row.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.surface, 1)
        column.addLayout(words_row)
        self.surface.news.connect(self._say)
        self._say()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the scene of another document."""
        self.surface.show_editor(editor)

    @property
    def words(self) -> str:
        """What is said below the scene."""
        return self._words.text()

    def _button(self, accessible: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setAccessibleName(accessible)
        button.setToolTip(tip)
        self._buttons.append(button)
        return button

    def _say(self) -> None:
        for button in self._buttons:
            button.setEnabled(not self.surface.is_empty)
        self._words.say(words_on(self.surface), Tone.MUTED)
