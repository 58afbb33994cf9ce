"""What the actions of the window do: a table from action to method, and the dialogs in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from qwvis_desktop.core.document import Run
from qwvis_desktop.core.export import FORMATS
from qwvis_desktop.core.formats.reply import ReplyFileError, is_kept_reply, load
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.core.samples import Sample
from qwvis_desktop.ui.canvas.drop import DropKind, picture_of, plan_drop
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.export_controller import ExportController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.run_controller import RunController
from qwvis_desktop.ui.controllers.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.main_window import MainWindow
from qwvis_desktop.ui.panels.dialogs import AboutDialog, ErrorDialog, ShortcutsDialog, UrlDialog
from qwvis_desktop.ui.panels.export_dialog import ExportDialog, FormatChoice
from qwvis_desktop.ui.panels.filmstrip import FilmstripItem, PictureState
from qwvis_desktop.ui.theme import Theme, ThemeChoice

NEEDS_PICTURE = (
    "file.export",
    "file.export_seen",
    "file.copy",
    "file.close",
    "edit.select_all",
    "edit.delete",
    "view.zoom_in",
    "view.zoom_out",
    "view.fit",
    "view.actual_size",
)
"""Actions that are there only while a picture is looked at."""


class WindowController(QObject):
    """Joins the window's actions, drops and menus to the other controllers."""

    def __init__(
        self,
        *,
        window: MainWindow,
        canvas: CanvasView,
        theme: Theme,
        workspace: Workspace,
        media: MediaController,
        services: ServiceController,
        runs: RunController,
        exports: ExportController,
        samples: Mapping[str, Sample],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._theme = theme
        self._workspace = workspace
        self._media = media
        self._services = services
        self._runs = runs
        self._exports = exports
        self._samples = samples
        self._to_play: dict[str, Run] = {}
        self._does = self._table()
        self._connect()

    def _table(self) -> dict[str, Callable[[], object]]:
        canvas, window = self._canvas, self._window
        themes = {f"theme.{choice}": (lambda choice=choice: self._set_theme(choice)) for choice in ThemeChoice}
        return {
            "file.open": self._ask_for_files,
            "file.open_folder": self._ask_for_folder,
            "file.open_url": self._ask_for_url,
            "file.paste": self._paste,
            "file.export": self._ask_for_export,
            "file.export_seen": self._ask_for_seen,
            "file.copy": self._copy_picture,
            "file.close": self._close_picture,
            "file.quit": window.close,
            "edit.undo": lambda: self._stack_call("undo"),
            "edit.redo": lambda: self._stack_call("redo"),
            "edit.select_all": self._select_all,
            "edit.delete": self._delete_selected,
            "view.previous": lambda: self._workspace.step(-1),
            "view.next": lambda: self._workspace.step(1),
            "view.zoom_in": canvas.zoom_in,
            "view.zoom_out": canvas.zoom_out,
            "view.fit": canvas.fit,
            "view.actual_size": lambda: canvas.set_zoom(1.0),
            "view.reset_layout": window.reset_layout,
            "run.start": self._runs.run,
            "run.stop": self._runs.stop,
            "run.replay": lambda: self._replay(Speed.REAL),
            "run.replay_10": lambda: self._replay(Speed.TENFOLD),
            "run.replay_once": lambda: self._replay(Speed.AT_ONCE),
            "help.shortcuts": lambda: ShortcutsDialog(window).exec(),
            "help.about": lambda: AboutDialog(version("qwvis-desktop"), parent=window).exec(),
            **themes,
        }

    def _connect(self) -> None:
        window, canvas, actions = self._window, self._canvas, self._window.actions_
        actions.triggered.connect(lambda action: self._does.get(action, _nothing)())
        actions.toggled.connect(self._toggled)
        actions.set_samples([(sample.id, self.tr(sample.title)) for sample in self._samples.values()])
        actions.sample_chosen.connect(self.open_sample)
        canvas.files_dropped.connect(self.open_paths)
        canvas.urls_dropped.connect(self._media.open_urls)
        canvas.text_dropped.connect(self.read_text)
        canvas.picture_dropped.connect(self._media.open_data)
        canvas.pointer_moved.connect(window.panels.status_bar.set_pointer)
        canvas.zoom_changed.connect(window.panels.status_bar.set_zoom)
        filmstrip = window.panels.filmstrip
        filmstrip.chosen.connect(self._workspace.show)
        filmstrip.close_requested.connect(self._workspace.close)
        window.panels.annotations.activated.connect(lambda key: canvas.center_on([key]))
        window.panels.run_bar.details_requested.connect(self._show_details)
        self._workspace.entries_changed.connect(self._list_entries)
        self._workspace.current_changed.connect(self._show_current)
        self._media.opened.connect(self._play_sample)
        for source in (self._media, self._services, self._exports):
            source.problem.connect(self.say)
        self._exports.saved.connect(self._say_saved)

    def open_paths(self, paths: list[Path]) -> None:
        """Open files and folders; kept replies are read for the picture that is looked at."""
        replies = [path for path in paths if path.name.endswith((".reply.json", ".json", ".txt"))]
        for path in replies:
            try:
                self.read_text(path.read_text(encoding="utf-8-sig", errors="replace"))
            except OSError as error:
                self.say(
                    self.tr('"{name}" could not be read: {why}.')
                    .replace("{name}", path.name)
                    .replace("{why}", str(error))
                )
        pictures = [path for path in paths if path not in replies]
        if pictures:
            self._media.open_paths(pictures)

    def read_text(self, text: str) -> None:
        """Read pasted or dropped text: a web address, a kept reply or the bare text of a reply."""
        address = QUrl(text.strip())
        if "\n" not in text.strip() and address.scheme() in ("http", "https") and address.host():
            self._media.open_urls([text.strip()])
        elif is_kept_reply(text):
            try:
                read = self._runs.play(load(text), Speed.AT_ONCE)
            except ReplyFileError as error:
                self.say(str(error))
                return
            self._say_unless(read)
        else:
            self._say_unless(self._runs.read_pasted(text))

    def open_sample(self, name: str, *, play: bool = True) -> None:
        """Open a sample; its reply, drawn from the drawing's own truth, is played unless told otherwise."""
        sample = self._samples[name]
        key = str(sample.path)
        if play:
            self._to_play[key] = sample.reply(sample.task.id)
        self._media.open_paths([sample.path])
        if self._workspace.editor_of(key) is not None:
            self._play_sample(key)

    def say(self, sentence: str) -> None:
        """Say something that went wrong, over the picture; nothing else changes."""
        self._canvas.set_notice(sentence, ())

    def _play_sample(self, key: str) -> None:
        run = self._to_play.pop(key, None)
        if run is not None:
            self._workspace.show(key)
            self._runs.play(run, Speed.REAL)

    def _say_unless(self, done: bool) -> None:
        if not done:
            self.say(self.tr("Open the picture first that this reply is about, then paste the reply again."))

    def _say_saved(self, path: str, lost: tuple[str, ...]) -> None:
        sentence = self.tr("Saved {path}.").replace("{path}", path)
        self._canvas.set_notice(" ".join((sentence, *lost)), ())

    def _show_details(self, details: str) -> None:
        ErrorDialog(self._window.panels.run_bar.state.text, details, self._window).exec()

    def _toggled(self, action: str, on: bool) -> None:
        if action == "view.annotations":
            self._canvas.set_annotations_shown(on)
        elif action == "view.labels":
            self._canvas.set_labels_shown(on)

    def _set_theme(self, choice: ThemeChoice) -> None:
        self._theme.choose(choice)
        self._services.update(theme=choice.value)

    def _list_entries(self) -> None:
        self._window.panels.filmstrip.set_items(
            FilmstripItem(
                entry.key, entry.name, PictureState.FAILED if entry.problem else PictureState.IDLE, entry.problem
            )
            for entry in self._workspace.entries
        )
        current = self._workspace.current
        if current is not None:
            self._window.panels.filmstrip.set_current(current.key)

    def _show_current(self) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        actions = self._window.actions_
        for action in NEEDS_PICTURE:
            actions.set_enabled(action, editor is not None)
        actions.set_enabled("file.close", entry is not None)
        actions.follow(editor.undo_stack if editor is not None else None)
        keys = [known.key for known in self._workspace.entries]
        place = keys.index(entry.key) if entry is not None else -1
        actions.set_enabled("view.previous", place > 0)
        actions.set_enabled("view.next", 0 <= place < len(keys) - 1)
        self._window.show_title(entry.name if entry is not None else "")
        if entry is not None:
            self._window.panels.filmstrip.set_current(entry.key)

    def _ask_for_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Open Pictures"), self._services.settings.folder)
        if names:
            self._services.update(folder=str(Path(names[0]).parent))
            self.open_paths([Path(name) for name in names])

    def _ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open Folder"), self._services.settings.folder)
        if name:
            self._services.update(folder=name)
            self._media.open_paths([Path(name)])

    def _ask_for_url(self) -> None:
        dialog = UrlDialog(parent=self._window)
        if dialog.exec():
            self._media.open_urls([dialog.url])

    def _paste(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        plan = plan_drop(mime)
        picture = picture_of(mime) if plan.kind is DropKind.PICTURE else None
        match plan.kind:
            case DropKind.FILES:
                self.open_paths(list(plan.paths))
            case DropKind.URLS:
                self._media.open_urls(plan.urls)
            case DropKind.TEXT:
                self.read_text(plan.text)
            case DropKind.PICTURE if picture is not None:
                self._media.open_data(*picture)
            case _:
                self.say(plan.sentence)

    def _ask_for_export(self) -> None:
        editor = self._workspace.editor
        if editor is None:
            return
        document = editor.document
        formats = [
            FormatChoice(kind.id, self.tr(kind.title), kind.suffix, kind.cannot_hold(document))
            for kind in FORMATS.values()
        ]
        dialog = ExportDialog(formats, self._stem(), parent=self._window)
        if dialog.exec():
            self._exports.export(editor, dialog.format_id, dialog.path)

    def _ask_for_seen(self) -> None:
        suggested = f"{self._stem()}.seen.png"
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export as Seen"), suggested, "PNG (*.png);;JPEG (*.jpg)"
        )
        if name:
            self._exports.save_image(self._canvas.as_seen(), Path(name))

    def _stem(self) -> Path:
        """Return folder and name without ending for what is saved from the current picture."""
        entry = self._workspace.current
        assert entry is not None
        folder = entry.path.parent if entry.path is not None else Path(self._services.settings.folder or Path.home())
        return folder / (Path(entry.name).stem or "picture")

    def _copy_picture(self) -> None:
        editor = self._workspace.editor
        if editor is not None:
            self._exports.render(editor, QGuiApplication.clipboard().setImage)

    def _close_picture(self) -> None:
        if self._workspace.current is not None:
            self._workspace.close(self._workspace.current.key)

    def _stack_call(self, name: str) -> None:
        if self._workspace.editor is not None:
            getattr(self._workspace.editor.undo_stack, name)()

    def _select_all(self) -> None:
        editor = self._workspace.editor
        if editor is not None:
            editor.select(key for key in editor.document.annotations if key not in editor.hidden)

    def _delete_selected(self) -> None:
        editor = self._workspace.editor
        if editor is not None:
            editor.remove(editor.selection, self.tr("Delete"))

    def _replay(self, speed: Speed) -> None:
        editor = self._workspace.editor
        run = editor.document.runs.get(self._window.panels.reply.run) if editor is not None else None
        if run is not None:
            self._runs.play(run, speed)


def _nothing() -> None:
    """Do nothing: an action that another controller answers."""
