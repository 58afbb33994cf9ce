"""What the controllers of asking tell is told in the window."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program


def test_problems_and_files_are_said_in_the_window(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    program.asking.conversation.problem.emit("It cannot be.")
    assert program.canvas.notice == "It cannot be."
    with qtbot.waitSignal(program.asking.saved) as saved:
        program.asking.answers.save("text", tmp_path / "answer.md")
    assert saved.args == [str(tmp_path / "answer.md"), ()]
