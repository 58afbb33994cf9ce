from __future__ import annotations

import math

import pytest
from cuboid_scenes import CAR, VAN, editor_of
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.space.orbit_view import OrbitView


@pytest.fixture
def view(qtbot: QtBot) -> OrbitView:
    made = OrbitView()
    qtbot.addWidget(made)
    made.resize(420, 360)
    made.show()
    return made


def test_the_buttons_choose_views(view: OrbitView) -> None:
    view.show_editor(editor_of(CAR, VAN))
    child(view, QToolButton, "Look from above").click()
    assert view.surface.eye.elevation == pytest.approx(math.pi / 2)
    child(view, QToolButton, "Look from the side").click()
    assert view.surface.eye.azimuth == pytest.approx(-math.pi / 2)
    child(view, QToolButton, "Look from the camera").click()
    assert view.surface.eye.eye == pytest.approx((0, 0, 0))
    child(view, QToolButton, "Look from the front").click()
    fitted = view.surface.eye
    view.surface.zoom(3)
    child(view, QToolButton, "Fit the scene").click()
    assert view.surface.eye.distance == pytest.approx(fitted.distance)


def test_it_says_what_is_selected(view: OrbitView) -> None:
    editor = editor_of(CAR, VAN)
    view.show_editor(editor)
    assert view.words == "2 cuboids"
    editor.select({"van"})
    assert view.words.startswith("van: ")
    view.show_editor(None)
    assert view.words == ""


def test_without_cuboids_there_is_nothing_to_press(view: OrbitView) -> None:
    assert not any(button.isEnabled() for button in view.findChildren(QToolButton))
    view.show_editor(editor_of(CAR))
    buttons = view.findChildren(QToolButton)
    assert all(button.isEnabled() and button.accessibleName() and button.toolTip() for button in buttons)
