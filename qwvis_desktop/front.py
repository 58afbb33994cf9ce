"""``Front``: what of the program is seen when it starts, at its place and filled."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.model_files import load_registry
from qwvis_desktop.core.settings import settings_path
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.empty import EmptyCanvas
from qwvis_desktop.ui.canvas.look import Look, checks_of
from qwvis_desktop.ui.controllers.asking.options_controller import OptionsController
from qwvis_desktop.ui.controllers.asking.schema_controller import SchemaController
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.main_window import MainWindow
from qwvis_desktop.ui.panels.first_panels import FirstPanels
from qwvis_desktop.ui.theme import Theme, ThemeChoice


class Front(QObject):
    """The window with what is seen of it at first, as the settings have it. ``Program`` is all that is behind it.

    Whatever changes what is seen of an empty window belongs here; whatever does not is made when this is on the screen.

    Attributes:
        all_threads_ended: whether closing the window has ended all threads.

    Args:
        application: Qt's own.
        settings_file: where the settings are kept; where the system would have them unless given.
        credentials: the keys; the system's own unless given.
    """

    def __init__(
        self, application: QApplication, settings_file: Path | None = None, credentials: Credentials | None = None
    ) -> None:
        super().__init__(application)
        self.application = application
        self.all_threads_ended = True
        file = settings_file or settings_path()
        self.credentials = credentials or Credentials()
        self.problems: list[str] = []
        self.registry = load_registry(file.parent, self.problems.append)
        self.theme = Theme(application)
        self.jobs = JobRunner(self)
        self.panels = FirstPanels.new()
        self.services = ServiceController(self.panels.prompt, self.registry, self.credentials, self.jobs, file)
        self.actions = Actions()
        self.window = MainWindow(EmptyCanvas(), self.panels, self.actions)
        self.options = OptionsController(self.window, self.panels.prompt, self.services)
        self.schemas = SchemaController(self.window, self.panels.prompt.fields.schema, self.services)
        self._restore()

    @property
    def look(self) -> Look:
        """How annotations were shown last. They are shown at first, however the last day ended."""
        return replace(Look.from_changes(self.services.settings.view), annotations=True, only_selected=False)

    def _restore(self) -> None:
        """Show things as they were kept."""
        settings = self.services.settings
        self.theme.choose(ThemeChoice(settings.theme))
        self.actions.set_checked(f"theme.{settings.theme}", True)
        if settings.window:
            self.window.restore_state(base64.b64decode(settings.window))
        self.services.begin()
        for action, is_on in checks_of(self.look).items():
            self.actions.set_checked(action, is_on)
        self.panels.prompt.set_obstacle(self.tr("Open a picture first."))
