from __future__ import annotations

import random
import time

import pytest
from audit import watched
from page_documents import page_document_of
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.formula import FormulaPicture
from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import Element, Figure, Paragraph, Piece, words_of
from qwvis_desktop.ui.panels.page.page_view import PageView

REPLY = (
    '<h1 data-bbox="1 1 90 9">Title</h1><p data-bbox="1 10 90 19">so $x$ is <b>b</b></p>'
    '<table data-bbox="1 20 90 29"><tr><th rowspan="2">A</th><td>1</td></tr><tr><td>2</td></tr></table>'
    '<div class="image" data-bbox="10 30 90 70">a cat</div><ol><li data-bbox="1 80 90 89">one</li></ol>'
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 -9 9 9"></svg>'


def elements(reply: str = REPLY) -> tuple[Element, ...]:
    return page_elements(page_document_of(reply))


def paragraphs(count: int) -> list[Element]:
    return [Paragraph(block=f"b{number}", words=(Piece(f"words {number}"),)) for number in range(count)]


@pytest.fixture
def view(qtbot: QtBot) -> PageView:
    view = PageView()
    qtbot.addWidget(view)
    view.resize(400, 500)
    view.show()
    qtbot.waitExposed(view)
    return view


def settle(view: PageView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.is_settled)


def lines(view: PageView) -> list[str]:
    return [line for line in view.toPlainText().replace("\u2028", "\n").split("\n") if line]


def place_of(view: PageView, words: str) -> QPointF:
    cursor = view.document().find(words)
    assert not cursor.isNull()
    return QPointF(view.cursorRect(cursor).center())


def test_all_kinds_are_written(view: PageView, qtbot: QtBot) -> None:
    view.show_elements(elements())
    settle(view, qtbot)
    assert lines(view) == ["Title", "so $x$ is b", "A", "1", "2", "\ufffc", "a cat", "1. one"]
    tables = [frame for frame in view.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert [(table.rows(), table.columns(), table.cellAt(0, 0).rowSpan()) for table in tables] == [(2, 2, 2)]
    assert view.document().firstBlock().blockFormat().headingLevel() == 1


def test_it_grows_and_what_is_there_stays(view: PageView, qtbot: QtBot) -> None:
    found = elements()
    for count in (1, 3, 5):
        view.show_elements(found[:count])
        settle(view, qtbot)
    assert lines(view) == ["Title", "so $x$ is b", "A", "1", "2", "\ufffc", "a cat", "1. one"]
    other = Paragraph(block="z", words=(Piece("other"),))
    view.show_elements((*found[:2], other, *found[3:]))
    settle(view, qtbot)
    assert lines(view) == ["Title", "so $x$ is b", "other", "\ufffc", "a cat", "1. one"]
    view.clear_page()
    assert view.toPlainText() == ""


def test_any_change_ends_in_the_same_as_writing_it_at_once(view: PageView, qtbot: QtBot) -> None:
    chance, pool = random.Random(5), [*elements(), *paragraphs(3)]
    fresh = PageView()
    qtbot.addWidget(fresh)
    for _ in range(25):
        wanted = chance.sample(pool, chance.randrange(len(pool)))
        view.show_elements(wanted)
        settle(view, qtbot)
        fresh.clear_page()
        fresh.show_elements(wanted)
        settle(fresh, qtbot)
        assert lines(view) == lines(fresh)
        assert view.document().blockCount() == fresh.document().blockCount()


def test_a_block_is_pointed_at_and_chosen(view: PageView, qtbot: QtBot) -> None:
    found = elements()
    view.show_elements(found)
    settle(view, qtbot)
    assert view.block_at(place_of(view, "Title")) == found[0].block
    assert view.block_at(place_of(view, "2")) == found[2].block
    assert view.block_at(QPointF(200, 490)) is None
    place = place_of(view, "so").toPoint()
    with qtbot.waitSignal(view.block_pointed) as pointed:
        QTest.mouseMove(view.viewport(), place)
    assert pointed.args == [found[1].block]
    with qtbot.waitSignal(view.block_chosen) as chosen:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert chosen.args == [found[1].block]
    assert view.chosen == {found[1].block}
    with qtbot.waitSignal(view.block_pointed) as left:
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert left.args == [None]


def test_what_is_chosen_on_the_page_is_brought_into_view(view: PageView, qtbot: QtBot) -> None:
    view.show_elements(paragraphs(200))
    settle(view, qtbot)
    view.choose_blocks(["b150"])
    place = place_of(view, "words 150")
    assert 0 < place.y() < view.viewport().height()
    blue = view.palette().highlight().color()
    assert view.viewport().grab().toImage().pixelColor(1, round(place.y())).rgb() == blue.rgb()
    before = view.verticalScrollBar().value()
    view.choose_blocks(["b151"])
    assert view.verticalScrollBar().value() == before


def test_figures_are_asked_for_once_and_shown(view: PageView, qtbot: QtBot) -> None:
    asked: list[Figure] = []
    view.figures_wanted.connect(asked.extend)
    found = elements()
    view.show_elements(found)
    settle(view, qtbot)
    view.show_elements(found[:3])
    view.show_elements(found)
    settle(view, qtbot)
    (figure,) = asked
    assert figure.box is not None
    image = QImage(8, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    view.show_figure(figure.block, figure.box, image)
    place = view.cursorRect(view.document().find("a cat")).topLeft() - QPoint(-20, 12)
    assert view.viewport().grab().toImage().pixelColor(place) == QColor("red")


def test_formulas_are_drawn_when_their_pictures_come(view: PageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.formulas_wanted) as wanted:
        view.show_elements(elements())
    assert [formula.latex for formula in wanted.args[0]] == ["x"]
    settle(view, qtbot)
    view.show_formulas({("x", True): FormulaPicture(SVG, 9, 9, 0)})
    assert "so \ufffc is b" in lines(view)
    view.selectAll()
    assert "so $x$ is b" in view.selected_text()


def test_the_window_is_kept_waiting_for_moments_only(view: PageView, qtbot: QtBot) -> None:
    begun = time.perf_counter()
    view.show_elements(paragraphs(3000))
    assert not view.is_settled
    assert time.perf_counter() - begun < 0.5
    view.show_elements(paragraphs(10))
    settle(view, qtbot)
    assert len(lines(view)) == 10


def test_a_table_beyond_all_measure_is_lines(view: PageView, qtbot: QtBot) -> None:
    rows = "".join(f"<tr><td>{row}</td><td>x</td></tr>" for row in range(2000))
    view.show_elements(elements(f'<table data-bbox="1 1 9 9">{rows}</table>'))
    settle(view, qtbot)
    assert not view.document().rootFrame().childFrames()
    assert lines(view)[1999].split() == ["1999", "x"]


HOSTILE = (
    '<p data-bbox="1 1 9 9"><img src="file:///etc/passwd"><script src="http://127.0.0.1:9/x.js"></script>ab</p>'
    '<p data-bbox="1 1 9 9">&lt;img src="file:///etc/passwd"&gt;&lt;style&gt;@import "http://127.0.0.1:9/"</p>'
    '<table data-bbox="1 1 9 9" background="file:///etc/passwd"><tr><td><iframe src="file:///x"></iframe>c</table>'
    '<div class="image" data-bbox="1 1 9 9" style="background:url(file:///etc/passwd)"></div>'
    '<a href="file:///etc/passwd"><li data-bbox="1 1 9 9">d</li></a>'
)


def test_hostile_html_opens_nothing(view: PageView, qtbot: QtBot) -> None:
    view.show_elements(elements())
    view.grab()
    settle(view, qtbot)
    found = elements(HOSTILE)
    with watched() as events:
        view.clear_page()
        view.show_elements(found)
        settle(view, qtbot)
        view.grab()
        for name in ("file:///etc/passwd", "http://127.0.0.1:9/x.png"):
            view.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
        view.selectAll()
        view.createMimeDataFromSelection()
    assert events == []
    said = ["ab", '<img src="file:///etc/passwd"><style>@import "http://127.0.0.1:9/"', "c"]
    assert [words_of(each) for each in found[:3]] == said
    assert lines(view)[:3] == said
