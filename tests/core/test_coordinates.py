"""core.coordinates: the resize rule, the eight orientations, and both ways between model and original."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from qwvis_desktop.core.coordinates import (
    MAX_RATIO,
    MIN_SIDE,
    CoordinateSpace,
    Frame,
    Orientation,
    ResizeRule,
)
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size

RULES = (
    ResizeRule(32, 65_536, 2_621_440),
    ResizeRule(32, 65_536, 16_777_216),
    ResizeRule(32, 3_072, 8_388_608),
    ResizeRule(28, 3_136, 1_003_520),
    ResizeRule(28, 3_136, 12_845_056),
)

sides = st.integers(1, 20_000)
sizes = st.builds(Size, sides, sides)
spaces = st.sampled_from(CoordinateSpace)


def reference(height: int, width: int, factor: int, least: int, most: int) -> tuple[int, int]:
    """The makers' rule, told again in integers and decimals of their own order: height first, by steps of 5.4."""
    if max(height, width) > 200 * min(height, width):
        raise ValueError

    def nearest(side: int) -> int:
        whole, rest = divmod(side, factor)
        if 2 * rest > factor or (2 * rest == factor and whole % 2 == 1):
            whole += 1
        return max(whole, 1) * factor

    high, wide = nearest(height), nearest(width)
    if high * wide > most:
        beta = math.sqrt((height * width) / most)
        high, wide = (max(1, math.floor(side / beta / factor)) * factor for side in (height, width))
    elif high * wide < least:
        beta = math.sqrt(least / (height * width))
        high, wide = (math.ceil(side * beta / factor) * factor for side in (height, width))
    return high, wide


