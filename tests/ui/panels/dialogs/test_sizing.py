from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.dialogs.export_dialog import ExportDialog
from qwvis_desktop.ui.panels.dialogs.format_list import FormatChoice
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen


@pytest.mark.parametrize("size", [(300, 200), (5000, 200), (300, 5000)])
def test_a_dialog_is_never_larger_than_the_screen(qtbot: QtBot, size: tuple[int, int]) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    resize_within_screen(dialog, *size)
    room = dialog.screen().availableGeometry()
    assert dialog.width() == (size[0] if size[0] < room.width() else dialog.width()) < room.width()
    assert dialog.height() == (size[1] if size[1] < room.height() else dialog.height()) < room.height()


def test_saving_is_in_reach_on_a_small_screen(qtbot: QtBot, tmp_path: Path) -> None:
    drawn = FormatChoice("png", "Annotated picture", ".annotated.png", is_drawn=True)
    dialog = ExportDialog((drawn,), tmp_path / "street", count=3)
    qtbot.addWidget(dialog)
    dialog.show()
    # 1600 x 1000 pixels at twice the size, with a panel and a title.
    assert dialog.minimumSizeHint().height() <= 430
