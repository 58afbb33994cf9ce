"""Choosing the service, the model and the task of a command: from its options, else from the settings."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace

from qwvis_desktop.cli import argument_types
from qwvis_desktop.cli.output import CommandError, ExitCode, note
from qwvis_desktop.core.accounting import Accounts, caps_of
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_files import load_registry
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.profiles import UploadWay, warning_of
from qwvis_desktop.core.providers.base import Provider
from qwvis_desktop.core.providers.catalog import provider_for
from qwvis_desktop.core.providers.retry import TICK_SECONDS
from qwvis_desktop.core.request.option_rules import option_issues, settled
from qwvis_desktop.core.request.schema_presets import bundled_presets
from qwvis_desktop.core.settings import (
    OFFLINE_OCR,
    Profile,
    Settings,
    custom_profile,
    home,
    load_settings,
    settings_path,
)
from qwvis_desktop.core.store.ledger import Ledger, ledger_path
from qwvis_desktop.core.tasks import TASKS, Task


class Countdown:
    """Says on standard error that another try is waited for: why, once, and on a terminal each second how long yet."""

    def __init__(self) -> None:
        self._left = 0.0

    def __call__(self, seconds: float, why: str) -> None:
        """Say it."""
        begins = seconds >= self._left
        self._left = seconds if seconds > TICK_SECONDS else 0.0
        if begins:
            note(f"{why} Trying again in {seconds:.0f} s.")
        elif sys.stderr.isatty():
            sys.stderr.write(f"\rTrying again in {seconds:.0f} s. " if self._left else "\r" + " " * 30 + "\r")
            sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Service:
    """Whom to ask, with which key (None where there is none), and which model."""

    profile: Profile
    key: str | None
    model: ModelSpec
    settings: Settings

    def provider(self, task: Task) -> Provider:
        """Return what asks it; a wait for another try is said.

        Raises:
            CommandError: this version does not know this kind of service.
        """
        try:
            return provider_for(
                self.profile,
                self.key,
                task=task,
                network=self.settings.network(self.model.thinking),
                wire=self.settings.wire,
                on_wait=Countdown(),
            )
        except ValueError as error:
            raise CommandError(str(error), ExitCode.USAGE) from error


def add_service_options(parser: ArgumentParser) -> None:
    """Add the options that choose a service and say what to ask."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--provider", metavar="NAME", help="a service, by its name in the settings")
    group.add_argument("--base-url", metavar="URL", help="any OpenAI-compatible service: http://127.0.0.1:8000/v1")
    parser.add_argument("--prompt", metavar="TEXT", help="what to ask (default: the task's own words)")
    parser.add_argument(
        "--option",
        dest="options",
        type=argument_types.option,
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a further field of the request, such as temperature=0.1; may be given several times",
    )
    parser.add_argument(
        "--upload",
        choices=[way.value for way in UploadWay],
        help="how pictures get to DashScope: large ones uploaded (auto), all as base64, all uploaded for 48 hours, or "
        "fetched by the service where they have an address (url)",
    )
    parser.add_argument(
        "--result-schema",
        type=argument_types.result_schema,
        metavar="JSON|FILE|PRESET",
        help='the fields to fill, for ocr:key_information_extraction and extract-fields: {"Total": ""}; presets: '
        + ", ".join(preset.id for preset in bundled_presets()),
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def add_task_option(parser: ArgumentParser, *, required: bool) -> None:
    """Add ``--task``."""
    parser.add_argument("--task", required=required, choices=TASKS, metavar="TASK", help=", ".join(TASKS))


def service_of(*, provider: str | None, base_url: str | None, model: str | None, upload: str | None = None) -> Service:
    """Return the service and the model that the options choose, else those of the settings.

    A model that the offline engine is not, without a service, means the first service that could have it.

    Raises:
        CommandError: there is no such service, or it does not have this model.
    """
    from qwvis_desktop.core.store.credentials import Credentials

    settings = load_settings(settings_path(), say=note)
    registry = load_registry(home(), say=note)
    offline_model = model is None or registry.family_of(model) == OFFLINE_OCR
    profile = _profile(provider, base_url, settings)
    if profile.kind == OFFLINE_OCR and not offline_model:
        if provider is not None:
            raise CommandError(f'"{profile.name}" has no model "{model}". Leave --model out.', ExitCode.USAGE)
        profile = next(other for other in settings.profiles if other.kind != OFFLINE_OCR)
    chosen = "rapidocr" if profile.kind == OFFLINE_OCR else model or settings.model
    key = Credentials().get(profile).key
    if warning := warning_of(profile, key or ""):
        note(warning)
    if upload in set(UploadWay):
        settings = replace(settings, upload=upload)
    return Service(profile, key, registry.spec(chosen), settings)


def options_of(arguments: Namespace, model: ModelSpec, prompt: str) -> dict[str, JsonValue]:
    """Return ``--option`` by names, in the service's form; what a service may ignore is said.

    Raises:
        CommandError: the service would refuse a value.
    """
    options = settled(model, dict(arguments.options))
    for issue in option_issues(model, options, f"{options.get('system', '')} {prompt}"):
        if issue.refused:
            raise CommandError(issue.message, ExitCode.USAGE)
        note(issue.message)
    return options


def accounts_of(service: Service) -> Accounts:
    """Return what estimates and records costs, with the caps of the settings."""
    return Accounts(Ledger(ledger_path(), note), lambda: caps_of(service.settings))


def prompt_of(arguments: Namespace, task: Task) -> str:
    """Return what is asked: ``--prompt``, else the task's own words, with the fields to fill in them."""
    if arguments.prompt is not None:
        return str(arguments.prompt)
    schema = arguments.result_schema
    return task.prompt_for("" if schema is None else json.dumps(schema, ensure_ascii=False))


def _profile(provider: str | None, base_url: str | None, settings: Settings) -> Profile:
    if base_url is not None:
        try:
            return custom_profile(base_url)
        except ValueError as error:
            raise CommandError(str(error), ExitCode.USAGE) from error
    if provider is None:
        return settings.chosen
    profile = settings.profile_named(provider)
    if profile is None:
        names = ", ".join(f'"{known.name}"' for known in settings.profiles)
        raise CommandError(f'There is no service called "{provider}". Known are {names}.', ExitCode.USAGE)
    return profile
