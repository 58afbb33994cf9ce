"""The history panel: what was run is found, shown on its picture, played again, exported, imported and deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from kept_runs import PICTURE, STARTED, kept_run
from loopback.answers import FAULTS, streamed
from loopback.service import LoopbackService
from program_window import BOXES, PLACES, ask_loopback, boxes, editor_of, open_photo, run_to_the_end, wait_for_phase
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.frame_folder import open_frames
from qwvis_desktop.core.media.pages import address_of
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.store.history_rows import KeptPicture, KeptRun
from qwvis_desktop.ui.controllers.keeping import history_panel_controller
from qwvis_desktop.ui.panels.history import HistoryPanel
from qwvis_desktop.ui.panels.history_model import HistoryItem

REPLY = "".join(BOXES)


@pytest.fixture
def panel(program: Program, qtbot: QtBot) -> HistoryPanel:
    """Return the panel, brought up from the menu."""
    program.actions["panel.history"].trigger()
    panel = program.panels.history
    qtbot.waitUntil(panel.isVisible)
    return panel


def rows(panel: HistoryPanel, qtbot: QtBot, count: int) -> list[HistoryItem]:
    # A table that has room for more rows asks for them by itself.
    qtbot.waitUntil(lambda: len(panel.items) >= count)
    return list(panel.items)


def select(panel: HistoryPanel, *places: int) -> None:
    panel._table.clearSelection()
    for place in places:
        panel._table.selectionModel().select(
            panel._model.index(place, 0),
            panel._table.selectionModel().SelectionFlag.Select | panel._table.selectionModel().SelectionFlag.Rows,
        )


def search(panel: HistoryPanel, text: str) -> None:
    child(panel, QLineEdit).setText(text)
    QTest.keyClick(child(panel, QLineEdit), Qt.Key.Key_Return)


@pytest.fixture
def run_made(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> str:
    """Make a run on the photo; return its id."""
    loopback.answer = streamed(REPLY)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    return run_to_the_end(program, qtbot).id


def test_nothing_was_run_yet(panel: HistoryPanel) -> None:
    assert panel._empty.text().startswith("Nothing was run yet.")
    assert not child(panel, QToolButton, "Export...").isEnabled()
    assert not child(panel, QToolButton, "Open").isEnabled()


def test_a_run_is_listed_as_soon_as_it_is_over(
    program: Program, qtbot: QtBot, panel: HistoryPanel, run_made: str, loopback: LoopbackService
) -> None:
    qtbot.waitUntil(lambda: [item.outcome for item in panel.items] == ["done"])
    (item,) = panel.items
    assert (item.id, item.model, item.picture) == (run_made, "qwen3-vl-plus", "photo.png")
    assert item.words.startswith('[{"bbox_2d"')
    loopback.answer = FAULTS["wrong-key"]
    run_to_the_end(program, qtbot, "failed")
    qtbot.waitUntil(lambda: [item.outcome for item in panel.items] == ["failed", "done"])
    assert "key" in panel.items[0].words


class TestOpening:
    def test_on_the_picture_that_is_open(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, run_made: str
    ) -> None:
        rows(panel, qtbot, 1)
        select(panel, 0)
        child(panel, QToolButton, "Open").click()
        qtbot.waitUntil(lambda: program.panels.reply.run == run_made)
        assert boxes(program) == PLACES
        assert len(program.workspace.entries) == 1

    def test_on_the_picture_where_it_lies(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, run_made: str
    ) -> None:
        rows(panel, qtbot, 1)
        program.actions["file.close"].trigger()
        panel.open_requested.emit(run_made)
        qtbot.waitUntil(lambda: program.workspace.editor is not None and len(boxes(program)) == 2)
        assert boxes(program) == PLACES
        assert program.panels.reply.raw_text == REPLY
        assert list(editor_of(program).document.runs) == [run_made]
        program.actions["edit.undo"].trigger()
        assert boxes(program) == []

    @pytest.mark.parametrize("fate", ["moved", "changed", "other size"])
    def test_on_an_empty_one_where_it_is_not_found(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, run_made: str, photo: Path, fate: str
    ) -> None:
        from PIL import Image

        rows(panel, qtbot, 1)
        program.actions["file.close"].trigger()
        if fate == "moved":
            photo.unlink()
        else:
            Image.new("RGB", (800, 600) if fate == "changed" else (80, 60)).save(photo)
        panel.open_requested.emit(run_made)
        qtbot.waitUntil(lambda: program.workspace.editor is not None and len(boxes(program)) == 2)
        assert boxes(program) == PLACES
        assert editor_of(program).document.media.path is None
        assert "was not found where it lay" in program.canvas.notice

    def test_on_the_folder_of_frames_that_it_was_about(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, tmp_path: Path
    ) -> None:
        from PIL import Image

        folder = tmp_path / "walk"
        folder.mkdir()
        for number in range(3):
            Image.new("RGB", (60, 50), "teal").save(folder / f"{number}.png")
        about = KeptPicture(name="walk", size=Size(60, 50), path=address_of(open_frames(folder, 10)))
        assert about.path == f"{folder}#rate=10"
        program.history.kept.add([KeptRun(kept_run("a", "[]"), (about,))])
        panel.open_requested.emit("a")
        qtbot.waitUntil(lambda: program.workspace.editor is not None and "a" in editor_of(program).document.runs)
        media = editor_of(program).document.media
        assert isinstance(media, VideoMedia)
        assert media.rate == 10

    def test_what_is_gone_meanwhile_is_said(self, program: Program, qtbot: QtBot, panel: HistoryPanel) -> None:
        panel.open_requested.emit("nothing")
        qtbot.waitUntil(lambda: "not in the history" in program.canvas.notice)

    @pytest.mark.parametrize("speed", ["at_once", "tenfold"])
    def test_played_again(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, run_made: str, speed: str, loopback: LoopbackService
    ) -> None:
        rows(panel, qtbot, 1)
        select(panel, 0)
        panel._ask_play(speed)
        qtbot.waitUntil(lambda: len(boxes(program)) == 4)
        wait_for_phase(program, qtbot, "done")
        assert len(loopback.requests) == 1
        rows(panel, qtbot, 1)


class TestFinding:
    @pytest.fixture(autouse=True)
    def many(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(history_panel_controller, "PAGE", 10)
        program.history.kept.add(
            KeptRun(kept_run(f"{number}", f"reply {number}", started=STARTED + timedelta(minutes=number)), (PICTURE,))
            for number in range(25)
        )

    def test_page_by_page(self, qtbot: QtBot, panel: HistoryPanel) -> None:
        for loaded in (10, 20):
            rows(panel, qtbot, loaded)
            assert panel._count.text() == "25 runs"
            panel._model.fetchMore(panel._table.rootIndex())
        found = rows(panel, qtbot, 25)
        assert [item.id for item in found] == [f"{number}" for number in reversed(range(25))]
        assert not panel._model.canFetchMore(panel._table.rootIndex())

    def test_by_words(self, qtbot: QtBot, panel: HistoryPanel) -> None:
        rows(panel, qtbot, 10)
        search(panel, "reply 7")
        qtbot.waitUntil(lambda: [item.id for item in panel.items] == ["17", "7"])
        search(panel, "zebra")
        qtbot.waitUntil(lambda: panel._empty.text() == "No run is like that.")

    def test_what_cannot_be_looked_for_is_said(self, qtbot: QtBot, panel: HistoryPanel) -> None:
        rows(panel, qtbot, 10)
        search(panel, "since:never")
        qtbot.waitUntil(lambda: "is no date" in panel._empty.text())

    def test_deleted(self, qtbot: QtBot, panel: HistoryPanel, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
        rows(panel, qtbot, 10)
        select(panel, 0, 1)
        QTest.keyClick(panel._table, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: panel._count.text() == "23 runs")

    def test_not_deleted_without_a_yes(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
        rows(panel, qtbot, 10)
        select(panel, 0)
        child(panel, QToolButton, "Delete...").click()
        assert program.history.kept.count() == 25

    def test_out_and_in_again(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "some.jsonl"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        rows(panel, qtbot, 10)
        select(panel, 0, 2)
        child(panel, QToolButton, "Export...").click()
        qtbot.waitUntil(lambda: "2 runs were written to some.jsonl." in program.canvas.notice)
        program.history_panel.delete(["24"])
        qtbot.waitUntil(lambda: panel._count.text() == "24 runs")
        child(panel, QToolButton, "Import...").click()
        qtbot.waitUntil(lambda: "1 runs were added." in program.canvas.notice)
        qtbot.waitUntil(lambda: panel._count.text() == "25 runs")

    def test_a_file_that_is_none_is_said(
        self, program: Program, qtbot: QtBot, panel: HistoryPanel, photo: Path
    ) -> None:
        program.history_panel.import_file(photo)
        qtbot.waitUntil(lambda: "no kept reply" in program.canvas.notice)


def test_a_run_of_an_unknown_task_is_listed(program: Program, qtbot: QtBot, panel: HistoryPanel) -> None:
    program.history.kept.add([KeptRun(replace(kept_run("a", "x"), task="of-another-day"), ())])
    program.history_panel.refresh()
    (item,) = rows(panel, qtbot, 1)
    assert item.task == "of-another-day"
