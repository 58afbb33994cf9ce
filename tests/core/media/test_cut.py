from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.cut import cut_out
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.raster import decode


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = Image.new("RGB", (100, 60), "white")
    image.paste((255, 0, 0), (20, 10, 50, 40))
    image.save(tmp_path / "a.png")
    return tmp_path / "a.png"


@pytest.mark.parametrize("decoded", [False, True])
def test_the_very_pixels_are_cut_out(picture: Path, decoded: bool) -> None:
    media = open_image(picture)
    data, mime = cut_out(media, Box(20.4, 10.2, 49.7, 39.9), raster=decode(media) if decoded else None)
    cut = Image.open(io.BytesIO(data))
    assert (cut.size, mime) == ((30, 30), "image/png")
    assert cut.convert("RGB").getcolors() == [(900, (255, 0, 0))]


def test_a_part_is_clipped_and_scaled_down(picture: Path) -> None:
    data, _ = cut_out(open_image(picture), Box(-50, -50, 80, 50), longest=40)
    assert Image.open(io.BytesIO(data)).size == Size(40, 25)


def test_a_jpeg_stays_one_and_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (100, 60), "white")
    image.paste((0, 0, 255), (0, 0, 20, 60))
    image.save(tmp_path / "a.jpg", exif=exif, quality=95)
    data, mime = cut_out(open_image(tmp_path / "a.jpg"), Box(0, 0, 60, 16))
    cut = Image.open(io.BytesIO(data))
    assert (cut.size, mime) == ((60, 16), "image/jpeg")
    red, _, blue = cut.convert("RGB").getpixel((30, 8))  # type: ignore[misc]  # Pillow says that it may be one number
    assert red < 20
    assert blue > 235


def test_what_lies_outside_is_refused(picture: Path) -> None:
    with pytest.raises(MediaError, match="outside"):
        cut_out(open_image(picture), Box(200, 200, 300, 300))


@pytest.mark.parametrize("suffix", [".tiff", ".pdf"])
def test_a_part_of_a_page_is_cut_out_of_that_page(picture: Path, tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("pypdfium2", reason="the extra 'pdf' is not installed")
    path = tmp_path / f"pages{suffix}"
    with Image.open(picture) as first:
        first.save(path, save_all=True, append_images=[Image.new("RGB", first.size, (0, 0, 255))], resolution=72)
    for page, color in ((1, (255, 0, 0)), (2, (0, 0, 255))):
        media = open_image(path, page=page)
        scale = media.size.width / 100
        for raster in (None, decode(media)):
            data, mime = cut_out(media, Box(22 * scale, 12 * scale, 48 * scale, 38 * scale), raster=raster)
            cut = Image.open(io.BytesIO(data)).convert("RGB")
            middle = cut.getpixel((cut.width // 2, cut.height // 2))
            assert mime == "image/png"
            assert middle == pytest.approx(color, abs=6)
            assert cut.width == pytest.approx(26 * scale, abs=1)
