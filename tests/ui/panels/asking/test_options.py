from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.option_presets import Preset
from qwvis_desktop.ui.panels.asking.option_fields import OptionField
from qwvis_desktop.ui.panels.asking.options import OptionsPane
from qwvis_desktop.ui.panels.labels import ToneLabel
from qwvis_desktop.ui.theme import Tone


@pytest.fixture
def pane(qtbot: QtBot) -> OptionsPane:
    pane = OptionsPane()
    qtbot.addWidget(pane)
    pane.resize(400, 500)
    pane.show()
    pane.show_options(bundled_registry().spec("qwen3.5-plus"), {})
    pane.set_presets((Preset("Defaults"), Preset("Sevens", {"seed": 7})), frozenset({"Sevens"}))
    return pane


def field(pane: OptionsPane, title: str) -> OptionField:
    """Return a field, unfolding the pane for it."""
    if not (fold := child(pane, QToolButton, "Options")).isChecked():
        fold.click()
    return child(pane, OptionField, title)


def line(pane: OptionsPane) -> str:
    return child(pane, QToolButton, "Options").text()


def test_it_is_one_quiet_line_until_it_is_wanted(pane: OptionsPane) -> None:
    assert line(pane) == "Options: defaults"
    assert pane.findChildren(OptionField) == []
    pane.set_values({"enable_thinking": True, "seed": 7})
    assert line(pane) == "Options: thinking on, seed 7"
    child(pane, QToolButton, "Options").click()
    assert field(pane, "Seed").isVisible()
    assert field(pane, "Seed").value() == 7
    pane.set_values({"seed": 8})
    child(pane, QToolButton, "Options").click()
    assert not child(pane, OptionField, "Seed").isVisible()


def test_what_came_while_folded_is_there_when_unfolded(pane: OptionsPane) -> None:
    assert field(pane, "Seed").value() is None
    child(pane, QToolButton, "Options").click()
    pane.show_options(bundled_registry().spec("qwen2.5-vl-7b-instruct"), {"seed": 9})
    assert pane.values == {"seed": 9}
    assert field(pane, "Seed").value() == 9
    assert "Thinking" not in {each.accessibleName() for each in pane.findChildren(OptionField)}


def test_only_what_the_model_knows_is_offered(pane: OptionsPane) -> None:
    pane.set_values({"enable_thinking": True, "seed": 7, "unknown": 1})
    assert pane.values == {"enable_thinking": True, "seed": 7}
    pane.show_options(bundled_registry().spec("qwen2.5-vl-7b-instruct"), {"enable_thinking": True, "seed": 7})
    assert pane.values == {"seed": 7}
    field(pane, "Seed")
    titles = {each.accessibleName() for each in pane.findChildren(OptionField)}
    assert "Thinking" not in titles
    assert "Temperature" in titles


def test_what_differs_is_marked_and_can_be_reset(pane: OptionsPane, qtbot: QtBot) -> None:
    child(pane, QToolButton, "Options").click()
    reset = child(pane, QToolButton, "Reset Seed")
    caption = next(each for each in pane.findChildren(ToneLabel) if each.text() == "Seed")
    assert not reset.isVisible()
    with qtbot.waitSignal(pane.changed):
        field(pane, "Seed").set_value(7)
        field(pane, "Seed").edited.emit()
    assert pane.values == {"seed": 7}
    assert reset.isVisible()
    assert caption.tone is Tone.ACCENT
    with qtbot.waitSignal(pane.changed):
        reset.click()
    assert pane.values == {}
    assert caption.tone is None


def test_high_resolution_leaves_no_choice_of_pixels(pane: OptionsPane) -> None:
    pane.set_values({"vl_high_resolution_images": True})
    assert not field(pane, "Most pixels").isEnabled()
    pane.set_values({"vl_high_resolution_images": False})
    assert field(pane, "Most pixels").isEnabled()
    pane.set_values({"vl_high_resolution_images": True, "max_pixels": 100_000})
    assert field(pane, "Most pixels").isEnabled()  # so that it can be taken back


def test_a_picture_is_turned_by_choice(pane: OptionsPane, qtbot: QtBot) -> None:
    field(pane, "Turn picture")
    combo = child(pane, QComboBox, "Turn picture")
    words = [combo.itemText(index) for index in range(combo.count())]
    assert words == ["As it is", "90°", "180°", "270°"]
    for place, value in enumerate(({}, {"rotate": 90}, {"rotate": 180}, {"rotate": 270})):
        pane.set_values(value)
        assert combo.currentIndex() == place
    with qtbot.waitSignal(pane.changed):
        combo.setCurrentIndex(1)
    assert pane.values == {"rotate": 90}
    assert "turn picture 90" in pane.summary()
    pane.set_values({"rotate": 45})
    assert combo.currentIndex() == 0


def test_presets_are_chosen_kept_and_deleted(pane: OptionsPane, qtbot: QtBot) -> None:
    combo = child(pane, QComboBox, "Preset")
    assert combo.currentText() == "Defaults"
    with qtbot.waitSignal(pane.changed):
        combo.setCurrentIndex(1)
        combo.activated.emit(1)
    assert pane.values == {"seed": 7}
    with qtbot.waitSignal(pane.preset_dropped) as dropped:
        child(pane, QToolButton, "Delete this preset").click()
    assert dropped.args == ["Sevens"]
    pane.set_values({"seed": 8})
    assert combo.currentText() == "Own choice"
    with qtbot.waitSignal(pane.name_wanted):
        child(pane, QToolButton, "Keep these options as a preset").click()


def test_what_is_wrong_is_said_also_while_folded(pane: OptionsPane) -> None:
    pane.set_issues(["'seed' is a whole number."])
    said = next(each for each in pane.findChildren(ToneLabel) if "whole number" in each.text())
    assert said.isVisible()
    pane.set_issues([])
    assert not said.isVisible()
