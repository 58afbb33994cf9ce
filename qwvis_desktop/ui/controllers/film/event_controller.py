"""``EventController``: what people do to events: the range they are made of, cutting, merging, stretching all times."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from qwvis_desktop.core.annotation import VideoEvent, new_id
from qwvis_desktop.core.document import WHOLE_FILM, FilmRange
from qwvis_desktop.core.event_editing import merged, split, trimmed
from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.time_scale import WrittenTimes, restated, written_times
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController
from qwvis_desktop.ui.controllers.film.film_controller import FilmController
from qwvis_desktop.ui.controllers.film.film_playback import OpenFilm
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.film.timeline import TimelinePanel

_SCALE = "film.scale"
"""Id of the action that stretches all times, and of the button that offers it."""

_USUAL_SECONDS = 1.0
"""How long an event is that is made without a range."""


class EventController(QObject):
    """Changes the events of the film that is looked at, each change one undo step.

    Signals:
        problem(str): something could not be done; a sentence for people.
        said(str): what was done, where one does not see it.

    Args:
        labels: gives those that are known, to complete from.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panel: TimelinePanel,
        films: FilmController,
        labels: Callable[[], tuple[str, ...]],
        inference: InferenceController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(window)
        self._window, self._canvas, self._films, self._labels, self._jobs = window, canvas, films, labels, jobs
        self._asked: VideoEvent | None = None
        panel.surface.range_moved.connect(self._move_range)
        canvas.label_given.connect(self._add)
        canvas.label_refused.connect(self._forget)
        films.opened.connect(self._forget)
        inference.ended.connect(self._offer_scale)
        canvas.notice_action.connect(lambda action: self.ask_for_scale() if action == _SCALE else None)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "film.in": self.set_start,
            "film.out": self.set_end,
            "film.whole": lambda: self._set_range(WHOLE_FILM),
            "film.add_event": self.ask_for_event,
            "film.start_here": lambda: self._trim(is_start=True),
            "film.end_here": lambda: self._trim(is_start=False),
            "film.split": self.split,
            "film.merge": self.merge,
            _SCALE: self.ask_for_scale,
        }

    # The range

    def set_start(self) -> None:
        """Let the range begin with the frame that is seen."""
        film = self._films.film
        if film is not None:
            end = film.editor.document.film_range.end
            self._set_range(FilmRange(film.time, end if end is not None and end > film.time else None))

    def set_end(self) -> None:
        """Let the range end with the frame that is seen."""
        film = self._films.film
        if film is not None:
            end, start = film.time + film.frame, film.editor.document.film_range.start
            self._set_range(FilmRange(start if start is not None and start < end else None, end))

    def _set_range(self, film_range: FilmRange) -> None:
        film = self._films.film
        if film is not None:
            film.editor.set_film_range(film_range, self.tr("Set the range"))

    def _move_range(self, which: str, time: float, is_final: bool) -> None:
        film = self._films.film
        if film is None:
            return
        start, end = film.editor.document.film_range
        # One end pushes against the other and not past it.
        if which == "start":
            start = min(time, end - film.frame) if end is not None else time
        else:
            end = max(time, start + film.frame) if start is not None else time
        if is_final:
            self._set_range(FilmRange(start, end))
            self._films.show_film()
        else:
            self._films.show_film(start=start, end=end)

    # Events

    def ask_for_event(self) -> None:
        """Ask for the label of a new event: of the range, or from the frame that is seen on."""
        film = self._films.film
        if film is None:
            return
        start, end = film.editor.document.film_range
        if start is None and end is None:
            start, end = film.time, min(film.time + _USUAL_SECONDS, self._duration(film))
        start = start if start is not None else min(film.time, (end or 0.0) - film.frame)
        end = end if end is not None else max(film.time + film.frame, start + film.frame)
        self._canvas.ask_label(None, self._labels())
        self._asked = VideoEvent(start=max(0.0, start), end=min(end, self._duration(film)))

    def _add(self, label: str) -> None:
        asked, film = self._asked, self._films.film
        self._asked = None
        if asked is not None and film is not None:
            made = VideoEvent(id=new_id(), label=label, start=asked.start, end=asked.end)
            film.editor.add([made], self.tr("Add an event"))
            self._films.select(film.editor, [made.id])

    def _forget(self) -> None:
        self._asked = None

    def _selected(self, film: OpenFilm) -> list[VideoEvent]:
        annotations = film.editor.document.annotations
        found = (annotations.get(key) for key in film.editor.selection)
        return [each for each in found if isinstance(each, VideoEvent)]

    def _trim(self, *, is_start: bool) -> None:
        film = self._films.film
        if film is None:
            return
        events, duration = self._selected(film), self._duration(film)
        if len(events) != 1:
            self.problem.emit(self.tr("Select one event first: then it can begin or end here."))
            return
        (event,) = events
        made = (
            trimmed(event, start=film.time, duration=duration, least=film.frame)
            if is_start
            else trimmed(event, end=film.time + film.frame, duration=duration, least=film.frame)
        )
        if made != event:
            film.editor.replace([made], self.tr("Move the start") if is_start else self.tr("Move the end"))

    def split(self) -> None:
        """Cut the selected event, or the one that began last, at the frame that is seen."""
        film = self._films.film
        if film is None:
            return
        now = film.moment.events
        chosen = [each for each in now if each.id in film.editor.selection] or list(now[-1:])
        parts = [both for each in chosen if (both := split(each, film.time, film.frame / 2)) is not None]
        if not parts:
            self.problem.emit(self.tr("No event goes on here that could be cut: go to a time within one."))
            return
        text = self.tr("Split an event")
        with film.editor.step(text):
            film.editor.replace([first for first, _ in parts], text)
            film.editor.add([second for _, second in parts], text)
        self._films.select(film.editor, [second.id for _, second in parts])

    def merge(self) -> None:
        """Make one event of those that are selected."""
        film = self._films.film
        if film is None:
            return
        events = self._selected(film)
        if len(events) < 2:
            self.problem.emit(self.tr("Select two events or more, with Ctrl: then they can be made one."))
            return
        made, text = merged(events), self.tr("Merge events")
        with film.editor.step(text):
            film.editor.replace([made], text)
            film.editor.remove([each.id for each in events if each.id != made.id], text)
        self._films.select(film.editor, [made.id])

    # All times

    def ask_for_scale(self) -> None:
        """Ask by how much all times are to be stretched; offered is what makes the last one the end of the film."""
        film = self._films.film
        if film is not None:
            self._with_times(film.editor, self._ask_for_scale)

    def _with_times(self, editor: DocumentEditor, then: Callable[[OpenFilm, WrittenTimes], object]) -> None:
        """Do something with the times of a film as they were written, if it is still looked at then."""
        document = editor.document.copy()

        def go_on(times: WrittenTimes) -> None:
            film = self._films.film
            if film is not None and film.editor is editor:
                then(film, times)

        self._jobs.start(
            once(lambda: written_times(document)), name="read times", on_events=lambda read: go_on(read[0])
        )

    def _ask_for_scale(self, film: OpenFilm, times: WrittenTimes) -> None:
        last, duration = times.last(), self._duration(film)
        if not last:
            self.problem.emit(self.tr("There are no events or boxes whose times could be stretched."))
            return
        words = self.tr("The last time is {last}, and the film lasts {duration}. Multiply all times by:")
        words = words.replace("{last}", clock(last)).replace("{duration}", clock(duration))
        factor, is_wanted = QInputDialog.getDouble(
            self._window, self.tr("Scale Times"), words, times.factor(duration), 0.001, 1000.0, 4
        )
        if is_wanted:
            self._scale(film, times, factor)

    def _scale(self, film: OpenFilm, times: WrittenTimes, factor: float) -> None:
        """Multiply all times, also of what was refused for lying behind the end of the film."""
        there, new = times.scaled(factor, self._duration(film))
        text = self.tr("Scale times")
        with film.editor.step(text):
            film.editor.replace([each for each in there if each.id in film.editor.document.annotations], text)
            film.editor.add(new, text)
            for run in restated(film.editor.document, new):
                film.editor.restate(run, text)

    def _offer_scale(self, active: ActiveRun) -> None:
        """Offer to stretch times where those of a reply go on behind the end of the film."""
        if any(issue.code == "outside" for issue in active.run.issues) and active.run.film is not None:
            self._with_times(active.editor, self._say_too_late)

    def _say_too_late(self, film: OpenFilm, times: WrittenTimes) -> None:
        if times.refused:
            words = self.tr(
                "The reply tells times up to {last}, and the film lasts {duration}. Where the model counted too fast, "
                "all of them can be scaled; what was refused comes back then."
            )
            words = words.replace("{last}", clock(times.last())).replace("{duration}", clock(self._duration(film)))
            self._canvas.set_notice(words, [(_SCALE, self.tr("Scale Times..."))])

    @staticmethod
    def _duration(film: OpenFilm) -> float:
        return film.index.end if film.index is not None else film.media.duration
