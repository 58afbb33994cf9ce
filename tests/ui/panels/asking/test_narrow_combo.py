from __future__ import annotations

from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo


def test_it_may_be_narrower_than_its_items(qtbot: QtBot) -> None:
    combo = narrow_combo("A name")
    qtbot.addWidget(combo)
    before = combo.minimumSizeHint().width()
    combo.addItem("a very long item " * 20)
    assert combo.minimumSizeHint().width() == before
    assert combo.accessibleName() == "A name"
