"""Opening films: what is looked at before one is decoded."""

from __future__ import annotations

import stat
from pathlib import Path

from qwvis_desktop.core.media.image import MediaError, status_of
from qwvis_desktop.core.media.video import VideoMedia, reading_film


def open_video(path: Path, name: str = "") -> VideoMedia:
    """Open a film: read its header, decode its first frame, and find its end. Not for the window's thread.

    Args:
        path: the file.
        name: what people call it; the file's name where empty.

    Raises:
        MediaError: it is not there, may not be read, is damaged, holds no moving picture or one that cannot be decoded,
            or the part that reads films is not installed.
    """
    name = name or path.name
    with reading_film(name):
        _check_regular(path, name)
        # What decodes films is large: it is loaded when the first one is opened.
        from qwvis_desktop.core.media.film_probe import probe_film

        return probe_film(path.absolute(), name)


def _check_regular(path: Path, name: str) -> None:
    """Refuse what is no file, and what holds nothing: opening a pipe would wait for ever."""
    status = status_of(path)
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f'"{name}" is no file. Open a film, or a folder of frames as a film.')
    if not status.st_size:
        raise MediaError(f'"{name}" is empty (0 bytes). Copy or download it again.')
