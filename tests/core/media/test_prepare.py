from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from qwvis_desktop.core.coordinates import CoordinateSpace, Orientation, ResizeRule
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.media import prepare
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.media.prepare import MAX_BASE64, PreparedImage, prepare_image
from qwvis_desktop.core.media.raster import Raster, decode

QWEN3 = ResizeRule(32, 65_536, 2_621_440)
QWEN25 = ResizeRule(28, 3_136, 1_003_520)
SMALL = ResizeRule(32, 4_096, 200_000)
"""So small that a JPEG of 6000 x 4000 is reduced by four while it is decoded."""

Make = Callable[[int, int], Image.Image]


@cache
def discs(width: int, height: int, radius: float) -> tuple[Image.Image, list[Point]]:
    """Draw black discs on white; return the picture and where their middles are, counting a pixel's middle as +0.5."""
    field = np.full((height, width), 255, np.uint8)
    places = [Point(width * x, height * y) for x, y in ((0.1, 0.12), (0.5, 0.5), (0.88, 0.1), (0.13, 0.9), (0.9, 0.87))]
    reach = int(radius) + 2
    for place in places:
        left, top = int(place.x) - reach, int(place.y) - reach
        ys, xs = np.mgrid[top : top + 2 * reach, left : left + 2 * reach]
        inside = np.hypot(xs + 0.5 - place.x, ys + 0.5 - place.y)
        field[top : top + 2 * reach, left : left + 2 * reach] = np.clip((inside - radius + 0.5) * 255, 0, 255)
    return Image.fromarray(field).convert("RGB"), places


def worst_distance(prepared: PreparedImage, places: list[Point], radius: float) -> float:
    """Measure: the centre of gravity of the darkness round each disc in the sent picture, mapped back by the frame."""
    with Image.open(io.BytesIO(prepared.data)) as sent:
        assert sent.size == prepared.frame.sent
        dark = 255.0 - np.asarray(sent.convert("L"), float)
    dark[dark < 24] = 0.0  # what JPEG rings around a disc is not part of it
    frame, worst = prepared.frame, 0.0
    for place in places:
        near = frame.from_original(place, CoordinateSpace.SENT_PIXELS)
        across, down = CoordinateSpace.ORIGINAL_PIXELS.extent(frame)
        reach_x = int(1.6 * radius * frame.sent.width / across) + 3
        reach_y = int(1.6 * radius * frame.sent.height / down) + 3
        left, top = max(0, int(near.x) - reach_x), max(0, int(near.y) - reach_y)
        part = dark[top : int(near.y) + reach_y, left : int(near.x) + reach_x]
        ys, xs = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
        found = Point(
            left + ((xs + 0.5) * part).sum() / part.sum(),
            top + ((ys + 0.5) * part).sum() / part.sum(),
        )
        back = frame.to_original(found, CoordinateSpace.SENT_PIXELS)
        worst = max(worst, abs(back.x - place.x), abs(back.y - place.y))
    return worst


@pytest.mark.parametrize("orientation", list(Orientation))
@pytest.mark.parametrize("rule", [QWEN3, QWEN25], ids=["qwen3", "qwen2.5"])
def test_discs_are_sent_where_they_are(
    save: Callable[..., Path], codec: str, rule: ResizeRule, orientation: Orientation
) -> None:
    picture, places = discs(1203, 905, 30)
    media = open_image(save(picture, "discs.jpg", orientation, quality=95))
    prepared = prepare_image(media, rule)
    assert media.size == prepared.frame.original == picture.size
    assert prepared.frame.sent == rule.resized(media.size)
    assert worst_distance(prepared, places, 30) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("size", [Size(4000, 6000), Size(4001, 5997)], ids=["even", "odd"])
def test_discs_of_24_megapixels_on_their_side(save: Callable[..., Path], size: Size) -> None:
    picture, places = discs(*size, 120)
    media = open_image(save(picture.convert("L"), "discs.jpg", Orientation.TURNED_RIGHT, quality=90))
    raster = decode(media)
    for rule in (QWEN3, QWEN25, SMALL):
        assert worst_distance(prepare_image(media, rule), places, 120) < 0.5, rule
        assert worst_distance(prepare_image(media, rule, raster=raster), places, 120) < 0.5, rule


@pytest.mark.parametrize("orientation", list(Orientation))
@pytest.mark.parametrize("from_raster", [False, True])
def test_a_crop_is_whole_pixels_and_in_its_place(
    save: Callable[..., Path], codec: str, orientation: Orientation, from_raster: bool
) -> None:
    picture, places = discs(1203, 905, 30)
    media = open_image(save(picture, "discs.png", orientation))
    raster = decode(media) if from_raster else None
    prepared = prepare_image(media, SMALL, Box(550.3, 400.7, 1300.0, 870.2), raster)
    assert prepared.frame.crop == Box(550, 400, 1203, 871)
    assert prepared.frame.sent == SMALL.resized(Size(653, 471))
    inside = [place for place in places if prepared.frame.crop.contains(place)]
    assert len(inside) == 2
    assert worst_distance(prepared, inside, 30) < 0.5


