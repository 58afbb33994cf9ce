from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from qwvis_desktop.core.answer_blocks import MAX_BLOCK, AnswerBlocks, Block, Code, Markdown


def blocks_of(text: str) -> list[Block]:
    blocks = AnswerBlocks()
    blocks.feed(text)
    return [*blocks.take_closed(), *([blocks.tail] if blocks.tail is not None else [])]


def test_paragraphs_close_at_empty_lines() -> None:
    assert blocks_of("# A\n\none\ntwo\n\n\nthree\n") == [Markdown("# A"), Markdown("one\ntwo"), Markdown("three\n")]


def test_a_list_stays_whole() -> None:
    assert blocks_of("1. a\n\n   more\n\n2. b\n\nend\n") == [Markdown("1. a\n\n   more\n\n2. b"), Markdown("end\n")]


def test_a_formula_stays_whole() -> None:
    assert blocks_of("$$\nx\n\ny\n$$\n\nend\n") == [Markdown("$$\nx\n\ny\n$$"), Markdown("end\n")]


def test_code_goes_line_by_line() -> None:
    blocks = AnswerBlocks()
    blocks.feed("Here:\n```PYTHON\nx = 1\n\ny")
    assert blocks.take_closed() == [Markdown("Here:"), Code("x = 1\n", "python", begins=True)]
    assert [blocks.tail] == [Code("y", "python", begins=False)]
    blocks.feed(" = 2\n```\nend")
    assert blocks.take_closed() == [Code("y = 2", "python", begins=False)]
    assert [blocks.tail] == [Markdown("end")]


def test_a_fence_in_a_fence_is_code() -> None:
    assert blocks_of("````\n```\nx\n```\n````\n") == [Code("```\nx\n```", "", begins=True)]


def test_an_empty_block_of_code_is_there() -> None:
    assert blocks_of("```\n```\n") == [Code("", "", begins=True)]
    assert blocks_of("```\n") == [Code("", "", begins=True)]


def test_what_has_no_end_is_closed_all_the_same() -> None:
    for text in ("x" * (3 * MAX_BLOCK), "x y\n" * MAX_BLOCK, "```\n" + "x" * (3 * MAX_BLOCK)):
        blocks = AnswerBlocks()
        blocks.feed(text)
        assert len(blocks.take_closed()) >= 2 or text.startswith("```")
        assert blocks.tail is None or len(blocks.tail.text) <= 2 * MAX_BLOCK


LINES = st.sampled_from(["", "a", "- b", "  c", "```", "```py", "~~~", "$$", "1. d", "x" * 7000, "| a |"])


@example(["```", "", "```", "$$", "", "a"], [1])
@given(st.lists(LINES, max_size=12), st.lists(st.integers(1, 4000), min_size=1, max_size=5))
def test_blocks_are_the_same_in_any_pieces(lines: list[str], lengths: list[int]) -> None:
    text = "\n".join(lines)
    pieces = AnswerBlocks()
    place = turn = 0
    while place < len(text):
        pieces.feed(text[place : place + lengths[turn % len(lengths)]])
        place, turn = place + lengths[turn % len(lengths)], turn + 1
    whole = AnswerBlocks()
    whole.feed(text)
    assert pieces.take_closed() == whole.take_closed()
    assert pieces.tail == whole.tail
