"""``FilmController``: the film that is looked at: its timeline, what is known of its frames, and what follows it."""

from __future__ import annotations

import threading
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage

from qwvis_desktop.core.event_editing import times_of
from qwvis_desktop.core.film_moment import FilmMoment
from qwvis_desktop.core.media.extraction import strip
from qwvis_desktop.core.media.film_index import FilmIndex, film_index
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.large import NotWanted
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.film.film_playback import FilmPlayback, OpenFilm
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import image_of
from qwvis_desktop.ui.jobs import Job, JobRunner
from qwvis_desktop.ui.panels.film.timeline import TimelinePanel
from qwvis_desktop.ui.panels.film.timeline_layout import Film

_THUMBNAILS = 32
"""Small pictures along the timeline."""


class FilmController(FilmPlayback):
    """Follows the workspace: shows a film that is looked at on the timeline, and what is known of it.

    Besides the signals of ``FilmPlayback``:

    Signals:
        opened(): another film is looked at, or none.

    Args:
        show_timeline: shows the timeline's place in the window, or hides it.
    """

    opened = Signal()

    def __init__(
        self,
        *,
        canvas: CanvasView,
        panel: TimelinePanel,
        actions: Actions,
        workspace: Workspace,
        jobs: JobRunner,
        show_timeline: Callable[[bool], object],
    ) -> None:
        super().__init__(canvas, panel, workspace)
        self._actions, self._workspace, self._jobs, self._show_timeline = actions, workspace, jobs, show_timeline
        self._kept: dict[str, OpenFilm] = {}
        self._looking: Job | None = None
        panel.step_requested.connect(self.do)
        workspace.current_changed.connect(self._show_current)
        workspace.closed.connect(self._forget)

    def do(self, action: str) -> None:
        """Do what an action of the film menu does, where that can be chosen now."""
        self._actions[action].trigger()

    def _show_current(self) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        if self.film is not None and self.film.editor is editor:
            return
        self._leave()
        media = editor.document.media if editor is not None else None
        if entry is not None and editor is not None and isinstance(media, VideoMedia):
            self._enter(entry.key, editor, media)
        self._actions.set_film(self.film is not None)
        # In a turn of its own: the window would stand still for all that a film brings at once.
        QTimer.singleShot(1, self, lambda: self._show_timeline(self.film is not None))
        self.opened.emit()

    def _leave(self) -> None:
        film, self.film = self.film, None
        if film is None:
            return
        self.player.stop()
        self._rest.stop()
        film.is_playing, film.loops = False, None
        if self._looking is not None:
            self._looking.abandon()
            self._looking = None
        film.editor.changed.disconnect(self._on_changed)
        film.editor.selection_changed.disconnect(self._on_selection)
        film.editor.run_changed.disconnect(self._on_runs)
        film.editor.film_range_changed.disconnect(self.show_film)
        self._panel.show_playing(False)
        self._panel.show_editor(None)
        self._panel.show_film(None, ())

    def _enter(self, key: str, editor: DocumentEditor, media: VideoMedia) -> None:
        film = self._kept.get(key)
        if film is None or film.editor is not editor:
            # Asked anew each time: what undo brings back in its place comes in another mapping.
            moment = FilmMoment(lambda: editor.document.annotations.values())  # noqa: PLW0108 - the mapping changes
            film = OpenFilm(key, editor, media, moment, frame=1 / media.rate)
        self.film = self._kept[key] = film
        editor.changed.connect(self._on_changed)
        editor.selection_changed.connect(self._on_selection)
        editor.run_changed.connect(self._on_runs)
        editor.film_range_changed.connect(self.show_film)
        self._panel.show_editor(editor)
        self.show_film()
        self._panel.show_time(film.time)
        self._on_runs()
        self.player.seek(media, film.time)
        if film.index is None:
            self._look_for_frames(film)

    def _forget(self, key: str) -> None:
        self._kept.pop(key, None)

    def show_film(self, *, start: float | None = None, end: float | None = None) -> None:
        """Show on the timeline what is known of the film; with other ends of the range where they are given."""
        film = self.film
        if film is None:
            return
        kept = film.editor.document.film_range
        shown = Film(
            film.index.end if film.index is not None else film.media.duration,
            1 / film.media.rate,
            kept.start if start is None else start,
            kept.end if end is None else end,
            _seen(film.editor),
            tuple(film.thumbnails),
        )
        self._panel.show_film(shown, film.index.times if film.index is not None else ())

    def _on_changed(self) -> None:
        if self.film is not None:
            self.film.moment.forget()

    def _on_runs(self) -> None:
        film = self.film
        if film is not None:
            runs = film.editor.document.runs.values()
            film.moment.forget({run.id: run.film.times for run in runs if run.film is not None})
            self.show_film()

    def _on_selection(self) -> None:
        """Go to what was selected elsewhere, where it is not to be seen now."""
        film = self.film
        if film is None or not self._follows_selection or len(film.editor.selection) != 1:
            return
        (key,) = film.editor.selection
        annotation = film.editor.document.annotations.get(key)
        times = times_of(annotation) if annotation is not None else None
        is_here = key in film.moment.shown or any(each.id == key for each in film.moment.events)
        if times is not None and not is_here and not film.is_playing:
            self.go_to(times[0])

    def _look_for_frames(self, film: OpenFilm) -> None:
        """Find out in the background when each frame begins, and make small pictures."""
        wanted = threading.Event()
        self._looking = self._jobs.start(
            lambda: _looked(film.media, lambda: not wanted.is_set()),
            name="look through a film",
            on_events=partial(self._found, film),
            on_failed=self._not_found,
            stop=wanted.set,
        )

    def _found(self, film: OpenFilm, found: Sequence[FilmIndex | tuple[float, QImage]]) -> None:
        for each in found:
            if isinstance(each, FilmIndex):
                film.index = each
                film.editor.count_film(len(each.times))
            else:
                insort(film.thumbnails, each, key=itemgetter(0))
        if film is self.film:
            self.show_film()

    def _not_found(self, error: Exception) -> None:
        if not isinstance(error, MediaError):
            raise error
        self.problem.emit(str(error))


def _seen(editor: DocumentEditor) -> tuple[float, ...]:
    """Return the times of all frames that a model saw, in any run."""
    runs = editor.document.runs.values()
    return tuple(sorted({time for run in runs if run.film is not None for time in run.film.times}))


def _looked(media: VideoMedia, is_wanted: Callable[[], bool]) -> Iterator[FilmIndex | tuple[float, QImage]]:
    """Yield the index of a film, then small pictures of it; runs on a worker."""
    try:
        index = film_index(media, is_wanted)
    except NotWanted:
        return
    yield index
    try:
        for frame in strip(media, _THUMBNAILS, is_wanted, index):
            yield frame.time, image_of(frame.raster).copy()
    except NotWanted:
        return
