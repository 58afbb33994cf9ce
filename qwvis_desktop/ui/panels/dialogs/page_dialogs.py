"""Small dialogs about documents with pages: a password, a page to go to, pages to select."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.media.pages import read_ranges
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.theme import Tone


class PasswordDialog(QDialog):
    """Asks for the password of an encrypted document; ``password`` holds it when accepted.

    Args:
        name: of the document.
        wrong: a password was tried, and it is another one.
    """

    def __init__(self, name: str, *, wrong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Password"))
        words = WrappingLabel(self.tr('"{name}" is encrypted.').replace("{name}", name), None)
        self.problem = ToneLabel(self.tr("That is not its password. Try another one."), Tone.ERROR)
        self.problem.setVisible(wrong)
        self._line = QLineEdit()
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.setAccessibleName(self.tr("Password of the document"))
        caption = QLabel(self.tr("&Password of the document"))
        caption.setBuddy(self._line)
        self._show = QCheckBox(self.tr("&Show it"))
        self._show.toggled.connect(self._show_plainly)
        note = ToneLabel(self.tr("It is kept in memory until QwVis ends, and written nowhere."))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (words, self.problem, caption, self._line, self._show, note, self._buttons):
            layout.addWidget(widget)
        self._line.textChanged.connect(self._check)
        self._check()
        self.resize(420, 0)

    @property
    def password(self) -> str:
        """The password as entered."""
        return self._line.text()

    def _show_plainly(self, plainly: bool) -> None:
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if plainly else QLineEdit.EchoMode.Password)

    def _check(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(bool(self.password))


class GoToPageDialog(QDialog):
    """Asks for a page of a document; ``page`` holds its number when accepted."""

    def __init__(self, page: int, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Go to Page"))
        self._number = QSpinBox()
        self._number.setRange(1, count)
        self._number.setValue(page)
        self._number.setAccessibleName(self.tr("Page"))
        self._number.selectAll()
        caption = QLabel(self.tr("&Page"))
        caption.setBuddy(self._number)
        row = QHBoxLayout()
        for widget in (caption, self._number, QLabel(self.tr("of {n}").replace("{n}", f"{count:,}"))):
            row.addWidget(widget)
        row.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(buttons)

    @property
    def page(self) -> int:
        """The number as entered."""
        return self._number.value()


class SelectPagesDialog(QDialog):
    """Asks for pages of a document as "1-5, 8"; ``pages`` holds their numbers when accepted."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self.setWindowTitle(self.tr("Select Pages"))
        self._line = QLineEdit()
        self._line.setPlaceholderText(f"1-{count}")
        self._line.setAccessibleName(self.tr("Pages to select"))
        caption = QLabel(self.tr("&Pages, such as 1-5, 8"))
        caption.setBuddy(self._line)
        self.problem = ToneLabel("", Tone.ERROR)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (caption, self._line, self.problem, self._buttons):
            layout.addWidget(widget)
        self._line.textChanged.connect(self._check)
        self._check()
        self.resize(360, 0)

    @property
    def pages(self) -> tuple[int, ...]:
        """The numbers as entered; none where they cannot be read."""
        try:
            return read_ranges(self._line.text(), self._count)
        except ValueError:
            return ()

    def _check(self) -> None:
        try:
            read_ranges(self._line.text(), self._count)
        except ValueError as error:
            wrong = str(error)
        else:
            wrong = ""
        self.problem.setText(wrong if self._line.text() else "")
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not wrong)