@pytest.mark.parametrize("turn", [1, 2, 3])
@pytest.mark.parametrize("orientation", [Orientation.NORMAL, Orientation.TURNED_RIGHT, Orientation.TRANSVERSED])
@pytest.mark.parametrize("from_raster", [False, True])
def test_a_turned_picture_is_sent_as_the_rule_has_it(
    save: Callable[..., Path], codec: str, orientation: Orientation, from_raster: bool, turn: int
) -> None:
    picture, places = discs(1203, 905, 30)
    media = open_image(save(picture, "discs.png", orientation))
    raster = decode(media) if from_raster else None
    prepared = prepare_image(media, SMALL, Box(0, 0, 1203, 500), raster, turn=turn)
    assert prepared.frame.turn == turn
    assert prepared.frame.sent == SMALL.resized(Size(1203, 500) if turn == 2 else Size(500, 1203))
    inside = [place for place in places if place.y < 440]
    assert worst_distance(prepared, inside, 30) < 0.5


def test_reduction_while_decoding_is_used_only_where_it_is_exact(save: Callable[..., Path], noise: Make) -> None:
    from qwvis_desktop.core.media.vips_codec import _shrink_before

    even = open_image(save(noise(1600, 1200), "even.jpg"))
    odd = open_image(save(noise(1601, 1200), "odd.jpg"))
    whole = Box(0, 0, 1600, 1200)
    assert _shrink_before(even, whole, Size(192, 160)) == 2
    assert _shrink_before(even, whole, Size(96, 64)) == 8
    assert _shrink_before(even, whole, Size(1000, 800)) == 1
    assert _shrink_before(even, Box(1, 0, 1600, 1200), Size(96, 64)) == 1
    assert _shrink_before(odd, Box.whole(odd.size), Size(96, 64)) == 1


