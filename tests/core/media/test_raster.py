from __future__ import annotations

import io
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import vips_codec
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.raster import Raster, decode, encode, halved

Make = Callable[[int, int], Image.Image]


def rgb(raster: Raster) -> NDArray[np.int64]:
    """Return the pixels as rows of R, G, B; checks that each ends with 255."""
    pixels = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)
    assert (pixels[..., 3] == 255).all()
    return pixels[..., 2::-1].astype(np.int64)


def one_colour(mode: str, value: Any) -> Image.Image:
    return Image.new(mode, (40, 24), value)


def palette(transparent: bool = False) -> Image.Image:
    picture = Image.new("P", (40, 24), 1)
    picture.putpalette([0, 0, 0, 200, 100, 50])
    if transparent:
        picture.info["transparency"] = 1
    return picture


SHADES: dict[str, tuple[Callable[[], Image.Image], dict[str, Any], tuple[int, int, int]]] = {
    "black and white.png": (lambda: one_colour("1", 1), {}, (255, 255, 255)),
    "grey.png": (lambda: one_colour("L", 77), {}, (77, 77, 77)),
    "grey alpha.png": (lambda: one_colour("LA", (0, 128)), {}, (127, 127, 127)),
    "palette.png": (palette, {}, (200, 100, 50)),
    "palette transparent.png": (lambda: palette(True), {}, (255, 255, 255)),
    "colour.png": (lambda: one_colour("RGB", (200, 100, 50)), {}, (200, 100, 50)),
    "alpha.png": (lambda: one_colour("RGBA", (200, 100, 50, 0)), {}, (255, 255, 255)),
    "half alpha.png": (lambda: one_colour("RGBA", (200, 100, 0, 102)), {}, (233, 193, 153)),
    "keyed.png": (lambda: one_colour("RGB", (200, 100, 50)), {"transparency": (200, 100, 50)}, (255, 255, 255)),
    "deep grey.png": (lambda: one_colour("I;16", 0x4D4D), {}, (77, 77, 77)),
    "grey.jpg": (lambda: one_colour("L", 77), {}, (77, 77, 77)),
    "colour.jpg": (lambda: one_colour("RGB", (200, 100, 50)), {}, (200, 100, 50)),
    "progressive.jpg": (lambda: one_colour("RGB", (200, 100, 50)), {"progressive": True}, (200, 100, 50)),
    "white.cmyk.jpg": (lambda: one_colour("CMYK", (0, 0, 0, 0)), {}, (255, 255, 255)),
    "colour.webp": (lambda: one_colour("RGB", (200, 100, 50)), {"lossless": True}, (200, 100, 50)),
    "alpha.webp": (lambda: one_colour("RGBA", (0, 0, 0, 0)), {"lossless": True}, (255, 255, 255)),
    "colour.gif": (palette, {}, (200, 100, 50)),
    "transparent.gif": (lambda: palette(True), {"transparency": 1}, (255, 255, 255)),
    "colour.bmp": (lambda: one_colour("RGB", (200, 100, 50)), {}, (200, 100, 50)),
    "colour.tif": (lambda: one_colour("RGB", (200, 100, 50)), {"compression": "tiff_lzw"}, (200, 100, 50)),
    "cmyk.tif": (lambda: one_colour("CMYK", (0, 0, 0, 0)), {}, (255, 255, 255)),
    "deep grey.tif": (lambda: one_colour("I;16", 0x4D4D), {}, (77, 77, 77)),
    "whole numbers.tif": (lambda: one_colour("I", 0x4D4D), {}, (77, 77, 77)),
    "share of one.tif": (lambda: one_colour("F", 0.5), {}, (127, 127, 127)),
    "colour.jp2": (lambda: one_colour("RGB", (200, 100, 50)), {}, (200, 100, 50)),
    "colour.ppm": (lambda: one_colour("RGB", (200, 100, 50)), {}, (200, 100, 50)),
    "colour.qoi": (lambda: one_colour("RGB", (200, 100, 50)), {}, (200, 100, 50)),
    "colour.avif": (lambda: one_colour("RGB", (200, 100, 50)), {"quality": 100}, (200, 100, 50)),
}


@pytest.mark.parametrize("name", SHADES)
def test_every_kind_of_pixel_comes_out_as_srgb(save: Callable[..., Path], codec: str, name: str) -> None:
    make, options, wanted = SHADES[name]
    raster = decode(open_image(save(make(), name, **options)))
    assert raster.size == (40, 24)
    assert np.abs(rgb(raster) - wanted).max() <= 2


