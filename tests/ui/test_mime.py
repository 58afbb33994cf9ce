"""What is put on the clipboard: Qt's own, also at the end of a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import shiboken6
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.mime import empty_mime


def test_it_is_empty_and_no_object_of_pythons(qtbot: QtBot) -> None:
    mime = empty_mime()
    assert mime.formats() == []
    assert not shiboken6.createdByPython(mime)
    mime.setText("a")
    mime.setData("application/x-own", b"b")
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(mime)
    assert clipboard.text() == "a"
    assert bytes(clipboard.mimeData().data("application/x-own").data()) == b"b"


USE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from qwvis_desktop import start
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.controllers.workspace import Workspace

application = QApplication([])

def look():
    window = next(each for each in application.topLevelWidgets() if each.objectName() == "main")
    workspace = window.findChild(Workspace)
    if workspace is None or workspace.editor is None:
        QTimer.singleShot(20, look)
        return
    workspace.editor.add([Detection(id="cat", label="cat", box=Box(10, 20, 40, 60))], "Add")
    workspace.editor.select(["cat"])
    # What is copied last stays there to the end.
    for name in ("edit.copy_table", "edit.copy"):
        next(action for action in window.actions() if action.objectName() == name).trigger()
        assert "cat" in QGuiApplication.clipboard().text()
    print("copied")
    workspace.editor.undo_stack.undo()
    window.close()

QTimer.singleShot(0, look)
sys.exit(start.main([sys.argv[1]], new_window=True))
"""


def test_the_program_ends_well_with_its_own_on_the_clipboard(home: Path, photo: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", USE, str(photo)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (0, "copied\n"), ended.stderr
