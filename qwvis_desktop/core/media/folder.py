"""The pictures in a folder, in the order in which people count."""

from __future__ import annotations

import os
import re
from pathlib import Path

from qwvis_desktop.core.media.image import reading

PICTURE_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"),
    *(".jp2", ".ico", ".ppm", ".pgm", ".pbm", ".pnm", ".qoi"),
)
"""Suffixes of files taken for pictures, in lower case; when they are opened, their content has the last word."""


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures directly in ``folder``, by suffix, in natural order: "2.jpg" before "10.jpg".

    Hidden files are left out. Nothing is opened.

    Raises:
        MediaError: the folder is not there, or may not be read.
    """
    with reading(folder.name or str(folder)), os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if entry.name.lower().endswith(PICTURE_SUFFIXES) and not entry.name.startswith(".") and entry.is_file()
        ]
    return [folder / name for name in sorted(names, key=natural_key)]


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts runs of digits by their value and the rest without regard to case; ties by spelling."""
    parts = re.split(r"([0-9]+)", name.casefold())
    key = [(0, int(part), "") if place % 2 else (1, 0, part) for place, part in enumerate(parts)]
    return (*key, (1, 0, name))
