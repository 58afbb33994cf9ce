from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.panels.status_bar import StatusBar


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    return bar


def field(bar: StatusBar, name: str) -> str:
    return next(label.text() for label in bar.findChildren(QLabel) if label.accessibleName() == name)


def test_the_pointer_in_pixels_and_thousandths(bar: StatusBar) -> None:
    bar.set_pointer(Point(1, 1))
    assert field(bar, "Pointer") == ""
    bar.set_sizes(Size(4032, 3024))
    bar.set_pointer(Point(2016.4, 302.4))
    assert field(bar, "Pointer") == "2016, 302 px  (500, 100 ‰)"
    bar.set_pointer(None)
    assert field(bar, "Pointer") == ""


@pytest.mark.parametrize(("factor", "text"), [(0.21, "21 %"), (1.0, "100 %"), (16.0, "1600 %"), (0.055, "5.5 %")])
def test_the_zoom_is_said_while_there_is_a_picture(bar: StatusBar, factor: float, text: str) -> None:
    bar.set_zoom(factor)
    assert field(bar, "Zoom") == ""
    bar.set_sizes(Size(40, 30))
    assert field(bar, "Zoom") == text
    bar.set_sizes(None)
    assert field(bar, "Zoom") == ""


def test_a_picture_opened_at_its_own_size_has_its_zoom_said(bar: StatusBar) -> None:
    bar.set_sizes(Size(40, 30))
    assert field(bar, "Zoom") == "100 %"


@pytest.mark.parametrize(
    ("place", "count", "text"),
    [(2, 300, "3 of 300"), (0, 1, ""), (-1, 300, ""), (99_999, 100_000, "100,000 of 100,000")],
)
def test_which_of_the_open_pictures(bar: StatusBar, place: int, count: int, text: str) -> None:
    bar.set_place(place, count)
    assert field(bar, "Which of the open pictures this is") == text


def test_sizes(bar: StatusBar) -> None:
    bar.set_sizes(Size(4032, 3024))
    assert field(bar, "Size of the picture") == "4032 × 3024"
    bar.set_sizes(Size(4032, 3024), Size(1856, 1376))
    assert field(bar, "Size of the picture") == "4032 × 3024, sent 1856 × 1376"
    bar.set_sizes(None)
    assert field(bar, "Size of the picture") == ""


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        ((3412, 873, 3.44), "3,412 + 873 tokens, 3.4 s"),
        ((None, None, 0.5), "0.5 s"),
        ((12, None, None), "12 + ? tokens"),
        ((None, None, None), ""),
        ((3412, 873, None, 3000, "req-1"), "3,412 + 873 tokens, 3,000 of them cached"),
    ],
)
def test_the_cost(bar: StatusBar, cost: Any, text: str) -> None:
    bar.set_cost(*cost)
    assert field(bar, "Cost of the last run") == text
    label = next(each for each in bar.findChildren(QLabel) if each.accessibleName() == "Cost of the last run")
    assert ("req-1" in label.toolTip()) is (len(cost) > 4)


def test_moving_the_pointer_moves_nothing_else(bar: StatusBar, qtbot: QtBot) -> None:
    bar.resize(900, 24)
    bar.show()
    bar.set_sizes(Size(9000, 9000))
    zoom = next(label for label in bar.findChildren(QLabel) if label.accessibleName() == "Zoom")
    bar.set_pointer(Point(1, 1))
    before = zoom.x()
    bar.set_pointer(Point(8999, 8999))
    assert zoom.x() == before
