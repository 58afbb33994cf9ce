"""The program's version."""

from __future__ import annotations


def program_version() -> str:
    """Return the version of the installed program; "unknown" where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("qwvis-desktop")
    except PackageNotFoundError:
        return "unknown"
