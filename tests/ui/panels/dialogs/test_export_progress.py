from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.dialogs.export_progress import ExportProgress


def test_it_says_how_far_it_is_and_can_be_stopped(qtbot: QtBot) -> None:
    progress = ExportProgress(20)
    qtbot.addWidget(progress)
    progress.show_done(7)
    assert (progress.labelText(), progress.value()) == ("7 of 20 pages are written.", 7)
    progress.show()
    progress.show_done(20)
    assert progress.isVisible()  # it is closed by who knows that the file is in its place
    assert not progress.isModal()
    (stop,) = progress.findChildren(QPushButton)
    assert stop.text() == "&Stop"
    with qtbot.waitSignal(progress.canceled):
        stop.click()
