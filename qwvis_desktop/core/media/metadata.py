"""What a picture's file holds beside its pixels; none of it is sent."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.media.image import ImageMedia, reading
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.probe import png_chunks

if TYPE_CHECKING:  # Pillow is heavy: it is loaded when the first picture is opened
    from PIL.Image import Image

_GPS = 0x8825
_CHUNKS = {
    "xmp": "edits and captions (XMP)",
    "XML:com.adobe.xmp": "edits and captions (XMP)",
    "icc_profile": "a colour profile",
    "photoshop": "Photoshop's notes",
    "comment": "a comment",
}
"""What Pillow calls parts of a file, and what people do."""

_PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_PNG_NAMES = {b"eXIf": "exif", b"iCCP": "icc_profile"}
"""What Pillow calls these chunks of a PNG."""


def metadata_of(media: Media) -> tuple[str, ...]:
    """Return what the file of a picture holds beside its pixels, in words; nothing of it is decoded further.

    Raises:
        MediaError: the file cannot be read.
    """
    if not isinstance(media, ImageMedia) or media.mime == pdf.MIME:
        # A page is drawn; a film is decoded and encoded anew, or sent as it is, which is said where it is chosen.
        return ()
    from PIL import Image

    with reading(media.name), media.open() as file, Image.open(file) as picture:
        texts = _found_in_png(picture, file) if picture.format == "PNG" else set(getattr(picture, "text", ()))
        exif = Image.Image.getexif(picture)
        found = ["the camera's notes (EXIF)"] if exif else []
        if _GPS in exif:
            found.append("the place where it was taken (GPS)")
        found += [words for key, words in _CHUNKS.items() if picture.info.get(key) or key in texts]
        if texts - _CHUNKS.keys():
            found.append("texts")
    return tuple(dict.fromkeys(found))


def _found_in_png(picture: Image, file: IO[bytes]) -> set[str]:
    """Complete what Pillow found before the pixels by what stands behind them; return the names of all texts.

    Pillow would decode the pixels for it: half a second of a large picture, before each request.
    """
    texts = set()
    for kind, content in png_chunks(file, _PNG_TEXTS | _PNG_NAMES.keys()):
        if kind in _PNG_TEXTS:
            texts.add(content.partition(b"\0")[0].decode("latin-1"))
        else:
            picture.info.setdefault(_PNG_NAMES[kind], content)
    return texts
