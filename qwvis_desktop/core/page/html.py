"""A page as HTML of our own: every word escaped, no tag of the model's, nothing that a browser would load or run."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from qwvis_desktop.core.page.elements import (
    Cell,
    Element,
    Figure,
    FormulaBlock,
    Heading,
    Item,
    Mark,
    PageBreak,
    Table,
    Words,
    plain,
)

_TAGS = {
    Mark.STRONG: "strong",
    Mark.EMPHASIS: "em",
    Mark.CODE: "code",
    Mark.RAISED: "sup",
    Mark.LOWERED: "sub",
}
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that HTML has no room for."""

FormulaText = Callable[[str, str, bool], str]
"""Gives the HTML of a formula by its LaTeX, how it was written, and whether it stands in a line."""

FigureText = Callable[[Figure], str]
"""Gives the HTML of a figure's picture; empty where there is none."""


def escaped(text: str) -> str:
    """Return ``text`` as HTML that says just that."""
    return html.escape(_NOT_IN_HTML.sub("\ufffd", text))


def formula_as_written(_latex: str, written: str, _inline: bool) -> str:
    """Return a formula as it was written."""
    return f'<span class="formula">{escaped(written)}</span>'


def no_picture(_figure: Figure) -> str:
    """Return nothing."""
    return ""


def html_of(
    elements: Iterable[Element],
    *,
    figure: FigureText = no_picture,
    formula: FormulaText = formula_as_written,
) -> str:
    """Return a page as HTML to be put into a body."""
    found = []
    for is_list, group in groupby(elements, key=lambda element: isinstance(element, Item)):
        if is_list:
            found.append(_list([each for each in group if isinstance(each, Item)], formula))
        else:
            found += [_element(each, figure, formula) for each in group]
    return "\n".join(found)


def words_as_html(words: Words, formula: FormulaText = formula_as_written) -> str:
    """Return words with their looks."""
    found = []
    for piece in words:
        if piece.mark is Mark.FORMULA:
            found.append(formula(piece.text, piece.written, True))
            continue
        text = escaped(piece.text).replace("\n", "<br>\n")
        tag = _TAGS.get(piece.mark)
        found.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(found)


def table_as_html(table: Table, formula: FormulaText = formula_as_written) -> str:
    """Return a table with its cells as large as they are."""
    lines = []
    for _, row in groupby(table.cells, key=lambda cell: cell.row):
        lines.append(f"<tr>{''.join(_cell(cell, formula) for cell in row)}</tr>")
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _cell(cell: Cell, formula: FormulaText) -> str:
    tag = "th" if cell.heading else "td"
    spans = (("rowspan", cell.rows), ("colspan", cell.columns))
    attributes = "".join(f' {name}="{count}"' for name, count in spans if count > 1)
    return f"<{tag}{attributes}>{words_as_html(cell.words, formula)}</{tag}>"


def _element(element: Element, figure: FigureText, formula: FormulaText) -> str:
    match element:
        case Heading(level=level, words=words):
            return f"<h{level}>{words_as_html(words, formula)}</h{level}>"
        case Table():
            return table_as_html(element, formula)
        case PageBreak():
            return "<hr>"
        case FormulaBlock(latex=latex, written=written):
            return f'<div class="formula">{formula(latex, written, False)}</div>'
        case Figure(words=words, tag=tag):
            picture = figure(element)
            named = words_as_html(words, formula) or ("" if picture else escaped(f"[{tag}]"))
            said = f"<figcaption>{named}</figcaption>" if named else ""
            return f"<figure>{picture}{said}</figure>"
        case _:
            return f"<p>{words_as_html(element.words, formula)}</p>"


def _list(items: Sequence[Item], formula: FormulaText) -> str:
    """Return items in a row as lists, those that lie deeper within the item before."""
    lines: list[str] = []
    open_: list[str] = []
    before: int | None = None
    for item in items:
        kind = "ul" if item.number is None else "ol"
        depth = min(item.depth, len(open_))
        while len(open_) > depth + 1 or (len(open_) == depth + 1 and open_[-1] != kind):
            lines.append(f"</li></{open_.pop()}>")
        if len(open_) == depth:
            start = f' start="{item.number}"' if item.number not in (None, 1) else ""
            lines.append(f"<{kind}{start}>")
            open_.append(kind)
        else:
            lines.append("</li>")
        value = f' value="{item.number}"' if before is not None and item.number not in (None, before + 1) else ""
        lines.append(f"<li{value}>{words_as_html(item.words, formula)}")
        before = item.number
    lines += [f"</li></{kind}>" for kind in reversed(open_)]
    return "\n".join(lines)


def spoken(figure: Figure) -> str:
    """Return what stands for a figure where it cannot be seen."""
    return " ".join(plain(figure.words).split()) or figure.tag
