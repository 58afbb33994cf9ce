from __future__ import annotations

from page_documents import page_document_of
from program_window import running
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.page.document import page_elements


def test_what_was_copied_is_said(qtbot: QtBot) -> None:
    with running() as program, qtbot.waitSignal(program.reading.said) as said:
        program.panels.document.view.show_elements(page_elements(page_document_of('<p data-bbox="1 1 9 9">a</p>')))
        program.panels.document.copy_text()
    assert said.args == ["The page was copied as plain text."]