class TestResizeRule:
    def test_agrees_with_the_reference_on_200_000_sizes(self) -> None:
        chance = random.Random(5)
        compared = 0
        while compared < 200_000:
            width = round(math.exp(chance.uniform(0, math.log(20_000))))
            height = round(math.exp(chance.uniform(0, math.log(20_000))))
            if max(width, height) > MAX_RATIO * min(width, height):
                continue
            rule = RULES[compared % len(RULES)]
            got = rule.resized(Size(width, height))
            assert (got.height, got.width) == reference(height, width, rule.factor, rule.min_pixels, rule.max_pixels)
            compared += 1

    @pytest.mark.parametrize(
        ("size", "expected"),
        [  # the six sizes of the corpus's README
            (Size(870, 1398), Size(868, 1400)),
            (Size(576, 864), Size(588, 868)),
            (Size(1014, 1532), Size(1008, 1540)),
            (Size(1080, 2400), Size(1092, 2408)),
            (Size(720, 1280), Size(728, 1288)),
            (Size(1024, 1024), Size(1036, 1036)),
        ],
    )
    def test_sizes_of_real_runs(self, size: Size, expected: Size) -> None:
        assert ResizeRule(28, 3_136, 12_845_056).resized(size) == expected

    @pytest.mark.parametrize(
        ("size", "hi_res", "expected"),
        [  # fact sheet, 5.4
            (Size(3840, 2160), False, Size(2144, 1184)),
            (Size(3840, 2160), True, Size(3840, 2176)),
            (Size(7680, 4320), True, Size(5440, 3072)),
            (Size(12000, 100), False, Size(12000, 96)),
        ],
    )
    def test_makers_examples(self, size: Size, hi_res: bool, expected: Size) -> None:
        assert RULES[1 if hi_res else 0].resized(size) == expected

    @pytest.mark.parametrize(("side", "rounded"), [(48, 64), (80, 64), (112, 128), (144, 128)])
    def test_halves_go_to_the_even_multiple(self, side: int, rounded: int) -> None:
        rule = ResizeRule(32, 1, 10**9)
        assert rule.resized(Size(side, 320)) == Size(rounded, 320)
        assert rule.resized(Size(320, side)) == Size(320, rounded)

    def test_never_under_one_factor(self) -> None:
        assert ResizeRule(32, 1, 10**9).resized(Size(1, 200)) == Size(32, 192)
        assert ResizeRule(32, 1, 10**9).resized(Size(200, 1)) == Size(192, 32)
        assert ResizeRule(32, 1, 4_096).resized(Size(20_000, 100)) == Size(896, 32)
        assert ResizeRule(32, 1, 4_096).resized(Size(100, 20_000)) == Size(32, 896)

    def test_the_limits_themselves_are_inside(self) -> None:
        # The rounded size counts, so what was a little more or less before is left alone, too.
        assert ResizeRule(32, 1, 128 * 64).resized(Size(127, 65)) == Size(128, 64)
        assert ResizeRule(32, 128 * 64, 10**9).resized(Size(129, 63)) == Size(128, 64)

    @pytest.mark.parametrize("size", [Size(0, 5), Size(5, 0), Size(-1, 5), Size(5, -3)])
    def test_no_area(self, size: Size) -> None:
        with pytest.raises(ValueError, match=rf"^a picture of {size.width}x{size.height} pixels has no area$"):
            RULES[0].resized(size)

    @pytest.mark.parametrize("size", [Size(201, 1), Size(1, 201), Size(2001, 10)])
    def test_too_long(self, size: Size) -> None:
        with pytest.raises(
            ValueError, match=rf"^{size.width}x{size.height}: one side is more than 200 times the other$"
        ):
            RULES[0].resized(size)

    def test_the_ratio_itself_is_taken(self) -> None:
        assert RULES[0].resized(Size(2000, 10)).height >= 32

    @given(size=sizes, rule=st.sampled_from(RULES))
    def test_what_it_promises(self, size: Size, rule: ResizeRule) -> None:
        if max(size) > MAX_RATIO * min(size):
            return
        sent = rule.resized(size)
        assert sent.width % rule.factor == sent.height % rule.factor == 0
        assert min(sent) >= rule.factor
        assert rule.min_pixels <= sent.pixels
        if min(sent) > rule.factor:
            assert sent.pixels <= rule.max_pixels
        assert rule.tokens(size) == sent.pixels // rule.factor**2 + 2

    @given(size=sizes, rule=st.sampled_from(RULES))
    def test_what_was_sent_is_left_alone_by_the_service(self, size: Size, rule: ResizeRule) -> None:
        if max(size) > 100 * min(size) or rule.resized(size).pixels > rule.max_pixels:
            return
        sent = rule.resized(size)
        assert rule.resized(sent) == sent


class TestOrientation:
    STORED = Size(5, 3)

    def picture(self) -> Image.Image:
        picture = Image.new("L", self.STORED)
        picture.putdata(list(range(self.STORED.pixels)))
        return picture

    @pytest.mark.parametrize("orientation", Orientation)
    def test_agrees_with_pillow_pixel_by_pixel(self, orientation: Orientation) -> None:
        stored = self.picture()
        stored.getexif()[0x0112] = orientation.value
        upright = ImageOps.exif_transpose(stored)
        assert orientation.upright_size(self.STORED) == Size(*upright.size)
        for x in range(self.STORED.width):
            for y in range(self.STORED.height):
                place = orientation.to_upright(Point(x + 0.5, y + 0.5), self.STORED)
                assert upright.getpixel((int(place.x), int(place.y))) == stored.getpixel((x, y))

    @given(orientation=st.sampled_from(Orientation), stored=sizes, across=st.floats(0, 1), down=st.floats(0, 1))
    def test_there_and_back(self, orientation: Orientation, stored: Size, across: float, down: float) -> None:
        point = Point(across * stored.width, down * stored.height)
        upright = orientation.to_upright(point, stored)
        whole = Box.whole(orientation.upright_size(stored))
        assert whole.contains(upright)
        assert orientation.to_stored(upright, stored) == pytest.approx(point, abs=1e-6)

    @pytest.mark.parametrize("quarters", range(4))
    def test_a_turn_is_one_of_them(self, quarters: int) -> None:
        picture = self.picture()
        turned = picture.rotate(-90 * quarters, expand=True)  # Pillow turns against the clock
        orientation = Orientation.after_turn(quarters)
        assert orientation.upright_size(self.STORED) == Size(*turned.size)
        place = orientation.to_upright(Point(0.5, 0.5), self.STORED)
        assert turned.getpixel((int(place.x), int(place.y))) == picture.getpixel((0, 0))

    def test_which_swap_sides(self) -> None:
        assert [orientation.value for orientation in Orientation if orientation.swaps_sides] == [5, 6, 7, 8]
        assert [orientation.value for orientation in Orientation] == [1, 2, 3, 4, 5, 6, 7, 8]


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    original = draw(sizes)
    sent = draw(sizes)
    turn = draw(st.integers(0, 3))
    if draw(st.booleans()):
        return replace(Frame.whole(original, sent), turn=turn)
    left, right = sorted((draw(st.integers(0, original.width)), draw(st.integers(0, original.width))))
    top, bottom = sorted((draw(st.integers(0, original.height)), draw(st.integers(0, original.height))))
    left, top = min(left, original.width - 1), min(top, original.height - 1)
    return Frame(original, sent, Box(left, top, max(right, left + 1), max(bottom, top + 1)), turn)


