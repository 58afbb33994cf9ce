"""``ReadingDefault``: a document that was dropped is to be read, unless the user chose otherwise since the last one."""

from __future__ import annotations

from importlib.util import find_spec

from PySide6.QtCore import QObject

from qwvis_desktop.core.media.pages import PDF_SUFFIX
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel

READING = "spot-text"
"""The task that reads a page: each line with its place."""

_READS = ("spot-text", "read-text", "extract-fields", "document-html", "document-markdown")


class ReadingDefault(QObject):
    """Chooses the task, and the engine on this machine where no service can be asked, when a PDF document comes.

    What the user chooses after that holds, also for the documents that follow.
    """

    def __init__(self, media: MediaController, services: ServiceController, prompt: PromptPanel) -> None:
        super().__init__(media)
        self._services = services
        self._followed = False
        self._chosen = False
        media.document_dropped.connect(self._take)
        for changed in (prompt.task_changed, prompt.provider_changed, prompt.model_changed):
            changed.connect(self._choose)

    def _choose(self, _what: str) -> None:
        self._chosen = self._followed

    def _take(self, file: str) -> None:
        if self._chosen or not file.lower().endswith(PDF_SUFFIX):
            return
        self._followed = True
        task = self._services.task.id
        reads = task in _READS or task.startswith("ocr:")
        if self._services.lacks_key() and find_spec("rapidocr") is not None:
            self._services.choose_offline(task if task in ("spot-text", "read-text") else READING)
        elif not reads:
            self._services.choose_task(READING)
