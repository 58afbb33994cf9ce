from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.panels.space.space_strokes import (
    Chip,
    Chips,
    Inks,
    draw_by_color,
    draw_lines,
    draw_runs,
    hairline,
    shortened,
    spread,
)
from qwvis_desktop.ui.theme import palette_of

LINES = np.array([[1.0, 2, 30, 2], [5, 5, 5, 35], [3, 30, 36, 8]])
RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)


def blank() -> QImage:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 255, 255))
    return image


def test_lines_of_an_array_are_drawn_as_qt_draws_its_own() -> None:
    ours, own = blank(), blank()
    painter = QPainter(ours)
    painter.setPen(RED)
    draw_lines(painter, LINES[:, ::1])
    draw_lines(painter, np.empty((0, 4)))
    painter.end()
    painter = QPainter(own)
    painter.setPen(RED)
    painter.drawLines([QLineF(*line) for line in LINES.tolist()])
    painter.end()
    assert ours == own


def test_slices_that_do_not_lie_together_are_drawn_too() -> None:
    ours, own = blank(), blank()
    for image, lines in ((ours, np.hstack((LINES, LINES))[:, :4]), (own, LINES.copy())):
        painter = QPainter(image)
        painter.setPen(RED)
        draw_lines(painter, lines)
        painter.end()
    assert ours == own


def test_runs_are_drawn_each_with_its_pen() -> None:
    ours, own = blank(), blank()
    painter = QPainter(ours)
    draw_runs(painter, LINES, [2, 2, 3], [hairline(RED), hairline(RED), hairline(BLUE)])
    painter.end()
    painter = QPainter(own)
    painter.setPen(hairline(RED))
    draw_lines(painter, LINES[:2])
    painter.setPen(hairline(BLUE))
    draw_lines(painter, LINES[2:])
    painter.end()
    assert ours == own


def test_each_line_has_its_colour(qtbot: QtBot) -> None:
    image, inks = blank(), Inks.of(palette_of(dark=False))
    painter = QPainter(image)
    draw_by_color(painter, LINES[:2], np.array([4, 5]), inks, width=0)
    painter.end()
    assert image.pixelColor(15, 2) == inks.line(4)
    assert image.pixelColor(5, 20) == inks.line(5)


@pytest.mark.parametrize("dark", [False, True])
def test_lines_stand_out_from_the_ground(qtbot: QtBot, dark: bool) -> None:
    inks = Inks.of(palette_of(dark))
    for index in range(len(palette.COLORS)):
        assert palette.contrast(inks.line(index), inks.ground) >= 3
    assert palette.contrast(inks.accent, inks.ground) >= 3
    assert palette.contrast(inks.muted, inks.ground) >= 4.5


@pytest.mark.parametrize("ratio", [1.0, 2.0, None])
def test_chips_do_not_cover_each_other_the_first_wins(qtbot: QtBot, ratio: float | None) -> None:
    image = QImage(200, 80, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 255, 255))
    painter = QPainter(image)
    chips = Chips(QFont(), ratio)
    chips.draw(
        painter, [Chip("one", 0, Point(50, 40)), Chip("two", 1, Point(55, 42)), Chip("three", 2, Point(150, 40))]
    )
    painter.end()
    colors = {image.pixelColor(x, y).name() for x in range(200) for y in range(80)}
    assert palette.COLORS[0].name() in colors
    assert palette.COLORS[1].name() not in colors
    assert palette.COLORS[2].name() in colors


def test_one_label_for_each_cell() -> None:
    xs, ys = np.array([5.0, 6.0, 300.0, -5.0]), np.array([5.0, 6.0, 5.0, 5.0])
    assert spread(xs, ys, np.array([1, 0, 2, 3])).tolist() == [1, 2, 3]
    assert spread(xs, ys, np.array([], dtype=np.intp)).tolist() == []


def test_long_labels_are_cut() -> None:
    assert shortened("a\nb") == "a b"
    assert len(shortened("x" * 99)) == 24
