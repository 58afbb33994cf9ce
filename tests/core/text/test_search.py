from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_lines import line, page

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.text.search import Wanted, find


def found(rows: list[str], words: str, **switches: bool) -> list[list[str]]:
    regions = page(rows)
    texts = {region.id: region.text for region in regions}
    return [[texts[key][start:end] for key, start, end in hit] for hit in find(regions, Wanted(words, **switches))]


@pytest.mark.parametrize(
    ("text", "words", "seen"),
    [
        ("The Cat sat", "cat", "Cat"),
        ("１２３ yen", "23", "２３"),
        ("Cafe\u0301 au lait", "café", "Cafe\u0301"),
        ("of\ufb01ce", "office", "of\ufb01ce"),
        ("Straße", "STRASSE", "Straße"),
        ("to   be", "to be", "to   be"),
        ("re\u00adcord", "record", "re\u00adcord"),
        ("發票號碼", "號碼", "號碼"),
        ("<b>x</b>", "<b>", "<b>"),
        ("שלום עולם", "עולם", "עולם"),
    ],
)
def test_letters_as_people_see_them(text: str, words: str, seen: str) -> None:
    assert found([text], words) == [[seen]]


def test_case_and_whole_words() -> None:
    assert found(["Cat cat scatter"], "cat") == [["Cat"], ["cat"], ["cat"]]
    assert found(["Cat cat scatter"], "cat", same_case=True) == [["cat"], ["cat"]]
    assert found(["Cat cat scatter"], "cat", whole_words=True) == [["Cat"], ["cat"]]
    assert found(["(cat)"], "(cat", whole_words=True) == [["(cat"]]


def test_over_the_end_of_a_line() -> None:
    assert found(["the quick", "brown fox"], "quick brown") == [["quick", "brown"]]
    assert found(["發票", "號碼"], "票號") == [["票", "號"]]
    assert found(["a", "b"], "ab") == []


def test_hits_do_not_overlap() -> None:
    assert found(["aaaa"], "aa") == [["aa"], ["aa"]]


@pytest.mark.parametrize("words", ["", "  ", "\u00ad"])
def test_nothing_is_found_everywhere(words: str) -> None:
    assert found(["a b"], words) == []


@given(st.lists(st.text(max_size=8), max_size=4), st.text(max_size=3))
def test_what_is_found_lies_in_its_text(rows: list[str], words: str) -> None:
    regions = [line(text, 0, 30 * place, key=str(place)) for place, text in enumerate(rows)]
    for hit in find(regions, Wanted(words)):
        for key, start, end in hit:
            assert 0 <= start < end <= len(rows[int(key)])


@given(st.text("abc ßé漢", min_size=1, max_size=8).filter(str.strip))
def test_a_text_is_found_in_itself(text: str) -> None:
    region: TextRegion = line(text, 0, 0)
    assert find([region], Wanted(text))
    assert find([region], Wanted(text, same_case=True))
