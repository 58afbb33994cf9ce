"""Finds the files of ``resources/`` in a checkout, in an installed wheel and in a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _roots() -> list[Path]:
    frozen = getattr(sys, "_MEIPASS", None)
    roots = [Path(frozen) / "resources"] if frozen else []
    # A wheel carries the folder inside the package (pyproject.toml, force-include), a checkout beside it.
    return [*roots, _PACKAGE / "resource_files", _PACKAGE.parent / "resources"]


def resource(name: str) -> Path:
    """Return the path of the resource ``name`` (slashes between folders).

    Raises:
        FileNotFoundError: no such file in any of the places; the installation is damaged.
    """
    for root in _roots():
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"the resource {name!r} is missing from this installation")
