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
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, get_type_hints
from urllib.parse import SplitResult, urlsplit

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.media.write import write_beside

HOME_VARIABLE = "QWVIS_HOME"
"""Environment variable that puts settings and data into one folder of one's own."""

FORMAT = "2026-11-21"
"""The date of the file's form; changes with each step in ``UPGRADES``."""

OFFLINE_OCR = "offline-ocr"
OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class Profile:
    """A service one can choose: its address, and whether it asks for a key.

    Attributes:
        name: what it is called; unique.
        kind: ``openai`` (any OpenAI-compatible service) or ``offline-ocr`` (the engine on this machine).
        base_url: up to and with ``/v1``; empty where there is no address.
        needs_key: whether it is of no use without a key.
        key_variable: environment variable that may hold the key.
    """

    name: str
    kind: str = OPENAI
    base_url: str = ""
    needs_key: bool = True
    key_variable: str = "QWVIS_API_KEY"

    @property
    def host(self) -> str:
        """Host and port of the address; what a key is kept for."""
        parts = _parts(self.base_url)
        return parts.netloc.rpartition("@")[2].lower() if parts else ""

    @property
    def is_dashscope(self) -> bool:
        """Whether it is the makers' own service, which knows fields that others do not."""
        parts = _parts(self.base_url)
        return parts is not None and (parts.hostname or "").endswith(".aliyuncs.com")


def _dashscope(name: str, host: str) -> Profile:
    return Profile(name, OPENAI, f"https://{host}/compatible-mode/v1", key_variable="DASHSCOPE_API_KEY")


def _local(name: str, port: int) -> Profile:
    return Profile(name, OPENAI, f"http://127.0.0.1:{port}/v1", needs_key=False)


PRESETS: tuple[Profile, ...] = (
    Profile("Offline OCR", OFFLINE_OCR, needs_key=False),
    _dashscope("DashScope (international)", "dashscope-intl.aliyuncs.com"),
    _dashscope("DashScope (Beijing)", "dashscope.aliyuncs.com"),
    _dashscope("DashScope (US)", "dashscope-us.aliyuncs.com"),
    _local("vLLM", 8000),
    _local("SGLang", 30000),
    _local("Ollama", 11434),
    _local("LM Studio", 1234),
    _local("llama.cpp", 8080),
)
"""Services that are offered before anything is set up (addresses: ``qwen-api.md`` 1.1 and 8)."""


def custom_profile(base_url: str, name: str = "", *, needs_key: bool = False) -> Profile:
    """Return a profile for an address that somebody typed or gave on the command line.

    Raises:
        ValueError: it is no address; the text is for people.
    """
    address = clean_base_url(base_url)
    profile = Profile(name, OPENAI, address, needs_key)
    profile = replace(profile, name=name or profile.host)
    if profile.is_dashscope:
        return replace(profile, needs_key=True, key_variable="DASHSCOPE_API_KEY")
    return profile


def clean_base_url(text: str) -> str:
    """Return an address as typed in the form a request needs: with a scheme, without the path of a single call.

    Raises:
        ValueError: it is no address; the text is for people.
    """
    address = text.strip().strip("'\"")
    if "://" not in address:
        first = address.partition("/")[0].partition(":")[0]
        near = first in ("localhost", "") or first.replace(".", "").isdigit()
        address = f"{'http' if near else 'https'}://{address}"
    parts = _parts(address)
    if parts is None or any(char.isspace() for char in address):
        raise ValueError(
            f"'{text}' is no address of a service. It looks like https://host/v1 or http://127.0.0.1:8000/v1."
        )
    return address.rstrip("/").removesuffix("/chat/completions").rstrip("/")


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an ``http`` or ``https`` address; None where it is none."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None


THEMES = ("system", "light", "dark")


def _no_prompts() -> Mapping[str, str]:
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
        first_seconds: how long to wait for the first piece of a reply.
        idle_seconds: how long to wait for each further piece.
        folder: where files were last opened.
        window: place and size of the window, as the window writes it.
        further: entries that a later version wrote; kept as they are.
    """

    profiles: tuple[Profile, ...] = PRESETS
    profile: str = PRESETS[0].name
    model: str = "qwen3-vl-plus"
    task: str = "spot-text"
    prompts: Mapping[str, str] = field(default_factory=_no_prompts)
    theme: str = "system"
    first_seconds: float = 300.0
    idle_seconds: float = 60.0
    folder: str = ""
    window: str = ""
    further: Attributes = field(default_factory=_nothing_more)

    @property
    def chosen(self) -> Profile:
        """The chosen service; the first one where the name is not known any more."""
        return self.profile_named(self.profile) or self.profiles[0]

    def profile_named(self, name: str) -> Profile | None:
        """Return the service of this name, in any case of letters; None where there is none."""
        return next((profile for profile in self.profiles if profile.name.lower() == name.lower()), None)

    def with_profile(self, profile: Profile) -> tuple[Profile, ...]:
        """Return the services with ``profile`` in place of the one of its name, or after the others."""
        return _merged(self.profiles, (profile,))


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


def _read_prompts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError("prompts")
    return types.MappingProxyType(value)


def _read_theme(value: object) -> str:
    if value not in THEMES:
        raise ValueError("theme")
    return str(value)


def _read_seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 86400:
        raise ValueError("seconds")
    return float(value)


_READERS: dict[str, Callable[[Any], object]] = {
    "profiles": _read_profiles,
    "prompts": _read_prompts,
    "theme": _read_theme,
    "first_seconds": _read_seconds,
    "idle_seconds": _read_seconds,
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


_WRITERS: dict[str, Callable[[Any], object]] = {"profiles": _write_profiles, "prompts": dict}
