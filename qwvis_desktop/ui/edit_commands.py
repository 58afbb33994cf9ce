"""The undo commands of ``DocumentEditor``: each changes its document in one way, and back again."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtGui import QUndoCommand

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import AngleConvention, CameraIntrinsics
from qwvis_desktop.core.document import Document, FilmRange, Run
from qwvis_desktop.ui.step_memory import POINTER, STEP, bytes_beside, bytes_of_all, bytes_of_value

_RUN_STEP = 1
"""``QUndoCommand.id`` of the steps that a streaming reply makes."""

_ENTRY = 100
"""Bytes of an entry of a dictionary, with its key."""

_DRAG_STEP = 2
"""``QUndoCommand.id`` of the steps that a slider makes while it is dragged."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did to a document: ids, each in at most one of the three.

    ``reordered`` says that all stand in another order, and that nothing else happened.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    reordered: bool = False

    @property
    def only_replaced(self) -> int:
        """How many annotations were replaced, where nothing else happened; else 0."""
        return 0 if self.added or self.removed or self.reordered else len(self.replaced)


class Edited(Protocol):
    """What commands need of the editor."""

    document: Document

    @property
    def camera_changed(self) -> SignalInstance:
        """Tells that space is seen in another way."""

    @property
    def film_range_changed(self) -> SignalInstance:
        """Tells that another part of the film is asked about."""

    def announce(self, change: Change) -> None:
        """Tell what a command did."""

    def set_run(self, run: Run) -> None:
        """Keep a run, or its news."""


class Command(QUndoCommand):
    """What all steps share.

    The editor is held weakly: a strong reference would close a circle through Qt's stack, and Python's garbage
    collector takes such a circle down in an order in which PySide6 6.11 crashes.
    """

    def __init__(self, editor: Edited, text: str) -> None:
        super().__init__(text)
        self._editor: Edited = weakref.proxy(editor)
        self.held = STEP
        """Bytes that it holds and nothing else does, about; known when it was done."""

    def forget(self) -> None:
        """Let go of them; it will not be undone any more."""


def held_by(step: QUndoCommand) -> int:
    """Return how many bytes a step and those it is made of hold."""
    own = step.held if isinstance(step, Command) else 0
    return own + sum(held_by(step.child(place)) for place in range(step.childCount()))


def forget_step(step: QUndoCommand) -> None:
    """Make a step, and those it is made of, an empty one that Qt removes when it comes to it."""
    for place in range(step.childCount()):
        forget_step(step.child(place))
    if isinstance(step, Command):
        step.forget()
        step.held = 0
    step.setText(QCoreApplication.translate("Editor", "Given up"))
    step.setObsolete(True)


