"""Opens what was dropped, pasted or named: files, folders, addresses, picture data. Nothing here waits for a disk."""

from __future__ import annotations

import heapq
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Signal

from qwvis_desktop.core.dataset import safe_name
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.fetched_films import keep_film
from qwvis_desktop.core.media.folder import MEDIA_SUFFIXES, natural_key, picture_names
from qwvis_desktop.core.media.image import MediaError, PasswordNeeded
from qwvis_desktop.core.media.pages import (
    address,
    count_pages,
    from_address,
    is_document,
    keep_document,
    may_have_pages,
    page_title,
)
from qwvis_desktop.core.media.video import VideoMedia, is_film
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.providers.base import CancelToken, ProviderError
from qwvis_desktop.core.settings import home
from qwvis_desktop.core.store.picture_record import RecordError
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import Detail, Picture, PictureLoader
from qwvis_desktop.ui.jobs import JobRunner, once

MANY = 2000
"""From this many pictures of a folder on, the first one is shown before the others are sorted."""

SLICE = 2000
"""Pictures of a folder that are sorted and listed at once: the window moves between two slices."""

FIRST_SECONDS = 0.7
"""How long the others wait for that at most."""


class MediaController(QObject):
    """Joins the canvas, the picture loader and the workspace.

    Signals:
        problem(str): something could not be opened; a sentence for people.
        refused(str): the same of what is not on view, or did not even come into the list.
        opened(str): the entry with this key has its document.
        document_dropped(str): this file with pages was opened, and not as a part of something that was open before.
        locked(str, PasswordNeeded): the entry with this key is a page of a document that needs a password.

    Args:
        shelf: knows what was done on pictures that are not open yet.
        took: is told each picture with what was done on it, as soon as it has its editor.
    """

    problem = Signal(str)
    refused = Signal(str)
    opened = Signal(object)
    locked = Signal(object, object)
    document_dropped = Signal(object)

    def __init__(
        self,
        *,
        workspace: Workspace,
        canvas: CanvasView,
        loader: PictureLoader,
        jobs: JobRunner,
        shelf: Shelf,
        took: Callable[[str, OpenedPicture], object],
    ) -> None:
        super().__init__(workspace)
        self._shelf = shelf
        self._took = took
        self._workspace = workspace
        self._canvas = canvas
        self._loader = loader
        self._jobs = jobs
        self._opening: set[str] = set()
        self._untold: dict[str, str] = {}
        self._shown = threading.Event()
        workspace.current_changed.connect(self._show_current)
        workspace.closed.connect(loader.forget)
        loader.ready.connect(self._picture_ready)
        loader.failed.connect(self._picture_failed)
        loader.detail_ready.connect(self._detail_ready)
        canvas.detail_wanted.connect(self._sharpen)

    def open_paths(self, paths: Iterable[Path], look_at: str = "", then: Callable[[], None] | None = None) -> None:
        """Open files, each page of documents, and the pictures of folders; look at the first, or at ``look_at``.

        Args:
            paths: where they lie; one of a page (``scan.pdf#page=3``) opens the document and looks at that page.
            look_at: path, or address of a page, of what to look at.
            then: is called when all are in the list, and has to look at ``look_at`` itself.
        """
        wanted = list(paths)
        self._shown.clear()
        taken = threading.Event()

        def add(found: Sequence[object]) -> None:
            self._add_found(found)
            files = {each.entries[0].file for each in found if isinstance(each, _Found) and each.entries[0].page}
            for file in () if look_at else files:
                self.document_dropped.emit(file)
            taken.set()

        self._jobs.start(
            lambda: _one_by_one(_entries_of(wanted, lambda: self._shown.wait(FIRST_SECONDS)), taken),
            name="list files",
            on_events=add,
            on_finished=then or (lambda: self._workspace.show(look_at)),
        )

    def open_urls(self, urls: Iterable[str]) -> None:
        """Download pictures and films, and look at the first."""
        for url in urls:
            token = CancelToken()

            def work(url: str = url, token: CancelToken = token) -> Iterator[object]:
                # The HTTP client is loaded when it is needed, not before the window is there.
                from qwvis_desktop.core.providers.download import download

                try:
                    yield _all_of(_entries_of_fetched(*download(url, token), url))
                except (ProviderError, WriteError) as error:
                    yield error

            self._jobs.start(work, name="download", on_events=self._add_found, stop=token.cancel)

    def open_as_film(self, folder: Path, rate: float) -> None:
        """Open the pictures of a folder as the frames of a film, ``rate`` of them a second, and look at it."""
        key = str(folder)
        # The rate is a part of what is known of it, as for films of a project.
        self._shelf.fill({key: {**self._shelf.records.get(key, {}), "frame_rate": rate}}, None)
        self._add_found([_all_of([Entry(key, folder.name or key, key, rate=rate)])])

    def open_data(self, data: bytes, name: str) -> str:
        """Open a picture from its encoded bytes (pasted, or dragged out of a browser); return its key."""
        entry = _entry_of_data(data, name or self.tr("Pasted picture"))
        self._add_found([_all_of([entry])])
        return entry.key

    def _add_found(self, found: Sequence[object]) -> None:
        taken = [item for item in found if isinstance(item, _Found)]
        for item in found:
            if not isinstance(item, _Found):
                self.refused.emit(str(item))
        self._workspace.add(entry for item in taken for entry in item.entries)
        for item in taken:
            if item.show:
                self._workspace.show(item.show)
        current = self._workspace.current
        if current is not None and current.problem and any(item.show == current.key for item in taken):
            self._show_current()  # what could not be opened is tried again

    def _show_current(self) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        self._canvas.show_editor(editor)
        if entry is None:
            self._canvas.set_picture(None)
        elif editor is None:
            self._canvas.set_picture(None)
            self._canvas.show_absence(entry.problem)
            self._probe(entry)
        elif isinstance(editor.document.media, VideoMedia):
            self._canvas.set_picture(None)  # its frames come from the film controller
            self._shown.set()
        else:
            self._canvas.set_picture(None)
            self._loader.show(entry.key, editor.document.media, self._target())
        if entry is not None and (untold := self._untold.pop(entry.key, "")):
            self.problem.emit(untold)

    def prepare(self, entry: Entry) -> None:
        """Give an entry its editor without looking at it; ``opened`` tells when it has one."""
        self._probe(entry)

    def _probe(self, entry: Entry, *, ahead: bool = False) -> None:
        """Read the header on a worker thread: a network drive may take its time.

        With ``ahead`` nobody asked for it yet: what is wrong is said when it is looked at.
        """
        if entry.key in self._opening:
            return
        self._opening.add(entry.key)
        self._jobs.start(
            once(lambda: self._shelf.open(entry.key, entry.source, entry.name, entry.page)),
            name="open picture",
            on_events=lambda found: self._probed(entry.key, found[0]),
            on_failed=lambda error: self._not_opened(entry.key, error, ahead=ahead),
        )

    def open_entries(self, entries: Iterable[Entry]) -> None:
        """Open pictures before they are looked at, one after the other; ``opened`` tells of each, also of open ones."""
        wanted = [entry for entry in entries if entry.key not in self._opening]
        for entry in wanted:
            if self._workspace.editor_of(entry.key) is not None:
                self.opened.emit(entry.key)
        closed = [entry for entry in wanted if self._workspace.editor_of(entry.key) is None]
        self._opening.update(entry.key for entry in closed)

        def work() -> Iterator[tuple[str, OpenedPicture | Exception]]:
            for entry in closed:
                try:
                    yield entry.key, self._shelf.open(entry.key, entry.source, entry.name, entry.page)
                except (MediaError, RecordError) as error:
                    yield entry.key, error

        if closed:
            self._jobs.start(work, name="open pictures", on_events=self._opened_some)

    def _opened_some(self, events: Sequence[tuple[str, OpenedPicture | Exception]]) -> None:
        for key, result in events:
            if isinstance(result, Exception):
                self._not_opened(key, result)
            else:
                self._probed(key, result)

    def _probed(self, key: str, opened: OpenedPicture) -> None:
        self._opening.discard(key)
        entry = self._workspace.entry(key)
        if entry is None:
            return
        if self._shelf.is_outdated(key, opened):
            self._probe(entry)
            return
        media = opened.document.media
        if media.path is not None:
            self._workspace.relocate(key, media.path)
        editor = DocumentEditor(opened.document)
        self._workspace.set_editor(key, editor)
        self._took(key, opened)
        self.opened.emit(key)
        if opened.problem and self._is_current(key):
            self.problem.emit(opened.problem)
        elif opened.problem:
            self._untold[key] = opened.problem
        if key in [near.key for near in self._workspace.neighbours()]:
            self._loader.prefetch(key, media, self._target())

    def _is_current(self, key: str) -> bool:
        current = self._workspace.current
        return current is not None and current.key == key

    def _not_opened(self, key: str, error: Exception, *, ahead: bool = False) -> None:
        self._opening.discard(key)
        if not isinstance(error, MediaError | RecordError):
            raise error
        self._workspace.set_problem(key, str(error))
        if isinstance(error, PasswordNeeded):
            self.locked.emit(key, error)
        elif self._is_current(key):
            self._canvas.show_absence(str(error))
            self.problem.emit(str(error))
        elif not ahead:
            self.refused.emit(str(error))

    def _target(self) -> Size:
        ratio = self._canvas.devicePixelRatioF()
        return Size(max(1, round(self._canvas.width() * ratio)), max(1, round(self._canvas.height() * ratio)))

    def _picture_ready(self, key: str, picture: Picture, final: bool) -> None:
        if self._is_current(key):
            self._canvas.set_picture(picture)
            self._shown.set()
            if final:
                self._prefetch()

    def _sharpen(self, area: Box, shrink: int) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        if entry is not None and editor is not None:
            self._loader.sharpen(entry.key, editor.document.media, area, shrink)

    def _detail_ready(self, key: str, detail: Detail) -> None:
        if self._is_current(key):
            self._canvas.set_detail(detail)

    def _prefetch(self) -> None:
        for entry in self._workspace.neighbours():
            editor = self._workspace.editor_of(entry.key)
            if editor is not None:
                self._loader.prefetch(entry.key, editor.document.media, self._target())
            elif not entry.problem:
                self._probe(entry, ahead=True)

    def _picture_failed(self, key: str, sentence: str) -> None:
        self._workspace.set_problem(key, sentence)
        if self._is_current(key):
            self.problem.emit(sentence)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # a folder above it may not be entered; opening it as a picture says why


