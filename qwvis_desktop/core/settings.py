"""Settings: typed, frozen, declared once; only what differs from the default is stored.

The file is JSON. A file of an earlier date is brought up by ``UPGRADES``; one that cannot be read is set aside under
another name and said, never overwritten. Keys are not settings: see ``core.store.credentials``.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, get_type_hints

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.media.image import RESOLUTION
from qwvis_desktop.core.media.write import write_beside
from qwvis_desktop.core.network import DEFAULT_NETWORK, FIRST_SECONDS, Network
from qwvis_desktop.core.profiles import (
    BASE64_LIMITS,
    DEFAULT_WIRE,
    OFFLINE_OCR,
    OPENAI,
    PRESETS,
    PixelsPlace,
    Profile,
    UploadWay,
    WireChoices,
    clean_base_url,
    custom_profile,
)
from qwvis_desktop.core.setting_values import (
    amount,
    attributes_by_name,
    number,
    one_of,
    texts,
    whole,
    words,
    words_by_name,
    yes_or_no,
)

__all__ = [
    "OFFLINE_OCR",
    "OPENAI",
    "PRESETS",
    "Profile",
    "Settings",
    "clean_base_url",
    "custom_profile",
    "home",
    "load_settings",
    "save_settings",
    "settings_path",
]

HOME_VARIABLE = "QWVIS_HOME"
"""Environment variable that puts settings and data into one folder of one's own."""

FORMAT = "2026-11-21"
"""The date of the file's form; changes with each step in ``UPGRADES``."""

MOST_PARALLEL = 16
"""The most requests that are sent to a model at a time; services refuse long before."""

MOST_SECONDS = 86_400.0
"""The longest that anything is waited for: a day."""

ABOVE_NOTHING = 5e-324
"""The least number above 0."""

PAGE_RESOLUTIONS = (50, 1200)
"""The lowest and the highest resolution for pages of documents."""

MOST_TRIES = 3
LONGEST_WAIT = 120.0
"""The most that tries, and seconds before another one, can be set to; who asks too often is refused for longer."""

THEMES = ("system", "light", "dark")


def _no_texts() -> Mapping[str, str]:
    return types.MappingProxyType({})


def _no_shortcuts() -> Mapping[str, tuple[str, ...]]:
    return types.MappingProxyType({})


def _nothing_set() -> Mapping[str, Attributes]:
    return types.MappingProxyType({})


