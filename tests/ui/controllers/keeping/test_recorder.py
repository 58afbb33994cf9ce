"""Whatever is done and undone: the journal gives the state that is seen, and what is saved is that, too."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import RUN, media_of
from edit_sequences import Pictures, check_recovery, check_sequence
from film_labels import film_media
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.store.journal import Journal
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.core.store.steps import recover
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor


@pytest.fixture
def pictures(qtbot: QtBot, tmp_path: Path) -> Iterator[Pictures]:
    pictures = Pictures(tmp_path)
    yield pictures
    pictures.close()


def open_one(pictures: Pictures, key: str = "k", **further: Any) -> DocumentEditor:
    return pictures.open(key, **further)


def test_a_step_makes_its_picture_dirty_and_undoing_it_clean(pictures: Pictures, qtbot: QtBot) -> None:
    editor = open_one(pictures)
    assert pictures.recorder.dirty == frozenset()
    with qtbot.waitSignal(pictures.recorder.dirty_changed):
        editor.add([Detection(box=Box(1.0, 2.0, 3.0, 4.0))], "Draw")
    assert pictures.recorder.dirty == {"k"}
    editor.undo_stack.undo()
    assert pictures.recorder.dirty == frozenset()


def test_what_no_undo_takes_back_stays_dirty_until_it_is_saved(pictures: Pictures) -> None:
    editor = open_one(pictures)
    editor.set_run(RUN)
    assert pictures.recorder.dirty == {"k"}
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    assert pictures.recorder.dirty == {"k"}
    pictures.recorder.saved(states)
    assert pictures.recorder.dirty == frozenset()
    pictures.recorder.set_checked("k", True)
    assert pictures.recorder.dirty == {"k"}


def test_what_is_done_while_it_is_saved_is_not_saved(pictures: Pictures) -> None:
    editor = open_one(pictures)
    editor.set_run(RUN)
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    editor.add([Detection(id="late", box=Box(1.0, 2.0, 3.0, 4.0))], "Draw")
    pictures.recorder.saved(states)
    pictures.recorder.restart_journal(None)
    assert pictures.recorder.dirty == {"k"}
    assert pictures.recovered()["k"]["annotations"][0]["id"] == "late"


def test_what_could_not_be_saved_stays_dirty(pictures: Pictures) -> None:
    editor = open_one(pictures)
    editor.add([Detection(box=Box(1.0, 2.0, 3.0, 4.0))], "Draw")
    for _ in range(2):
        states = pictures.recorder.states()
        pictures.recorder.saving(states)
        pictures.recorder.not_saved(states)
        assert pictures.recorder.dirty == {"k"}
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    pictures.recorder.saved(states)
    assert pictures.recorder.dirty == frozenset()


def test_a_clean_picture_stays_clean_where_saving_fails(pictures: Pictures) -> None:
    open_one(pictures)
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    pictures.recorder.not_saved(states)
    assert pictures.recorder.dirty == frozenset()


def test_saving_leaves_nothing_in_the_journal(pictures: Pictures) -> None:
    editor = open_one(pictures)
    editor.set_run(RUN)
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    pictures.recorder.saved(states)
    pictures.recorder.restart_journal(None)
    assert pictures.recovered() == {}


def test_a_run_that_goes_on_while_it_is_saved_is_not_lost(pictures: Pictures) -> None:
    editor = open_one(pictures)
    going_on = replace(RUN, status=None, reply="")
    editor.set_run(going_on)
    keep = pictures.recorder.keeper_of(editor)
    states = pictures.recorder.states()
    pictures.recorder.saving(states)
    pictures.recorder.saved(states)
    pictures.recorder.restart_journal(None)
    # Here the program may die: nobody has been told of the reply yet.
    keep(RUN)
    assert pictures.recovered()["k"]["runs"][0]["reply"] == RUN.reply


def test_a_picture_that_is_closed_is_not_offered_again(pictures: Pictures) -> None:
    editor = open_one(pictures)
    editor.set_run(RUN)
    pictures.workspace.close("k")
    assert pictures.recovered() == {}
    assert pictures.recorder.dirty == frozenset()
    assert pictures.recorder.keeper_of(editor)(RUN) is None


def test_samples_are_not_recorded_until_they_are_in_a_project(pictures: Pictures, tmp_path: Path) -> None:
    editor = open_one(pictures, "sample")
    editor.set_run(RUN)
    assert pictures.recorder.dirty == frozenset()
    assert pictures.recovered() == {}
    pictures.recorder.restart_journal(tmp_path / "town.qwvis")
    assert pictures.recorder.dirty == {"sample"}
    assert list(pictures.recovered()) == ["sample"]


def test_the_number_of_steps_is_what_people_count(pictures: Pictures) -> None:
    editor = open_one(pictures)
    boxes = [Detection(id=str(number), box=Box(1.0, 2.0, 3.0, 4.0)) for number in range(5)]
    for one in boxes[:3]:
        editor.add([one], "Run", run="r1")
    with editor.step("Two at once"):
        editor.add(boxes[3:4], "Draw")
        editor.remove(["0"], "Delete")
    editor.undo_stack.undo()
    pictures.journal.write_now()
    assert recover(pictures.journal.path).steps == 3


@pytest.mark.parametrize("seed", range(25))
def test_random_steps_are_taken_back_kept_and_saved(pictures: Pictures, seed: int) -> None:
    """Twenty sequences each of 25 seeds; ``tests/benchmarks/sequences.py`` does more."""
    for number in range(20):
        media = film_media() if number % 2 else None
        check_sequence(pictures, f"k{number}", random.Random(seed * 1000 + number), media)
    check_recovery(pictures)


def test_nothing_is_recorded_of_an_editor_that_is_gone(qtbot: QtBot, tmp_path: Path) -> None:
    workspace, shelf = Workspace(), Shelf()
    journal = Journal(tmp_path, pytest.fail)
    recorder = Recorder(workspace, journal, shelf, ())
    workspace.add([Entry("k", "k")])
    workspace.set_editor("k", DocumentEditor(Document(media_of())))
    recorder.follow("k", OpenedPicture(document=Document(media_of())))
    recorder.close()
    workspace.deleteLater()
    QCoreApplication.sendPostedEvents(None, 52)
    assert journal.close()
    assert list(tmp_path.iterdir()) == []


def test_an_editor_that_goes_with_its_window_unclosed_is_no_step(pictures: Pictures) -> None:
    editor = open_one(pictures)
    editor.add([Detection(box=Box(1.0, 2.0, 3.0, 4.0))], "Draw")
    delete(editor)  # what Qt does to the children of a window; an error in a slot fails the test
    assert not isValid(editor)
    pictures.recorder._watched.clear()
