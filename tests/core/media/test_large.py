from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import image, large, vips_codec
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.large import NotWanted, overview_shrink, part, shrink_for
from qwvis_desktop.core.media.raster import Raster, decode

pytestmark = pytest.mark.skipif(vips_codec.library() is None, reason="libvips is not installed")

SIZE = Size(203, 131)


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE_PIXELS", 5000)
    monkeypatch.setattr(large, "OVERVIEW_PIXELS", 3000)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, orientation: Orientation = Orientation.NORMAL, **options: Any) -> Path:
        exif = Image.Exif()
        exif[0x0112] = orientation.value
        noise = np.random.default_rng(3).integers(0, 256, (17, 26, 3), np.uint8)
        picture = Image.fromarray(noise).resize(SIZE)
        picture.save(tmp_path / name, exif=exif, **options)
        return tmp_path / name

    return make


def pixels(raster: Raster) -> NDArray[np.int64]:
    data = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)
    return data[..., :3].astype(np.int64)


@pytest.mark.parametrize("orientation", [Orientation.NORMAL, Orientation.TURNED_180, Orientation.TRANSVERSED])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp"])
@pytest.mark.parametrize("shrink", [1, 2, 4, 16])
def test_a_part_is_where_it_says(
    save: Callable[..., Path], name: str, orientation: Orientation, shrink: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"lossless": True} if name == "a.webp" else {"quality": 95} if name == "a.jpg" else {}
    media = open_image(save(name, orientation, **options))
    found = part(media, shrink, Box(33, 21, 90, 95))
    monkeypatch.setattr(large, "LARGE_PIXELS", 10**9)
    whole = pixels(decode(media))
    left, top, right, bottom = (round(side) for side in found.box)
    assert left <= 33
    assert top <= 21
    assert right >= 90
    assert bottom >= 95
    assert (right - left, bottom - top) == tuple(side * shrink for side in found.raster.size)
    # Squares that reach over the edge hold what there is of them.
    inside = whole[max(top, 0) : bottom, max(left, 0) : right]
    rows, columns = inside.shape[0] // shrink, inside.shape[1] // shrink
    means = inside[: rows * shrink, : columns * shrink].reshape(rows, shrink, columns, shrink, 3).mean(axis=(1, 3))
    read = pixels(found.raster)[max(0, -top // shrink) :, max(0, -left // shrink) :][:rows, :columns]
    # What JPEG reduces while it decodes, and where the squares of a turned picture begin, differ a little.
    assert np.abs(read - means).mean() < (1 if shrink == 1 else 12)


def test_a_large_picture_is_decoded_reduced_however_it_is_asked_for(save: Callable[..., Path]) -> None:
    media = open_image(save("a.png"))
    assert large.is_large(media)
    assert decode(media, media.size).size == (51, 33)
    assert decode(media, Size(20, 10)).size == (26, 17)


def test_shrinks_are_powers_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "OVERVIEW_PIXELS", 100)
    assert [overview_shrink(Size(side, side)) for side in (10, 11, 20, 21, 1000)] == [1, 2, 2, 4, 128]
    assert shrink_for(Size(1000, 500), Size(1000, 10)) == 32
    assert shrink_for(Size(1000, 500), Size(2000, 2000)) == 1
    assert shrink_for(Size(1000, 500), Size(499, 250)) == 2


def test_reading_ends_when_nobody_wants_it(tmp_path: Path) -> None:
    Image.effect_noise((4000, 3000), 90).save(tmp_path / "a.png", compress_level=1)
    media = open_image(tmp_path / "a.png")
    asked = 0

    def is_wanted() -> bool:
        nonlocal asked
        asked += 1
        return asked < 3

    for _ in range(2):
        with pytest.raises(NotWanted):
            part(media, 1, is_wanted=is_wanted)


def test_a_cut_off_picture_is_refused_with_a_sentence(save: Callable[..., Path]) -> None:
    path = save("a.png")
    media = open_image(path)
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(MediaError, match="damaged or was cut off"):
        part(media, 1)
    path.unlink()
    with pytest.raises(MediaError, match="not there any more"):
        part(media, 1)


def test_what_cannot_be_read_piece_by_piece_may_not_be_as_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "MAX_WHOLE_PIXELS", 5000)
    for name, is_taken in (("a.bmp", False), ("a.gif", False), ("a.png", True), ("a.tif", True), ("a.webp", True)):
        Image.new("RGB", (100, 60)).save(tmp_path / name)
        if is_taken:
            open_image(tmp_path / name)
        else:
            with pytest.raises(MediaError, match="Save it as JPEG, PNG or TIFF"):
                open_image(tmp_path / name)
