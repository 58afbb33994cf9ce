from pathlib import Path

import pytest
from canvas_pictures import Opened, plain
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Detection, Keypoint
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.look import Look
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.theme import palette_of

CAR = Detection(id="car", label="car", box=Box(50, 60, 150, 160))
DOG = Detection(id="dog", label="dog", box=Box(80, 90, 120, 130), score=0.5)
NOSE = Keypoint(id="nose", label="nose", point=Point(300, 200))

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def at(canvas: CanvasView, x: float, y: float) -> QPoint:
    place = canvas.viewport.to_widget(Point(x, y))
    return QPoint(round(place.x), round(place.y))


def click(canvas: CanvasView, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(canvas, LEFT, modifiers, at(canvas, x, y))


def wheel(
    canvas: CanvasView,
    place: QPointF,
    turn: QPoint,
    *,
    pixels: QPoint | None = None,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    event = QWheelEvent(
        place,
        QPointF(canvas.mapToGlobal(place)),
        pixels or QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        modifiers,
        phase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def grabbed(canvas: CanvasView) -> QImage:
    return canvas.grab().toImage()


def color_at(canvas: CanvasView, x: float, y: float) -> str:
    place = at(canvas, x, y)
    return grabbed(canvas).pixelColor(place).name()


def test_a_picture_is_fitted_and_small_ones_stand_at_100_percent(opened: Opened) -> None:
    canvas, _ = opened(size=Size(2000, 1000), view=Size(524, 424))
    assert canvas.zoom == 0.25
    canvas, _ = opened(size=Size(40, 30))
    assert canvas.zoom == 1.0


def test_the_picture_and_its_boxes_are_painted_in_their_colours(opened: Opened) -> None:
    canvas, _ = opened(CAR)
    assert color_at(canvas, 250, 250) == "#787878"
    assert color_at(canvas, 50, 100) == palette.color_for("car").name()
    assert color_at(canvas, 100, 160) == palette.color_for("car").name()
    assert color_at(canvas, 100, 110) == "#787878"


def test_a_label_stands_on_its_box(opened: Opened) -> None:
    canvas, _ = opened(CAR)
    assert color_at(canvas, 51, 50) == palette.color_for("car").name()
    canvas.set_look(Look(labels=False))
    assert color_at(canvas, 51, 50) == "#787878"


def test_hidden_annotations_are_not_drawn(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    editor.hide(["car"])
    assert color_at(canvas, 50, 100) == "#787878"
    editor.hide([])
    assert color_at(canvas, 50, 100) != "#787878"
    canvas.set_look(Look(annotations=False))
    assert color_at(canvas, 50, 100) == "#787878"
    canvas.set_look(Look())
    assert color_at(canvas, 50, 100) != "#787878"


def test_what_arrives_is_drawn_onto_what_is_there(opened: Opened, qtbot: QtBot) -> None:
    canvas, editor = opened(CAR)
    canvas.repaint()
    before = canvas.exact_paints
    editor.add([DOG], "reply", run="r1")
    editor.add([NOSE], "reply", run="r1")
    assert color_at(canvas, 80, 100) == palette.color_for("dog").name()
    assert color_at(canvas, 300, 200) == palette.color_for("nose").name()
    assert canvas.exact_paints == before, "all was painted anew for two new annotations"


def test_what_was_added_looks_the_same_painted_anew(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    canvas.repaint()
    editor.add([NOSE], "reply", run="r1")
    streamed = grabbed(canvas)
    canvas.invalidate()
    assert grabbed(canvas) == streamed


def test_undo_takes_a_box_off_and_redo_puts_it_back(opened: Opened) -> None:
    canvas, editor = opened()
    editor.add([CAR], "add")
    editor.undo_stack.undo()
    assert color_at(canvas, 50, 100) == "#787878"
    editor.undo_stack.redo()
    assert color_at(canvas, 50, 100) == palette.color_for("car").name()


def test_a_removed_box_put_back_beneath_another_is_drawn_there(opened: Opened) -> None:
    canvas, editor = opened(CAR, DOG)
    editor.remove(["car"], "delete")
    assert color_at(canvas, 50, 100) == "#787878"
    editor.undo_stack.undo()
    assert color_at(canvas, 50, 100) == palette.color_for("car").name()


def test_a_changed_box_moves(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    editor.replace([Detection(id="car", label="car", box=Box(200, 60, 250, 160))], "move")
    assert color_at(canvas, 50, 100) == "#787878"
    assert color_at(canvas, 200, 100) == palette.color_for("car").name()


def test_a_click_selects_the_smallest_and_beside_all_nothing(opened: Opened) -> None:
    canvas, editor = opened(CAR, DOG, NOSE)
    click(canvas, 100, 110)
    assert editor.selection == {"dog"}
    click(canvas, 60, 70)
    assert editor.selection == {"car"}
    click(canvas, 303, 203)
    assert editor.selection == {"nose"}
    click(canvas, 390, 290)
    assert editor.selection == frozenset()


def test_with_ctrl_a_click_adds_and_takes_out(opened: Opened) -> None:
    canvas, editor = opened(CAR, DOG, NOSE)
    control = Qt.KeyboardModifier.ControlModifier
    click(canvas, 60, 70)
    click(canvas, 300, 200, control)
    assert editor.selection == {"car", "nose"}
    click(canvas, 60, 70, control)
    assert editor.selection == {"nose"}


def test_with_alt_clicks_walk_through_what_lies_above_each_other(opened: Opened) -> None:
    canvas, editor = opened(CAR, DOG)
    found: list[str] = []
    for _ in range(3):
        click(canvas, 100, 110, Qt.KeyboardModifier.AltModifier)
        found += editor.selection
    assert found == ["dog", "car", "dog"]
    click(canvas, 390, 290, Qt.KeyboardModifier.AltModifier)
    assert editor.selection == frozenset()


def test_hidden_annotations_cannot_be_clicked(opened: Opened) -> None:
    canvas, editor = opened(CAR, DOG)
    editor.hide(["dog"])
    click(canvas, 100, 110)
    assert editor.selection == {"car"}


def test_the_selection_and_what_is_under_the_pointer_stand_out(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    plain_look = grabbed(canvas)
    QTest.mouseMove(canvas, at(canvas, 100, 110))
    hovered = grabbed(canvas)
    assert hovered != plain_look
    editor.select(["car"])
    assert grabbed(canvas) not in (plain_look, hovered)
    seen = canvas.as_seen()
    assert seen.pixelColor(at(canvas, 100, 110)).name() == "#787878"
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    editor.select([])
    assert grabbed(canvas) == plain_look


class Counter(QObject):
    """Counts the events of a widget by their kind."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.counts: dict[QEvent.Type, int] = {}
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.counts[event.type()] = self.counts.get(event.type(), 0) + 1
        return False


def test_a_pointer_that_moves_on_the_same_thing_changes_nothing(opened: Opened) -> None:
    canvas, editor = opened(CAR, DOG)
    editor.select(["car"])
    QTest.mouseMove(canvas, at(canvas, 60, 70))
    grabbed(canvas)
    QApplication.processEvents()
    counter = Counter(canvas)
    pointed: list[object] = []
    canvas.pointed.connect(pointed.append)
    for step in range(8):
        QTest.mouseMove(canvas, at(canvas, 60, 72 + step))
        QApplication.processEvents()
    assert counter.counts[QEvent.Type.MouseMove] == 8
    assert not counter.counts.keys() & {QEvent.Type.CursorChange, QEvent.Type.Paint, QEvent.Type.UpdateRequest}
    assert pointed == []
    QTest.mouseMove(canvas, at(canvas, 100, 110))
    QApplication.processEvents()
    assert counter.counts[QEvent.Type.Paint] == 1
    assert pointed == ["dog"]
    QTest.mouseMove(canvas, at(canvas, 390, 290))
    assert QEvent.Type.CursorChange in counter.counts
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_dragging_moves_the_picture_and_selects_nothing(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    start, before = at(canvas, 100, 110), canvas.viewport.placed
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(30, 20))
    QTest.mouseRelease(canvas, LEFT, NONE, start + QPoint(30, 20))
    assert canvas.viewport.placed == Point(before.x + 30, before.y + 20)
    assert editor.selection == frozenset()


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_space_and_the_middle_button_move_the_picture_at_once(opened: Opened, button: Qt.MouseButton) -> None:
    canvas, editor = opened(CAR)
    start, before = at(canvas, 100, 110), canvas.viewport.placed
    if button == LEFT:
        QTest.keyPress(canvas, Qt.Key.Key_Space)
        assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, button, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(2, 1))
    QTest.mouseRelease(canvas, button, NONE, start + QPoint(2, 1))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.placed == Point(before.x + 2, before.y + 1)
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert editor.selection == frozenset()


def test_the_wheel_zooms_round_the_pointer(opened: Opened) -> None:
    canvas, _ = opened()
    place = QPointF(120, 90)
    point = canvas.viewport.to_picture(Point(place.x(), place.y()))
    for _ in range(4):
        wheel(canvas, place, QPoint(0, 120))
    assert canvas.zoom == pytest.approx(2.0)
    after = canvas.viewport.to_picture(Point(place.x(), place.y()))
    assert after == pytest.approx(point, abs=0.5)
    for _ in range(4):
        wheel(canvas, place, QPoint(0, -120), modifiers=Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom == pytest.approx(1.0)


def test_two_fingers_move_the_picture_and_zoom_with_ctrl(opened: Opened) -> None:
    canvas, _ = opened()
    before, update = canvas.viewport.placed, Qt.ScrollPhase.ScrollUpdate
    wheel(canvas, QPointF(100, 100), QPoint(0, 40), pixels=QPoint(7, 13), phase=update)
    assert canvas.viewport.placed == Point(before.x + 7, before.y + 13)
    assert canvas.zoom == 1.0
    control = Qt.KeyboardModifier.ControlModifier
    wheel(canvas, QPointF(100, 100), QPoint(0, 40), pixels=QPoint(0, 13), phase=update, modifiers=control)
    assert canvas.zoom > 1.0


def test_keys_zoom_and_move(opened: Opened) -> None:
    canvas, _ = opened(size=Size(2000, 1000), view=Size(524, 424))
    canvas.set_zoom(1.0)
    assert canvas.zoom == 1.0
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.zoom == 1.25
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.zoom == 1.0
    before = canvas.viewport.placed
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.placed.x < before.x
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.zoom == 0.25


def test_a_fitted_picture_stays_fitted_and_a_placed_one_keeps_its_middle(opened: Opened, qtbot: QtBot) -> None:
    canvas, _ = opened(size=Size(2000, 1000), view=Size(524, 424))
    canvas.resize(1024, 824)
    assert canvas.zoom == 0.5
    canvas.set_zoom(2.0)
    middle = canvas.viewport.to_picture(Point(512, 412))
    canvas.resize(624, 512)
    assert canvas.zoom == 2.0
    assert canvas.viewport.to_picture(Point(312, 256)) == pytest.approx(middle, abs=1.0)


def test_zoom_and_the_size_it_needs_are_told(opened: Opened) -> None:
    canvas, _ = opened(size=Size(400, 300))
    told: list[object] = []
    canvas.zoom_changed.connect(told.append)
    canvas.visible_size_needed.connect(told.append)
    canvas.set_zoom(2.0)
    canvas.pan(5, 5)
    assert told == [2.0, Size(800, 600)]


def test_the_pointers_place_is_told_in_original_pixels(opened: Opened, qtbot: QtBot) -> None:
    canvas, _ = opened()
    told: list[Point | None] = []
    canvas.pointer_moved.connect(told.append)
    canvas.set_zoom(2.0)
    QTest.mouseMove(canvas, at(canvas, 200, 150))
    assert told[-1] == pytest.approx((200, 150), abs=0.5)
    canvas.fit()
    QTest.mouseMove(canvas, QPoint(2, 2))
    assert told[-1] is None


def test_center_on_moves_only_what_is_out_of_view(opened: Opened) -> None:
    canvas, _ = opened(CAR, NOSE)
    before = canvas.viewport
    canvas.center_on(["car"])
    assert canvas.viewport == before
    canvas.set_zoom(8.0)
    canvas.center_on(["nose"])
    assert canvas.viewport.to_picture(Point(250, 200)) == pytest.approx((300, 200), abs=0.2)
    canvas.center_on(["car"])
    assert canvas.zoom < 8.0
    shown = canvas.viewport.visible(Point(500, 400))
    assert shown.left < 50
    assert shown.right > 150
    canvas.center_on(["unknown"])


def test_single_pixels_are_squares_at_high_zoom(opened: Opened) -> None:
    canvas, _ = opened(size=Size(40, 30))
    canvas.set_picture(plain(Size(40, 30), QColor("#ff0000")))
    canvas.set_zoom(16.0)
    assert color_at(canvas, 20.5, 15.5) == "#ff0000"


def drop_events(canvas: CanvasView, mime: QMimeData) -> QDropEvent:
    action, button = Qt.DropAction.CopyAction, LEFT
    QApplication.sendEvent(canvas, QDragEnterEvent(QPoint(9, 9), action, mime, button, NONE))
    QApplication.sendEvent(canvas, QDragMoveEvent(QPoint(9, 9), action, mime, button, NONE))
    event = QDropEvent(QPointF(9, 9), action, mime, button, NONE)
    QApplication.sendEvent(canvas, event)
    return event


def files(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(f"/nowhere/{name}") for name in names])
    return mime


@pytest.fixture
def empty(qtbot: QtBot) -> CanvasView:
    canvas = CanvasView()
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.show()
    return canvas


def test_while_hovering_it_says_what_a_drop_will_do(empty: CanvasView) -> None:
    mime = files("a.jpg", "b.jpg")
    before = grabbed(empty)
    QApplication.sendEvent(empty, QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, LEFT, NONE))
    assert empty.drop_sentence == "Open 2 pictures"
    assert grabbed(empty) != before
    QApplication.sendEvent(empty, QDragLeaveEvent())
    assert empty.drop_sentence == ""
    assert grabbed(empty) == before


def test_dropped_files_are_announced(empty: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(empty.files_dropped) as told:
        assert drop_events(empty, files("a.jpg", "b.jpg")).isAccepted()
    assert told.args == [[Path("/nowhere/a.jpg"), Path("/nowhere/b.jpg")]]


def test_refused_files_are_said_and_not_announced(empty: CanvasView, qtbot: QtBot) -> None:
    mime = files("letter.docx")
    QApplication.sendEvent(empty, QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, LEFT, NONE))
    assert empty.drop_sentence == "QwVis can't open .docx files"
    grabbed(empty)
    with qtbot.assertNotEmitted(empty.files_dropped):
        assert not drop_events(empty, mime).isAccepted()


def test_links_text_and_pictures_are_announced(empty: CanvasView, qtbot: QtBot) -> None:
    link = QMimeData()
    link.setUrls([QUrl("https://example.org/a.jpg")])
    with qtbot.waitSignal(empty.urls_dropped) as told:
        drop_events(empty, link)
    assert told.args == [["https://example.org/a.jpg"]]
    text = QMimeData()
    text.setText('[{"bbox_2d": []}]')
    with qtbot.waitSignal(empty.text_dropped) as told:
        drop_events(empty, text)
    assert told.args == ['[{"bbox_2d": []}]']
    pixels = QMimeData()
    pixels.setImageData(QImage(3, 2, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(empty.picture_dropped) as told:
        drop_events(empty, pixels)
    assert told.args is not None
    assert QImage.fromData(told.args[0]).width() == 3


def test_an_empty_canvas_says_what_to_do_in_light_and_dark(empty: CanvasView) -> None:
    assert "Drop pictures" in empty.accessibleDescription()
    light = grabbed(empty)
    colors = empty.palette()
    colors.setColor(colors.ColorRole.Window, QColor("#202124"))
    colors.setColor(colors.ColorRole.WindowText, QColor("#e8e8ea"))
    empty.setPalette(colors)
    dark = grabbed(empty)
    assert dark.pixelColor(3, 3).name() == "#202124"
    assert dark != light


def test_nothing_happens_on_an_empty_canvas(empty: CanvasView) -> None:
    QTest.mouseClick(empty, LEFT)
    QTest.mouseMove(empty, QPoint(50, 50))
    QTest.keyClick(empty, Qt.Key.Key_Plus)
    wheel(empty, QPointF(50, 50), QPoint(0, 120))
    empty.zoom_in()
    empty.fit()
    empty.pan(5, 5)
    assert empty.as_seen().isNull()


def test_a_closed_document_leaves_the_invitation(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    canvas.show_editor(None)
    assert "Drop pictures" in canvas.accessibleDescription()
    editor.add([DOG], "later")
    grabbed(canvas)


def test_a_notice_shows_its_buttons_and_tells_which_was_pressed(opened: Opened, qtbot: QtBot) -> None:
    canvas, _ = opened(CAR)
    before = grabbed(canvas)
    canvas.set_notice("The numbers look like sent pixels, not thousandths", [("switch", "Switch"), ("keep", "Keep")])
    buttons = {button.text(): button for button in canvas.findChildren(QPushButton) if button.isVisible()}
    assert list(buttons) == ["Switch", "Keep"]
    assert canvas.notice == "The numbers look like sent pixels, not thousandths"
    with qtbot.waitSignal(canvas.notice_action) as told:
        QTest.mouseClick(buttons["Switch"], LEFT)
    assert told.args == ["switch"]
    canvas.set_notice("Another", [])
    assert canvas.notice == "Another"
    canvas.set_notice("")
    assert canvas.notice == ""
    assert grabbed(canvas) == before


def closing_cross(canvas: CanvasView) -> QToolButton:
    return next(button for button in canvas.findChildren(QToolButton) if button.text() == "✕")


def test_a_sentence_that_was_not_read_waits_below_the_next(opened: Opened) -> None:
    canvas, _ = opened(CAR)
    canvas.set_notice('"a.jpg" cannot be read.')
    canvas.set_notice('"b.jpg" cannot be read.')
    canvas.set_notice("Saved.", brief=True)
    assert [label.text() for label in canvas.findChildren(QLabel) if label.isVisible()] == ["Saved.", "2 more"]
    canvas.set_notice("")
    assert canvas.notice == '"b.jpg" cannot be read.'
    QTest.mouseClick(closing_cross(canvas), LEFT)
    assert canvas.notice == '"a.jpg" cannot be read.'
    QTest.mouseClick(closing_cross(canvas), LEFT)
    assert canvas.notice == ""


def test_what_goes_by_itself_or_asks_does_not_wait(opened: Opened) -> None:
    canvas, _ = opened(CAR)
    for sentence, buttons, brief in (("Saved.", [], True), ("Too large.", [("send", "Send Anyway")], False)):
        canvas.set_notice(sentence, buttons, brief=brief)
        canvas.set_notice("Next")
        canvas.set_notice("")
        assert canvas.notice == ""


def test_a_sentence_that_is_true_no_more_is_taken_away_shown_or_waiting(opened: Opened) -> None:
    canvas, _ = opened(CAR)
    for sentence in ("One.", "Two.", "Three."):
        canvas.set_notice(sentence, lasting=True)
    canvas.withdraw_notice("Two.")
    canvas.withdraw_notice("None such.")
    assert canvas.notice == "Three."
    canvas.withdraw_notice("Three.")
    assert canvas.notice == "One."
    canvas.withdraw_notice("One.")
    assert canvas.notice == ""


def test_a_notice_is_dark_where_the_window_is(opened: Opened, qapp: QApplication) -> None:
    canvas, _ = opened(CAR)
    before = qapp.palette()
    try:
        qapp.setPalette(palette_of(dark=True))
        canvas.set_notice("A sentence")
        canvas.grab()
        strip = next(each for each in canvas.findChildren(QFrame) if each.objectName() == "notice")
        assert "#4a3a12" in strip.styleSheet()
    finally:
        qapp.setPalette(before)


def test_the_same_sentence_waits_once(opened: Opened) -> None:
    canvas, _ = opened(CAR)
    for sentence in ("One", "Two", "One", "One", "Two"):
        canvas.set_notice(sentence)
    canvas.set_notice("")
    assert canvas.notice == "One"
    canvas.set_notice("")
    assert canvas.notice == ""


def test_the_tool_tip_describes_what_is_under_the_pointer(opened: Opened) -> None:
    canvas, _ = opened(CAR, DOG)
    QTest.mouseMove(canvas, at(canvas, 100, 110))
    assert canvas.tip() == "dog\nBox · 40 × 40 px · score 0.50"
    QTest.mouseMove(canvas, at(canvas, 390, 290))
    assert canvas.tip() == ""


def test_what_is_not_about_the_picture_stays_when_another_is_on_view(opened: Opened) -> None:
    canvas, editor = opened(CAR)
    canvas.set_notice('"b.jpg" cannot be read.', lasting=True)
    canvas.set_notice("The labels of this picture were damaged.")
    canvas.show_editor(None)
    assert canvas.notice == '"b.jpg" cannot be read.'
    canvas.show_editor(editor)
    assert canvas.notice == '"b.jpg" cannot be read.'
    closing_cross(canvas).click()
    canvas.set_notice('"b.jpg" cannot be read.')
    canvas.show_editor(None)
    assert canvas.notice == ""
