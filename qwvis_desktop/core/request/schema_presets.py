"""Presets of fields to fill: those that come with the program (``resources/schemas.toml``), and the user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from qwvis_desktop.core.resources import resource

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SchemaPreset:
    """Fields under a name.

    Attributes:
        id: its name on the command line; of the user's own, the same as the title.
        title: its name for people (that of ours is translated where it is shown).
        fields: JSON, as ``result_schema_of`` reads it.
    """

    id: str
    title: str
    fields: str


@lru_cache(maxsize=1)
def bundled_presets() -> tuple[SchemaPreset, ...]:
    """Return the presets that come with the program."""
    with resource("schemas.toml").open("rb") as file:
        read = tomllib.load(file)
    return tuple(SchemaPreset(key, entry["title"], entry["fields"].strip()) for key, entry in read.items())


def presets(own: Mapping[str, str] = _NONE) -> tuple[SchemaPreset, ...]:
    """Return ours, then those of the user by name."""
    return (*bundled_presets(), *(SchemaPreset(title, title, fields) for title, fields in sorted(own.items())))


def preset_fields(name: str, own: Mapping[str, str] = _NONE) -> str | None:
    """Return the fields of the preset of this id or title, upper and lower case are one; None where there is none."""
    wanted = name.strip().casefold()
    return next((each.fields for each in presets(own) if wanted in (each.id.casefold(), each.title.casefold())), None)
