from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.glide import Glide, between
from qwvis_desktop.ui.canvas.viewport import Viewport

VIEW = Point(400, 300)
HERE = Viewport.centered(0.5, Point(100, 100), VIEW, 1.0)
THERE = Viewport.centered(4.0, Point(700, 500), VIEW, 1.0)


def middle(viewport: Viewport) -> Point:
    return viewport.to_picture(Point(200, 150))


@given(st.floats(0, 1))
def test_on_the_way_the_zoom_and_the_middle_lie_between(share: float) -> None:
    seen = between(HERE, THERE, VIEW, share)
    assert HERE.zoom <= seen.zoom * 1.000001 <= THERE.zoom * 1.0001
    assert 99 <= middle(seen).x <= 701
    assert 99 <= middle(seen).y <= 501


def test_it_arrives(qtbot: QtBot) -> None:
    seen: list[Viewport] = []
    glide = Glide(seen.append)
    glide.start(HERE, THERE, VIEW, 60)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == THERE)
    assert len(seen) > 1


def test_in_no_time_at_once() -> None:
    seen: list[Viewport] = []
    Glide(seen.append).start(HERE, THERE, VIEW, 0)
    assert seen == [THERE]


def test_stopped_it_stays(qtbot: QtBot) -> None:
    seen: list[Viewport] = []
    glide = Glide(seen.append)
    glide.start(HERE, THERE, VIEW, 10_000)
    qtbot.waitUntil(lambda: bool(seen))
    glide.stop()
    assert seen[-1].zoom == pytest.approx(0.5, rel=0.5)
