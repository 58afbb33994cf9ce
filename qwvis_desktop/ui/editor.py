"""``DocumentEditor``: the only writer of a document, always through an undo command.

Three commands cover all that happens to annotations: add, remove, replace; one more puts them in another order, one
says how a run's reply is read, two how space is seen: the camera and what angles mean; and one which part of a film is
asked about.
Widgets ask here and are told by signals.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import AngleConvention, CameraIntrinsics
from qwvis_desktop.core.document import Document, FilmRange, Run

MOST_STEPS = 1000
"""Undo steps that are kept; the oldest one goes when one more comes. A step holds what it changed and nothing else."""

MOST_HELD = 200_000
"""Annotations that all steps together may hold, some hundred megabytes; the oldest steps go where it would be more."""

_RUN_STEP = 1
"""``QUndoCommand.id`` of the steps that a streaming reply makes."""

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


class DocumentEditor(QObject):
    """Changes one document, keeps its undo history, its selection and what is hidden of it.

    Signals:
        changed(Change): annotations were added, removed or replaced.
        selection_changed(): ``selection`` is another.
        visibility_changed(): ``hidden`` is another.
        run_changed(str): the run with this id was added or has news.
        camera_changed(): the document's camera, its source or its convention of angles is another.
        film_range_changed(): another part of the film is asked about.
    """

    changed = Signal(object)
    selection_changed = Signal()
    visibility_changed = Signal()
    run_changed = Signal(str)
    camera_changed = Signal()
    film_range_changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_STEPS)
        self._selection: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()
        self._burst: tuple[str, frozenset[str]] | None = None
        self._held = 0
        self._brought_back: set[str] = set()

    @property
    def selection(self) -> frozenset[str]:
        """Ids of the selected annotations."""
        return self._selection

    @property
    def hidden(self) -> frozenset[str]:
        """Ids of the annotations that are not shown."""
        return self._hidden

    def add(self, annotations: Iterable[Annotation], text: str, run: str | None = None) -> None:
        """Add annotations as one undo step called ``text``; further ones of the same ``run`` join that step."""
        new = tuple(annotations)
        if new:
            self._push(_Add(self, new, text, run))

    def remove(self, ids: Iterable[str], text: str) -> None:
        """Remove annotations as one undo step called ``text``."""
        gone = tuple(ids)
        if gone:
            self._push(_Remove(self, gone, text))

    def retract(self, ids: Iterable[str], text: str, run: str) -> None:
        """Remove what a reply that still streams turned out not to say; joins the step of ``run``."""
        gone = tuple(ids)
        if gone:
            self._push(_Remove(self, gone, text, run))

    def replace(self, annotations: Iterable[Annotation], text: str, *, burst: str | None = None) -> None:
        """Replace annotations by those with the same ids, as one undo step called ``text``.

        Args:
            annotations: what they become.
            text: what the step is called.
            burst: names a row of keys; steps of the same row that follow each other and concern the same are one.
        """
        new = tuple(annotations)
        if not new:
            return
        key = None if burst is None else (burst, frozenset(each.id for each in new))
        if key is not None and key == self._burst and not self.undo_stack.canRedo() and not self.undo_stack.isClean():
            # The step on top holds what was before the whole row, so nothing further is to be kept.
            self.document.replace(new)
            self._announce(Change(replaced=tuple(each.id for each in new)))
            # Whoever counts steps hears of it as of steps that Qt has merged.
            self.undo_stack.indexChanged.emit(self.undo_stack.index())
            return
        self._push(_Replace(self, new, text))
        self._burst = key

    def reorder(self, order: Sequence[str], text: str) -> None:
        """Put all annotations in this order, which holds each id once, as one undo step called ``text``."""
        if tuple(order) != self.document.order():
            self._push(_Reorder(self, tuple(order), text))

    def _push(self, command: _Command) -> None:
        self._burst = None
        self.undo_stack.push(command)
        self._held += command.held
        if self._held > MOST_HELD:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Let go of what the oldest steps hold, until half of what is allowed is left; undo passes over them.

        Qt's stack gives up no step from its far end but when it has too many of them, so they stay as empty ones until
        they are passed over.
        """
        steps = [self.undo_stack.command(place) for place in range(self.undo_stack.count())]
        held = [_held_by(step) for step in steps]
        self._held = sum(held)
        for step, count in zip(steps[: max(0, self.undo_stack.index() - 1)], held, strict=False):
            if self._held <= MOST_HELD // 2:
                break
            self._held -= count
            _forget(step)

    def redo(self) -> None:
        """Do again what was undone last, and select what that brings back."""
        self._brought_back.clear()
        self.undo_stack.redo()
        if self._brought_back:
            self.select(self._brought_back)

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Make all that is done inside one undo step called ``text``."""
        self._burst = None
        self.undo_stack.beginMacro(text)
        try:
            yield
        finally:
            self.undo_stack.endMacro()

    def restate(self, run: Run, text: str) -> None:
        """Change how the reply of a run is read (its space, its status), as an undo step called ``text``."""
        self._push(_Restate(self, run, text))

    def set_camera(self, camera: CameraIntrinsics, source: str, text: str, *, drag: str | None = None) -> None:
        """See space through another camera, as an undo step called ``text``.

        Args:
            camera: in pixels of the upright original.
            source: where it is known from.
            text: what the step is called.
            drag: names one movement of a slider; steps of the same movement that follow each other are one.
        """
        if (camera, source) != (self.document.camera, self.document.camera_source):
            self._push(_SetCamera(self, camera, source, text, drag))

    def set_convention(self, convention: AngleConvention, text: str) -> None:
        """Read the angles of all cuboids in another way, as an undo step called ``text``."""
        if convention != self.document.convention:
            self._push(_SetConvention(self, convention, text))

    def set_film_range(self, film_range: FilmRange, text: str) -> None:
        """Ask about another part of a film, as an undo step called ``text``."""
        if film_range != self.document.film_range:
            self._push(_SetFilmRange(self, film_range, text))

    def set_run(self, run: Run) -> None:
        """Keep a run, or its news. Not an undo step: what a service said was said."""
        self.document.set_run(run)
        self.run_changed.emit(run.id)

    def select(self, ids: Iterable[str]) -> None:
        """Select these and no others; ids that are not there are left out."""
        selection = frozenset(ids) & self.document.annotations.keys()
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    def hide(self, ids: Iterable[str]) -> None:
        """Hide these and no others; ids that are not there are left out."""
        hidden = frozenset(ids) & self.document.annotations.keys()
        if hidden != self._hidden:
            self._hidden = hidden
            self.visibility_changed.emit()

    def _announce(self, change: Change) -> None:
        self._brought_back.update(change.added)
        self.changed.emit(change)
        if change.removed:
            self.select(self._selection)
            self.hide(self._hidden)


class _Command(QUndoCommand):
    """What all steps share.

    The editor is held weakly: a strong reference would close a circle through Qt's stack, and Python's garbage
    collector takes such a circle down in an order in which PySide6 6.11 crashes.
    """

    def __init__(self, editor: DocumentEditor, text: str) -> None:
        super().__init__(text)
        self._editor: DocumentEditor = weakref.proxy(editor)

    @property
    def held(self) -> int:
        """How many annotations it holds."""
        return 0

    def forget(self) -> None:
        """Let go of them; it will not be undone any more."""


def _held_by(step: QUndoCommand) -> int:
    own = step.held if isinstance(step, _Command) else 0
    return own + sum(_held_by(step.child(place)) for place in range(step.childCount()))


def _forget(step: QUndoCommand) -> None:
    """Make a step, and those it is made of, an empty one that Qt removes when it comes to it."""
    for place in range(step.childCount()):
        _forget(step.child(place))
    if isinstance(step, _Command):
        step.forget()
    step.setObsolete(True)


class _Add(_Command):
    """Appends annotations; while a run streams, its next annotations join the step."""

    def __init__(self, editor: DocumentEditor, annotations: tuple[Annotation, ...], text: str, run: str | None) -> None:
        super().__init__(editor, text)
        self._annotations, self._run = annotations, run

    @property
    def held(self) -> int:
        """How many annotations it holds."""
        return len(self._annotations)

    def forget(self) -> None:
        """Let go of them."""
        self._annotations = ()

    def redo(self) -> None:
        """Add them."""
        self._editor.document.add(self._annotations)
        self._editor._announce(Change(added=tuple(a.id for a in self._annotations)))

    def undo(self) -> None:
        """Take them out again."""
        ids = tuple(a.id for a in self._annotations)
        self._editor.document.remove(ids)
        self._editor._announce(Change(removed=ids))

    def id(self) -> int:
        """Return a number that only steps of a run share, so that Qt offers them for merging."""
        return -1 if self._run is None else _RUN_STEP

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over what ``other`` added or retracted where it is of the same run."""
        if not isinstance(other, _Add | _Remove) or other._run != self._run:
            return False
        if isinstance(other, _Add):
            self._annotations += other._annotations
        else:
            gone = frozenset(other._ids)
            if not gone <= {a.id for a in self._annotations}:
                # It came before another step, which must not be undone into nothing: taking it out is a step by itself.
                return False
            self._annotations = tuple(a for a in self._annotations if a.id not in gone)
        return True


