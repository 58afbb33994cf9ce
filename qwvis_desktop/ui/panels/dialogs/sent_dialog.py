"""``SentDialog``: what leaves the computer: the very picture, in words what goes with it, and the request itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.labels import WrappingLabel

THUMBNAIL = QSize(280, 210)


class SentDialog(QDialog):
    """Shows a request.

    Signals:
        copy_requested(): the request is wanted as a command for a shell.

    Args:
        title: what it is: what would be sent, or what was.
        pictures: as they are sent, decoded.
        facts: sentences about it.
        body: the request, its data shortened.
    """

    copy_requested = Signal()

    def __init__(
        self, title: str, *, pictures: Sequence[QImage], facts: Sequence[str], body: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        row = QHBoxLayout()
        for image in pictures[:3]:
            label = QLabel()
            label.setAccessibleName(self.tr("The picture as it is sent"))
            scaled = image.scaled(
                THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            label.setPixmap(QPixmap.fromImage(scaled))
            row.addWidget(label)
        row.addStretch(1)
        self._facts = WrappingLabel("\n".join(facts), None)
        self._facts.setAccessibleName(self.tr("What is sent"))
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._body = QPlainTextEdit(body)
        self._body.setReadOnly(True)
        self._body.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._body.setAccessibleName(self.tr("The request"))
        copy = QPushButton(self.tr("&Copy as curl"))
        copy.setToolTip(self.tr("A command that sends the same, data and all; the key comes from the environment"))
        copy.clicked.connect(self.copy_requested)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self._facts)
        layout.addWidget(self._body, 1)
        layout.addWidget(buttons)
        self.resize(720, 640)
