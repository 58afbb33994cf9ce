"""Words of a page with their looks: formulas found in text, and the looks that Markdown and LaTeX give inside a line.

What names a picture or an address is kept as the text that it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from qwvis_desktop.core.answer import find_formulas
from qwvis_desktop.core.page.elements import Mark, Piece, Words

_LONGEST = 2000
"""Characters between two marks of a look; marks further apart are text."""

_MARKDOWN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    rf"|(?P<ticks>`{{1,3}})(?P<code>[^`\n]{{1,{_LONGEST}}})(?P=ticks)(?!`)"
    rf"|\*\*(?=\S)(?P<strong>[^*]{{1,{_LONGEST}}})(?<=\S)\*\*"
    rf"|(?<![\w*])\*(?=\S)(?P<emphasis>[^*\n]{{1,{_LONGEST}}})(?<=\S)\*(?![\w*])"
    rf"|!?\[(?P<words>[^\[\]\\\n]{{0,{_LONGEST}}})\]\((?P<address>[^()\s]{{1,{_LONGEST}}})\)"
    rf"|<(?P<script>su[pb])>(?P<shifted>[^<>]{{1,{_LONGEST}}})</(?P=script)>"
    r"|(?P<line><br\s?/?>)",
    re.IGNORECASE,
)
_LATEX = re.compile(
    r"\\(?P<escaped>[%&#_{}$])"
    r"|\\text(?P<look>bf|it|tt|superscript|subscript)\s{0,3}\{(?P<inner>[^{}]{0,2000})\}"
    r"|\\(?:emph|underline|textrm|textsf|textsc|mbox|makecell|thead)\s{0,3}\{(?P<kept>[^{}]{0,2000})\}"
    r"|(?P<line>\\newline\b|\\\\)"
    r"|(?P<space>\\(?:quad|qquad|,|;|:|!| ))"
    r"|(?P<brace>[{}])"
)
_LATEX_LOOKS = {
    "bf": Mark.STRONG,
    "it": Mark.EMPHASIS,
    "tt": Mark.CODE,
    "superscript": Mark.RAISED,
    "subscript": Mark.LOWERED,
}

_Finder = Callable[[str], Iterator[Piece]]


def pieces_of(text: str) -> Words:
    """Return plain text with the formulas in it."""
    return tidied(_with_formulas(text, _as_it_is))


def pieces_of_markdown(text: str) -> Words:
    """Return what Markdown says within a paragraph."""
    return tidied(_with_formulas(text, _markdown))


def pieces_of_latex(text: str) -> Words:
    """Return what LaTeX says within a cell of a table."""
    return tidied(_with_formulas(text, _latex))


def pieces_of_marked(marked: Iterable[tuple[str, Mark]]) -> Words:
    """Return texts whose looks are known, with the formulas in those that have none."""
    found: list[Piece] = []
    for text, mark in marked:
        found += (
            _with_formulas(text, lambda plain: iter((Piece(plain),))) if mark is Mark.PLAIN else (Piece(text, mark),)
        )
    return tidied(found)


def _as_it_is(text: str) -> Iterator[Piece]:
    yield Piece(text)


def _with_formulas(text: str, rest: _Finder) -> Iterator[Piece]:
    place = 0
    for start, end, formula in find_formulas(text):
        yield from rest(text[place:start])
        yield Piece(formula.latex, Mark.FORMULA, formula.written)
        place = end
    yield from rest(text[place:])


def _markdown(text: str) -> Iterator[Piece]:
    place = 0
    for match in _MARKDOWN.finditer(text):
        yield Piece(text[place : match.start()])
        place = match.end()
        yield _of_markdown(match)
    yield Piece(text[place:])


def _of_markdown(match: re.Match[str]) -> Piece:
    for group, mark in (("code", Mark.CODE), ("strong", Mark.STRONG), ("emphasis", Mark.EMPHASIS)):
        if match[group] is not None:
            return Piece(match[group], mark)
    if match["shifted"] is not None:
        return Piece(match["shifted"], Mark.RAISED if match["script"].lower() == "sup" else Mark.LOWERED)
    if match["address"] is not None:
        words, address = match["words"], match["address"]
        return Piece(address if words in ("", address) else f"{words} ({address})")
    return Piece("\n" if match["line"] else match["escaped"])


def _latex(text: str) -> Iterator[Piece]:
    place = 0
    for match in _LATEX.finditer(text):
        yield Piece(text[place : match.start()])
        place = match.end()
        if match["look"]:
            yield Piece(match["inner"], _LATEX_LOOKS[match["look"]])
        elif match["line"] or match["space"]:
            yield Piece("\n" if match["line"] else " ")
        else:
            yield Piece(match["kept"] or match["escaped"] or "")
    yield Piece(text[place:])


def tidied(pieces: Iterable[Piece]) -> Words:
    """Return pieces with those of one look joined, blanks made single and none at the ends; empty ones are left out."""
    joined: list[Piece] = []
    for piece in pieces:
        if piece.mark is not Mark.FORMULA and joined and joined[-1].mark is piece.mark:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.mark)
        elif piece.text:
            joined.append(piece)
    tidy = [piece if piece.mark is Mark.FORMULA else Piece(_single(piece.text), piece.mark) for piece in joined]
    if tidy and tidy[0].mark is not Mark.FORMULA:
        tidy[0] = tidy[0]._replace(text=tidy[0].text.lstrip())
    if tidy and tidy[-1].mark is not Mark.FORMULA:
        tidy[-1] = tidy[-1]._replace(text=tidy[-1].text.rstrip())
    return tuple(piece for piece in tidy if piece.text)


def _single(text: str) -> str:
    """Return ``text`` with single blanks and no empty lines in it; those at its ends stay."""
    return re.sub(r" ?\n[ \n]*", "\n", re.sub(r"[^\S\n]+", " ", text))
