"""``Workspace``: what is open, in order, and which of it is looked at; one ``DocumentEditor`` per open document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.media.frame_folder import film_address
from qwvis_desktop.core.media.pages import address
from qwvis_desktop.ui.editor import DocumentEditor


class Entry(NamedTuple):
    """One thing that is open.

    Attributes:
        key: unique while the program runs.
        name: for people.
        file: where it lies; empty for what was pasted or downloaded.
        data: the encoded picture where it has no file.
        problem: why it could not be opened; empty where it could, or was not looked at yet.
        page: of the file, counted from 1; 0 for what is no page of a document.
        url: where it was downloaded from; empty for all others.
        rate: frames a second of a folder that is looked at as a film; 0 for all others.
    """

    key: str
    name: str
    file: str = ""
    data: bytes | None = None
    problem: str = ""
    page: int = 0
    url: str = ""
    rate: float = 0.0

    @property
    def path(self) -> Path | None:
        """Where it lies; None for what was pasted or downloaded. Made when asked for: folders hold many."""
        return Path(self.file) if self.file else None

    @property
    def source(self) -> Path | bytes:
        """What it is opened from."""
        return Path(self.file) if self.file else self.data or b""

    @property
    def address(self) -> str:
        """Its file and page; empty for what was pasted or downloaded."""
        return address(self.file, self.page) if self.file else ""

    @property
    def word(self) -> str:
        """What opens its file again, all pages of it, or its folder as a film; empty as above."""
        return film_address(self.file, self.rate)


class Workspace(QObject):
    """The open entries and their editors; an entry gets its editor when it is first looked at.

    Signals:
        entries_added(tuple): these entries came, behind all others.
        entries_removed(): entries went.
        entries_changed(): entries came or went; follows on either of the two above.
        entry_changed(str): the entry with this key has news.
        current_changed(): another entry is looked at, or the current one got its editor.
        closed(str): the entry with this key is gone.
        editor_closed(DocumentEditor): what edited it will go with the next turn of the event loop.
    """

    entries_added = Signal(object)
    entries_removed = Signal()
    entries_changed = Signal()
    entry_changed = Signal(object)
    current_changed = Signal()
    closed = Signal(object)
    editor_closed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, Entry] = {}
        self._places: dict[str, int] | None = None
        self._editors: dict[str, DocumentEditor] = {}
        self._current: str | None = None

    @property
    def entries(self) -> Sequence[Entry]:
        """All that is open, in order."""
        return tuple(self._entries.values())

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    @property
    def current(self) -> Entry | None:
        """The entry that is looked at."""
        return self._entries.get(self._current) if self._current is not None else None

    @property
    def editor(self) -> DocumentEditor | None:
        """The editor of the current entry; None until it is opened."""
        return self._editors.get(self._current) if self._current is not None else None

    def entry(self, key: str) -> Entry | None:
        """Return the entry with this key."""
        return self._entries.get(key)

    def editor_of(self, key: str) -> DocumentEditor | None:
        """Return the editor of an entry."""
        return self._editors.get(key)

    def place_of(self, key: str) -> int:
        """Return the number of an entry in the order of all, from 0.

        Raises:
            KeyError: there is none with this key.
        """
        if self._places is None:
            self._places = {known: place for place, known in enumerate(self._entries)}
        return self._places[key]

    def key_of(self, editor: DocumentEditor) -> str | None:
        """Return the key of the entry that ``editor`` edits; None where that was closed."""
        return next((key for key, held in self._editors.items() if held is editor), None)

    def add(self, entries: Iterable[Entry]) -> str | None:
        """Append entries; one that is open already stays as it is. Return the key of the first of ``entries``."""
        wanted = list(entries)
        before = len(self._entries)
        new: dict[str, Entry] = {}
        for entry in wanted:
            if entry.key not in self._entries:
                new.setdefault(entry.key, entry)
        if new:
            self._entries.update(new)
            if self._places is not None:
                self._places.update((key, before + place) for place, key in enumerate(new))
            self.entries_added.emit(tuple(new.values()))
            self.entries_changed.emit()
        return wanted[0].key if wanted else None

    def show(self, key: str) -> None:
        """Look at the entry with this key."""
        if key in self._entries and key != self._current:
            self._current = key
            self.current_changed.emit()

    def step(self, by: int) -> None:
        """Look at the entry ``by`` places further on, stopping at the ends."""
        if self._current is not None:
            keys = self._keys()
            place = self.place_of(self._current) + by
            self.show(keys[min(max(place, 0), len(keys) - 1)])

    def neighbours(self, count: int = 1) -> tuple[Entry, ...]:
        """Return the entries next to the current one, the following first."""
        if self._current is None:
            return ()
        keys, place = self._keys(), self.place_of(self._current)
        places = [place + step * sign for step in range(1, count + 1) for sign in (1, -1)]
        return tuple(self._entries[keys[at]] for at in places if 0 <= at < len(keys))

    def _keys(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def set_editor(self, key: str, editor: DocumentEditor) -> None:
        """Give an entry its editor."""
        editor.setParent(self)
        self._editors[key] = editor
        self._entries[key] = self._entries[key]._replace(problem="")
        self.entry_changed.emit(key)
        if key == self._current:
            self.current_changed.emit()

    def relocate(self, key: str, path: Path) -> None:
        """Note that the file of an entry lies elsewhere now."""
        if key in self._entries and self._entries[key].file != str(path):
            self._entries[key] = self._entries[key]._replace(file=str(path))
            self.entry_changed.emit(key)

    def set_problem(self, key: str, problem: str) -> None:
        """Note why an entry could not be opened."""
        if key in self._entries:
            self._entries[key] = self._entries[key]._replace(problem=problem)
            self.entry_changed.emit(key)

    def close(self, key: str) -> None:
        """Close an entry; the next one is looked at, or the one before where it was the last."""
        if key not in self._entries:
            return
        keys = self._keys()
        place = self.place_of(key)
        del self._entries[key]
        self._places = None
        editor = self._editors.pop(key, None)
        if key == self._current:
            remaining = keys[:place] + keys[place + 1 :]
            self._current = remaining[min(place, len(remaining) - 1)] if remaining else None
            self.current_changed.emit()
        self.entries_removed.emit()
        self.entries_changed.emit()
        self.closed.emit(key)
        if editor is not None:
            self.editor_closed.emit(editor)
            editor.deleteLater()

    def close_all(self) -> None:
        """Close all entries."""
        gone = self._keys()
        editors = [self._editors.pop(key) for key in gone if key in self._editors]
        self._entries, self._places, self._current = {}, None, None
        self.current_changed.emit()
        self.entries_removed.emit()
        self.entries_changed.emit()
        for key in gone:
            self.closed.emit(key)
        for editor in editors:
            self.editor_closed.emit(editor)
            editor.deleteLater()
