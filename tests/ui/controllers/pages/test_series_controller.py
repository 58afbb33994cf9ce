"""Many pages asked one after the other, through the window: progress, stop, go on, failures, one undo step each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from drawn_documents import Page, document
from loopback.answers import Answer, Gate, error, gated, streamed
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image
from program_window import ask_loopback, drop, dropped_files, open_photo
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, TextRegion
from qwvis_desktop.core.series import Series
from qwvis_desktop.core.settings import OFFLINE_OCR, PRESETS
from qwvis_desktop.ui.controllers.pages.series_controller import SeriesController
from qwvis_desktop.ui.panels.dialogs.questions import Answer as Said
from qwvis_desktop.ui.panels.dialogs.questions import Question

PAGES = 6


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page([f"Line of page {page}"], size=(300, 200)) for page in range(1, PAGES + 1)]))
    return path


@pytest.fixture
def asked(program: Program, qtbot: QtBot, loopback: LoopbackService, scan: Path) -> Program:
    """The program with the document open, and the loopback service chosen, one request at a time."""
    drop(program, dropped_files(scan))
    qtbot.waitUntil(lambda: program.workspace.count == PAGES and program.workspace.editor is not None)
    ask_loopback(program, loopback)
    program.services.update(parallel=1)
    loopback.answer = numbered()
    return program


def box(number: int) -> Answer:
    """Answer with a box that is called after the number of the request."""
    return streamed(f'[{{"bbox_2d": [100, 100, 500, 500], "label": "answer {number}"}}]')


def numbered(make: Callable[[int], Answer] = box) -> Callable[[ReceivedRequest], Answer]:
    """Answer each request by its number, counted from 0."""
    numbers = count()
    return lambda _request: make(next(numbers))


def series_of(program: Program) -> Series:
    series = program.paging.series.series
    assert series is not None
    return series


def labels(program: Program) -> list[list[str]]:
    """Return what was found on each page."""
    editors = [program.workspace.editor_of(entry.key) for entry in program.workspace.entries]
    return [
        [a.label for a in editor.document.annotations.values() if isinstance(a, Detection)] if editor else []
        for editor in editors
    ]


def text(program: Program) -> str:
    return program.panels.series_bar.state.text


def press(program: Program, name: str) -> None:
    button = program.panels.series_bar.buttons[name]
    assert not button.isHidden(), name
    button.click()


def until_over(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: series_of(program).is_over, timeout=90_000)  # the engine may have to share its processor


def test_all_pages_are_asked_and_each_result_goes_to_its_page(asked: Program, qtbot: QtBot) -> None:
    assert text(asked) == "scan.pdf has 6 pages."
    press(asked, "start")
    assert text(asked) == "Find objects: page 1 of 6"
    asked.workspace.step(3)  # what is looked at does not matter
    until_over(asked, qtbot)
    assert labels(asked) == [[f"answer {n}"] for n in range(PAGES)]
    assert text(asked) == "Find objects: 6 of 6 pages done"
    last = asked.workspace.editor_of(asked.workspace.entries[-1].key)
    assert last is not None
    assert last.undo_stack.count() == 1
    last.undo_stack.undo()
    assert not last.document.annotations


def test_it_can_be_stopped_and_goes_on_where_it_was(
    asked: Program, qtbot: QtBot, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, gates = gated(['[{"bbox_2d": [100, 100, 500, 500], "label": "cut off"}', "]"])
    loopback.answer = numbered(lambda number: held if number == 2 else box(number))
    asked.actions["run.all"].trigger()
    qtbot.waitUntil(lambda: series_of(asked).done == 2 and len(loopback.requests) == 3)
    assert text(asked).startswith("Find objects: page 3 of 6, about ")
    asked.actions["run.stop_all"].trigger()
    open_all(gates)
    assert text(asked) == "Find objects: stopped after 2 of 6 pages"
    assert [bool(found) for found in labels(asked)] == [True, True, False, False, False, False]
    press(asked, "continue")
    until_over(asked, qtbot)
    assert labels(asked) == [["answer 0"], ["answer 1"], ["answer 3"], ["answer 4"], ["answer 5"], ["answer 6"]]


def open_all(gates: list[Gate]) -> None:
    for gate in gates:
        gate.open()


def test_stopping_the_page_that_is_asked_stops_the_others(
    asked: Program, qtbot: QtBot, loopback: LoopbackService
) -> None:
    loopback.answer, gates = gated(["["])
    asked.actions["run.all"].trigger()
    qtbot.waitUntil(lambda: len(loopback.requests) == 1)
    asked.actions["run.stop"].trigger()
    open_all(gates)
    assert text(asked) == "Find objects: stopped after 0 of 6 pages"


def test_what_failed_is_listed_and_tried_again(asked: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    loopback.answer = numbered(lambda n: error(400, "bad_picture", f"no {n}") if n in (1, 4) else box(n))
    asked.actions["run.all"].trigger()
    until_over(asked, qtbot)
    state = asked.panels.series_bar.state
    assert state.text == "Find objects: 4 of 6 pages done"
    assert [failure.name for failure in state.failures] == ["scan.pdf, page 2 of 6", "scan.pdf, page 5 of 6"]
    assert all("no " in failure.why for failure in state.failures)
    asked.panels.series_bar._menu.actions()[1].trigger()
    assert asked.workspace.current is not None
    assert asked.workspace.current.page == 5
    press(asked, "retry")
    until_over(asked, qtbot)
    assert labels(asked)[1] == ["answer 6"]
    assert labels(asked)[4] == ["answer 7"]
    assert not asked.panels.series_bar.state.failures


def test_what_fails_again_and_again_stops_it(asked: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    loopback.answer = error(401, "invalid_api_key", "The key is wrong.")
    asked.actions["run.all"].trigger()
    qtbot.waitUntil(lambda: "stopped, as it failed again and again" in text(asked))
    assert len(loopback.requests) == 3


def test_the_rest_is_what_has_no_answer_yet(asked: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    asked.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: labels(asked)[0] == ["answer 0"])
    asked.workspace.step(1)
    qtbot.waitUntil(lambda: text(asked) == "scan.pdf: 1 of 6 pages are done.")
    press(asked, "rest")
    until_over(asked, qtbot)
    assert len(loopback.requests) == PAGES
    asked.actions["run.rest"].trigger()
    assert len(loopback.requests) == PAGES


def test_the_chosen_ones_and_several_at_a_time(asked: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    asked.services.update(parallel=3)
    keys = [entry.key for entry in asked.workspace.entries]
    asked.panels.filmstrip.select([keys[1], keys[3], keys[4]])
    asked.actions["run.each"].trigger()
    until_over(asked, qtbot)
    assert [bool(found) for found in labels(asked)][1:] == [True, False, True, True, False]


def test_what_is_asked_is_what_stood_there_at_the_start(
    asked: Program, qtbot: QtBot, loopback: LoopbackService
) -> None:
    asked.actions["run.all"].trigger()
    asked.services.choose_task("caption")
    until_over(asked, qtbot)
    assert len({request.prompt for request in loopback.requests}) == 1
    assert labels(asked)[5] == ["answer 5"]


def test_closing_a_page_leaves_it_out(asked: Program, qtbot: QtBot) -> None:
    asked.actions["run.all"].trigger()
    asked.workspace.close(asked.workspace.entries[4].key)
    until_over(asked, qtbot)
    assert text(asked) == "Find objects: 5 of 5 pages done"


def test_pages_that_cannot_be_opened_are_failures(asked: Program, qtbot: QtBot, scan: Path) -> None:
    scan.write_bytes(document([Page(size=(300, 200))] * 3))
    asked.actions["run.all"].trigger()
    qtbot.waitUntil(lambda: len(series_of(asked).failed) == 3)
    assert "has no page 4: there are 3" in series_of(asked).failed[asked.workspace.entries[3].key]


def test_the_bar_can_be_closed(asked: Program) -> None:
    asked.panels.series_bar.requested.emit("close")
    assert not text(asked)
    asked.workspace.step(1)
    assert not text(asked)


def test_several_requests_that_are_paid_for_are_asked_about(
    asked: Program, qtbot: QtBot, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[Question] = []

    def cancel(question: Question) -> Said:
        questions.append(question)
        return Said.CANCEL

    series: SeriesController = asked.paging.series
    monkeypatch.setattr(series, "_ask", cancel)
    monkeypatch.setattr(type(asked.services.profile), "needs_key", property(lambda _: True), raising=False)
    asked.actions["run.all"].trigger()
    assert [question.text for question in questions] == ["Send 6 requests to Loopback?"]
    assert not loopback.requests


def test_open_pictures_are_asked_where_there_is_no_document(
    program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path
) -> None:
    for name in "abc":
        Image.new("RGB", (80, 60)).save(tmp_path / f"{name}.png")
    drop(program, dropped_files(tmp_path))
    qtbot.waitUntil(lambda: program.workspace.count == 3 and program.workspace.editor is not None)
    ask_loopback(program, loopback)
    loopback.answer = numbered()
    assert not text(program)
    assert program.actions["run.all"].text() == "Run on &All Pictures"
    program.actions["run.all"].trigger()
    until_over(program, qtbot)
    assert text(program) == "Find objects: 3 of 3 pictures done"


def test_why_there_is_nothing_more_to_ask_about_is_said(program: Program, qtbot: QtBot, photo: Path) -> None:
    action = program.actions["run.all"]
    before = action.toolTip()
    open_photo(program, qtbot, photo)
    assert not action.isEnabled()
    assert action.toolTip().endswith("\nIt takes a document, or several open pictures.")
    drop(program, dropped_files(photo.rename(photo.with_name("other.png"))))
    qtbot.waitUntil(lambda: action.isEnabled())
    assert action.toolTip() == before


class TestReadingDefault:
    def test_a_dropped_document_is_to_be_read_off_line(self, program: Program, qtbot: QtBot, scan: Path) -> None:
        program.panels.prompt.provider_changed.emit(PRESETS[1].name)
        program.services.choose_task("detect")
        qtbot.waitUntil(program.services.lacks_key)
        drop(program, dropped_files(scan))
        qtbot.waitUntil(lambda: program.services.is_offline)
        assert program.services.task.id == "spot-text"

    def test_a_later_choice_holds(self, program: Program, qtbot: QtBot, loopback: LoopbackService, scan: Path) -> None:
        ask_loopback(program, loopback)
        drop(program, dropped_files(scan))
        qtbot.waitUntil(lambda: program.services.task.id == "spot-text")
        assert program.services.profile.name == "Loopback"  # it can be asked
        program.panels.prompt.task_changed.emit("caption")
        program.services.choose_task("caption")
        program.keeping.projects.close_project()
        drop(program, dropped_files(scan))
        qtbot.waitUntil(lambda: program.workspace.count == PAGES and program.workspace.editor is not None)
        assert program.services.task.id == "caption"


def test_a_document_is_read_off_line(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    pages = [Page([f"Number {1000 + page}"], size=(220, 160), font=16) for page in range(2)]
    (tmp_path / "read.pdf").write_bytes(document(pages))
    drop(program, dropped_files(tmp_path / "read.pdf"))
    qtbot.waitUntil(lambda: program.workspace.count == 2 and program.services.profile.kind == OFFLINE_OCR)
    press(program, "start")
    until_over(program, qtbot)
    editors = [program.workspace.editor_of(entry.key) for entry in program.workspace.entries]
    texts = [
        [a.text for a in editor.document.annotations.values() if isinstance(a, TextRegion)] if editor else None
        for editor in editors
    ]
    assert texts == [["Number 1000"], ["Number 1001"]]
