"""``PageWriter``: writes what a page says at the end of a document: never HTML, only words, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableFormat,
)

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.core.page.elements import (
    Cell,
    Element,
    Figure,
    FormulaBlock,
    Heading,
    Item,
    Mark,
    PageBreak,
    Table,
    Words,
    words_of,
)
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter
from qwvis_desktop.ui.theme import monospace_font

GAP = 8
"""Pixels between elements."""

INDENT = 20
"""Pixels by which each level of a list stands further right."""

MOST_PLACES = 1500
"""Places of a table that is laid out as one; a larger one is written as lines, which take no time to lay out."""

FIGURE_SIZE = (420, 280)
"""Pixels that a figure is wide and high at most."""

_SHADE = QColor(128, 128, 128, 36)
"""Behind the headings of tables; the same on light and dark."""

_LINE = QColor(128, 128, 128, 130)
"""Between the cells of tables."""

_SIZES = {1: 3, 2: 2, 3: 1, 4: 0, 5: 0, 6: 0}
"""Steps by which headings of each level are larger than text."""

_SMALL = -1


def figure_name(block: str) -> str:
    """Return the name under which the picture of a figure is kept in the document."""
    return f"figure:{block}"


class PageWriter:
    """Writes elements at the end of ``document``; each text block of it knows the number of its element.

    Args:
        document: what is written into.
        drawn: writes formulas.
    """

    def __init__(self, document: QTextDocument, drawn: FormulaWriter) -> None:
        self._document = document
        self._drawn = drawn
        self._ends_with_table = False

    def write(self, element: Element, number: int) -> QTextCursor:
        """Write an element with this number; return a cursor that stays at its start."""
        cursor = self._at_end()
        start = QTextCursor(cursor)
        start.setKeepPositionOnInsert(True)
        first = cursor.block().blockNumber()
        self._ends_with_table = False
        match element:
            case Heading():
                self._heading(cursor, element)
            case Item():
                self._item(cursor, element)
            case FormulaBlock():
                self._formula(cursor, element)
            case Figure():
                self._figure(cursor, element)
            case Table():
                self._table(cursor, element)
            case PageBreak():
                self._break(cursor, element)
            case _:
                self._words(cursor, element.words)
        self._number(first, number)
        return start

    def forget(self, start: QTextCursor) -> None:
        """Take away all from ``start`` on."""
        cursor = QTextCursor(self._document)
        cursor.setPosition(start.position())
        before = cursor.block().previous()
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        # The empty block that is left was made for what is gone; where a table ends before it, Qt needs one.
        at_table = before.isValid() and QTextCursor(before).currentTable() is not None
        if before.isValid() and not at_table and not cursor.block().text():
            number = before.userState()
            cursor.deletePreviousChar()
            cursor.block().setUserState(number)  # Qt gives it that of the line that is gone
        self._ends_with_table = at_table

    @property
    def _soft(self) -> QBrush:
        return self._drawn.palette.brush(QPalette.ColorRole.PlaceholderText)

    def _number(self, first: int, number: int) -> None:
        block = self._document.findBlockByNumber(first)
        while block.isValid():
            block.setUserState(number)
            block = block.next()

    def _at_end(self) -> QTextCursor:
        """Return a cursor in an empty block at the end."""
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self._document.isEmpty() and not self._ends_with_table:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        cursor.setBlockFormat(_block(top=GAP if cursor.position() else 0))
        cursor.setBlockCharFormat(QTextCharFormat())
        return cursor

    def _heading(self, cursor: QTextCursor, heading: Heading) -> None:
        look = _block(top=GAP * 1.5 if cursor.block().blockNumber() else 0)
        look.setHeadingLevel(heading.level)
        cursor.setBlockFormat(look)
        self._words(cursor, heading.words, _letters(bold=True, size=_SIZES[heading.level]))

    def _break(self, cursor: QTextCursor, page: PageBreak) -> None:
        look = _block(top=3 * GAP if cursor.block().blockNumber() else 0)
        look.setBackground(_SHADE)
        cursor.setBlockFormat(look)
        letters = _letters(size=_SMALL)
        letters.setForeground(self._soft)
        cursor.insertText(page.title, letters)

    def _item(self, cursor: QTextCursor, item: Item) -> None:
        look = _block(top=GAP / 4)
        look.setLeftMargin(INDENT * (item.depth + 1))
        look.setTextIndent(-INDENT * 0.75)
        cursor.setBlockFormat(look)
        cursor.insertText(f"{'•' if item.number is None else f'{item.number}.'} ", QTextCharFormat())
        self._words(cursor, item.words)

    def _formula(self, cursor: QTextCursor, formula: FormulaBlock) -> None:
        look = _block(top=GAP)
        look.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        cursor.setBlockFormat(look)
        self._drawn.write(cursor, Formula(formula.latex, False, formula.written))

    def _figure(self, cursor: QTextCursor, figure: Figure) -> None:
        said = figure.words
        if figure.box is not None:
            picture = QTextImageFormat()
            picture.setName(figure_name(figure.block))
            wide, high = max(figure.box.width, 1.0), max(figure.box.height, 1.0)
            scale = min(1.0, FIGURE_SIZE[0] / wide, FIGURE_SIZE[1] / high)
            picture.setWidth(max(1.0, wide * scale))
            picture.setHeight(max(1.0, high * scale))
            picture.setMaximumWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            picture.setToolTip(figure.tag)
            cursor.insertImage(picture)
        letters = _letters(size=_SMALL)
        letters.setForeground(self._soft)
        if said and figure.box is not None:
            cursor.insertText("\u2028", letters)
        if said:
            self._words(cursor, said, letters)
        elif figure.box is None:
            cursor.insertText(f"[{figure.tag}]", letters)

    def _table(self, cursor: QTextCursor, table: Table) -> None:
        if table.rows * table.columns > MOST_PLACES:
            letters = QTextCharFormat()
            letters.setFont(monospace_font())
            cursor.insertText(words_of(table).replace("\n", "\u2028"), letters)
            return
        look = QTextTableFormat()
        look.setBorder(1)
        look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        look.setBorderBrush(_LINE)
        look.setBorderCollapse(True)
        look.setCellPadding(4)
        look.setCellSpacing(0)
        look.setTopMargin(GAP)
        # Qt leaves an empty line before a table.
        line = QTextBlockFormat()
        line.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(line)
        made = cursor.insertTable(table.rows, table.columns, look)
        for cell in table.cells:
            if cell.rows > 1 or cell.columns > 1:
                made.mergeCells(cell.row, cell.column, cell.rows, cell.columns)
            place = made.cellAt(cell.row, cell.column)
            if cell.heading:
                shade = place.format()
                shade.setBackground(_SHADE)
                place.setFormat(shade)
            self._cell(place.firstCursorPosition(), cell)
        self._ends_with_table = True

    def _cell(self, cursor: QTextCursor, cell: Cell) -> None:
        if cell.words:
            self._words(cursor, cell.words, _letters(bold=cell.heading))

    def _words(self, cursor: QTextCursor, words: Words, letters: QTextCharFormat | None = None) -> None:
        base = letters or QTextCharFormat()
        for piece in words:
            if piece.mark is Mark.FORMULA:
                self._drawn.write(cursor, Formula(piece.text, True, piece.written))
                continue
            look = QTextCharFormat(base)
            change = _LOOKS.get(piece.mark)
            if change is not None:
                change(look)
            cursor.insertText(piece.text.replace("\n", "\u2028"), look)


def _strong(look: QTextCharFormat) -> None:
    look.setFontWeight(700)


def _emphasis(look: QTextCharFormat) -> None:
    look.setFontItalic(True)


def _code(look: QTextCharFormat) -> None:
    look.setFontFamilies(monospace_font().families())
    look.setBackground(_SHADE)


def _raised(look: QTextCharFormat) -> None:
    look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)


def _lowered(look: QTextCharFormat) -> None:
    look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)


_LOOKS: dict[Mark, Callable[[QTextCharFormat], None]] = {
    Mark.STRONG: _strong,
    Mark.EMPHASIS: _emphasis,
    Mark.CODE: _code,
    Mark.RAISED: _raised,
    Mark.LOWERED: _lowered,
}


def _block(top: float) -> QTextBlockFormat:
    look = QTextBlockFormat()
    look.setTopMargin(top)
    return look


def _letters(*, bold: bool = False, size: int = 0) -> QTextCharFormat:
    look = QTextCharFormat()
    if bold:
        look.setFontWeight(700)
    if size:
        look.setProperty(QTextFormat.Property.FontSizeAdjustment.value, size)
    return look