class _Found(NamedTuple):
    """Entries that belong together, and the key of the one that is to be looked at; empty for none."""

    entries: Sequence[Entry]
    show: str


def _one_by_one(found: Iterable[object], taken: threading.Event) -> Iterator[object]:
    """Yield each when the one before was ``taken``: many at once would hold the window."""
    for item in found:
        taken.clear()
        yield item
        taken.wait(FIRST_SECONDS)


def _entries_of(paths: list[Path], first_shown: Callable[[], object]) -> Iterator[_Found | MediaError]:
    """Yield an entry for each file and for each picture of a folder, or a sentence for what holds none."""
    show = True
    for path in paths:
        for found in _entries_in(path, first_shown) if _is_folder(path) else (_file(path),):
            yield found._replace(show=found.show if show else "") if isinstance(found, _Found) else found
            show = show and not isinstance(found, _Found)


def _file(path: Path) -> _Found:
    """Return an entry for a file, or one for each of its pages; a page that was named is looked at."""
    file, page = from_address(str(path))
    entries = _pages(file, Path(file).name)
    return _Found(entries, entries[min(page or 1, len(entries)) - 1].key)


def _pages(file: str, name: str) -> list[Entry]:
    """Return an entry for each page of a file; one alone where it has none, or why not is to be said on opening it."""
    count = 0
    if may_have_pages(name):
        with suppress(MediaError):
            count = count_pages(Path(file), name)
    if not count:
        return [Entry(file, name, file)]
    numbers = range(1, count + 1)
    return [Entry(address(file, page), page_title(name, page, count), file, page=page) for page in numbers]


