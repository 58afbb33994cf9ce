from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from qwvis_desktop.core.answer_blocks import Code, Markdown
from qwvis_desktop.ui.panels.replies.answer_writer import AnswerWriter
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter


@pytest.fixture
def document(qapp: object) -> QTextDocument:
    return QTextDocument()


@pytest.fixture
def formulas(document: QTextDocument) -> FormulaImages:
    return FormulaImages(document.defaultFont())


@pytest.fixture
def writer(document: QTextDocument, formulas: FormulaImages) -> AnswerWriter:
    return AnswerWriter(document, formulas, FormulaWriter(document, formulas))


def test_blocks_follow_each_other(writer: AnswerWriter, document: QTextDocument) -> None:
    writer.write_question("What\nis it?")
    writer.write(Markdown("## A *cat*"))
    writer.write(Markdown("1. a\n2. b"))
    writer.write(Code("x = 1\n", "py", begins=True))
    writer.write(Code("y", "py", begins=False))
    assert document.toPlainText() == "What is it?\nA cat\na\nb\nx = 1\n\ny"
    blocks = [document.findBlockByNumber(number) for number in range(document.blockCount())]
    assert [block.blockFormat().headingLevel() for block in blocks] == [0, 2, 0, 0, 0, 0, 0]
    assert [block.blockFormat().nonBreakableLines() for block in blocks] == [False] * 4 + [True] * 3
    assert [block.textList() is not None for block in blocks] == [False, False, True, True, False, False, False]


def test_a_quote_keeps_its_indent(writer: AnswerWriter, document: QTextDocument) -> None:
    writer.write(Markdown("a"))
    writer.write(Markdown("> b"))
    assert document.lastBlock().blockFormat().leftMargin() > document.firstBlock().blockFormat().leftMargin()


def test_pictures_become_words(writer: AnswerWriter, document: QTextDocument) -> None:
    writer.write(Markdown("![a cat](http://x/y.png) and ![z](file:///z)"))
    assert document.toPlainText() == "[a cat: http://x/y.png] and [z: file:///z]"


def test_marks_in_the_answer_are_no_formulas(writer: AnswerWriter, document: QTextDocument) -> None:
    writer.write(Markdown("\ue0000\ue000 and $a$"))
    assert document.toPlainText() == "\ue0000\ue000 and $a$"
