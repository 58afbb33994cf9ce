"""Pictures of a project that were moved or renamed: found again by their content, their name and their size."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from qwvis_desktop.core.media.folder import MEDIA_SUFFIXES
from qwvis_desktop.core.store.picture_record import Record, frame_rate_of, path_of

MOST_FILES = 50_000
"""Files that are looked at below the folder of the project; beyond that, people find a picture faster."""


class PictureFinder:
    """Knows where the pictures of one project are; may be asked from several threads.

    Args:
        base: the folder of the project file; all below it is looked through, once, when a picture is missing.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._listed: dict[str, list[Path]] | None = None
        self._moves: dict[Path, Path] = {}

    def find(self, record: Record) -> Path | None:
        """Return where the picture of a record is now; None where it is nowhere, or lies in the record itself."""
        path = path_of(record, self._base)
        if path is None:
            return None
        if _fits(path, record):
            return path
        found = next((each for each in self._candidates(path, record) if _has_digest(each, record)), None)
        if found is None and not path.exists():
            # Without its content to know it by, the name has to do; a picture of another size is refused later.
            wants_folder = bool(frame_rate_of(record))
            named = (each for each in self._named(path.name) if each.is_dir() == wants_folder)
            found = next((each for each in named if "sha256" not in record), None)
        if found is not None:
            self.went(record, found)
            return found
        return path if path.exists() else None

    def went(self, record: Record, found: Path) -> None:
        """Note where the picture of a record was found: others that lay beside it may be there, too."""
        path = path_of(record, self._base)
        if path is not None:
            with self._lock:
                self._moves[path.parent] = found.parent

    def _candidates(self, path: Path, record: Record) -> Iterator[Path]:
        """Give the files that may be it, the likeliest first."""
        with self._lock:
            moved = self._moves.get(path.parent)
        if moved is not None:
            yield moved / path.name
        yield from self._named(path.name)
        if "bytes" in record:
            yield from (each for each in self._all() if _size(each) == record["bytes"])

    def _named(self, name: str) -> list[Path]:
        return self._listing().get(name, [])

    def _all(self) -> Iterable[Path]:
        return (path for paths in self._listing().values() for path in paths)

    def _listing(self) -> dict[str, list[Path]]:
        with self._lock:
            if self._listed is None:
                self._listed = defaultdict(list)
                for path in islice(_pictures_below(self._base), MOST_FILES):
                    self._listed[path.name].append(path)
            return self._listed


def _pictures_below(folder: Path) -> Iterator[Path]:
    """Give all pictures below a folder, and the folders, which may be films, the nearest first."""
    waiting = [folder]
    while waiting:
        entered = waiting.pop(0)
        with suppress(OSError), os.scandir(entered) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entered / entry.name)
                    yield entered / entry.name
                elif entry.name.lower().endswith(MEDIA_SUFFIXES):
                    yield entered / entry.name


def is_of(record: Record, path: Path) -> bool | None:
    """Say whether a file is the picture of a record, by its content; None where that is not known. Reads the file."""
    if path.is_dir() != bool(frame_rate_of(record)):
        return False
    if "sha256" in record:
        return _has_digest(path, record)
    return False if "bytes" in record and _size(path) != record["bytes"] else None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _fits(path: Path, record: Record) -> bool:
    """Say whether a picture lies where it lay, by its length: reading all of it would make the user wait."""
    size = _size(path)
    return size is not None and record.get("bytes", size) == size


def _has_digest(path: Path, record: Record) -> bool:
    size = _size(path)
    if "sha256" not in record or size is None or size != record.get("bytes", size):
        return False
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == str(record["sha256"])
    except OSError:
        return False