@pytest.mark.parametrize("name", ["p.png", "p.jpg", "p.tif", "p.webp"])
def test_a_profile_is_applied(save: Callable[..., Path], codec: str, linear_profile: bytes, name: str) -> None:
    picture = one_colour("RGB", (128, 128, 128))
    assert np.abs(rgb(decode(open_image(save(picture, name, icc_profile=linear_profile)))) - 188).max() <= 3
    assert np.abs(rgb(decode(open_image(save(picture, "plain" + name)))) - 128).max() <= 2


def test_a_profile_is_applied_to_what_was_transparent(
    save: Callable[..., Path], codec: str, linear_profile: bytes
) -> None:
    picture = one_colour("RGBA", (128, 128, 128, 255))
    assert np.abs(rgb(decode(open_image(save(picture, "p.png", icc_profile=linear_profile)))) - 188).max() <= 3


@pytest.mark.parametrize("profile", ["damaged", "of colour for grey"])
def test_a_profile_that_does_not_fit_is_passed_over(
    save: Callable[..., Path], codec: str, linear_profile: bytes, profile: str
) -> None:
    picture = one_colour("RGB" if profile == "damaged" else "L", 77 if profile != "damaged" else (77, 77, 77))
    data = linear_profile[:150] + bytes(300) if profile == "damaged" else linear_profile
    assert np.abs(rgb(decode(open_image(save(picture, "p.png", icc_profile=data)))) - 77).max() <= 2


@pytest.mark.parametrize("orientation", list(Orientation))
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp"])
def test_every_orientation_comes_out_upright(
    save: Callable[..., Path], codec: str, name: str, orientation: Orientation
) -> None:
    picture = Image.new("RGB", (64, 32), "white")
    picture.paste("red", (0, 0, 16, 8))
    picture.paste("blue", (48, 24, 64, 32))
    media = open_image(save(picture, name, orientation, quality=95))
    assert media.orientation == orientation
    assert media.stored == (Size(32, 64) if orientation.swaps_sides else Size(64, 32))
    raster = decode(media)
    assert raster.size == media.size == picture.size
    assert np.abs(rgb(raster) - np.asarray(picture, np.int64)).mean() < 3


def test_the_exif_of_a_png_may_stand_behind_the_pixels(save: Callable[..., Path], codec: str) -> None:
    path = save(Image.new("RGB", (64, 32)), "a.png", Orientation.TURNED_RIGHT)
    data = path.read_bytes()
    start = data.index(b"eXIf") - 4
    length = int.from_bytes(data[start : start + 4], "big") + 12
    end = data.index(b"IEND") - 4
    path.write_bytes(data[:start] + data[start + length : end] + data[start : start + length] + data[end:])
    media = open_image(path)
    assert media.size == (64, 32)
    assert decode(media).size == (64, 32)


@pytest.mark.parametrize(
    ("at_least", "wanted"),
    [
        ((1600, 1200), (1600, 1200)),
        ((801, 601), (1600, 1200)),
        ((800, 600), (800, 600)),
        ((800, 2000), (800, 600)),
        ((400, 300), (400, 300)),
        ((1, 1), (200, 150)),
        ((0, 0), (200, 150)),
        ((9000, 9000), (1600, 1200)),
    ],
)
def test_a_jpeg_is_reduced_while_it_is_decoded(
    save: Callable[..., Path], noise: Make, codec: str, at_least: tuple[int, int], wanted: tuple[int, int]
) -> None:
    picture = noise(1600, 1200)
    media = open_image(save(picture, "a.jpg", quality=95))
    raster = decode(media, Size(*at_least))
    assert raster.size == wanted
    small = np.asarray(picture.resize(wanted, Image.Resampling.BOX), np.int64)
    assert np.abs(rgb(raster) - small).mean() < 4