def _entries_in(folder: Path, first_shown: Callable[[], object]) -> Iterator[_Found | MediaError]:
    """Yield the pictures of a folder: the first one at once, as the others of a large folder take longer to sort."""
    try:
        names = picture_names(folder, MEDIA_SUFFIXES)
    except (OSError, MediaError) as error:
        yield MediaError(str(error))
        return
    if not names:
        text = QCoreApplication.translate("MediaController", 'The folder "{name}" holds no pictures and no films.')
        yield MediaError(text.replace("{name}", folder.name))
        return
    before = f"{folder}{os.sep}"
    keys = {name: natural_key(name) for name in names}
    first = min(names, key=keys.__getitem__)
    yield _all_of(_pages(before + first, first))
    if len(names) >= MANY:
        first_shown()  # sorting beside it would make its decoder wait
    # Sorting all in one call would hold Python's lock, and with it the window, until the last is in its place.
    runs = [sorted(names[start : start + SLICE], key=keys.__getitem__) for start in range(0, len(names), SLICE)]
    ordered = heapq.merge(*runs, key=keys.__getitem__)
    while some := list(islice(ordered, SLICE)):
        yield _all_of([page for name in some for page in _pages(before + name, name)])


def _all_of(entries: Sequence[Entry]) -> _Found:
    return _Found(entries, entries[0].key)


def _entries_of_fetched(data: bytes, name: str, url: str) -> list[Entry]:
    """Return the entries of what was downloaded; films and documents are kept in files, as they are read bit by bit.

    Raises:
        WriteError: that file cannot be written.
    """
    if is_film(data[:512]):
        path = str(keep_film(data, name, home("cache") / "films"))
        return [Entry(path, name, path, url=url)]
    if is_document(data):
        called = safe_name(name)
        return _pages(str(keep_document(data, called, home("data") / "documents")), called)
    return [_entry_of_data(data, name, url)]


def _entry_of_data(data: bytes, name: str, url: str = "") -> Entry:
    import hashlib

    return Entry(f"data:{hashlib.sha256(data).hexdigest()}", name, data=data, url=url)
