"""``AnswerWriter``: puts blocks of an answer at the end of a document: Markdown without HTML, code, formulas."""

from __future__ import annotations

from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextDocumentFragment,
    QTextFormat,
)

from qwvis_desktop.core.answer import Formula, replace_formulas
from qwvis_desktop.core.answer_blocks import Block, Code, Markdown
from qwvis_desktop.core.times import moments_in
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter, fragments
from qwvis_desktop.ui.theme import monospace_font

TIME_LINK = "time"
"""Scheme of the addresses that times of a film lead to: seconds stand behind it."""

PARAGRAPH_GAP = 8
"""Pixels between paragraphs."""

_MARKS = "\ue000\ue001\ue002\ue003\uf8ff"
"""Characters without a meaning; one that the answer does not hold stands for its formulas while Markdown is read."""

_SHADE = QColor(128, 128, 128, 36)
"""Behind code and questions; the same on light and dark."""

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class AnswerWriter:
    """Writes at the end of ``document``; no picture that an answer names ever gets into it.

    Args:
        document: what is written into.
        formulas: numbers the formulas.
        drawn: writes them.

    Attributes:
        film_seconds: length of the film that answers are about; times within it are links. None where it is none.
    """

    def __init__(self, document: QTextDocument, formulas: FormulaImages, drawn: FormulaWriter) -> None:
        self._document = document
        self._formulas = formulas
        self._drawn = drawn
        self.film_seconds: float | None = None

    def write(self, block: Block) -> None:
        """Write a block."""
        if isinstance(block, Code):
            self._write_code(block)
        else:
            self._write_markdown(block)

    def write_question(self, text: str) -> None:
        """Write words of the user, apart from the answer."""
        look = QTextBlockFormat()
        look.setBackground(_SHADE)
        look.setTopMargin(PARAGRAPH_GAP)
        look.setBottomMargin(PARAGRAPH_GAP)
        look.setLeftMargin(24)
        words = QTextCharFormat()
        words.setFontWeight(600)
        cursor = self._at_end()
        cursor.setBlockFormat(look)
        cursor.insertText(" ".join(text.split()), words)

    def _at_end(self) -> QTextCursor:
        """Return a cursor in an empty block at the end."""
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self._document.isEmpty():
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        return cursor

    def _write_code(self, code: Code) -> None:
        look = QTextBlockFormat()
        look.setBackground(_SHADE)
        look.setNonBreakableLines(True)
        look.setLeftMargin(8)
        if code.begins:
            look.setTopMargin(PARAGRAPH_GAP)
        letters = QTextCharFormat()
        letters.setFont(monospace_font())
        cursor = self._at_end()
        cursor.setBlockFormat(look)
        cursor.setBlockCharFormat(letters)
        first, *rest = code.text.split("\n")
        cursor.insertText(first, letters)
        if rest:
            look.setTopMargin(0)
            cursor.insertBlock(look, letters)
            cursor.insertText("\n".join(rest), letters)

    def _write_markdown(self, block: Markdown) -> None:
        scratch = QTextDocument()
        scratch.setDefaultFont(self._document.defaultFont())
        first = len(self._formulas)
        mark = next((sign for sign in _MARKS if sign not in block.text), _MARKS[0])

        def remember(formula: Formula) -> str:
            return f"{mark}{self._formulas.add(formula)}{mark}"

        scratch.setMarkdown(replace_formulas(block.text, remember), _FEATURES)
        _name_pictures(scratch)
        if self.film_seconds is not None:
            _link_times(scratch, self.film_seconds)
        for key in range(first, len(self._formulas)):
            self._place_formula(scratch, f"{mark}{key}{mark}", key)
        cursor = self._at_end()
        start = cursor.position()
        # Of the first block of what is inserted Qt takes the words only.
        look = scratch.begin().blockFormat()
        look.setTopMargin(max(look.topMargin(), PARAGRAPH_GAP if start else 0))
        cursor.setBlockFormat(look)
        cursor.insertFragment(QTextDocumentFragment(scratch))
        begun = self._document.findBlock(start)
        if not begun.text() and begun.next().textList() is not None:
            cursor.setPosition(start)
            cursor.deleteChar()  # before a list Qt leaves an empty line

    def _place_formula(self, scratch: QTextDocument, mark: str, key: int) -> None:
        cursor = scratch.find(mark)
        if not cursor.isNull():
            self._drawn.place(cursor, key)


def _name_pictures(document: QTextDocument) -> None:
    """Put words in place of pictures: what they are said to show, and their address."""
    found = []
    block = document.begin()
    while block.isValid():
        for fragment in fragments(block):
            look = fragment.charFormat()
            if look.isImageFormat():
                found.append((fragment.position(), fragment.length(), look.toImageFormat()))
        block = block.next()
    cursor = QTextCursor(document)
    for place, length, image in reversed(found):
        words = str(image.property(QTextFormat.Property.ImageAltText.value) or "")
        cursor.setPosition(place)
        cursor.setPosition(place + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(f"[{words}: {image.name()}]" if words else f"[{image.name()}]", QTextCharFormat())


def _link_times(scratch: QTextDocument, seconds: float) -> None:
    """Make links of the times of a film that words name."""
    block = scratch.begin()
    while block.isValid():
        for time, begin, end in moments_in(block.text()):
            if time <= seconds:
                cursor = QTextCursor(scratch)
                cursor.setPosition(block.position() + begin)
                cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
                look = QTextCharFormat()
                look.setAnchor(True)
                look.setAnchorHref(f"{TIME_LINK}:{time}")
                look.setFontUnderline(True)
                cursor.mergeCharFormat(look)
        block = block.next()
