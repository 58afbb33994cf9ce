"""The dialogs about services and their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.profiles import OFFLINE_OCR, custom_profile, warning_of
from qwvis_desktop.core.providers.base import Cancelled, CancelToken
from qwvis_desktop.core.providers.dialects import LocalServer
from qwvis_desktop.core.store.credentials import KeptKey, KeySource
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.jobs import Job, JobRunner
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel
from qwvis_desktop.ui.panels.dialogs.provider_dialog import ProviderDialog, ServiceEntry


class ServiceDialogs(QObject):
    """Asks for services and keys and hands them to the service controller.

    Signals:
        said(str): where a key was kept, or what is wrong with what was entered.
    """

    said = Signal(str)

    def __init__(self, window: QWidget, prompt: PromptPanel, services: ServiceController, *, jobs: JobRunner) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._jobs = jobs
        prompt.key_requested.connect(lambda: self.ask(key_first=True))
        prompt.provider_settings_requested.connect(self.ask)
        services.key_kept.connect(self._say_kept)

    def ask(self, *, key_first: bool = False) -> None:
        """Let the user change a service or add one."""
        known = [
            ServiceEntry(
                name=profile.name,
                base_url=profile.base_url,
                needs_key=profile.needs_key,
                has_key=self._services.has_key(profile),
                local=profile.kind == OFFLINE_OCR,
                dialect=profile.dialect,
            )
            for profile in self._services.settings.profiles
        ]
        place = self.tr(
            "A key is kept in the system's keyring; where there is none, only until QwVis closes. It is never written "
            "to a file."
        )
        current = self._services.profile.name
        dialog = ProviderDialog(known, current, place, key_first=key_first, warn=_warning, parent=self._window)
        dialog.show_searching()
        search = self.find_servers(lambda found: dialog.show_found([_entry(server) for server in found]))
        accepted = dialog.exec()
        search.abandon()
        if accepted:
            self.take(dialog.entry)
        dialog.deleteLater()

    def find_servers(self, on_found: Callable[[Sequence[LocalServer]], object]) -> Job:
        """Look for model servers on this computer on a worker thread; ``on_found`` is told all of them at the end."""
        token = CancelToken()

        def work() -> Iterator[list[LocalServer]]:
            # The HTTP client is loaded when it is needed, not before the window is there.
            from qwvis_desktop.core.providers.local_servers import find_local_servers

            try:
                yield list(find_local_servers(token))
            except Cancelled:
                return

        return self._jobs.start(
            work, name="find servers", on_events=lambda batch: on_found(batch[-1]), stop=token.cancel
        )

    def take(self, entry: ServiceEntry) -> None:
        """Take over what was entered."""
        if entry.local:
            self._services.choose_offline(self._services.settings.task)
            return
        try:
            profile = custom_profile(entry.base_url, entry.name, needs_key=entry.needs_key or bool(entry.key))
            profile = replace(profile, dialect=entry.dialect or profile.dialect)
            if entry.forget_key:
                self._services.forget_key(profile)
            self._services.keep_profile(profile, entry.key)
            if entry.models and self._services.settings.model not in entry.models:
                self._services.choose_model(self._services.best_of(entry.models))
        except ValueError as error:
            self.said.emit(str(error))

    def _say_kept(self, kept: KeptKey) -> None:
        where = {
            KeySource.KEYRING: self.tr("The key is kept in the system's keyring."),
            KeySource.MEMORY: self.tr("The key is kept until QwVis closes: this system has no keyring."),
        }
        self.said.emit(" ".join(part for part in (where.get(kept.source, ""), kept.warning) if part))


def _entry(server: LocalServer) -> ServiceEntry:
    return ServiceEntry(
        name=server.dialect.title,
        base_url=server.base_url,
        needs_key=False,
        dialect=server.dialect.id,
        models=server.models,
    )


def _warning(base_url: str, key: str) -> str:
    """Say what speaks against an address and a key; what is no address is told elsewhere."""
    try:
        return warning_of(custom_profile(base_url), key)
    except ValueError:
        return ""
