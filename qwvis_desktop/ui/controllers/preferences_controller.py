"""The preferences: shows what is set, checks what is entered, and has it kept."""

from __future__ import annotations

from dataclasses import MISSING, fields
from re import fullmatch

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.settings import Settings
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController


class PreferencesController(QObject):
    """Lets the user change settings by the table of ``panels.preference_pages``."""

    def __init__(self, window: QWidget, services: ServiceController) -> None:
        super().__init__(window)
        self._window = window
        self._services = services

    def ask(self) -> None:
        """Show the dialog and keep what was changed in it."""
        from qwvis_desktop.ui.panels.dialogs.preference_pages import PAGES  # not for the start
        from qwvis_desktop.ui.panels.dialogs.preferences_dialog import PreferencesDialog

        settings, defaults = self._services.settings, Settings()
        names = [preference.name for page in PAGES for preference in page.preferences]
        dialog = PreferencesDialog(
            PAGES,
            {name: getattr(settings, name) for name in names},
            {name: getattr(defaults, name) for name in names},
            self.what_is_wrong,
            parent=self._window,
        )
        if dialog.exec():
            self.take(dialog.changes)
        dialog.deleteLater()

    def take(self, changes: dict[str, object]) -> None:
        """Have changes kept, each in the type of its setting."""
        if changes:
            self._services.update(**{name: _TYPES[name](value) for name, value in changes.items()})

    def what_is_wrong(self, name: str, value: object) -> str:
        """Return what is wrong with a value, in a sentence; empty where nothing is."""
        from qwvis_desktop.ui.panels.dialogs.costs_dialog import AMOUNT  # not for the start

        if name in ("cap_run", "cap_day") and not fullmatch(AMOUNT, str(value)):
            return self.tr(
                "A cap is an amount such as 0.50: digits, and at most six behind a point. Leave it empty for no cap."
            )
        if name == "ca_file" and value:
            # The HTTP client is loaded when it is needed, not before the window is there.
            from qwvis_desktop.core.providers.base import ConnectionFailed
            from qwvis_desktop.core.providers.route import trust

            try:
                trust(str(value))
            except ConnectionFailed as error:
                return str(error)
        return ""


_TYPES = {item.name: type(item.default) for item in fields(Settings) if item.default is not MISSING}
"""The type of each simple setting; a spin box gives whole numbers as fractions."""
