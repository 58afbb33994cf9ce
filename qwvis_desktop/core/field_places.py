"""Where the value of a field stands on its page, found in the lines of text that were read there.

Values are compared as people read them: full width and half width are one, upper and lower case, and white space does
not count; a number is the same however its thousands and decimals are parted, a date however it is written. What is
found in several places is told with all of them; nothing is ever guessed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import accumulate

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.geometry import Polygon
from qwvis_desktop.core.text.flow import TextSpan
from qwvis_desktop.core.text.places import parts

Place = tuple[TextSpan, ...]
"""A part of a line of text, or of several that follow each other."""

LONGEST_VALUE = 2000
"""Characters of a value that is looked for."""

_NUMBER = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)|[+-]?\d[\d.,'’]*")
_MONEY = "usd|eur|gbp|cny|rmb|jpy|chf|元"
_YEAR_FIRST = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d{2})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_NAMED = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\.?({'|'.join(_MONTHS)})[a-z]*\.?,?(\d{{4}})"
    rf"|({'|'.join(_MONTHS)})[a-z]*\.?(\d{{1,2}})(?:st|nd|rd|th)?,?(\d{{4}}))"
)
_Date = tuple[int, int, int]


class PageText:
    """The letters of all lines of a page, as they are compared.

    Args:
        regions: the lines, in reading order.
    """

    def __init__(self, regions: Sequence[TextRegion]) -> None:
        self._regions = tuple(regions)
        folded = [list(_folded(region.text)) for region in self._regions]
        self._letters = [letter for letters in folded for letter in letters]
        self._ends = list(accumulate(len(letters) for letters in folded))
        self._text = "".join(letter for letter, _, _ in self._letters)
        self._lines = ["".join(letter for letter, _, _ in letters) for letters in folded]

    def places_of(self, value: str) -> tuple[Place, ...]:
        """Return where ``value`` stands, in reading order; nothing where it is empty, or not there."""
        if len(value) > LONGEST_VALUE:
            return ()
        wanted = "".join(letter for letter, _, _ in _folded(value))
        if not wanted or not any(map(str.isalnum, wanted)):
            return ()
        spans = sorted({*self._exact(wanted), *self._by_meaning(wanted)})
        return tuple(self._place(start, end) for start, end in _outermost(spans))

    def outlines(self, place: Place) -> tuple[Polygon, ...]:
        """Return the outlines of a place on the picture, one for each line."""
        regions = {region.id: region for region in self._regions}
        return tuple(each for span in place for each in parts(regions[span.key], span.start, span.end))

    def _exact(self, wanted: str) -> Iterator[tuple[int, int]]:
        start = self._text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            if self._is_whole(start, end):
                yield start, end
            start = self._text.find(wanted, start + 1)

    def _by_meaning(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Yield where the same number or the same date stands, within a line."""
        dates, number = _dates(wanted), _number(wanted)
        if not dates and number is None:
            return
        for at, line in enumerate(self._lines):
            start = self._ends[at] - len(line)
            found = _same_dates(line, dates) if dates else self._same_numbers(start, self._ends[at], number)
            yield from ((start + a, start + b) for a, b in found if self._is_whole(start + a, start + b))

    def _same_numbers(self, start: int, end: int, number: Decimal | None) -> Iterator[tuple[int, int]]:
        """Yield where the same number stands among the letters [start, end), counted from there."""
        line, places = [], []
        for at in range(start, end):
            if at > start and self._letters[at - 1][2] != self._letters[at][1]:
                line.append(" ")
                places.append(at - start)
            line.append(self._letters[at][0])
            places.append(at - start)
        for match in _NUMBER.finditer("".join(line)):
            token = _trimmed(match[0])
            if _value(token) == number:
                yield places[match.start()], places[match.start() + len(token) - 1] + 1

    def _is_whole(self, start: int, end: int) -> bool:
        """Say whether no word and no number goes on at either end."""
        return not self._goes_on(start - 1, start) and not self._goes_on(end - 1, end)

    def _goes_on(self, one: int, other: int) -> bool:
        if one < 0 or other >= len(self._letters) or self._region(one) != self._region(other):
            return False
        (before, _, end), (after, start, _) = self._letters[one], self._letters[other]
        if end != start:
            return False  # white space is between them
        both_digits = before.isdigit() and after.isdigit()
        both_latin = before.isalnum() and after.isalnum() and before.isascii() and after.isascii()
        return both_digits or both_latin

    def _region(self, letter: int) -> int:
        return bisect_right(self._ends, letter)

    def _place(self, start: int, end: int) -> Place:
        spans: dict[int, tuple[int, int]] = {}
        for at in range(start, end):
            region, (_, first, last) = self._region(at), self._letters[at]
            former = spans.get(region, (first, last))
            spans[region] = min(former[0], first), max(former[1], last)
        return tuple(TextSpan(self._regions[region].id, *span) for region, span in spans.items())


