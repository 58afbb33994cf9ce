"""``DocumentEditor``: the only writer of a document, always through an undo command.

Three commands cover all that happens to annotations: add, remove, replace; one more puts them in another order, one
says how a run's reply is read, two how space is seen: the camera and what angles mean; and one which part of a film is
asked about.
Widgets ask here and are told by signals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import AngleConvention, CameraIntrinsics
from qwvis_desktop.core.document import Document, FilmRange, Run
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.edit_commands import (
    Add,
    Change,
    Command,
    Remove,
    Reorder,
    Replace,
    Restate,
    SetCamera,
    SetConvention,
    SetFilmRange,
    forget_step,
    held_by,
)

__all__ = ["MOST_HELD", "MOST_STEPS", "Change", "DocumentEditor"]

MOST_STEPS = 1000
"""Undo steps that are kept; the oldest one goes when one more comes. A step holds what it changed and nothing else."""

MOST_HELD = 256_000_000
"""Bytes that all steps together may hold, about; the oldest go where it would be more, but never the last one.

A thousand steps that each change a hundred boxes hold a tenth of it.
"""


class DocumentEditor(QObject):
    """Changes one document, keeps its undo history, its selection and what is hidden of it.

    Signals:
        changed(Change): annotations were added, removed or replaced.
        selection_changed(): ``selection`` is another.
        visibility_changed(): ``hidden`` is another.
        run_changed(str): the run with this id was added or has news.
        camera_changed(): the document's camera, its source or its convention of angles is another.
        film_range_changed(): another part of the film is asked about.
        film_counted(): it is known how many frames the film has.
        steps_given_up(): ``given_up`` is more: so many of the oldest steps cannot be undone any more.
    """

    changed = Signal(object)
    selection_changed = Signal()
    visibility_changed = Signal()
    run_changed = Signal(str)
    camera_changed = Signal()
    film_range_changed = Signal()
    film_counted = Signal()
    steps_given_up = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_STEPS)
        self.undo_stack.indexChanged.connect(self._pass_over)
        self._is_passing = False
        self._selection: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()
        self._burst: tuple[str, frozenset[str]] | None = None
        self._held = 0
        self.given_up = 0
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
            self._push(Add(self, new, text, run))

    def remove(self, ids: Iterable[str], text: str) -> None:
        """Remove annotations as one undo step called ``text``."""
        gone = tuple(ids)
        if gone:
            self._push(Remove(self, gone, text))

    def retract(self, ids: Iterable[str], text: str, run: str) -> None:
        """Remove what a reply that still streams turned out not to say; joins the step of ``run``."""
        gone = tuple(ids)
        if gone:
            self._push(Remove(self, gone, text, run))

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
            self.announce(Change(replaced=tuple(each.id for each in new)))
            # Whoever counts steps hears of it as of steps that Qt has merged.
            self.undo_stack.indexChanged.emit(self.undo_stack.index())
            return
        self._push(Replace(self, new, text))
        self._burst = key

    def reorder(self, order: Sequence[str], text: str) -> None:
        """Put all annotations in this order, which holds each id once, as one undo step called ``text``."""
        if tuple(order) != self.document.order():
            self._push(Reorder(self, tuple(order), text))

    def _push(self, command: Command) -> None:
        self._burst = None
        self._count_lost(lambda: self.undo_stack.push(command))
        self._held += command.held
        if self._held > MOST_HELD:
            self._forget_oldest()

    def _count_lost(self, push: Callable[[], None]) -> None:
        """Push, and notice where Qt's stack gave up its oldest step for it."""
        first = self.undo_stack.command(0) if self.undo_stack.count() == MOST_STEPS else None
        push()
        if first is not None and self.undo_stack.count() == MOST_STEPS and self.undo_stack.command(0) is not first:
            self._given_up(1)

    def _given_up(self, count: int) -> None:
        self.given_up += count
        self.steps_given_up.emit()

    def _forget_oldest(self) -> None:
        """Let go of what the oldest steps hold, until half of what is allowed is left.

        Qt's stack gives up no step from its far end but when it has too many of them, so they stay as empty ones until
        undo comes to them and passes over them.
        """
        steps = [self.undo_stack.command(place) for place in range(self.undo_stack.count())]
        held = [held_by(step) for step in steps]
        self._held, lost = sum(held), 0
        if self._held <= MOST_HELD:
            return  # what was counted had been given up already
        for step, count in zip(steps[: max(0, self.undo_stack.index() - 1)], held, strict=False):
            if self._held <= MOST_HELD // 2:
                break
            self._held -= count
            if not step.isObsolete():
                forget_step(step)
                lost += 1
        if lost:
            self._given_up(lost)

    def _pass_over(self) -> None:
        """Go past the steps that were given up, so that no undo does nothing: with that Qt takes them out."""
        if self._is_passing:
            return
        self._is_passing, stack = True, self.undo_stack
        while stack.canUndo() and stack.command(stack.index() - 1).isObsolete():
            stack.undo()
        self._is_passing = False

    def undo(self) -> None:
        """Take the last step back, and select what that brings back."""
        self._bring_back(self.undo_stack.undo)

    def redo(self) -> None:
        """Do again what was undone last, and select what that brings back."""
        self._bring_back(self.undo_stack.redo)

    def _bring_back(self, act: Callable[[], None]) -> None:
        self._brought_back.clear()
        act()
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
            self._count_lost(self.undo_stack.endMacro)

    def restate(self, run: Run, text: str) -> None:
        """Change how the reply of a run is read (its space, its status), as an undo step called ``text``."""
        self._push(Restate(self, run, text))

    def set_camera(self, camera: CameraIntrinsics, source: str, text: str, *, drag: str | None = None) -> None:
        """See space through another camera, as an undo step called ``text``.

        Args:
            camera: in pixels of the upright original.
            source: where it is known from.
            text: what the step is called.
            drag: names one movement of a slider; steps of the same movement that follow each other are one.
        """
        if (camera, source) != (self.document.camera, self.document.camera_source):
            self._push(SetCamera(self, camera, source, text, drag))

    def set_convention(self, convention: AngleConvention, text: str) -> None:
        """Read the angles of all cuboids in another way, as an undo step called ``text``."""
        if convention != self.document.convention:
            self._push(SetConvention(self, convention, text))

    def set_film_range(self, film_range: FilmRange, text: str) -> None:
        """Ask about another part of a film, as an undo step called ``text``."""
        if film_range != self.document.film_range:
            self._push(SetFilmRange(self, film_range, text))

    def count_film(self, frames: int) -> None:
        """Keep how many frames the film has, for what is thought to be sent. Not an undo step: nothing is changed."""
        media = self.document.media
        if isinstance(media, VideoMedia) and media.counted != frames:
            self.document.media = replace(media, counted=frames)
            self.film_counted.emit()

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

    def announce(self, change: Change) -> None:
        """Tell what a command did; of what is gone nothing stays selected or hidden."""
        self._brought_back.update(change.added)
        self.changed.emit(change)
        if change.removed:
            self.select(self._selection)
            self.hide(self._hidden)
