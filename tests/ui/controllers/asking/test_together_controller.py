"""Several pictures in one request, through the window: each box goes to the picture it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import ask_loopback, drop, dropped_files, wait_for_phase
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.ui.editor import DocumentEditor

REPLY = (
    '[{"bbox_2d": [0, 0, 500, 500], "label": "cat", "image": 2}, '
    '{"bbox_2d": [0, 0, 1000, 1000], "label": "dog", "image": 1}]'
)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three pictures of different sizes."""
    paths = [tmp_path / f"{name}.png" for name in ("a", "b", "c")]
    for path, size in zip(paths, ((800, 600), (400, 1000), (640, 480)), strict=True):
        Image.new("RGB", size, "gray").save(path)
    return paths


def select(program: Program, qtbot: QtBot, pictures: list[Path], *chosen: Path) -> None:
    """Open pictures and select some of them in the list, the first of them as the current one."""
    drop(program, dropped_files(*pictures))
    qtbot.waitUntil(lambda: len(program.workspace.entries) == len(pictures))
    program.workspace.show(str(chosen[0]))
    program.panels.filmstrip.select(map(str, chosen))


def editor_at(program: Program, path: Path) -> DocumentEditor:
    editor = program.workspace.editor_of(str(path))
    assert editor is not None
    return editor


def found(program: Program, path: Path) -> list[tuple[str, Box]]:
    annotations = editor_at(program, path).document.annotations.values()
    return [(item.label, item.box) for item in annotations if isinstance(item, Detection)]


def test_each_box_goes_to_the_picture_it_names(
    program: Program, qtbot: QtBot, loopback: LoopbackService, pictures: list[Path]
) -> None:
    loopback.answer = streamed(REPLY)
    first, second, third = pictures
    select(program, qtbot, pictures, first, second)
    ask_loopback(program, loopback)
    assert program.panels.filmstrip.selected == (str(first), str(second))
    assert program.actions["run.together"].isEnabled()
    program.actions["run.together"].trigger()
    wait_for_phase(program, qtbot, "done")
    assert [picture.size for picture in loopback.requests[0].pictures] == [(800, 608), (384, 992)]
    assert "image 1 to image 2" in loopback.requests[0].prompt
    assert found(program, first) == [("dog", Box(0, 0, 800, 600))]
    assert found(program, second) == [("cat", Box(0, 0, 200, 500))]
    runs = [next(iter(editor_at(program, path).document.runs.values())) for path in (first, second)]
    assert runs[0].id == runs[1].id
    assert [run.image for run in runs] == [0, 1]
    assert program.workspace.editor_of(str(third)) is None or found(program, third) == []
    # What is shown of the second picture is its own run.
    program.workspace.show(str(second))
    assert "sent 384 x 992" in program.panels.run_bar.state.text
    assert "1 box" in program.panels.run_bar.state.text
    # Playing it again for the second picture gives that one its own box, and no other.
    program.runs.play(runs[1], Speed.AT_ONCE)
    qtbot.waitUntil(lambda: not program.inference.is_running(editor_at(program, second)))
    assert [label for label, _ in found(program, second)] == ["cat", "cat"]


def test_stop_keeps_what_came_in_each(
    program: Program, qtbot: QtBot, loopback: LoopbackService, pictures: list[Path]
) -> None:
    loopback.answer, gates = gated([REPLY[:-1], "x"])
    first, second, _ = pictures
    select(program, qtbot, pictures, first, second)
    ask_loopback(program, loopback)
    program.paging.together.run()
    qtbot.waitUntil(lambda: bool(loopback.requests))
    gates[0].open()
    wait_for_phase(program, qtbot, "receiving")
    qtbot.waitUntil(lambda: len(found(program, second)) == 1)
    program.runs.stop()
    wait_for_phase(program, qtbot, "stopped")
    assert [label for label, _ in found(program, first)] == ["dog"]
    assert [label for label, _ in found(program, second)] == ["cat"]
    assert not program.inference.is_running(editor_at(program, second))


def test_closing_one_of_them_leaves_the_other_its_boxes(
    program: Program, qtbot: QtBot, loopback: LoopbackService, pictures: list[Path]
) -> None:
    loopback.answer, gates = gated([REPLY])
    first, second, _ = pictures
    select(program, qtbot, pictures, first, second)
    ask_loopback(program, loopback)
    program.paging.together.run()
    qtbot.waitUntil(lambda: bool(loopback.requests))
    program.workspace.close(str(first))
    program.workspace.show(str(second))
    for gate in gates:
        gate.open()
    qtbot.waitUntil(lambda: not program.inference.is_running(editor_at(program, second)))
    assert [label for label, _ in found(program, second)] == ["cat"]


def test_one_picture_is_no_selection_of_several(
    program: Program, qtbot: QtBot, loopback: LoopbackService, pictures: list[Path]
) -> None:
    select(program, qtbot, pictures, pictures[0])
    assert not program.actions["run.together"].isEnabled()
    program.panels.filmstrip.select([str(pictures[0]), str(pictures[2])])
    assert program.actions["run.together"].isEnabled()


def test_pages_are_asked_about_one_by_one(
    program: Program, qtbot: QtBot, loopback: LoopbackService, pictures: list[Path]
) -> None:
    said: list[str] = []
    program.media.problem.connect(said.append)
    select(program, qtbot, pictures, *pictures[:2])
    ask_loopback(program, loopback)
    program.services.choose_task("document-html")
    program.paging.together.run()
    assert "one picture at a time" in said[0]
    assert loopback.requests == []
