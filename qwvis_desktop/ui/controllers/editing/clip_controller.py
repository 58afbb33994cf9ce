"""Copies annotations and pastes them on this picture or another; what else is on the clipboard is others' to take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from qwvis_desktop.core.annotation import Annotation, new_id
from qwvis_desktop.core.clip import MIME, annotations_in, clip_text
from qwvis_desktop.core.plane.editing import bounds_of_all, clipped, moved, shift_within
from qwvis_desktop.core.plane.forms import corners_of
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.mime import clipboard_mime, empty_mime
from qwvis_desktop.ui.panels.words import counted

ASIDE = 10.0
"""Pixels that a copy stands right of and below what it was copied from."""


class ClipController(QObject):
    """Duplicates, copies and pastes what is selected.

    Signals:
        problem(str): something could not be pasted; a sentence for people.
        said(str): what was copied.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {"edit.copy": self.copy, "edit.duplicate": self.duplicate}

    def copy(self) -> None:
        """Put what is selected on the clipboard, as annotations and as JSON text."""
        editor, chosen = self._workspace.editor, self._selected()
        if editor is None or not chosen:
            return
        text = clip_text(editor.document, chosen)
        mime = empty_mime()
        mime.setData(MIME, text.encode())
        mime.setText(text)
        QGuiApplication.clipboard().setMimeData(mime)
        self.said.emit(self.tr("Copied {n}.").replace("{n}", counted(len(chosen), "object")))

    def duplicate(self) -> None:
        """Add copies of what is selected a little aside, and select them."""
        editor, chosen = self._workspace.editor, self._selected()
        if editor is not None and chosen:
            copies = [replace(each, id=new_id(), provenance=None, accepted=False) for each in chosen]
            self._add(editor, _aside(editor, copies), self.tr("Duplicate"))

    def paste(self) -> bool:
        """Paste annotations where the clipboard holds some; say whether it does."""
        mime = clipboard_mime()
        text = bytes(mime.data(MIME).data()).decode() if mime.hasFormat(MIME) else mime.text()
        try:
            found = annotations_in(text)
        except ValueError as error:
            self.problem.emit(str(error))
            return True
        if found is None:
            return False
        editor = self._workspace.editor
        if editor is None:
            self.problem.emit(self.tr("Open the picture first that the annotations are to be pasted on."))
            return True
        size = editor.document.size
        fitting = [each for each in (clipped(annotation, size) for annotation in found) if each is not None]
        if len(fitting) < len(found):
            words = self.tr("{n} lie beside this picture and were not pasted.")
            self.problem.emit(words.replace("{n}", counted(len(found) - len(fitting), "object")))
        self._add(editor, _aside(editor, fitting) if _are_there(editor, fitting) else fitting, self.tr("Paste"))
        return True

    def _selected(self) -> tuple[Annotation, ...]:
        editor = self._workspace.editor
        if editor is None:
            return ()
        return tuple(each for key, each in editor.document.annotations.items() if key in editor.selection)

    @staticmethod
    def _add(editor: DocumentEditor, annotations: Sequence[Annotation], text: str) -> None:
        editor.add(annotations, text)
        if annotations:
            editor.select([each.id for each in annotations])


def _aside(editor: DocumentEditor, annotations: Sequence[Annotation]) -> Sequence[Annotation]:
    box, size = bounds_of_all(annotations), editor.document.size
    if box is None:
        return annotations
    dx, dy = shift_within(box, ASIDE, ASIDE, size)
    # At the lower right corner there is no room but to the other side.
    if (dx, dy) == (0.0, 0.0):
        dx, dy = shift_within(box, -ASIDE, -ASIDE, size)
    return [moved(each, dx, dy) for each in annotations]


def _are_there(editor: DocumentEditor, annotations: Sequence[Annotation]) -> bool:
    """Say whether one of these lies exactly on one of the picture: then the copy would not be seen."""
    places = {corners_of(each) for each in editor.document.annotations.values()}
    return any(corners_of(each) in places for each in annotations if corners_of(each))
