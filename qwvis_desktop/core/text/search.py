"""Finding words in text regions, also where they go on in the next line.

Letters are compared as people see them: in Unicode's compatibility form (NFKC, so that full-width digits, ligatures and
composed accents are found), any white space as one space, soft hyphens left out; upper and lower case are one unless
asked otherwise.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
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


class _Letter(NamedTuple):
    """A letter as it is compared, and where it stands: place of its region, [start, end) in that text; or between."""

    letter: str
    region: int
    start: int
    end: int


def find(regions: Sequence[TextRegion], wanted: Wanted) -> tuple[Hit, ...]:
    """Return where ``wanted`` stands in regions, in their order; hits do not overlap."""
    query = " ".join("".join(letter for letter, _, _ in _folded(wanted.words, wanted.same_case)).split())
    if not query:
        return ()
    letters = list(_letters(regions, wanted.same_case))
    text = "".join(each.letter for each in letters)
    found, start = [], text.find(query)
    while start >= 0:
        end = start + len(query)
        if wanted.whole_words and not _is_whole(text, start, end):
            start = text.find(query, start + 1)
            continue
        found.append(_hit(regions, letters[start:end]))
        start = text.find(query, end)
    return tuple(hit for hit in found if hit)


def _letters(regions: Sequence[TextRegion], same_case: bool) -> Iterator[_Letter]:
    """Yield the letters of all regions; one text is not longer than one letter without a second white space."""
    before: TextRegion | None = None
    is_space = True
    for place, region in enumerate(regions):
        if before is not None and running_joint(before, region) and not is_space:
            yield _Letter(" ", -1, 0, 0)
            is_space = True
        for letter, start, end in _folded(region.text, same_case):
            if letter != " " or not is_space:
                yield _Letter(letter, place, start, end)
            is_space = letter == " "
        before = region


def _folded(text: str, same_case: bool) -> Iterator[tuple[str, int, int]]:
    """Yield each letter as it is compared, with the part of ``text`` that it comes from."""
    for start, end in clusters(text):
        seen = unicodedata.normalize("NFKC", text[start:end])
        for letter in seen if same_case else unicodedata.normalize("NFKC", seen.casefold()):
            if letter not in _LEFT_OUT:
                yield " " if letter.isspace() else letter, start, end


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _hit(regions: Sequence[TextRegion], letters: Sequence[_Letter]) -> Hit:
    spans: dict[int, tuple[int, int]] = {}
    for letter in letters:
        if letter.region >= 0:
            start, end = spans.get(letter.region, (letter.start, letter.end))
            spans[letter.region] = min(start, letter.start), max(end, letter.end)
    return tuple(TextSpan(regions[place].id, *part) for place, part in spans.items())
