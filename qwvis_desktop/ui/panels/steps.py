"""``StepsPanel``: the undo steps of the picture, to be gone back to and forward again."""

from __future__ import annotations

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QUndoView, QVBoxLayout, QWidget

from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import WrappingLabel


class StepsPanel(QWidget):
    """Lists the steps; a click, or the arrow keys, go to the state after one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nothing = QUndoStack(self)
        self._view = QUndoView(self._nothing)
        self._view.setAccessibleName(self.tr("Steps"))
        self._view.setEmptyLabel(self.tr("As it was opened"))
        self._view.setFrameShape(QUndoView.Shape.NoFrame)
        self._view.setUniformItemSizes(True)
        self._editor: DocumentEditor | None = None
        self._words = WrappingLabel("")
        self._words.setContentsMargins(8, 4, 8, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._words)

        self._say()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the steps of another document; None for none."""
        if self._editor is not None:
            self._editor.steps_given_up.disconnect(self._say)
        self._editor = editor
        if editor is not None:
            editor.steps_given_up.connect(self._say)
        self._view.setStack(editor.undo_stack if editor is not None else self._nothing)
        self._view.setEnabled(editor is not None)
        self._say()

    def _say(self) -> None:
        words = self.tr("A click goes back to a step, or forward again.")
        lost = self._editor.given_up if self._editor is not None else 0
        if lost:
            words += " " + self.tr("The oldest steps were given up, so that memory stays free: {0}.").format(lost)
        self._words.setText(words)
