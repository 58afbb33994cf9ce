"""The timeline under pointer, wheel and keys."""

from __future__ import annotations

import time

import pytest
from documents import media_of
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.film.timeline_layout import NAMES, RULER, TICKS, Film
from qwvis_desktop.ui.panels.film.timeline_surface import TimelineSurface
from qwvis_desktop.ui.theme import palette_of

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
JUMP = VideoEvent(id="jump", label="jump", start=10, end=20)
LAND = VideoEvent(id="land", label="land", start=30, end=31)
CARS = [Detection(id=f"car{at}", label="car", box=Box(0, 0, 9, 9), time=at) for at in (5.0, 6.0)]
FILM = Film(60.0, 0.04, seen=tuple(n * 0.5 for n in range(120)))
FRAMES = [n / 25 for n in range(1500)]


@pytest.fixture
def editor(qapp: QApplication) -> DocumentEditor:
    editor = DocumentEditor(Document(media_of()))
    editor.add([JUMP, LAND, *CARS], "Add")
    return editor


@pytest.fixture
def surface(qtbot: QtBot, editor: DocumentEditor) -> TimelineSurface:
    surface = TimelineSurface()
    qtbot.addWidget(surface)
    surface.resize(NAMES + 616, 220)
    surface.show_editor(editor)
    surface.show_film(FILM, FRAMES)
    surface.show()
    return surface


def place(surface: TimelineSurface, seconds: float, key: str) -> QPoint:
    """Return where a time is in the row of an event."""
    row = surface.scene.index[key][0]
    return QPoint(round(surface.axis.x(seconds)), round(surface.layout_.row_top(row)) + 9)


