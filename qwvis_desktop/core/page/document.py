"""From the blocks of a page to what one reads: a list of headings, paragraphs, lists, tables, formulas, figures.

A block says what it is and what stands in it; how its words are set, and where the cells of a table begin and end, is
in the reply it was read from, at its span. What a person changed in a block counts before that.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from qwvis_desktop.core.annotation import Annotation, LayoutBlock
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.page.elements import (
    Element,
    Figure,
    FormulaBlock,
    Heading,
    Item,
    Mark,
    Paragraph,
    Piece,
    Table,
    Words,
)
from qwvis_desktop.core.page.markup import Markup, read_markup
from qwvis_desktop.core.page.tables import Placed, latex_table, pipe_table, tab_table
from qwvis_desktop.core.page.words import pieces_of, pieces_of_latex, pieces_of_markdown

FIGURES = frozenset({
    "image", "figure", "picture", "img", "photo", "chart", "diagram", "graph", "music sheet", "chemical formula",
    "seal", "stamp", "logo", "icon", "signature", "barcode", "qrcode", "qr code",
})  # fmt: skip
"""Tags of blocks that are looked at and not read (``qwen-api.md`` 7.6)."""

_HEADINGS = {"title": 1, "heading": 2, "header": 2, "section": 2, "subtitle": 2, "subheading": 3} | {
    f"h{level}": level for level in range(1, 7)
}
_ITEMS = frozenset(["li", "list item", "list_item", "listitem", "list-item"])
_LIST_TAG = re.compile(r"<(/?)(ol|ul)\b([^<>]*)>|<(li)\b", re.IGNORECASE)
_START = re.compile(r"\bstart\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
_MARKED_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:(?P<number>\d{1,6})[.)]|[-*+])\s")
_FORMULA_MARKS = re.compile(r"\A\s*(?:\$\$(.*)\$\$|\\\[(.*)\\\]|\$([^$]*)\$|\\\((.*)\\\))\s*\Z", re.DOTALL)
_LONGEST_MARKUP = 2_000_000
"""Characters of one block whose markup is read; of a longer one the plain text counts."""

Part: TypeAlias = Words | Placed


@dataclass(frozen=True, slots=True)
class _Source:
    """How a block was written.

    Attributes:
        html: as HTML, without the blocks that lie inside of it; empty where it was not.
        markdown: whether it was Markdown.
        depth, number: of an item of a list.
    """

    html: str = ""
    markdown: bool = False
    depth: int = 0
    number: int | None = None


def page_elements(document: Document, replies: Mapping[str, str] | None = None) -> tuple[Element, ...]:
    """Return what stands on the page of a document, in reading order; empty where it has no blocks.

    Args:
        document: holds the blocks, in the order in which they are read.
        replies: raw replies of runs that still go on, by id: their run does not hold them yet.
    """
    blocks = blocks_of(document)
    sources = _sources(document, blocks, replies or {})
    return tuple(element for block in blocks for element in _elements(block, sources.get(block.id, _Source())))


def blocks_of(document: Document) -> tuple[LayoutBlock, ...]:
    """Return the blocks of a page in the document's order, each before those that it holds in its reply.

    A block is known when it closes, and thus later than what lies inside of it.
    """
    found: list[LayoutBlock] = []
    for block in document.annotations.values():
        if isinstance(block, LayoutBlock):
            place = len(found)
            while place and _holds(block, found[place - 1]):
                place -= 1
            found.insert(place, block)
    return tuple(found)


def _holds(outer: LayoutBlock, inner: LayoutBlock) -> bool:
    a, b = outer.provenance, inner.provenance
    return a is not None and b is not None and a.run == b.run and a.span[0] <= b.span[0] < b.span[1] <= a.span[1]


def _sources(document: Document, blocks: Iterable[LayoutBlock], replies: Mapping[str, str]) -> dict[str, _Source]:
    """Return how each block was written, by its id; those of whose reply nothing is known are left out."""
    of_runs: dict[str, list[LayoutBlock]] = {}
    for block in blocks:
        if block.provenance is not None:
            of_runs.setdefault(block.provenance.run, []).append(block)
    found: dict[str, _Source] = {}
    for key, held in of_runs.items():
        run = document.runs.get(key)
        reply = replies.get(key) or (run.reply if run is not None else "")
        if run is not None and reply:
            found.update(_sources_in(reply, held, run))
    return found


def _sources_in(reply: str, blocks: Sequence[LayoutBlock], run: Run) -> Iterator[tuple[str, _Source]]:
    read = (each for each in run.as_read if isinstance(each, LayoutBlock))
    spans = sorted({_span(block) for block in (*blocks, *read)}, key=lambda span: (span[0], -span[1]))
    items = _list_items(reply) if _LIST_TAG.search(reply) else {}
    for block in blocks:
        start, end = _span(block)
        if end - start > _LONGEST_MARKUP:
            continue
        if reply[start : start + 1] == "<" and reply[start : start + 4] != "<!--":
            depth, number = items.get(start, (0, None))
            yield block.id, _Source(_own_markup(reply, (start, end), spans), depth=depth, number=number)
        elif run.task == "document-markdown":
            yield block.id, _markdown_source(reply[start:end])


def _span(block: LayoutBlock) -> tuple[int, int]:
    return block.provenance.span if block.provenance is not None else (0, 0)


def _own_markup(reply: str, span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> str:
    """Return a part of a reply without the blocks that lie inside of it."""
    start, end = span
    kept, place = [], start
    at = bisect_right(spans, (start, -end), key=lambda each: (each[0], -each[1]))
    while at < len(spans) and spans[at][0] < end:
        inner = spans[at]
        if inner[0] >= place and inner[1] <= end:
            kept.append(reply[place : inner[0]])
            place = inner[1]
            at = bisect_right(spans, place - 1, lo=at, key=lambda each: each[0])
        else:
            at += 1
    return "\n".join([*kept, reply[place:end]])


def _list_items(reply: str) -> dict[int, tuple[int, int | None]]:
    """Return of each item of a list in HTML how deep it lies and how it is numbered, by its place in the reply."""
    found: dict[int, tuple[int, int | None]] = {}
    open_: list[int | None] = []  # the number of the next item, of each list that is open
    for match in _LIST_TAG.finditer(reply):
        closing, name, attributes, _ = match.groups()
        if name is None:
            number = open_[-1] if open_ else None
            found[match.start()] = (max(0, len(open_) - 1), number)
            if number is not None:
                open_[-1] = number + 1
        elif closing:
            del open_[-1:]
        else:
            start = _START.search(attributes)
            open_.append((int(start[1]) if start else 1) if name.lower() == "ol" else None)
    return found


def _markdown_source(written: str) -> _Source:
    item = _MARKED_ITEM.match(written.rpartition("\n")[2])
    if item is None:
        return _Source(markdown=True)
    depth = len(item["indent"].expandtabs(4)) // 2
    return _Source(markdown=True, depth=depth, number=int(item["number"]) if item["number"] else None)


_Kind: TypeAlias = Callable[[LayoutBlock, str, Sequence[Part], _Source], Iterator[Element]]


def _elements(block: LayoutBlock, source: _Source) -> Iterator[Element]:
    tag = " ".join(block.tag.lower().split())
    parts = _parts(block, source, tag)
    kind = next((kind for tags, kind in _KINDS if tag in tags), _paragraphs)
    return kind(block, tag, parts, source)


def _parts(block: LayoutBlock, source: _Source, tag: str) -> Sequence[Part]:
    """Return what stands in a block: words and tables, in order."""
    text = block.text
    if source.html:
        markup = _read(source.html)
        if _letters(markup.text) == _letters(text):
            return markup.parts
    if tag == "table" and re.search(r"<t[rdh]\b", text, re.IGNORECASE):
        return _read(text).parts
    found = latex_table(text) if "\\begin{" in text else None
    if found is not None:
        before, table, after = found
        around = (_without_commands(before), table, _without_commands(after))
        return [part for part in around if part]
    if tag == "table" and text.lstrip().startswith("|"):
        return [pipe_table(text.split("\n"))]
    if tag == "table" and "\t" in text:
        return [tab_table(text)]
    words = pieces_of_markdown(text) if source.markdown and tag != "formula" else pieces_of(text)
    return [words] if words else []


@lru_cache(maxsize=512)
def _read(markup: str) -> Markup:
    """Read a block; while a page grows, all of it is asked for again and again."""
    return read_markup(markup)


def _letters(text: str) -> str:
    return "".join(text.split())


def _without_commands(text: str) -> Words:
    """Return the caption round a LaTeX table."""
    caption = re.search(r"\\caption\*?\{([^{}]{0,2000})\}", text)
    return pieces_of_latex(caption[1] if caption else re.sub(r"\\[A-Za-z]+\*?(?:\{[^{}]*\}|\[[^\[\]]*\])*", " ", text))


def _joined(parts: Sequence[Part]) -> Words:
    """Return all words of parts in a row, tables left out."""
    words: list[Piece] = []
    for part in parts:
        if not isinstance(part, Placed):
            words += [Piece("\n"), *part] if words else part
    return tuple(words)


def _tables(block: LayoutBlock, parts: Sequence[Part]) -> Iterator[Table]:
    for part in parts:
        if isinstance(part, Placed):
            yield Table(block=block.id, box=block.box, cells=part.cells, rows=part.rows, columns=part.columns)


def _heading(block: LayoutBlock, tag: str, parts: Sequence[Part], _: _Source) -> Iterator[Element]:
    words = _joined(parts)
    if words:
        yield Heading(block=block.id, box=block.box, words=words, level=_HEADINGS[tag])
    yield from _tables(block, parts)


def _item(block: LayoutBlock, _: str, parts: Sequence[Part], source: _Source) -> Iterator[Element]:
    words = _joined(parts)
    if words:
        yield Item(block=block.id, box=block.box, words=words, depth=source.depth, number=source.number)
    yield from _tables(block, parts)


def _figure(block: LayoutBlock, tag: str, parts: Sequence[Part], _: _Source) -> Iterator[Element]:
    if block.box is not None or parts:
        yield Figure(block=block.id, box=block.box, words=_joined(parts), tag=tag)
    yield from _tables(block, parts)


def _formula(block: LayoutBlock, tag: str, parts: Sequence[Part], source: _Source) -> Iterator[Element]:
    text = block.text.strip()
    if not text:
        yield from _figure(block, tag, parts, source)
        return
    match = _FORMULA_MARKS.match(text)
    latex = next((group for group in match.groups() if group is not None), text) if match else text
    latex = re.sub(r"\\(?:begin|end)\{(?:equation|displaymath)\*?\}", " ", latex)
    yield FormulaBlock(
        block=block.id, box=block.box, latex=" ".join(latex.split()), written=text if match else f"$${text}$$"
    )


def _table(block: LayoutBlock, tag: str, parts: Sequence[Part], source: _Source) -> Iterator[Element]:
    if parts:
        yield from _paragraphs(block, "p", parts, source)
    else:
        yield from _figure(block, tag, parts, source)


def _paragraphs(block: LayoutBlock, tag: str, parts: Sequence[Part], _: _Source) -> Iterator[Element]:
    for part in parts:
        if isinstance(part, Placed):
            yield from _tables(block, [part])
        elif len(part) == 1 and part[0].mark is Mark.FORMULA:
            yield FormulaBlock(block=block.id, box=block.box, latex=part[0].text, written=part[0].written)
        elif part:
            yield Paragraph(block=block.id, box=block.box, words=part, tag=tag)


_KINDS: tuple[tuple[Iterable[str], _Kind], ...] = (
    (_HEADINGS.keys(), _heading),
    (_ITEMS, _item),
    (FIGURES, _figure),
    (frozenset(["formula", "equation"]), _formula),
    (frozenset(["table"]), _table),
)
"""What is made of blocks with these tags; of all others paragraphs and tables are."""


def has_page(annotations: Iterable[Annotation]) -> bool:
    """Say whether there are blocks of a page among ``annotations``."""
    return any(isinstance(annotation, LayoutBlock) for annotation in annotations)
