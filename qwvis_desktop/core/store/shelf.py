"""``Shelf``: what was done on pictures that are not open yet, from a project, a crash or a file beside the picture."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.media.frame_folder import open_frames
from qwvis_desktop.core.media.image import RESOLUTION, MediaError, open_image
from qwvis_desktop.core.media.media import Media, open_media
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.store.finding import PictureFinder, is_of
from qwvis_desktop.core.store.kept_file import Stamp
from qwvis_desktop.core.store.picture_record import (
    NO_EXTRAS,
    Extras,
    Record,
    RecordError,
    document_of,
    frame_rate_of,
    has_work,
    resolution_of,
)
from qwvis_desktop.core.store.project import ProjectFileError, load_project, sidecar_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPicture:
    """A picture with what was done on it.

    Attributes:
        extras: what was read with it and has no place in the document.
        record: as it was read; None where nothing was.
        sidecar: the stamp of the file beside the picture, where that was read.
        problem: a sentence, where a file beside the picture could not be read, or not all of a film is there.
        unsaved: what was done is not in a file yet.
        asked: the record that the shelf had when it was opened; None where it had none.
    """

    document: Document
    extras: Extras = NO_EXTRAS
    record: Record | None = None
    sidecar: Stamp | None = None
    problem: str = ""
    unsaved: bool = False
    asked: Record | None = None


class Shelf:
    """Records by the keys of their pictures. Filled by one thread, asked by any.

    Args:
        resolution: gives the pixels per inch for pages of PDF documents on which nothing was done yet.
    """

    def __init__(self, resolution: Callable[[], int] = lambda: RESOLUTION) -> None:
        self._resolution = resolution
        self._records: dict[str, Record] = {}
        self._unsaved: frozenset[str] = frozenset()
        self._finder: PictureFinder | None = None
        self._found: dict[str, Path] = {}
        self._lost: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    @property
    def lost(self) -> frozenset[str]:
        """Keys of pictures with work that were to be opened and are not where they were."""
        return self._lost

    def is_of(self, key: str, path: Path) -> bool | None:
        """Say whether a file is the picture that a record is about; None where nothing tells. Reads the file."""
        return is_of(self._records.get(key, {}), path)

    def found(self, key: str, path: Path) -> None:
        """Note where the picture of a record is now."""
        self._found = {**self._found, key: path}
        if self._finder is not None and key in self._records:
            self._finder.went(self._records[key], path)

    @property
    def records(self) -> Mapping[str, Record]:
        """All records by key; not to be changed."""
        return self._records

    @property
    def unsaved(self) -> frozenset[str]:
        """Keys of records that are in no file yet."""
        return self._unsaved

    @property
    def has_finder(self) -> bool:
        """Whether it is known where to look for what was moved."""
        return self._finder is not None

    def fill(self, records: Mapping[str, Record], base: Path | None, *, unsaved: bool = False) -> None:
        """Add records.

        Args:
            records: by the keys of their pictures.
            base: the folder below which pictures that were moved are looked for.
            unsaved: they are in no file yet.
        """
        self._records = {**self._records, **records}
        if base is not None:
            self._finder = PictureFinder(base)
        if unsaved:
            self._unsaved |= records.keys()

    def saved(self, keys: Iterable[str]) -> None:
        """Note that the records of these pictures are in a file now."""
        self._unsaved -= frozenset(keys)

    def is_outdated(self, key: str, opened: OpenedPicture) -> bool:
        """Say whether other work was laid down for a picture, or what there was taken away, while it was opened."""
        return self._records.get(key) is not opened.asked

    def drop(self, key: str) -> None:
        """Forget the record of a picture that was closed."""
        if key in self._records:
            self._records = {known: record for known, record in self._records.items() if known != key}
            self._unsaved -= {key}
            self._miss(key, is_lost=False)

    def clear(self) -> None:
        """Forget all."""
        self._records, self._unsaved, self._finder = {}, frozenset(), None
        self._found, self._lost = {}, frozenset()

    def open(self, key: str, source: Path | bytes, name: str, page: int = 0) -> OpenedPicture:
        """Open a picture with what was done on it; not for the window's thread.

        Args:
            key: of its record.
            source: the file, where it was last known to be, or its content.
            name: for people.
            page: of a document, counted from 1; 0 for what is no page of one.

        Raises:
            MediaError: the picture cannot be opened.
            RecordError: what was done on it cannot be read, or was done on another picture. Its record is kept.
        """
        record = self._records.get(key)
        try:
            return replace(self._open(key, record, source, name=name, page=page), asked=record)
        except RecordError:
            if key in self._found:
                # It was not what it was taken for: where the right one is may be said again.
                self._found = {known: path for known, path in self._found.items() if known != key}
                self._miss(key, is_lost=True)
            raise

    def _miss(self, key: str, *, is_lost: bool) -> None:
        with self._lock:  # several threads open pictures
            self._lost = self._lost | {key} if is_lost else self._lost - {key}

    def _open(self, key: str, record: Record | None, source: Path | bytes, *, name: str, page: int) -> OpenedPicture:
        if isinstance(source, Path) and record is not None:
            found = self._found.get(key) or (self._finder.find(record) if self._finder is not None else None)
            source = found or source
            if has_work(record) and not source.exists():
                self._miss(key, is_lost=True)
                raise MediaError(
                    f'"{name}" is not in the folder "{source.parent}" any more. What was done on it is kept; bring it '
                    "back there, or drop it here from where it is now."
                )
            self._miss(key, is_lost=False)
        resolution = (resolution_of(record) if record is not None else 0) or self._resolution()
        rate = frame_rate_of(record) if record is not None else 0.0
        if rate and isinstance(source, Path):
            media: Media = open_frames(source, rate, name)
        else:
            media = open_media(source, name, page=page, resolution=resolution)
        if record is None or not has_work(record):
            beside = _open_with_sidecar(media)
            if beside is not None:
                return beside
        if record is None:
            return OpenedPicture(document=Document(media), problem=_note(media))
        document, extras = document_of(record, media)
        unsaved = key in self._unsaved
        return OpenedPicture(document=document, extras=extras, record=record, unsaved=unsaved, problem=_note(media))


def _note(media: Media) -> str:
    """Return what is wrong with a medium though it could be opened."""
    return media.note if isinstance(media, VideoMedia) else ""


def _open_with_sidecar(media: Media) -> OpenedPicture | None:
    """Return a picture with what lies beside it; None where nothing does."""
    path = sidecar_of(media.path, media.page) if media.path is not None else None
    if path is None or not path.is_file():
        return None
    try:
        project, stamp = load_project(path)
        record = project.pictures[0] if project.pictures else {}
        if media.resolution and resolution_of(record) not in (0, media.resolution):
            media = open_image(media.path or b"", media.name, page=media.page, resolution=resolution_of(record))
        rate, said = frame_rate_of(record), ""
        if isinstance(media, VideoMedia) and rate not in (0.0, media.rate) and media.path is not None:
            media = open_frames(media.path, rate, media.name)
            said = (
                f'"{media.name}" is looked at with {rate:g} frames a second again, because what was done on it before '
                "is bound to them."
            )
        document, extras = document_of(record, media)
    except (OSError, ProjectFileError, RecordError, MediaError) as error:
        return OpenedPicture(document=Document(media), problem=str(error))
    return OpenedPicture(document=document, extras=extras, record=record, sidecar=stamp, problem=said)
