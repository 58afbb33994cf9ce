"""What the history panel asks for: searches, runs shown on their pictures or played, files out and in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import ReplyFileError
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.content_hash import content_hash
from qwvis_desktop.core.media.frame_folder import from_film_address, open_frames
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media, open_media
from qwvis_desktop.core.media.pages import address, address_of, from_address
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.core.store.history import History
from qwvis_desktop.core.store.history_file import HistoryError
from qwvis_desktop.core.store.history_query import HistoryQuery, HistoryQueryError
from qwvis_desktop.core.store.history_rows import HistoryRow, KeptPicture, KeptRun
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.controllers.asking.run_controller import RunController
from qwvis_desktop.ui.controllers.asking.sent_controller import SentController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import Job, JobRunner, once
from qwvis_desktop.ui.panels.history import HistoryPanel
from qwvis_desktop.ui.panels.history_model import HistoryItem
from qwvis_desktop.ui.panels.words import task_title
from qwvis_desktop.ui.translation import translatable

PAGE = 200
"""How many runs are loaded at a time."""

_OUTCOMES = {
    "running": translatable("HistoryPanelController", "going on"),
    "done": translatable("HistoryPanelController", "done"),
    "failed": translatable("HistoryPanelController", "failed"),
    "stopped": translatable("HistoryPanelController", "stopped"),
    "broken": translatable("HistoryPanelController", "broken off"),
}

_SPEEDS = {"real": Speed.REAL, "tenfold": Speed.TENFOLD, "at_once": Speed.AT_ONCE}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a run can be shown: on what is open under ``key``, on the page of ``path``, or on an empty picture.

    ``path`` is a folder that is looked at as a film where there is a ``rate``.
    """

    kept: KeptRun
    key: str = ""
    path: Path | None = None
    page: int = 0
    empty: bytes = b""
    rate: float = 0.0


