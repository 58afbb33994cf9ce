"""``PagesAsked``: which pages of a document were asked already, and what is offered for the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.panels.asking.series_bar import SeriesBarState


class PagesAsked:
    """Looks at runs: those of open pictures, and those of pictures that only a project knows yet."""

    def __init__(self, workspace: Workspace, shelf: Shelf) -> None:
        self._workspace = workspace
        self._shelf = shelf

    def together_with_current(self) -> tuple[str, ...]:
        """Return the keys of all pages of the current document; of all open pictures where it is none."""
        return tuple(entry.key for entry in self._with_current())

    def count_with_current(self) -> int:
        """Return how many these are."""
        current = self._workspace.current
        if current is None or current.page:
            return len(self._with_current())
        return self._workspace.count

    def not_asked(self, keys: Iterable[str], task: str) -> tuple[str, ...]:
        """Return those of ``keys`` that have no finished run of a task."""
        return tuple(key for key in keys if not self.was_asked(key, task))

    def was_asked(self, key: str, task: str) -> bool:
        """Say whether a picture has a finished run of a task."""
        editor = self._workspace.editor_of(key)
        if editor is not None:
            runs = editor.document.runs.values()
            return any(run.task == task and run.status is not None and not run.error for run in runs)
        kept = self._shelf.records.get(key, {}).get("runs", ())
        return any(
            isinstance(run, Mapping) and run.get("task") == task and run.get("status") and not run.get("error")
            for run in kept
        )

    def offer(self, task: str) -> SeriesBarState:
        """Return what is offered for the document that is looked at; nothing where all of it was asked."""
        current = self._workspace.current
        entries = self._with_current() if current is not None and current.page else ()
        left = self.not_asked((entry.key for entry in entries), task)
        if current is None or len(entries) < 2 or not left:
            return SeriesBarState()
        name, all_of_them = Path(current.file).name, len(entries)
        if len(left) == all_of_them:
            text = _tr("{name} has {n} pages.")
            return SeriesBarState(
                text=_filled(text, name=name, n=f"{all_of_them:,}"),
                offers=frozenset({"start"}),
                start=_filled(_tr("Run on All {n} Pages"), n=f"{all_of_them:,}"),
            )
        text = _tr("{name}: {done} of {n} pages are done.")
        return SeriesBarState(
            text=_filled(text, name=name, done=f"{all_of_them - len(left):,}", n=f"{all_of_them:,}"),
            done=all_of_them - len(left),
            total=all_of_them,
            offers=frozenset({"rest"}),
            rest=_filled(_tr("Run on Remaining {n}"), n=f"{len(left):,}"),
        )

    def _with_current(self) -> tuple[Entry, ...]:
        current = self._workspace.current
        if current is None:
            return ()
        if not current.page:
            return tuple(self._workspace.entries)
        return tuple(entry for entry in self._workspace.entries if entry.file == current.file and entry.page)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PagesAsked", text)


def _filled(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
