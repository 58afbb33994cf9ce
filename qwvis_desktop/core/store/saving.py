"""Making a project file of what is open; what did not change since the last time is not made anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.media.image import ImageMedia, MediaError
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
    """

    key: str
    name: str
    path: Path | None = None
    document: Document | None = None
    extras: Extras = NO_EXTRAS
    record: Record | None = None
    revision: int = 0


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
            place = {} if state.path is None else {"path": written_path(state.path, base)}
            return {"name": state.name, **before, **place}
        done = content(state.document, state.extras)
        known = self._fingerprint(state.document.media) if has_work(done) else None
        former: Record = {name: before[name] for name in ("sha256", "bytes") if name in before}
        return {**former, **identity(state.document.media, base, known), **done}

    def _fingerprint(self, media: ImageMedia) -> Fingerprint | None:
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
