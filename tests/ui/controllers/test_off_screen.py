"""The demo's job with no display: it ends with 0 and two pictures, or with 1 and a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import FAULTS, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import BOXES, ask_loopback, open_photo
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.ui.controllers import off_screen
from qwvis_desktop.ui.controllers.off_screen import OffScreenRun

TEXTS = '[{"bbox_2d": [100, 200, 300, 400], "text_content": "Total"}]'


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the exit codes that were given, instead of ending."""
    given: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", lambda code=0: given.append(code))
    return given


def start(program: Program) -> OffScreenRun:
    return OffScreenRun(program.window, program.workspace, program.runs, program.inference, program.exports)


def test_it_saves_both_pictures_and_prints_what_was_read(
    program: Program,
    qtbot: QtBot,
    photo: Path,
    loopback: LoopbackService,
    codes: list[int],
    capsys: pytest.CaptureFixture[str],
    home: Path,
) -> None:
    loopback.answer = streamed(TEXTS)
    ask_loopback(program, loopback)
    program.services.choose_task("spot-text")
    start(program)
    open_photo(program, qtbot, photo)
    qtbot.waitUntil(lambda: codes == [0])
    said = capsys.readouterr().out
    assert "  Total\n" in said
    for name in ("photo.annotated.png", "window.png"):
        with Image.open(home / "data" / "off-screen" / name) as picture:
            assert min(picture.size) >= 600
        assert name in said
    assert not program.window.isVisible()


def test_a_failed_run_is_told(
    program: Program,
    qtbot: QtBot,
    photo: Path,
    loopback: LoopbackService,
    codes: list[int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    loopback.answer = FAULTS["wrong-key"]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    start(program)
    qtbot.waitUntil(lambda: codes == [1])
    assert "key" in capsys.readouterr().out


def test_a_picture_that_cannot_be_saved_is_told(
    program: Program,
    qtbot: QtBot,
    photo: Path,
    loopback: LoopbackService,
    codes: list[int],
    capsys: pytest.CaptureFixture[str],
    home: Path,
) -> None:
    loopback.answer = streamed("".join(BOXES))
    (home / "data" / "off-screen" / "photo.annotated.png").mkdir(parents=True)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    start(program)
    qtbot.waitUntil(lambda: codes == [1])
    assert "There is a folder of that name" in capsys.readouterr().out


def test_it_gives_up_after_a_while(
    program: Program,
    qtbot: QtBot,
    codes: list[int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(off_screen, "LIMIT_MS", 0)
    start(program)
    qtbot.waitUntil(lambda: codes == [1])
    assert "Nothing came" in capsys.readouterr().out
