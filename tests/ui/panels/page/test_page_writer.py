from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from qwvis_desktop.core.page.elements import Cell, Element, Heading, Item, Mark, PageBreak, Paragraph, Piece, Table
from qwvis_desktop.ui.panels.page.page_writer import PageWriter
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter


@pytest.fixture
def document(qapp: object) -> QTextDocument:
    return QTextDocument()


@pytest.fixture
def writer(document: QTextDocument) -> PageWriter:
    return PageWriter(document, FormulaWriter(document, FormulaImages(document.defaultFont())))


TABLE = Table(block="t", cells=(Cell((Piece("a"),), 0, 0, columns=2), Cell((Piece("b"),), 1, 1)), rows=2, columns=2)


def states(document: QTextDocument) -> list[tuple[str, int]]:
    blocks = [document.findBlockByNumber(number) for number in range(document.blockCount())]
    return [(block.text(), block.userState()) for block in blocks]


def test_each_line_knows_its_element(writer: PageWriter, document: QTextDocument) -> None:
    elements: tuple[Element, ...] = (
        Heading(block="h", words=(Piece("A"),), level=3),
        TABLE,
        Item(block="i", words=(Piece("x\ny"),), depth=1, number=7),
        PageBreak(block="", title="page 2"),
    )
    for number, element in enumerate(elements):
        writer.write(element, number)
    assert [each for each in states(document) if each[0]] == [
        ("A", 0),
        ("a", 1),
        ("b", 1),
        ("7. x\u2028y", 2),
        ("page 2", 3),
    ]
    assert {state for _, state in states(document)} == {0, 1, 2, 3}


@pytest.mark.parametrize("last", [TABLE, Paragraph(block="p", words=(Piece("p"),))])
def test_what_is_forgotten_leaves_nothing_behind(writer: PageWriter, document: QTextDocument, last: Element) -> None:
    writer.write(Paragraph(block="a", words=(Piece("a"),)), 0)
    before = states(document)
    for _ in range(3):
        writer.forget(writer.write(last, 1))
        assert states(document) == before


def test_looks_are_those_of_the_pieces(writer: PageWriter, document: QTextDocument) -> None:
    pieces = tuple(Piece(mark.value, mark) for mark in Mark if mark is not Mark.FORMULA)
    writer.write(Paragraph(block="a", words=pieces), 0)
    found = {}
    place = document.firstBlock().begin()
    while not place.atEnd():
        found[place.fragment().text()] = place.fragment().charFormat()
        place += 1
    align = found["raised"].VerticalAlignment
    assert found["strong"].fontWeight() == 700
    assert found["emphasis"].fontItalic()
    assert found["raised"].verticalAlignment() == align.AlignSuperScript
    assert found["lowered"].verticalAlignment() == align.AlignSubScript
    assert found["plain"].fontWeight() != 700
