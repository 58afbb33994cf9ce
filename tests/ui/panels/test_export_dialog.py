from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.export_dialog import ExportDialog, FormatChoice
from qwvis_desktop.ui.panels.labels import WrappingLabel

FORMATS = (
    FormatChoice("png", "Annotated picture", ".annotated.png"),
    FormatChoice("coco", "COCO", ".coco.json", ("Left out: 2 points.",)),
    FormatChoice("csv", "Table", ".csv", ("Left out: 1 cuboid.", "Left out: the reply.")),
)


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> ExportDialog:
    dialog = ExportDialog(FORMATS, tmp_path / "street")
    qtbot.addWidget(dialog)
    return dialog


def choose(dialog: ExportDialog, row: int) -> None:
    child(dialog, QListWidget).setCurrentRow(row)


def test_the_file_follows_the_format(dialog: ExportDialog, tmp_path: Path) -> None:
    assert (dialog.format_id, dialog.path) == ("png", tmp_path / "street.annotated.png")
    choose(dialog, 1)
    assert (dialog.format_id, dialog.path) == ("coco", tmp_path / "street.coco.json")


def test_a_file_written_by_hand_stays(dialog: ExportDialog) -> None:
    child(dialog, QLineEdit).setText("~/mine.json")
    choose(dialog, 2)
    assert dialog.path == Path.home() / "mine.json"


def test_what_a_format_cannot_hold_is_said_before(dialog: ExportDialog) -> None:
    label = child(dialog, WrappingLabel)
    assert "holds all" in label.text()
    choose(dialog, 2)
    assert label.text() == "Left out: 1 cuboid.\nLeft out: the reply."


def test_the_last_format_is_chosen_again(qtbot: QtBot, tmp_path: Path) -> None:
    for current, chosen in (("csv", "csv"), ("gone", "png")):
        dialog = ExportDialog(FORMATS, tmp_path / "street", current)
        qtbot.addWidget(dialog)
        assert dialog.format_id == chosen


def test_without_a_file_there_is_nothing_to_save(dialog: ExportDialog) -> None:
    save = child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    assert save.isEnabled()
    child(dialog, QLineEdit).clear()
    assert not save.isEnabled()


@pytest.mark.parametrize("picked", ["/elsewhere/a.png", ""])
def test_the_file_can_be_looked_for(dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch, picked: str) -> None:
    before = str(dialog.path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (picked, ""))
    next(button for button in dialog.findChildren(QPushButton) if "Browse" in button.text()).click()
    assert child(dialog, QLineEdit).text() == (picked or before)
