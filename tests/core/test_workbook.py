from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from qwvis_desktop.core import workbook as subject
from qwvis_desktop.core.workbook import Sheet, is_too_long, workbook


def read(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def test_numbers_stay_numbers_and_texts_texts() -> None:
    data = workbook([Sheet("a", ("n", "t"), [(1.5, "1.5"), (None, ""), (3, "猫 & <b>\nzwei"), (True, "سلام 😀")])])
    assert read(data) == {
        "a": [("n", "t"), (1.5, "1.5"), (None, None), (3, "猫 & <b>\nzwei"), (True, "سلام 😀")],
    }


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", " =1", "＝1", "#REF!", "=HYPERLINK(1)"]
)
def test_nothing_is_a_formula(text: str) -> None:
    (sheet,) = load_workbook(io.BytesIO(workbook([Sheet(text, (text,), [(text,)])])))
    head, cell = sheet["A1"], sheet["A2"]
    assert (head.value, cell.value) == (text, text)
    assert cell.data_type == "s"
    assert cell.quotePrefix is text.strip().startswith(("=", "+", "-", "@", "＝"))


def test_a_full_sheet_goes_on_in_a_further_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_ROWS", 3)
    sheets = read(workbook([Sheet("a", ("n",), ((number,) for number in range(5)))]))
    assert sheets == {"a": [("n",), (0,), (1,)], "a 2": [("n",), (2,), (3,)], "a 3": [("n",), (4,)]}


def test_titles_are_taken_by_every_program() -> None:
    names = ("a/b:c", "A B C", "", "x" * 40, "x" * 50, "'quoted'")
    titles = list(read(workbook(Sheet(name, ("h",), ()) for name in names)))
    assert titles == ["a b c", "A B C 2", "Sheet", "x" * 31, f"{'x' * 29} 2", "quoted"]
    assert list(read(workbook([]))) == ["Sheet"]


def test_what_is_too_long_for_a_cell_is_said_and_cut_between_characters() -> None:
    exact, long = "😀" * 16_383 + "a", "😀" * 16_384
    assert (is_too_long(exact), is_too_long(long), is_too_long("a" * 32_767), is_too_long("a" * 32_768)) == (
        False, True, False, True,
    )  # fmt: skip
    assert read(workbook([Sheet("a", ("h",), [(exact,), (long,)])]))["a"][1:] == [(exact,), ("😀" * 16_383,)]


def test_what_looks_like_an_escape_stays_as_written() -> None:
    (sheet,) = load_workbook(io.BytesIO(workbook([Sheet("a", ("h",), [("_x0041_",)])])))
    assert sheet["A2"].value == "_x005F_x0041_"  # openpyxl shows what is stored; spreadsheets show _x0041_


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_text_can_be_written(texts: Iterable[str]) -> None:
    rows = read(workbook([Sheet("a", ("h",), [(text,) for text in texts])]))["a"]
    assert len(rows) == 1 + len(list(texts))
