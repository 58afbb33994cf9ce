"""Times as models write them, in seconds."""

from __future__ import annotations

import re

from qwvis_desktop.core.annotation import JsonValue

_CLOCK = re.compile(r"\s*(?:(\d{1,3})[:：])?(\d{1,4})[:：](\d{1,2}(?:[.,]\d{1,6})?)\s*\Z")
_SECONDS = re.compile(r"\s*<?(\d{1,7}(?:\.\d{1,9})?)\s*(?:s|sec|secs|second|seconds|秒)?>?\s*\Z", re.IGNORECASE)


def seconds_of(value: JsonValue) -> float | None:
    """Return a time in seconds: a number, ``HH:mm:ss``, ``mm:ss.ff``, ``12.5 seconds``; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value < 1e7 else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    clock = _CLOCK.match(value)
    if clock:
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
    plain = _SECONDS.match(value)
    return float(plain.group(1)) if plain else None
