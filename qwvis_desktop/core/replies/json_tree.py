"""What JSON of a reply means as it comes: open brackets, owed delimiters, objects that close and objects that break.

``JsonTree`` is told marks, strings and words in their order (``json_stream`` cuts the text into them) and tells each
object once, when its bracket closes. It may supply an owed delimiter and skip what has no business where it stands; it
never completes a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.vocabulary import PLACE_KEYS, plain

MAX_DEPTH = 64
"""Deepest nesting that is followed; beyond it the text is taken for garbage."""

MAX_STRAYS = 4
"""Words in wrong places after which an outermost object is taken for prose or program text."""

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
    around: Mapping[str, JsonValue] | None = None
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
"""What is due in an object."""


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
    loose: bool = False

    @property
    def wants_key(self) -> bool:
        """Whether a key is due here, a comma before it or not."""
        return not self.listed and self.state in (_NEXT_KEY, _COMMA)

    def takes_more(self, value: JsonValue) -> bool:
        """Take a number where a key is due: the bracket before the numbers of a place was forgotten."""
        if not self.pairs or isinstance(value, str) or plain(self.pairs[-1][0]) not in PLACE_KEYS:
            return False
        key, before = self.pairs[-1]
        if isinstance(before, list) and self.loose:
            before.append(value)
            return True
        self.loose = isinstance(before, int | float)
        if self.loose:
            self.pairs[-1] = (key, [before, value])
        return self.loose

    def give(self, value: JsonValue) -> None:
        """Take the next value."""
        self.loose = False
        if self.listed:
            self.items.append(value)
            return
        self.pairs.append((self.key, value))
        if isinstance(value, str | int | float):
            self.scalars.setdefault(self.key, value)
        self.state = _COMMA


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


class JsonTree:
    """The open brackets of one outermost object after the other.

    Args:
        tell: called with each event, at once.
    """

    def __init__(self, tell: Callable[[JsonEvent], None]) -> None:
        self._tell = tell
        self._stack: list[_Frame] = []
        self._strays = 0

    @property
    def open(self) -> bool:
        """Whether an object has begun and not ended."""
        return bool(self._stack)

    @property
    def listed(self) -> bool:
        """Whether the innermost open bracket is that of a list."""
        return self._stack[-1].listed

    @property
    def wants_key(self) -> bool:
        """Whether a key is due, a comma before it or not."""
        return bool(self._stack) and self._stack[-1].wants_key

    @property
    def wants_value(self) -> bool:
        """Whether the value of a key is due."""
        return not self._stack[-1].listed and self._stack[-1].state == _VALUE

    @property
    def wants_colon(self) -> bool:
        """Whether a key stands there without its colon."""
        return not self._stack[-1].listed and self._stack[-1].state == _COLON

    @property
    def in_list(self) -> bool:
        """Whether a list is open anywhere."""
        return any(frame.listed for frame in self._stack)

    def break_off(self, end: int, torn: bool = False) -> None:
        """Give up all that is open, innermost first.

        Args:
            end: the place in the reply.
            torn: the text ended in the middle of a string.
        """
        self._strays = 0
        innermost = True
        while self._stack:
            frame = self._stack.pop()
            if frame.listed:
                torn = torn or (bool(frame.items) and not frame.wraps)
            else:
                self._tell_broken(frame, end, innermost and (torn or not frame.wraps))
                innermost = False

    def open_object(self, start: int) -> None:
        """Take a ``{`` at ``start``."""
        self._stack.append(_Frame(start, listed=False))

    def forget_innermost(self, end: int) -> None:
        """Give up the innermost object: another begins where a key is due, so that its bracket was stray or is lost."""
        frame = self._stack.pop()
        if frame.pairs:
            self._tell_broken(frame, end, not frame.wraps)

    def open_list(self, start: int) -> None:
        """Take a ``[`` at ``start``."""
        if self.wants_key:
            self.stray(start)
        else:
            self._stack.append(_Frame(start, listed=True))

    @property
    def full(self) -> bool:
        """Whether the nesting is as deep as it is followed."""
        return len(self._stack) >= MAX_DEPTH

    def value(self, value: JsonValue) -> None:
        """Take a value that is read already."""
        self._stack[-1].give(value)

    def comma(self) -> None:
        """Take a comma; a key without a value before it is dropped."""
        self._stack[-1].state = _NEXT_KEY

    def colon(self) -> None:
        """Take a colon; where one stands in a list, the list's bracket was forgotten before the key."""
        frame = self._stack[-1]
        if not frame.listed:
            if frame.state == _COLON:
                frame.state = _VALUE
        elif frame.items and isinstance(frame.items[-1], str):
            key = str(frame.items.pop())
            self._close_lists()
            self._stack[-1].key, self._stack[-1].state = key, _VALUE

    def close_object(self, end: int) -> None:
        """Take a ``}``; ``end`` is the place behind it. Lists that are open in the object end too."""
        self._close_lists()
        frame = self._stack.pop()
        self.closed(as_object(frame.pairs), frame.start, end)

    def close_list(self, end: int, stray: bool) -> None:
        """Take a ``]``; ``end`` is the place behind it.

        Args:
            end: the place behind it.
            stray: another key follows, so that it does not end the list round an open object.
        """
        if self.listed:
            self._pop_list()
        elif self.in_list and not stray:
            self.forget_innermost(end - 1)
            if self._stack[-1].listed:
                self._pop_list()

    def string(self, text: str, end: int) -> None:
        """Take a string that ends at ``end``."""
        frame = self._stack[-1]
        if not frame.listed and frame.state == _COLON:
            self.stray(end)
        if frame.wants_key:
            frame.key, frame.state = text, _COLON
        else:
            frame.give(text)

    def word(self, word: str, end: int) -> None:
        """Take an unquoted word that ends at ``end``."""
        frame = self._stack[-1]
        if frame.listed or frame.state == _VALUE:
            frame.give(number_or_word(word))
            return
        if frame.state == _COLON:
            self.stray(end)
        elif frame.state == _NEXT_KEY and frame.takes_more(number_or_word(word)):
            return
        frame.key, frame.state = word, _COLON

    def stray(self, end: int) -> None:
        """Take note of something that has no business here; too much of it is no JSON at all."""
        self._strays += 1
        if self._strays > MAX_STRAYS:
            self.break_off(end)

    def closed(self, value: dict[str, JsonValue], start: int, end: int) -> None:
        """Tell of an object whose bracket closed, and give it to the one around it."""
        self._strays = 0
        if not self._stack:
            self._tell(ClosedObject(value, start, end))
            return
        keys = tuple(frame.key for frame in self._stack if not frame.listed)
        around = next(frame.scalars for frame in reversed(self._stack) if not frame.listed)
        self._tell(ClosedObject(value, start, end, keys, around, self._stack[-1].listed))
        for frame in self._stack:
            frame.wraps = True
        self._stack[-1].give(value)

    def _close_lists(self) -> None:
        while self._stack[-1].listed:
            self._pop_list()

    def _pop_list(self) -> None:
        frame = self._stack.pop()
        self._stack[-1].give(frame.items)

    def _tell_broken(self, frame: _Frame, end: int, torn: bool) -> None:
        self._tell(BrokenObject(as_object(frame.pairs), frame.start, end, torn))
