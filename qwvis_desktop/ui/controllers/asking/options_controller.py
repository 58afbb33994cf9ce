"""Options of requests: shown for the chosen task and model, remembered for them, and given to each run."""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.request.option_presets import PRESETS, presets_for
from qwvis_desktop.core.request.option_rules import option_issues
from qwvis_desktop.core.settings import options_key
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel

SYSTEM = "system"
"""The one option that is no field of the request but a message of its own."""


class OptionsController(QObject):
    """Keeps the options pane in step with what is chosen beside it."""

    def __init__(self, window: QWidget, panel: PromptPanel, services: ServiceController) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._pane = panel.options
        self._services = services
        services.model_chosen.connect(self.show)
        panel.task_changed.connect(lambda _: self.show())
        panel.prompts_changed.connect(self._judge)
        self._pane.changed.connect(self._keep)
        self._pane.name_wanted.connect(self._ask_for_name)
        self._pane.preset_dropped.connect(self._drop_preset)

    def chosen(self) -> tuple[Attributes, str]:
        """Return what is set for the next request by the service's names, and the system message."""
        values = self._pane.values
        system = values.pop(SYSTEM, "")
        return values, str(system)

    def show(self) -> None:
        """Show what is remembered for the chosen task and model."""
        state, model = self._panel.state(), self._services.spec
        if state.task not in TASKS:
            return
        # The engine on this machine has nothing to be set.
        self._pane.setVisible(not self._services.is_offline)
        settings = self._services.settings
        own = dict(settings.option_presets)
        self._pane.show_options(model, settings.request_options.get(self._key(), {}), self._services.offers.media)
        self._pane.set_presets(presets_for(TASKS[state.task], model, own), frozenset(own))
        self._judge()

    def keep_preset(self, name: str) -> None:
        """Keep what is set under a name of the user's own."""
        presets = {**self._services.settings.option_presets, name: self._pane.values}
        self._services.update(option_presets=MappingProxyType(presets))
        self.show()

    def _keep(self) -> None:
        key = self._key()
        kept = {name: options for name, options in self._services.settings.request_options.items() if name != key}
        if self._pane.values:
            kept[key] = self._pane.values
        self._services.update(request_options=MappingProxyType(kept))
        self._judge()

    def _key(self) -> str:
        """Return what the options go by that are set now; what is asked about films has its own."""
        state = self._panel.state()
        of_film = self._services.offers.media == "video" and "image" in TASKS[state.task].media
        return options_key(f"{state.task}:film" if of_film else state.task, state.model)

    def _judge(self) -> None:
        """Say what the service would refuse or leave aside."""
        options, system = self.chosen()
        issues = option_issues(self._services.spec, options, f"{self._panel.state().prompt} {system}")
        self._pane.set_issues([issue.message for issue in issues])

    def _ask_for_name(self) -> None:
        from PySide6.QtWidgets import QInputDialog  # not for the start

        name, sure = QInputDialog.getText(self._window, self.tr("Keep as a Preset"), self.tr("Name of the preset:"))
        name = name.strip()
        if sure and name and name not in {preset.title for preset in PRESETS}:
            self.keep_preset(name)

    def _drop_preset(self, name: str) -> None:
        presets = {title: options for title, options in self._services.settings.option_presets.items() if title != name}
        self._services.update(option_presets=MappingProxyType(presets))
        self.show()
