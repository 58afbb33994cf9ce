"""Opens what was dropped, pasted or named: files, folders, addresses, picture data. Nothing here waits for a disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.folder import pictures_in
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.providers.base import CancelToken, ProviderError
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import Detail, Picture, PictureLoader
from qwvis_desktop.ui.jobs import JobRunner, once


class MediaController(QObject):
    """Joins the canvas, the picture loader and the workspace.

    Signals:
        problem(str): something could not be opened; a sentence for people.
        opened(str): the entry with this key has its document.
    """

    problem = Signal(str)
    opened = Signal(str)

    def __init__(self, workspace: Workspace, canvas: CanvasView, loader: PictureLoader, jobs: JobRunner) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._canvas = canvas
        self._loader = loader
        self._jobs = jobs
        self._opening: set[str] = set()
        workspace.current_changed.connect(self._show_current)
        workspace.closed.connect(loader.forget)
        loader.ready.connect(self._picture_ready)
        loader.failed.connect(self._picture_failed)
        loader.detail_ready.connect(self._detail_ready)
        canvas.detail_wanted.connect(self._sharpen)

    def open_paths(self, paths: Iterable[Path]) -> None:
        """Open files and the pictures of folders, and look at the first."""
        wanted = list(paths)
        self._jobs.start(lambda: _entries_of(wanted), name="list files", on_events=self._add_found)

    def open_urls(self, urls: Iterable[str]) -> None:
        """Download pictures and look at the first."""
        for url in urls:
            token = CancelToken()

            def work(url: str = url, token: CancelToken = token) -> Iterator[object]:
                # The HTTP client is loaded when it is needed, not before the window is there.
                from qwvis_desktop.core.providers.download import download

                try:
                    data, name = download(url, token)
                except ProviderError as error:
                    yield error
                else:
                    yield _entry_of_data(data, name)

            self._jobs.start(work, name="download", on_events=self._add_found, stop=token.cancel)

    def open_data(self, data: bytes, name: str) -> None:
        """Open a picture from its encoded bytes (pasted, or dragged out of a browser)."""
        self._add_found([_entry_of_data(data, name or self.tr("Pasted picture"))])

    def _add_found(self, found: Sequence[object]) -> None:
        entries = [item for item in found if isinstance(item, Entry)]
        for item in found:
            if not isinstance(item, Entry):
                self.problem.emit(str(item))
        first = self._workspace.add(entries)
        if first is not None:
            self._workspace.show(first)

    def _show_current(self) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        self._canvas.show_editor(editor)
        if entry is None:
            self._canvas.set_picture(None)
        elif editor is None:
            self._canvas.set_picture(None)
            self._probe(entry)
        else:
            self._canvas.set_picture(None)
            self._loader.show(entry.key, editor.document.media, self._target())

    def _probe(self, entry: Entry) -> None:
        """Read the header on a worker thread: a network drive may take its time."""
        if entry.key in self._opening:
            return
        self._opening.add(entry.key)
        source = entry.path if entry.path is not None else entry.data or b""
        self._jobs.start(
            once(lambda: open_image(source, entry.name)),
            name="open picture",
            on_events=lambda found: self._probed(entry, found[0]),
            on_failed=lambda error: self._not_opened(entry, error),
        )

    def _probed(self, entry: Entry, media: ImageMedia) -> None:
        self._opening.discard(entry.key)
        if self._workspace.entry(entry.key) is None:
            return
        self._workspace.set_editor(entry.key, DocumentEditor(Document(media)))
        self.opened.emit(entry.key)
        if entry.key in [near.key for near in self._workspace.neighbours()]:
            self._loader.prefetch(entry.key, media, self._target())

    def _not_opened(self, entry: Entry, error: Exception) -> None:
        self._opening.discard(entry.key)
        if not isinstance(error, MediaError):
            raise error
        self._workspace.set_problem(entry.key, str(error))
        self.problem.emit(str(error))

    def _target(self) -> Size:
        ratio = self._canvas.devicePixelRatioF()
        return Size(max(1, round(self._canvas.width() * ratio)), max(1, round(self._canvas.height() * ratio)))

    def _picture_ready(self, key: str, picture: Picture, final: bool) -> None:
        current = self._workspace.current
        if current is not None and current.key == key:
            self._canvas.set_picture(picture)
            if final:
                self._prefetch()

    def _sharpen(self, area: Box, shrink: int) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        if entry is not None and editor is not None:
            self._loader.sharpen(entry.key, editor.document.media, area, shrink)

    def _detail_ready(self, key: str, detail: Detail) -> None:
        current = self._workspace.current
        if current is not None and current.key == key:
            self._canvas.set_detail(detail)

    def _prefetch(self) -> None:
        for entry in self._workspace.neighbours():
            editor = self._workspace.editor_of(entry.key)
            if editor is not None:
                self._loader.prefetch(entry.key, editor.document.media, self._target())
            elif not entry.problem:
                self._probe(entry)

    def _picture_failed(self, key: str, sentence: str) -> None:
        self._workspace.set_problem(key, sentence)
        self.problem.emit(sentence)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # a folder above it may not be entered; opening it as a picture says why


def _entries_of(paths: list[Path]) -> Iterator[object]:
    """Yield an entry for each file and for each picture of a folder, or a sentence for what holds none."""
    for path in paths:
        if not _is_folder(path):
            yield Entry(str(path), path.name, path=path)
            continue
        try:
            pictures = pictures_in(path)
        except (OSError, MediaError) as error:
            yield MediaError(str(error))
            continue
        yield from (Entry(str(picture), picture.name, path=picture) for picture in pictures)
        if not pictures:
            text = QCoreApplication.translate("MediaController", 'The folder "{name}" holds no pictures.')
            yield MediaError(text.replace("{name}", path.name))


def _entry_of_data(data: bytes, name: str) -> Entry:
    import hashlib

    return Entry(f"data:{hashlib.sha256(data).hexdigest()}", name, data=data)
