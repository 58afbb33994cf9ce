"""Small dialogs: a failure with its details, a web address, the sheet of shortcuts, about."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.action_table.keys import Changed, keys_of, native
from qwvis_desktop.ui.action_table.spec import action_text
from qwvis_desktop.ui.action_table.table import ACTIONS, MENUS, menu_text
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.theme import Tone, icon, monospace_font

COPIED_MS = 1500
"""How long a button says that something was copied."""


class ErrorDialog(QDialog):
    """A sentence on what failed, and details to copy.

    Args:
        sentence: what failed, why, what to do now.
        details: what the service said, for a bug report; may be empty.
    """

    def __init__(self, sentence: str, details: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copied = "\n\n".join(part for part in (sentence, details) if part)
        self.setWindowTitle(self.tr("That Did Not Work"))
        mark = QLabel()
        mark.setPixmap(icon("failed", Tone.ERROR).pixmap(24, 24))
        words = WrappingLabel(sentence, None)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAccessibleName(self.tr("What failed"))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(words, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(head)
        if details:
            text = QPlainTextEdit(details)
            text.setReadOnly(True)
            text.setFont(monospace_font())
            text.setAccessibleName(self.tr("Details"))
            layout.addWidget(text, 1)
        else:
            layout.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = QPushButton(self.tr("&Copy Details"))
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        resize_within_screen(self, 520, 320 if details else 120)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)
        self.copy_button.setText(self.tr("Copied"))
        QTimer.singleShot(COPIED_MS, self, lambda: self.copy_button.setText(self.tr("&Copy Details")))


class UrlDialog(QDialog):
    """Asks for the web address of a picture; ``url`` holds it when accepted."""

    def __init__(self, url: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Open Address"))
        self._line = QLineEdit(url)
        self._line.setPlaceholderText("https://")
        self._line.setAccessibleName(self.tr("Address of the picture"))
        caption = QLabel(self.tr("&Address of the picture"))
        caption.setBuddy(self._line)
        self._note = ToneLabel(self.tr("It is downloaded to this computer; nothing else is sent."))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (caption, self._line, self._note, self._buttons):
            layout.addWidget(widget)
        self._line.textChanged.connect(self._check)
        self._check()
        self.resize(480, 0)

    @property
    def url(self) -> str:
        """The address as entered."""
        return self._line.text().strip()

    def _check(self) -> None:
        url = QUrl(self.url)
        fits = url.isValid() and url.scheme() in ("http", "https") and bool(url.host())
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(fits)


class ShortcutsDialog(QDialog):
    """All actions that have keys, by menu, and what mouse and keyboard do on the canvas.

    Args:
        changed: keys of actions that are not the table's.
    """

    def __init__(self, changed: Changed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Shortcuts"))
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        tree.setRootIsDecorated(False)
        tree.setIndentation(12)
        for menu in MENUS:
            rows = [(action_text(spec), native(keys_of(spec, changed))) for spec in ACTIONS if spec.menu == menu]
            if any(keys for _, keys in rows):
                self._add(tree, menu_text(menu), [row for row in rows if row[1]])
        self._add(tree, self.tr("On the picture"), self._mouse())
        self._add(tree, self.tr("What is selected or drawn on the picture"), self._editing())
        tree.expandAll()
        tree.resizeColumnToContents(0)
        tree.setColumnWidth(0, tree.columnWidth(0) + 24)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(tree)
        layout.addWidget(buttons)
        self.tree = tree
        resize_within_screen(self, 560, 600)

    def _mouse(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Zoom round the pointer"), self.tr("Wheel, pinch")),
            (self.tr("Move the picture"), self.tr("Space and drag, middle button")),
            (self.tr("Select one more, or one less"), self.tr("Ctrl and click")),
            (self.tr("Select all in a frame"), self.tr("Shift and drag")),
            (self.tr("Select what lies beneath"), self.tr("Alt and click")),
        ]

    def _editing(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Move by 1 pixel, or by 10"), self.tr("Arrows, with Shift")),
            (self.tr("Change width and height"), self.tr("Ctrl and arrows, with Shift by 10")),
            (self.tr("Turn by 1 degree, or by 10"), self.tr("[ and ], with Shift")),
            (self.tr("Next, previous in reading order"), self.tr("Tab, Shift+Tab")),
            (self.tr("Place what is drawn in the middle, and finish it"), self.tr("Return")),
            (self.tr("Take the last corner back, give up"), self.tr("Backspace, Esc")),
            (self.tr("Keep the ratio, turn in steps"), self.tr("Shift and drag a handle")),
            (self.tr("Take a corner out"), self.tr("Alt and click on it, or Del")),
            (self.tr("Add a corner after the chosen one"), self.tr("Ins")),
        ]

    @staticmethod
    def _add(tree: QTreeWidget, title: str, rows: list[tuple[str, str]]) -> None:
        head = QTreeWidgetItem([title])
        font = head.font(0)
        font.setBold(True)
        head.setFont(0, font)
        head.addChildren([QTreeWidgetItem(list(row)) for row in rows])
        tree.addTopLevelItem(head)


class AboutDialog(QDialog):
    """What this is, its version and licence.

    Args:
        version: of the program.
        parts: versions of what it runs on, a line each, to be copied into a bug report.
    """

    def __init__(self, version: str, parts: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About QwVis"))
        name = QLabel("QwVis")
        font = name.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        name.setFont(font)
        what = WrappingLabel(
            self.tr("Annotates pictures with the Qwen vision models, and shows why each box is where it is."), None
        )
        licence = WrappingLabel(self.tr("Apache Licence 2.0. Your pictures go only to the service you choose."))
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(name)
        layout.addWidget(ToneLabel(self.tr("Version {version}").replace("{version}", version)))
        layout.addWidget(what)
        layout.addWidget(licence)
        if parts:
            text = QPlainTextEdit(parts)
            text.setReadOnly(True)
            text.setFont(monospace_font())
            text.setAccessibleName(self.tr("Versions of the parts"))
            text.setMaximumHeight(120)
            layout.addWidget(text)
        layout.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        resize_within_screen(self, 420, 220)