class HistoryPanelController(QObject):
    """Fills the history panel and does what it asks.

    Signals:
        problem(str): something could not be done; a sentence for people.
        said(str): something was done.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        panel: HistoryPanel,
        history: History,
        workspace: Workspace,
        media: MediaController,
        runs: RunController,
        sent: SentController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._history = history
        self._workspace = workspace
        self._media = media
        self._runs = runs
        self._sent = sent
        self._jobs = jobs
        self._looking: Job | None = None
        self._rows: list[HistoryRow] = []
        self._waiting: dict[str, Callable[[], object]] = {}
        panel.search_changed.connect(self.refresh)
        panel.shown.connect(self.refresh)
        panel.more_wanted.connect(self._load_more)
        panel.open_requested.connect(self.open)
        panel.play_requested.connect(lambda run, speed: self.play(run, _SPEEDS[speed]))
        panel.sent_requested.connect(self.show_sent)
        panel.export_requested.connect(self._ask_export)
        panel.import_requested.connect(self._ask_import)
        panel.delete_requested.connect(self._ask_delete)
        media.opened.connect(self._picture_opened)

    def refresh(self) -> None:
        """Load anew what is looked for, where the panel is seen."""
        if not self._panel.isVisible():
            return
        try:
            query = HistoryQuery.parse(self._panel.search)
        except HistoryQueryError as error:
            self._panel.say(str(error))
            return
        limit = max(PAGE, len(self._rows))
        self._look(lambda: (self._history.count(query), self._history.page(query, limit=limit)), self._found)

    def open(self, run: str) -> None:
        """Show a run on its picture; on an empty one where that is not found."""
        self._place(run, self._runs.show_kept)

    def play(self, run: str, speed: Speed) -> None:
        """Play a run on its picture, as it came or faster."""
        self._place(run, lambda kept: self._runs.play(kept, speed))

    def show_sent(self, run: str) -> None:
        """Show what was sent for a run."""
        self._do(lambda: self._history.get(run), self._show_sent)

    def _show_sent(self, kept: KeptRun | None) -> None:
        if kept is None:
            self._show(None, lambda _run: None)
        else:
            self._sent.show_run(kept.run)

    def export(self, path: Path, runs: Sequence[str] = ()) -> None:
        """Write runs to a file; all that are found where none is named."""
        from qwvis_desktop.core.history_archive import export_history, export_runs  # not for the start

        query = HistoryQuery.parse(self._panel.search)
        write = (
            partial(export_runs, self._history, path, tuple(runs))
            if runs
            else partial(export_history, self._history, path, query)
        )
        sentence = self.tr("{n} runs were written to {name}.").replace("{name}", path.name)
        self._do(write, lambda count: self.said.emit(sentence.replace("{n}", f"{count:,}")))

    def import_file(self, path: Path) -> None:
        """Add the runs of a file."""
        from qwvis_desktop.core.history_archive import import_history  # not for the start

        def read() -> tuple[int, list[str]]:
            refused: list[str] = []
            return import_history(self._history, path, refused.append), refused

        self._do(read, lambda result: self._imported(*result))

    def delete(self, runs: Sequence[str]) -> None:
        """Forget runs for good."""
        self._do(lambda: self._history.delete(runs), lambda _: self.refresh())

    def _look(self, look: Callable[[], object], show: Callable[..., None]) -> None:
        """Do a search on a worker; what an earlier one still finds is not shown any more."""
        if self._looking is not None:
            self._looking.abandon()
        self._looking = self._jobs.start(
            once(look), name="search history", on_events=lambda found: show(*found[0]), on_failed=self._failed
        )

    def _found(self, count: int, rows: Sequence[HistoryRow]) -> None:
        self._rows = list(rows)
        self._panel.set_items([self._item(row) for row in rows], count=count)

    def _load_more(self) -> None:
        if not self._rows:
            return
        query, last = HistoryQuery.parse(self._panel.search), self._rows[-1]
        self._look(lambda: (self._history.count(query), self._history.page(query, after=last, limit=PAGE)), self._more)

    def _more(self, count: int, rows: Sequence[HistoryRow]) -> None:
        self._rows += rows
        self._panel.append([self._item(row) for row in rows], count=count)

    def _item(self, row: HistoryRow) -> HistoryItem:
        failed = bool(row.error) and row.state in ("failed", "broken")
        return HistoryItem(
            id=row.id,
            when=datetime.fromisoformat(row.started).astimezone().strftime("%Y-%m-%d %H:%M"),
            model=row.model or row.provider,
            task=task_title(TASKS[row.task]) if row.task in TASKS else row.task,
            picture=row.pictures.replace("\n", ", "),
            outcome=self.tr(_OUTCOMES[row.state]),
            words=row.error if failed else row.begins,
            failed=failed,
        )

    def _place(self, run: str, then: Callable[[Run], object]) -> None:
        """Find the picture of a run on a worker, open it, and do ``then`` with the run."""
        open_now = [
            (entry.key, editor.document.media)
            for entry in self._workspace.entries
            if (editor := self._workspace.editor_of(entry.key)) is not None
        ]
        self._do(lambda: _find(self._history, run, open_now), lambda place: self._show(place, then))

    def _show(self, place: _Place | None, then: Callable[[Run], object]) -> None:
        if place is None:
            self.problem.emit(self.tr("This run is not in the history any more."))
            return
        do = partial(then, place.kept.run)
        if place.key:
            self._workspace.show(place.key)
            do()
        elif place.path is not None:
            key = address(place.path, place.page)
            self._waiting[key] = do
            if place.rate:
                self._media.open_as_film(place.path, place.rate)
            else:
                self._media.open_paths([place.path], key)
        else:
            name = place.kept.pictures[0].name if place.kept.pictures else self.tr("picture")
            sentence = self.tr('"{name}" was not found where it lay. Its run is shown on an empty picture of its size.')

            def do_and_say() -> None:
                do()
                self.said.emit(sentence.replace("{name}", name))

            self._waiting[name] = do_and_say
            self._media.open_data(place.empty, name)

    def _picture_opened(self, key: str) -> None:
        entry = self._workspace.entry(key)
        do = self._waiting.pop(key, None) or (self._waiting.pop(entry.name, None) if entry is not None else None)
        if do is not None:
            self._workspace.show(key)
            do()

    def _ask_export(self, runs: Sequence[str]) -> None:
        kinds = self.tr("History of QwVis") + " (*.jsonl)"
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Export Runs"), "history.jsonl", kinds)
        if name:
            self.export(Path(name), runs)

    def _ask_import(self) -> None:
        kinds = self.tr("History of QwVis, kept replies") + " (*.jsonl *.json);;" + self.tr("All files") + " (*)"
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import Runs"), "", kinds)
        if name:
            self.import_file(Path(name))

    def _ask_delete(self, runs: Sequence[str]) -> None:
        one, many = self.tr("Forget this run for good?"), self.tr("Forget these {n} runs for good?")
        question = one if len(runs) == 1 else many.replace("{n}", str(len(runs)))
        buttons = QMessageBox.StandardButton
        if QMessageBox.question(self._window, self.tr("Delete Runs"), question) == buttons.Yes:
            self.delete(runs)

    def _imported(self, count: int, refused: list[str]) -> None:
        words = self.tr("{n} runs were added.").replace("{n}", f"{count:,}")
        self.said.emit(" ".join((words, *refused[:3])))
        self.refresh()

    def _do(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        self._jobs.start(once(work), name="history", on_events=lambda done: then(done[0]), on_failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, HistoryError | ReplyFileError | WriteError | OSError):
            raise error


def _find(history: History, run: str, open_now: Sequence[tuple[str, Media]]) -> _Place | None:
    """Return where a run can be shown; None where there is no such run."""
    kept = history.get(run)
    if kept is None:
        return None
    if not kept.pictures:
        return _Place(kept, empty=_empty_picture(_size_of(kept.run, None)))
    picture = kept.pictures[0]
    for key, media in open_now:
        if _is(picture, media):
            return _Place(kept, key=key)
    if picture.path:
        folder, rate = from_film_address(picture.path)
        file, page = from_address(picture.path)
        try:
            found = open_frames(Path(folder), rate) if rate else open_media(Path(file), page=page)
            if _is(picture, found):
                return _Place(kept, path=Path(folder if rate else file), page=page, rate=rate)
        except MediaError:
            pass  # it was moved, deleted or changed: then an empty picture takes its place
    return _Place(kept, empty=_empty_picture(_size_of(kept.run, picture)))


def _is(picture: KeptPicture, media: Media) -> bool:
    """Say whether ``media`` is the picture that was asked about: by its content, where that is known."""
    if media.size != picture.size:
        return False
    if not picture.sha256:
        return address_of(media) == picture.path
    try:
        return content_hash(media) == picture.sha256
    except MediaError:
        return False


def _size_of(run: Run, picture: KeptPicture | None) -> Size:
    if picture is not None:
        return picture.size
    return run.frame.original if run.frame is not None else Size(1000, 1000)


def _empty_picture(size: Size) -> bytes:
    """Return a white picture as PNG: a bit for each pixel, so that a large one is made and opened quickly."""
    from PIL import Image

    data = BytesIO()
    Image.new("1", size, 1).save(data, "PNG")
    return data.getvalue()