def _folded(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each letter as it is compared, with the part of ``text`` that it comes from; no white space."""
    for at, letter in enumerate(text):
        for seen in unicodedata.normalize("NFKC", letter).casefold():
            if not seen.isspace() and unicodedata.category(seen) not in ("Cf", "Cc"):
                yield seen, at, at + 1


def _outermost(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans without those that lie in another."""
    reach = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > reach:
            yield start, end
            reach = end


def _same_dates(line: str, dates: frozenset[_Date]) -> Iterator[tuple[int, int]]:
    return ((start, end) for start, end, found in _dates_in(line) if not dates.isdisjoint(found))


def _trimmed(token: str) -> str:
    return token.rstrip(".,'’")


def _number(text: str) -> Decimal | None:
    """Return the number that a value is, currency and per cent left out; None where it is none."""
    bare = re.sub(rf"^[^\w+-]*(?:{_MONEY})?[^\w+-]*|[^\w]*(?:{_MONEY})?$", "", text)
    match = _NUMBER.fullmatch(bare)
    return _value(_trimmed(bare)) if match else None


def _value(token: str) -> Decimal | None:
    """Return the number that is written: the last separator parts the decimals unless it parts thousands."""
    digits = token.replace("'", "").replace("’", "").replace(" ", "")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        sign, behind = digits[last], len(digits) - last - 1
        several = digits.count(sign) > 1
        mixed = "." in digits and "," in digits
        if several or (behind == 3 and not mixed and not digits.lstrip("+-").startswith("0")):
            digits = digits.replace(",", "").replace(".", "")
        else:
            digits = digits[:last].replace(",", "").replace(".", "") + "." + digits[last + 1 :]
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _dates(text: str) -> frozenset[_Date]:
    """Return the dates that a value may mean, all of it; none where it is no date."""
    return frozenset(date for start, end, dates in _dates_in(text) if (start, end) == (0, len(text)) for date in dates)


def _dates_in(line: str) -> Iterator[tuple[int, int, frozenset[_Date]]]:
    """Yield where dates stand in a line without white space, and what each may mean: year, month, day."""
    for match in _YEAR_FIRST.finditer(line):
        yield match.start(), match.end(), _possible((int(match[1]), int(match[2]), int(match[3])))
    for match in _YEAR_LAST.finditer(line):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        years = (year,) if year > 99 else (1900 + year, 2000 + year)
        both = [date for each in years for date in ((each, second, first), (each, first, second))]
        yield match.start(), match.end(), _possible(*both)
    for match in _NAMED.finditer(line):
        day, month, named = match.group(1, 2, 3) if match[1] else match.group(5, 4, 6)
        yield match.start(), match.end(), _possible((int(named), _MONTHS[month], int(day)))


def _possible(*dates: _Date) -> frozenset[_Date]:
    return frozenset(date for date in dates if 1 <= date[1] <= 12 and 1 <= date[2] <= 31)
