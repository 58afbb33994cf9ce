"""Presets of fields to fill: offered above the schema, and the user's own kept among the settings."""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.request.schema_presets import bundled_presets, presets
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.panels.asking.schema_editor import SchemaEditor


class SchemaController(QObject):
    """Keeps the presets of the schema editor."""

    def __init__(self, window: QWidget, editor: SchemaEditor, services: ServiceController) -> None:
        super().__init__(window)
        self._window, self._editor, self._services = window, editor, services
        editor.name_wanted.connect(self._ask_for_name)
        editor.preset_dropped.connect(self.drop)
        self.show()

    def show(self) -> None:
        """Offer all presets."""
        own = self._services.settings.schema_presets
        self._editor.set_presets(presets(own), frozenset(own))

    def keep(self, name: str) -> None:
        """Keep what is written under a name of the user's own; a name of ours is not taken."""
        taken = {word.casefold() for preset in bundled_presets() for word in (preset.id, preset.title)}
        if name.strip() and name.strip().casefold() not in taken:
            kept = {**self._services.settings.schema_presets, name.strip(): self._editor.text}
            self._services.update(schema_presets=MappingProxyType(kept))
            self.show()

    def drop(self, name: str) -> None:
        """Delete a preset of the user's own."""
        kept = {title: fields for title, fields in self._services.settings.schema_presets.items() if title != name}
        self._services.update(schema_presets=MappingProxyType(kept))
        self.show()

    def _ask_for_name(self) -> None:
        from PySide6.QtWidgets import QInputDialog  # not for the start

        name, sure = QInputDialog.getText(self._window, self.tr("Keep as a Preset"), self.tr("Name of the preset:"))
        if sure:
            self.keep(name)
