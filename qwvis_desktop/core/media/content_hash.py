"""What a picture is, whatever it is called and wherever it lies: the SHA-256 of its encoded bytes, and its page."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.media import Media


def content_hash(media: Media) -> str:
    """Return the SHA-256 of the encoded picture, in hexadecimal digits; ``#page=3`` follows for a further page.

    Raises:
        MediaError: the file is no longer there, or cannot be read.
    """
    with reading(media.name):
        if media.path is None:
            digest = hashlib.sha256(media.data or b"").hexdigest()
        else:
            status = media.path.stat()
            digest = _digest(media.path, status.st_mtime_ns, status.st_size)
    return f"{digest}#page={media.page}" if media.page > 1 else digest


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int, _byte_count: int) -> str:
    """Return the digest of a file as it is now: all pages of a document share it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
