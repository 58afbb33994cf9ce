"""What a project file, or a crash, gives to be opened: pictures by keys of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.media.pages import address
from qwvis_desktop.core.store.kept_file import Stamp
from qwvis_desktop.core.store.picture_record import Record, data_of, page_of, path_of
from qwvis_desktop.core.store.project import load_project


@dataclass(frozen=True, slots=True)
class KeyedPicture:
    """One picture to be opened.

    Attributes:
        key: the path from the root, with the page of a document, or what the content of one without a path is known by.
        name: for people.
        path: where it lay when the file was written; None for one that the record holds.
        data: the encoded picture where it has no path.
        record: all that is known of it.
        page: of the file, counted from 1; 0 for what is no page of a document.
    """

    key: str
    name: str
    path: Path | None
    data: bytes | None
    record: Record
    page: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A project file as it was read.

    Attributes:
        path: from the root.
        stamp: of the file.
        pictures: in order.
        current: number of the one that was looked at.
        further: entries that this version does not know.
    """

    path: Path
    stamp: Stamp
    pictures: tuple[KeyedPicture, ...]
    current: int
    further: Mapping[str, JsonValue]


def read_opening(path: Path) -> Opening:
    """Read a project file.

    Raises:
        ProjectFileError, RecordError: it is none, or damaged.
        OSError: it cannot be read.
    """
    project, stamp = load_project(path)
    return Opening(path, stamp, keyed(project.pictures, path.parent), project.current, project.further)


def keyed(records: Iterable[Record], base: Path) -> tuple[KeyedPicture, ...]:
    """Return pictures with keys, those of paths as ``MediaController`` gives them.

    Args:
        records: of the pictures; one that is there twice gets another key, and both are kept.
        base: the folder that paths are relative to.

    Raises:
        RecordError: a picture without a path is damaged.
    """
    pictures: dict[str, KeyedPicture] = {}
    for number, record in enumerate(records):
        path, data = path_of(record, base), data_of(record)
        page = page_of(record)
        place = str(path) if path is not None else f"data:{hashlib.sha256(data or b'').hexdigest()}"
        key = address(place, page)
        if key in pictures:
            key = f"{key} ({number})"
        pictures[key] = KeyedPicture(key, str(record.get("name", "picture")), path, data, record, page)
    return tuple(pictures.values())
