"""Reads files that are not pictures for the picture that is looked at: labels, cameras and replies, told by content."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.calibration import Calibration, CalibrationError
from qwvis_desktop.core.imported import Imported, NotRead, ReadForFile, ReadForOpen, ReplyText
from qwvis_desktop.core.label_file import LabelFileError
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.canvas.drop import DATA_SUFFIXES
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.words import counted

_MOST_SENTENCES = 8
"""Sentences of a kind that are told."""


class ImportController(QObject):
    """Adds what files hold to the documents they are about, in each one undo step; pictures that lie near are opened.

    Signals:
        problem(str): a file could not be taken; a sentence for people, and nothing was changed.
        said(str): what was taken from a file, and what was left out.
        reply_read(str): the file holds this text of a reply.
        camera_read(DocumentEditor, Calibration, str): the file of this name holds a camera for the picture.
        pictures_wanted(list): these entries are to be opened; ``add_waiting`` is to be told of each that is.
    """

    problem = Signal(str)
    said = Signal(str)
    reply_read = Signal(str)
    camera_read = Signal(object, object, str)
    pictures_wanted = Signal(object)

    def __init__(self, window: QWidget, workspace: Workspace, jobs: JobRunner) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._jobs = jobs
        self._found: dict[Path, list[object]] = {}
        self._waiting: dict[str, list[tuple[str, Imported]]] = {}
        self._queue: deque[tuple[Path, str]] = deque()
        self._is_reading = False
        self._told: list[tuple[str, list[object]]] = []
        self._failed: list[str] = []

    def ask(self) -> None:
        """Let the user choose files of labels."""
        entry = self._workspace.current
        folder = str(entry.path.parent) if entry is not None and entry.path is not None else ""
        kinds = (
            self.tr("Labels and replies")
            + f" ({' '.join(sorted(f'*{suffix}' for suffix in DATA_SUFFIXES))});;"
            + self.tr("All files")
            + " (*)"
        )
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Import Annotations"), folder, kinds)
        for name in names:
            self.take(Path(name))

    def take(self, path: Path, key: str = "") -> None:
        """Read a file: labels for the pictures they name, and all else for one of them.

        Several are read one after the other, and told of together: many tools write one for each picture.

        Args:
            path: the file.
            key: of the entry that it is for where it names none; the one that is looked at where empty.
        """
        self._queue.append((path, key))
        if not self._is_reading:
            self._read_next()

    def _read_next(self) -> None:
        self._is_reading = bool(self._queue)
        if not self._queue:
            self._tell()
            return
        path, key = self._queue.popleft()
        from qwvis_desktop.ui.controllers.import_work import read_file  # not for the start

        current = self._workspace.entry(key) if key else self._workspace.current
        documents = {
            entry.key: editor.document.copy()
            for entry in self._workspace.entries
            if (editor := self._workspace.editor_of(entry.key)) is not None
        }
        owner = current.key if current is not None and current.key in documents else None
        self._jobs.start(
            lambda: read_file(path, documents, owner),
            name="import",
            on_events=lambda read: self._collect(path, owner, read),
            on_failed=lambda error: self._fail(path, error),
            on_finished=lambda: self._finish(path),
        )

    def _fail(self, path: Path, error: Exception) -> None:
        sentence = str(error)
        self._failed.append(sentence if path.name in sentence else f'"{path.name}": {sentence}')
        self._read_next()
        _raise_what_is_not_expected(error)

    def _collect(self, path: Path, key: str | None, events: Sequence[object]) -> None:
        for event in events:
            if isinstance(event, ReplyText):
                self.reply_read.emit(event.text)
            elif isinstance(event, Calibration):
                editor = self._workspace.editor_of(key) if key is not None else None
                if editor is not None:
                    self.camera_read.emit(editor, event, path.name)
            else:
                self._found.setdefault(path, []).append(event)

    def _finish(self, path: Path) -> None:
        """Add what was read, each document's in one step, and go on with the next file."""
        found = self._found.pop(path, [])
        try:
            if found:
                self._take(path, found)
                self._told.append((path.name, found))
        finally:
            self._read_next()

    def _take(self, path: Path, found: Sequence[object]) -> None:
        opened = [event for event in found if isinstance(event, ReadForFile)]
        entries = [Entry(str(event.path), event.path.name, str(event.path)) for event in opened]
        first = self._workspace.add(entries)
        for event, entry in zip(opened, entries, strict=True):
            self._waiting.setdefault(entry.key, []).append((path.name, event.imported))
        self.pictures_wanted.emit(entries)
        for held in found:
            if isinstance(held, ReadForOpen):
                self._add(self._workspace.editor_of(held.key), path.name, held.imported)
        if first is not None and self._workspace.current is None:
            self._workspace.show(first)

    def _tell(self) -> None:
        """Say what was read and what was not, of all files together."""
        told, self._told = self._told, []
        failed, self._failed = self._some(self._failed), []
        if failed:
            self.problem.emit(" ".join(failed))
        if len(told) == 1:
            self._say(*told[0])
        elif told:
            found = [_of_file(name, event) for name, events in told for event in events]
            self._say(counted(len(told), "file"), found)

    def add_waiting(self, key: str) -> None:
        """Add what waits for a picture, which is open now."""
        for name, read in self._waiting.pop(key, ()):
            self._add(self._workspace.editor_of(key), name, read)

    def _say(self, name: str, found: Sequence[object]) -> None:
        read = [event for event in found if isinstance(event, ReadForOpen | ReadForFile)]
        refused = self._some(event.sentence for event in found if isinstance(event, NotRead))
        if not read:
            self.problem.emit(" ".join((self.tr("Nothing was read from {name}.").replace("{name}", name), *refused)))
            return
        objects = counted(sum(len(event.imported.annotations) for event in read), "object")
        words = self.tr("Read {n} from {name}.").replace("{n}", objects).replace("{name}", name)
        pictures = len({str(event.path) if isinstance(event, ReadForFile) else event.key for event in read})
        if pictures > 1:
            words = self.tr("Read {n} for {pictures} from {name}.").replace("{n}", objects)
            words = words.replace("{pictures}", counted(pictures, "picture")).replace("{name}", name)
        left_out = self._some(sentence for event in read for sentence in event.imported.left_out)
        self.said.emit(" ".join((words, *left_out, *refused)))

    def _some(self, sentences: Iterable[str]) -> list[str]:
        """Return the first of different sentences, and how many more there are."""
        different = list(dict.fromkeys(sentences))
        more = len(different) - _MOST_SENTENCES
        if more <= 0:
            return different
        return [*different[:_MOST_SENTENCES], self.tr("And {n} more like these.").replace("{n}", str(more))]

    def take_text(self, text: str) -> bool:
        """Take labels that were pasted; say whether the text holds labels and not a reply."""
        from qwvis_desktop.ui.controllers.import_work import labels_in, read_labels  # not for the start

        editor = self._workspace.editor
        kind = labels_in(text)
        if kind is None or editor is None:
            return False
        document, format_id = editor.document, kind
        if isinstance(document.media, VideoMedia):
            # The frames of the film may have to be counted, which takes a look into all of its file.
            document = document.copy()
            self._jobs.start(
                once(lambda: read_labels(text, document, format_id)),
                name="import",
                on_events=lambda read: self._take_pasted(editor, read[0]),
                on_failed=self._refuse,
            )
            return True
        try:
            self._take_pasted(editor, read_labels(text, document, kind))
        except LabelFileError as error:
            self.problem.emit(str(error))
        return True

    def _take_pasted(self, editor: DocumentEditor, read: Imported) -> None:
        if self._workspace.key_of(editor) is None:
            return  # it was closed meanwhile
        self._add(editor, self.tr("the clipboard"), read)
        self._say(self.tr("the clipboard"), [ReadForOpen("", read)])

    def _add(self, editor: DocumentEditor | None, name: str, read: Imported) -> None:
        if editor is None:
            return  # the picture was closed meanwhile
        step = self.tr("Import {name}").replace("{name}", name)
        with editor.step(step):
            if read.camera is not None:
                editor.set_camera(read.camera, read.camera_source, step)
            editor.add(read.annotations, step)

    def _refuse(self, error: Exception) -> None:
        self.problem.emit(str(error))
        _raise_what_is_not_expected(error)


def _raise_what_is_not_expected(error: Exception) -> None:
    if not isinstance(error, LabelFileError | CalibrationError):
        raise error


def _of_file(name: str, event: object) -> object:
    """Return what was read of one file of several; a sentence on what was not names it."""
    return NotRead(f'"{name}": {event.sentence}') if isinstance(event, NotRead) else event
