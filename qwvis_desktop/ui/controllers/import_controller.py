"""Reads files that are not pictures for the picture that is looked at: labels, cameras and replies, told by content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.calibration import Calibration, CalibrationError, read_calibration
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.importing import Imported, LabelFileError, read_annotations, read_labels, recognised
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.words import counted

LABELS = frozenset({"omni3d", "kitti", "labelcloud", "jsonl"})
"""Formats of ``core.importing`` that hold annotations alone; the others are replies, which are played as runs."""

CAMERA_SUFFIXES = frozenset({".yaml", ".yml"})
"""Endings of files that can be nothing but a camera."""


@dataclass(frozen=True, slots=True)
class _Reply:
    """The text of a file that holds a reply."""

    text: str


class ImportController(QObject):
    """Adds what files hold to the current document, each file one undo step.

    Signals:
        problem(str): a file could not be taken; a sentence for people, and nothing was changed.
        said(str): what was taken from a file, and what was left out.
        reply_read(str): the file holds this text of a reply.
        camera_read(DocumentEditor, Calibration, str): the file of this name holds a camera for the picture.
    """

    problem = Signal(str)
    said = Signal(str)
    reply_read = Signal(str)
    camera_read = Signal(object, object, str)

    def __init__(self, window: QWidget, workspace: Workspace, jobs: JobRunner) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._jobs = jobs

    def ask(self) -> None:
        """Let the user choose a file of labels."""
        entry = self._workspace.current
        folder = str(entry.path.parent) if entry is not None and entry.path is not None else ""
        kinds = self.tr("Labels and replies") + " (*.json *.jsonl *.txt);;" + self.tr("All files") + " (*)"
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import Annotations"), folder, kinds)
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Read a file for the picture that is looked at."""
        editor = self._workspace.editor
        if editor is None:
            sentence = self.tr('Open the picture first that "{name}" is about, then drop the file again.')
            self.problem.emit(sentence.replace("{name}", path.name))
            return
        document = editor.document.copy()
        self._jobs.start(
            once(lambda: _read(path, document)),
            name="import",
            on_events=lambda read: self._take(editor, path.name, read[0]),
            on_failed=self._refuse,
        )

    def take_text(self, text: str) -> bool:
        """Take labels that were pasted; say whether the text holds labels and not a reply."""
        kind, editor = recognised(text), self._workspace.editor
        if kind is None or kind.id not in LABELS or editor is None:
            return False
        try:
            read = read_labels(text, editor.document, kind.id)
        except LabelFileError as error:
            self.problem.emit(str(error))
        else:
            self._add(editor, self.tr("the clipboard"), read)
        return True

    def _take(self, editor: DocumentEditor, name: str, read: Imported | Calibration | _Reply) -> None:
        if self._workspace.key_of(editor) is None:
            return  # the picture was closed meanwhile
        match read:
            case _Reply(text=text):
                self.reply_read.emit(text)
            case Calibration():
                self.camera_read.emit(editor, read, name)
            case Imported():
                self._add(editor, name, read)

    def _add(self, editor: DocumentEditor, name: str, read: Imported) -> None:
        step = self.tr("Import {name}").replace("{name}", name)
        with editor.step(step):
            if read.camera is not None:
                editor.set_camera(read.camera, read.camera_source, step)
            editor.add(read.annotations, step)
        words = self.tr("Read {n} from {name}.").replace("{n}", counted(len(read.annotations), "object"))
        self.said.emit(" ".join((words.replace("{name}", name), *read.left_out)))

    def _refuse(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, LabelFileError | CalibrationError):
            raise error


def _read(path: Path, document: Document) -> Imported | Calibration | _Reply:
    """Read a file for what it holds.

    Raises:
        LabelFileError, CalibrationError: it cannot be read; a sentence for people.
    """
    if path.suffix.lower() in CAMERA_SUFFIXES:
        return read_calibration(path, document.size, document.media.name)
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise LabelFileError(f'"{path.name}" could not be read: {error.strerror or error}.') from error
    kind = recognised(text)
    if kind is not None and kind.id in LABELS:
        return read_annotations(path, document, kind.id)
    if kind is None or kind.id == "text":
        try:
            return read_calibration(text, document.size, document.media.name)
        except CalibrationError:
            if path.name == "cameras.txt" or "calib" in path.name.lower():
                raise
    return _Reply(text)
