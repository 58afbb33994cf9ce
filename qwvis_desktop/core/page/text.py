"""A page as plain text, in reading order; tables with tabs between cells, formulas as they were written."""

from __future__ import annotations

from collections.abc import Iterable

from qwvis_desktop.core.page.elements import Element, Figure, Item, words_of
from qwvis_desktop.core.page.html import spoken


def text_of(elements: Iterable[Element]) -> str:
    """Return a page as plain text: an empty line between what stands apart, none within a list."""
    lines: list[str] = []
    in_list = False
    for element in elements:
        if lines and not (in_list and isinstance(element, Item)):
            lines.append("")
        in_list = isinstance(element, Item)
        lines.append(_element(element))
    return "\n".join(lines) + "\n" if lines else ""


def _element(element: Element) -> str:
    match element:
        case Item(depth=depth, number=number):
            return f"{'  ' * depth}{'-' if number is None else f'{number}.'} {words_of(element)}"
        case Figure():
            return f"[{spoken(element)}]"
        case _:
            return words_of(element)
