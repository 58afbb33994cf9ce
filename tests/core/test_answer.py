from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.answer import (
    CodeBlock,
    Formula,
    GrowingAnswer,
    answer_of,
    code_blocks,
    grows_as_answer,
    replace_formulas,
)
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.document import Run


def make_run(task: str, reply: str = "", text: str | None = None, blocks: Iterable[LayoutBlock] = ()) -> Run:
    return Run(
        started=datetime(2026, 5, 4, tzinfo=UTC),
        provider="p",
        model="m",
        family="qwen3-vl",
        task=task,
        prompt="",
        frame=None,
        space=CoordinateSpace.RELATIVE_1000,
        reply=reply,
        text=text,
        as_read=tuple(blocks),
    )


def formulas_in(text: str) -> list[tuple[str, bool]]:
    found: list[Formula] = []

    def take(formula: Formula) -> str:
        found.append(formula)
        return formula.written

    assert replace_formulas(text, take) == text
    return [(formula.latex, formula.inline) for formula in found]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("so $a=3$ and \\(b\\).", [("a=3", True), ("b", True)]),
        ("$$\nx^2\n$$ and \\[y\\]", [("x^2", False), ("y", False)]),
        ("it costs $5 and $6 in total", []),
        ("from $5 to $6", []),
        (r"a \$5 bill, a \$6 bill", []),
        ("`$x$` and ``a ` $y$ b``", []),
        ("an open $x", []),
        ("$ x $", []),
        ("US$100 and CA$200", []),
        ("$$ $$", []),
    ],
)
def test_formulas_are_told_from_prices_and_code(text: str, formulas: list[tuple[str, bool]]) -> None:
    assert formulas_in(text) == formulas


def test_code_blocks_have_their_language() -> None:
    answer = "Here:\n```Python\nx = 1\n```\nand\n~~~html\n<html></html>\n~~~\nand open\n```\nlast"
    assert code_blocks(answer) == (
        CodeBlock("x = 1", "python"),
        CodeBlock("<html></html>", "html"),
        CodeBlock("last", ""),
    )


def test_a_page_without_a_fence_is_code() -> None:
    (block,) = code_blocks("\n<!DOCTYPE html>\n<html><body></body></html>")
    assert block.is_page
    assert block.suffix == ".html"
    assert code_blocks("no code <b>here</b>") == ()


@pytest.mark.parametrize(
    ("block", "page", "suffix"),
    [
        (CodeBlock("<html>", ""), True, ".html"),
        (CodeBlock("<svg/>", "svg"), True, ".svg"),
        (CodeBlock("x", "python"), False, ".py"),
        (CodeBlock("x", "klingon"), False, ".txt"),
    ],
)
def test_code_knows_its_file(block: CodeBlock, page: bool, suffix: str) -> None:
    assert (block.is_page, block.suffix) == (page, suffix)


def grown(task: str, pieces: Iterable[str]) -> str:
    growing = GrowingAnswer(task)
    return "".join(growing.feed(piece) for piece in pieces)


REPLY = "<think>\nHm, <b>.\n</think>\n\nA *street* with <b> 3 < 4 cars."
PAGE = "```markdown\n# A\n<!-- Image (1, 2, 3, 4) -->\n\ntext < 3\n<!-- Table (1, 2, 3, 4) -->\n\\begin{tabular}\n"


@given(st.lists(st.integers(1, 9), min_size=1))
def test_an_answer_grows_the_same_in_any_pieces(lengths: list[int]) -> None:
    for task, reply, answer in (
        ("ask", REPLY, "A *street* with <b> 3 < 4 cars."),
        ("ask", "</think", "</think"),
        ("document-markdown", PAGE, "# A\n\n\ntext < 3\n\n\\begin{tabular}\n"),
    ):
        pieces, place, turn = [], 0, 0
        while place < len(reply):
            pieces.append(reply[place : place + lengths[turn % len(lengths)]])
            place, turn = place + len(pieces[-1]), turn + 1
        assert grown(task, pieces) == answer


def test_nothing_is_seen_of_a_thought_that_goes_on() -> None:
    assert grown("solve", ["<th", "ink> so ", "x" * 100, "</thi"]) == ""


def test_what_can_be_read_while_it_comes() -> None:
    assert {task for task in ("ask", "solve", "code", "document-markdown", "detect", "x") if grows_as_answer(task)} == {
        "ask",
        "solve",
        "code",
        "document-markdown",
    }


def test_each_kind_of_task_has_its_answer() -> None:
    assert answer_of(make_run("ask", "x", "x")) == "x"
    assert answer_of(make_run("detect", "[]")) is None
    assert answer_of(make_run("of another version", "[]")) is None
    assert answer_of(make_run("extract-fields", "", '{"a": 1}')) == (
        '| Key | Value |\n|---|---|\n| a | 1 |\n\n```json\n{\n  "a": 1\n}\n```'
    )
    assert answer_of(make_run("extract-fields", "", "{no json")) == "```json\n{no json\n```"
    assert answer_of(make_run("document-markdown", PAGE + "```")) == "# A\n\n\ntext < 3\n\n\\begin{tabular}"
    assert answer_of(make_run("document-markdown", "")) is None
    assert answer_of(make_run("document-html", "<html>")) is None


def test_a_page_in_html_is_read_from_its_blocks() -> None:
    blocks = [
        LayoutBlock(label="h2", tag="h2", text="Title *x*", box=None),
        LayoutBlock(label="p", tag="p", text="Words\nmore", box=None),
        LayoutBlock(label="li", tag="li", text="one", box=None),
        LayoutBlock(label="image", tag="image", text="", box=None),
        LayoutBlock(label="table", tag="table", text="a\tb", box=None),
    ]
    assert answer_of(make_run("document-html", blocks=blocks)) == (
        "## Title \\*x\\*\n\nWords more\n\n- one\n\n```\na\tb\n```"
    )
