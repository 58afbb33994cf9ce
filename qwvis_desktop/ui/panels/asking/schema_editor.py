"""``SchemaEditor``: the fields that a model is to fill from a picture, as JSON, checked while they are written."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.request.result_schema import result_schema_of
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone

LINES = 5


class SchemaEditor(QWidget):
    """Holds the fields; empty lets the model choose them.

    Signals:
        edited(): the fields, or what is wrong with them, are others.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QTextEdit()
        self._text.setAccessibleName(self.tr("Fields to fill"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAcceptRichText(False)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * LINES + 12)
        self._text.setToolTip(
            self.tr("The keys to fill, as JSON, at most three levels deep; a value may say in words what is meant")
        )
        self._wrong = WrappingLabel("", Tone.ERROR)
        self._wrong.setVisible(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._text)
        layout.addWidget(self._wrong)
        self._text.textChanged.connect(self._check)

    @property
    def text(self) -> str:
        """What is written, without blanks around it."""
        return self._text.toPlainText().strip()

    @property
    def problem(self) -> str:
        """What is wrong with it, in a sentence; empty where nothing is."""
        try:
            self.schema()
        except ValueError as error:
            return str(error)
        return ""

    def schema(self) -> dict[str, JsonValue] | None:
        """Return the fields; None where none are written.

        Raises:
            ValueError: what is written is no JSON object, or nested too deep.
        """
        return result_schema_of(self.text) if self.text else None

    def set_text(self, text: str) -> None:
        """Write other fields."""
        self._text.setPlainText(text)

    def set_hint(self, hint: str) -> None:
        """Show an example while nothing is written."""
        self._text.setPlaceholderText(hint)

    def _check(self) -> None:
        self._wrong.setText(self.problem)
        self._wrong.setVisible(bool(self.problem))
        self.edited.emit()
