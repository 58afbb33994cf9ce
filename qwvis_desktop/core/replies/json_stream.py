"""JSON as models write it, read as it comes.

``JsonStream`` reads one outermost object at a time. A flat object that is proper JSON goes through the standard
library's decoder in one step; anything else is cut into marks, strings and words for the tolerant ``JsonTree``. No
character is read more than a fixed number of times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.json_tree import Bare, JsonEvent, JsonTree, as_object, number_or_word
from qwvis_desktop.core.replies.open_string import OpenString
from qwvis_desktop.core.replies.quoting import (
    StringEnd,
    colon_follows,
    key_follows,
    quote_owed,
    unclosed_key,
)

FLAT = 2048
"""Longest object without inner objects that is handed to the standard library in one step, in characters."""

_LONGEST_WORD = 512

_Decode: TypeAlias = Callable[[str, int], tuple[dict[str, JsonValue], int]]

_decode: _Decode = vars(json.JSONDecoder())["scan_once"]
_decode_pairs: _Decode = vars(json.JSONDecoder(object_pairs_hook=as_object))["scan_once"]
# Not ``raw_decode``, which counts the lines of all the text before an error.

_TOKEN = re.compile(
    r"(?P<space>[\s\u200b\ufeff\x00]+)"
    r"|(?P<mark>[{}\[\](),:，、：;；｛｝［］])"
    r"|(?P<quote>[\"'“”‘’「『＂])"
    r"|(?P<word>(?:[^\s\u200b\ufeff\x00{}\[\](),:，、：;；｛｝［］\"'`“”‘’「『＂#</]|/(?![/*])){1,512})"
    r"|(?P<other>.)",
    re.DOTALL,
)
_SAME_AS = {
    "，": ",", "、": ",", ";": ",", "；": ",", "：": ":", "｛": "{", "｝": "}", "［": "[",
    "］": "]", "(": "[", ")": "]",
}  # fmt: skip
_FLAT_NUMBERS = re.compile(r"\[\s*(?:-?(?:0|[1-9]\d{0,16})(?:\.\d{1,17})?\s*(?:,\s*(?=[-\d])|(?=\])))*\]")
_RISES = re.compile(r"\}|</think")
_STRAY_BRACES = re.compile(r"(?:\{\s{0,40}(?=\{))+")
_COMMENT_END = {"//": "\n", "#": "\n", "/*": "*/"}
_BREAKS = ("```", "</think")
_ODD = (*_COMMENT_END, *_BREAKS)


class JsonStream:
    """Reads outermost objects, one after the other.

    ``read`` is called with a buffer and goes on where the last call stopped; what it passed may be thrown away.

    Args:
        tell: called with each event, at once.

    Attributes:
        open: whether an object has begun and not ended.
        awaits: nothing happens before the next closing brace comes.
    """

    def __init__(self, tell: Callable[[JsonEvent], None]) -> None:
        self.awaits = False
        self._tree = JsonTree(tell)
        self._string = OpenString()
        self._comment = ""
        self._sunk = False
        self.open = False

    def read(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read on at ``place`` until the outermost object ends or more text is needed; return the place reached.

        Args:
            buffer: the text at hand.
            place: where to go on; at a ``{`` where no object is open.
            offset: place of the buffer's first character in the reply.
            final: no more text comes.
        """
        self.awaits = False
        while True:
            before = place
            if self._sunk:
                place = self._rise(buffer, place, final)
            elif self._string.quote:
                place = self._read_string(buffer, place, offset, final)
            elif self._comment:
                place = self._skip_comment(buffer, place)
            else:
                place = self._read_token(buffer, place, offset, final)
            self.open = self._tree.open or self._sunk
            if place == before or not self.open:
                return place

    def read_flat(self, buffer: str, place: int, offset: int, final: bool) -> int | None:
        """Read an object at ``place`` in one step where it holds no other and is proper JSON.

        Returns:
            The place behind it; ``place`` where more text is needed to tell; None where it is not of this kind.
        """
        close = buffer.find("}", place, place + FLAT)
        if close < 0:
            self.awaits = not final and len(buffer) - place < FLAT
            return place if self.awaits else None
        if buffer.find("{", place + 1, close) >= 0:
            return None
        end: int
        try:
            value, end = _decode(buffer, place)
            if buffer.count(":", place, end) != len(value):  # a colon in a string, or a key that comes again
                value, end = _decode_pairs(buffer, place)
        except (ValueError, StopIteration, RecursionError):
            return None
        if end - 1 != close and buffer.find("{", close, end) >= 0:
            # The bracket found stood in a string, and behind it others are nested, which are told one by one.
            return None
        self._tree.closed(value, offset + place, offset + end)
        return end

    def end_is_near(self, whole: bool) -> None:
        """Take note that the next read is the last, and whether the reply is ``whole`` or was broken off."""
        self._string.whole = whole

    def break_off(self, end: int) -> None:
        """Give up all that is open; ``end`` is the place in the reply."""
        torn = bool(self._string.quote)
        self._string.drop()
        self._comment = ""
        self._sunk = False
        self._tree.break_off(end, torn)
        self.open = False

    def _sink(self, place: int, offset: int) -> int:
        """Give up all that is open: it is nested too deep to mean anything."""
        self.break_off(offset + place)
        self._sunk = True
        return place + 1

    def _rise(self, buffer: str, place: int, final: bool) -> int:
        """Pass over what is nested too deep, up to the first object that closes, or to the end of a thought."""
        match = _RISES.search(buffer, place)
        if match is None and not final:
            last = buffer.rfind("{", max(place, len(buffer) - FLAT))
            return last if last >= 0 else max(place, len(buffer) - len("</think"))
        end = match.start() if match else len(buffer)
        self._sunk = False
        last = buffer.rfind("{", max(place, end - FLAT), end)
        return last if last >= 0 and match and match.group() == "}" else end

    def _read_token(self, buffer: str, place: int, offset: int, final: bool) -> int:
        match = _TOKEN.match(buffer, place)
        if match is None:
            return place
        kind, text, end = match.lastgroup, match.group(), match.end()
        if kind == "mark":
            return self._read_mark(_SAME_AS.get(text, text), buffer, place, offset, final)
        if kind == "word":
            return self._read_word(text, buffer, place, offset, final)
        if kind == "quote":
            return self._open_string(text, buffer, place, final)
        if kind == "other":
            return self._read_odd(buffer, place, offset, final)
        return end

    def _read_word(self, word: str, buffer: str, place: int, offset: int, final: bool) -> int:
        end = place + len(word)
        if end == len(buffer) and not final and len(word) < _LONGEST_WORD:
            return place
        if self._tree.wants_value and isinstance(number_or_word(word), Bare):
            owed = quote_owed(buffer, place, final)
            if owed is None:
                return place
            if owed:
                self._string.begin('"')
                return self._read_string(buffer, place, offset, final)
        self._tree.word(word, offset + end)
        return end

    def _open_string(self, quote: str, buffer: str, place: int, final: bool) -> int:
        """Begin a string, unless the quote only ends a key whose own was forgotten."""
        if self._tree.wants_colon:
            ends_key = colon_follows(buffer, place + 1, final)
            if ends_key is None:
                return place
            if ends_key:
                return place + 1
        elif self._tree.wants_key:
            length = unclosed_key(buffer, place + 1, final)
            if length is None:
                return place
            if length:
                self._tree.string(buffer[place + 1 : place + 1 + length], 0)
                return place + 1 + length
        self._string.begin(quote)
        return place + 1

    def _read_mark(self, mark: str, buffer: str, place: int, offset: int, final: bool) -> int:
        tree, end = self._tree, place + 1
        if mark == "{":
            return self._open_object(buffer, place, offset, final)
        if mark == "[":
            return self._open_list(buffer, place, offset)
        if mark == ",":
            tree.comma()
        elif mark == ":":
            tree.colon()
        elif mark == "}" and not tree.listed:
            tree.close_object(offset + end)
        else:
            goes_on = (mark == "]") is not tree.listed and key_follows(buffer, end, final)
            if goes_on is None:
                return place
            if mark == "]" or goes_on:  # or a brace that was meant for the bracket of a list
                tree.close_list(offset + end, goes_on)
            else:
                tree.close_object(offset + end)
        return end

    def _read_odd(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read the begin of a comment, a fence, the end of a thought, or what has no business here."""
        rest = buffer[place : place + 8]
        if not final and any(mark != rest and mark.startswith(rest) for mark in _ODD):
            return place
        if rest.startswith(_BREAKS):
            self.break_off(offset + place)
            return place
        comment = next((mark for mark in _COMMENT_END if rest.startswith(mark)), None)
        if comment is None:
            self._tree.stray(offset + place)
            return place + 1
        self._comment = _COMMENT_END[comment]
        return place + len(comment)

    def _skip_comment(self, buffer: str, place: int) -> int:
        end = buffer.find(self._comment, place)
        if end < 0:
            return max(place, len(buffer) - len(self._comment) + 1)
        end += len(self._comment)
        self._comment = ""
        return end

    def _read_string(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read on in the open string."""
        tree = self._tree
        step, place = self._string.read(buffer, place, final, key=tree.wants_key, listed=tree.listed)
        if step is StringEnd.LATER:
            return place
        if step is StringEnd.TORN:
            self.break_off(offset + place)
            return place
        tree.string(self._string.end(step), offset + place)
        if step is StringEnd.HERE:
            return place + 1
        if not tree.open:
            return place
        if step is StringEnd.BEFORE:
            tree.comma()
        return self._read_token(buffer, place, offset, final)

    def _open_list(self, buffer: str, place: int, offset: int) -> int:
        numbers = None if self._tree.wants_key else _FLAT_NUMBERS.match(buffer, place)
        if numbers:
            self._tree.value(_decode(buffer, place)[0])
            return numbers.end()
        if self._tree.full:
            return self._sink(place, offset)
        self._tree.open_list(offset + place)
        return place + 1

    def _open_object(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read a flat object in one step where it is proper JSON, or open a bracket for it."""
        if self._tree.wants_key:
            self._tree.forget_innermost(offset + place)
        strays = _STRAY_BRACES.match(buffer, place)
        if strays:
            return strays.end()
        end = self.read_flat(buffer, place, offset, final)
        if end is not None:
            return end
        if self._tree.full:
            return self._sink(place, offset)
        self._tree.open_object(offset + place)
        return place + 1
