"""What a picture's file holds beside its pixels; none of it is sent."""

from __future__ import annotations

from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.media.image import ImageMedia, reading
from qwvis_desktop.core.media.media import Media

_GPS = 0x8825
_CHUNKS = {
    "xmp": "edits and captions (XMP)",
    "XML:com.adobe.xmp": "edits and captions (XMP)",
    "icc_profile": "a colour profile",
    "photoshop": "Photoshop's notes",
    "comment": "a comment",
}
"""What Pillow calls parts of a file, and what people do."""


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
        exif = picture.getexif()
        found = ["the camera's notes (EXIF)"] if exif else []
        if _GPS in exif:
            found.append("the place where it was taken (GPS)")
        found += [words for key, words in _CHUNKS.items() if picture.info.get(key)]
        if set(getattr(picture, "text", ())) - _CHUNKS.keys():
            found.append("texts")
    return tuple(dict.fromkeys(found))
