"""The pages of a TIFF: found by walking from directory to directory, no pixel decoded.

Sources: TIFF 6.0, section 2 and tag 254 (NewSubfileType); BigTIFF (libtiff's description).
"""

from __future__ import annotations

import struct
from typing import IO

MOST_PAGES = 100_000
"""Directories that are followed; a damaged file may lead on for ever."""

_SUBFILE_TYPE = 254
_REDUCED, _MASK = 1, 4
"""Bits of that tag: a smaller copy of another picture, and a mask for one; neither is a page."""

_CLASSIC, _BIG = 42, 43
_LONG_TYPES = {3: "H", 4: "I"}


def pages(file: IO[bytes]) -> tuple[int, ...]:
    """Return the numbers of the directories that are pages, counted from 0; empty where this is no TIFF.

    A file that breaks off has the pages up to there. The place in the file is kept.
    """
    place = file.tell()
    try:
        file.seek(0)
        return _pages(file)
    except (struct.error, OSError):
        return ()
    finally:
        file.seek(place)


def _pages(file: IO[bytes]) -> tuple[int, ...]:
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
    if not order:
        return ()
    (version,) = struct.unpack(f"{order}H", head[2:4])
    if version not in (_CLASSIC, _BIG):
        return ()
    big = version == _BIG
    offset = struct.unpack(f"{order}Q", head[8:16])[0] if big else struct.unpack(f"{order}I", head[4:8])[0]
    found: list[int] = []
    seen: set[int] = set()
    while offset and offset not in seen and len(seen) < MOST_PAGES:
        seen.add(offset)
        try:
            kind, offset = _directory(file, offset, order, big=big)
        except (struct.error, OverflowError):
            break
        if not kind & (_REDUCED | _MASK):
            found.append(len(seen) - 1)
    return tuple(found)


def _directory(file: IO[bytes], offset: int, order: str, *, big: bool) -> tuple[int, int]:
    """Return what kind of picture a directory is of, and where the next one is; 0 where it is the last."""
    count_form, entry_size, next_form = ("Q", 20, "Q") if big else ("H", 12, "I")
    file.seek(offset)
    (count,) = struct.unpack(order + count_form, file.read(struct.calcsize(order + count_form)))
    body = file.read(entry_size * count) if count <= 65_535 else b""
    kind = 0
    for start in range(0, len(body) - entry_size + 1, entry_size):
        tag, form = struct.unpack_from(f"{order}HH", body, start)
        if tag == _SUBFILE_TYPE and form in _LONG_TYPES:
            (kind,) = struct.unpack_from(order + _LONG_TYPES[form], body, start + (12 if big else 8))
        if tag >= _SUBFILE_TYPE:
            break
    (following,) = struct.unpack(order + next_form, file.read(struct.calcsize(order + next_form)))
    return kind, following
