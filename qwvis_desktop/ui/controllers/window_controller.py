"""What the actions of the window do: a table from action to call; and what the window shows of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui.action_table.edit_menu import EDIT_ACTIONS
from qwvis_desktop.ui.action_table.review_menu import REVIEW_ACTIONS
from qwvis_desktop.ui.action_table.text_menu import TEXT_ACTIONS
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.panels.panel_set import Panels

_OF_OTHERS = ("edit.undo", "edit.redo", *(f"edit.label_{place}" for place in range(1, 10)))
"""Actions of the edit menu that follow something else: the history, the labels that are known."""

NEEDS_PICTURE = (
    *(spec.id for spec in REVIEW_ACTIONS),
    *(spec.id for spec in TEXT_ACTIONS),
    *(spec.id for spec in EDIT_ACTIONS if not spec.enabled and spec.id not in _OF_OTHERS),
    "file.export",
    "file.export_seen",
    "file.copy",
    "view.ground",
    "view.zoom_in",
    "view.zoom_out",
    "view.fit",
    "view.actual_size",
    "view.selection",
)
"""Actions that can be chosen only while a picture is looked at."""

BRIEFLY_MS = 6000
"""How long a sentence stands that needs no answer."""


class WindowController(QObject):
    """Keeps actions, filmstrip and title in step with the workspace, and does what the actions say.

    Args:
        does: what each action does, by its id; those that need nothing but canvas and workspace are known here.
        show_title: names the picture in the window's title.
        close: closes the picture with this key, where the user wants that.
    """

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panels: Panels,
        actions: Actions,
        workspace: Workspace,
        does: Mapping[str, Callable[[], object]],
        show_title: Callable[[str], object],
        close: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._panels = panels
        self._actions = actions
        self._workspace = workspace
        self._show_title = show_title
        self._close = close
        self._does = {**self._own(), **does}
        actions.triggered.connect(self._do)
        canvas.pointer_moved.connect(panels.status_bar.set_pointer)
        canvas.zoom_changed.connect(panels.status_bar.set_zoom)
        panels.filmstrip.chosen.connect(workspace.show)
        panels.filmstrip.close_requested.connect(close)
        panels.annotations.activated.connect(lambda key: canvas.center_on([key]))
        panels.run_bar.details_requested.connect(self._show_details)
        workspace.entries_added.connect(self._list_further)
        workspace.entries_removed.connect(self._list_entries)
        workspace.entry_changed.connect(self._show_entry)
        workspace.current_changed.connect(self._show_current)

    def say(self, sentence: str) -> None:
        """Say something over the picture; nothing else changes."""
        self._canvas.set_notice(sentence)

    def say_lastingly(self, sentence: str) -> None:
        """Say something that is not about the picture on view: it stays when another one is."""
        self._canvas.set_notice(sentence, lasting=True)

    def say_briefly(self, sentence: str) -> None:
        """Say something that went well; it goes away by itself."""
        self._canvas.set_notice(sentence, brief=True)
        QTimer.singleShot(BRIEFLY_MS, self, lambda: self.say("") if self._canvas.notice == sentence else None)

    def _own(self) -> dict[str, Callable[[], object]]:
        canvas, workspace = self._canvas, self._workspace
        return {
            "file.close": lambda: self._close(workspace.current.key) if workspace.current is not None else None,
            "edit.undo": lambda: workspace.editor.undo() if workspace.editor is not None else None,
            "edit.redo": lambda: workspace.editor.redo() if workspace.editor is not None else None,
            "edit.select_all": self._select_all,
            "view.previous": lambda: workspace.step(-1),
            "view.next": lambda: workspace.step(1),
            "view.zoom_in": canvas.zoom_in,
            "view.zoom_out": canvas.zoom_out,
            "view.fit": canvas.fit,
            "view.actual_size": lambda: canvas.set_zoom(1.0),
        }

    def _do(self, action: str) -> None:
        # Those of the panels are answered by the window itself.
        if action in self._does:
            self._does[action]()

    def _list_entries(self) -> None:
        self._panels.filmstrip.set_items(self._workspace.entries)
        self._show_place()

    def _list_further(self, entries: Sequence[Entry]) -> None:
        self._panels.filmstrip.add_items(entries)
        self._show_place()

    def _show_place(self) -> None:
        current = self._workspace.current
        if current is not None:
            self._panels.filmstrip.set_current(current.key)
            self._allow_stepping()

    def _show_entry(self, key: str) -> None:
        entry = self._workspace.entry(key)
        if entry is not None:
            self._panels.filmstrip.set_problem(key, entry.problem)

    def _show_current(self) -> None:
        entry, editor = self._workspace.current, self._workspace.editor
        for action in NEEDS_PICTURE:
            self._actions.set_enabled(action, editor is not None)
        self._actions.set_enabled("file.close", entry is not None)
        self._actions.follow(editor.undo_stack if editor is not None else None)
        self._allow_stepping()
        self._show_title(entry.name if entry is not None else "")
        if entry is not None:
            self._panels.filmstrip.set_current(entry.key)

    def _allow_stepping(self) -> None:
        entry, count = self._workspace.current, self._workspace.count
        place = self._workspace.place_of(entry.key) if entry is not None else -1
        self._actions.set_enabled("view.previous", place > 0)
        self._actions.set_enabled("view.next", 0 <= place < count - 1)
        self._panels.status_bar.set_place(place, count)

    def _show_details(self, details: str) -> None:
        from qwvis_desktop.ui.panels.dialogs.small_dialogs import ErrorDialog  # not for the start

        ErrorDialog(self._panels.run_bar.state.text, details, self._window).exec()

    def _select_all(self) -> None:
        editor = self._workspace.editor
        if editor is not None:
            editor.select(each.id for each in self._canvas.let_through())
