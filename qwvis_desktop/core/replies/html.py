"""Reads "QwenVL HTML" as it comes: elements with ``data-bbox`` or ``data-polygon`` become blocks of a page.

Facts: ``qwen-api.md`` 7.6. Lists (``ol``, ``ul``) are skipped, their boxes are unreliable; their items count. An
element inside one with the same box is the same block. Nothing in the text is ever loaded or run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from qwvis_desktop.core.replies.blocks import BlockWriter

LONGEST_TAG = 4096
"""Longest tag, in characters; a ``<`` without its ``>`` within is text."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->|<!(?!--)[^<>]*>", re.DOTALL)
"""A comment holds no beginning of another: one that never ends is looked through once and not again at each."""
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LEAVES = frozenset({
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "blockquote", "pre", "figcaption", "caption", "dt", "dd", "table",
    "address", "formula",
})  # fmt: skip
_CONTAINERS = frozenset({
    "html", "body", "div", "section", "article", "header", "footer", "main", "nav", "figure", "ul", "ol", "dl", "form",
    "aside", "span",
})  # fmt: skip
_SKIPPED = frozenset(["head", "script", "style"])
_OPENED = _LEAVES | _CONTAINERS | _SKIPPED
_LISTS = frozenset(["ul", "ol"])
_SELF_CLOSED = frozenset(["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"])
_BREAKS = {"br": ("\n", ""), "tr": ("\n", "\n"), "td": ("", "\t"), "th": ("", "\t")}
"""White space that a tag stands for where it opens and where it closes."""


@dataclass(slots=True)
class _Element:
    """An open element."""

    tag: str
    name: str
    start: int
    place: str = ""
    skipped: bool = False
    folded: bool = False
    text: list[str] = field(default_factory=list)

    def content(self) -> str:
        """Return the text without tags, white space tamed."""
        lines = (re.sub(r"[ \r\f\v]+", " ", line).strip() for line in "".join(self.text).split("\n"))
        return "\n".join(line for line in lines if line)


class HtmlReader:
    """Reads elements; fed the text outside of thoughts.

    Args:
        blocks: where blocks go.
    """

    def __init__(self, blocks: BlockWriter) -> None:
        self._blocks = blocks
        self._buffer = ""
        self._offset = 0
        self._stack: list[_Element] = []

    def feed(self, text: str, offset: int) -> None:
        """Take the text at ``offset`` of the reply."""
        if not self._buffer:
            self._offset = offset
        self._buffer += text
        self._read(final=False)

    def finish(self) -> None:
        """Take the reply as ended: what is open is no block."""
        self._read(final=True)
        end = self._offset
        for element in reversed(self._stack):
            if not element.skipped and not element.folded and (element.place or element.content()):
                self._blocks.refuse("unclosed", "A block that was never closed was left out.", (element.start, end))
                break
        self._stack.clear()

    def reset(self) -> None:
        """Forget all: it was thinking."""
        self._buffer = ""
        self._stack.clear()

    def _read(self, final: bool) -> None:
        buffer, place = self._buffer, 0
        while place < len(buffer):
            begin = buffer.find("<", place)
            if begin < 0:
                self._text(buffer[place:])
                place = len(buffer)
                break
            self._text(buffer[place:begin])
            place = begin
            match = _TAG.match(buffer, place) or _COMMENT.match(buffer, place)
            if match is None:
                if not final and len(buffer) - place < LONGEST_TAG and buffer.find("<", place + 1) < 0:
                    break
                self._text("<" if place + 1 < len(buffer) else "")
                place += 1
                continue
            if match.re is _TAG:
                self._tag(match, self._offset + place)
            place = match.end()
        self._buffer = buffer[place:]
        self._offset += place

    def _text(self, text: str) -> None:
        if self._stack and text:
            self._stack[-1].text.append(text)

    def _tag(self, match: re.Match[str], start: int) -> None:
        closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        end = start + len(match.group())
        if name in _BREAKS:
            self._text(_BREAKS[name][bool(closing)])
        elif closing:
            self._close(name, end)
        elif name == "img":
            self._image(rest, start, end)
        elif name in _OPENED:
            self._open(name, rest, start)

    def _open(self, name: str, rest: str, start: int) -> None:
        if name in _SELF_CLOSED and self._stack and self._stack[-1].name == name:
            self._close(name, start)
        attributes = _attributes(rest)
        place = attributes.get("data-bbox") or attributes.get("data-polygon") or ""
        around = self._stack[-1] if self._stack else None
        inner = bool(
            around and (around.folded or (around.place and around.name not in _LISTS) or around.name == "table")
        )
        tag = attributes.get("class", "") if name in ("div", "span") else name
        self._stack.append(
            _Element(
                tag=tag or name,
                name=name,
                start=start,
                place="" if name in _LISTS else place,
                skipped=name in _SKIPPED or bool(around and around.skipped),
                folded=inner and (not place or self._same_place(place)),
            )
        )

    def _same_place(self, place: str) -> bool:
        return any(element.place.split() == place.split() for element in self._stack)

    def _image(self, rest: str, start: int, end: int) -> None:
        attributes = _attributes(rest)
        place = attributes.get("data-bbox") or attributes.get("data-polygon") or ""
        if any(element.skipped for element in self._stack) or (place and self._same_place(place)):
            return
        if place or attributes.get("alt"):
            self._blocks.add("image", unescape(attributes.get("alt", "")), place, (start, end))

    def _close(self, name: str, end: int) -> None:
        if not any(element.name == name for element in self._stack):
            return
        while True:
            element = self._stack.pop()
            self._end(element, end)
            if element.name == name:
                return

    def _end(self, element: _Element, end: int) -> None:
        if element.skipped:
            return
        if element.folded:
            self._text("\n" + "".join(element.text) + "\n")
            return
        text = element.content()
        if element.place or text:
            self._blocks.add(element.tag, unescape(text), element.place, (element.start, end))


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag, names in lower case."""
    return {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(text)}