class _Remove(_Command):
    """Takes annotations out; undoing puts each back in its place."""

    def __init__(self, editor: DocumentEditor, ids: tuple[str, ...], text: str, run: str | None = None) -> None:
        super().__init__(editor, text)
        self._ids, self._run = ids, run
        self._removed: Mapping[int, Annotation] = {}

    @property
    def held(self) -> int:
        """How many annotations it holds."""
        return len(self._ids)

    def forget(self) -> None:
        """Let go of them."""
        self._ids, self._removed = (), {}

    def redo(self) -> None:
        """Take them out."""
        places = self._editor.document.places(self._ids)
        gone = self._editor.document.remove(self._ids)
        self._removed = {places[annotation.id]: annotation for annotation in gone}
        self._editor._announce(Change(removed=self._ids))

    def undo(self) -> None:
        """Put them back."""
        self._editor.document.insert(self._removed)
        self._removed = {}
        self._editor._announce(Change(added=self._ids))

    def id(self) -> int:
        """Return a number that only steps of a run share, so that Qt offers them for merging."""
        return -1 if self._run is None else _RUN_STEP


class _Replace(_Command):
    """Puts annotations in place of others with the same ids."""

    def __init__(self, editor: DocumentEditor, annotations: tuple[Annotation, ...], text: str) -> None:
        super().__init__(editor, text)
        self._annotations = annotations

    @property
    def held(self) -> int:
        """How many annotations it holds."""
        return len(self._annotations)

    def forget(self) -> None:
        """Let go of them."""
        self._annotations = ()

    def redo(self) -> None:
        """Swap."""
        self._annotations = self._editor.document.replace(self._annotations)
        self._editor._announce(Change(replaced=tuple(a.id for a in self._annotations)))

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class _Reorder(_Command):
    """Puts annotations in another order."""

    def __init__(self, editor: DocumentEditor, order: tuple[str, ...], text: str) -> None:
        super().__init__(editor, text)
        self._order = order

    def redo(self) -> None:
        """Swap."""
        former = self._editor.document.order()
        self._editor.document.reorder(self._order)
        self._order = former
        self._editor._announce(Change(reordered=True))

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class _Restate(_Command):
    """Says that a run's reply is read in another way; goes with the re-placing of its annotations."""

    def __init__(self, editor: DocumentEditor, run: Run, text: str) -> None:
        super().__init__(editor, text)
        self._run = run

    def redo(self) -> None:
        """Swap."""
        former = self._editor.document.runs[self._run.id]
        self._editor.set_run(self._run)
        self._run = former

    def undo(self) -> None:
        """Swap back."""
        self.redo()


class _SetCamera(_Command):
    """Puts another camera in place; what a slider asks while it is dragged is one step."""

    def __init__(
        self, editor: DocumentEditor, camera: CameraIntrinsics, source: str, text: str, drag: str | None
    ) -> None:
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
        return isinstance(other, _SetCamera) and other._drag == self._drag


class _SetConvention(_Command):
    """Says that angles mean something else."""

    def __init__(self, editor: DocumentEditor, convention: AngleConvention, text: str) -> None:
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


class _SetFilmRange(_Command):
    """Says that another part of a film is asked about."""

    def __init__(self, editor: DocumentEditor, film_range: FilmRange, text: str) -> None:
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