def test_pixels_are_as_of_a_full_decode_and_lanczos(
    save: Callable[..., Path], noise: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = open_image(save(noise(1800, 1200), "photo.jpg", quality=92))
    monkeypatch.setattr(prepare, "_JPEGS", (prepare._PNG,))  # so that JPEG's own loss does not count
    prepared = prepare_image(media, QWEN25)
    with Image.open(media.open()) as source:
        wanted = np.asarray(source.convert("RGB").resize(prepared.frame.sent, Image.Resampling.LANCZOS), float)
    for again in (prepared, prepare_image(media, QWEN25, raster=decode(media))):
        with Image.open(io.BytesIO(again.data)) as sent:
            error = ((np.asarray(sent.convert("RGB"), float) - wanted) ** 2).mean()
        assert 10 * np.log10(255**2 / error) >= 48


def test_nothing_but_pixels_is_sent(save: Callable[..., Path], noise: Make, codec: str, linear_profile: bytes) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif[0x8825] = {1: "N", 2: (48.0, 8.0, 0.0)}
    size = QWEN3.resized(Size(800, 600))  # fits already: made anew nonetheless
    path = save(
        noise(*size), "photo.jpg", exif=exif, comment=b"SECRET-COMMENT", icc_profile=linear_profile, xmp=b"SECRET-XMP"
    )
    path.write_bytes(path.read_bytes() + b"SECRET-TAIL")
    prepared = prepare_image(open_image(path), QWEN3)
    assert not prepared.resized
    assert b"SECRET" not in prepared.data
    with Image.open(io.BytesIO(prepared.data)) as sent:
        assert sent.size == size
        assert not sent.getexif()
        assert set(sent.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_photographs_become_jpeg_and_pages_png(save: Callable[..., Path], noise: Make, codec: str) -> None:
    rng = np.random.default_rng(1)
    grain = Image.fromarray(rng.integers(0, 256, (400, 600, 3), np.uint8))
    kinds = {
        "photo.jpg": noise(600, 400),
        "photo.png": grain,
        "photo.webp": noise(600, 400),
        "page.png": Image.new("RGB", (600, 400), "white"),
        "page.gif": Image.new("P", (600, 400), 3),
        "page.bmp": Image.new("RGB", (600, 400), "white"),
    }
    found = {name: prepare_image(open_image(save(picture, name)), QWEN3).mime for name, picture in kinds.items()}
    assert [name for name, mime in found.items() if mime == "image/png"] == ["page.png", "page.gif"]
    assert set(found.values()) == {"image/png", "image/jpeg"}


def test_too_much_data_is_sent_at_less_quality(save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    media = open_image(save(Image.fromarray(rng.integers(0, 256, (640, 640, 3), np.uint8)), "noise.jpg"))
    full = prepare_image(media, QWEN3)
    limit = len(base64.b64encode(full.data)) - 1
    assert limit < MAX_BASE64
    monkeypatch.setattr(prepare, "MAX_BASE64", limit)
    less = prepare_image(media, QWEN3)
    assert less.frame == full.frame
    assert full.note == ""
    assert less.note == '"noise.jpg" is sent as JPEG of quality 80 instead of quality 90, to stay below 10 MB.'
    assert len(base64.b64encode(less.data)) <= limit
    monkeypatch.setattr(prepare, "MAX_BASE64", 1000)
    with pytest.raises(MediaError, match="more than 10 MB"):
        prepare_image(media, QWEN3)


def test_a_preview_is_not_enlarged_into_what_is_sent(save: Callable[..., Path], noise: Make) -> None:
    media = open_image(save(noise(1600, 1200), "photo.jpg"))
    preview = Raster(Size(400, 300), bytes(400 * 300 * 4))
    assert prepare_image(media, QWEN3, raster=preview).data == prepare_image(media, QWEN3).data


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((10, 300), "10 pixels or less"),
        ((300, 1), "10 pixels or less"),
        ((11, 2201), "200 times"),
        ((4000, 19), "200 times"),
    ],
)
def test_sides_that_no_service_takes_can_be_opened_but_not_sent(
    save: Callable[..., Path], size: tuple[int, int], words: str
) -> None:
    media = open_image(save(Image.new("RGB", size), "thin.png"))
    assert decode(media).size == size
    with pytest.raises(MediaError, match=words):
        prepare_image(media, QWEN3)


def test_a_crop_that_is_too_small_or_outside_is_refused(save: Callable[..., Path]) -> None:
    media = open_image(save(Image.new("RGB", (400, 300)), "a.png"))
    for crop in (Box(10, 10, 18, 100), Box(500, 10, 700, 100), Box(0, 0, 0, 0)):
        with pytest.raises(MediaError, match="chosen part"):
            prepare_image(media, QWEN3, crop)


@pytest.mark.parametrize("size", [(11, 2200), (11, 11), (2200, 11), (12, 13)])
def test_the_smallest_that_is_taken(save: Callable[..., Path], codec: str, size: tuple[int, int]) -> None:
    media = open_image(save(Image.new("RGB", size, "red"), "a.png"))
    prepared = prepare_image(media, QWEN3)
    with Image.open(io.BytesIO(prepared.data)) as sent:
        assert sent.size == QWEN3.resized(Size(*size))
        assert np.abs(np.asarray(sent.convert("RGB"), int) - (255, 0, 0)).max() <= 3


def test_data_without_a_file(noise: Make, codec: str) -> None:
    buffer = io.BytesIO()
    noise(640, 480).save(buffer, "WEBP")
    media = open_image(buffer.getvalue(), "pasted")
    assert isinstance(media, ImageMedia)
    assert media.path is None
    assert prepare_image(media, QWEN3).frame.sent == Size(640, 480)


def test_names_that_libvips_would_take_for_options(save: Callable[..., Path], noise: Make) -> None:
    media = open_image(save(noise(640, 480), "a[page=3].jpg"))
    assert prepare_image(media, QWEN3).frame.sent == Size(640, 480)


@pytest.mark.parametrize(
    ("size", "laid"), [((3000, 10), (3000, 15)), ((5, 3000), (15, 3000)), ((4, 6), (11, 11)), ((640, 480), (640, 480))]
)
@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("decoded", [False, True])
def test_what_is_too_narrow_is_laid_on_white(
    tmp_path: Path, size: tuple[int, int], laid: tuple[int, int], turn: int, *, decoded: bool
) -> None:
    path = tmp_path / "narrow.png"
    Image.new("RGB", size, "black").save(path)
    media = open_image(path)
    prepared = prepare_image(media, QWEN3, raster=decode(media) if decoded else None, turn=turn, pad=True)
    frame = prepared.frame
    assert frame.crop == Box(0, 0, *laid)
    with Image.open(io.BytesIO(prepared.data)) as sent:
        assert sent.size == frame.sent
        dark = 255.0 - np.asarray(sent.convert("L"), float)
    ys, xs = np.mgrid[: dark.shape[0], : dark.shape[1]] + 0.5
    middle = Point(float((xs * dark).sum() / dark.sum()), float((ys * dark).sum() / dark.sum()))
    place = frame.to_original(middle, CoordinateSpace.SENT_PIXELS)
    assert place.x == pytest.approx(size[0] / 2, abs=0.005 * laid[0])
    assert place.y == pytest.approx(size[1] / 2, abs=0.005 * laid[1])


def test_a_part_is_laid_on_white_too(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", (640, 480), "blue").save(path)
    frame = prepare_image(open_image(path), QWEN3, Box(600, 470, 640, 474), pad=True).frame
    assert frame.crop == Box(600, 470, 640, 481)


def test_services_that_take_more_are_sent_more(save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    media = open_image(save(Image.effect_noise((800, 600), 90).convert("RGB"), "noise.jpg"))
    whole = prepare_image(media, QWEN3)
    monkeypatch.setattr(prepare, "MAX_BASE64", len(whole.data))
    assert "to stay below 10 MB" in prepare_image(media, QWEN3).note
    assert prepare_image(media, QWEN3, base64_mb=20).data == whole.data
