from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QFileDialog, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child, write

from qwvis_desktop.ui.drawing_options import DrawingOptions
from qwvis_desktop.ui.panels.dialogs.export_dialog import ExportDialog
from qwvis_desktop.ui.panels.dialogs.format_list import FormatChoice
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.panels.search_line import SearchLine

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
    child(dialog, QLineEdit, "File").setText("~/mine.json")
    choose(dialog, 2)
    assert dialog.path == Path.home() / "mine.json"


def test_what_a_format_cannot_hold_is_said_before(dialog: ExportDialog) -> None:
    label = child(dialog, WrappingLabel, "What the format cannot hold")
    assert "holds all" in label.text()
    choose(dialog, 2)
    assert label.text() == "Left out: 1 cuboid.\nLeft out: the reply."


def test_the_last_format_is_chosen_again(qtbot: QtBot, tmp_path: Path) -> None:
    for current, chosen in (("csv", "csv"), ("gone", "png")):
        dialog = ExportDialog(FORMATS, tmp_path / "street", current)
        qtbot.addWidget(dialog)
        assert dialog.format_id == chosen


def test_a_few_letters_choose_a_format(dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.focusWidget() is child(dialog, QListWidget))
    write(dialog.focusWidget(), "tab")
    assert dialog.format_id == "csv"


def test_words_find_formats_and_say_where_there_are_none(dialog: ExportDialog) -> None:
    search, label = child(dialog, SearchLine), child(dialog, WrappingLabel, "What the format cannot hold")
    save = child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    write(search, "coco")
    assert (dialog.format_id, save.isEnabled()) == ("coco", True)
    write(search, "x")
    assert (label.text(), save.isEnabled()) == ("No format is found by these words.", False)
    search.clear()
    assert (dialog.format_id, save.isEnabled()) == ("coco", True)


def test_without_a_file_there_is_nothing_to_save(dialog: ExportDialog) -> None:
    save = child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    assert save.isEnabled()
    child(dialog, QLineEdit, "File").clear()
    assert not save.isEnabled()


@pytest.mark.parametrize("picked", ["/elsewhere/a.png", ""])
def test_the_file_can_be_looked_for(dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch, picked: str) -> None:
    before = str(dialog.path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (picked, ""))
    next(button for button in dialog.findChildren(QPushButton) if "Browse" in button.text()).click()
    assert child(dialog, QLineEdit, "File").text() == (picked or before)


ALL = (
    FormatChoice("svg", "Drawing", ".svg", is_drawn=True),
    FormatChoice("coco", "COCO", ".coco.json", ("Left out: 1 point.",), ("Left out: 9 points.",), holds_all=True),
    FormatChoice("yolo", "YOLO", ".yolo", is_folder=True, holds_all=True),
    FormatChoice("voc", "VOC", ".xml"),
)


@pytest.fixture
def several(qtbot: QtBot, tmp_path: Path) -> ExportDialog:
    dialog = ExportDialog(ALL, tmp_path / "street", count=3)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_all_pictures_go_into_one_file_a_folder_or_a_file_each(several: ExportDialog, tmp_path: Path) -> None:
    scope = child(several, QComboBox, "Pictures")
    assert "All 3 pictures" in scope.itemText(1)
    scope.setCurrentIndex(1)
    paths = []
    for row in range(len(ALL)):
        choose(several, row)
        paths.append((several.path.name, several.wants_folder))
    assert several.all_pictures
    assert paths == [
        ("annotations", True), ("annotations.coco.json", False), ("annotations.yolo", True), ("annotations", True),
    ]  # fmt: skip
    choose(several, 1)
    assert child(several, WrappingLabel, "What the format cannot hold").text() == "Left out: 9 points."


def test_one_picture_is_not_asked_about(dialog: ExportDialog) -> None:
    dialog.show()
    assert not child(dialog, QComboBox, "Pictures").isVisible()
    assert not dialog.all_pictures


def test_a_folder_may_hold_copies(several: ExportDialog) -> None:
    (copies,) = (box for box in several.findChildren(QCheckBox) if "Copy" in box.text())
    assert not copies.isVisible()
    choose(several, 2)
    assert copies.isVisible()
    copies.setChecked(True)
    assert several.copies
    choose(several, 1)
    assert not several.copies


def test_a_file_that_will_be_replaced_is_told(several: ExportDialog, tmp_path: Path) -> None:
    (tmp_path / "street.xml").write_text("older")
    choose(several, 3)
    assert "will be replaced" in child(several, WrappingLabel, "What the format cannot hold").text()


def test_the_look_is_asked_for_where_something_is_drawn(several: ExportDialog, qtbot: QtBot) -> None:
    assert several.drawing.isVisible()
    choose(several, 1)
    assert not several.drawing.isVisible()
    with qtbot.waitSignal(several.drawing.changed) as asked:
        choose(several, 0)
    assert asked.args == [DrawingOptions()]


def test_a_folder_is_chosen_for_what_is_one(
    several: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(several, 2)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "other"))
    next(button for button in several.findChildren(QPushButton) if "Browse" in button.text()).click()
    assert several.path == tmp_path / "other"
