"""A look at what leaves the computer: before a run is sent, made by the same code that sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.inference import InferenceRequest
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.outgoing import NothingSentError, Outgoing, as_curl, outgoing, shortened
from qwvis_desktop.core.providers.base import ProviderError
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.dialogs.sent_dialog import SentDialog


class SentController(QObject):
    """Shows what Run would send.

    Signals:
        problem(str): it cannot be made ready; a sentence for people.

    Args:
        request: makes what Run would send now; None where there is nothing to ask about.
    """

    problem = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        services: ServiceController,
        jobs: JobRunner,
        request: Callable[[], InferenceRequest | None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._jobs = jobs
        self._request = request
        self._key_variable = ""

    def show(self) -> None:
        """Make the request ready on a worker thread, and show it."""
        request = self._request()
        if request is None:
            self.problem.emit(self.tr("Open a picture first."))
            return
        self._key_variable = self._services.profile.key_variable

        def work() -> Iterator[tuple[Outgoing, list[QImage]]]:
            made = outgoing(request)
            yield made, [QImage.fromData(picture.data) for picture in made.pictures[:3]]

        self._jobs.start(work, name="prepare a look", on_events=self._open, on_failed=self._failed)

    def _open(self, made: Sequence[tuple[Outgoing, list[QImage]]]) -> None:
        sent, images = made[-1]
        dialog = SentDialog(
            self.tr("What Is Sent"),
            pictures=images,
            facts=self._facts(sent),
            body=json_text(shortened(dict(sent.request.body)), indent=1),
            parent=self._window,
        )
        dialog.copy_requested.connect(
            lambda: QGuiApplication.clipboard().setText(as_curl(sent.request, self._key_variable))
        )
        dialog.exec()
        dialog.deleteLater()

    def _facts(self, sent: Outgoing) -> list[str]:
        facts = [self.tr("To {url}").replace("{url}", sent.request.url)]
        for picture, removed in zip(sent.pictures, sent.removed, strict=False):
            text = self.tr("A picture of {width} x {height} pixels, {mime}, {size} kB; left out: {removed}.")
            left_out = ", ".join(removed) or self.tr("nothing, its file holds pixels only")
            for name, value in (
                ("width", f"{picture.width:,}"),
                ("height", f"{picture.height:,}"),
                ("mime", picture.mime),
                ("size", f"{len(picture.data) / 1000:,.0f}"),
                ("removed", left_out),
            ):
                text = text.replace("{" + name + "}", value)
            facts.append(text)
        facts += sent.notes
        total = self.tr("{size} kB in all. The key is masked, and data are shortened here.")
        facts.append(total.replace("{size}", f"{sent.byte_count / 1000:,.0f}"))
        return facts

    def _failed(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, MediaError | NothingSentError | ProviderError):
            raise error
