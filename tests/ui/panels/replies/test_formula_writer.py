from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument, QTextDocumentFragment

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.core.answer_blocks import Markdown
from qwvis_desktop.core.formula import FormulaPicture
from qwvis_desktop.ui.panels.replies.answer_writer import AnswerWriter
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter, plain_text

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 -9 9 9"></svg>'


@pytest.fixture
def document(qapp: object) -> QTextDocument:
    return QTextDocument()


@pytest.fixture
def formulas(document: QTextDocument) -> FormulaImages:
    return FormulaImages(document.defaultFont())


def text(document: QTextDocument) -> str:
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    return plain_text(QTextDocumentFragment(cursor))


def test_a_formula_in_bold_is_copied_as_written(document: QTextDocument, formulas: FormulaImages) -> None:
    drawn = FormulaWriter(document, formulas)
    formulas.take({("a", True): FormulaPicture(SVG, 9, 9, 0)})
    AnswerWriter(document, formulas, drawn).write(Markdown("**so $a$** and $b$"))
    assert document.toPlainText() == "so \ufffc and $b$"
    formulas.take({("b", True): FormulaPicture(SVG, 9, 9, 0)})
    drawn.draw_waiting()
    drawn.recolour()
    assert document.toPlainText() == "so \ufffc and \ufffc"
    assert text(document) == "so $a$ and $b$"


def test_a_formula_is_written_where_the_cursor_is(document: QTextDocument, formulas: FormulaImages) -> None:
    cursor = QTextCursor(document)
    cursor.insertText("a  b")
    cursor.setPosition(2)
    FormulaWriter(document, formulas).write(cursor, Formula("x", True, r"\(x\)"))
    assert document.toPlainText() == r"a \(x\) b"
    assert text(document) == r"a \(x\) b"
