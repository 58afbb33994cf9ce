"""Reads "QwenVL Markdown" as it comes: headings, paragraphs, tables, and places in comments before figures and tables.

Facts: ``qwen-api.md`` 7.6. A comment ``<!-- Image (x1, y1, x2, y2) -->`` is a block of its own; other comments of this
form (``<!-- Table (...) -->``) give a place to the block that follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qwvis_desktop.core.replies.blocks import BlockWriter

_COMMENT = re.compile(r"\s*<!--\s*([A-Za-z][A-Za-z ]{0,30}?)\s*[(（]([^()（）]{1,120})[)）]\s*-->\s*\Z")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*\Z")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)\Z")
_LATEX_BEGIN = re.compile(r"\\begin\{(tabular|table|array|longtable|equation|align)\*?\}")
_PICTURE = re.compile(r"\s*!\[[^\]]*\]\([^)]*\)\s*\Z")


@dataclass(slots=True)
class _Open:
    """The block under way."""

    tag: str
    start: int
    place: str = ""
    lines: list[str] = field(default_factory=list)
    until: str = ""


class MarkdownReader:
    """Reads lines; fed the text outside of thoughts.

    Args:
        blocks: where blocks go.
    """

    def __init__(self, blocks: BlockWriter) -> None:
        self._blocks = blocks
        self._line = ""
        self._offset = 0
        self._open: _Open | None = None

    def feed(self, text: str, offset: int) -> None:
        """Take the text at ``offset`` of the reply."""
        if not self._line:
            self._offset = offset
        if "\n" not in text:
            self._line += text
            return
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._take(line.rstrip("\r"), self._offset)
            self._offset += len(line) + 1

    def finish(self) -> None:
        """Take the reply as ended."""
        if self._line:
            self._take(self._line.rstrip("\r"), self._offset)
            self._offset += len(self._line)
        if self._open is not None and self._open.until:
            span = (self._open.start, self._offset)
            self._blocks.refuse("unclosed", "A table or formula that was never closed was left out.", span)
            self._open = None
        self._end(self._offset)
        self._line = ""

    def reset(self) -> None:
        """Forget all: it was thinking."""
        self._line, self._open = "", None

    def _take(self, line: str, start: int) -> None:
        block = self._open
        if block is not None and block.until:
            block.lines.append(line)
            if block.until in line:
                self._end(start + len(line))
            return
        if not line.strip():
            if block is None or block.lines:
                self._end(start)
            return
        if line.lstrip().startswith("```"):
            self._end(start)
            return
        comment = _COMMENT.match(line)
        if comment:
            self._comment(comment, start, start + len(line))
        else:
            self._content(line, start)

    def _comment(self, comment: re.Match[str], start: int, end: int) -> None:
        self._end(start)
        tag = comment.group(1).lower()
        if tag == "image":
            self._blocks.add(tag, "", comment.group(2), (start, end))
        else:
            self._open = _Open(tag, start, comment.group(2))

    def _content(self, line: str, start: int) -> None:
        end = start + len(line)
        if _PICTURE.match(line) and (self._open is None or not self._open.place):
            self._end(start)
            return
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if heading or item:
            tag, text = (
                (f"h{len(heading.group(1))}", heading.group(2)) if heading else ("li", item.group(1) if item else "")
            )
            block = self._placed(tag, start)
            block.lines.append(text)
            self._end(end)
            return
        latex = _LATEX_BEGIN.search(line)
        if latex:
            table = latex.group(1) not in ("equation", "align")
            block = self._placed("table" if table else "formula", start)
            block.until = f"\\end{{{latex.group(1)}"
        elif line.strip().startswith("$$"):
            block = self._placed("formula", start)
            block.until = "" if line.strip().endswith("$$") and len(line.strip()) > 3 else "$$"
        else:
            tag = "table" if line.lstrip().startswith("|") else "p"
            if self._open is None or (self._open.lines and self._open.tag != tag):
                self._end(start)
                self._open = _Open(tag, start)
            block = self._open
        block.lines.append(line)
        if block.until and (block.until in line if block.until != "$$" else False):
            self._end(end)

    def _placed(self, tag: str, start: int) -> _Open:
        """Begin a block, at the place that a comment before it gave."""
        if self._open is None or self._open.lines:
            self._end(start)
            self._open = _Open(tag, start)
        return self._open

    def _end(self, end: int) -> None:
        block, self._open = self._open, None
        if block is not None:
            text = "\n".join(block.lines).strip()
            self._blocks.add(block.tag, text, block.place, (block.start, end))
