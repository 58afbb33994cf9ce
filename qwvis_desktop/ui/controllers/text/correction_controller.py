"""Correcting texts one after the other: the picture glides to each, and keys lead on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.proposal import Proposal
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.panels.text.correction_bar import CorrectionBar, TextUnderEdit
from qwvis_desktop.ui.panels.text.text_model import former_words, least_sure_first
from qwvis_desktop.ui.panels.text.text_panel import TextPanel


class CorrectionController(QObject):
    """Joins the correction bar with the texts of the current picture.

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
        self._proposals: dict[str, tuple[Proposal, str]] = {}
        bar.accepted.connect(self.accept)
        bar.stepped.connect(self.step)
        bar.left.connect(self.leave)
        bar.proposal_taken.connect(self.take_proposal)
        bar.proposal_refused.connect(self.refuse_proposal)
        panel.activated.connect(self.start)
        panel.correction_requested.connect(self.start)
        workspace.current_changed.connect(self._follow)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {"text.correct": self.start}

    @property
    def key(self) -> str | None:
        """Id of the text under edit; None while nothing is corrected."""
        return self._bar.shown.key if self._bar.shown is not None else None

    @property
    def caret(self) -> int | None:
        """How many characters of the text under edit stand before the caret; None while nothing is corrected."""
        return self._bar.caret if self.key is not None else None

    def follow_with(self, key: str, after: str) -> None:
        """Go through a new text right after another one."""
        if after in self._order:
            self._order.insert(self._order.index(after) + 1, key)

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
        self.keep()
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
        self.keep(accept=True)
        if self.key == key:  # else it was taken out, and the next one is there already
            self.step(1)

    def step(self, by: int) -> None:
        """Keep what was typed and go to the next text (1) or the one before (-1)."""
        key, order = self.key, self._there()
        if key is None:
            return
        self.keep()
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
        self.keep()
        self._bar.clear()
        self._canvas.setFocus()

    # What was read again

    def propose(self, key: str, proposal: Proposal, reader: str) -> None:
        """Show, beside the text with this id, what ``reader`` read there; nothing is changed until that is taken."""
        self._proposals[key] = proposal, reader
        if self.key is None:
            self.start(key)
        elif self.key == key:
            self._tell(key)
            self._bar.take_keyboard()

    def take_proposal(self) -> None:
        """Put what was read again in place of the text under edit, and go to the next text."""
        self.keep()  # what was typed can be had back by undo
        region, editor, key = self._region(), self._editor, self.key
        if region is None or editor is None or key not in self._proposals:
            return
        proposal, _ = self._proposals.pop(key)
        taken = replace(region, text=proposal.text, score=proposal.score, accepted=True)
        if proposal.polygon is not None:
            taken = replace(taken, polygon=proposal.polygon)
        editor.replace([taken], self.tr("Take what was read again"))
        self._bar.forget_typed()
        self._tell(key)
        self.step(1)

    def refuse_proposal(self) -> None:
        """Keep what stands there."""
        key = self.key
        if key is not None:
            self._proposals.pop(key, None)
            self._tell(key)

    # What is under edit

    def _there(self) -> list[str]:
        annotations = self._editor.document.annotations if self._editor is not None else {}
        return [key for key in self._order if key in annotations]

    def _region(self) -> TextRegion | None:
        key = self.key
        found = self._editor.document.annotations.get(key) if self._editor is not None and key is not None else None
        return found if isinstance(found, TextRegion) else None

    def keep(self, *, accept: bool = False) -> None:
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
                proposal=self._proposals[key][0].text if key in self._proposals else None,
                reader=self._proposals[key][1] if key in self._proposals else "",
            )
        )

    def refresh(self) -> None:
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
        self.refresh()

    def _selected(self) -> None:
        key = self.selected_text()
        if self.key is not None and not self._quiet and key is not None and key != self.key:
            self.keep()
            self._show(key)

    def _follow(self) -> None:
        if self._editor is not None:
            self.keep()
            self._editor.changed.disconnect(self._changed)
            self._editor.selection_changed.disconnect(self._selected)
        self._editor = editor = self._workspace.editor
        self._proposals.clear()
        self._bar.clear()
        if editor is not None:
            editor.changed.connect(self._changed)
            editor.selection_changed.connect(self._selected)
