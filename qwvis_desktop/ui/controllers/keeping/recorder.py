"""``Recorder``: tells the journal each step as it is made, and knows which pictures hold work that is in no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.store.journal import Journal, Line
from qwvis_desktop.core.store.kept_file import Stamp
from qwvis_desktop.core.store.picture_record import Extras, Record, content, identity
from qwvis_desktop.core.store.saving import PictureState
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.core.store.steps import (
    camera_line,
    change_line,
    checked_line,
    closed_line,
    film_range_line,
    project_line,
    record_line,
    run_line,
    step_line,
)
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import Change, DocumentEditor


@dataclass(slots=True)
class _Watched:
    """A picture that is open, and how far it is kept.

    Attributes:
        revision: counts its changes.
        lasting: the revision of the last change that no undo takes back.
        saved: the revision that is in a file.
        saving: it is being saved.
        pending: what is being saved was in no file before.
        journaled: the journal has it whole, and is told changes alone.
        index: of the undo stack, as the journal knows it.
        stepped: what follows the undo stack.
    """

    key: str
    editor: DocumentEditor
    extras: Extras
    record: Record | None
    sidecar: Stamp | None
    revision: int = 0
    lasting: int = 0
    saved: int = 0
    saving: bool = False
    pending: bool = False
    journaled: bool = False
    index: int = 0
    stepped: Callable[[int], object] | None = None

    @property
    def dirty(self) -> bool:
        """Whether it holds work that is in no file."""
        return (self.saving and self.pending) or self.lasting > self.saved or not self.editor.undo_stack.isClean()

    def let_go(self) -> None:
        """Stop following: a stack tells of a step to nowhere when Qt takes it down."""
        if self.stepped is not None:
            self.editor.undo_stack.indexChanged.disconnect(self.stepped)
            self.stepped = None


class Recorder(QObject):
    """Follows the editors of the workspace.

    Signals:
        changed(str): something was done on the picture with this key.
        dirty_changed(): other pictures hold work that is in no file, or none does any more.

    Args:
        exempt: keys of pictures on which nothing is work (the samples), as long as no project holds them.
    """

    changed = Signal(str)
    dirty_changed = Signal()

    def __init__(self, workspace: Workspace, journal: Journal, shelf: Shelf, exempt: Iterable[str]) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._journal = journal
        self._shelf = shelf
        self._exempt = frozenset(exempt)
        self._watched: dict[str, _Watched] = {}
        self._dirty: frozenset[str] = frozenset()
        self._in_project = False
        workspace.closed.connect(self._forget)

    @property
    def dirty(self) -> frozenset[str]:
        """Keys of the pictures that hold work that is in no file."""
        return self._dirty

    def follow(self, key: str, opened: OpenedPicture) -> None:
        """Record what is done on a picture from now on."""
        editor = self._workspace.editor_of(key)
        assert editor is not None
        watched = _Watched(key, editor, opened.extras, opened.record, opened.sidecar)
        if opened.unsaved:
            watched.revision = watched.lasting = 1
        self._watched[key] = watched
        editor.changed.connect(partial(self._annotations_changed, watched))
        editor.run_changed.connect(partial(self._run_changed, watched))
        editor.camera_changed.connect(partial(self._camera_changed, watched))
        editor.film_range_changed.connect(partial(self._film_range_changed, watched))
        watched.stepped = partial(self._stepped, watched)
        editor.undo_stack.indexChanged.connect(watched.stepped)
        self._look(key)

    @property
    def checked(self) -> frozenset[str]:
        """Keys of the pictures that somebody found done."""
        shelved = (key for key, record in self._shelf.records.items() if record.get("checked"))
        opened = (key for key, watched in self._watched.items() if watched.extras.checked)
        return frozenset((*(key for key in shelved if key not in self._watched), *opened))

    def set_checked(self, key: str, checked: bool) -> None:
        """Note that a picture, which must be open, was found done, or not."""
        watched = self._watched[key]
        if watched.extras.checked != checked:
            watched.extras = replace(watched.extras, checked=checked)
            watched.lasting = watched.revision + 1
            self._record(watched, partial(checked_line, key, checked))

    def sidecar_of(self, key: str) -> Stamp | None:
        """Return the stamp of the file beside a picture; None where none was read or written."""
        watched = self._watched.get(key)
        return watched.sidecar if watched is not None else None

    def keeper_of(self, editor: DocumentEditor) -> Callable[[Run], object]:
        """Return what puts a run of a picture on the disk when it has ended, to be called on the worker's thread.

        It returns when the run is there: nobody is told of a reply that a crash could still take.
        """
        key = self._workspace.key_of(editor)
        if key is None or self._is_exempt(key):
            return _keep_nothing
        return lambda run: self._journal.write_now(partial(run_line, key, run))

    def states(self, keys: Iterable[str] | None = None) -> list[PictureState]:
        """Return the pictures with these keys, or all, as they stand."""
        entries = self._workspace.entries
        if keys is not None:
            wanted = frozenset(keys)
            entries = [entry for entry in entries if entry.key in wanted]
        records = self._shelf.records
        states = []
        for entry in entries:
            watched = self._watched.get(entry.key)
            if watched is None:
                states.append(
                    PictureState(
                        key=entry.key,
                        name=entry.name,
                        path=entry.path,
                        record=records.get(entry.key),
                        page=entry.page,
                    )
                )
            else:
                states.append(
                    PictureState(
                        key=entry.key,
                        name=entry.name,
                        path=entry.path,
                        page=entry.page,
                        document=watched.editor.document.copy(),
                        extras=watched.extras,
                        record=watched.record,
                        revision=watched.revision,
                    )
                )
        return states

    def saving(self, states: Iterable[PictureState]) -> None:
        """Note that these states are on their way to a file."""
        for watched in self._of(states):
            watched.pending = watched.dirty
            watched.saving = True
            watched.editor.undo_stack.setClean()

    def saved(self, states: Iterable[PictureState], sidecars: Mapping[str, Stamp] | None = None) -> None:
        """Note that these states are in a file; what was done since stays in the journal."""
        revisions = {state.key: state.revision for state in states}
        for key, revision in revisions.items():
            watched = self._watched.get(key)
            if watched is not None:
                watched.saving, watched.saved = False, revision
                watched.sidecar = (sidecars or {}).get(key, watched.sidecar)
        self._shelf.saved(revisions)
        self._look()

    def not_saved(self, states: Iterable[PictureState]) -> None:
        """Note that these states did not reach their file."""
        for watched in self._of(states):
            watched.saving = False
            if watched.pending:
                watched.revision += 1
                watched.lasting = watched.revision
        self._look()

    def restart_journal(self, project: Path | None) -> None:
        """Begin the journal again with what is in no file yet."""
        self._in_project = project is not None
        self._look()
        lines: list[Line] = [partial(project_line, project)]
        for watched in self._watched.values():
            # The reply of a run that goes on will need its picture to be there.
            runs = watched.editor.document.runs.values()
            watched.journaled = watched.key in self._dirty or any(run.status is None and not run.error for run in runs)
            if watched.journaled:
                lines.append(_whole(watched))
        lines += [partial(record_line, key, self._shelf.records[key]) for key in self._shelf.unsaved]
        self._journal.start_anew(lines)

    def take_shelved(self) -> None:
        """Tell the journal what lies on the shelf and is in no file: it must not be lost a second time."""
        for key in self._shelf.unsaved:
            self._journal.write(partial(record_line, key, self._shelf.records[key]))
        self._look()

    def _of(self, states: Iterable[PictureState]) -> list[_Watched]:
        return [self._watched[state.key] for state in states if state.key in self._watched]

    def _annotations_changed(self, watched: _Watched, change: Change) -> None:
        document = watched.editor.document
        present, order = document.annotations, document.order()
        put = tuple(present[key] for key in (*change.added, *change.replaced) if key in present)
        appended = order[len(order) - len(change.added) :] == change.added
        told = None if appended and (put or change.removed) else order
        self._record(watched, partial(change_line, watched.key, put, change.removed, told))

    def _run_changed(self, watched: _Watched, run: str) -> None:
        watched.lasting = watched.revision + 1
        self._record(watched, partial(run_line, watched.key, watched.editor.document.runs[run]))

    def _camera_changed(self, watched: _Watched) -> None:
        document = watched.editor.document
        seen = (document.camera, document.camera_source, document.convention)
        self._record(watched, partial(camera_line, watched.key, *seen))

    def _film_range_changed(self, watched: _Watched) -> None:
        self._record(watched, partial(film_range_line, watched.key, watched.editor.document.film_range))

    def _stepped(self, watched: _Watched, index: int) -> None:
        stack = watched.editor.undo_stack
        if not isValid(stack):
            return  # it goes with a window that was not closed, and tells of a step to nowhere
        if index != watched.index:
            text = stack.undoText() if index > watched.index else stack.redoText()
            watched.index = index
            if not self._is_exempt(watched.key):
                self._journal.write(partial(step_line, watched.key, text))
        self._look(watched.key)

    def _record(self, watched: _Watched, line: Line) -> None:
        watched.revision += 1
        if self._is_exempt(watched.key):
            return
        # The first line of a picture gives it whole, as it stands after this change.
        self._journal.write(line if watched.journaled else _whole(watched))
        watched.journaled = True
        self._look(watched.key)
        self.changed.emit(watched.key)

    def close(self) -> None:
        """Follow nothing any more."""
        for watched in self._watched.values():
            watched.let_go()
        self._watched.clear()

    def _forget(self, key: str) -> None:
        watched = self._watched.pop(key, None)
        if watched is not None:
            watched.let_go()
        if (watched is not None and watched.journaled) or key in self._shelf.unsaved:
            self._journal.write(partial(closed_line, key))
        self._shelf.drop(key)
        self._look(key)

    def _is_exempt(self, key: str) -> bool:
        return key in self._exempt and not self._in_project

    def _is_dirty(self, key: str) -> bool:
        watched = self._watched.get(key)
        dirty = watched.dirty if watched is not None else key in self._shelf.unsaved
        return dirty and not self._is_exempt(key)

    def _look(self, *keys: str) -> None:
        """Tell where other pictures than before hold work that is in no file; of all where no key is given."""
        looked_at = frozenset(keys) or self._watched.keys() | self._shelf.unsaved | self._dirty
        dirty = frozenset(key for key in looked_at if self._is_dirty(key))
        if self._dirty & looked_at != dirty:
            self._dirty = self._dirty - looked_at | dirty
            self.dirty_changed.emit()


def _whole(watched: _Watched) -> Line:
    """Return the line that gives a picture whole, as it stands now."""
    return partial(_whole_line, watched.key, watched.editor.document.copy(), watched.extras, watched.record)


def _whole_line(key: str, document: Document, extras: Extras, record: Record | None) -> JsonValue:
    known: Record = {name: record[name] for name in ("sha256", "bytes") if record is not None and name in record}
    return record_line(key, {**known, **identity(document.media, None), **content(document, extras)})


def _keep_nothing(_run: Run) -> None:
    """Keep nothing of a run on a sample."""
