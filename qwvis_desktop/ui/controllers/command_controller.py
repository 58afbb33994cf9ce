"""All actions at hand: the palette that finds them, the keys they have, and the sheet of these."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.plane.editing import words_of
from qwvis_desktop.ui.action_table.keys import keys_of, known, native
from qwvis_desktop.ui.action_table.spec import plain_text
from qwvis_desktop.ui.action_table.table import ACTIONS, menu_text
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.editing.edit_controller import EditController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.panels.dialogs.command_palette import Command, CommandPalette


class CommandController(QObject):
    """Opens the palette and the dialogs of keys, and keeps changed keys in the settings."""

    def __init__(
        self,
        *,
        window: QWidget,
        actions: Actions,
        workspace: Workspace,
        services: ServiceController,
        edits: EditController,
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._workspace = window, actions, workspace
        self._services, self._edits = services, edits
        actions.set_shortcuts(known(services.settings.shortcuts))

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "help.palette": self.find,
            "help.shortcuts": self._show_keys,
            "help.change_shortcuts": self.ask_for_keys,
        }

    def find(self) -> None:
        """Open the palette."""
        palette = CommandPalette(self.commands(), self._window)
        palette.finished.connect(palette.deleteLater)
        palette.open()

    def commands(self) -> list[Command]:
        """Return what can be found now: actions that can be chosen, files and samples, labels, pictures."""
        found = []
        for spec in ACTIONS:
            action = self._actions[spec.id]
            if action.isEnabled() and spec.id != "help.palette":
                keys = native(keys_of(spec, self._actions.shortcuts))
                found.append(Command(plain_text(action.text()), menu_text(spec.menu), keys, action.trigger))
        choose = self._actions.listed_chosen.emit
        found += [
            Command(title, menu_text(menu), "", partial(choose, menu, entry))
            for menu, entries in self._actions.listed.items()
            for entry, title in entries
        ]
        editor, edits, workspace = self._workspace.editor, self._edits, self._workspace
        annotations = editor.document.annotations.values() if editor is not None else ()
        labels = dict.fromkeys(label for label in map(words_of, annotations) if label)
        found += [Command(label, self.tr("Label"), "", partial(edits.select_labelled, [label])) for label in labels]
        found += [
            Command(entry.name, self.tr("Picture"), "", partial(workspace.show, entry.key))
            for entry in workspace.entries
        ]
        return found

    def _show_keys(self) -> None:
        from qwvis_desktop.ui.panels.dialogs.small_dialogs import ShortcutsDialog  # not for the start

        ShortcutsDialog(self._actions.shortcuts, self._window).exec()

    def ask_for_keys(self) -> None:
        """Let the user change the keys of actions."""
        from qwvis_desktop.ui.panels.dialogs.shortcut_dialog import ShortcutDialog  # not for the start

        dialog = ShortcutDialog(self._actions.shortcuts, self._window)
        if dialog.exec():
            self._actions.set_shortcuts(dialog.changed)
            self._services.update(shortcuts=dialog.changed)
