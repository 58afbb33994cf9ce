"""core.field_table: the fields of a reply as rows, and as Markdown that means just them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from documents import RUN
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.answer_blocks import AnswerBlocks, Code, Markdown
from qwvis_desktop.core.field_table import LONGEST_CELL, as_markdown, corrected_value, fields_of, read_fields

INVOICE = {
    "number": "A-17",
    "buyer": {"name": "Ada", "address": {"city": "London"}},
    "items": [{"price": 3.5, "paid": True}, {"price": None, "tags": []}],
    "notes": {},
}
ROWS = (
    ("number", "A-17"),
    ("buyer.name", "Ada"),
    ("buyer.address.city", "London"),
    ("items[0].price", "3.5"),
    ("items[0].paid", "true"),
    ("items[1].price", ""),
    ("items[1].tags", ""),
    ("notes", ""),
)

texts = st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def rows_of(value: Any, task: str = "ocr:key_information_extraction") -> tuple[tuple[str, str], ...]:
    return fields_of(replace(RUN, task=task, text=value if isinstance(value, str) else json.dumps(value)))


def test_nested_keys_are_paths() -> None:
    assert rows_of(INVOICE) == ROWS
    assert rows_of(INVOICE, "extract-fields") == ROWS
    assert rows_of([{"a": 1}, {"a": 2}]) == (("[0].a", "1"), ("[1].a", "2"))


@pytest.mark.parametrize("text", ["", "{no json", "{}", "[]", "null", "[" * 100_000])
def test_without_fields_there_are_no_rows(text: str) -> None:
    assert rows_of(text) == ()


def test_other_tasks_have_no_fields() -> None:
    assert rows_of(INVOICE, "ask") == ()
    assert rows_of(INVOICE, "of another version") == ()


def test_any_depth_is_read() -> None:
    ((path, value),) = rows_of("[" * 900 + '"x"' + "]" * 900)
    assert (path, value) == ("[0]" * 900, "x")


@given(values)
def test_every_value_has_its_row(value: Any) -> None:
    def leaves(inner: Any) -> int:
        below = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
        return sum(map(leaves, below)) or 1

    assert len(rows_of(json.dumps(value))) == (leaves(value) if value else 0)


def test_markdown_takes_text_as_text() -> None:
    assert as_markdown([("a|b", "1 * 2\n<b>$x$")]) == "| Key | Value |\n|---|---|\n| a\\|b | 1 \\* 2 \\<b\\>\\$x\\$ |"
    assert as_markdown([]) == ""
    assert f"{'x' * LONGEST_CELL}…" in as_markdown([("a", "x" * 5000)])


@given(st.lists(st.tuples(texts, st.text(max_size=50)), max_size=4), st.integers(1, 200))
def test_long_tables_are_shown_as_tables_throughout(rows: list[tuple[str, str]], times: int) -> None:
    rows = rows * times
    blocks = AnswerBlocks()
    blocks.feed(as_markdown(rows) + "\n\n")
    blocks.feed("end\n")
    shown = [*blocks.take_closed(), blocks.tail]
    assert not any(isinstance(block, Code) for block in shown)
    tables = [block.text for block in shown[:-1] if isinstance(block, Markdown)]
    assert all(table.startswith("| Key | Value |\n|---|---|\n| ") for table in tables)
    assert sum(table.count("\n") - 1 for table in tables) == len(rows)


def corrected(value: Any, **corrections: str) -> Any:
    run = replace(RUN, task="extract-fields", text=json.dumps(value), corrections=corrections)
    return corrected_value(run), [(each.path, each.read, each.value) for each in read_fields(run) if each.is_corrected]


def test_corrections_stand_beside_what_the_model_gave() -> None:
    value = {"a/b": {"~": "x"}, "n": 1, "t": True, "l": [{"p": None}]}
    run = {"/a~1b/~0": "y", "/n": "2.5", "/t": "no", "/l/0/p": "new"}
    assert corrected(value, **run) == (
        {"a/b": {"~": "y"}, "n": 2.5, "t": "no", "l": [{"p": "new"}]},
        [("a/b.~", "x", "y"), ("n", "1", "2.5"), ("t", "true", "no"), ("l[0].p", "", "new")],
    )


def test_a_correction_of_nothing_that_is_there_changes_nothing() -> None:
    assert corrected({"a": ["x"]}, **{"/b": "1", "/a/7": "2", "/a/0/c": "3", "": "4", "/a/x": "5"}) == (
        {"a": ["x"]},
        [],
    )


@given(values, st.text(max_size=4))
def test_each_field_can_be_corrected_by_itself(value: Any, words: str) -> None:
    run = replace(RUN, task="extract-fields", text=json.dumps(value))
    fields = read_fields(run)
    for at, each in enumerate(fields[:5]):
        after = read_fields(replace(run, corrections={each.pointer: words}))
        assert [field.value for field in after] == [field.value for field in fields[:at]] + [words] + [
            field.value for field in fields[at + 1 :]
        ]
