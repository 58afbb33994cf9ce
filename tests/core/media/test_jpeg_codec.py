from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.media import jpeg_codec, vips_codec
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.raster import decode

pytestmark = pytest.mark.skipif(jpeg_codec.library() is None, reason="simplejpeg is not installed")

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def make(mode: str = "RGB", **options: Any) -> Path:
        path = tmp_path / "a.jpg"
        noise = Image.effect_noise((203, 101), 80)
        Image.merge("RGB", [noise, noise.rotate(180), noise.point(lambda v: 255 - v)]).convert(mode).save(
            path, **options
        )
        return path

    return make


@pytest.mark.parametrize(
    "options",
    [{}, {"quality": 40}, {"subsampling": 0}, {"subsampling": 2}, {"progressive": True}, {"mode": "L"}],
    ids=str,
)
def test_the_pixels_are_those_of_libvips(save: Save, options: dict[str, object]) -> None:
    media = open_image(save(**options))
    quick = jpeg_codec.decode(media)
    assert quick is not None
    assert bytes(quick.data) == bytes(vips_codec.decode(media, 1).data)


@pytest.mark.parametrize("orientation", list(Orientation))
def test_turned_pictures_come_out_as_from_libvips(save: Save, orientation: Orientation) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation.value
    media = open_image(save(exif=exif))
    quick, known = decode(media), vips_codec.decode(media, 1)
    assert quick.size == known.size == media.size
    assert np.array_equal(np.frombuffer(quick.data, np.uint8), np.frombuffer(known.data, np.uint8))


def test_cmyk_and_other_profiles_than_srgb_are_left_to_others(save: Save) -> None:
    assert jpeg_codec.decode(open_image(save("CMYK"))) is None
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert jpeg_codec.decode(open_image(save(icc_profile=srgb))) is not None
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert jpeg_codec.decode(open_image(save(icc_profile=lab))) is None


def test_a_cut_off_file_is_left_to_those_who_say_what_is_wrong(save: Save) -> None:
    path = save()
    media = open_image(path)
    path.write_bytes(path.read_bytes()[:2000])
    assert jpeg_codec.decode(media) is None
    with pytest.raises(MediaError, match="cut off"):
        decode(media)


def test_a_file_that_became_another_picture_is_left_to_those_who_say_so(save: Save) -> None:
    path = save()
    media = open_image(path)
    Image.new("RGB", (50, 50)).save(path)
    assert jpeg_codec.decode(media) is None


def test_other_formats_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (20, 20)).save(path)
    assert jpeg_codec.decode(open_image(path)) is None
