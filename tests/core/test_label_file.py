from __future__ import annotations

import math
from dataclasses import replace

import pytest
from spatial_documents import CAR

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.label_file import (
    LabelFileError,
    json_object,
    lengths,
    number,
    numbers,
    read_each,
    sentences,
    vector,
    words,
)


def test_says_only_what_there_is() -> None:
    losses = ((0, "one", "{} many"), (-1, "one", "{} many"), (1, "one", "{} many"), (3, "one", "{} many"))
    assert sentences(losses) == ("Left out: one.", "Left out: 3 many.")


@pytest.mark.parametrize("value", [0, -1, 1.5, 999999.0, 10**5])
def test_takes_numbers_as_they_are(value: float) -> None:
    assert number(value, "x") == value
    assert type(number(value, "x")) is float


@pytest.mark.parametrize("value", [None, True, "1", [], math.nan, math.inf, -math.inf, 1e6, -(10**400)])
def test_refuses_what_is_no_number_or_far_too_large(value: object) -> None:
    with pytest.raises(ValueError, match="a side is not a number that can be used"):
        number(value, "a side")


@pytest.mark.parametrize("values", [None, 5, "abc", [1, 2], [1, 2, 3, 4], {"x": 1, "y": 2, "z": 3}])
def test_wants_the_right_number_of_numbers(values: object) -> None:
    with pytest.raises(ValueError, match="a place should be 3 numbers"):
        vector(values, "a place")
    assert vector([1, 2, 3], "a place") == (1.0, 2.0, 3.0)
    assert numbers((1,), 1, "one") == (1.0,)


def test_lengths_are_greater_than_nothing() -> None:
    assert lengths([1, 2, 3e-9], "size") == (1.0, 2.0, 3e-9)
    for values in ([0, 1, 1], [1, -1, 1]):
        with pytest.raises(ValueError, match="greater than 0"):
            lengths(values, "size")


def test_a_text_is_a_text() -> None:
    assert words("a", "name") == "a"
    with pytest.raises(TypeError, match="name should be a text"):
        words(5, "name")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nul", "[]", "5", "null", '"{}"'])
def test_wants_a_json_object(text: str) -> None:
    with pytest.raises(LabelFileError, match="This is no Omni3D file"):
        json_object(text, "Omni3D")
    assert json_object('{"a": [1]}', "Omni3D") == {"a": [1]}


def read(value: int) -> Annotation:
    if value < 0:
        raise {-1: ValueError("it is bad"), -2: KeyError("size"), -3: TypeError("it is odd")}[value]
    return replace(CAR, id=str(value))


def worded(value: int | str) -> Annotation:
    """Give the words of a bad object as its reason."""
    if isinstance(value, str):
        raise TypeError(value)
    return read(value)


def test_bad_objects_do_not_take_the_others_with_them() -> None:
    assert read_each([], read) == ((), ())
    assert read_each([1, 2], read) == ((read(1), read(2)), ())
    assert read_each([1, -2, 2], read) == (
        (read(1), read(2)),
        ("Left out: 1 object that could not be read (number 2: it has no 'size').",),
    )
    _, left_out = read_each([-3, -1, 2, -1], read)
    assert left_out == ("Left out: 3 objects that could not be read (number 1: it is odd; number 2: it is bad).",)
    values: list[int | str] = [2, *(f"{word} reason" for word in ("a", "b", "c", "d", "e"))]
    several = read_each(values, worded)[1]
    assert several[0].endswith("(number 2: a reason; number 3: b reason; number 4: c reason; and 2 other reasons).")
    assert read_each(values[:-1], worded)[1][0].endswith("; and one other reason).")


def test_a_file_of_bad_objects_alone_is_refused() -> None:
    with pytest.raises(
        LabelFileError,
        match=r"No object in this file could be read \(number 1: it is bad; number 2: it has no 'size'\)",
    ):
        read_each([-1, -2], read)
