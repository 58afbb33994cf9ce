"""Finding words in text regions, also where they go on in the next line.

Letters are compared as people see them: in Unicode's compatibility form (NFKC, so that full-width digits, ligatures and
composed accents are found), any white space as one space, soft hyphens left out; upper and lower case are one unless
asked otherwise.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.text.flow import TextSpan, running_joint
from qwvis_desktop.core.text.places import clusters

_LEFT_OUT = frozenset("\u00ad\u200b\ufeff")


class Wanted(NamedTuple):
    """What is looked for."""

    words: str
    same_case: bool = False
    whole_words: bool = False


Hit = tuple[TextSpan, ...]
"""Where something was found: a part of one region, or of several that follow each other."""


class _Folded(NamedTuple):
    """A text as it is compared, without white space at its ends: where each letter of it comes from.

    ``starts`` and ``ends`` are empty where each letter stands for itself; ``start`` is then where the first one stands.
    """

    text: str
    start: int = 0
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def part(self, first: int, last: int) -> tuple[int, int]:
        """Return [start, end) in the text of what the letters [first, last) stand for."""
        if not self.starts:
            return self.start + first, self.start + last
        return self.starts[first], self.ends[last - 1]


def find(regions: Sequence[TextRegion], wanted: Wanted) -> tuple[Hit, ...]:
    """Return where ``wanted`` stands in regions, in their order; hits do not overlap."""
    query = _folded(wanted.words, wanted.same_case).text
    if not query:
        return ()
    pieces, places, length = [], [], 0
    before: TextRegion | None = None
    for region in regions:
        folded = _folded(region.text, wanted.same_case)
        if not folded.text:
            continue
        if before is not None and (between := running_joint(before, region)):
            pieces.append(between)
            length += len(between)
        places.append((length, region.id, folded))
        pieces.append(folded.text)
        length += len(folded.text)
        before = region
    text = "".join(pieces)
    found, start = [], text.find(query)
    while start >= 0:
        end = start + len(query)
        if wanted.whole_words and not _is_whole(text, start, end):
            start = text.find(query, start + 1)
            continue
        found.append(_hit(places, start, end))
        start = text.find(query, end)
    return tuple(found)


@lru_cache(maxsize=20_000)
def _folded(text: str, same_case: bool) -> _Folded:
    """Return a text as it is compared; what was looked at before is known still while somebody types."""
    if text.isascii() and text.isprintable() and "  " not in text:
        seen = text if same_case else text.lower()
        return _Folded(seen.strip(), len(seen) - len(seen.lstrip()))
    letters: list[tuple[str, int, int]] = []
    for start, end in clusters(text):
        seen = unicodedata.normalize("NFKC", text[start:end])
        for letter in seen if same_case else unicodedata.normalize("NFKC", seen.casefold()):
            written = " " if letter.isspace() else letter
            if letter not in _LEFT_OUT and (written != " " or (letters and letters[-1][0] != " ")):
                letters.append((written, start, end))
    if letters and letters[-1][0] == " ":
        letters.pop()
    starts, ends = tuple(start for _, start, _ in letters), tuple(end for _, _, end in letters)
    return _Folded("".join(letter for letter, _, _ in letters), 0, starts, ends)


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _hit(places: Sequence[tuple[int, str, _Folded]], start: int, end: int) -> Hit:
    """Return the parts of regions that the letters [start, end) of all of them stand for."""
    spans = []
    for at in range(bisect_right(places, start, key=lambda place: place[0]) - 1, len(places)):
        begin, key, folded = places[at]
        first, last = max(start - begin, 0), min(end - begin, len(folded.text))
        if begin >= end:
            break
        if first < last:
            spans.append(TextSpan(key, *folded.part(first, last)))
    return tuple(spans)
