from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from qwvis_desktop.core.coordinates import Orientation, ResizeRule
from qwvis_desktop.core.media import image, probe
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.media.pixels import is_srgb
from qwvis_desktop.core.media.prepare import prepare_image
from qwvis_desktop.core.media.raster import decode

Save = Callable[..., Path]
Make = Callable[[int, int], Image.Image]
RULE = ResizeRule(32, 4_096, 200_000)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def texture(width: int = 96, height: int = 64) -> Image.Image:
    rng = np.random.default_rng(5)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))


def png_header(width: int, height: int, *, bits: int = 8, colour: int = 2) -> bytes:
    """Return a PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def test_a_picture_is_known_by_its_header(save: Save, noise: Make) -> None:
    path = save(noise(64, 48), "holiday.jpg", Orientation.TURNED_RIGHT)
    media = open_image(path)
    assert (media.name, media.path, media.data, media.mime, media.frames) == (
        "holiday.jpg",
        path,
        None,
        "image/jpeg",
        1,
    )
    assert (media.size, media.stored, media.orientation) == ((64, 48), (48, 64), Orientation.TURNED_RIGHT)
    assert media.kind == "image"
    assert media.byte_count == path.stat().st_size
    pasted = open_image(path.read_bytes())
    assert (pasted.name, pasted.path, pasted.byte_count) == ("picture", None, media.byte_count)


def test_the_content_counts_and_not_the_suffix(save: Save, noise: Make, tmp_path: Path) -> None:
    picture = save(noise(64, 48), "a.png")
    for name in ("b.jpg", "c.txt", "d.heic", "e", "f.tif.gz"):
        assert open_image(picture.rename(tmp_path / name)).mime == "image/png"
        picture = tmp_path / name


def test_nothing_is_decoded_when_a_picture_is_opened(save: Save, noise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [save(noise(64, 48), name) for name in ("a.jpg", "a.png", "a.webp", "a.tif", "a.bmp")]
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.WebPImagePlugin.WebPImageFile.load", lambda *_: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.TiffImagePlugin.TiffImageFile.load", lambda *_: pytest.fail("decoded"))
    assert [open_image(path).size for path in paths] == [(64, 48)] * 5


NO_PICTURES = {
    "empty": (b"", "is empty"),
    "text": (b"not a picture at all\n" * 9, "is not a picture"),
    "zeros": (bytes(4096), "is not a picture"),
    "page.jpg": (b"\n <!DOCTYPE html><html><body>404</body></html>", "is a web page"),
    "drawing.png": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
    "paper.png": (b"%PDF-1.7\n1 0 obj", "is a PDF document"),
    "archive.jpg": (b"PK\x03\x04" + bytes(60), "is a ZIP archive"),
    "clip.jpg": (b"\0\0\0\x20ftypisom" + bytes(60), "is a video"),
    "clip.png": (b"\x1aE\xdf\xa3" + bytes(60), "is a video"),
    "sound.webp": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(60), "is a sound"),
    "cut.jpg": (b"\xff\xd8\xff", "was cut off"),
    "cut.png": (b"\x89PNG\r\n\x1a\n\0\0", "was cut off"),
    "cut.webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "was cut off"),
    "eps.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture"),
    "bomb.png": (png_header(60_000, 60_000), "60,000 x 60,000 pixels"),
    "bomb.bmp": (
        b"BM" + bytes(12) + struct.pack("<IiiHHIIiiII", 40, 50_000, 50_000, 1, 24, 0, 0, 0, 0, 0, 0),
        "50,000",
    ),
}


@pytest.mark.parametrize("name", NO_PICTURES)
@pytest.mark.parametrize("as_file", [True, False])
def test_what_is_no_picture_is_refused_in_a_sentence(tmp_path: Path, name: str, as_file: bool) -> None:
    data, words = NO_PICTURES[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(MediaError, match=words) as caught:
        open_image(tmp_path / name if as_file else data, name)
    assert name in str(caught.value)
    assert str(caught.value).endswith((".", "instead."))


def test_folders_devices_and_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="is a folder"):
        open_image(tmp_path)
    with pytest.raises(MediaError, match=r'^There is no file "'):
        open_image(tmp_path / "gone.jpg")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        with pytest.raises(MediaError, match="device or a pipe"):
            open_image(tmp_path / "pipe.jpg")


@pytest.mark.parametrize("moment", ["opening", "decoding"])
def test_a_file_that_may_not_be_read(
    save: Save, noise: Make, monkeypatch: pytest.MonkeyPatch, codec: str, moment: str
) -> None:
    path = save(noise(64, 48), "a.jpg")
    media = open_image(path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so permissions alone do not do it
    if codec == "libvips":
        import pyvips

        def fail(_: Path) -> None:
            raise pyvips.Error("unable to open")

        monkeypatch.setattr(pyvips.Source, "new_from_file", fail)
    with pytest.raises(MediaError, match="no permission"):
        open_image(path) if moment == "opening" else decode(media)


def test_huge_pictures_below_the_limit_are_opened_without_a_warning(tmp_path: Path) -> None:
    (tmp_path / "huge.png").write_bytes(png_header(25_000, 20_000))
    assert open_image(tmp_path / "huge.png").size == (25_000, 20_000)


def test_heic_without_its_reader_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(MediaError, match=r'pip install "qwvis-desktop\[heic\]"'):
        open_image(b"\0\0\0\x18ftypheic" + bytes(60), "a.heic")


def test_too_little_memory_is_said(save: Save, noise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    media = open_image(save(noise(64, 48), "a.bmp"))

    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", exhausted)
    with pytest.raises(MediaError, match="not enough memory"):
        decode(media)


def hostile() -> dict[str, bytes]:
    """Make about a hundred files that somebody might drop: cut, mutated, mislabelled, extreme."""
    picture, files = texture(), {}
    kinds = {
        "jpeg": encoded(picture, "JPEG"),
        "progressive": encoded(picture, "JPEG", progressive=True),
        "png": encoded(picture, "PNG"),
        "webp": encoded(picture, "WEBP"),
        "tiff": encoded(picture, "TIFF", compression="tiff_lzw"),
        "gif": encoded(picture, "GIF"),
        "bmp": encoded(picture, "BMP"),
        "jp2": encoded(picture, "JPEG2000"),
        "avif": encoded(picture, "AVIF"),
        "qoi": encoded(picture, "QOI"),
    }
    rng = np.random.default_rng(9)
    for kind, data in kinds.items():
        for share in (0.02, 0.1, 0.5, 0.97):
            files[f"{kind} cut at {share}"] = data[: int(len(data) * share)]
        for turn in range(4):
            broken = bytearray(data)
            first = 20 if turn % 2 else len(data) // 2
            for place in rng.integers(first, len(data), 6):
                broken[place] = int(rng.integers(0, 256))
            files[f"{kind} with noise {turn}"] = bytes(broken)
    for value in (0, 9, 65535):
        exif = Image.Exif()
        exif[0x0112] = value
        files[f"orientation {value}"] = encoded(picture, "JPEG", exif=exif)
    files["orientation in words"] = encoded(
        picture, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04six\0"
    )
    for name, exif_bytes in {
        "cut": b"Exif\0\0MM\0*",
        "looped": b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0",
        "far": b"Exif\0\0II*\0\xff\xff\xff\x7f",
        "noise": b"Exif\0\0" + bytes(rng.integers(0, 256, 300, np.uint8)),
    }.items():
        for kind in ("JPEG", "PNG", "WEBP"):
            files[f"exif {name} in {kind}"] = encoded(picture, kind, exif=exif_bytes)
    files["profile of noise"] = encoded(picture, "PNG", icc_profile=bytes(rng.integers(0, 256, 900, np.uint8)))
    files["png of no pixels"] = png_header(0, 0)
    files["png of unknown colour"] = png_header(64, 64, colour=5)
    files["png without its pixels"] = png_header(640, 480)
    files["trailing noise"] = kinds["jpeg"] + bytes(rng.integers(0, 256, 999, np.uint8))
    files["two in one"] = kinds["jpeg"] + kinds["png"]
    files["one pixel"] = encoded(texture(1, 1), "PNG")
    files["a line"] = encoded(texture(3000, 1), "PNG")
    return files


HOSTILE = hostile()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_shown_or_refused_in_a_sentence(
    tmp_path: Path, codec: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.jpg"
    path.write_bytes(HOSTILE[name])
    sentence = ""
    try:
        media = open_image(path)
        assert decode(media).size == media.size
        assert prepare_image(media, RULE).frame.original == media.size
    except MediaError as error:
        sentence = str(error)
    assert not sentence or sentence.startswith('"file.jpg"')
    assert sentence.count("\n") == 0
    if not name.startswith("tiff"):  # the libtiff in Pillow prints what it finds, and cannot be told not to
        assert capfd.readouterr() == ("", "")


def test_hostile_files_are_many_and_of_both_kinds(tmp_path: Path) -> None:
    shown = 0
    for data in HOSTILE.values():
        try:
            decode(open_image(data))
        except MediaError:
            continue
        shown += 1
    assert len(HOSTILE) >= 100
    assert 20 <= shown <= len(HOSTILE) - 40


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_a_picture_that_was_cut_off_is_not_shown_in_part(kind: str, codec: str) -> None:
    data = encoded(texture(), kind)
    cut = data[: len(data) * 3 // 4]
    with pytest.raises(MediaError, match="damaged or was cut off"):
        decode(open_image(cut, "cut"))
    with pytest.raises(MediaError, match="damaged or was cut off"):
        prepare_image(open_image(cut, "cut"), RULE)


@given(st.binary(max_size=400), st.sampled_from(["", "\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n", "GIF89a", "II*\0", "BM"]))
def test_any_bytes_are_opened_or_refused(data: bytes, start: str) -> None:
    try:
        media = open_image(start.encode("latin-1") + data)
    except MediaError:
        return
    assert isinstance(media, ImageMedia)


@given(st.binary(max_size=600))
def test_any_profile_is_looked_at_without_fail(profile: bytes) -> None:
    assert is_srgb(profile) in (True, False)


def test_srgb_is_recognised_by_its_own_name(linear_profile: bytes) -> None:
    from PIL import ImageCms

    assert is_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert not is_srgb(linear_profile)
    assert not is_srgb(linear_profile[:140])
    assert not is_srgb(b"")
    assert not is_srgb(bytes(200))


def test_formats_that_start_programs_are_not_among_ours() -> None:
    assert not {"EPS", "PDF", "WMF", "TGA", "FITS"} & probe.FORMATS.keys()
    assert image.MAX_PIXELS == 1_000_000_000
