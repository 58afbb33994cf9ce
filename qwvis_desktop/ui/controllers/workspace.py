"""``Workspace``: what is open, in order, and which of it is looked at; one ``DocumentEditor`` per open document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.ui.editor import DocumentEditor


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is open.

    Attributes:
        key: unique while the program runs.
        name: for people.
        path: where it lies; None for what was pasted or downloaded.
        data: the encoded picture where it has no path.
        problem: why it could not be opened; empty where it could, or was not looked at yet.
    """

    key: str
    name: str
    path: Path | None = None
    data: bytes | None = None
    problem: str = ""


class Workspace(QObject):
    """The open entries and their editors; an entry gets its editor when it is first looked at.

    Signals:
        entries_changed(): entries came, went or have news.
        current_changed(): another entry is looked at, or the current one got its editor.
        closed(str): the entry with this key is gone.
        editor_closed(DocumentEditor): what edited it will go with the next turn of the event loop.
    """

    entries_changed = Signal()
    current_changed = Signal()
    closed = Signal(str)
    editor_closed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, Entry] = {}
        self._editors: dict[str, DocumentEditor] = {}
        self._current: str | None = None

    @property
    def entries(self) -> Sequence[Entry]:
        """All that is open, in order."""
        return tuple(self._entries.values())

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

    def key_of(self, editor: DocumentEditor) -> str | None:
        """Return the key of the entry that ``editor`` edits; None where that was closed."""
        return next((key for key, held in self._editors.items() if held is editor), None)

    def add(self, entries: Iterable[Entry]) -> str | None:
        """Append entries; one that is open already stays as it is. Return the key of the first of ``entries``."""
        wanted = list(entries)
        for entry in wanted:
            self._entries.setdefault(entry.key, entry)
        if wanted:
            self.entries_changed.emit()
        return wanted[0].key if wanted else None

    def show(self, key: str) -> None:
        """Look at the entry with this key."""
        if key in self._entries and key != self._current:
            self._current = key
            self.current_changed.emit()

    def step(self, by: int) -> None:
        """Look at the entry ``by`` places further on, stopping at the ends."""
        keys = list(self._entries)
        if self._current is not None and keys:
            place = keys.index(self._current) + by
            self.show(keys[min(max(place, 0), len(keys) - 1)])

    def neighbours(self, count: int = 1) -> tuple[Entry, ...]:
        """Return the entries next to the current one, the following first."""
        keys = list(self._entries)
        if self._current is None:
            return ()
        place = keys.index(self._current)
        places = [place + step * sign for step in range(1, count + 1) for sign in (1, -1)]
        return tuple(self._entries[keys[at]] for at in places if 0 <= at < len(keys))

    def set_editor(self, key: str, editor: DocumentEditor) -> None:
        """Give an entry its editor."""
        editor.setParent(self)
        self._editors[key] = editor
        self._entries[key] = replace(self._entries[key], problem="")
        self.entries_changed.emit()
        if key == self._current:
            self.current_changed.emit()

    def set_problem(self, key: str, problem: str) -> None:
        """Note why an entry could not be opened."""
        if key in self._entries:
            self._entries[key] = replace(self._entries[key], problem=problem)
            self.entries_changed.emit()

    def close(self, key: str) -> None:
        """Close an entry; the next one is looked at, or the one before where it was the last."""
        if key not in self._entries:
            return
        keys = list(self._entries)
        place = keys.index(key)
        del self._entries[key]
        editor = self._editors.pop(key, None)
        if key == self._current:
            remaining = keys[:place] + keys[place + 1 :]
            self._current = remaining[min(place, len(remaining) - 1)] if remaining else None
            self.current_changed.emit()
        self.entries_changed.emit()
        self.closed.emit(key)
        if editor is not None:
            self.editor_closed.emit(editor)
            editor.deleteLater()
