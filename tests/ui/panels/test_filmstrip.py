from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QTableView
from pytestqt.qtbot import QtBot
from widgets import child, click, press, write

from qwvis_desktop.ui.panels import filmstrip
from qwvis_desktop.ui.panels.filmstrip import THUMBNAIL, Filmstrip, FilmstripItem, PictureState
from qwvis_desktop.ui.panels.filmstrip_rows import NOTE

ITEMS = tuple(FilmstripItem(f"k{number}", f"picture {number}.jpg") for number in range(3))


@pytest.fixture
def strip(qtbot: QtBot) -> Filmstrip:
    strip = Filmstrip()
    qtbot.addWidget(strip)
    strip.resize(260, 220)
    strip.show()
    strip.set_items(ITEMS)
    strip.set_current("k0")
    return strip


def view(strip: Filmstrip) -> QTableView:
    return child(strip, QTableView)


def accessible(strip: Filmstrip) -> list[str]:
    model = view(strip).model()
    rows = range(model.rowCount())
    return [str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in rows]


def test_choosing_is_told_and_being_told_is_not(strip: Filmstrip, qtbot: QtBot) -> None:
    told: list[str] = []
    strip.chosen.connect(told.append)
    strip.set_current("k2")
    strip.set_items((*ITEMS, FilmstripItem("k3", "new.jpg")))
    assert told == []
    press(view(strip), Qt.Key.Key_Up)
    click(view(strip).viewport(), view(strip).visualRect(view(strip).model().index(0, 0)).center())
    assert told == ["k1", "k0"]


def test_the_current_one_stays_while_others_come_and_go(strip: Filmstrip) -> None:
    strip.set_current("k1")
    strip.set_items((FilmstripItem("a", "a.jpg"), *ITEMS[1:]))
    assert view(strip).currentIndex().data() == "picture 1.jpg"
    strip.set_items(ITEMS[:1])
    assert not view(strip).currentIndex().isValid()


