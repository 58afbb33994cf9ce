"""``AnswerBlocks``: cuts Markdown that grows into blocks that can be shown one by one.

What is closed never changes again, so that showing a long answer costs what is new, not what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

MAX_BLOCK = 6000
"""Characters after which a block is closed though its end has not come: what is open is shown anew each time."""

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`]*\Z")
_ITEM = re.compile(r"\s{0,3}(?:[-*+]|\d{1,4}[.)])\s")
_INDENTED = re.compile(r"(?: {2,}|\t)\S")


@dataclass(frozen=True, slots=True)
class Markdown:
    """Paragraphs, lists, headings or tables, whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of a block of code.

    Attributes:
        text: without the last line's end.
        language: as named behind the fence; may be empty.
        begins: whether these are the first lines of their block.
    """

    text: str
    language: str
    begins: bool


Block: TypeAlias = Markdown | Code


class AnswerBlocks:
    """Takes an answer in any pieces; ``closed`` and ``tail`` are the same however it was cut."""

    def __init__(self) -> None:
        self._line: list[str] = []
        self._lines: list[str] = []
        self._length = 0
        self._blank = False
        self._fence = ""
        self._language = ""
        self._begins = False
        self._code: list[str] = []
        self._closed: list[Block] = []

    def feed(self, text: str) -> None:
        """Take a further piece."""
        *ends, rest = text.split("\n")
        for end in ends:
            self._line.append(end)
            self._cut_long_line()
            self._take("".join(self._line).rstrip("\r"))
            self._line.clear()
        if rest:
            self._line.append(rest)
            self._cut_long_line()

    def take_closed(self) -> list[Block]:
        """Return the blocks that were closed since the last time."""
        self._close_code()
        closed, self._closed = self._closed, []
        return closed

    @property
    def tail(self) -> Block | None:
        """What is open still, as far as it came; None where that is nothing."""
        line = "".join(self._line)
        if self._fence:
            if self._begins or line:
                return Code(line, self._language, self._begins)
            return None
        text = "\n".join([*self._lines, line])
        return Markdown(text) if text.strip() else None

    def _cut_long_line(self) -> None:
        """Close what of a line without end is longer than a block may be."""
        if len(self._line) > 1 and sum(map(len, self._line)) <= MAX_BLOCK:
            return
        line = "".join(self._line)
        while len(line) > MAX_BLOCK:
            self._take(line[:MAX_BLOCK])
            if not self._fence:
                self._close()
            line = line[MAX_BLOCK:]
        self._line = [line]

    def _take(self, line: str) -> None:
        fence = _FENCE.match(line)
        if self._fence:
            if fence is not None and fence[1].startswith(self._fence) and not fence[2]:
                self._end_code()
            else:
                self._code.append(line)
        elif fence is not None:
            self._close()
            self._fence, self._language, self._begins = fence[1], fence[2].lower(), True
        else:
            self._take_text(line)

    def _take_text(self, line: str) -> None:
        if not line.strip():
            self._blank = bool(self._lines)
            if self._lines:
                self._lines.append("")
            return
        if (self._blank and not self._goes_on(line)) or self._length > MAX_BLOCK:
            self._close()
        self._blank = False
        self._lines.append(line)
        self._length += len(line) + 1

    def _goes_on(self, line: str) -> bool:
        """Say whether a line behind a blank one still belongs to what is open: to a list, or to a formula."""
        if "\n".join(self._lines).count("$$") % 2:
            return True
        in_list = _ITEM.match(self._lines[0]) is not None
        return in_list and (_ITEM.match(line) is not None or _INDENTED.match(line) is not None)

    def _close(self) -> None:
        text = "\n".join(self._lines).rstrip()
        if text:
            self._closed.append(Markdown(text))
        self._lines, self._length, self._blank = [], 0, False

    def _close_code(self) -> None:
        if self._code:
            self._closed.append(Code("\n".join(self._code), self._language, self._begins))
            self._code, self._begins = [], False

    def _end_code(self) -> None:
        if self._begins and not self._code:
            self._code = [""]
        self._close_code()
        self._fence, self._begins = "", False
