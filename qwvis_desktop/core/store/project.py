"""The project file, ``.qwvis``: pictures with all that was done on them, in an open format (README, "Projects").

It is JSON with one picture a line, so that versions can be compared. The same form with one picture lies beside a
picture as ``photo.jpg.qwvis`` where no project is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.store.kept_file import Stamp, stamp_of
from qwvis_desktop.core.store.picture_record import Record, line_of

SUFFIX = ".qwvis"

FORMAT = "qwvis-project"

VERSION = "2026-11-28"
"""The date of the file's form; changes with each step in ``UPGRADES``."""

Upgrade: TypeAlias = tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]

UPGRADES: tuple[Upgrade, ...] = (
    # Pictures can be pages of documents ("page", "resolution"). Those of the form before are not, and stay as they are.
    ("2026-11-28", lambda value: value),
)
"""Steps from one date's form to the next, oldest first: the date of the new form, and what makes it of the old one."""


class ProjectFileError(ValueError):
    """This is no project, or one that cannot be read; the text is for people."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file holds.

    Attributes:
        pictures: a record each, in order.
        current: number of the picture that was looked at, from 0.
        further: entries that this version does not know; written again as they are.
    """

    pictures: tuple[Record, ...] = ()
    current: int = 0
    further: Mapping[str, JsonValue] = field(default_factory=dict)


def dump_project(pictures: Iterable[bytes], current: int = 0, further: Mapping[str, JsonValue] | None = None) -> bytes:
    """Return a project file.

    Args:
        pictures: the records as ``line_of`` writes them.
        current: number of the picture that is looked at.
        further: what else an earlier file held.
    """
    head: dict[str, JsonValue] = {"format": FORMAT, "version": VERSION, **(further or {}), "current": current}
    # The list is left open at the end of the head, and its members come one a line.
    return line_of(head)[:-1] + b',"pictures":[\n' + b",\n".join(pictures) + b"\n]}\n"


def load_project(path: Path, upgrades: Sequence[Upgrade] = UPGRADES) -> tuple[Project, Stamp]:
    """Read a project file; return it with the stamp of the file.

    Raises:
        ProjectFileError: it is none, is damaged, or is of a later version.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    return read_project(data, path.name, upgrades), stamp_of(path, data)


def read_project(data: bytes, name: str, upgrades: Sequence[Upgrade] = UPGRADES) -> Project:
    """Return the project in ``data``; its pictures are looked at one by one when they are opened.

    Raises:
        ProjectFileError: it is none, is damaged, or is of a later version.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProjectFileError(
            f'"{name}" is no project that can be read, or was damaged ({error}). It is left as it is.'
        ) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ProjectFileError(f'"{name}" is no project of QwVis: it does not say "format": "{FORMAT}".')
    version = str(value.get("version", ""))
    if version > VERSION:
        raise ProjectFileError(
            f'"{name}" was written by a later version of QwVis ({version}). Update QwVis to open it.'
        )
    try:
        for date, step in upgrades:
            if version < date:
                value = step(value)
        return _project(value)
    except (KeyError, TypeError, ValueError) as error:
        raise ProjectFileError(f'"{name}" is damaged ({error!r}). It is left as it is.') from error


def _project(value: dict[str, Any]) -> Project:
    pictures = value.pop("pictures")
    if not isinstance(pictures, list) or not all(isinstance(record, dict) for record in pictures):
        raise TypeError("pictures")
    current = value.pop("current", 0)
    return Project(
        pictures=tuple(pictures),
        current=current if isinstance(current, int) else 0,
        further={name: entry for name, entry in value.items() if name not in ("format", "version")},
    )


def is_project(path: Path) -> bool:
    """Say whether a file is taken for a project, by its name."""
    return path.suffix.lower() == SUFFIX


def sidecar_of(picture: Path, page: int = 0) -> Path:
    """Return where what was done on a picture lies where no project is wanted; further pages have files of their own.

    ``scan.pdf.qwvis`` is of the first page, ``scan.pdf-p002.qwvis`` of the second.
    """
    further = f"-p{page:03}" if page > 1 else ""
    return picture.with_name(f"{picture.name}{further}{SUFFIX}")
