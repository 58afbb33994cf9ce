from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from text_lines import line, page

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.text.flow import (
    TextFlow,
    TextPosition,
    joint,
    searched,
    texts_of,
    with_moved,
    with_shifted,
    with_texts_ordered,
)


def whole_text(flow: TextFlow) -> str:
    assert flow.whole is not None
    return flow.text(*flow.whole)


def test_lines_and_paragraphs() -> None:
    flow = TextFlow([*page(["one", "two"]), line("three", 40, 160)])
    assert whole_text(flow) == "one\ntwo\n\nthree"


def test_words_of_a_line_and_cells_of_a_table() -> None:
    flow = TextFlow([line("Total", 0, 0), line("due", 55, 1), line("12.50", 300, 0)])
    assert whole_text(flow) == "Total due\t12.50"


def test_chinese_goes_on_without_a_space() -> None:
    assert joint(line("你好", 0, 0, width=40), line("世界", 41, 0, width=40)) == ""
    assert joint(line("안녕", 0, 0, width=40), line("세계", 45, 0, width=40)) == " "


def test_right_to_left_words_of_a_line() -> None:
    assert joint(line("שלום", 100, 0, width=40), line("עולם", 50, 0, width=45)) == " "


def test_a_new_column_begins_a_paragraph() -> None:
    assert joint(line("last line", 0, 400), line("first of the next", 300, 0)) == "\n\n"


def test_turned_lines_are_joined_as_upright_ones() -> None:
    lines = [line("one", 200, 100, degrees=90), line("two", 172, 100, degrees=90)]
    assert whole_text(TextFlow(lines)) == "one\ntwo"


def test_from_the_middle_of_one_to_the_middle_of_another() -> None:
    flow = TextFlow(page(["one two", "three", "four five"]))
    start, end = flow.position_at(Point(80, 50)), flow.position_at(Point(80, 106))
    assert start is not None
    assert end is not None
    assert flow.text(end, start) == "two\nthree\nfour"
    assert [span.key for span in flow.spans(start, end)] == ["0", "1", "2"]


def test_word_and_region() -> None:
    flow = TextFlow(page(["one two"]))
    assert flow.text(*flow.word_at(TextPosition(0, 5))) == "two"
    assert flow.text(*flow.region_at(TextPosition(0, 5))) == "one two"


def test_nothing_to_read() -> None:
    flow = TextFlow(())
    assert flow.whole is None
    assert flow.position_at(Point(0, 0)) is None
    assert texts_of(()) == ()


@given(st.lists(st.text("ab ", min_size=1, max_size=5), min_size=1, max_size=4), st.data())
def test_what_is_copied_is_the_sum_of_its_parts(rows: list[str], data: st.DataObject) -> None:
    flow = TextFlow(page(rows))
    assert flow.whole is not None
    region = data.draw(st.integers(0, len(rows) - 1))
    cut = TextPosition(region, data.draw(st.integers(0, len(rows[region]))))
    first, last = flow.whole
    parts = "".join((flow.text(first, cut) + flow.text(cut, last)).split())
    assert parts == "".join("".join(rows).split())


def test_texts_ordered_among_others() -> None:
    assert with_texts_ordered(["a", "box", "b", "c"], ["c", "a", "b"]) == ("c", "box", "a", "b")


@given(st.permutations("abcde"), st.sets(st.sampled_from("abcde")), st.sampled_from([*"abcde", None]))
def test_moved_ones_stand_together_in_their_order(order: list[str], keys: set[str], before: str | None) -> None:
    moved = with_moved(order, keys, before)
    assert sorted(moved) == sorted(order)
    assert [key for key in moved if key in keys] == [key for key in order if key in keys]
    assert [key for key in moved if key not in keys] == [key for key in order if key not in keys]
    if before is not None and before not in keys and keys:
        last = [key for key in order if key in keys][-1]
        assert moved.index(before) == moved.index(last) + 1


def test_shifted_up_and_down_as_far_as_it_goes() -> None:
    assert "".join(with_shifted("abcd", {"b", "d"}, -1)) == "badc"
    assert "".join(with_shifted("abcd", {"b", "d"}, 1)) == "acbd"
    assert "".join(with_shifted("abcd", {"a", "b"}, -1)) == "abcd"


def test_blocks_of_a_page_are_looked_through_too() -> None:
    text = line("one", 0, 0)
    blocks = [
        LayoutBlock(id="b", tag="p", text="two", box=Box(0, 50, 90, 80)),
        LayoutBlock(tag="p", text="x", box=None),
    ]
    found = searched([text, *blocks])
    assert [(each.id, each.text) for each in found] == [("one", "one"), ("b", "two")]
    assert tuple(found[1].polygon.bounds) == (0, 50, 90, 80)
