"""JSON as models write it, read as it comes: each object is told once, when its bracket closes.

``JsonStream`` reads one outermost object at a time. A flat object that is proper JSON goes through the standard
library's decoder in one step; anything else through a tolerant reader with an explicit stack. It may supply an owed
delimiter and skip what lies outside strings; it never completes a value. An object whose closing bracket never came
is told as ``BrokenObject``. No character is read more than a fixed number of times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.quoting import CLOSERS, ends_string, unescaped

MAX_DEPTH = 64
"""Deepest nesting that is followed; beyond it the text is taken for garbage."""

MAX_STRAYS = 4
"""Words in wrong places after which an outermost object is taken for prose or program text."""

FLAT = 2048
"""Longest object without inner objects that is handed to the standard library in one step, in characters."""

_LONGEST_NUMBER = 40
"""Longest number, in characters, that is one: a double has 17 digits."""


class Bare(str):
    """An unquoted word in the place of a value, such as the ``x1`` of an echoed format."""

    __slots__ = ()


class RepeatedKeys(dict[str, JsonValue]):
    """An object in which a key comes more than once; ``pairs`` holds all in their order."""

    def __init__(self, pairs: list[tuple[str, JsonValue]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def as_object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """Return the object with these keys and values, remembering keys that come more than once."""
    value = dict(pairs)
    return value if len(value) == len(pairs) else RepeatedKeys(pairs)


@dataclass(slots=True)
class ClosedObject:
    """An object whose closing bracket came.

    Attributes:
        value: what it holds.
        start: place of its ``{`` in the reply.
        end: place behind its ``}``.
        keys: keys of the enclosing objects that lead to it, outermost first; lists leave no trace.
        around: the strings and numbers that the next enclosing object held before it.
        listed: whether it stands in a list (or outside of all).
    """

    value: dict[str, JsonValue]
    start: int
    end: int
    keys: tuple[str, ...] = ()
    around: Mapping[str, JsonValue] = field(default_factory=dict)
    listed: bool = True


@dataclass(slots=True)
class BrokenObject:
    """An object whose closing bracket never came.

    Attributes:
        value: what it held so far; never to be shown.
        start: place of its ``{`` in the reply.
        end: where it was given up.
        torn: whether something of its own is lost, and not only the bracket of a wrapper round whole objects.
    """

    value: dict[str, JsonValue]
    start: int
    end: int
    torn: bool


JsonEvent: TypeAlias = ClosedObject | BrokenObject

_NEXT_KEY, _COLON, _VALUE, _COMMA = range(4)


@dataclass(slots=True)
class _Frame:
    """An open bracket: of an object (``pairs``) or of a list (``items``)."""

    start: int
    listed: bool
    pairs: list[tuple[str, JsonValue]] = field(default_factory=list)
    items: list[JsonValue] = field(default_factory=list)
    scalars: dict[str, JsonValue] = field(default_factory=dict)
    state: int = _NEXT_KEY
    key: str = ""
    wraps: bool = False

    @property
    def wants_key(self) -> bool:
        """Whether a key is due here, a comma before it or not."""
        return not self.listed and self.state in (_NEXT_KEY, _COMMA)

    def give(self, value: JsonValue) -> None:
        """Take the next value."""
        if self.listed:
            self.items.append(value)
            return
        self.pairs.append((self.key, value))
        if isinstance(value, str | int | float):
            self.scalars.setdefault(self.key, value)
        self.state = _COMMA


_decode = json.JSONDecoder(object_pairs_hook=as_object).raw_decode

_TOKEN = re.compile(
    r"(?P<space>[\s\u200b\ufeff\x00]+)"
    r"|(?P<mark>[{}\[\](),:，、：;；｛｝［］])"
    r"|(?P<quote>[\"'`“”‘’「『＂])"
    r"|(?P<word>(?:[^\s\u200b\ufeff\x00{}\[\](),:，、：;；｛｝［］\"'`“”‘’「『＂#</]|/(?![/*])){1,512})"
    r"|(?P<other>.)",
    re.DOTALL,
)
_SAME_AS = {
    "，": ",",
    "、": ",",
    ";": ",",
    "；": ",",
    "：": ":",
    "｛": "{",
    "｝": "}",
    "［": "[",
    "］": "]",
    "(": "[",
    ")": "]",
}
_FLAT_NUMBERS = re.compile(r"\[\s*(?:-?(?:0|[1-9]\d{0,16})(?:\.\d{1,17})?\s*(?:,\s*(?=[-\d])|(?=\])))*\]")
_COMMENT = re.compile(r"//|/\*|#")
_COMMENT_END = {"//": "\n", "#": "\n", "/*": "*/"}
_WAITING = ("//", "/*", "```", "</think>")
_STOPS = {quote: re.compile("[\\\\<\n" + re.escape(closers) + "]") for quote, closers in CLOSERS.items()}
_TORN_STRING = re.compile(r"\n[ \t]{0,40}```")
_LITERALS: dict[str, JsonValue] = {
    "true": True, "True": True, "false": False, "False": False, "null": None, "None": None, "nil": None,
    "undefined": None,
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\Z")


def number_or_word(word: str) -> JsonValue:
    """Return what an unquoted word means: a literal, a number, or itself as ``Bare``."""
    if word in _LITERALS:
        return _LITERALS[word]
    if len(word) <= _LONGEST_NUMBER and _NUMBER.match(word):
        return int(word) if word.lstrip("+-").isdecimal() else float(word)
    return Bare(word)


class JsonStream:
    """Reads outermost objects, one after the other.

    ``read`` is called with a buffer and goes on where the last call stopped; what it passed may be thrown away.

    Args:
        tell: called with each event, at once.
    """

    def __init__(self, tell: Callable[[JsonEvent], None]) -> None:
        self.awaits = False
        self._tell = tell
        self._stack: list[_Frame] = []
        self._closers = ""
        self._pieces: list[str] = []
        self._comment = ""
        self._strays = 0

    @property
    def open(self) -> bool:
        """Whether an object has begun and not ended."""
        return bool(self._stack)

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
            if self._closers:
                place = self._read_string(buffer, place, offset, final)
            elif self._comment:
                place = self._skip_comment(buffer, place)
            else:
                place = self._read_token(buffer, place, offset, final)
            if place == before or not self._stack:
                return place

    def break_off(self, end: int) -> None:
        """Give up all that is open, innermost first; ``end`` is the place in the reply."""
        torn = bool(self._closers)
        self._closers, self._comment, self._strays = "", "", 0
        self._pieces.clear()
        while self._stack:
            frame = self._stack.pop()
            if frame.listed:
                torn = torn or (bool(frame.items) and not frame.wraps)
            else:
                self._tell_broken(frame, end, torn)
                torn = False

    # What comes: tokens, strings, comments.

    def _read_token(self, buffer: str, place: int, offset: int, final: bool) -> int:
        match = _TOKEN.match(buffer, place)
        if match is None:
            return place
        kind, text, end = match.lastgroup, match.group(), match.end()
        if kind == "mark":
            mark = _SAME_AS.get(text, text)
            if mark == "{":
                return self._open_object(buffer, place, offset, final)
            if mark == "[":
                return self._open_list(buffer, place, offset)
            self._mark(mark, offset + end)
            return end
        if kind == "quote" and not buffer.startswith("`", place):
            self._closers = text
            return end
        if kind == "word":
            if end == len(buffer) and not final and len(text) < 512:
                return place
            self._word(text, offset + end)
            return end
        return end if kind == "space" else self._read_odd(buffer, place, offset, final)

    def _read_odd(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read the begin of a comment, a fence, the end of a thought, or what has no business here."""
        rest = buffer[place : place + 8]
        if not final and any(mark != rest and mark.startswith(rest) for mark in _WAITING):
            return place
        if rest.startswith(("```", "</think>")):
            self.break_off(offset + place)
            return place
        comment = _COMMENT.match(rest)
        if comment:
            self._comment = _COMMENT_END[comment.group()]
            return place + comment.end()
        self._stray(offset + place)
        return place + 1

    def _skip_comment(self, buffer: str, place: int) -> int:
        end = buffer.find(self._comment, place)
        if end < 0:
            return max(place, len(buffer) - len(self._comment) + 1)
        end += len(self._comment)
        self._comment = ""
        return end

    def _read_string(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read on in a string; ``_closers`` holds the quote it began with."""
        frame = self._stack[-1]
        stop = _STOPS[self._closers].search
        while True:
            match = stop(buffer, place)
            end = match.start() if match else len(buffer)
            if end > place:
                self._pieces.append(buffer[place:end])
                place = end
            if match is None:
                return place
            found = match.group()
            if found == "\\":
                if place + 1 == len(buffer) and not final:
                    return place
                self._pieces.append(buffer[place : place + 2])
                place += 2
                continue
            if found in "\n<":
                torn = self._torn_at(buffer, place, final)
                if torn is None:
                    return place
                if torn:
                    self.break_off(offset + place)
                    return place
            else:
                ends = ends_string(buffer, place, key=frame.wants_key, listed=frame.listed, final=final)
                if ends is None:
                    return place
                if ends:
                    text = unescaped("".join(self._pieces))
                    self._pieces.clear()
                    self._closers = ""
                    self._string(text)
                    return place + 1
            self._pieces.append(found)
            place += 1

    def _torn_at(self, buffer: str, place: int, final: bool) -> bool | None:
        """Say whether a fence or the end of a thought at ``place`` shows that a string was never closed."""
        rest = buffer[place : place + 48]
        complete = final or len(rest) == 48
        if rest[0] == "<":
            if rest.startswith("</think>\n") or (final and rest == "</think>"):
                return True
            return None if not complete and "</think>\n".startswith(rest) else False
        if _TORN_STRING.match(rest):
            return True
        return None if not complete and not rest.strip(" \t\n").strip("`") else False

    # What it means.

    def _mark(self, mark: str, end: int) -> None:
        frame = self._stack[-1]
        if mark == ",":
            frame.state = _NEXT_KEY
        elif mark == ":":
            if frame.listed:
                self._lost_list_end()
            elif frame.state == _COLON:
                frame.state = _VALUE
        elif mark == "}":
            self._close_lists()
            self._close_object(end)
        elif frame.listed:
            self._close_list()
        elif any(outer.listed for outer in self._stack):
            # The list ends while an object in it is open: that one lost its bracket.
            self._stack.pop()
            if frame.pairs:
                self._tell_broken(frame, end - 1, True)
            self._close_lists(1)

    def _string(self, text: str) -> None:
        frame = self._stack[-1]
        if frame.wants_key:
            frame.key, frame.state = text, _COLON
        else:
            frame.give(text)

    def _word(self, word: str, end: int) -> None:
        frame = self._stack[-1]
        if frame.listed or frame.state == _VALUE:
            frame.give(number_or_word(word))
            return
        if frame.state == _COLON:
            self._stray(end)
            if not self._stack:
                return
        frame.key, frame.state = word, _COLON

    def _stray(self, end: int) -> None:
        self._strays += 1
        if self._strays > MAX_STRAYS:
            self.break_off(end)

    def _open_list(self, buffer: str, place: int, offset: int) -> int:
        frame = self._stack[-1]
        if frame.wants_key:
            self._stray(offset + place)
            return place + 1
        numbers = _FLAT_NUMBERS.match(buffer, place)
        if numbers:
            frame.give(_decode(buffer, place)[0])
            return numbers.end()
        if len(self._stack) >= MAX_DEPTH:
            self.break_off(offset + place)
        else:
            self._stack.append(_Frame(offset + place, listed=True))
        return place + 1

    def _open_object(self, buffer: str, place: int, offset: int, final: bool) -> int:
        """Read a flat object in one step where it is proper JSON, or open a frame for it."""
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.wants_key:
            # No object can begin here: the bracket before it was stray, or an object lost its closing one.
            self._stack.pop()
            if frame.pairs:
                self._tell_broken(frame, offset + place, not frame.wraps)
            frame = self._stack[-1] if self._stack else None
        close = buffer.find("}", place, place + FLAT)
        if close < 0 and not final and len(buffer) - place < FLAT:
            self.awaits = True
            return place
        if close >= 0 and buffer.find("{", place + 1, close) < 0:
            try:
                value, end = _decode(buffer, place)
            except (ValueError, RecursionError):
                pass  # not proper JSON: read it token by token
            else:
                self._tell_closed(value, offset + place, offset + end)
                return int(end)
        if len(self._stack) >= MAX_DEPTH:
            self.break_off(offset + place)
            return place
        self._stack.append(_Frame(offset + place, listed=False))
        return place + 1

    def _close_object(self, end: int) -> None:
        frame = self._stack.pop()
        self._tell_closed(as_object(frame.pairs), frame.start, end)

    def _close_lists(self, count: int = MAX_DEPTH) -> None:
        while count and self._stack and self._stack[-1].listed:
            self._close_list()
            count -= 1

    def _close_list(self) -> None:
        frame = self._stack.pop()
        self._stack[-1].give(frame.items)

    def _lost_list_end(self) -> None:
        """A key stands in a list: the list's closing bracket was forgotten before it."""
        items = self._stack[-1].items
        if items and isinstance(items[-1], str):
            key = items.pop()
            assert isinstance(key, str)
            self._close_lists()
            self._stack[-1].key, self._stack[-1].state = key, _VALUE

    def _tell_closed(self, value: dict[str, JsonValue], start: int, end: int) -> None:
        if not self._stack:
            self._strays = 0
            self._tell(ClosedObject(value, start, end))
            return
        keys = tuple(frame.key for frame in self._stack if not frame.listed)
        around = next(frame.scalars for frame in reversed(self._stack) if not frame.listed)
        self._tell(ClosedObject(value, start, end, keys, around, self._stack[-1].listed))
        for frame in self._stack:
            frame.wraps = True
        self._stack[-1].give(value)

    def _tell_broken(self, frame: _Frame, end: int, torn: bool) -> None:
        self._tell(BrokenObject(as_object(frame.pairs), frame.start, end, torn or not frame.wraps))