def _nothing_more() -> Attributes:
    return types.MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    Attributes:
        profiles: the services on offer: the presets, changed ones in their places, own ones after them.
        profile: name of the chosen service.
        model: id of the chosen model, as the service expects it.
        task: id of the chosen task.
        prompts: the prompt last used, by task id, where it is not the task's own.
        theme: one of ``THEMES``.
        connect_seconds, first_seconds, idle_seconds, total_seconds, tries, longest_wait, ca_file: see ``Network``;
            ``first_seconds`` is 0 for what the model needs.
        upload, pixels_place, base64_mb: see ``WireChoices``.
        page_resolution: pixels per inch that pages of PDF documents are drawn at.
        parallel: how many requests are sent to a model at a time.
        cap_run, cap_day: the most that a run, and all runs of a day, may cost; decimals as text, empty for no cap.
        cap_currency: what these count, by its three letters.
        labels: labels that the user gave, in the order of their first use.
        keep_label: whether what is drawn gets the label given last, without asking.
        shortcuts: the keys of actions, by their ids, where they are not the table's.
        folder: where files were last opened.
        recent: projects, folders and pictures that were opened, the latest first.
        autosave: changes are saved by themselves.
        session: what was open at the end is opened at the next start.
        view, window: how the canvas shows things, and place and size of the window, as they write it.
        request_options: what was set for requests, by task and model with a slash between (``options_key``).
        option_presets: the user's own presets of such options, by name.
        schema_presets: the user's own presets of fields to fill, JSON by name.
        further: entries that a later version wrote; kept as they are.
    """

    profiles: tuple[Profile, ...] = PRESETS
    profile: str = PRESETS[0].name
    model: str = "qwen3-vl-plus"
    task: str = "spot-text"
    prompts: Mapping[str, str] = field(default_factory=_no_texts)
    theme: str = "system"
    connect_seconds: float = DEFAULT_NETWORK.connect
    first_seconds: float = 0.0
    idle_seconds: float = DEFAULT_NETWORK.idle
    total_seconds: float = DEFAULT_NETWORK.total
    tries: int = DEFAULT_NETWORK.tries
    longest_wait: float = DEFAULT_NETWORK.longest_wait
    ca_file: str = DEFAULT_NETWORK.ca_file
    upload: str = DEFAULT_WIRE.upload.value
    pixels_place: str = DEFAULT_WIRE.pixels_place.value
    base64_mb: str = str(DEFAULT_WIRE.base64_mb)
    page_resolution: int = RESOLUTION
    parallel: int = 3
    cap_run: str = ""
    cap_day: str = ""
    cap_currency: str = "CNY"
    labels: tuple[str, ...] = ()
    keep_label: bool = False
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=_no_shortcuts)
    folder: str = ""
    recent: tuple[str, ...] = ()
    autosave: bool = False
    session: bool = True
    view: str = ""
    window: str = ""
    request_options: Mapping[str, Attributes] = field(default_factory=_nothing_set)
    option_presets: Mapping[str, Attributes] = field(default_factory=_nothing_set)
    schema_presets: Mapping[str, str] = field(default_factory=_no_texts)
    further: Attributes = field(default_factory=_nothing_more)

    @property
    def chosen(self) -> Profile:
        """The chosen service; the first one where the name is not known any more."""
        return self.profile_named(self.profile) or self.profiles[0]

    def network(self, thinking: str) -> Network:
        """Return how services are reached for a model that thinks as ``thinking`` says (``ModelSpec.thinking``)."""
        return Network(
            connect=self.connect_seconds,
            first=self.first_seconds or FIRST_SECONDS[thinking],
            idle=self.idle_seconds,
            total=self.total_seconds,
            tries=self.tries,
            longest_wait=self.longest_wait,
            ca_file=self.ca_file,
        )

    @property
    def wire(self) -> WireChoices:
        """How requests are written where that is a choice."""
        return WireChoices(UploadWay(self.upload), PixelsPlace(self.pixels_place), int(self.base64_mb))

    def profile_named(self, name: str) -> Profile | None:
        """Return the service of this name, in any case of letters; None where there is none."""
        wanted = name.lower()
        return next((profile for profile in self.profiles if profile.name.lower() == wanted), None)

    def with_profile(self, profile: Profile) -> tuple[Profile, ...]:
        """Return the services with ``profile`` in place of the one of its name, or after the others."""
        return _merged(self.profiles, (profile,))


def options_key(task: str, model: str) -> str:
    """Return what the options of a task and a model go by in ``Settings.request_options``."""
    return f"{task}/{model}"


def _merged(profiles: tuple[Profile, ...], own: tuple[Profile, ...]) -> tuple[Profile, ...]:
    by_name = {profile.name: profile for profile in (*profiles, *own)}
    return tuple(by_name.values())


Upgrade: TypeAlias = tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]

UPGRADES: tuple[Upgrade, ...] = ()
"""Steps from one date's form to the next, oldest first: the date of the new form, and what makes it of the old one."""


def home(kind: str = "config") -> Path:
    """Return our folder: for settings (``config``), what is kept (``data``) or what can be made anew (``cache``).

    The environment variable ``QWVIS_HOME`` overrules where the system would have them.
    """
    chosen = os.environ.get(HOME_VARIABLE, "")
    if chosen:
        return Path(chosen) if kind == "config" else Path(chosen) / kind
    import platformdirs

    place = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "cache": platformdirs.user_cache_path,
    }[kind]
    return place("qwvis", appauthor=False)


def settings_path() -> Path:
    """Return where the settings are kept."""
    return home() / "settings.json"


def _log(sentence: str) -> None:
    logging.getLogger(__name__).warning("%s", sentence)


