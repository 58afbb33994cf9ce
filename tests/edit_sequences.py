"""Random editing, as a person and models do it, and what is recorded of it; for tests and benchmarks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from documents import media_of

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    Keypoint,
    Provenance,
    ReplyStatus,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.document import WHOLE_FILM, Document, FilmRange, Run
from qwvis_desktop.core.event_editing import split
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.store.journal import Journal
from qwvis_desktop.core.store.picture_record import content, document_of, line_of
from qwvis_desktop.core.store.saving import PictureWriter
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.core.store.steps import recover
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor


def _fail(sentence: str) -> None:
    raise AssertionError(sentence)


class Pictures:
    """Pictures that are edited without a window, with their journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace()
        self.shelf = Shelf()
        self.journal = Journal(folder / "journals", _fail)
        self.recorder = Recorder(self.workspace, self.journal, self.shelf, {"sample"})
        self.writer = PictureWriter()

    def open(self, key: str, media: Media | None = None) -> DocumentEditor:
        """Open a picture, or the film ``media``, that is nowhere, as far as editing needs one."""
        document = Document(media or media_of())
        self.workspace.add([Entry(key, key)])
        self.workspace.set_editor(key, DocumentEditor(document))
        self.recorder.follow(key, OpenedPicture(document=document))
        editor = self.workspace.editor_of(key)
        assert editor is not None
        return editor

    def saved(self, key: str) -> dict[str, Any]:
        """Return what would be read back if the picture were saved now."""
        (state,) = self.recorder.states([key])
        return self.as_read(json.loads(line_of(self.writer.record(state, self.folder))))

    def as_read(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the content of the document that a record makes."""
        return content(document_of(record, media_of())[0])

    def recovered(self) -> dict[str, dict[str, Any]]:
        """Return what a crash now would leave."""
        self.journal.write_now()
        return recover(self.journal.path).records if self.journal.path.exists() else {}

    def close(self) -> None:
        """Take all down."""
        self.recorder.close()
        assert self.journal.close()
        self.workspace.deleteLater()


def some_box(chance: random.Random, run: str = "") -> Detection:
    """Return a box somewhere; one that a run gave where ``run`` is its id."""
    left, top = chance.uniform(0, 600), chance.uniform(0, 440)
    box = Box(left, top, left + chance.uniform(1, 40), top + chance.uniform(1, 40))
    outline = None
    if chance.random() < 0.2:
        outline = Polygon((Point(box.left, box.top), Point(box.right, box.top), Point(box.left, box.bottom)))
    return Detection(
        label=chance.choice(["car", "猫", "a \ud800", ""]),
        box=box,
        outline=outline,
        score=chance.choice([None, chance.random()]),
        attributes=chance.choice([{}, {"colour": "red", "n": 3}]),
        provenance=Provenance(run, (3, 9), (1, 2.5, 3, 4)) if run else None,
    )


def some_annotation(chance: random.Random) -> Annotation:
    """Return an annotation of some kind."""
    point = Point(chance.uniform(0, 640), chance.uniform(0, 480))
    kinds: list[Annotation] = [
        some_box(chance),
        Keypoint(label="tip", point=point),
        TextRegion(text="EXIT", polygon=Polygon((point, Point(1.0, 1.0), Point(2.0, 2.0), Point(0.0, 3.0)))),
    ]
    return chance.choice(kinds)


def some_run(chance: random.Random, number: int) -> Run:
    """Return a run that ended."""
    run = f"run {number} {chance.random()}"
    return Run(
        id=run,
        started=datetime(2026, 1, 2, tzinfo=UTC),
        provider="here",
        model="qwen3-vl-plus",
        family="qwen3-vl",
        task="detect",
        prompt="Find cars.",
        frame=None,
        space=CoordinateSpace.RELATIVE_1000,
        reply=f"[{run}]",
        status=ReplyStatus.OK,
        as_read=tuple(some_box(chance, run) for _ in range(chance.randrange(4))),
    )


def _add(editor: DocumentEditor, chance: random.Random) -> None:
    editor.add([some_annotation(chance) for _ in range(chance.randrange(1, 4))], "Draw")


def _remove(editor: DocumentEditor, chance: random.Random) -> None:
    keys = list(editor.document.annotations)
    editor.remove(chance.sample(keys, min(len(keys), chance.randrange(1, 4))), "Delete")


def _replace(editor: DocumentEditor, chance: random.Random) -> None:
    annotations = list(editor.document.annotations.values())
    if annotations:
        chosen = chance.choice(annotations)
        editor.replace([replace(chosen, label=f"{chosen.label}!", accepted=not chosen.accepted)], "Relabel")


def _run(editor: DocumentEditor, chance: random.Random) -> None:
    run = some_run(chance, len(editor.document.runs))
    editor.set_run(replace(run, status=None, reply="", as_read=()))
    for annotation in run.as_read:
        editor.add([annotation], "Run", run=run.id)
    if run.as_read and chance.random() < 0.3:
        editor.retract([run.as_read[0].id], "Run", run.id)
        run = replace(run, as_read=run.as_read[1:])
    editor.set_run(run)


def _restate(editor: DocumentEditor, chance: random.Random) -> None:
    runs = list(editor.document.runs.values())
    if runs:
        with editor.step("Read as pixels"):
            editor.restate(replace(chance.choice(runs), space=CoordinateSpace.SENT_PIXELS), "Read as pixels")
            _replace(editor, chance)


def _camera(editor: DocumentEditor, chance: random.Random) -> None:
    editor.set_camera(CameraIntrinsics(chance.uniform(100, 900), 500.0, 320.0, 240.0), "by hand", "Camera", drag="fx")


def _convention(editor: DocumentEditor, chance: random.Random) -> None:
    editor.set_convention(chance.choice(list(ANGLE_CONVENTIONS.values())), "Angles")


def _undo(editor: DocumentEditor, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        editor.undo_stack.undo()


def _redo(editor: DocumentEditor, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        editor.undo_stack.redo()


def _add_in_time(editor: DocumentEditor, chance: random.Random) -> None:
    start = chance.uniform(0, 19)
    event = VideoEvent(label=chance.choice(["walks", "走る", ""]), start=start, end=start + chance.uniform(0, 1))
    keys = [
        replace(some_box(chance), label="car", time=time, attributes={"track_id": 4})
        for time in sorted(chance.uniform(0, 20) for _ in range(3))
    ]
    editor.add([event, *keys], "Add")


def _change_in_time(editor: DocumentEditor, chance: random.Random) -> None:
    held = [each for each in editor.document.annotations.values() if isinstance(each, VideoEvent)]
    if held:
        event = chance.choice(held)
        parts = split(event, chance.uniform(event.start, event.end))
        if parts is not None:
            with editor.step("Split"):
                editor.replace([parts[0]], "Split")
                editor.add([parts[1]], "Split")


def _range(editor: DocumentEditor, chance: random.Random) -> None:
    start = chance.uniform(0, 10)
    editor.set_film_range(chance.choice([WHOLE_FILM, FilmRange(start, start + 5), FilmRange(None, 9.5)]), "Range")


def _run_of_film(editor: DocumentEditor, chance: random.Random) -> None:
    times = tuple(sorted(chance.uniform(0, 20) for _ in range(5)))
    sent = FilmSent(way=FilmWay.FRAMES, duration=20, start=0, end=20, fps=2, times=times, size=Size(320, 240))
    editor.set_run(replace(some_run(chance, len(editor.document.runs)), film=sent, as_read=()))


STEPS: tuple[Callable[[DocumentEditor, random.Random], None], ...] = (
    *(_add, _add, _remove, _replace, _replace, _run, _restate, _camera, _convention, _undo, _undo, _redo),
)


FILM_STEPS = (*STEPS, *(_add_in_time, _add_in_time, _change_in_time, _range, _run_of_film))


def random_steps(editor: DocumentEditor, chance: random.Random, count: int) -> int:
    """Do ``count`` random steps; return it."""
    for _ in range(count):
        steps = FILM_STEPS if editor.document.media.kind == "video" else STEPS
        chance.choice(steps)(editor, chance)
    return count


def check_sequence(pictures: Pictures, key: str, chance: random.Random, media: Media | None = None) -> int:
    """Edit at random; what is saved is what is seen, and undoing all gives the start. Return how many steps it took."""
    editor = pictures.open(key, media)
    start = content(editor.document)
    steps = random_steps(editor, chance, chance.randrange(3, 14))
    assert pictures.saved(key) == content(editor.document)
    seen, undone = content(editor.document), 0
    while editor.undo_stack.canUndo():
        editor.undo_stack.undo()
        undone += 1
    assert undone <= steps
    # Runs are no steps: what a service said was said.
    assert {**content(editor.document), "runs": []} == {**start, "runs": []}
    for _ in range(undone):
        editor.undo_stack.redo()
    assert content(editor.document) == seen
    while editor.undo_stack.canRedo():
        editor.undo_stack.redo()
    return steps


def check_recovery(pictures: Pictures) -> None:
    """A crash now would leave every picture as it is seen."""
    for key, record in pictures.recovered().items():
        editor = pictures.workspace.editor_of(key)
        assert editor is not None
        assert pictures.as_read(record) == content(editor.document)
