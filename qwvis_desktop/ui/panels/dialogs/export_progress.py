"""``ExportProgress``: how far an export of several pages is, and a button to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

_PATIENCE_MS = 500
"""What is done sooner shows nothing."""


class ExportProgress(QProgressDialog):
    """Tells of pages done; ``canceled`` says that the user stops it. The window stays usable meanwhile."""

    def __init__(self, total: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total = total
        self.setWindowTitle(self.tr("Export"))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setCancelButtonText(self.tr("&Stop"))
        self.setMinimumDuration(_PATIENCE_MS)
        self.setMinimumWidth(360)
        self.setAutoReset(False)
        self.setAutoClose(False)
        self.setRange(0, total)
        self.show_done(0)

    def show_done(self, done: float) -> None:
        """Say how many pages are done."""
        text = self.tr("{done} of {total} pages are written.")
        self.setLabelText(text.replace("{done}", str(int(done))).replace("{total}", str(self._total)))
        self.setValue(int(done))


class FilmProgress(ExportProgress):
    """Tells of the films done, to the percent."""

    def show_done(self, done: float) -> None:
        """Say which share is done: 0.5 is the middle of the first film."""
        percent = round(100 * done / self._total)
        self.setRange(0, 100)
        self.setLabelText(self.tr("{percent} % of the film is written.").replace("{percent}", str(percent)))
        self.setValue(min(percent, 99))
