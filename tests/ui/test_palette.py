from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.ui import palette

BOX = Box(0, 0, 10, 10)
QUAD = Polygon((Point(0, 0), Point(9, 0), Point(9, 9), Point(0, 9)))


def test_a_name_keeps_its_colour_on_every_machine() -> None:
    # Written down: another order of the palette or another hash would recolour everybody's exports.
    assert [palette.color_index(name) for name in ("person", "car", "dog", "", "text")] == [11, 9, 10, 0, 0]


def test_case_and_blanks_at_the_ends_do_not_matter() -> None:
    assert palette.color_index(" Person ") == palette.color_index("person")


@given(st.text())
def test_every_name_has_a_colour(name: str) -> None:
    assert palette.color_for(name) in palette.COLORS


def test_all_colours_differ_and_text_on_them_can_be_read() -> None:
    assert len({color.name() for color in palette.COLORS}) == len(palette.COLORS) == 21
    assert min(palette.contrast(color, palette.text_on(color)) for color in palette.COLORS) >= 4.5


def test_black_and_white_have_the_contrast_that_the_standard_says() -> None:
    assert palette.contrast(palette.BLACK, palette.WHITE) == 21.0
    assert palette.contrast(palette.WHITE, palette.BLACK) == 21.0


def test_lines_of_text_share_a_colour_unless_their_label_says_more() -> None:
    plain = TextRegion(text="Exit", polygon=QUAD)
    repeated = TextRegion(text="Exit", label="Exit", polygon=QUAD)
    named = TextRegion(text="Exit", label="sign", polygon=QUAD)
    assert palette.color_name(plain) == palette.color_name(repeated) == "text"
    assert palette.color_name(named) == "sign"


def test_blocks_go_by_their_tag_and_boxes_by_their_label() -> None:
    assert palette.color_name(LayoutBlock(tag="h2", text="A title", box=BOX)) == "h2"
    assert palette.color_of(Detection(label="car", box=BOX)) == palette.color_for("car")


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert palette.mixed(palette.BLACK, palette.WHITE, 0.0) == palette.BLACK
    assert palette.mixed(palette.BLACK, palette.WHITE, 1.0) == palette.WHITE
    assert palette.mixed(palette.BLACK, palette.WHITE, 0.5).red() == 128
