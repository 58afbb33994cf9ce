from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.swatches import SIDE, Swatches


def drawn(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return icon.pixmap(SIDE, SIDE, mode).toImage()


@pytest.mark.parametrize("name", ["#fff2a0", "#123456"])
def test_a_tick_can_be_told_from_its_ground(qtbot: QtBot, name: str) -> None:
    swatches, color = Swatches(), QColor(name)
    plain, ticked = drawn(swatches.of(color)), drawn(swatches.of(color, ticked=True))
    width, height = plain.width(), plain.height()
    places = [(x, y) for x in range(width) for y in range(height)]
    assert {plain.pixelColor(*place).name() for place in places} == {name}
    off = max(abs(ticked.pixelColor(*place).lightness() - color.lightness()) for place in places)
    assert off > 100
    assert ticked.pixelColor(0, 0) == color
    assert drawn(swatches.of(color, ticked=True), QIcon.Mode.Selected) == ticked


def test_each_is_drawn_once(qtbot: QtBot) -> None:
    swatches = Swatches()
    assert swatches.of(QColor("red")).cacheKey() == swatches.of(QColor("red")).cacheKey()
    assert swatches.of(QColor("red")).cacheKey() != swatches.of(QColor("red"), ticked=True).cacheKey()
