"""``SentDialog``: what leaves the computer: the very picture, in words what goes with it, and the request itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import WrappingLabel

THUMBNAIL = QSize(280, 210)


class SentDialog(QDialog):
    """Shows a request.

    Signals:
        copy_requested(int): the request of this number, counted from 0, is wanted as a command for a shell.

    Args:
        title: what it is: what would be sent, or what was.
        pictures: as they are sent, decoded.
        facts: sentences about it.
        requests: each request, its data shortened; where there are several, one is chosen to be seen.
        copy_tip: what is copied, in a sentence.
    """

    copy_requested = Signal(int)

    def __init__(
        self,
        title: str,
        *,
        pictures: Sequence[QImage],
        facts: Sequence[str],
        requests: Sequence[str],
        copy_tip: str,
        parent: QWidget | None = None,
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
        self._body = QPlainTextEdit(requests[0])
        self._body.setReadOnly(True)
        self._body.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._body.setAccessibleName(self.tr("The request"))
        self._number = QComboBox()
        self._number.setAccessibleName(self.tr("Which request"))
        several = self.tr("Request {n} of {all}").replace("{all}", str(len(requests)))
        self._number.addItems([several.replace("{n}", str(n)) for n in range(1, len(requests) + 1)])
        self._number.setVisible(len(requests) > 1)
        self._number.currentIndexChanged.connect(lambda number: self._body.setPlainText(requests[number]))
        copy = QPushButton(self.tr("&Copy as curl"))
        copy.setToolTip(copy_tip)
        copy.clicked.connect(lambda: self.copy_requested.emit(self._number.currentIndex()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self._facts)
        layout.addWidget(self._number)
        layout.addWidget(self._body, 1)
        layout.addWidget(buttons)
        resize_within_screen(self, 720, 640)
