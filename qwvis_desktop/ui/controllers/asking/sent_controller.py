"""A look at what leaves the computer: before a run is sent, made by the same code that sends it; and after it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.document import Run, SentRequest
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.outgoing import NothingSentError, Outgoing, as_curl, as_text, outgoing
from qwvis_desktop.core.profiles import custom_profile
from qwvis_desktop.core.providers.base import PreparedRequest, ProviderError
from qwvis_desktop.ui.controllers.asking.film_words import film_words
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.dialogs.sent_dialog import SentDialog


class SentController(QObject):
    """Shows what Run would send, and what was sent for a run.

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

    def show_run(self, run: Run) -> None:
        """Show what was sent for a run, as it was kept with it."""
        if not run.requests:
            self.problem.emit(
                self.tr(
                    "There is no request to be seen: this was answered on this machine, or by a version of QwVis "
                    "that did not keep it."
                )
            )
            return
        self._run_dialog(
            SentDialog(
                self.tr("What Was Sent"),
                pictures=(),
                facts=self._facts_of_run(run),
                requests=[as_text(request) for request in run.requests],
                copy_tip=self.tr("A command that sends the same; put in the data of the pictures, which are not kept"),
                parent=self._window,
            ),
            run.requests,
            custom_profile(run.requests[0].url).key_variable,
        )

    def _open(self, made: Sequence[tuple[Outgoing, list[QImage]]]) -> None:
        sent, images = made[-1]
        self._run_dialog(
            SentDialog(
                self.tr("What Is Sent"),
                pictures=images,
                facts=self._facts(sent),
                requests=[as_text(sent.request)],
                copy_tip=self.tr("A command that sends the same, data and all; the key comes from the environment"),
                parent=self._window,
            ),
            (sent.request,),
            self._key_variable,
        )

    def _run_dialog(
        self, dialog: SentDialog, requests: Sequence[PreparedRequest | SentRequest], key_variable: str
    ) -> None:
        dialog.copy_requested.connect(
            lambda number: QGuiApplication.clipboard().setText(as_curl(requests[number], key_variable))
        )
        dialog.exec()
        dialog.deleteLater()

    def _facts_of_run(self, run: Run) -> list[str]:
        facts = [self.tr("Sent at {when}.").replace("{when}", run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S"))]
        frames = run.frames or ((run.frame,) if run.frame is not None else ())
        if run.film is not None:
            facts += film_words(run.film)
            frames = ()
        for frame, removed in zip_longest(frames, run.left_out):
            if frame is None:
                continue
            text = self.tr("A picture of {width} x {height} pixels; left out: {removed}.")
            text = text.replace("{width}", f"{frame.sent.width:,}").replace("{height}", f"{frame.sent.height:,}")
            facts.append(text.replace("{removed}", ", ".join(removed or ()) or self._nothing_left_out()))
        return [*facts, *run.notes, self.tr("The key is masked, and data are not kept.")]

    def _nothing_left_out(self) -> str:
        return self.tr("nothing, its file holds pixels only")

    def _facts(self, sent: Outgoing) -> list[str]:
        facts = [self.tr("To {url}").replace("{url}", sent.request.url)]
        pictures = sent.pictures if sent.film is None else ()
        facts += film_words(sent.film) if sent.film is not None else ()
        for picture, removed in zip(pictures, sent.removed, strict=False):
            text = self.tr("A picture of {width} x {height} pixels, {mime}, {size} kB; left out: {removed}.")
            left_out = ", ".join(removed) or self._nothing_left_out()
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
