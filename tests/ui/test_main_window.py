from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextBrowser,
    QToolBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from widgets import child, press

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.empty import EmptyCanvas
from qwvis_desktop.ui.main_window import MainWindow
from qwvis_desktop.ui.palette import contrast
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel
from qwvis_desktop.ui.panels.dock_title import DockTitle
from qwvis_desktop.ui.panels.docks import LEAST_TIMELINE, SPACE_PANELS
from qwvis_desktop.ui.panels.first_panels import FirstPanels
from qwvis_desktop.ui.panels.panel_set import panels_round
from qwvis_desktop.ui.theme import palette_of

DOCKS = ("prompt", "pictures", "annotations", "evidence", "reply")


def new_window(canvas: QWidget) -> MainWindow:
    first = FirstPanels.new()
    window = MainWindow(EmptyCanvas(), first, Actions())
    window.complete_actions()
    window.place_canvas(canvas)
    *_, rest = panels_round(first)
    assert rest is not None
    window.place(rest.docked(), above=rest.find_bar, below=(rest.correction, rest.series_bar))
    return window


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    canvas = QWidget()
    canvas.setAccessibleName("canvas")
    window = new_window(canvas)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def dock(window: MainWindow, name: str) -> QDockWidget:
    return next(found for found in window.findChildren(QDockWidget) if found.objectName() == name)


def title(window: MainWindow, name: str) -> DockTitle:
    bar = dock(window, name).titleBarWidget()
    assert isinstance(bar, DockTitle)
    return bar


def test_the_list_and_the_evidence_are_in_front_at_first(window: MainWindow) -> None:
    names = ("annotations", "steps", "evidence", "object", "review", "reply")
    in_front = {name for name in names if seen(window, name)}
    assert in_front == {"annotations", "evidence", "reply"}


def test_no_letter_of_the_panels_takes_one_of_the_menu_bar(window: MainWindow) -> None:
    menus = {menu.text().partition("&")[2][0].lower() for menu in window.menuBar().actions()}
    labels = [each for each in window.findChildren(QLabel) if each.buddy() is not None]
    buttons = [each for each in window.findChildren(QAbstractButton) if not isinstance(each.parent(), QToolBar)]
    texts = [text for text in [*(each.text() for each in labels), *(each.text() for each in buttons)] if "&" in text]
    assert len(texts) > 10
    assert [text for text in texts if text.partition("&")[2][0].lower() in menus] == []


def seen(window: MainWindow, name: str) -> bool:
    return not dock(window, name).visibleRegion().isEmpty()


@pytest.mark.parametrize("size", [(1280, 800), (1000, 650)])
def test_everything_has_its_place(window: MainWindow, size: tuple[int, int], qtbot: QtBot) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    canvas = child(window, QWidget, "canvas")
    assert canvas.width() >= size[0] * 0.35
    assert canvas.height() >= size[1] * 0.38
    for name in DOCKS:
        inner = dock(window, name).widget()
        assert inner is not None
        assert inner.width() >= inner.minimumSizeHint().width()
        assert inner.height() >= min(inner.minimumSizeHint().height(), 100)


@pytest.mark.parametrize("size", [(1280, 800), (1000, 650)])
def test_space_has_its_place_too(window: MainWindow, size: tuple[int, int], qtbot: QtBot) -> None:
    assert all(dock(window, name).isHidden() for name in SPACE_PANELS)
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    column = dock(window, "annotations").width()
    window.show_space()
    qtbot.waitUntil(lambda: dock(window, "plan").isVisible() and dock(window, "orbit").width() > 200)
    canvas = child(window, QWidget, "canvas")
    assert (window.width(), window.height()) == size
    assert canvas.width() >= size[0] * 0.35
    assert canvas.height() >= size[1] * 0.38
    assert dock(window, "annotations").width() == pytest.approx(column, abs=30)
    for name in (*DOCKS, *SPACE_PANELS):
        window.show_panel(name)
        QApplication.processEvents()
        inner = dock(window, name).widget()
        assert inner is not None
        assert inner.width() >= inner.minimumSizeHint().width(), name
        assert inner.height() >= min(inner.minimumSizeHint().height(), 100), name


@pytest.mark.parametrize("size", [(1280, 800), (1000, 650)])
def test_the_first_film_gets_room_for_lanes_and_after_that_it_is_the_users(
    window: MainWindow, size: tuple[int, int], qtbot: QtBot
) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    timeline = dock(window, "timeline")
    window.show_timeline(True)
    qtbot.waitUntil(lambda: timeline.height() >= LEAST_TIMELINE)
    assert child(window, QWidget, "canvas").height() >= size[1] * 0.38
    window.resizeDocks([timeline], [200], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: timeline.height() < LEAST_TIMELINE)
    chosen = timeline.height()
    window.show_timeline(False)
    window.show_timeline(True)
    QApplication.processEvents()
    assert timeline.height() == chosen


def test_space_is_shown_once_and_again_with_the_first_layout(window: MainWindow) -> None:
    window.show_space()
    dock(window, "orbit").close()
    window.show_space()
    assert dock(window, "orbit").isHidden()
    window.reset_layout()
    assert not any(dock(window, name).isHidden() for name in SPACE_PANELS)


def shown_tabs(window: MainWindow) -> list[str]:
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return sorted(bar.tabText(place) for bar in bars if bar.isVisible() for place in range(bar.count()))


def test_each_panel_has_one_tab_however_the_layout_came(window: MainWindow) -> None:
    at_first = ["Annotations", "Evidence", "Object", "Reply", "Review", "Steps", "Text"]
    assert shown_tabs(window) == at_first
    window.show_space()
    with_space = sorted([*at_first, "Camera", "Cuboid", "Plan"])
    assert shown_tabs(window) == with_space
    assert window.restore_state(window.save_state())
    assert shown_tabs(window) == with_space
    window.reset_layout()
    assert shown_tabs(window) == with_space


