"""The pictures in a folder, in the order in which people count."""

from __future__ import annotations

import os
import re
from pathlib import Path

from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.video import FILM_SUFFIXES

PICTURE_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"),
    *(".pdf", ".jp2", ".ico", ".ppm", ".pgm", ".pbm", ".pnm", ".qoi"),
)
"""Suffixes of files taken for pictures, in lower case; when they are opened, their content has the last word."""


MEDIA_SUFFIXES = (*PICTURE_SUFFIXES, *FILM_SUFFIXES)
"""Suffixes of all files that can be opened to be looked at, in lower case."""


def pictures_in(folder: Path, suffixes: tuple[str, ...] = PICTURE_SUFFIXES) -> list[Path]:
    """Return the pictures (or files with other suffixes) directly in ``folder``, in natural order.

    That is "2.jpg" before "10.jpg". Hidden files are left out. Nothing is opened.

    Raises:
        MediaError: the folder is not there, or may not be read.
    """
    return [folder / name for name in sorted(picture_names(folder, suffixes), key=natural_key)]


def picture_names(folder: Path, suffixes: tuple[str, ...] = PICTURE_SUFFIXES) -> list[str]:
    """Return the names of the pictures (or files with other suffixes) directly in ``folder``, in no order.

    Raises:
        MediaError: the folder is not there, or may not be read.
    """
    with reading(folder.name or str(folder)), os.scandir(folder) as entries:
        return [
            entry.name
            for entry in entries
            if entry.name.lower().endswith(suffixes) and not entry.name.startswith(".") and entry.is_file()
        ]


def natural_key(name: str) -> tuple[str, str]:
    """Return a key that sorts runs of digits by their value and the rest without regard to case; ties by spelling."""
    return _DIGITS.sub(_by_value, name.casefold()), name


_DIGITS = re.compile("[0-9]+")


def _by_value(digits: re.Match[str]) -> str:
    # A longer number is a greater one; no name holds the sign that stands before it, so that digits sort first.
    number = digits[0].lstrip("0")
    return f"\0{len(number):04}{number}"
