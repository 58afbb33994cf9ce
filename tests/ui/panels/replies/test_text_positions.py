from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.replies.text_positions import LONGEST_LINE, TextPositions

texts = st.text(st.sampled_from("ab,] \n\r\t\0\u2028\u2029\ufdd0\ufffc\ud800\udfff猫é😀𠀀👩‍🚀"), max_size=60)


def shown_by_qt(pieces: list[str], positions: TextPositions) -> QTextDocument:
    """Return a document to which the pieces were appended, as the reply panel does it."""
    document = QTextDocument()
    cursor = QTextCursor(document)
    for piece in pieces:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(positions.append(piece))
    return document


def unit_text(document: QTextDocument, start: int, end: int) -> str:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()


@given(st.lists(texts, max_size=5))
def test_every_character_is_found_where_qt_shows_it(pieces: list[str]) -> None:
    positions = TextPositions()
    raw = "".join(pieces)
    document = shown_by_qt(pieces, positions)
    assert positions.length == len(raw)
    for place, character in enumerate(raw):
        shown = unit_text(document, positions.to_unit(place), positions.to_unit(place + 1))
        if character in "ab,] \t猫é😀𠀀":
            assert shown == character
        elif character == "\n":
            assert shown == "\u2029"
        else:
            assert len(shown.encode("utf-16-le")) == 2 or character in "👩🚀"


@given(st.lists(texts, max_size=5))
def test_the_way_there_leads_back(pieces: list[str]) -> None:
    positions = TextPositions()
    for piece in pieces:
        positions.append(piece)
    for place in range(positions.length + 1):
        assert positions.to_character(positions.to_unit(place)) == place


@given(texts, st.data())
def test_pieces_make_no_difference(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    whole, parts = TextPositions(), TextPositions()
    assert whole.append(text) == parts.append(text[:cut]) + parts.append(text[cut:])
    assert [whole.to_unit(i) for i in range(len(text) + 1)] == [parts.to_unit(i) for i in range(len(text) + 1)]


def test_a_unit_inside_a_character_belongs_to_it() -> None:
    positions = TextPositions()
    positions.append("a😀b")
    assert [positions.to_unit(place) for place in range(4)] == [0, 1, 3, 4]
    assert [positions.to_character(unit) for unit in range(6)] == [0, 1, 1, 2, 3, 3]


def test_long_lines_are_broken_for_the_eye_only(qtbot: QtBot) -> None:
    object_text = '{"bbox_2d": [112, 310, 298, 655], "label": "猫 😀"}, '
    raw = object_text * 200
    positions = TextPositions()
    pieces = [raw[start : start + 37] for start in range(0, len(raw), 37)]
    document = shown_by_qt(pieces, positions)
    lengths = [len(line) for line in document.toPlainText().split("\n")]
    assert max(lengths) <= LONGEST_LINE * 1.1 + 20
    assert len(lengths) > len(raw) // LONGEST_LINE - 2
    for start in (0, len(object_text) * 99, len(object_text) * 199):
        end = start + len(object_text)
        shown = unit_text(document, positions.to_unit(start), positions.to_unit(end)).replace("\u2029", "")
        assert shown == object_text


@pytest.mark.parametrize(
    "text", ["x" * 3_500, "word, " * 700, "a" * 1_050 + " " + "b" * 2_000, "x" * LONGEST_LINE + "\n,"]
)
def test_long_lines_are_broken_at_the_same_places_however_they_come(text: str) -> None:
    whole = TextPositions().append(text)
    for length in (1, 7, 999, 1_000, 1_001, 1_100):
        positions = TextPositions()
        assert "".join(positions.append(text[at : at + length]) for at in range(0, len(text), length)) == whole


def test_a_line_without_any_place_to_break_is_broken_anyhow() -> None:
    positions = TextPositions()
    shown = positions.append("x" * 10_000)
    assert max(len(line) for line in shown.split("\n")) <= LONGEST_LINE * 1.1 + 1
    assert positions.to_character(positions.to_unit(9_999)) == 9_999


def test_short_lines_stay_as_they_are() -> None:
    positions = TextPositions()
    text = "a line\n" * 2_000
    assert positions.append(text) == text
    assert positions.to_unit(len(text)) == len(text)
