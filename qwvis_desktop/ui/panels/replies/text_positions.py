"""Where a character of a raw reply stands in a Qt text document, and the other way round.

Qt counts UTF-16 units; Python counts characters. Beyond that, lines of thousands of characters are broken for the eye
(Qt lays a line out anew with every piece that is appended), and characters that Qt would swallow or take for
something else are shown as others. All this is one list: the characters that take one unit more than one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

LONGEST_LINE = 1_000
"""Characters after which a line is broken where it can be, and broken anyhow a tenth later."""

_ALTERED = re.compile("[\r\0\u2029\ufdd0\ufdd1\ufffc\ud800-\udfff]")
_SHOWN_AS = {"\r": "\u200b", "\0": "\u2400", "\u2029": "\u2028"}
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_BREAK_AFTER = re.compile(r"[ ,}\]\t]")


class TextPositions:
    """Grows with a reply; gives for each piece what is to be shown, and maps places both ways.

    Places are between characters: 0 is before the first.
    """

    def __init__(self) -> None:
        self._length = 0
        self._line = 0
        # Characters after which all units are one further on than the characters before say.
        self._wide: list[int] = []

    @property
    def length(self) -> int:
        """Characters so far."""
        return self._length

    def append(self, text: str) -> str:
        """Take further characters; return what to append to the Qt document."""
        shown = _ALTERED.sub(lambda match: _SHOWN_AS.get(match.group(), "\ufffd"), text)
        pieces: list[str] = []
        extra = [match.start() for match in _WIDE.finditer(shown)]
        done = 0
        for start, stop in _lines(shown):
            for cut in self._cuts(shown, start, stop):
                pieces += (shown[done:cut], "\n")
                extra.append(cut - 1)
                done = cut
            self._line = 0 if stop < len(shown) else self._line
        pieces.append(shown[done:])
        self._wide.extend(sorted(self._length + place for place in extra))
        self._length += len(text)
        return "".join(pieces)

    def _cuts(self, text: str, start: int, stop: int) -> list[int]:
        """Return where the line ``text[start:stop]`` is to be broken; keep count of its length."""
        cuts: list[int] = []
        begin = start - self._line
        while stop - begin > LONGEST_LINE:
            last = begin + LONGEST_LINE + LONGEST_LINE // 10
            found = _BREAK_AFTER.search(text, max(begin + LONGEST_LINE, start), max(min(last, stop), start))
            if found is None and last >= stop:
                break
            begin = (found.start() if found is not None else last) + 1
            cuts.append(begin)
        self._line = stop - begin
        return cuts

    def to_unit(self, character: int) -> int:
        """Return the place in the Qt document before this character of the reply."""
        return character + bisect_left(self._wide, character)

    def to_character(self, unit: int) -> int:
        """Return the place in the reply of a place in the Qt document; inside a character, that before it."""
        low, high = 0, self._length
        low = bisect_right(range(high + 1), unit, key=self.to_unit) - 1
        return max(low, 0)


def _lines(text: str) -> list[tuple[int, int]]:
    """Return [start, end) of each line, without its line feed."""
    bounds, start = [], 0
    while (end := text.find("\n", start)) >= 0:
        bounds.append((start, end))
        start = end + 1
    return [*bounds, (start, len(text))]