def load_settings(path: Path, say: Callable[[str], None] = _log, upgrades: tuple[Upgrade, ...] = UPGRADES) -> Settings:
    """Return the settings in ``path``; the defaults where it is not there.

    What cannot be read is said by ``say`` in a sentence, and the file is copied aside before anything can overwrite it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        return _set_aside(path, say, f"cannot be read ({error.__class__.__name__})")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _set_aside(path, say, "are damaged")
    if not isinstance(data, dict):
        return _set_aside(path, say, "are damaged")
    written = str(data.pop("format", FORMAT))
    for date, step in upgrades:
        if written < date:
            data = step(data)
    values, unread = _read(data)
    if unread:
        names = ", ".join(f"'{name}'" for name in unread)
        _set_aside(path, say, f"hold something that is not understood under {names}, which is left at its default")
    return Settings(**values)


def _set_aside(path: Path, say: Callable[[str], None], what: str) -> Settings:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.stem}.unread-{stamp}{path.suffix}")
    try:
        shutil.copyfile(path, aside)
    except OSError:
        say(
            f"The settings in {path} {what}. They could not be copied aside; look at the file before changing settings."
        )
    else:
        say(f"The settings in {path} {what}. The file was copied to {aside.name}; nothing of it is lost.")
    return Settings()


def _read(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the values that are understood, and the names of entries that are not of their type."""
    known = {item.name for item in fields(Settings)} - {"further"}
    values: dict[str, Any] = {"further": {name: value for name, value in data.items() if name not in known}}
    unread = []
    for name in data.keys() & known:
        try:
            values[name] = _READERS.get(name, _plain(name))(data[name])
        except (TypeError, ValueError, KeyError):
            unread.append(name)
    return values, sorted(unread)


def _plain(name: str) -> Callable[[Any], object]:
    default = next(item.default for item in fields(Settings) if item.name == name)

    def read(value: object) -> object:
        wanted = (int, float) if isinstance(default, float) else type(default)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise TypeError(name)
        return value

    return read


def _read_profiles(value: object) -> tuple[Profile, ...]:
    types_of = get_type_hints(Profile)
    own = []
    if not isinstance(value, list):
        raise TypeError("profiles")
    for entry in value:
        if not isinstance(entry, dict) or not all(isinstance(entry[name], types_of[name]) for name in entry):
            raise TypeError("profiles")
        own.append(Profile(**entry))
    return _merged(PRESETS, tuple(own))


_READERS: dict[str, Callable[[Any], object]] = {
    "profiles": _read_profiles,
    "prompts": texts,
    "request_options": attributes_by_name,
    "option_presets": attributes_by_name,
    "schema_presets": texts,
    "theme": one_of(THEMES),
    "upload": one_of(UploadWay),
    "pixels_place": one_of(PixelsPlace),
    "base64_mb": one_of(BASE64_LIMITS),
    "connect_seconds": number(ABOVE_NOTHING, MOST_SECONDS),
    "first_seconds": number(0, MOST_SECONDS),
    "idle_seconds": number(ABOVE_NOTHING, MOST_SECONDS),
    "total_seconds": number(0, MOST_SECONDS),
    "tries": whole(1, MOST_TRIES),
    "longest_wait": number(0, LONGEST_WAIT),
    "labels": words,
    "keep_label": yes_or_no,
    "recent": words,
    "autosave": yes_or_no,
    "session": yes_or_no,
    "shortcuts": words_by_name,
    "page_resolution": whole(*PAGE_RESOLUTIONS),
    "parallel": whole(1, MOST_PARALLEL),
    "cap_run": amount,
    "cap_day": amount,
}


def save_settings(path: Path, settings: Settings) -> None:
    """Write ``settings`` to ``path``: what differs from the defaults, beside the old file and then over it.

    Raises:
        OSError, WriteError: it cannot be written; the old file is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"format": FORMAT, **settings.further, **_differing(settings)}
    write_beside(path, json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n")


def _differing(settings: Settings) -> dict[str, Any]:
    default = Settings()
    data: dict[str, Any] = {}
    for item in fields(Settings):
        value = getattr(settings, item.name)
        if item.name == "further" or value == getattr(default, item.name):
            continue
        data[item.name] = _WRITERS.get(item.name, _as_is)(value)
    return data


def _as_is(value: object) -> object:
    return value


def _write_profiles(profiles: tuple[Profile, ...]) -> list[dict[str, Any]]:
    return [_profile_entry(profile) for profile in profiles if profile not in PRESETS]


def _profile_entry(profile: Profile) -> dict[str, Any]:
    entry = {item.name: getattr(profile, item.name) for item in fields(Profile)}
    return {
        item.name: entry[item.name]
        for item in fields(Profile)
        if item.default is MISSING or entry[item.name] != item.default
    }


_PLAIN = ("prompts", "request_options", "option_presets", "schema_presets", "shortcuts")
_WRITERS: dict[str, Callable[[Any], object]] = {"profiles": _write_profiles, **dict.fromkeys(_PLAIN, dict)}
