from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.fuzzy import ranked, worth

NAMES = [
    "Show Every Label",
    "Open Pictures", "Open Folder", "Paste", "Export", "Export as Seen", "Select Same Label", "Zoom In",
    "Merge Duplicates",
]  # fmt: skip


def best(query: str) -> str:
    return NAMES[ranked(query, NAMES, 5)[0]]


def test_a_few_letters_find_what_is_meant() -> None:
    assert best("exp") == "Export"
    assert best("eas") == "Export as Seen"
    assert best("ssl") == "Select Same Label"
    assert best("sel") == "Select Same Label"
    assert best("of") == "Open Folder"
    assert best("ZI") == "Zoom In"
    assert best("merge dup") == "Merge Duplicates"
    assert ranked("xyz", NAMES, 5) == []


def test_without_letters_all_stand_as_they_are() -> None:
    assert ranked("  ", NAMES, 3) == [0, 1, 2]


@given(st.text(max_size=6), st.text(max_size=30))
def test_what_is_found_holds_the_letters_in_order(query: str, text: str) -> None:
    found = worth(query, text)
    rest = iter(text.casefold())
    is_within = all(letter in rest for letter in "".join(query.casefold().split()))
    assert (found is not None) == is_within


@given(st.text(alphabet="abc ", min_size=1, max_size=20), st.data())
def test_each_part_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    assert worth(text[start:end], text) is not None
