"""``FrameController``: a frame of a film as a picture of its own, and what is found on it back in the film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import Annotation, VideoEvent, new_id
from qwvis_desktop.core.document import Document, FrameOrigin
from qwvis_desktop.core.film_moment import in_film
from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.raster import encode
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController
from qwvis_desktop.ui.controllers.film.film_controller import FilmController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.words import counted_together

_BRING = "film.bring_back"
"""Id of the button that brings boxes back, and of the action that does."""


class FrameController(QObject):
    """Opens frames as pictures, and goes back.

    Signals:
        problem(str): something could not be done; a sentence for people.
        said(str): what was done, where one does not see it.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        canvas: CanvasView,
        actions: Actions,
        workspace: Workspace,
        media: MediaController,
        films: FilmController,
        inference: InferenceController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(workspace)
        self._canvas, self._actions, self._workspace = canvas, actions, workspace
        self._media, self._films, self._jobs = media, films, jobs
        self._origins: dict[str, FrameOrigin] = {}
        self._after: dict[str, Callable[[DocumentEditor], object]] = {}
        media.opened.connect(self._opened)
        films.opened.connect(self._allow)
        workspace.current_changed.connect(self._allow)
        inference.ended.connect(self._offer)
        canvas.notice_action.connect(lambda action: self.bring_back() if action == _BRING else None)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {"film.frame": self.open_frame, "film.back": self.back, _BRING: self.bring_back}

    def open_frame(self) -> None:
        """Open the frame that is seen as a picture."""
        film = self._films.film
        if film is None:
            return
        origin = FrameOrigin(film.key, film.time)
        name = f"{Path(film.media.name).stem} {clock(film.time).replace(':', '.')}.png"
        self._jobs.start(
            once(lambda: _encoded(film.media, origin.time)),
            name="open a frame",
            on_events=lambda found: self._show(found[0], name, origin),
            on_failed=self._not_read,
        )

    def _show(self, data: bytes, name: str, origin: FrameOrigin) -> None:
        key = self._media.open_data(data, name)
        self._origins[key] = origin
        editor = self._workspace.editor_of(key)
        if editor is not None:
            self._opened(key)

    def _not_read(self, error: Exception) -> None:
        if not isinstance(error, MediaError):
            raise error
        self.problem.emit(str(error))

    def _opened(self, key: str) -> None:
        editor, origin = self._workspace.editor_of(key), self._origins.pop(key, None)
        if editor is not None and origin is not None:
            editor.document.set_origin(origin)
            self._allow()
        after = self._after.pop(key, None)
        if editor is not None and after is not None:
            after(editor)

    def _origin(self) -> FrameOrigin | None:
        editor = self._workspace.editor
        return editor.document.origin if editor is not None else None

    def _allow(self) -> None:
        for action in ("film.back", _BRING):
            self._actions.set_enabled(action, self._origin() is not None)

    def back(self) -> None:
        """Look at the film of the picture, at the time of its frame."""
        origin = self._origin()
        if origin is not None:
            self._in_film(origin, lambda _editor: None)

    def bring_back(self) -> None:
        """Put what was found on the picture into its film, at the time of its frame, as one undo step."""
        origin, editor = self._origin(), self._workspace.editor
        if origin is None or editor is None:
            return
        found = _for_film(editor.document, origin.time)
        if not found:
            self.problem.emit(self.tr("There is nothing on this picture that films hold: boxes, texts, or an answer."))
            return
        self._in_film(origin, partial(self._put, found))

    def _put(self, found: list[Annotation], editor: DocumentEditor) -> None:
        if isinstance(editor.document.media, VideoMedia):
            film = editor.document.media
            found = [
                replace(each, end=min(each.end + 1 / film.rate, film.duration))
                if isinstance(each, VideoEvent)
                else each
                for each in found
            ]
        editor.add(found, self.tr("Bring back"))
        said = counted_together([each.kind for each in found])
        self.said.emit(self.tr("Brought back: {n}.").replace("{n}", said))

    def _in_film(self, origin: FrameOrigin, then: Callable[[DocumentEditor], object]) -> None:
        """Look at a film at a time, opened anew where it was closed, and do something there."""

        def arrive(editor: DocumentEditor) -> None:
            self._films.go_to(origin.time)
            then(editor)

        if self._workspace.entry(origin.film) is None:
            self._after[origin.film] = arrive
            self._media.open_paths([Path(origin.film)])
            return
        self._workspace.show(origin.film)
        editor = self._workspace.editor_of(origin.film)
        if editor is not None:
            arrive(editor)
        else:
            self._after[origin.film] = arrive

    def _offer(self, active: ActiveRun) -> None:
        """Offer to bring back what a run found on a frame."""
        origin = active.editor.document.origin
        if active.editor is not self._workspace.editor or origin is None or not (active.found or active.run.text):
            return
        if not _for_film(active.editor.document, origin.time):
            return
        words = self.tr("Bring what was found back to the film, at {time}?").replace("{time}", clock(origin.time))
        self._canvas.set_notice(words, [(_BRING, self.tr("Bring Back"))])


def _for_film(document: Document, time: float) -> list[Annotation]:
    """Return what of a frame's picture goes into its film: boxes, texts as boxes; else the last answer, as an event."""
    found = (in_film(each, time) for each in document.annotations.values())
    boxes: list[Annotation] = [each for each in found if each is not None]
    answers = [run.text.strip() for run in document.runs.values() if run.text and run.text.strip()]
    if boxes or not answers:
        return boxes
    return [VideoEvent(id=new_id(), label=" ".join(answers[-1].split()), start=time, end=time)]


def _encoded(media: VideoMedia, time: float) -> bytes:
    """Return a frame of a film as PNG."""
    with FilmReader(media) as reader:
        return encode(reader.at(time).raster, "image/png")