def drag(surface: TimelineSurface, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(surface, LEFT, NONE, start)
    QTest.mouseMove(surface, (start + end) / 2)
    QTest.mouseMove(surface, end)
    QTest.mouseRelease(surface, LEFT, NONE, end)


def event_of(editor: DocumentEditor, key: str) -> VideoEvent:
    found = editor.document.annotations[key]
    assert isinstance(found, VideoEvent)
    return found


def wheel(surface: TimelineSurface, x: float, notches: int, modifiers: Qt.KeyboardModifier, *, y: float = 100) -> None:
    at = QPointF(x, y)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    surface.wheelEvent(event)


def test_a_click_selects_and_seeks(surface: TimelineSurface, editor: DocumentEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(surface.scrubbed) as sought:
        QTest.mouseClick(surface, LEFT, NONE, place(surface, 15, "jump"))
    assert sought.args == [10.0, True]
    assert editor.selection == {"jump"}
    QTest.mouseClick(surface, LEFT, CONTROL, place(surface, 30.5, "land"))
    assert editor.selection == {"jump", "land"}
    QTest.mouseClick(surface, LEFT, NONE, place(surface, 5, "car5.0"))
    assert editor.selection == {"car5.0"}


def test_a_click_beside_everything_selects_nothing_and_seeks(surface: TimelineSurface, editor: DocumentEditor) -> None:
    editor.select(["jump"])
    QTest.mouseClick(surface, LEFT, NONE, place(surface, 50, "jump"))
    assert editor.selection == frozenset()
    assert surface.playhead == pytest.approx(50, abs=0.1)


def test_ends_are_pulled_and_snap_to_frames(surface: TimelineSurface, editor: DocumentEditor) -> None:
    drag(surface, place(surface, 19.8, "jump"), place(surface, 26.9, "jump"))
    changed = event_of(editor, "jump")
    assert changed.start == 10
    assert changed.end in FRAMES
    assert changed.end == pytest.approx(27, abs=0.3)
    assert editor.undo_stack.count() == 2
    drag(surface, place(surface, 10.2, "jump"), place(surface, 3, "jump"))
    assert event_of(editor, "jump").start == pytest.approx(3, abs=0.3)
    editor.undo_stack.undo()
    editor.undo_stack.undo()
    assert event_of(editor, "jump") == JUMP


def test_an_end_snaps_to_the_playhead(surface: TimelineSurface, editor: DocumentEditor) -> None:
    surface.set_playhead(24.04)
    drag(surface, place(surface, 19.9, "jump"), place(surface, 24.3, "jump"))
    assert event_of(editor, "jump").end == 24.04


def test_the_body_is_moved_within_the_film(surface: TimelineSurface, editor: DocumentEditor) -> None:
    drag(surface, place(surface, 15, "jump"), place(surface, 59, "jump"))
    assert (event_of(editor, "jump").start, event_of(editor, "jump").end) == (50, 60)


def test_escape_gives_a_pull_up(surface: TimelineSurface, editor: DocumentEditor) -> None:
    QTest.mousePress(surface, LEFT, NONE, place(surface, 15, "jump"))
    QTest.mouseMove(surface, place(surface, 40, "jump"))
    QTest.keyClick(surface, Qt.Key.Key_Escape)
    QTest.mouseRelease(surface, LEFT, NONE, place(surface, 40, "jump"))
    assert event_of(editor, "jump") == JUMP


def test_scrubbing_shows_what_is_passed_and_then_exactly_that(surface: TimelineSurface) -> None:
    told: list[tuple[float, bool]] = []
    surface.scrubbed.connect(lambda at, final: told.append((at, final)))
    drag(surface, QPoint(round(surface.axis.x(10)), 8), QPoint(round(surface.axis.x(20)), 8))
    assert [final for _, final in told] == [False, False, False, True]
    assert told[-1][0] == pytest.approx(20, abs=0.1)


def test_a_tick_is_gone_to_exactly(surface: TimelineSurface) -> None:
    QTest.mouseClick(surface, LEFT, NONE, QPoint(round(surface.axis.x(20.6)), RULER + TICKS // 2))
    assert surface.playhead == 20.5
    assert "saw" in surface.tip(QPointF(surface.axis.x(20.5), RULER + 3))


def test_a_double_click_loops(surface: TimelineSurface, qtbot: QtBot) -> None:
    with qtbot.waitSignal(surface.loop_requested) as asked:
        QTest.mouseDClick(surface, LEFT, NONE, place(surface, 15, "jump"))
    assert asked.args == ["jump"]


def test_the_range_is_pulled(surface: TimelineSurface) -> None:
    moved: list[tuple[str, float, bool]] = []
    surface.range_moved.connect(lambda which, at, final: moved.append((which, at, final)))
    surface.show_film(Film(60.0, 0.04, start=5.0, end=50.0))
    drag(surface, QPoint(round(surface.axis.x(50)) - 3, 6), QPoint(round(surface.axis.x(40)), 6))
    assert moved[-1][0] == "end"
    assert moved[-1][1] == pytest.approx(40, abs=0.1)
    assert moved[-1][2]
    assert moved[-1][1] in FRAMES


def test_the_wheel_zooms_and_moves(surface: TimelineSurface) -> None:
    x = surface.axis.x(30)
    wheel(surface, x, 6, NONE)
    assert surface.axis.pixels == pytest.approx(surface.axis.whole * 4)
    assert surface.axis.time(x) == pytest.approx(30)
    wheel(surface, x, -2, SHIFT)
    assert surface.axis.start > 22.5
    wheel(surface, x, -20, NONE)
    assert surface.axis.is_whole


def test_the_wheel_moves_through_lanes_that_do_not_all_fit(surface: TimelineSurface, editor: DocumentEditor) -> None:
    editor.add([VideoEvent(label=f"label {n}", start=n, end=n + 1) for n in range(9)], "Add")
    assert len(surface.scene.lanes) == 12
    x = surface.axis.x(30)
    wheel(surface, x, -1, NONE)
    assert surface.layout_.scroll > 0
    whole = surface.axis.whole
    assert surface.axis.pixels == whole
    wheel(surface, x, 3, CONTROL)
    before = surface.axis.pixels
    assert before > whole
    wheel(surface, x, 3, NONE, y=5)
    assert surface.axis.pixels > before


@pytest.mark.parametrize(
    ("key", "modifiers", "action"),
    [
        (Qt.Key.Key_Space, NONE, "film.play"),
        (Qt.Key.Key_Right, NONE, "film.frame_on"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, "film.second_back"),
        (Qt.Key.Key_Down, NONE, "film.event_on"),
        (Qt.Key.Key_End, NONE, "film.last"),
        (Qt.Key.Key_Return, NONE, "film.add_event"),
    ],
)
def test_keys_ask_for_actions(
    surface: TimelineSurface, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier, action: str
) -> None:
    with qtbot.waitSignal(surface.step_requested) as asked:
        QTest.keyClick(surface, key, modifiers)
    assert asked.args == [action]


def test_keys_zoom(surface: TimelineSurface) -> None:
    QTest.keyClick(surface, Qt.Key.Key_Plus)
    assert not surface.axis.is_whole
    QTest.keyClick(surface, Qt.Key.Key_0)
    assert surface.axis.is_whole


def test_tips_say_what_lies_there(surface: TimelineSurface) -> None:
    assert surface.tip(QPointF(place(surface, 15, "jump"))) == "jump\n0:00:10.000 – 0:00:20.000 (10.000 s)"
    assert surface.tip(QPointF(place(surface, 5, "car5.0"))).startswith("car")
    assert surface.tip(QPointF(5, 100)) == ""


def test_what_streams_in_is_drawn_at_once(surface: TimelineSurface, editor: DocumentEditor, qtbot: QtBot) -> None:
    before = surface.paints
    for n in range(200):
        editor.add([VideoEvent(label="late", start=n / 10, end=n / 10 + 0.05)], "Run", run="r")
    qtbot.waitUntil(lambda: len(surface.scene.events.ids) == 202)
    qtbot.waitUntil(lambda: surface.paints > before)
    assert surface.paints - before < 10


def test_playing_paints_only_the_line(surface: TimelineSurface) -> None:
    surface.grab()
    before = surface.paints
    for n in range(25):
        surface.set_playhead(n / 25)
        surface.grab()
    assert surface.paints == before
    surface.set_axis(surface.axis.zoomed(20, surface.axis.x(0)))
    surface.set_playhead(40.0, follow=True)
    assert surface.axis.start <= 40 <= surface.axis.end


def test_what_is_selected_elsewhere_comes_into_view(surface: TimelineSurface, editor: DocumentEditor) -> None:
    surface.set_axis(surface.axis.zoomed(10, surface.axis.x(0)))
    editor.select(["land"])
    assert surface.axis.start <= 30 <= surface.axis.end


def test_it_is_painted_in_light_and_dark(surface: TimelineSurface, editor: DocumentEditor) -> None:
    thumbnail = QImage(16, 9, QImage.Format.Format_RGB32)
    thumbnail.fill(QColor("red"))
    surface.show_film(Film(60.0, 0.04, 4.0, 50.0, (1.0,), ((0.0, thumbnail), (30.0, thumbnail))))
    editor.select(["land", "car5.0"])
    corners = []
    for dark in (False, True):
        surface.setPalette(palette_of(dark))
        image = surface.grab().toImage()
        corners.append(image.pixelColor(NAMES - 4, image.height() - 4).lightness())
        middle = surface.layout_.strip_top + 20
        assert image.pixelColor(round(surface.axis.x(31)), round(middle)) == QColor("red")
    assert corners[0] > 200 > 60 > corners[1]


def test_ten_thousand_events_are_painted_quickly(surface: TimelineSurface, editor: DocumentEditor) -> None:
    editor.add([VideoEvent(label=f"{n % 9}", start=n / 200, end=n / 200 + 0.5) for n in range(10_000)], "Add")
    assert surface.scene.rows > 9
    began = time.process_time()
    surface.grab()
    assert time.process_time() - began < 0.5


def test_without_a_film_it_is_empty(surface: TimelineSurface) -> None:
    surface.show_film(None, ())
    surface.show_editor(None)
    surface.grab()
    QTest.mouseClick(surface, LEFT, NONE, QPoint(300, 100))
    assert surface.scene.is_empty
