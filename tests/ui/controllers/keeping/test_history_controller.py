"""The history in the window: each run is kept while it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from program_window import BOXES, ask_loopback, boxes, open_photo, run_to_the_end, running
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.providers.base import CancelToken
from qwvis_desktop.core.providers.recorded import PastedReply
from qwvis_desktop.core.store.history import History, history_at, history_path
from qwvis_desktop.core.tasks import TASKS


@contextmanager
def the_history() -> Iterator[History]:
    """Open the program's history once more."""
    with closing(history_at(history_path(), pytest.fail)) as history:
        yield history


def states() -> list[str]:
    with the_history() as history:
        return [row.state for row in history.page()]


class TestKept:
    def test_a_run_and_not_its_replay(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed("".join(BOXES))
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback)
        run = run_to_the_end(program, qtbot)
        program.actions["run.replay_once"].trigger()
        qtbot.waitUntil(lambda: len(boxes(program)) == 4)
        with the_history() as history:
            qtbot.waitUntil(lambda: history.count() == 1 and bool(history.page()[0].status))
            kept = history.get(run.id)
        assert kept is not None
        assert (kept.run.reply, kept.run.pace) == (run.reply, run.pace)
        assert [(picture.name, picture.path) for picture in kept.pictures] == [(photo.name, str(photo))]

    def test_a_stopped_run(self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
        loopback.answer, gates = gated(BOXES)
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback)
        program.actions["run.start"].trigger()
        gates[0].open()
        qtbot.waitUntil(lambda: len(boxes(program)) == 1)
        program.actions["run.stop"].trigger()
        qtbot.waitUntil(lambda: states() == ["stopped"])
        with the_history() as history:
            assert [row.begins for row in history.page()] == [BOXES[0]]

    def test_one_that_goes_on_when_the_window_closes(
        self, qtbot: QtBot, home: Path, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer, gates = gated(BOXES)
        with running() as program:
            open_photo(program, qtbot, photo)
            ask_loopback(program, loopback)
            program.actions["run.start"].trigger()
            gates[0].open()
            qtbot.waitUntil(lambda: len(boxes(program)) == 1)
        assert states() == ["stopped"]

    def test_a_history_that_cannot_be_kept_is_said(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, home: Path
    ) -> None:
        home.mkdir(exist_ok=True)
        (home / "data").write_text("in the way")
        loopback.answer = streamed("".join(BOXES))
        said: list[str] = []
        program.history.problem.connect(said.append)
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback)
        run_to_the_end(program, qtbot)
        qtbot.waitUntil(lambda: any("history of runs could not be written" in sentence for sentence in said))
        assert program.canvas.notice
        assert len(boxes(program)) == 2


def test_all_pictures_of_a_request_are_named(program: Program, photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    media = open_image(photo)
    request = InferenceRequest(
        media=media,
        others=(open_image(other),),
        task=TASKS["detect"],
        prompt="Which of both?",
        model=program.registry.spec("qwen3-vl-plus"),
        provider=PastedReply("[]"),
        frames=(Frame.whole(media.size, media.size),) * 2,
    )
    for _ in program.history.recorded(run_inference(request, CancelToken()), request):
        pass
    (row,) = program.history.kept.page()
    assert row.pictures.split("\n") == ["photo.png", "other.png"]
