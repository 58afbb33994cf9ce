"""What a picture is, whatever it is called and wherever it lies: the SHA-256 of its encoded bytes."""

from __future__ import annotations

import hashlib

from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.media import Media


def content_hash(media: Media) -> str:
    """Return the SHA-256 of the encoded picture, in hexadecimal digits.

    Raises:
        MediaError: the file is no longer there, or cannot be read.
    """
    with reading(media.name), media.open() as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any file of bytes will do
