from __future__ import annotations

import pytest
from canvas_pictures import GREY, Opened
from PySide6.QtGui import QColor, QImage
from text_lines import line

from qwvis_desktop.core.annotation import LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.text.flow import TextSpan
from qwvis_desktop.ui.canvas.look import Look, TextView
from qwvis_desktop.ui.canvas.view import CanvasView


def grabbed(canvas: CanvasView) -> QImage:
    return canvas.grab().toImage()


def color_at(canvas: CanvasView, image: QImage, x: float, y: float) -> QColor:
    place = canvas.viewport.to_widget(Point(x, y))
    return image.pixelColor(round(place.x), round(place.y))


def ink(canvas: CanvasView, box: Box) -> float:
    """Return the share of dark pixels in a part of the picture."""
    image = grabbed(canvas)
    start = canvas.viewport.to_widget(Point(box.left, box.top))
    end = canvas.viewport.to_widget(Point(box.right, box.bottom))
    places = [(x, y) for x in range(round(start.x), round(end.x)) for y in range(round(start.y), round(end.y))]
    return sum(image.pixelColor(x, y).lightness() < 100 for x, y in places) / len(places)


@pytest.fixture
def text() -> TextRegion:
    return line("Recognised", 100, 100, width=200, height=40)


def test_instead_of_the_picture_there_is_white_paper(opened: Opened, text: TextRegion) -> None:
    canvas, _ = opened(text)
    assert color_at(canvas, grabbed(canvas), 20, 20) == GREY
    canvas.set_look(Look(text=TextView.INSTEAD))
    image = grabbed(canvas)
    assert color_at(canvas, image, 20, 20) == QColor(255, 255, 255)
    assert color_at(canvas, image, 100, 101) == QColor(255, 255, 255)  # no frame
    assert ink(canvas, Box(100, 100, 300, 140)) > 0.05


def test_over_the_picture_only_the_places_of_texts_are_white(opened: Opened) -> None:
    canvas, _ = opened(line("aaaaaaaa", 100, 100, width=200, height=40))
    canvas.set_look(Look(text=TextView.OVER))
    image = grabbed(canvas)
    assert color_at(canvas, image, 20, 20) == GREY
    assert color_at(canvas, image, 200, 106).lightness() > 230
    assert ink(canvas, Box(104, 104, 296, 136)) > 0.05


def test_a_text_fills_its_place_from_end_to_end(opened: Opened) -> None:
    canvas, _ = opened(line("HHHHHHHH", 100, 100, width=200, height=40))
    canvas.set_look(Look(text=TextView.INSTEAD))
    assert ink(canvas, Box(100, 104, 120, 136)) > 0.1
    assert ink(canvas, Box(280, 104, 300, 136)) > 0.1


def test_a_turned_text_lies_in_its_turned_place(opened: Opened) -> None:
    canvas, _ = opened(line("HHHHHH", 200, 60, width=180, height=30, degrees=90))
    canvas.set_look(Look(text=TextView.INSTEAD))
    assert ink(canvas, Box(172, 62, 198, 238)) > 0.1
    assert ink(canvas, Box(202, 62, 300, 238)) == 0


def test_what_looks_like_html_is_drawn_as_text(opened: Opened) -> None:
    canvas, _ = opened(line("<b>x</b>", 100, 100, width=200, height=40))
    canvas.set_look(Look(text=TextView.INSTEAD))
    assert ink(canvas, Box(100, 100, 140, 140)) > 0.02  # the angle bracket


def test_small_letters_are_a_bar(opened: Opened) -> None:
    canvas, _ = opened(line("tiny", 100, 100, width=100, height=4))
    canvas.set_look(Look(text=TextView.INSTEAD))
    assert color_at(canvas, grabbed(canvas), 150, 102).lightness() < 220


def test_numbers_of_the_order(opened: Opened) -> None:
    canvas, editor = opened(line("one", 100, 100), line("two", 100, 200))
    before = grabbed(canvas)
    canvas.set_look(Look(order=True))
    after = grabbed(canvas)
    for y in (110, 210):
        assert color_at(canvas, after, 92, y) != color_at(canvas, before, 92, y)
    first = after.copy()
    editor.reorder(["two", "one"], "Order")
    assert grabbed(canvas) != first


def test_a_block_is_lit_as_a_whole(opened: Opened) -> None:
    canvas, _ = opened(LayoutBlock(id="b", tag="p", text="two", box=Box(100, 100, 300, 200)))
    before = grabbed(canvas)
    canvas.show_hits([TextSpan("b", 0, 1)])
    after = grabbed(canvas)
    assert color_at(canvas, after, 290, 190) != color_at(canvas, before, 290, 190)


def test_what_is_lit_lies_on_its_letters(opened: Opened) -> None:
    canvas, _ = opened(line("one two", 100, 100, width=210, height=40))
    before = grabbed(canvas)
    canvas._display.text_marks.selection = [TextSpan("one two", 0, 3), TextSpan("gone", 0, 9)]
    canvas.update()
    after = grabbed(canvas)
    assert color_at(canvas, after, 120, 120) != color_at(canvas, before, 120, 120)
    assert color_at(canvas, after, 290, 120) == color_at(canvas, before, 290, 120)
