"""Correcting texts one after the other: the picture glides to each, and keys lead on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.core.text.pieces import merged, split
from qwvis_desktop.core.text.places import distance, offset_at
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.panels.text.correction_bar import CorrectionBar, TextUnderEdit
from qwvis_desktop.ui.panels.text.text_model import former_words, least_sure_first
from qwvis_desktop.ui.panels.text.text_panel import TextPanel


class CorrectionController(QObject):
    """Joins the correction bar with the texts of the current picture; splits and merges them.

    Signals:
        said(str): what was done, where one does not see it.
    """

    said = Signal(str)

    def __init__(self, bar: CorrectionBar, panel: TextPanel, canvas: CanvasView, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._bar, self._panel, self._canvas, self._workspace = bar, panel, canvas, workspace
        self._editor: DocumentEditor | None = None
        self._order: list[str] = []
        self._quiet = False
        self._pointer: Point | None = None
        bar.accepted.connect(self.accept)
        bar.stepped.connect(self.step)
        bar.left.connect(self.leave)
        panel.activated.connect(self.start)
        panel.correction_requested.connect(self.start)
        canvas.pointer_moved.connect(self._follow_pointer)
        workspace.current_changed.connect(self._follow)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "text.correct": self.start,
            "text.split": self.split,
            "text.merge": self.merge,
        }

    @property
    def key(self) -> str | None:
        """Id of the text under edit; None while nothing is corrected."""
        return self._bar.shown.key if self._bar.shown is not None else None

    def selected_text(self) -> str | None:
        """Return the id of the text that is selected alone; None where there is none."""
        editor = self._workspace.editor
        if editor is None or len(editor.selection) != 1:
            return None
        (key,) = editor.selection
        return key if isinstance(editor.document.annotations.get(key), TextRegion) else None

    def start(self, key: str = "") -> None:
        """Correct the text with this id, else the one that is selected, else the first; then those that follow."""
        editor = self._workspace.editor
        if editor is None:
            return
        self._keep()
        texts = texts_of(editor.document.annotations.values())
        if not texts:
            self.said.emit(self.tr("There is no text to correct. Press T and draw where some stands."))
            return
        self._order = [each.id for each in (least_sure_first(texts) if self._panel.low_first else texts)]
        self._show(key or self.selected_text() or self._order[0])
        self._bar.take_keyboard()

    def accept(self) -> None:
        """Keep what was typed, say of it that it is right, and go to the next text."""
        key = self.key
        self._keep(accept=True)
        if self.key == key:  # else it was taken out, and the next one is there already
            self.step(1)

    def step(self, by: int) -> None:
        """Keep what was typed and go to the next text (1) or the one before (-1)."""
        key, order = self.key, self._there()
        if key is None:
            return
        self._keep()
        if self.key != key:
            return
        at = order.index(key) + by if key in order else 0
        if at >= len(order):
            self.leave()
            self.said.emit(self.tr("That was the last text."))
        elif order:
            following = [each for each in order[max(at, 0) :] if each in self._there()]
            self._show((following or self._there() or [""])[0])

    def leave(self) -> None:
        """Keep what was typed and correct no further."""
        self._keep()
        self._bar.clear()
        self._canvas.setFocus()

    # Splitting and merging

    def split(self) -> None:
        """Split the text under edit at the caret; without one, the selected text at the pointer."""
        editor, key = self._workspace.editor, self.key or self.selected_text()
        if editor is None or key is None:
            self.said.emit(self.tr("Select the text that is to be split, and point at the place."))
            return
        caret = self._bar.caret if self.key is not None else None
        with editor.step(self.tr("Split a text")):
            self._keep()
            region = editor.document.annotations.get(key)
            parts = split(region, self._offset(region, caret)) if isinstance(region, TextRegion) else None
            if parts is not None:
                self._split(editor, parts)
        if parts is None:
            self.said.emit(self.tr("There must be text on both sides of the place where a text is split."))

    def _offset(self, region: TextRegion, caret: int | None) -> int:
        if caret is not None:
            return caret
        is_near = self._pointer is not None and distance(region, self._pointer) == 0
        return offset_at(region, self._pointer) if is_near and self._pointer is not None else 0

    def _split(self, editor: DocumentEditor, parts: tuple[TextRegion, TextRegion]) -> None:
        first, second = parts
        editor.replace([first], self.tr("Split a text"))
        editor.add([second], self.tr("Split a text"))
        order = [key for key in editor.document.order() if key != second.id]
        order.insert(order.index(first.id) + 1, second.id)
        editor.reorder(order, self.tr("Split a text"))
        if first.id in self._order:
            self._order.insert(self._order.index(first.id) + 1, second.id)
        self._refresh()

    def merge(self) -> None:
        """Merge the selected texts, as they are read; the one under edit with the one that follows it."""
        editor = self._workspace.editor
        if editor is None:
            return
        self._keep()
        texts = texts_of(editor.document.annotations.values())
        chosen = [each for each in texts if each.id in editor.selection]
        if len(chosen) == 1:
            at = texts.index(chosen[0])
            chosen = list(texts[at : at + 2])
        if len(chosen) < 2:
            self.said.emit(self.tr("Select the texts that are to be merged."))
            return
        with editor.step(self.tr("Merge texts")):
            editor.replace([merged(chosen)], self.tr("Merge texts"))
            editor.remove([each.id for each in chosen[1:]], self.tr("Merge texts"))
        editor.select([chosen[0].id])
        self._refresh()

    # What is under edit

    def _there(self) -> list[str]:
        annotations = self._editor.document.annotations if self._editor is not None else {}
        return [key for key in self._order if key in annotations]

    def _region(self) -> TextRegion | None:
        key = self.key
        found = self._editor.document.annotations.get(key) if self._editor is not None and key is not None else None
        return found if isinstance(found, TextRegion) else None

    def _keep(self, *, accept: bool = False) -> None:
        """Put what was typed in place of what stood there; a text of which nothing is left is taken out."""
        region, editor = self._region(), self._editor
        if region is None or editor is None:
            return
        text = self._bar.text.strip()
        is_changed = text != region.text.strip()
        if is_changed and not text:
            editor.remove([region.id], self.tr("Delete text"))
        elif is_changed:
            editor.replace([replace(region, text=text, accepted=accept or region.accepted)], self.tr("Correct text"))
        elif accept and region.provenance is not None and not region.accepted:
            editor.replace([replace(region, accepted=True)], self.tr("Accept"))

    def _show(self, key: str) -> None:
        """Show a text under edit, selected, with the picture at it."""
        editor = self._editor
        if editor is None or not isinstance(editor.document.annotations.get(key), TextRegion):
            self._bar.clear()
            return
        if key not in self._order:
            self._order.append(key)
        self._quiet = True
        editor.hide(editor.hidden - {key})
        editor.select([key])
        self._quiet = False
        self._tell(key)
        self._canvas.look_at_text(key)

    def _tell(self, key: str) -> None:
        editor = self._editor
        region = editor.document.annotations.get(key) if editor is not None else None
        if editor is None or not isinstance(region, TextRegion):
            return
        order = self._there()
        self._bar.show_text(
            TextUnderEdit(
                key=key,
                text=region.text,
                place=(order.index(key) + 1, len(order)),
                score=region.score,
                was=former_words(editor.document, region),
                is_accepted=region.accepted,
                part=self._canvas.part_of(region),
            )
        )

    def _refresh(self) -> None:
        """Show what became of the text under edit; of one that is gone, the one that follows."""
        key = self.key
        if key is None or self._editor is None:
            return
        if self._region() is not None:
            self._tell(key)
            return
        at = self._order.index(key) if key in self._order else 0
        following: Sequence[str] = [each for each in self._order[at:] if each in self._there()] or self._there()[-1:]
        self._show(following[0] if following else "")

    # What happens elsewhere

    def _changed(self, change: Change) -> None:
        if self.key is None:
            return
        region, shown = self._region(), self._bar.shown
        # What is typed is not touched by what happens to other texts.
        if region is not None and shown is not None and region.text == shown.text and not change.replaced:
            return
        self._refresh()

    def _selected(self) -> None:
        key = self.selected_text()
        if self.key is not None and not self._quiet and key is not None and key != self.key:
            self._keep()
            self._show(key)

    def _follow_pointer(self, place: Point | None) -> None:
        self._pointer = place

    def _follow(self) -> None:
        if self._editor is not None:
            self._keep()
            self._editor.changed.disconnect(self._changed)
            self._editor.selection_changed.disconnect(self._selected)
        self._editor = editor = self._workspace.editor
        self._bar.clear()
        if editor is not None:
            editor.changed.connect(self._changed)
            editor.selection_changed.connect(self._selected)
