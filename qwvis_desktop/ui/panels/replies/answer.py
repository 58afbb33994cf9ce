"""``AnswerPane``: an answer as people read it, while it comes and after, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.core.answer import CodeBlock, GrowingAnswer, code_blocks
from qwvis_desktop.ui.panels.replies.answer_text import AnswerText


class AnswerPane(QWidget):
    """Shows one answer; gives it and its code away.

    ``tools`` is a row of buttons to be placed where there is room for it.

    Signals:
        save_requested(str, str): the user wants this text in a file with this ending.
        page_requested(str): the user wants to see this page, written by the model, in a browser.
    """

    save_requested = Signal(str, str)
    page_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._growing: GrowingAnswer | None = None
        self._earlier: tuple[tuple[str, str], ...] = ()
        self._code = CodeBlock("", "")
        self.text = AnswerText()
        self.text.setAccessibleName(self.tr("Answer"))
        self.tools = QWidget()
        self._page = self._button(self.tr("Open Page..."), self.tr("Show the page that the model wrote in a browser"))
        self._copy_code = self._button(self.tr("Copy Code"), self.tr("Copy the last block of code"))
        self._save_code = self._button(self.tr("Save Code..."), self.tr("Save the last block of code"))
        self._copy = self._button(self.tr("Copy"), self.tr("Copy the whole answer, as Markdown"))
        self._save = self._button(self.tr("Save..."), self.tr("Save the whole answer, as Markdown"))
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(2)
        for button in (self._page, self._copy_code, self._save_code, self._copy, self._save):
            row.addWidget(button)
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(0)
        self.layout_.addWidget(self.text, 1)
        self._page.clicked.connect(lambda: self.page_requested.emit(self._code.text))
        self._copy_code.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._code.text))
        self._save_code.clicked.connect(lambda: self.save_requested.emit(f"{self._code.text}\n", self._code.suffix))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.markdown))
        self._save.clicked.connect(lambda: self.save_requested.emit(self.text.markdown, ".md"))
        self._show_tools()

    def set_earlier(self, earlier: Sequence[tuple[str, str]]) -> None:
        """Show questions with their answers before each answer that is shown from now on; the last has none yet."""
        self._earlier = tuple(earlier)

    def begin(self, task: str) -> None:
        """Show an answer that is to come, to a task that can be read as it comes."""
        self._growing = GrowingAnswer(task)
        self._restart()
        self._show_tools()

    def append_reply(self, text: str) -> None:
        """Take a further piece of the reply whose answer was begun."""
        if self._growing is not None:
            self.text.append_answer(self._growing.feed(text))

    def append_step(self, words: str) -> None:
        """Say in between what the model did."""
        self.text.append_question(words)

    def settle(self, markdown: str) -> None:
        """Show the answer as it is at the end, without moving what is looked at where it came just so."""
        grew, self._growing = self._growing is not None, None
        if grew and self.text.markdown.strip() == markdown.strip():
            self.text.end_answer()
        else:
            bar = self.text.verticalScrollBar()
            place = bar.value() if grew else 0
            self._restart()
            self.text.set_answer(markdown, clear=False, follow=grew or bool(self._earlier))
            bar.setValue(place if grew else bar.maximum() if self._earlier else 0)
        self._show_tools()

    def _restart(self) -> None:
        self.text.clear_answer()
        for question, answer in self._earlier:
            self.text.append_question(question)
            self.text.append_answer(answer)

    def _show_tools(self) -> None:
        blocks = code_blocks(self.text.markdown) if self._growing is None else ()
        self._code = blocks[-1] if blocks else CodeBlock("", "")
        for button in (self._copy_code, self._save_code):
            button.setVisible(bool(blocks))
        self._page.setVisible(self._code.is_page)
        for button in (self._copy, self._save):
            button.setEnabled(bool(self.text.markdown) and self._growing is None)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text.rstrip("."))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
