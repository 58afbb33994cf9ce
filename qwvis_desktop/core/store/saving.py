"""Making a project file of what is open; what did not change since the last time is not made anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.store.kept_file import ChangedOutside, Stamp, set_aside, write_anyway, write_unchanged
from qwvis_desktop.core.store.picture_record import (
    NO_EXTRAS,
    Extras,
    Fingerprint,
    Record,
    content,
    fingerprint,
    has_work,
    identity,
    line_of,
    written_path,
)
from qwvis_desktop.core.store.project import dump_project, sidecar_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureState:
    """One open picture as it stands.

    Attributes:
        key: unique among those that are open.
        name: for people.
        path: where it lies; None where it came as data.
        document: a copy that does not change any more; None where the picture was not looked at yet.
        extras: what was read with it and has no place in the document.
        record: as it was read from a file; all that is known where there is no document.
        revision: another number after each change.
        page: of a document, counted from 1; 0 for what is no page of one.
    """

    key: str
    name: str
    path: Path | None = None
    document: Document | None = None
    extras: Extras = NO_EXTRAS
    record: Record | None = None
    revision: int = 0
    page: int = 0


class PictureWriter:
    """Makes records of pictures; keeps lines and fingerprints for the next time. Used by one thread at a time."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[object, bytes]] = {}
        self._fingerprints: dict[Path, tuple[tuple[int, int], Fingerprint]] = {}

    def lines(self, states: Iterable[PictureState], base: Path) -> list[bytes]:
        """Return the lines of a project file in the folder ``base``."""
        made = {state.key: self._line(state, base) for state in states}
        self._lines = made
        return [line for _, line in made.values()]

    def _line(self, state: PictureState, base: Path) -> tuple[object, bytes]:
        mark = (state.revision, state.path, base, state.document is None, id(state.record))
        known = self._lines.get(state.key)
        return known if known is not None and known[0] == mark else (mark, line_of(self.record(state, base)))

    def record(self, state: PictureState, base: Path | None) -> Record:
        """Return the record of a picture, its path relative to ``base``; one that is gone is written all the same."""
        before = state.record or {}
        if state.document is None:
            place: Record = {} if state.path is None else {"path": written_path(state.path, base)}
            if state.page:
                place["page"] = state.page
            return {"name": state.name, **before, **place}
        done = content(state.document, state.extras)
        known = self._fingerprint(state.document.media) if has_work(done) else None
        former: Record = {name: before[name] for name in ("sha256", "bytes") if name in before}
        return {**former, **identity(state.document.media, base, known), **done}

    def _fingerprint(self, media: Media) -> Fingerprint | None:
        """Return what a picture is known by; None where it cannot be read now."""
        try:
            if media.path is None:
                return fingerprint(media)
            status = media.path.stat()
            state = (status.st_mtime_ns, status.st_size)
            known = self._fingerprints.get(media.path)
            if known is None or known[0] != state:
                known = self._fingerprints[media.path] = (state, fingerprint(media))
            return known[1]
        except (MediaError, OSError):
            return None


@dataclass(frozen=True, slots=True)
class Saved:
    """How saving a file ended.

    Attributes:
        stamp: of the file; None where it was not written.
        problem: why not, in a sentence.
        rescued: where a copy went instead.
        changed_outside: another program changed the file, and it was left as it is.
    """

    stamp: Stamp | None = None
    problem: str = ""
    rescued: Path | None = None
    changed_outside: bool = False


def save(path: Path, data: bytes, *, stamp: Stamp | None, rescue: Path, anyway: bool = False) -> Saved:
    """Write a file whole; where that cannot be, a copy elsewhere. What was there before stays whole in any case.

    Args:
        path: where to.
        data: the content.
        stamp: what the file was when it was read or written last; None where there was none.
        rescue: folder for a copy where ``path`` cannot be written.
        anyway: whatever is there now.
    """
    try:
        return Saved(write_anyway(path, data) if anyway else write_unchanged(path, data, stamp))
    except ChangedOutside as error:
        return Saved(problem=str(error), changed_outside=True)
    except WriteError as error:
        return Saved(problem=str(error), rescued=_rescued(rescue / path.name, data))


def _rescued(path: Path, data: bytes) -> Path | None:
    """Write a copy in place of an earlier one; return where, or None where that cannot be written, either."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, data)
    except (OSError, WriteError):
        return None
    return path


def save_sidecar(state: PictureState, writer: PictureWriter, stamp: Stamp | None) -> Saved:
    """Write what was done on a picture beside it. A file there that was not read is set aside before.

    Args:
        state: a picture with a path.
        writer: makes the record.
        stamp: of the file as it was read or written last; None where it was not read.
    """
    assert state.path is not None
    page = state.document.media.page if state.document is not None else state.page
    path = sidecar_of(state.path, page)
    data = dump_project([line_of(writer.record(state, state.path.parent))])
    try:
        if stamp is None and path.exists():
            set_aside(path, "unread")
        return Saved(write_unchanged(path, data, stamp))
    except ChangedOutside as error:
        return Saved(problem=str(error), changed_outside=True)
    except OSError as error:
        return Saved(problem=f'"{path.name}" could not be set aside: {error.strerror}. It is left as it is.')
    except WriteError as error:
        return Saved(problem=str(error))
