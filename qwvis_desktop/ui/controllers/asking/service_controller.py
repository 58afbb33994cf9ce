"""Which service, model and task are chosen, and the keys: keeps prompt panel, settings and keys in step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.model_registry import ModelRegistry, ModelSpec
from qwvis_desktop.core.profiles import BLANK
from qwvis_desktop.core.settings import OFFLINE_OCR, Profile, Settings, load_settings, save_settings
from qwvis_desktop.core.store.credentials import Credentials, FoundKey, KeptKey
from qwvis_desktop.core.tasks import TASKS, Task
from qwvis_desktop.ui.controllers.asking.task_offers import TaskOffers
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel, ProviderChoice
from qwvis_desktop.ui.panels.words import space_words

OFFLINE_MODEL = "rapidocr"

KEYS_LATER_MS = 1500
"""How long after the start the keys of services are looked for that nobody has chosen yet."""


class ServiceController(QObject):
    """Fills the prompt panel and remembers what is chosen in it.

    Signals:
        problem(str): settings could not be read or kept; a sentence for people.
        key_kept(object): a key was entered; the ``KeptKey`` says where it is kept and what is odd about it.
        model_chosen(): service or model may be others than before.
        waiting(float, str): a request waits this many seconds before it is tried again, and why.
        sending(str, int, int): of the run with this id so many bytes are sent, and so many there are.
    """

    problem = Signal(str)
    key_kept = Signal(object)
    model_chosen = Signal()
    waiting = Signal(float, str)
    sending = Signal(str, object, object)  # a file may have more bytes than a C++ int counts

    def __init__(
        self, panel: PromptPanel, registry: ModelRegistry, credentials: Credentials, jobs: JobRunner, path: Path
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._registry = registry
        self._credentials = credentials
        self._jobs = jobs
        self._path = path
        self._problems: list[str] = []
        self._settings = load_settings(path, self._problems.append)
        self._found: dict[str, FoundKey] = {}
        panel.provider_changed.connect(self._provider_chosen)
        panel.model_changed.connect(self._model_chosen)
        self.offers = TaskOffers(
            panel,
            spec=lambda: self.spec,
            kept=lambda: self._settings.task,
            keep=lambda task: self.update(task=task),
        )
        panel.prompts_changed.connect(lambda: self.update(prompts=MappingProxyType(panel.prompts)))

    @property
    def settings(self) -> Settings:
        """The settings as they stand."""
        return self._settings

    @property
    def profile(self) -> Profile:
        """The chosen service."""
        return self._settings.chosen

    @property
    def is_offline(self) -> bool:
        """Whether the engine on this machine is chosen."""
        return self.profile.kind == OFFLINE_OCR

    @property
    def spec(self) -> ModelSpec:
        """What is known of the chosen model."""
        return self._registry.spec(self._panel.state().model)

    @property
    def task(self) -> Task:
        """The chosen task; the one that pictures are asked with where nothing can be asked about what is looked at."""
        return TASKS[self._panel.state().task or self._settings.task]

    def begin(self) -> None:
        """Fill the panel."""
        self._panel.set_prompts(self._settings.prompts)
        self._show_providers()
        self._show_models(self._settings.model)

    def go_on(self) -> None:
        """Say what was wrong with the settings, and look for keys on a worker thread."""
        for sentence in self._problems:
            self.problem.emit(sentence)
        # Loading the keyring takes as long as the first paint; it is needed at once only for a service with a key.
        QTimer.singleShot(0 if self.profile.needs_key else KEYS_LATER_MS, self, self._look_for_keys)

    def update(self, **changes: Any) -> None:
        """Change settings, and keep them."""
        changed = replace(self._settings, **changes)
        if changed == self._settings:
            return
        self._settings = changed
        try:
            save_settings(self._path, changed)
        except (OSError, WriteError) as error:
            self.problem.emit(
                self.tr("The settings could not be kept ({why}). They hold until the program closes.").replace(
                    "{why}", str(error)
                )
            )

    def choose_offline(self, task: str) -> None:
        """Choose the engine on this machine and ``task``."""
        profile = next(profile for profile in self._settings.profiles if profile.kind == OFFLINE_OCR)
        self.update(profile=profile.name, task=task)
        self._show_providers()
        self._show_models(self._settings.model)

    def choose_model(self, model: str) -> None:
        """Choose a model of the chosen service; for the engine on this machine, the one for pasted replies."""
        self.update(model=model)
        self._show_models(model)

    def choose_task(self, task: str) -> None:
        """Choose a task."""
        self.update(task=task)
        self._show_models(self._settings.model)

    def best_of(self, models: Sequence[str]) -> str:
        """Return the model to ask among those a server has: the first that is known to see, else the first."""
        seeing = (m for m in models if (spec := self._registry.spec(m)).known and "vision" in spec.abilities)
        return next(seeing, models[0])

    def keep_profile(self, profile: Profile, key: str = "") -> None:
        """Take over a changed or new service, choose it, and keep its key where one was entered.

        Raises:
            ValueError: the key is no key; the text is for people.
        """
        if key:
            self._take_key(profile, self._credentials.set(profile, key))
        self.update(profiles=self._settings.with_profile(profile), profile=profile.name)
        self._show_providers()
        self._show_models(self._panel.state().model)
        self._look_for_keys()

    def key_of(self, profile: Profile) -> str | None:
        """Return the key that is known for a service."""
        found = self._found.get(profile.name)
        return found.key if found is not None else None

    def has_key(self, profile: Profile) -> bool:
        """Say whether a key is known for a service."""
        return self.key_of(profile) is not None

    def lacks_key(self) -> bool:
        """Say whether the chosen service needs a key, and none was found."""
        found = self._found.get(self.profile.name)
        return self.profile.needs_key and found is not None and found.key is None

    def forget_key(self, profile: Profile) -> None:
        """Forget the key of a service; one in an environment variable stays."""
        self._credentials.forget(profile)
        self._found.pop(profile.name, None)

    def _take_key(self, profile: Profile, kept: KeptKey) -> None:
        self._found[profile.name] = self._credentials.get(profile)
        self.key_kept.emit(kept)

    def _look_for_keys(self) -> None:
        """Ask the keyring on a worker thread: it may want to be unlocked first."""
        profiles = [profile for profile in self._settings.profiles if profile.kind != OFFLINE_OCR]

        def work() -> Iterator[tuple[str, FoundKey]]:
            for profile in profiles:
                yield profile.name, self._credentials.get(profile)

        self._jobs.start(work, name="look for keys", on_events=self._keys_found)

    def _keys_found(self, found: Sequence[tuple[str, FoundKey]]) -> None:
        self._found.update(found)
        for sentence in dict.fromkeys(key.problem for _, key in found if key.problem):
            self.problem.emit(sentence)
        self._show_providers()

    def _show_providers(self) -> None:
        choices = [
            ProviderChoice(
                profile.name,
                address=profile.base_url or self.tr("on this machine, no network"),
                needs_key=profile.needs_key,
                has_key=self.has_key(profile),
                looked=profile.name in self._found,
            )
            for profile in self._settings.profiles
            if BLANK not in profile.base_url  # a workspace that was not named yet
        ]
        self._panel.set_providers(choices, self.profile.name)

    def _provider_chosen(self, name: str) -> None:
        self.update(profile=name)
        if self.profile.needs_key and name not in self._found:
            self._look_for_keys()
        self._show_models(self._settings.model)

    def _show_models(self, model: str) -> None:
        offline = self.is_offline
        models = [model for model in self._registry.models if (model == OFFLINE_MODEL) == offline]
        self._panel.set_model_editable(not offline)
        if offline:
            model = OFFLINE_MODEL
        elif model == OFFLINE_MODEL:
            model = Settings().model
        self._panel.set_models(models, model)
        self._show_model(model)

    def _model_chosen(self, model: str) -> None:
        self.update(model=model)
        self._show_model(model)

    def _show_model(self, model: str) -> None:
        spec = self._registry.spec(model)
        reading = self.tr("{family}, {space}").replace("{space}", space_words(spec.space))
        if not spec.known:
            reading = self.tr("Not recognised, read as {family}, {space}").replace("{space}", space_words(spec.space))
        self._panel.set_family(reading.replace("{family}", spec.family_title), spec.known)
        self.offers.offer()
        self.model_chosen.emit()
