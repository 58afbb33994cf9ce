"""The texts of the picture as a list in reading order: shown, moved, ordered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.plane.reading_order import column_order
from qwvis_desktop.core.text.flow import TextFlow, texts_of, with_moved, with_shifted, with_texts_ordered
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.text.text_panel import TextPanel


class TextController(QObject):
    """Keeps the text panel on the current picture, selects and copies texts, and puts them in another order.

    Signals:
        said(str): what was done, where one does not see it.
    """

    said = Signal(str)

    def __init__(self, panel: TextPanel, canvas: CanvasView, actions: Actions, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._panel, self._canvas, self._actions, self._workspace = panel, canvas, actions, workspace
        canvas.text_mode_changed.connect(lambda is_on: actions.set_checked("text.select", is_on))
        canvas.text_copied.connect(self._to_clipboard)
        panel.moved.connect(self.move_before)
        panel.order_requested.connect(self.order)
        panel.low_first_changed.connect(lambda is_on: actions.set_checked("text.low_first", is_on))
        workspace.current_changed.connect(lambda: panel.show_editor(workspace.editor))

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "text.select": lambda: self._canvas.set_selects_text(self._actions["text.select"].isChecked()),
            "text.select_all": self._canvas.select_all_text,
            "text.copy": self.copy,
            "text.low_first": lambda: self._panel.set_low_first(self._actions["text.low_first"].isChecked()),
            "text.order": self.order,
            "text.move_up": lambda: self.shift(-1),
            "text.move_down": lambda: self.shift(1),
        }

    def copy(self) -> None:
        """Copy the selected text; where none is, the selected regions, or all."""
        editor = self._workspace.editor
        if editor is None:
            return
        text = self._canvas.selected_text
        if not text:
            texts = texts_of(editor.document.annotations.values())
            flow = TextFlow([each for each in texts if each.id in editor.selection] or texts)
            text = flow.text(*flow.whole) if flow.whole is not None else ""
        if text:
            self._to_clipboard(text)
        else:
            self.said.emit(self.tr("There is no text to copy."))

    @staticmethod
    def _to_clipboard(text: str) -> None:
        QApplication.clipboard().setText(text)

    def order(self) -> None:
        """Put the texts in the order in which one reads them, column by column."""
        editor = self._workspace.editor
        if editor is not None:
            texts = texts_of(editor.document.annotations.values())
            if not self._reorder(editor, column_order(texts), self.tr("Order texts")) and texts:
                self.said.emit(self.tr("The texts stand in this order already."))

    def move_before(self, keys: Sequence[str], before: str) -> None:
        """Let texts stand right before another; at the end for an empty id."""
        editor = self._workspace.editor
        if editor is not None:
            self._reorder(editor, with_moved(_order(editor), keys, before or None), self.tr("Move texts"))

    def shift(self, by: int) -> None:
        """Let the selected texts stand one place further down (1) or up (-1)."""
        editor = self._workspace.editor
        if editor is not None:
            self._reorder(editor, with_shifted(_order(editor), editor.selection, by), self.tr("Move texts"))

    @staticmethod
    def _reorder(editor: DocumentEditor, texts: Sequence[str], text: str) -> bool:
        order = with_texts_ordered(editor.document.order(), texts)
        if order == editor.document.order():
            return False
        editor.reorder(order, text)
        return True


def _order(editor: DocumentEditor) -> list[str]:
    return [each.id for each in texts_of(editor.document.annotations.values())]
