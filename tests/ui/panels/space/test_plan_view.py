from __future__ import annotations

import pytest
from cuboid_scenes import CAR, FAR, VAN, editor_of
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.plan_view import PlanView


@pytest.fixture
def view(qtbot: QtBot) -> PlanView:
    made = PlanView()
    qtbot.addWidget(made)
    made.resize(500, 420)
    made.show()
    return made


def test_it_says_what_is_selected_and_how_far_two_are_apart(view: PlanView) -> None:
    editor = editor_of(CAR, VAN)
    view.show_editor(editor)
    assert view.words == "2 cuboids"
    editor.select({"car"})
    assert view.words == "car: 8.31 m away, 4.00 × 1.50 × 1.80 m, heading 0°"
    editor.select({"car", "van"})
    assert view.words.startswith("Gap ")
    assert "6.40 m" in view.words


def test_it_says_what_lies_outside_and_shows_it_when_asked(view: PlanView) -> None:
    view.show_editor(editor_of(CAR, VAN, FAR))
    assert view.words == "Outside this view: “tower”, 900 m away."
    button = child(view, QToolButton, "Show all cuboids")
    assert button.isVisible()
    button.click()
    assert view.words == "3 cuboids"
    assert not button.isVisible()


def test_the_buttons_do_what_they_say(view: PlanView, qtbot: QtBot) -> None:
    view.show_editor(editor_of(CAR, VAN))
    fitted = view.surface.plan
    child(view, QToolButton, "Zoom into the plan").click()
    assert view.surface.plan.scale > fitted.scale
    child(view, QToolButton, "Zoom out of the plan").click()
    child(view, QToolButton, "Zoom out of the plan").click()
    assert view.surface.plan.scale < fitted.scale
    child(view, QToolButton, "Fit the plan").click()
    assert view.surface.plan == fitted
    with qtbot.waitSignal(view.picture_requested):
        child(view, QToolButton, "Save the plan").click()


def test_the_measure_button_and_the_mode_go_together(view: PlanView) -> None:
    view.show_editor(editor_of(CAR))
    button = child(view, QToolButton, "Measure")
    button.click()
    assert view.surface.measuring
    assert view.words.startswith("Drag from one place")
    view.surface.measure(Point(0, 0), Point(3, 4))
    assert view.words == "Distance: 5.00 m"
    view.surface.set_measuring(False)
    assert not button.isChecked()


def test_without_cuboids_there_is_nothing_to_press(view: PlanView) -> None:
    view.show_editor(editor_of())
    assert not any(button.isEnabled() for button in view.findChildren(QToolButton) if button.isVisible())
    assert view.words == ""


def test_every_button_has_a_name_and_a_tip(view: PlanView) -> None:
    buttons = view.findChildren(QToolButton)
    assert all(button.accessibleName() and button.toolTip() for button in buttons)
