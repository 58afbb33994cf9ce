"""Questions about pages: several in one request, and answers whose pages are links."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_documents import Page, document
from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, drop, dropped_files
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.ui.panels.dialogs.page_dialogs import SelectPagesDialog

ANSWER = """The rent is on **page 5**, and pages 2 and 9 repeat it.

`page 5` in code stays; image 2 has the signature, page 77 is none.
"""


@pytest.fixture
def asked(program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path) -> Program:
    """The program with a document of nine pages, of which 2, 5 and 7 were asked about in one request."""
    path = tmp_path / "lease.pdf"
    path.write_bytes(document([Page(size=(200, 100))] * 9))
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: program.workspace.count == 9 and program.workspace.editor is not None)
    ask_loopback(program, loopback)
    program.services.choose_task("ask")
    loopback.answer = streamed(ANSWER)
    program.paging.pages.select_pages([2, 5, 7, 12])
    program.actions["run.together"].trigger()
    qtbot.waitUntil(lambda: "page 77 is none" in program.panels.reply.answer.text.toPlainText())
    qtbot.waitUntil(lambda: "image 2" in links(program))
    return program


def links(program: Program) -> dict[str, str]:
    """Return the links of the answer: their words and addresses."""
    text = program.panels.reply.answer.text
    found: dict[str, str] = {}
    cursor = QTextCursor(text.document())
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        if cursor.charFormat().isAnchor():
            href = cursor.charFormat().anchorHref()
            found[href] = found.get(href, "") + cursor.selectedText()
        cursor.clearSelection()
    return {words: href for href, words in found.items()}


def test_the_chosen_pages_go_into_one_request_with_their_numbers(asked: Program, loopback: LoopbackService) -> None:
    (request,) = loopback.requests
    assert len(request.pictures) == 3
    assert "The images are pages 2, 5, 7 of one document, in this order." in request.prompt


def test_mentions_become_links_that_lead_to_the_page(asked: Program, qtbot: QtBot) -> None:
    found = links(asked)
    assert sorted(found) == ["9", "image 2", "page 5", "pages 2"]
    text = asked.panels.reply.answer.text
    text.anchorClicked.emit(QUrl(found["9"]))
    assert asked.workspace.current is not None
    assert asked.workspace.current.page == 9
    asked.paging.pages.show_page(2)
    qtbot.waitUntil(lambda: "image 2" in links(asked))
    text.highlighted.emit(QUrl(links(asked)["image 2"]))
    assert text.viewport().toolTip() == "lease.pdf, page 5 of 9"
    text.anchorClicked.emit(QUrl(links(asked)["image 2"]))
    assert asked.workspace.current.page == 5
    text.anchorClicked.emit(QUrl("https://example.com"))
    assert asked.workspace.current.page == 5


def test_pages_are_selected_by_their_numbers(asked: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def enter(dialog: SelectPagesDialog) -> bool:
        dialog._line.setText("8-12")
        assert "there are 9" in dialog.problem.text()
        assert dialog.pages == ()
        dialog._line.setText("3-4, 8")
        return True

    monkeypatch.setattr(SelectPagesDialog, "exec", enter)
    asked.actions["view.select_pages"].trigger()
    pages = [entry.page for key in asked.panels.filmstrip.selected if (entry := asked.workspace.entry(key))]
    assert pages == [3, 4, 8]
