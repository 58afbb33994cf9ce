from __future__ import annotations

from collections.abc import Callable

import pytest

from qwvis_desktop.core.setting_values import one_of, texts, words, words_by_name, yes_or_no


def test_what_is_understood() -> None:
    assert one_of(["a", "b"])("b") == "b"
    assert yes_or_no(True) is True
    assert words(["a"]) == ("a",)
    assert texts({"a": "b"}) == {"a": "b"}
    assert words_by_name({"edit.copy": ["Ctrl+C"], "x": []}) == {"edit.copy": ("Ctrl+C",), "x": ()}


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (one_of(["a"]), "c"),
        (one_of(["a"]), 3),
        (yes_or_no, 1),
        (words, "a"),
        (words, [1]),
        (texts, {"a": 1}),
        (texts, ["a"]),
        (words_by_name, {"a": "Ctrl+C"}),
        (words_by_name, ["a"]),
    ],
)
def test_what_is_not(read: Callable[[object], object], value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        read(value)
