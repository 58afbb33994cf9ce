"""Pictures and films with work on them that lie elsewhere now: the user says where, or drops them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.store.picture_record import frame_rate_of
from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.jobs import JobRunner, once

_FIND, _TAKE = "lost.find", "lost.take"
"""Ids of the buttons that ask where something is, and that take a file though its content is another."""


class LostController(QObject):
    """Offers to find what is not where it was, and knows it by its content when it is dropped."""

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        workspace: Workspace,
        media: MediaController,
        shelf: Shelf,
        jobs: JobRunner,
    ) -> None:
        super().__init__(workspace)
        self._window, self._canvas, self._workspace = window, canvas, workspace
        self._media, self._shelf, self._jobs = media, shelf, jobs
        self._doubted: tuple[str, Path] | None = None
        # After the sentence was said without the button.
        media.problem.connect(self._offer, Qt.ConnectionType.QueuedConnection)
        canvas.notice_action.connect(self._act)
        workspace.entries_added.connect(self._look_among)

    def _lost_now(self) -> Entry | None:
        current = self._workspace.current
        return current if current is not None and current.key in self._shelf.lost else None

    def _offer(self, sentence: str) -> None:
        entry = self._lost_now()
        if entry is not None and entry.problem == sentence:
            self._canvas.set_notice(sentence, [(_FIND, self.tr("Find It..."))])

    def _act(self, action: str) -> None:
        acts: dict[str, Callable[[], object]] = {_FIND: self.ask_where, _TAKE: self._take_doubted}
        acts.get(action, lambda: None)()

    def ask_where(self) -> None:
        """Let the user show where what is looked at lies now."""
        entry = self._lost_now()
        if entry is None or entry.path is None:
            return
        folder = next((str(each) for each in entry.path.parents if each.is_dir()), "")
        title = self.tr('Find "{name}"').replace("{name}", entry.name)
        if frame_rate_of(self._shelf.records[entry.key]):
            name = QFileDialog.getExistingDirectory(self._window, title, folder)
        else:
            kind = self.tr("Files like it") + f" (*{entry.path.suffix})"
            name, _ = QFileDialog.getOpenFileName(self._window, title, folder, f"{kind};;{self.tr('All files')} (*)")
        if name:
            self._look_at(entry, Path(name))

    def _look_at(self, entry: Entry, path: Path) -> None:
        self._jobs.start(
            once(lambda: self._shelf.is_of(entry.key, path)),
            name="look at a file",
            on_events=lambda found: self._judge(entry, path, is_it=found[0]),
        )

    def _judge(self, entry: Entry, path: Path, *, is_it: bool | None) -> None:
        if is_it is not False:
            self._take(entry.key, path)
            return
        self._doubted = (entry.key, path)
        words = self.tr('"{file}" has another content than "{name}" had when it was worked on.')
        words = words.replace("{file}", path.name).replace("{name}", entry.name)
        self._canvas.set_notice(words, [(_FIND, self.tr("Find Another...")), (_TAKE, self.tr("Use It All the Same"))])

    def _take_doubted(self) -> None:
        doubted, self._doubted = self._doubted, None
        if doubted is not None:
            self._take(*doubted)

    def _take(self, key: str, path: Path) -> None:
        """Open a picture where it is now, with what was done on it."""
        entry = self._workspace.entry(key)
        if entry is None:
            return
        self._shelf.found(key, path)
        self._canvas.withdraw_notice(entry.problem)
        self._workspace.show(key)
        self._media.prepare(entry)

    # What was dropped

    def _look_among(self, entries: Sequence[Entry]) -> None:
        """Look whether what was opened is what is missed."""
        lost = self._shelf.lost
        if not lost:
            return

        def work() -> Iterator[tuple[str, Entry]]:
            for entry, path in ((entry, entry.path) for entry in entries if entry.path is not None):
                yield from ((key, entry) for key in lost if self._shelf.is_of(key, path))

        self._jobs.start(work, name="look for what is missed", on_events=partial(self._found, lost))

    def _found(self, lost: frozenset[str], found: Sequence[tuple[str, Entry]]) -> None:
        for key, entry in found:
            editor = self._workspace.editor_of(entry.key)
            is_touched = editor is not None and (editor.document.annotations or editor.document.runs)
            if key in lost & self._shelf.lost and entry.path is not None and not is_touched:
                self._take(key, entry.path)
                self._workspace.close(entry.key)
