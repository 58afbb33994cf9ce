"""The string being read: what it held so far, and whether what was just found in it ends it."""

from __future__ import annotations

import re

from qwvis_desktop.core.replies.quoting import CLOSERS, StringEnd, string_end, torn_at, unescaped

MAX_DOUBTS = 100
"""Quotes inside one string that do not end it, after which it is no string at all."""

_SEEN = 40
"""Characters at either end of a string that are looked at to tell where it ends."""

_STOPS = {
    quote: re.compile(rf"[\\}}{re.escape(closers)}]|<(?=/|\Z)|\n(?=[ \t]{{0,40}}(?:`|\Z))")
    for quote, closers in CLOSERS.items()
}
"""What may end a string, for each quote that began it: a quote, a bracket, the end of a thought, a fence."""


class OpenString:
    """One string after the other, each between ``begin`` and ``end``.

    Attributes:
        quote: what it began with; empty where none is open.
        whole: the end of the text is the end of the reply, which was not broken off.
    """

    def __init__(self) -> None:
        self.quote = ""
        self.whole = True
        self._pieces: list[str] = []
        self._head = self._tail = ""
        self._doubts = 0

    def begin(self, quote: str) -> None:
        """Begin a string."""
        self.quote = quote

    def drop(self) -> None:
        """Forget the string."""
        self._pieces.clear()
        self.quote = self._head = self._tail = ""
        self._doubts = 0

    def end(self, step: StringEnd) -> str:
        """Close the string and return what it says."""
        raw = "".join(self._pieces)
        self.drop()
        if step is StringEnd.BEFORE:
            raw = raw.rstrip().removesuffix(",").rstrip()
        return unescaped(raw)

    def read(self, buffer: str, place: int, final: bool, *, key: bool, listed: bool) -> tuple[StringEnd, int]:
        """Take text from ``place`` on; return what stopped it (LATER: more text is needed) and where.

        Args:
            buffer: the text at hand.
            place: where to go on.
            final: no more text comes.
            key: the string is a key.
            listed: the string is an item of a list.
        """
        search = _STOPS[self.quote].search
        while True:
            match = search(buffer, place)
            end = match.start() if match else len(buffer)
            if end > place:
                self._take(buffer[place:end])
                place = end
            if match is None:
                return StringEnd.LATER, place
            found = match.group()
            if found == "\\":
                step = StringEnd.LATER if place + 1 == len(buffer) and not final else StringEnd.NOT
            elif found in "\n<}":
                step = torn_at(buffer, place, final=final, whole=self.whole)
            else:
                step = string_end(buffer, place, self._head, self._tail, key=key, listed=listed, final=final)
            if step is not StringEnd.NOT:
                return step, place
            self._doubts += found in CLOSERS
            if self._doubts > MAX_DOUBTS:
                return StringEnd.TORN, place
            length = 2 if found == "\\" else 1
            self._take(buffer[place : place + length])
            place = min(place + length, len(buffer))

    def _take(self, piece: str) -> None:
        self._pieces.append(piece)
        self._tail = (self._tail + piece[-_SEEN:])[-_SEEN:]
        if len(self._head) < _SEEN:
            self._head = (self._head + piece)[:_SEEN]