def test_columns_are_as_wide_as_their_words_need(window: MainWindow) -> None:
    assert (dock(window, "prompt").width(), dock(window, "annotations").width()) == (290, 310)


@pytest.mark.parametrize("name", DOCKS)
def test_an_action_shows_and_hides_its_panel(window: MainWindow, name: str) -> None:
    action = window.actions_[f"panel.{name}"]
    assert action.isChecked()
    action.trigger()
    assert not dock(window, name).isVisible()
    assert not action.isChecked()
    action.trigger()
    assert dock(window, name).isVisible()
    child(title(window, name), QToolButton).click()
    assert not action.isChecked()
    window.show_panel(name)
    assert dock(window, name).isVisible()
    assert action.isChecked()


def test_the_key_of_a_panel_behind_another_brings_it_to_the_front(window: MainWindow, qtbot: QtBot) -> None:
    action = window.actions_["panel.steps"]
    qtbot.waitUntil(lambda: seen(window, "annotations"))
    assert action.isChecked()
    action.trigger()
    qtbot.waitUntil(lambda: seen(window, "steps"))
    assert action.isChecked()
    action.trigger()
    assert not dock(window, "steps").isVisible()


def test_the_layout_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1100, 700)
    dock(window, "evidence").close()
    state = window.save_state()
    other = new_window(QWidget())
    qtbot.addWidget(other)
    other.show()
    assert other.restore_state(state)
    assert not dock(other, "evidence").isVisible()
    assert not other.actions_["panel.evidence"].isChecked()
    other.reset_layout()
    assert dock(other, "evidence").isVisible()


@pytest.mark.parametrize(
    "state", [b"", b"abc", b"\0\0\0\4abcd", b"\xff\xff\xff\xff", bytes(200), b"\0\0\0\x05" + b"x" * 900]
)
def test_a_damaged_layout_changes_nothing(window: MainWindow, state: bytes) -> None:
    before = window.saveState()
    assert not window.restore_state(state)
    assert window.saveState() == before


def test_the_title_names_the_picture(window: MainWindow) -> None:
    assert window.windowTitle() == "QwVis[*]"
    window.show_title("street.jpg")
    assert window.windowTitle() == "street.jpg[*] - QwVis"


def test_the_window_has_an_icon(window: MainWindow) -> None:
    assert not window.windowIcon().pixmap(32, 32).isNull()


def test_closing_is_told(window: MainWindow) -> None:
    told: list[None] = []
    window.closing.connect(lambda: told.append(None))
    window.close()
    assert len(told) == 1


def test_actions_of_the_window_reach_who_listens(window: MainWindow, qtbot: QtBot) -> None:
    told: list[str] = []
    window.actions_.triggered.connect(told.append)
    press(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    window.actions_.set_enabled("run.start", True)
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert told == ["file.open", "run.start"]


def test_every_control_has_a_name(window: MainWindow) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTextBrowser, QAbstractItemView)
    inside = (QHeaderView, QScrollBar)

    def is_part(widget: QWidget) -> bool:
        """Say whether it is a part of another control, or one that Qt makes and names itself."""
        parent = widget.parentWidget()
        own = isinstance(parent, QComboBox | QLineEdit | QToolBar | QMenuBar | QAbstractItemView)
        return own or widget.window() is not window or widget.objectName().startswith("qt_")

    nameless = [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for kind in kinds
        for widget in window.findChildren(kind)
        if not isinstance(widget, inside) and not is_part(widget)
        if not widget.accessibleName() and not getattr(widget, "text", str)()
    ]
    assert nameless == []


def test_the_keyboard_goes_through_the_prompt_in_order(window: MainWindow, qtbot: QtBot) -> None:
    panel = child(window, PromptPanel)
    service = next(combo for combo in panel.findChildren(QComboBox) if combo.accessibleName() == "Service")
    service.setFocus()
    names = []
    for _ in range(9):
        focused = window.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
        press(focused, Qt.Key.Key_Tab)
    assert names == [
        "Service",
        "Services and keys",
        "Model",
        "Task",
        "Look for",
        "Prompt",
        "Options",
        "Coordinates",
        "Run",
    ]


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_the_keyboard_goes_round_through_what_is_seen_and_nothing_else(window: MainWindow, key: Qt.Key) -> None:
    service = next(combo for combo in window.findChildren(QComboBox) if combo.accessibleName() == "Service")
    service.setFocus()
    passed: list[QWidget] = []
    focused: QWidget | None = service
    while focused is not None and focused not in passed:
        passed.append(focused)
        assert window.docks.is_in_sight(focused), focused.accessibleName()
        press(focused, key)
        focused = window.focusWidget()
    assert focused is service
    names = {widget.accessibleName() for widget in passed}
    assert {"Prompt", "Filter annotations", "Evidence", "Raw reply"} <= names
    assert "Steps" not in names  # it stands behind the list


def test_every_word_follows_the_theme_while_it_is_shown(window: MainWindow, qapp: QApplication) -> None:
    before = qapp.palette()
    try:
        for dark in (True, False):
            qapp.setPalette(palette_of(dark))
            qapp.processEvents()
            ground = palette_of(dark).color(QPalette.ColorRole.Window)
            stale = [
                label.text()
                for label in window.findChildren(QLabel)
                if label.isVisible() and contrast(label.palette().color(QPalette.ColorRole.WindowText), ground) < 3
            ]
            assert stale == []
    finally:
        qapp.setPalette(before)
