"""Watches what the interpreter opens and connects to while something is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WATCHED = (
    "open",
    "socket.",
    "urllib.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "webbrowser.",
    "ctypes.dlopen",
)
_events: list[str] | None = None
_hooked = False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _events is not None and event.startswith(_WATCHED):
        _events.append(f"{event} {arguments!r:.200}")


@contextmanager
def watched() -> Iterator[list[str]]:
    """Give the list to which each file opened, socket made and program started is put while this goes on."""
    global _events, _hooked  # noqa: PLW0603 - a hook of the interpreter cannot be taken away again
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    found: list[str] = []
    _events = found
    try:
        yield found
    finally:
        _events = None
