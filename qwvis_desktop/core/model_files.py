"""The model registry's files: the one that comes with the program, and the user's own, which adds and overrules.

The user's file is only ever read. An entry that cannot be understood is said and left out; the rest of the file holds.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from qwvis_desktop.core.model_registry import FALLBACK_FAMILY, NUMBERS, THINKING, ModelRegistry, ModelSpec
from qwvis_desktop.core.resources import resource

FILE_NAME = "models.toml"

_TABLES = ("videos", "families", "models", "prices")
"""In the order in which they lean on one another."""


@cache
def bundled_registry() -> ModelRegistry:
    """Return the registry that comes with the program."""
    with resource(FILE_NAME).open("rb") as file:
        data = tomllib.load(file, parse_float=Decimal)
    return ModelRegistry(**{table: data[table] for table in _TABLES})


def _log(sentence: str) -> None:
    logging.getLogger(__name__).warning("%s", sentence)


def load_registry(folder: Path, say: Callable[[str], None] = _log) -> ModelRegistry:
    """Return the registry with what ``models.toml`` in ``folder`` adds to it; without one, the program's own.

    What cannot be read is said by ``say``, in a sentence each; nothing is written.
    """
    path = folder / FILE_NAME
    registry = bundled_registry()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return registry
    except (OSError, UnicodeDecodeError) as error:
        say(f"{path} cannot be read ({error.__class__.__name__}). The models are those that the program knows itself.")
        return registry
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        say(
            f"{path} is damaged ({error}). It is left as it is, and the models are those that the program knows itself."
        )
        return registry
    for table in (name for name in data if name not in _TABLES):
        say(f"{path}: there is no table '{table}'; it is left out. There are {', '.join(_TABLES)}.")
    for table in _TABLES:
        entries = data.get(table, {})
        for name, entry in entries.items() if isinstance(entries, dict) else [("", entries)]:
            try:
                registry = _with_entry(registry, table, name, entry)
            except (KeyError, TypeError, ValueError) as error:
                reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
                say(f"{path}: the entry '{name}' of {table} is not understood ({reason}); it is left out.")
    return registry


def _with_entry(registry: ModelRegistry, table: str, name: str, entry: object) -> ModelRegistry:
    """Return ``registry`` with one more entry; a new family comes before those that are known.

    Raises:
        KeyError, TypeError, ValueError: it is not understood.
    """
    if not isinstance(entry, dict):
        raise TypeError("it is no table")
    former: Mapping[str, Mapping[str, Any]] = getattr(registry, table)
    merged = {**former.get(name, {}), **entry}
    entries = {**former, name: merged} if name in former or table != "families" else {name: merged, **former}
    changed = replace(registry, **{table: entries})
    _CHECKS[table](changed, name, merged)
    return changed


def _check_video(registry: ModelRegistry, name: str, entry: Mapping[str, Any]) -> None:
    registry.video_limits(name)
    lists = ("seconds", "frames", "frame_pixels", "total_pixels")
    if not all(map(_is_count, (entry["url_bytes"], *(number for key in lists for number in entry[key])))):
        raise ValueError("limits are whole numbers above 0")


def _check_family(registry: ModelRegistry, name: str, entry: Mapping[str, Any]) -> None:
    _check_values(entry)
    try:
        re.compile(entry["pattern"])
    except re.error as error:
        raise ValueError(f"pattern: {error}") from error
    _check_spec(registry.spec("", name))


def _check_model(registry: ModelRegistry, name: str, entry: Mapping[str, Any]) -> None:
    _check_values(entry)
    if entry.get("family", FALLBACK_FAMILY) not in registry.families:
        raise ValueError(f"there is no family '{entry['family']}'")
    _check_spec(registry.spec(name))


def _check_price(registry: ModelRegistry, name: str, _entry: Mapping[str, Any]) -> None:
    registry.spec(name)


_CHECKS: dict[str, Callable[[ModelRegistry, str, Mapping[str, Any]], None]] = {
    "videos": _check_video,
    "families": _check_family,
    "models": _check_model,
    "prices": _check_price,
}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_table_of_tables(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())


_KINDS: dict[str, Callable[[object], bool]] = {
    **dict.fromkeys(("pattern", "title", "space", "thinking", "video", "family", "since"), _is_text),
    **dict.fromkeys(("abilities", "also", "without", "routes"), _is_list_of_texts),
    **dict.fromkeys(("factor", "min_pixels", "max_pixels", "max_pixels_ceiling", *NUMBERS), _is_count),
    "stream_only": lambda value: isinstance(value, bool),
    "variants": _is_table_of_tables,
    "stable": _is_table,
}
"""The words of a family and a model, and what their values must be."""


def _check_values(entry: Mapping[str, Any]) -> None:
    """Refuse words that mean nothing, and values of another kind than they should be.

    Raises:
        TypeError, ValueError: said by the text.
    """
    for key, value in entry.items():
        if key not in _KINDS:
            raise ValueError(f"'{key}' means nothing here")
        if not _KINDS[key](value):
            raise TypeError(f"{key} = {value!r}")
    for inner in (*entry.get("variants", {}).values(), *filter(None, [entry.get("stable")])):
        _check_values(inner)


def _check_spec(spec: ModelSpec) -> None:
    if spec.thinking not in THINKING:
        raise ValueError(f"thinking is one of {', '.join(THINKING)}")
    if not spec.resize.min_pixels <= spec.resize.max_pixels <= spec.max_pixels_ceiling:
        raise ValueError("min_pixels, max_pixels and max_pixels_ceiling do not ascend")
