"""``ExportDialog``: which pictures to save in which format, what that cannot hold, how a drawing looks, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.dialogs.drawing_form import DrawingForm
from qwvis_desktop.ui.panels.dialogs.export_options_form import ExportOptionsForm
from qwvis_desktop.ui.panels.dialogs.format_list import FormatChoice, FormatList
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.panels.search_line import SearchLine
from qwvis_desktop.ui.theme import Tone


class ExportDialog(QDialog):
    """Asks for format and file; ``format_id``, ``path`` and the others hold them when accepted.

    Args:
        formats: what there is to choose, never empty.
        stem: folder and name without ending of the file to begin with.
        current: id of the format to begin with.
        count: how many pictures could be saved together; 1 where only this one.
    """

    def __init__(
        self,
        formats: Sequence[FormatChoice],
        stem: Path,
        current: str = "",
        count: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._formats = {choice.id: choice for choice in formats}
        self._suggested = ""
        self._found = True
        self._stem = stem
        self.setWindowTitle(self.tr("Export"))
        self._search = SearchLine(self.tr("Search formats"))
        self._search.setPlaceholderText(self.tr("Search"))
        self._list = FormatList(formats)
        self._scope = QComboBox()
        self._scope.setAccessibleName(self.tr("Pictures"))
        self._scope.addItem(self.tr("This picture"))
        self._scope.addItem(self.tr("All {n} pictures that were worked on").replace("{n}", str(count)))
        self._losses = WrappingLabel()
        self._losses.setAccessibleName(self.tr("What the format cannot hold"))
        self._copies = QCheckBox(self.tr("Copy the &pictures into the folder"))
        self.drawing = DrawingForm()
        self.options = ExportOptionsForm()
        self._path = QLineEdit()
        self._path.setAccessibleName(self.tr("File"))
        self._browse = QPushButton(self.tr("&Browse..."))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._place(several=count > 1)
        self._connect()
        self._list.choose(current)
        self._show_format()
        self._list.setFocus()  # a few letters choose a format

    def _connect(self) -> None:
        self._search.textChanged.connect(self._find)
        self._search.left_down.connect(self._list.setFocus)
        self._list.chosen_changed.connect(self._show_format)
        self._list.itemDoubleClicked.connect(self.accept)
        self._scope.currentIndexChanged.connect(self._show_format)
        self._path.textChanged.connect(self._check)
        self._browse.clicked.connect(self._choose_path)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    @property
    def format_id(self) -> str:
        """Id of the chosen format."""
        return self._list.chosen

    @property
    def path(self) -> Path:
        """Where to save: a file, or a folder where ``wants_folder`` says so."""
        return Path(self._path.text().strip()).expanduser()

    @property
    def all_pictures(self) -> bool:
        """Whether all pictures are to be saved, and not this one alone."""
        return self._scope.currentIndex() == 1

    @property
    def copies(self) -> bool:
        """Whether the pictures are to be copied too."""
        return self._formats[self.format_id].is_folder and self._copies.isChecked()

    @property
    def wants_folder(self) -> bool:
        """Whether the chosen format is saved to a folder."""
        choice = self._formats[self.format_id]
        return choice.is_folder or (self.all_pictures and not choice.holds_all)

    def _place(self, several: bool) -> None:
        caption, scope_caption, file_caption = QLabel(self.tr("&Format")), QLabel(self.tr("P&ictures")), QLabel()
        caption.setBuddy(self._list)
        scope_caption.setBuddy(self._scope)
        file_caption.setText(self.tr("Fil&e"))
        file_caption.setBuddy(self._path)
        row = QHBoxLayout()
        row.addWidget(self._path, 1)
        row.addWidget(self._browse)
        left = QVBoxLayout()
        left.addWidget(caption)
        left.addWidget(self._search)
        left.addWidget(self._list, 1)
        upper = QHBoxLayout()
        upper.addLayout(left, 1)
        upper.addWidget(self.drawing, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(scope_caption)
        layout.addWidget(self._scope)
        layout.addLayout(upper, 1)
        layout.addWidget(self._losses)
        layout.addWidget(self._copies)
        layout.addWidget(self.options)
        layout.addWidget(file_caption)
        layout.addLayout(row)
        layout.addWidget(self._buttons)
        scope_caption.setVisible(several)
        self._scope.setVisible(several)
        resize_within_screen(self, 860, 620)

    def _find(self, words: str) -> None:
        self._found = self._list.show_found(words)
        self._check()

    def _show_format(self) -> None:
        choice = self._formats[self.format_id]
        self.drawing.setVisible(choice.is_drawn)
        self.drawing.show_linked(choice.id == "svg")
        if choice.is_drawn:
            self.drawing.ask()
        self._copies.setVisible(choice.is_folder)
        self.options.show_choices(choice.choices)
        # A path written by hand stays; one that was suggested follows the format.
        if self._path.text() in ("", self._suggested):
            self._suggested = str(self._suggestion(choice))
            self._path.setText(self._suggested)
        self._check()

    def _suggestion(self, choice: FormatChoice) -> Path:
        if not self.all_pictures:
            return Path(f"{self._stem}{choice.suffix}")
        return self._stem.with_name(f"annotations{choice.suffix}" if choice.holds_all else "annotations")

    def _choose_path(self) -> None:
        choice = self._formats[self.format_id]
        if self.wants_folder:
            name = QFileDialog.getExistingDirectory(self, self.tr("Export"), str(self.path.parent))
        else:
            suffix = choice.suffix.rpartition(".")[2]
            kinds = f"{choice.title} (*.{suffix})"
            name, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), str(self.path), kinds)
        if name:
            self._path.setText(name)

    def _check(self) -> None:
        """Say what is lost and what is replaced; without a path nothing can be saved."""
        choice = self._formats[self.format_id]
        sentences = list(choice.cannot_hold_all if self.all_pictures else choice.cannot_hold)
        holds = self.tr("This format holds all that is there.")
        if not self._found:
            sentences = [self.tr("No format is found by these words.")]
        text = self._path.text().strip()
        if self._found and text and not self.wants_folder and self.path.is_file():
            sentences.append(self.tr("There is a file of this name, which will be replaced."))
        self._losses.say("\n".join(sentences) or holds, Tone.WARNING if sentences else Tone.MUTED)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(text) and self._found)
