"""Random sequences of edits, undos and redos of one document; what must hold after each."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from documents import RUN, empty_document

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, Provenance
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.editing import moved, resized, turned, with_label
from qwvis_desktop.core.plane.forms import Form, converted
from qwvis_desktop.core.review import as_accepted
from qwvis_desktop.ui.editor import DocumentEditor

State = tuple[tuple[Annotation, ...], tuple[object, ...]]

_CHANGES: tuple[Callable[[Annotation, random.Random], Annotation], ...] = (
    lambda each, chance: moved(each, chance.uniform(-9, 9), chance.uniform(-9, 9)),
    lambda each, chance: resized(each, (1, 1), Point(chance.uniform(0, 640), chance.uniform(0, 480))),
    lambda each, chance: turned(each, chance.uniform(-90, 90)),
    lambda each, chance: with_label(each, chance.choice("abc")),
    lambda each, chance: converted(each, chance.choice(list(Form)), RUN.frame.original if RUN.frame else None),  # type: ignore[arg-type]  # the run of the tests has a frame
    lambda each, chance: replace(each, attributes={"n": chance.random()}),
)


def state_of(document: Document) -> State:
    """Return all that undo steps may change."""
    seen = document.camera, document.camera_source, document.convention
    return tuple(document.annotations.values()), (*document.runs.values(), *seen)


class Sequence:
    """One sequence, made from a seed."""

    def __init__(self, seed: int, length: int) -> None:
        self._chance = random.Random(seed)
        self.editor = DocumentEditor(empty_document())
        self.editor.set_run(replace(RUN, id="r"))
        self.start = state_of(self.editor.document)
        acts = (
            self._draw, self._stream, self._retract, self._change, self._change, self._press, self._accept,
            self._delete, self._reorder, self._both, self._restate, self._look, self._undo, self._undo, self._redo,
        )  # fmt: skip
        for _ in range(length):
            self._chance.choice(acts)()

    def check(self) -> None:
        """Undo all, redo all, and see that start and end come back.

        Raises:
            AssertionError: one of them does not.
        """
        stack = self.editor.undo_stack
        end, steps = state_of(self.editor.document), stack.index()
        for _ in range(steps):
            stack.undo()
        assert state_of(self.editor.document) == self.start
        for _ in range(steps):
            stack.redo()
        assert state_of(self.editor.document) == end

    def _some(self) -> list[Annotation]:
        there = list(self.editor.document.annotations.values())
        return self._chance.sample(there, self._chance.randint(1, min(4, len(there)))) if there else []

    def _new(self, run: str | None = None) -> Annotation:
        x, y = self._chance.uniform(0, 600), self._chance.uniform(0, 440)
        origin = None if run is None else Provenance(run, (0, 1))
        if self._chance.random() < 0.2:
            return Keypoint(label="p", point=Point(x, y), provenance=origin)
        return Detection(label="d", box=Box(x, y, x + 30, y + 20), provenance=origin)

    def _draw(self) -> None:
        self.editor.add([self._new() for _ in range(self._chance.randint(1, 3))], "Draw")

    def _stream(self) -> None:
        self.editor.add([self._new("r")], "Run", run="r")

    def _retract(self) -> None:
        self.editor.retract([each.id for each in self._some()][:1], "Run", "r")

    def _change(self) -> None:
        change = self._chance.choice(_CHANGES)
        self.editor.replace([change(each, self._chance) for each in self._some()], "Change")

    def _press(self) -> None:
        chosen = self._some()
        for _ in range(self._chance.randint(1, 4)):
            chosen = [moved(each, 1, 0) for each in chosen]
            self.editor.replace(chosen, "Keys", burst="keys")

    def _accept(self) -> None:
        self.editor.replace(as_accepted(self._some()), "Accept")

    def _delete(self) -> None:
        self.editor.remove([each.id for each in self._some()], "Delete")

    def _reorder(self) -> None:
        """Put all in another order, take out what lies in the middle: undoing must find each place again."""
        order = list(self.editor.document.order())
        self._chance.shuffle(order)
        self.editor.reorder(order, "Order")
        self._delete()
        self._draw()

    def _both(self) -> None:
        with self.editor.step("Both"):
            self._change()
            self._delete()

    def _restate(self) -> None:
        run = self.editor.document.runs["r"]
        self.editor.restate(replace(run, space=self._chance.choice(list(CoordinateSpace))), "What if")

    def _look(self) -> None:
        focal = self._chance.uniform(100, 900)
        self.editor.set_camera(CameraIntrinsics(focal, focal, 320, 240), "by hand", "Camera")
        self.editor.set_convention(self._chance.choice(list(ANGLE_CONVENTIONS.values())), "Angles")

    def _undo(self) -> None:
        for _ in range(self._chance.randint(1, 4)):
            self.editor.undo_stack.undo()

    def _redo(self) -> None:
        for _ in range(self._chance.randint(1, 3)):
            self.editor.undo_stack.redo()
