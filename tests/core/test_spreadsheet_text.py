from __future__ import annotations

import pytest

from qwvis_desktop.core.spreadsheet_text import as_it_was, harmless, tab_separated


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("＝1", "'＝1"),
        ("-cmd|x", "'-cmd|x"),
        ("-5", "-5"),
        ("+1.5e3", "+1.5e3"),
        ("a\tb\r\nc", "a b c"),
        ("\ud800", "\ufffd"),
        ("中", "中"),
    ],
)
def test_a_cell_is_text_on_one_line(text: str, cell: str) -> None:
    assert harmless(text) == cell


@pytest.mark.parametrize("text", ["=1+1", "'quoted", "plain", "-x"])
def test_it_can_be_read_back(text: str) -> None:
    assert as_it_was(harmless(text)) == text


def test_rows_for_a_spreadsheet() -> None:
    assert tab_separated([["a", "=b"], ["c\td", ""]]) == "a\t'=b\nc d\t\n"