def test_what_is_selected_is_all_of_it_also_while_a_shortcut_is_held(strip: Filmstrip) -> None:
    strip.select(["k0", "k1"])
    press(strip, Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
    strip.set_current("k2")
    assert list(strip.selected) == ["k2"]
    strip.select(["k0", "k2"])
    assert list(strip.selected) == ["k0", "k2"]
    strip.select(["k1", "k2", "gone"])
    assert list(strip.selected) == ["k1", "k2"]
    press(strip, Qt.Key.Key_F5)


def test_states_stay_until_another_is_given(strip: Filmstrip) -> None:
    strip.set_state("k0", PictureState.OK, "14 boxes")
    strip.set_state("gone", "failed", "lost")
    strip.set_items((*ITEMS, FilmstripItem("k3", "bad.jpg")))
    strip.set_problem("k3", "not a picture")
    assert accessible(strip) == [
        "picture 0.jpg, 14 boxes", "picture 1.jpg", "picture 2.jpg", "bad.jpg, not a picture",
    ]  # fmt: skip
    strip.set_problem("k3", "")
    strip.set_state("k0", PictureState.IDLE)
    strip.set_items(ITEMS[:1])
    assert accessible(strip) == ["picture 0.jpg"]


def test_badges_are_seen(strip: Filmstrip) -> None:
    pictures = []
    strip.set_current("k2")
    for state in (PictureState.IDLE, PictureState.BUSY, PictureState.OK, PictureState.CHECKED, PictureState.FAILED):
        strip.set_state("k0", state)
        pictures.append(view(strip).grab(view(strip).visualRect(view(strip).model().index(0, 0))).toImage())
    assert all(first != second for place, first in enumerate(pictures) for second in pictures[:place])


def test_small_views_are_asked_for_once_and_only_where_seen(qtbot: QtBot) -> None:
    strip = Filmstrip()
    qtbot.addWidget(strip)
    strip.resize(200, 220)
    told: list[str] = []
    strip.thumbnail_needed.connect(told.append)
    strip.set_items(FilmstripItem(f"k{number}", "x.jpg") for number in range(2_000))
    strip.show()
    qtbot.waitUntil(lambda: len(told) >= 4)
    strip.repaint()
    assert told[:4] == ["k0", "k1", "k2", "k3"]
    assert len(told) == len(set(told)) < 20


def test_a_small_view_is_drawn(strip: Filmstrip) -> None:
    image = QImage(THUMBNAIL.width() * 2, THUMBNAIL.height() * 2, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff8800"))
    strip.set_thumbnail("k1", image)
    strip.set_thumbnail("gone", image)
    row = view(strip).visualRect(view(strip).model().index(1, 0))
    shown = view(strip).grab(row).toImage()
    assert shown.pixelColor(6 + THUMBNAIL.width() // 2, row.height() // 2) == QColor("#ff8800")


def test_a_picture_can_be_closed(strip: Filmstrip, qtbot: QtBot) -> None:
    told: list[str] = []
    strip.close_requested.connect(told.append)
    place = view(strip).visualRect(view(strip).model().index(1, 0)).center()
    view(strip).customContextMenuRequested.emit(place)
    menu = child(strip, QMenu)
    check, close = menu.actions()
    checked: list[tuple[str, bool]] = []
    strip.check_requested.connect(lambda key, on: checked.append((key, on)))
    check.trigger()
    close.trigger()
    menu.close()
    assert told == ["k1"]
    assert checked == [("k1", True)]


def test_checked_pictures_are_marked_and_said(strip: Filmstrip) -> None:
    strip.set_checked(["k1", "unknown"])
    strip.set_work("k1", "3 objects")
    assert accessible(strip)[1] == "picture 1.jpg, 3 objects, checked"
    strip.set_checked(["k0"])
    assert accessible(strip)[:2] == ["picture 0.jpg, checked", "picture 1.jpg, 3 objects"]
    strip.set_work("k1", "")
    strip.set_state("k2", PictureState.BUSY)
    strip.set_work("k2", "1 object")
    assert accessible(strip)[1:] == ["picture 1.jpg", "picture 2.jpg"]


def test_pictures_are_found_by_parts_of_their_names(qtbot: QtBot) -> None:
    strip = Filmstrip()
    qtbot.addWidget(strip)
    strip.set_items(FilmstripItem(f"k{number}", f"Street {number}.JPG") for number in range(200))
    strip.set_current("k17")
    strip.show()
    line = child(strip, QLineEdit)
    assert line.isVisible()
    told: list[str] = []
    strip.chosen.connect(told.append)
    line.setText("17 street")
    names = [name.partition(",")[0] for name in accessible(strip)]
    assert names == ["Street 17.JPG", "Street 117.JPG", "Street 170.JPG"] + [f"Street 17{n}.JPG" for n in range(1, 10)]
    assert view(strip).currentIndex().data() == "Street 17.JPG"
    line.setText("nothing like it")
    assert accessible(strip) == []
    line.clear()
    assert len(accessible(strip)) == 200
    assert view(strip).currentIndex().data() == "Street 17.JPG"
    assert told == []


def test_the_search_is_there_where_there_is_much_to_search(strip: Filmstrip) -> None:
    assert not child(strip, QLineEdit).isVisible()


def test_only_the_latest_small_views_are_kept(strip: Filmstrip, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(filmstrip, "MOST_THUMBNAILS", 2)
    told: list[str] = []
    strip.thumbnail_needed.connect(told.append)
    qtbot.waitUntil(lambda: len(told) >= 3)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    for key in ("k0", "k1", "k2"):
        strip.set_thumbnail(key, image)
    told.clear()
    view(strip).viewport().repaint()
    qtbot.waitUntil(lambda: told == ["k0"])
    strip.not_made(["k0"])
    strip.forget("k1")
    view(strip).viewport().repaint()
    qtbot.waitUntil(lambda: told == ["k0", "k0", "k1"])


def test_an_empty_list_says_what_to_do(strip: Filmstrip) -> None:
    strip.set_items(())
    label = child(strip, QLabel)
    assert label.isVisible()
    assert "Drop pictures" in label.text()
    assert not view(strip).isVisible()


def test_further_ones_come_behind_the_others_and_nothing_is_filled_anew(strip: Filmstrip) -> None:
    strip.set_current("k1")
    resets: list[bool] = []
    view(strip).model().modelReset.connect(lambda: resets.append(True))
    strip.add_items([FilmstripItem("k3", "new.jpg"), FilmstripItem("k4", "old.jpg")])
    assert (resets, view(strip).model().rowCount()) == ([], 5)
    assert view(strip).currentIndex().data() == "picture 1.jpg"
    strip.set_current("k4")
    assert view(strip).currentIndex().data() == "old.jpg"


def test_a_name_with_line_breaks_has_one_line(strip: Filmstrip) -> None:
    strip.set_items([FilmstripItem("k", "new\nline \r\n.jpg")])
    strip.set_state("k", PictureState.FAILED, "why\nnot")
    row = view(strip).model().index(0, 0)
    assert (row.data(), row.data(NOTE)) == ("new line .jpg", "why not")
    assert accessible(strip) == ["new line .jpg, why not"]


def test_further_ones_are_searched_too(strip: Filmstrip) -> None:
    child(strip, QLineEdit).setText("new")
    strip.add_items([FilmstripItem("k3", "New.jpg"), FilmstripItem("k4", "old.jpg")])
    assert [view(strip).model().index(row, 0).data() for row in range(view(strip).model().rowCount())] == ["New.jpg"]
    child(strip, QLineEdit).setText("old")
    assert view(strip).model().index(0, 0).data() == "old.jpg"
    child(strip, QLineEdit).clear()
    assert view(strip).model().rowCount() == 5


def test_the_search_leads_into_what_it_found(strip: Filmstrip, qtbot: QtBot) -> None:
    chosen: list[str] = []
    strip.chosen.connect(chosen.append)
    strip.set_items([FilmstripItem(f"k{n}", f"picture {n}.jpg") for n in range(20)])
    strip.set_current("k0")
    search = child(strip, QLineEdit)
    search.setFocus()
    write(search, "picture 1")
    press(search, Qt.Key.Key_Return)
    assert chosen == ["k1"]
    press(search, Qt.Key.Key_Return)
    assert chosen == ["k1"]  # one of them is looked at
    press(search, Qt.Key.Key_Down)
    assert strip.focusWidget() is view(strip)
    press(view(strip), Qt.Key.Key_Down)
    assert chosen == ["k1", "k10"]
    search.setText("nothing")
    search.setFocus()
    press(search, Qt.Key.Key_Down)
    assert chosen == ["k1", "k10"]
    assert strip.focusWidget() is search