def test_odd_sides_and_turned_pictures_are_reduced_too(save: Callable[..., Path], noise: Make, codec: str) -> None:
    media = open_image(save(noise(1003, 601), "a.jpg", Orientation.TURNED_LEFT))
    assert decode(media, Size(200, 100)).size in (Size(250, 150), Size(251, 151))


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/webp"])
def test_what_is_encoded_is_what_was_drawn(noise: Make, codec: str, mime: str) -> None:
    picture = noise(333, 217)
    raster = Raster(Size(333, 217), picture.tobytes("raw", "BGRX"))
    with Image.open(io.BytesIO(encode(raster, mime, 95))) as again:
        assert again.size == picture.size
        difference = np.abs(np.asarray(again.convert("RGB"), int) - np.asarray(picture, int))
    assert difference.max() == 0 if mime == "image/png" else difference.mean() < 3


def test_jpeg_keeps_the_colour_of_thin_lines(codec: str) -> None:
    picture = Image.new("RGB", (64, 64), "white")
    picture.paste("red", (31, 0, 32, 64))
    data = encode(Raster(Size(64, 64), picture.tobytes("raw", "BGRX")), "image/jpeg", 92)
    with Image.open(io.BytesIO(data)) as again:
        assert np.abs(np.asarray(again, int)[:, 31] - (254, 0, 0)).max() < 40


def test_a_side_too_long_for_the_format_is_refused() -> None:
    with pytest.raises(MediaError, match="16,383 pixels a side"):
        encode(Raster(Size(16_384, 1), bytes(16_384 * 4)), "image/webp")


def test_first_picture_of_an_animation(tmp_path: Path, codec: str) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue", "green")]
    for name in ("a.gif", "a.webp", "a.png", "a.tif"):
        options: dict[str, Any] = {"lossless": True} if name == "a.webp" else {}
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **options)
        media = open_image(tmp_path / name)
        assert media.frames == 3
        assert np.abs(rgb(decode(media)) - (255, 0, 0)).max() <= 2


def test_a_file_that_changed_or_vanished_since(save: Callable[..., Path], noise: Make, codec: str) -> None:
    media = open_image(save(noise(64, 48), "a.jpg"))
    save(noise(80, 48), "a.jpg")
    with pytest.raises(MediaError, match="has changed since it was opened"):
        decode(media)
    Path(media.path or "").write_bytes(b"now a text")
    with pytest.raises(MediaError, match="has changed since it was opened"):
        decode(media)
    Path(media.path or "").unlink()
    with pytest.raises(MediaError, match="not there any more"):
        decode(media)


def test_without_libvips_there_is_pillow(
    save: Callable[..., Path], noise: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyvips", None)
    monkeypatch.setattr(vips_codec, "library", cache(vips_codec.library.__wrapped__))
    assert vips_codec.library() is None
    assert not vips_codec.reads(open_image(save(noise(64, 48), "a.jpg")))
    assert decode(open_image(save(noise(64, 48), "a.jpg"))).size == (64, 48)
    with pytest.raises(vips_codec.failures()):
        vips_codec.decode(open_image(save(noise(64, 48), "a.jpg")), 1)


def test_heic(save: Callable[..., Path], noise: Make, codec: str) -> None:
    heif = pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    heif.register_heif_opener()
    picture = noise(128, 64)
    media = open_image(save(picture, "a.heic", Orientation.TURNED_RIGHT, quality=90))
    assert (media.mime, media.size) == ("image/heic", (128, 64))
    assert np.abs(rgb(decode(media)) - np.asarray(picture, int)).mean() < 12


@pytest.mark.parametrize("size", [(2, 2), (5, 3), (1, 7), (301, 201)])
def test_halving_keeps_colours_and_rounds_up(size: tuple[int, int], codec: str) -> None:
    half = halved(Raster(Size(*size), bytes((0x99, 0x66, 0x33, 255)) * (size[0] * size[1])))
    assert half.size == ((size[0] + 1) // 2, (size[1] + 1) // 2)
    assert (rgb(half) == (0x33, 0x66, 0x99)).all()


def test_halving_moves_nothing(codec: str) -> None:
    across, down = np.meshgrid(np.arange(120), np.arange(90))
    pixels = np.stack([across * 2, down * 2, across + down, np.full_like(across, 255)], axis=-1).astype(np.uint8)
    half = rgb(halved(Raster(Size(120, 90), pixels.tobytes())))
    x, y = np.meshgrid(np.arange(60) * 2 + 0.5, np.arange(45) * 2 + 0.5)
    wanted = np.stack([x + y, y * 2, x * 2], axis=-1)
    # But for the border, where there is nothing beyond to mix in.
    assert np.abs(half - wanted)[1:-1, 1:-1].max() <= 1
