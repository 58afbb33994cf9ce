"""Why boxes stand where they stand, through the window: evidence, what-if, reading again, links into the reply."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from loopback.answers import Answer, gated, streamed
from loopback.scene import Scene, SceneAnswer, TruthBox
from loopback.service import LoopbackService, ReceivedRequest
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    detections,
    drop,
    dropped_files,
    editor_of,
    notice_buttons,
    open_photo,
    run_to_the_end,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child, click

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, ReplyStatus
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.core.replies import parser
from qwvis_desktop.core.replies.parser import ParsedReply, ReplyContext, parse_reply
from qwvis_desktop.ui.panels.replies.reply_text import ReplyText

TRUTH = (
    TruthBox("car", (100.0, 200.0, 700.0, 900.0)),
    TruthBox("bus", (800.0, 150.0, 1500.0, 1100.0)),
    TruthBox("dog", (1300.0, 900.0, 1580.0, 1180.0)),
)
SCENE = Scene(Size(1600, 1200), TRUTH)


@pytest.fixture
def street(tmp_path: Path) -> Path:
    path = tmp_path / "street.png"
    Image.new("RGB", SCENE.size, "grey").save(path)
    return path


def asked(program: Program, qtbot: QtBot, service: LoopbackService, picture: Path) -> Run:
    open_photo(program, qtbot, picture)
    ask_loopback(program, service)
    return run_to_the_end(program, qtbot)


def run_now(program: Program) -> Run:
    return editor_of(program).document.runs[program.panels.reply.run]


def raw(program: Program) -> ReplyText:
    return child(program.panels.reply, ReplyText, "Raw reply")


def test_a_turned_picture_is_explained_and_played_again(
    program: Program, qtbot: QtBot, loopback: LoopbackService, street: Path
) -> None:
    def seen_on_its_side(request: ReceivedRequest) -> Answer:
        frame = Frame(SCENE.size, request.pictures[0].size, Box.whole(SCENE.size), turn=1)
        space = CoordinateSpace.RELATIVE_1000
        items = [{"bbox_2d": [*frame.box_from_original(Box(*b.box), space)], "label": b.label} for b in TRUTH]
        return streamed(json.dumps(items))

    loopback.answer = seen_on_its_side
    open_photo(program, qtbot, street)
    ask_loopback(program, loopback)
    program.panels.prompt.options.set_values({"rotate": 90})
    program.panels.prompt.options.changed.emit()
    run = run_to_the_end(program, qtbot)
    assert run.frame is not None
    assert (run.frame.turn, run.frame.sent.width < run.frame.sent.height) == (1, True)
    again = [each.box for each in read_run(run, SCENE.size).annotations if isinstance(each, Detection)]
    for found in (boxes(program), again):
        for box, truth in zip(found, TRUTH, strict=True):
            assert box == pytest.approx(truth.box, abs=0.01)
    assert "90° clockwise" in [label.text() for label in program.panels.evidence.findChildren(QLabel)]
    assert program.runs.play(run, Speed.AT_ONCE)
    qtbot.waitUntil(lambda: len(boxes(program)) == 2 * len(TRUTH))
    for box, truth in zip(boxes(program)[len(TRUTH) :], TRUTH, strict=True):
        assert box == pytest.approx(truth.box, abs=0.01)


def shown(program: Program) -> str:
    """Return all words of the evidence panel that are not hidden."""
    labels = program.panels.evidence.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(program.panels.evidence))


def marked(program: Program) -> list[str]:
    """Return the passages of the raw reply that are marked by colour."""
    return [
        each.cursor.selectedText()
        for each in raw(program).extraSelections()
        if each.format.background().style() is not Qt.BrushStyle.NoBrush
    ]


def underlined(program: Program) -> list[str]:
    """Return the passages of the raw reply that are underlined as faults."""
    return [
        each.cursor.selectedText()
        for each in raw(program).extraSelections()
        if each.format.background().style() is Qt.BrushStyle.NoBrush
    ]


def choose_space(program: Program, space: CoordinateSpace) -> None:
    """Choose another reading in the evidence panel, as with the mouse."""
    spaces = child(program.panels.evidence, QComboBox, "Take the numbers for")
    spaces.setCurrentIndex(spaces.findData(space.value))
    spaces.activated.emit(spaces.currentIndex())


def far_from_truth(program: Program) -> float:
    """Return by how many pixels the worst corner of the worst box misses the truth."""
    truth = {item.label: Box(*item.box) for item in TRUTH}
    assert {found.label for found in detections(program)} == truth.keys()
    return max(
        abs(is_ - should)
        for found in detections(program)
        for is_, should in zip(_corners(found.box), _corners(truth[found.label]), strict=True)
    )


def _corners(box: Box) -> tuple[float, ...]:
    return box.left, box.top, box.right, box.bottom


class TestEvidence:
    def test_of_a_run_and_of_the_selected_box(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        run = asked(program, qtbot, loopback, photo)
        assert run.frame is not None
        words = shown(program)
        assert "800 × 600" in words
        assert f"{run.frame.sent.width} × {run.frame.sent.height}" in words
        assert "Qwen3-VL" in words
        assert "Formula" not in words
        editor_of(program).select([detections(program)[0].id])
        qtbot.waitUntil(lambda: "100, 200, 300, 400" in shown(program))
        words = shown(program)
        assert "x1 = 100 / 1000 × 800 = 80.0" in words
        assert "0.1, 0.2, 0.3, 0.4" in words
        editor_of(program).select([found.id for found in detections(program)])
        assert "x1 =" not in shown(program)

    def test_what_was_refused_is_listed_underlined_and_found_by_a_click(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        reply = BOXES[0] + ', {"bbox_2d": [1200, 1300, 1500, 1600], "label": "whale"}]'
        loopback.answer = streamed(reply)
        run = asked(program, qtbot, loopback, photo)
        assert run.status is ReplyStatus.PARTIAL
        (issue,) = run.issues
        refused = child(program.panels.evidence, QListWidget)
        assert refused.item(0).text() == issue.message
        assert any("1300" in passage for passage in underlined(program))
        assert "1 refused" in program.panels.run_bar.state.text
        click(refused.viewport(), refused.visualItemRect(refused.item(0)).center())
        assert marked(program) == [reply[slice(*issue.span)]]

    def test_nothing_is_said_before_a_run(self, program: Program) -> None:
        assert "After a run" in shown(program)
        assert not program.actions["run.parse_again"].isEnabled()


class TestLinks:
    def test_selecting_a_box_marks_and_scrolls_to_its_part_of_the_reply(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        items = ",\n".join(f'{{"bbox_2d": [{n}, {n}, {n + 9}, {n + 9}], "label": "b{n}"}}' for n in range(10, 900, 10))
        loopback.answer = streamed(f"[\n{items}\n]", chunk=400)
        asked(program, qtbot, loopback, photo)
        last = detections(program)[-1]
        program.panels.reply.show_run(run_now(program).id)
        bar = raw(program).verticalScrollBar()
        assert bar.value() == 0
        editor_of(program).select([last.id])
        assert marked(program) == ['{"bbox_2d": [890, 890, 899, 899], "label": "b890"}']
        assert bar.value() > 0
        assert raw(program).viewport().rect().contains(raw(program).cursorRect().center())
        editor_of(program).select([])
        assert marked(program) == []

    def test_the_caret_in_the_reply_selects_its_box_and_stays(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        reply = "".join(BOXES)
        loopback.answer = streamed(reply)
        asked(program, qtbot, loopback, photo)
        cat, sofa = detections(program)
        place = reply.index("sofa")
        cursor = raw(program).textCursor()
        cursor.setPosition(place)
        raw(program).setTextCursor(cursor)
        assert editor_of(program).selection == {sofa.id}
        assert raw(program).textCursor().position() == place
        QTest.keyClick(raw(program), Qt.Key.Key_Home)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        cursor.setPosition(3)
        raw(program).setTextCursor(cursor)
        assert editor_of(program).selection == {cat.id}
        cursor.setPosition(len(reply))  # behind all: what is selected stays
        raw(program).setTextCursor(cursor)
        assert editor_of(program).selection == {cat.id}

    def test_a_box_of_an_earlier_run_brings_that_run(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = [streamed("".join(BOXES)), streamed('[{"bbox_2d": [1, 1, 50, 50], "label": "ant"}]')]
        first = asked(program, qtbot, loopback, photo)
        second = run_to_the_end(program, qtbot)
        assert program.panels.reply.run == second.id
        editor_of(program).select([detections(program)[0].id])
        assert program.panels.reply.run == first.id
        assert marked(program) == [BOXES[0][1:]]

    def test_a_box_drawn_by_hand_has_no_place_in_the_reply(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        asked(program, qtbot, loopback, photo)
        mine = Detection(box=Box(1, 1, 9, 9))
        editor_of(program).add([mine], "Draw")
        editor_of(program).select([detections(program)[0].id])
        assert marked(program)
        editor_of(program).select([mine.id])
        assert marked(program) == []
        assert "x1 =" not in shown(program)


class TestConvention:
    @pytest.fixture
    def contradicted(self, program: Program, qtbot: QtBot, loopback: LoopbackService, street: Path) -> Program:
        loopback.answer = SceneAnswer(SCENE, misbehaviour="sent-pixels")
        run = asked(program, qtbot, loopback, street)
        assert run.space is CoordinateSpace.RELATIVE_1000
        qtbot.waitUntil(lambda: bool(program.canvas.notice))
        return program

    def test_the_strip_says_so_and_its_button_places_all_boxes(self, contradicted: Program, qtbot: QtBot) -> None:
        program = contradicted
        assert "outside the picture" in program.canvas.notice
        assert "outside the picture" in shown(program)
        assert {found.label for found in detections(program)} != {item.label for item in TRUTH}
        before = {found.id: found.box for found in detections(program)}
        (use, leave) = notice_buttons(program)
        assert use == "Show as sent pixels"
        assert leave == "Leave as It Is"
        notice_buttons(program)[use].click()
        qtbot.waitUntil(lambda: run_now(program).space is CoordinateSpace.SENT_PIXELS)
        assert far_from_truth(program) <= 1.0
        assert program.canvas.notice == ""
        assert "outside the picture" not in shown(program)
        assert run_now(program).status is ReplyStatus.OK
        assert "3 boxes, 0 refused" in program.panels.run_bar.state.text

        program.actions["edit.undo"].trigger()
        assert {found.id: found.box for found in detections(program)} == before
        assert run_now(program).space is CoordinateSpace.RELATIVE_1000
        assert child(program.panels.evidence, QComboBox, "Take the numbers for").currentData() == "relative-1000"
        program.actions["edit.redo"].trigger()
        assert far_from_truth(program) <= 1.0
        assert run_now(program).space is CoordinateSpace.SENT_PIXELS

    def test_leaving_it_leaves_it(self, contradicted: Program) -> None:
        before = boxes(contradicted)
        notice_buttons(contradicted)["Leave as It Is"].click()
        assert contradicted.canvas.notice == ""
        assert boxes(contradicted) == before
        assert run_now(contradicted).space is CoordinateSpace.RELATIVE_1000

    def test_a_faithful_service_raises_no_alarm(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, street: Path
    ) -> None:
        loopback.answer = SceneAnswer(SCENE)
        run = asked(program, qtbot, loopback, street)
        qtbot.waitUntil(lambda: run.id in program.evidence._written)
        assert program.canvas.notice == ""
        assert far_from_truth(program) <= 1.0

    def test_a_contradiction_of_a_picture_looked_away_from_is_said_on_return(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, street: Path, photo: Path
    ) -> None:
        reply = SceneAnswer(SCENE, misbehaviour="sent-pixels").reply("qwen3-vl-plus", "bbox_2d JSON", Size(1600, 1216))
        loopback.answer, gates = gated([reply])
        drop(program, dropped_files(street, photo))
        qtbot.waitUntil(lambda: program.workspace.editor is not None and program.actions["view.next"].isEnabled())
        asked_editor = editor_of(program)
        ask_loopback(program, loopback)
        program.actions["run.start"].trigger()
        loopback.wait_for_request()
        program.actions["view.next"].trigger()
        for gate in gates:
            gate.open()
        qtbot.waitUntil(lambda: not program.inference.is_running(asked_editor))
        qtbot.waitUntil(lambda: bool(program.evidence._written))
        assert program.canvas.notice == ""
        program.actions["view.previous"].trigger()
        assert "outside the picture" in program.canvas.notice
        notice_buttons(program)["Leave as It Is"].click()
        program.actions["view.next"].trigger()
        program.actions["view.previous"].trigger()
        assert program.canvas.notice == ""


class TestWhatIf:
    def test_boxes_move_and_corrected_ones_stay(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        asked(program, qtbot, loopback, photo)
        editor = editor_of(program)
        cat, sofa = detections(program)
        editor.replace([replace(sofa, box=Box(7, 7, 77, 77))], "Move")
        for space, where in (
            (CoordinateSpace.ORIGINAL_PIXELS, Box(100, 200, 300, 400)),
            (CoordinateSpace.RELATIVE_1000, PLACES[0]),
        ):
            with qtbot.waitSignal(editor.undo_stack.indexChanged):
                choose_space(program, space)
            assert run_now(program).space is space
            assert {found.id: found.box for found in detections(program)} == {cat.id: where, sofa.id: Box(7, 7, 77, 77)}
        editor.undo_stack.undo()
        assert boxes(program)[0] == Box(100, 200, 300, 400)
        assert run_now(program).space is CoordinateSpace.ORIGINAL_PIXELS
        editor.undo_stack.undo()
        editor.undo_stack.undo()
        assert boxes(program) == PLACES

    def test_nothing_happens_while_the_reply_streams(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer, gates = gated(BOXES)
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback)
        program.actions["run.start"].trigger()
        gates[0].open()
        qtbot.waitUntil(lambda: len(boxes(program)) == 1)
        choose_space(program, CoordinateSpace.ORIGINAL_PIXELS)
        program.actions["run.stop"].trigger()
        for gate in gates:
            gate.open()
        assert run_now(program).space is CoordinateSpace.RELATIVE_1000
        assert boxes(program) == PLACES[:1]


class TestParseAgain:
    def test_the_same_reader_says_that_nothing_is_different(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        asked(program, qtbot, loopback, photo)
        steps = editor_of(program).undo_stack.count()
        child(program.panels.evidence, QPushButton)
        program.actions["run.parse_again"].trigger()
        qtbot.waitUntil(lambda: program.canvas.notice == "Read again: nothing is different.")
        assert editor_of(program).undo_stack.count() == steps
        moved = replace(detections(program)[0], box=Box(1, 1, 2, 2))
        editor_of(program).replace([moved], "Move")
        program.actions["run.parse_again"].trigger()
        qtbot.waitUntil(lambda: "1 kept as corrected by hand" in program.canvas.notice)
        assert boxes(program)[0] == Box(1, 1, 2, 2)

    def test_a_run_of_an_older_reader_is_brought_up(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        three = BOXES[0] + BOXES[1][:-1] + ', {"bbox_2d": [50, 50, 75, 75], "label": "mouse"}]'
        loopback.answer = streamed(three)
        asked(program, qtbot, loopback, photo)
        editor = editor_of(program)
        # As an older reader left it: no sofa, and the cat elsewhere.
        cat, sofa, mouse = detections(program)
        older = replace(cat, box=Box(0, 0, 10, 10))
        editor.document.remove([sofa.id])
        editor.document.replace([older])
        editor.set_run(replace(run_now(program), as_read=(older, mouse)))
        moved = replace(mouse, box=Box(5, 5, 6, 6))
        editor.replace([moved], "Move")

        child(program.panels.evidence, QPushButton)
        program.panels.evidence.parse_again_requested.emit()
        qtbot.waitUntil(lambda: bool(program.canvas.notice))
        assert program.canvas.notice == "Read again: 1 new, 1 changed, 1 kept as corrected by hand."
        assert {found.label: found.box for found in detections(program)} == {
            "cat": PLACES[0],
            "sofa": PLACES[1],
            "mouse": Box(5, 5, 6, 6),
        }
        editor.undo_stack.undo()
        assert {found.label: found.box for found in detections(program)} == {"cat": older.box, "mouse": moved.box}

    def test_what_a_newer_reader_refuses_is_taken_away_and_said(
        self,
        program: Program,
        qtbot: QtBot,
        loopback: LoopbackService,
        photo: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        asked(program, qtbot, loopback, photo)

        def stricter(text: str, context: ReplyContext, finish_reason: str | None = "stop") -> ParsedReply:
            parsed = parse_reply(text, context, finish_reason)
            return replace(parsed, annotations=parsed.annotations[:1], status=ReplyStatus.PARTIAL)

        monkeypatch.setattr(parser, "parse_reply", stricter)
        program.actions["run.parse_again"].trigger()
        qtbot.waitUntil(lambda: program.canvas.notice == "Read again: 1 gone.")
        assert boxes(program) == PLACES[:1]
        assert run_now(program).status is ReplyStatus.PARTIAL

    def test_a_picture_closed_meanwhile_is_left_alone(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        asked(program, qtbot, loopback, photo)
        program.actions["run.parse_again"].trigger()
        program.actions["file.close"].trigger()
        qtbot.wait(50)
        assert program.canvas.notice == ""
