from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.film.timeline import SPEEDS, TimelinePanel
from qwvis_desktop.ui.panels.film.timeline_layout import Film


@pytest.fixture
def panel(qtbot: QtBot) -> TimelinePanel:
    panel = TimelinePanel()
    qtbot.addWidget(panel)
    panel.show_film(Film(90.0), [0.0, 1.0])
    panel.show()
    return panel


def button(panel: TimelinePanel, name: str) -> QToolButton:
    return next(each for each in panel.findChildren(QToolButton) if each.accessibleName() == name)


def test_buttons_ask_for_actions(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.show_playing(False)
    with qtbot.waitSignal(panel.step_requested) as asked:
        button(panel, "Play").click()
    assert asked.args == ["film.play"]
    panel.show_playing(True, looping=True)
    assert button(panel, "Pause").toolTip() == "Pause (Space)"


def test_a_time_is_entered(panel: TimelinePanel, qtbot: QtBot) -> None:
    entry = child(panel, QLineEdit)
    panel.show_time(62.5)
    assert entry.text() == "0:01:02.500"
    entry.selectAll()
    with qtbot.waitSignal(panel.time_entered) as entered:
        QTest.keyClicks(entry, "1:05")
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entered.args == ["1:05"]
    panel.show_time(65)
    assert panel.time_text == "0:01:05.000"


def test_the_speed_is_chosen(panel: TimelinePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.speed_chosen) as chosen:
        child(panel, QComboBox).setCurrentIndex(SPEEDS.index(4.0))
    assert chosen.args == [4.0]


def test_buttons_zoom_the_timeline(panel: TimelinePanel) -> None:
    button(panel, "Show less of the film, in more detail").click()
    assert not panel.surface.axis.is_whole
    button(panel, "Show all of the film").click()
    assert panel.surface.axis.is_whole


def test_without_a_film_nothing_can_be_pressed(panel: TimelinePanel) -> None:
    panel.show_film(None, ())
    assert not panel.isEnabled()
