from __future__ import annotations

from dataclasses import replace

import pytest
from documents import RUN, empty_document
from hypothesis import given
from hypothesis import strategies as st
from text_lines import line, page

from qwvis_desktop.core.error_rate import compared, error_rate
from qwvis_desktop.core.text.pieces import merged, split


def test_what_nobody_changed_is_right() -> None:
    read = page(["one", "two"], run="r")
    assert compared(read, read) == (0, 6)
    assert compared(read, read).share == 0


@pytest.mark.parametrize(("now", "wrong"), [("hello", 1), ("hallo", 0), ("halo", 1), ("", 5), ("hallo!", 1)])
def test_letters_changed(now: str, wrong: int) -> None:
    read = line("hallo", 0, 0, run="r")
    assert compared([read], [replace(read, text=now)]) == (wrong, len(now))


def test_invented_and_missed() -> None:
    read = page(["one", "xx"], run="r")
    drawn = line("new", 40, 300)
    assert compared(read, [read[0], drawn]) == (2 + 3, 6)


def test_splitting_and_merging_costs_nothing_but_what_was_changed() -> None:
    read = line("one two", 0, 0, run="r")
    parts = split(read, 4)
    assert parts is not None
    assert compared([read], parts).wrong == 0
    pieces = [line("one", 0, 0, key="a", run="r"), line("twx", 40, 0, key="b", run="r")]
    whole = merged(pieces)
    assert compared(pieces, [whole]).wrong == 0
    assert compared(pieces, [replace(whole, text="one two")]).wrong == 1


def test_a_person_s_region_in_place_of_a_deleted_one() -> None:
    read = line("hallo", 0, 0, run="r")
    assert compared([read], [line("hello", 1, 1, key="mine", width=50)]) == (1, 5)


def test_what_another_run_read_is_no_mistake_of_this_one() -> None:
    document = empty_document()
    first, second = line("one", 0, 0, run="r1"), line("two", 0, 50, run="r2")
    runs = [replace(RUN, id="r1", as_read=(first,)), replace(RUN, id="r2", as_read=(second,))]
    for run in runs:
        document.set_run(run)
    document.add([first, replace(second, text="too")])
    assert error_rate(document, runs[:1]) == (0, 3)
    assert error_rate(document, runs) == (1, 6)


def test_nothing_at_all() -> None:
    assert compared([], []).share is None
    assert compared([line("a", 0, 0, run="r")], []) == (1, 0)


@given(st.text("ab", max_size=6), st.text("ab", min_size=1, max_size=6))
def test_as_the_textbook_has_it(read: str, now: str) -> None:
    region = line(read, 0, 0, key="k", run="r")
    rows = list(range(len(now) + 1))
    for place, letter in enumerate(read, start=1):
        before, rows[0] = rows[0], place
        for column, other in enumerate(now, start=1):
            before, rows[column] = (
                rows[column],
                min(rows[column] + 1, rows[column - 1] + 1, before + (letter != other)),
            )
    assert compared([region], [replace(region, text=now)]).wrong == rows[-1]