class TestFrame:
    @given(
        frame=frames(),
        space=spaces,
        orientation=st.sampled_from(Orientation),
        across=st.floats(0, 1),
        down=st.floats(0, 1),
    )
    def test_original_to_model_to_original(
        self, frame: Frame, space: CoordinateSpace, orientation: Orientation, across: float, down: float
    ) -> None:
        """Through every orientation, crop, turn and scaling, within half a pixel (in fact within a millionth)."""
        stored = Size(frame.original.height, frame.original.width) if orientation.swaps_sides else frame.original
        point = Point(frame.crop.left + across * frame.crop.width, frame.crop.top + down * frame.crop.height)
        in_file = orientation.to_stored(point, stored)
        upright = orientation.to_upright(in_file, stored)
        back = frame.to_original(frame.from_original(upright, space), space)
        assert back == pytest.approx(point, abs=1e-6)

    @given(frame=frames(), space=spaces)
    def test_the_borders_have_the_names_they_should(self, frame: Frame, space: CoordinateSpace) -> None:
        across, down = space.extent(frame)
        corners = frame.crop.corners
        first, opposite = corners[-frame.turn % 4], corners[(2 - frame.turn) % 4]
        assert frame.to_original(Point(0, 0), space) == pytest.approx(first)
        assert frame.to_original(Point(across, down), space) == pytest.approx(opposite)

    @pytest.mark.parametrize("turn", range(4))
    def test_a_turn_agrees_with_pillow_pixel_by_pixel(self, turn: int) -> None:
        original, crop = Size(7, 6), Box(1, 2, 6, 5)
        picture = Image.new("L", original)
        picture.putdata(list(range(original.pixels)))
        turned = picture.crop((1, 2, 6, 5)).rotate(-90 * turn, expand=True)  # Pillow turns against the clock
        frame = Frame(original, Size(*turned.size), crop, turn)
        for space in (CoordinateSpace.SENT_PIXELS, CoordinateSpace.ORIGINAL_PIXELS):
            assert list(space.extent(frame)) == list(turned.size)
            for x in range(turned.width):
                for y in range(turned.height):
                    place = frame.to_original(Point(x + 0.5, y + 0.5), space)
                    assert picture.getpixel((int(place.x), int(place.y))) == turned.getpixel((x, y))

    @given(frame=frames(), space=spaces, places=st.tuples(*[st.floats(0, 1)] * 4))
    def test_boxes_to_model_and_back(
        self, frame: Frame, space: CoordinateSpace, places: tuple[float, float, float, float]
    ) -> None:
        crop = frame.crop
        first, second = (
            Point(crop.left + x * crop.width, crop.top + y * crop.height) for x, y in (places[:2], places[2:])
        )
        box = Box.from_corners(first, second)
        written = frame.box_from_original(box, space)
        assert written.left <= written.right
        assert written.top <= written.bottom
        assert frame.box_to_original(written, space) == pytest.approx(box, abs=1e-6)

    @pytest.mark.parametrize("turn", [-1, 4])
    def test_no_such_turn(self, turn: int) -> None:
        with pytest.raises(ValueError, match=rf"^a picture is turned by 0 to 3 quarters, not {turn}$"):
            Frame(Size(8, 6), Size(4, 3), Box(0, 0, 8, 6), turn)

    FRAME = Frame(Size(4000, 3000), Size(500, 250), Box(1000, 500, 2000, 1000))

    @pytest.mark.parametrize(
        ("space", "extent"),
        [
            (CoordinateSpace.RELATIVE_1000, (1000, 1000)),
            (CoordinateSpace.RELATIVE_999, (999, 999)),
            (CoordinateSpace.RELATIVE_1, (1, 1)),
            (CoordinateSpace.SENT_PIXELS, (500, 250)),
            (CoordinateSpace.ORIGINAL_PIXELS, (1000, 500)),
        ],
    )
    def test_extents(self, space: CoordinateSpace, extent: tuple[float, float]) -> None:
        assert space.extent(self.FRAME) == extent
        middle = Point(extent[0] / 4, extent[1] / 2)
        assert self.FRAME.to_original(middle, space) == Point(1250, 750)
        assert self.FRAME.from_original(Point(1250, 750), space) == middle

    def test_boxes_both_ways(self) -> None:
        box = Box(1100, 600, 1500, 900)
        written = Box(50, 50, 250, 200)
        assert self.FRAME.box_from_original(box, CoordinateSpace.SENT_PIXELS) == written
        assert self.FRAME.box_to_original(written, CoordinateSpace.SENT_PIXELS) == box

    def test_swapped_corners_are_put_in_order(self) -> None:
        assert self.FRAME.box_to_original(Box(250, 200, 50, 50), CoordinateSpace.SENT_PIXELS) == Box(
            1100, 600, 1500, 900
        )
        assert self.FRAME.box_from_original(Box(1500, 900, 1100, 600), CoordinateSpace.SENT_PIXELS) == Box(
            50, 50, 250, 200
        )

    def test_nothing_is_clipped(self) -> None:
        assert self.FRAME.to_original(Point(-10, 260), CoordinateSpace.SENT_PIXELS) == Point(980, 1020)

    def test_polygon(self) -> None:
        polygon = Polygon((Point(0, 0), Point(500, 0), Point(0, 250)))
        assert self.FRAME.polygon_to_original(polygon, CoordinateSpace.SENT_PIXELS) == Polygon(
            (Point(1000, 500), Point(2000, 500), Point(1000, 1000))
        )

    def test_whole(self) -> None:
        assert Frame.whole(Size(8, 6), Size(4, 3)) == Frame(Size(8, 6), Size(4, 3), Box(0, 0, 8, 6))

    @pytest.mark.parametrize(
        ("original", "sent", "crop"),
        [
            (Size(0, 6), Size(4, 3), Box(0, 0, 8, 6)),
            (Size(8, 6), Size(4, 0), Box(0, 0, 8, 6)),
            (Size(8, 6), Size(4, 3), Box(2, 0, 2, 6)),
            (Size(8, 6), Size(4, 3), Box(0, 5, 8, 4)),
        ],
    )
    def test_without_area(self, original: Size, sent: Size, crop: Box) -> None:
        with pytest.raises(ValueError, match=r"^the original, the sent picture and the crop must each have an area$"):
            Frame(original, sent, crop)


def test_names_of_the_spaces() -> None:
    # They stand in files and on the command line.
    assert list(CoordinateSpace) == ["relative-1000", "relative-999", "relative-1", "sent-pixels", "original-pixels"]


def test_the_services_limits() -> None:
    assert (MAX_RATIO, MIN_SIDE) == (200, 11)
