"""Films that were fetched from an address, kept as files: frames are read out of them where they lie."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from qwvis_desktop.core.media.write import write_beside

ROOM = 2 << 30
"""What fetched films take on the disk at most; those that were fetched or opened longest ago go first."""


def keep_film(data: bytes, name: str, folder: Path, room: int = ROOM) -> Path:
    """Write a film that was fetched into ``folder``, and return where it lies; the same film is written once.

    Args:
        data: its bytes.
        name: what it is called; its suffix is kept.
        folder: where fetched films are; made where it is not there.
        room: what they may take in bytes, this one not counted.

    Raises:
        WriteError: it cannot be written.
    """
    path = folder / f"{hashlib.sha256(data).hexdigest()[:24]}{Path(name).suffix[:8]}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)  # where it cannot be made, writing says why
        _make_room(folder, path, room)
    if not path.is_file():
        write_beside(path, data)
    with suppress(OSError):
        path.touch()
    return path


def _make_room(folder: Path, but: Path, room: int) -> None:
    films = sorted((path.stat().st_mtime_ns, path) for path in folder.iterdir() if path != but and path.is_file())
    taken = sum(path.stat().st_size for _, path in films)
    for _, path in films:
        if taken <= room:
            return
        taken -= path.stat().st_size
        path.unlink()
