"""Readers of what stands in a file of settings: each returns the value, or raises where it is not of its type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any


def one_of(choices: Iterable[str]) -> Callable[[object], str]:
    """Return a reader of one of these words; it raises ``ValueError`` for another."""
    allowed = frozenset(choices)

    def read(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"{value!r} is not one of {sorted(allowed)}")
        return str(value)

    return read


def yes_or_no(value: object) -> bool:
    """Read true or false.

    Raises:
        TypeError: it is neither.
    """
    if not isinstance(value, bool):
        raise TypeError("yes or no")
    return value


def words(value: object) -> tuple[str, ...]:
    """Read a list of texts.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise TypeError("words")
    return tuple(value)


def texts(value: object) -> Mapping[str, str]:
    """Read texts by their names.

    Raises:
        TypeError: these are none.
    """
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError("texts")
    return MappingProxyType(value)


AMOUNT = re.compile(r"(\d{1,9}(\.\d{1,6})?)?")
"""An amount of money as it is kept; empty for none."""


def amount(value: object) -> str:
    """Read an amount of money.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str) or not AMOUNT.fullmatch(value):
        raise ValueError("amount")
    return value


def words_by_name(value: object) -> Mapping[str, tuple[str, ...]]:
    """Read lists of texts by their names.

    Raises:
        TypeError: these are none.
    """
    if not isinstance(value, dict):
        raise TypeError("lists of words")
    return MappingProxyType({name: words(listed) for name, listed in value.items()})


def attributes_by_name(value: object) -> Mapping[str, dict[str, Any]]:
    """Read JSON objects by their names.

    Raises:
        TypeError: these are none.
    """
    if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
        raise TypeError("objects")
    return MappingProxyType(value)


def number(least: float, most: float) -> Callable[[object], float]:
    """Return what reads a number between two others, themselves among them; it raises ``ValueError`` for others."""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError("number")
        return float(value)

    return read


def whole(least: int, most: int) -> Callable[[object], int]:
    """Return what reads a whole number between two others; it raises ``ValueError`` for others."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError("whole number")
        return value

    return read
