"""``ExportDialog``: in which format to save, what that cannot hold, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format that may be chosen.

    Attributes:
        id: as in the table of formats.
        title: for people.
        suffix: what is put behind the picture's name (".coco.json").
        cannot_hold: sentences on what of this document the format leaves out.
    """

    id: str
    title: str
    suffix: str
    cannot_hold: Sequence[str] = ()


class ExportDialog(QDialog):
    """Asks for format and file; ``format_id`` and ``path`` hold them when accepted.

    Args:
        formats: what there is to choose, never empty.
        stem: folder and name without ending of the file to begin with.
        current: id of the format to begin with.
    """

    def __init__(
        self, formats: Sequence[FormatChoice], stem: Path, current: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._formats = {choice.id: choice for choice in formats}
        self._suggested = ""
        self._stem = stem
        self.setWindowTitle(self.tr("Export"))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Format"))
        for choice in formats:
            item = QListWidgetItem(f"{choice.title}  ({choice.suffix})")
            item.setData(Qt.ItemDataRole.UserRole, choice.id)
            self._list.addItem(item)
        self._losses = WrappingLabel()
        self._losses.setAccessibleName(self.tr("What the format cannot hold"))
        self._path = QLineEdit()
        self._path.setAccessibleName(self.tr("File"))
        self._browse = QPushButton(self.tr("&Browse..."))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._place()
        self._list.currentItemChanged.connect(self._show_format)
        self._list.itemDoubleClicked.connect(self.accept)
        self._path.textChanged.connect(self._check)
        self._browse.clicked.connect(self._choose_path)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        ids = list(self._formats)
        self._list.setCurrentRow(ids.index(current) if current in ids else 0)

    @property
    def format_id(self) -> str:
        """Id of the chosen format."""
        item = self._list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole))

    @property
    def path(self) -> Path:
        """Where to save."""
        return Path(self._path.text().strip()).expanduser()

    def _place(self) -> None:
        caption = QLabel(self.tr("&Format"))
        caption.setBuddy(self._list)
        file_caption = QLabel(self.tr("F&ile"))
        file_caption.setBuddy(self._path)
        row = QHBoxLayout()
        row.addWidget(self._path, 1)
        row.addWidget(self._browse)
        layout = QVBoxLayout(self)
        layout.addWidget(caption)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._losses)
        layout.addWidget(file_caption)
        layout.addLayout(row)
        layout.addWidget(self._buttons)
        self.resize(520, 360)

    def _show_format(self) -> None:
        choice = self._formats[self.format_id]
        losses = "\n".join(choice.cannot_hold)
        self._losses.say(
            losses or self.tr("This format holds all that is on the picture."), Tone.WARNING if losses else Tone.MUTED
        )
        # A path written by hand stays; one that was suggested follows the format.
        if self._path.text() in ("", self._suggested):
            self._suggested = f"{self._stem}{choice.suffix}"
            self._path.setText(self._suggested)
        self._check()

    def _choose_path(self) -> None:
        choice = self._formats[self.format_id]
        suffix = choice.suffix.rpartition(".")[2]
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), str(self.path), f"{choice.title} (*.{suffix})")
        if name:
            self._path.setText(name)

    def _check(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self._path.text().strip()))
