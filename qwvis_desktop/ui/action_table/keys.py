"""The keys of actions as they hold: those of the table, and those that the user put in their place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtGui import QKeySequence

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.action_table.table import ACTIONS

Changed = Mapping[str, tuple[str, ...]]
"""Keys by the id of an action, in Qt's portable form, where they are not the table's."""


FILM_MENU = "film"
"""The menu whose keys hold while a film is looked at, and only then."""


def lent_keys(changed: Changed) -> frozenset[str]:
    """Return the keys that actions of the film menu have while a film is looked at, in Qt's portable form."""
    return frozenset(portable(key) for spec in ACTIONS if spec.menu == FILM_MENU for key in keys_of(spec, changed))


def keys_of(spec: ActionSpec, changed: Changed) -> tuple[str, ...]:
    """Return the keys of an action."""
    return changed.get(spec.id, spec.shortcut)


def native(keys: tuple[str, ...]) -> str:
    """Return keys as this system writes them."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


@lru_cache(maxsize=1024)
def portable(key: str) -> str:
    """Return a key sequence in Qt's portable form; empty where it is none."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def owner(key: str, changed: Changed, but: str = "") -> ActionSpec | None:
    """Return the action that has a key already, other than the one called ``but`` and in the same menus as that."""
    wanted = portable(key)
    for spec in ACTIONS:
        if (
            spec.id != but
            and (not but or _is_of_film(spec.id) == _is_of_film(but))
            and wanted in {portable(each) for each in keys_of(spec, changed)}
        ):
            return spec
    return None


def with_key(action: str, keys: tuple[str, ...], changed: Changed) -> dict[str, tuple[str, ...]]:
    """Return ``changed`` with these keys given to an action and taken from whatever had them.

    Keys of the film menu and of all others are two sets: an action of one set takes none of the other.
    """
    made = dict(changed)
    wanted = {portable(key) for key in keys}
    for spec in ACTIONS:
        kept = tuple(key for key in keys_of(spec, changed) if portable(key) not in wanted)
        is_other = spec.id != action and _is_of_film(spec.id) == _is_of_film(action)
        if is_other and kept != keys_of(spec, changed):
            made[spec.id] = kept
    made[action] = keys
    return {key: value for key, value in made.items() if value != _table()[key]}


def without_change(action: str, changed: Changed) -> dict[str, tuple[str, ...]]:
    """Return ``changed`` with the table's keys given back to an action, taken from whatever has them now."""
    return with_key(action, _table()[action], changed)


def known(changed: Changed) -> dict[str, tuple[str, ...]]:
    """Return what of ``changed`` this version can use: actions that it knows, and keys that are some."""
    table = _table()
    return {action: tuple(key for key in keys if portable(key)) for action, keys in changed.items() if action in table}


def _is_of_film(action: str) -> bool:
    return action.partition(".")[0] == FILM_MENU


def _table() -> dict[str, tuple[str, ...]]:
    return {spec.id: spec.shortcut for spec in ACTIONS}
