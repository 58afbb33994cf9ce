"""What runs wait for: their turn, or another try. Told on the threads that ask, kept and shown on the GUI's."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class RunWaits(QObject):
    """Keeps what each run waits for.

    Signals:
        changed(): it is another for some run.
    """

    changed = Signal()
    _told = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: dict[str, str] = {}
        self._told.connect(self._keep)

    def words(self, run: str) -> str:
        """Return what the run with this id waits for; empty where it does not wait."""
        return self._words.get(run, "")

    def try_again(self, run: str, seconds: float, why: str) -> None:
        """Note that a run is tried again after a while; may be called from any thread."""
        text = self.tr("trying again in {seconds} s: {why}")
        self._told.emit(run, text.replace("{seconds}", f"{seconds:.0f}").replace("{why}", why))

    def turn(self, run: str, waits: bool) -> None:
        """Note that a run has to wait for its turn, or that it has come; may be called from any thread."""
        self._told.emit(run, self.tr("waits for its turn") if waits else "")

    def _keep(self, run: str, words: str) -> None:
        if words:
            self._words[run] = words
        else:
            self._words.pop(run, None)
        self.changed.emit()
