"""Answers through the real window: formulas, code, pages in a browser, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import Gate, delta, event, gated, streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, open_photo, run_to_the_end
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QTabWidget, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.ui.panels.replies.answer_text import AnswerText
from qwvis_desktop.ui.panels.replies.reply_text import ReplyText

PAGE = "<html><body><script>x()</script></body></html>"


def ask(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, task: str) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.services.choose_task(task)


def test_an_answer_comes_with_its_formulas_drawn(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    pytest.importorskip("ziamath", reason="the extra 'math' is not installed")
    answer, gates = gated(["So $x^2", "$ is **it", "**."])
    loopback.answer = answer
    ask(program, qtbot, loopback, photo, "solve")
    program.actions["run.start"].trigger()
    view = child(program.panels.reply, AnswerText)
    gates[0].open()
    qtbot.waitUntil(lambda: view.toPlainText() == "So $x^2")
    gates[1].open()
    qtbot.waitUntil(lambda: view.toPlainText().replace("\ufffc", "#") == "So # is **it")
    for gate in gates[2:]:
        gate.open()
    qtbot.waitUntil(lambda: not program.inference.is_running(program.workspace.editor))
    assert view.toPlainText().replace("\ufffc", "#") == "So # is it."
    assert child(program.panels.reply, QTabWidget).currentIndex() == 0


def test_thinking_is_folded_and_streams_when_unfolded(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    gate = Gate()
    answer = streamed("A cat.")
    steps = [event(delta(reasoning_content="There is ")), gate, event(delta(reasoning_content="a cat.")), *answer.steps]
    loopback.answer = type(answer)(steps, content_type=answer.content_type)
    ask(program, qtbot, loopback, photo, "ask")
    program.actions["run.start"].trigger()
    fold = child(program.panels.reply, QToolButton, "Fold or unfold the thinking")
    thinking = child(program.panels.reply, ReplyText, "Thinking")
    qtbot.waitUntil(fold.isVisible)
    assert not thinking.isVisible()
    fold.click()
    qtbot.waitUntil(lambda: thinking.toPlainText() == "There is ")
    gate.open()
    qtbot.waitUntil(lambda: thinking.toPlainText() == "There is a cat.")
    view = child(program.panels.reply, AnswerText)
    qtbot.waitUntil(lambda: view.toPlainText() == "A cat." and view.isVisible())


@pytest.mark.parametrize(
    ("button", "shown"),
    [
        ("Open Locked", "<!DOCTYPE html>\n<meta http-equiv="),
        ("Open as Written", PAGE),
        ("Cancel", None),
    ],
)
def test_a_page_goes_to_the_browser_only_when_asked(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    photo: Path,
    monkeypatch: pytest.MonkeyPatch,
    button: str,
    shown: str | None,
) -> None:
    opened: list[Path] = []

    def press_button(box: QMessageBox) -> int:
        assert "model" in box.text()
        assert "scripts" in box.informativeText()
        next(each for each in box.buttons() if each.text().replace("&", "") == button).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press_button)

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    loopback.answer = streamed(f"```html\n{PAGE}\n```")
    ask(program, qtbot, loopback, photo, "code")
    run_to_the_end(program, qtbot)
    assert opened == []
    child(program.panels.reply, QToolButton, "Open Page").click()
    if shown is not None:
        qtbot.waitUntil(lambda: bool(opened))
        text = opened[0].read_text()
        assert text.startswith(shown)
        assert text.endswith(PAGE)
        assert ("default-src 'none'" in text) is (button == "Open Locked")
        program.asking.answers.close()
        assert not opened[0].exists()


def test_without_a_browser_it_is_said(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    with qtbot.waitSignal(program.asking.answers.problem) as problem:
        program.asking.answers.open_page(PAGE)
    assert problem.args is not None
    assert "Save Code" in problem.args[0]


def test_an_answer_is_saved(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "answer.md"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    loopback.answer = streamed("A *street*.")
    ask(program, qtbot, loopback, photo, "caption")
    run_to_the_end(program, qtbot)
    with qtbot.waitSignal(program.asking.answers.saved):
        child(program.panels.reply, QToolButton, "Save").click()
    assert path.read_text() == "A *street*."
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "folder.md"), ""))
    with qtbot.waitSignal(program.asking.answers.problem) as problem:
        child(program.panels.reply, QToolButton, "Save").click()
    assert problem.args is not None
    assert "folder" in problem.args[0]
