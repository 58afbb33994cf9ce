from __future__ import annotations

from pathlib import Path

import pytest
from program_window import open_photo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.ui.editor import DocumentEditor


@pytest.fixture
def editor(program: Program, qtbot: QtBot, photo: Path) -> DocumentEditor:
    return open_photo(program, qtbot, photo)


def test_what_to_do_is_said_while_something_is_drawn(program: Program, editor: DocumentEditor) -> None:
    said = program.panels.status_bar.currentMessage
    assert said() == ""
    for form, part in (("box", "from corner to corner"), ("polygon", "each corner"), ("point", "the place")):
        program.actions[f"edit.draw_{form}"].trigger()
        assert part in said()
    QTest.keyClick(program.canvas, Qt.Key.Key_Escape)
    assert said() == ""
    program.actions["edit.draw_point"].trigger()
    QTest.keyClick(program.canvas, Qt.Key.Key_Return)
    QTest.keyClick(program.canvas, Qt.Key.Key_Return)
    assert said() == ""
    assert not editor.document.annotations  # its label is asked for
