"""Splitting and merging texts: at the caret while they are corrected, else as they are selected on the picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.core.text.pieces import merged, split
from qwvis_desktop.core.text.places import distance, offset_at
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.text.correction_controller import CorrectionController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor


class PieceController(QObject):
    """Splits and merges texts of the current picture.

    Signals:
        said(str): why nothing was done.
    """

    said = Signal(str)

    def __init__(self, correcting: CorrectionController, canvas: CanvasView, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._correcting, self._workspace = correcting, workspace
        self._pointer: Point | None = None
        canvas.pointer_moved.connect(self._follow_pointer)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {"text.split": self.split, "text.merge": self.merge}

    def split(self) -> None:
        """Split the text under edit at the caret; without one, the selected text at the pointer."""
        editor, key = self._workspace.editor, self._correcting.key or self._correcting.selected_text()
        if editor is None or key is None:
            self.said.emit(self.tr("Select the text that is to be split, and point at the place."))
            return
        caret = self._correcting.caret
        self._correcting.keep()
        region = editor.document.annotations.get(key)
        parts = split(region, self._offset(region, caret)) if isinstance(region, TextRegion) else None
        if parts is None:
            self.said.emit(self.tr("There must be text on both sides of the place where a text is split."))
        else:
            self._split(editor, *parts)

    def _offset(self, region: TextRegion, caret: int | None) -> int:
        if caret is not None:
            return caret
        pointer = self._pointer
        return offset_at(region, pointer) if pointer is not None and distance(region, pointer) == 0 else 0

    def _split(self, editor: DocumentEditor, first: TextRegion, second: TextRegion) -> None:
        text = self.tr("Split a text")
        with editor.step(text):
            editor.replace([first], text)
            editor.add([second], text)
            order = [key for key in editor.document.order() if key != second.id]
            order.insert(order.index(first.id) + 1, second.id)
            editor.reorder(order, text)
        self._correcting.follow_with(second.id, after=first.id)
        self._correcting.refresh()

    def merge(self) -> None:
        """Merge the selected texts, as they are read; one alone, with the one that follows it."""
        editor = self._workspace.editor
        if editor is None:
            return
        self._correcting.keep()
        texts = texts_of(editor.document.annotations.values())
        chosen = [each for each in texts if each.id in editor.selection]
        if len(chosen) == 1:
            at = texts.index(chosen[0])
            chosen = list(texts[at : at + 2])
        if len(chosen) < 2:
            self.said.emit(self.tr("Select the texts that are to be merged."))
            return
        text = self.tr("Merge texts")
        with editor.step(text):
            editor.replace([merged(chosen)], text)
            editor.remove([each.id for each in chosen[1:]], text)
        editor.select([chosen[0].id])
        self._correcting.refresh()

    def _follow_pointer(self, place: Point | None) -> None:
        self._pointer = place
