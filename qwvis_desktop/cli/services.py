"""Choosing the service and the model of a command: from its options, else from the settings."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

from qwvis_desktop.cli import argument_types
from qwvis_desktop.cli.output import CommandError, ExitCode
from qwvis_desktop.core.model_registry import ModelSpec, bundled_registry
from qwvis_desktop.core.settings import PRESETS, Profile, Settings, load_settings, settings_path
from qwvis_desktop.core.tasks import TASKS


@dataclass(frozen=True, slots=True)
class Service:
    """Whom to ask, with which key (None where there is none), and which model."""

    profile: Profile
    key: str | None
    model: ModelSpec


def add_service_options(parser: ArgumentParser, *, model_needed: bool) -> None:
    """Add the options that choose a service and a model, and what else goes into a request."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--provider", metavar="NAME", help="a service by its name in the settings, or a preset")
    group.add_argument(
        "--base-url", metavar="URL", help="an OpenAI-compatible service, such as http://127.0.0.1:8000/v1"
    )
    parser.add_argument("--model", metavar="ID", required=model_needed, help="as the service expects it")
    parser.add_argument("--task", choices=TASKS, metavar="TASK", default=None, help=", ".join(TASKS))
    parser.add_argument("--prompt", metavar="TEXT", help="what to ask (default: the task's own words)")
    parser.add_argument(
        "--option",
        dest="options",
        type=argument_types.option,
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a further field of the request, such as temperature=0.1; may be repeated",
    )


def service_of(arguments: Namespace, fallback: Profile | None = None) -> Service:
    """Return the service and the model that the options choose, else those of the settings.

    Raises:
        CommandError: there is no service of this name.
    """
    from qwvis_desktop.core.store.credentials import Credentials

    settings = load_settings(settings_path())
    profile = _profile(arguments, settings)
    return Service(profile, Credentials().get(profile).key, _model(arguments.model, profile, settings))
