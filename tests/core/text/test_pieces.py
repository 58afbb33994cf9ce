from __future__ import annotations

from text_lines import line

from qwvis_desktop.core.text.pieces import merged, split


def test_split_where_the_letter_stands() -> None:
    region = line("one two", 0, 0, width=70, score=0.9, key="a", run="r")
    parts = split(region, 4)
    assert parts is not None
    first, second = parts
    assert (first.id, first.text, second.text) == ("a", "one", "two")
    assert second.id != "a"
    assert second.provenance == region.provenance
    assert (first.score, second.score) == (None, None)
    assert first.polygon.bounds.right == second.polygon.bounds.left
    assert (first.polygon.bounds.left, second.polygon.bounds.right) == (0, 70)


def test_split_of_what_runs_from_the_right() -> None:
    parts = split(line("שלום עולם", 0, 0, width=90), 5)
    assert parts is not None
    assert parts[0].polygon.bounds.left > parts[1].polygon.bounds.left


def test_split_between_two_lines() -> None:
    parts = split(line("one\ntwo", 0, 0, width=30, height=40), 4)
    assert parts is not None
    assert [part.text for part in parts] == ["one", "two"]
    assert tuple(parts[0].polygon.bounds) == (0, 0, 30, 20)
    assert tuple(parts[1].polygon.bounds) == (0, 20, 30, 40)


def test_no_empty_part() -> None:
    assert split(line("one ", 0, 0), 4) is None
    assert split(line("one", 0, 0), 0) is None


def test_merge_turned_ones() -> None:
    one = merged([line("to", 100, 100, width=20, degrees=90, key="a"), line("be", 100, 125, width=20, degrees=90)])
    assert (one.id, one.text) == ("a", "to be")
    assert tuple(map(round, one.polygon.bounds)) == (80, 100, 100, 145)


def test_merge_chinese() -> None:
    assert merged([line("你好", 0, 0), line("世界", 0, 30)]).text == "你好世界"