class Add(Command):
    """Appends annotations; while a run streams, its next annotations join the step."""

    def __init__(self, editor: Edited, annotations: tuple[Annotation, ...], text: str, run: str | None) -> None:
        super().__init__(editor, text)
        self._annotations, self._run = annotations, run
        self.held += POINTER * len(annotations)  # the annotations are the document's

    def forget(self) -> None:
        """Let go of them."""
        self._annotations = ()

    def redo(self) -> None:
        """Add them."""
        self._editor.document.add(self._annotations)
        self._editor.announce(Change(added=tuple(a.id for a in self._annotations)))

    def undo(self) -> None:
        """Take them out again."""
        ids = tuple(a.id for a in self._annotations)
        self._editor.document.remove(ids)
        self._editor.announce(Change(removed=ids))

    def id(self) -> int:
        """Return a number that only steps of a run share, so that Qt offers them for merging."""
        return -1 if self._run is None else _RUN_STEP

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over what ``other`` added or retracted where it is of the same run."""
        if not isinstance(other, Add | Remove) or other._run != self._run:
            return False
        if isinstance(other, Add):
            self._annotations += other._annotations
            self.held += other.held
        else:
            gone = frozenset(other._ids)
            if not gone <= {a.id for a in self._annotations}:
                # It came before another step, which must not be undone into nothing: taking it out is a step by itself.
                return False
            self._annotations = tuple(a for a in self._annotations if a.id not in gone)
        return True


class Remove(Command):
    """Takes annotations out; undoing puts each back in its place."""

    def __init__(self, editor: Edited, ids: tuple[str, ...], text: str, run: str | None = None) -> None:
        super().__init__(editor, text)
        self._ids, self._run = ids, run
        self._removed: Mapping[int, Annotation] = {}

    def forget(self) -> None:
        """Let go of them."""
        self._ids, self._removed = (), {}

    def redo(self) -> None:
        """Take them out."""
        places = self._editor.document.places(self._ids)
        gone = self._editor.document.remove(self._ids)
        self._removed = {places[annotation.id]: annotation for annotation in gone}
        self.held = STEP + bytes_of_all(gone) + _ENTRY * len(gone)
        self._editor.announce(Change(removed=self._ids))

    def undo(self) -> None:
        """Put them back."""
        self._editor.document.insert(self._removed)
        self._removed = {}
        self._editor.announce(Change(added=self._ids))

    def id(self) -> int:
        """Return a number that only steps of a run share, so that Qt offers them for merging."""
        return -1 if self._run is None else _RUN_STEP


class Replace(Command):
    """Puts annotations in place of others with the same ids."""

    def __init__(self, editor: Edited, annotations: tuple[Annotation, ...], text: str) -> None:
        super().__init__(editor, text)
        self._annotations = annotations

    def forget(self) -> None:
        """Let go of them."""
        self._annotations = ()

    def redo(self) -> None:
        """Swap."""
        self._annotations = self._editor.document.replace(self._annotations)
        self.held = STEP + bytes_beside(self._annotations, self._editor.document.annotations)
        self._editor.announce(Change(replaced=tuple(a.id for a in self._annotations)))

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class Reorder(Command):
    """Puts annotations in another order."""

    def __init__(self, editor: Edited, order: tuple[str, ...], text: str) -> None:
        super().__init__(editor, text)
        self._order = order
        self.held += POINTER * len(order)

    def forget(self) -> None:
        """Let go of the order."""
        self._order = ()

    def redo(self) -> None:
        """Swap."""
        former = self._editor.document.order()
        self._editor.document.reorder(self._order)
        self._order = former
        self._editor.announce(Change(reordered=True))

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class Restate(Command):
    """Says that a run's reply is read in another way; goes with the re-placing of its annotations."""

    def __init__(self, editor: Edited, run: Run, text: str) -> None:
        super().__init__(editor, text)
        self._run = run

    def redo(self) -> None:
        """Swap."""
        former = self._editor.document.runs[self._run.id]
        self._editor.set_run(self._run)
        self._run = former
        self.held = STEP + sum(map(bytes_of_value, (former.reply, former.thinking))) + bytes_of_all(former.as_read)

    def forget(self) -> None:
        """Keep of the run what the document has."""
        self._run = self._editor.document.runs[self._run.id]

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class SetCamera(Command):
    """Puts another camera in place; what a slider asks while it is dragged is one step."""

    def __init__(self, editor: Edited, camera: CameraIntrinsics, source: str, text: str, drag: str | None) -> None:
        super().__init__(editor, text)
        self._camera, self._source, self._drag = camera, source, drag

    def redo(self) -> None:
        """Swap."""
        document = self._editor.document
        former = document.camera, document.camera_source
        document.set_camera(self._camera, self._source)
        self._camera, self._source = former
        self._editor.camera_changed.emit()

    def undo(self) -> None:
        """Swap back."""
        self.redo()

    def id(self) -> int:
        """Return a number that only steps of a drag share, so that Qt offers them for merging."""
        return -1 if self._drag is None else _DRAG_STEP

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Say whether ``other`` belongs to the same drag: this step holds the camera from before both."""
        return isinstance(other, SetCamera) and other._drag == self._drag


class SetConvention(Command):
    """Says that angles mean something else."""

    def __init__(self, editor: Edited, convention: AngleConvention, text: str) -> None:
        super().__init__(editor, text)
        self._convention = convention

    def redo(self) -> None:
        """Swap."""
        former = self._editor.document.convention
        self._editor.document.set_convention(self._convention)
        self._convention = former
        self._editor.camera_changed.emit()

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class SetFilmRange(Command):
    """Says that another part of a film is asked about."""

    def __init__(self, editor: Edited, film_range: FilmRange, text: str) -> None:
        super().__init__(editor, text)
        self._film_range = film_range

    def redo(self) -> None:
        """Swap."""
        former = self._editor.document.film_range
        self._editor.document.set_film_range(self._film_range)
        self._film_range = former
        self._editor.film_range_changed.emit()

    def undo(self) -> None:
        """Swap back."""
        self.redo()
