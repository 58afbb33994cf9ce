"""``ProviderSource``: makes the chosen service ready to be asked, with its key, in its turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.profiles import UploadWay
from qwvis_desktop.core.providers.base import Provider, untold
from qwvis_desktop.core.providers.catalog import LateProvider, longest_side_of, provider_for
from qwvis_desktop.core.providers.dialects import dialect_named
from qwvis_desktop.core.providers.pace import PacedProvider, Paces
from qwvis_desktop.core.settings import OFFLINE_OCR, Profile, Settings
from qwvis_desktop.core.tasks import Task
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController


class ProviderSource:
    """Makes providers of what is chosen, which wait for each other where a service takes only some at a time."""

    def __init__(self, services: ServiceController) -> None:
        self._services = services
        self._paces = Paces(lambda: services.settings.parallel)

    @property
    def fetches_pictures(self) -> bool:
        """Whether the chosen service is to fetch pictures that have an address on the web itself."""
        services = self._services
        wanted = services.settings.wire.upload is UploadWay.LINK
        return wanted and not services.is_offline and dialect_named(services.profile.dialect).takes_links

    def provider(
        self,
        on_wait: Callable[[float, str], None],
        on_sent: Callable[[int, int], None] = untold,
        on_turn: Callable[[bool], None] = untold,
    ) -> Provider:
        """Return the chosen service, ready to be asked with the key that is known for it, in its turn.

        Args:
            on_wait: told the seconds and why before each wait for another try, on the thread that asks.
            on_sent: told how far it is on its way.
            on_turn: told True when it has to wait for its turn and False when that has come, there too.
        """
        return self.providers()(on_wait, on_sent, on_turn)

    def providers(self) -> Callable[..., Provider]:
        """Return what makes the service that is chosen now, as ``provider`` does, whatever is chosen later."""
        services, profile = self._services, self._services.profile
        return _maker(
            profile,
            services.key_of(profile),
            spec=services.spec,
            task=services.task,
            settings=services.settings,
            paces=self._paces,
        )


def _maker(
    profile: Profile, key: str | None, *, spec: ModelSpec, task: Task, settings: Settings, paces: Paces
) -> Callable[..., Provider]:
    """Return what makes a service; its arguments are those of ``ProviderSource.provider``."""
    network, wire = settings.network(spec.thinking), settings.wire

    def made(
        on_wait: Callable[[float, str], None],
        on_sent: Callable[[int, int], None] = untold,
        on_turn: Callable[[bool], None] = untold,
    ) -> Provider:
        make = partial(
            provider_for, profile, key, task=task, network=network, wire=wire, on_wait=on_wait, on_sent=on_sent
        )
        late = LateProvider(profile.name, make, longest_side_of(profile))
        if profile.kind == OFFLINE_OCR:
            return late
        return PacedProvider(late, paces.of(profile.host, key, spec), spec, on_turn)

    return made
