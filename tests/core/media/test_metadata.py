from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo, putchunk

from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.media.metadata import metadata_of
from qwvis_desktop.core.media.probe import png_chunks

ALL = ("the camera's notes (EXIF)", "the place where it was taken (GPS)", "edits and captions (XMP)", "texts")


def exif() -> bytes:
    notes = Image.Exif()
    notes[0x010F] = "Maker"
    notes[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    return notes.tobytes()


def texts() -> PngInfo:
    found = PngInfo()
    found.add_text("Author", "Ann")
    found.add_itxt("XML:com.adobe.xmp", "<x/>")
    return found


def png(**options: object) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30)).save(content, "PNG", **options)
    return content.getvalue()


def behind_the_pixels(content: bytes) -> bytes:
    """Move all but header and pixels to the end of a PNG, where it may stand as well."""
    head, moved, rest, place = content[:33], b"", b"", 33
    while place < len(content):
        length = int.from_bytes(content[place : place + 4]) + 12
        chunk = content[place : place + length]
        if chunk[4:8] in (b"IDAT", b"IEND"):
            rest += chunk
        else:
            moved += chunk
        place += length
    end = io.BytesIO()
    putchunk(end, b"IEND")
    return head + rest.removesuffix(end.getvalue()) + moved + end.getvalue()


@pytest.mark.parametrize("where", ["before", "behind"])
def test_all_that_a_png_holds_is_told_without_decoding_it(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = png(exif=exif(), pnginfo=texts())
    media = open_image(behind_the_pixels(content) if where == "behind" else content)
    decoded: list[object] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded.append)
    assert metadata_of(media) == ALL
    assert decoded == []


def test_a_chunk_that_tells_of_gigabytes_is_not_given_room_for_them() -> None:
    asked: list[int] = []

    class File(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size or 0)
            return super().read(size)

    content = png()[:-12] + (2**31 - 1).to_bytes(4, "big") + b"tEXtAuthor\0Ann"
    assert list(png_chunks(File(content), {b"tEXt"})) == [(b"tEXt", b"Author\0Ann")]
    assert max(asked) < 2**25


def test_a_jpeg_and_what_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (40, 30)).save(path, exif=exif(), comment=b"mine")
    assert metadata_of(open_image(path)) == (*ALL[:2], "a comment")
    assert metadata_of(open_image(png())) == ()
