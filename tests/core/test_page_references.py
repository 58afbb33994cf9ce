from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.page_references import references


def mentions(text: str) -> list[tuple[str, str, int]]:
    return [(text[start:end], kind, number) for start, end, kind, number in references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rent is on page 3.", [("page 3", "page", 3)]),
        ("See Pages 2, 4 and 17", [("Pages 2", "page", 2), ("4", "page", 4), ("17", "page", 17)]),
        ("pages 5-7 say", [("pages 5", "page", 5), ("7", "page", 7)]),
        ("(p. 12, pp. 3)", [("p. 12", "page", 12), ("pp. 3", "page", 3)]),
        ("Image 2 shows more than picture 10", [("Image 2", "image", 2), ("picture 10", "image", 10)]),
        ("在第3页，第 2 张图和图片4", [("第3页", "page", 3), ("第 2 张图", "image", 2), ("图片4", "image", 4)]),
        ("**Page 1**: a; page\n2", [("Page 1", "page", 1), ("page\n2", "page", 2)]),
        ("homepage 3, page 3.5, page three, page 123456", []),
        ("", []),
    ],
)
def test_mentions(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert mentions(text) == expected


@given(st.text(alphabet="page imgs0123456789,.-& 第页图\n", max_size=60))
def test_mentions_lie_in_the_text_one_after_the_other(text: str) -> None:
    place = 0
    for start, end, _, number in references(text):
        assert place <= start < end <= len(text)
        assert str(number).lstrip("0") in text[start:end]
        place = end
