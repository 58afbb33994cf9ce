"""What comes in: drops, the clipboard, dialogs for files and addresses, samples; pictures as well as replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import ReplyFileError, is_kept_reply, load
from qwvis_desktop.core.media.frame_folder import FASTEST, SLOWEST, USUAL_RATE, film_address, from_film_address
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.core.samples import Sample
from qwvis_desktop.core.store.picture_record import content, has_work
from qwvis_desktop.core.store.project import is_project
from qwvis_desktop.ui.canvas.drop import DATA_SUFFIXES, DropKind, picture_of, plan_drop
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.run_controller import RunController
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.import_controller import ImportController
from qwvis_desktop.ui.controllers.keeping.project_controller import ProjectController
from qwvis_desktop.ui.controllers.keeping.session_controller import SessionController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.mime import clipboard_mime
from qwvis_desktop.ui.panels.space.camera_words import FROM_SAMPLE


class InputController(QObject):
    """Hands pictures to the media controller, replies to the run controller and other files to the import controller.

    Signals:
        problem(str): something could not be taken; a sentence for people.
    """

    problem = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        workspace: Workspace,
        media: MediaController,
        imports: ImportController,
        services: ServiceController,
        runs: RunController,
        projects: ProjectController,
        session: SessionController,
        samples: Mapping[str, Sample],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._media = media
        self._imports = imports
        self._services = services
        self._runs = runs
        self._projects = projects
        self._session = session
        self._samples = samples
        self._to_play: dict[str, Run] = {}
        self._to_read: dict[Path, list[Path]] = {}
        self._cameras = {str(sample.path): sample.camera for sample in samples.values() if sample.camera is not None}
        canvas.files_dropped.connect(self.open_paths)
        canvas.urls_dropped.connect(media.open_urls)
        canvas.text_dropped.connect(self.read_text)
        canvas.picture_dropped.connect(media.open_data)
        media.opened.connect(self._set_up_sample)
        imports.reply_read.connect(self.read_text)
        imports.pictures_wanted.connect(media.open_entries)
        media.opened.connect(imports.add_waiting)
        media.opened.connect(self._read_waiting)
        session.wanted.connect(self.open_paths)

    def open_paths(self, paths: Iterable[Path], look_at: str = "", then: Callable[[], object] = lambda: None) -> None:
        """Open pictures, folders or a project; replies, labels and cameras are read for the current picture.

        Those that come together with pictures are read for the first of them, as soon as it is open.

        Args:
            paths: what to open; ``frames#rate=25`` is a folder whose pictures are the frames of a film.
            look_at: the path of the picture to look at; the first one where it is empty.
            then: is called when all of it, or what the project holds, is in the list.
        """
        look = partial(self._look, look_at, then)
        pictures: list[Path] = []
        files: list[Path] = []
        projects: list[Path] = []
        for path in paths:
            folder, rate = from_film_address(str(path))
            if rate:
                self._open_frames(Path(folder), rate)
            elif is_project(path):
                projects.append(path)
            else:
                (files if path.suffix.lower() in DATA_SUFFIXES else pictures).append(path)
        if files and pictures:
            self._to_read[pictures[0]] = files
            for entry in self._workspace.entries:
                if self._workspace.editor_of(entry.key) is not None:
                    self._read_waiting(entry.key)
        else:
            self._read_files("", files)
        for path in projects:
            self._projects.open(path, look)
        if pictures:
            self._media.open_paths(pictures, look_at, look)
            self._session.opened(pictures)
        elif not projects:
            look()

    def _look(self, key: str, then: Callable[[], object]) -> None:
        self._workspace.show(key)
        then()

    def _read_waiting(self, key: str) -> None:
        """Read the files that wait for an entry, or for the folder it lies in."""
        entry = self._workspace.entry(key)
        file = Path(entry.file) if entry is not None and entry.file else None
        for wanted in [wanted for wanted in self._to_read if file is not None and wanted in (file, file.parent)]:
            self._read_files(key, self._to_read.pop(wanted))

    def _read_files(self, key: str, files: Iterable[Path]) -> None:
        for path in files:
            self._imports.take(path, key)

    def read_text(self, text: str) -> None:
        """Read text for the current picture: labels, a kept reply, or the bare text of one."""
        if self._imports.take_text(text):
            return
        if is_kept_reply(text):
            try:
                read = self._runs.play(load(text), Speed.AT_ONCE)
            except ReplyFileError as error:
                self.problem.emit(str(error))
                return
        else:
            read = self._runs.read_pasted(text)
        if not read:
            self.problem.emit(self.tr("Open the picture first that this reply is about, then paste the reply again."))

    def paste(self) -> None:
        """Take what is on the clipboard, as if it were dropped."""
        mime = clipboard_mime()
        plan = plan_drop(mime)
        picture = picture_of(mime) if plan.kind is DropKind.PICTURE else None
        match plan.kind:
            case DropKind.FILES:
                self.open_paths(plan.paths)
            case DropKind.URLS:
                self._media.open_urls(plan.urls)
            case DropKind.TEXT:
                self.read_text(plan.text)
            case DropKind.PICTURE if picture is not None:
                self._media.open_data(*picture)
            case _:
                self.problem.emit(plan.sentence)

    def open_sample(self, name: str, *, play: bool = True) -> None:
        """Open a sample; its reply, made from the drawing's own truth, is played unless told otherwise."""
        sample = self._samples[name]
        key = str(sample.path)
        if play:
            self._to_play[key] = sample.reply(sample.task.id)
        self._media.open_paths([sample.path])
        if self._workspace.editor_of(key) is not None:
            self._play_sample(key)

    def ask_for_files(self) -> None:
        """Let the user choose files."""
        folder = self._services.settings.folder
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Open Pictures"), folder)
        if names:
            self._services.update(folder=str(Path(names[0]).parent))
            self.open_paths(Path(name) for name in names)

    def ask_for_folder(self) -> None:
        """Let the user choose a folder."""
        folder = self._services.settings.folder
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open Folder"), folder)
        if name:
            self._services.update(folder=name)
            self.open_paths([Path(name)])

    def ask_for_frames(self) -> None:
        """Let the user choose a folder whose pictures are the frames of a film, and how fast they go."""
        title, folder = self.tr("Open Folder as Film"), self._services.settings.folder
        name = QFileDialog.getExistingDirectory(self._window, title, folder)
        if not name:
            return
        self._services.update(folder=name)
        label = self.tr("Frames per second:")
        rate, chosen = QInputDialog.getDouble(self._window, title, label, USUAL_RATE, SLOWEST, FASTEST, 2)
        if chosen:
            self._open_frames(Path(name), rate)

    def _open_frames(self, folder: Path, rate: float) -> None:
        """Open a folder as a film; one that is open at another rate anew, unless something was done on it."""
        entry, editor = self._workspace.entry(str(folder)), self._workspace.editor_of(str(folder))
        if entry is not None and entry.rate not in (0.0, rate):
            if editor is not None and has_work(content(editor.document)):
                text = self.tr(
                    '"{name}" is open with {rate} frames a second, and what was done on it is bound to them. '
                    "Close it first."
                )
                self.problem.emit(text.replace("{name}", entry.name).replace("{rate}", f"{entry.rate:g}"))
                return
            self._workspace.close(entry.key)
        self._media.open_as_film(folder, rate)
        self._session.opened([Path(film_address(folder, rate))])

    def ask_for_url(self) -> None:
        """Let the user enter an address."""
        from qwvis_desktop.ui.panels.dialogs.small_dialogs import UrlDialog  # not for the start

        dialog = UrlDialog(parent=self._window)
        if dialog.exec():
            self._media.open_urls([dialog.url])

    def _set_up_sample(self, key: str) -> None:
        """See a sample that was drawn through a known camera through that one, and play its reply."""
        editor = self._workspace.editor_of(key)
        if key in self._cameras and editor is not None:
            editor.set_camera(self._cameras[key], FROM_SAMPLE, self.tr("Camera of the sample"))
        self._play_sample(key)

    def _play_sample(self, key: str) -> None:
        run = self._to_play.pop(key, None)
        if run is not None:
            self._workspace.show(key)
            self._runs.play(run, Speed.REAL)
