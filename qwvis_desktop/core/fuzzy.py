"""Finding by a few letters: the letters in their order, best at the beginnings of words and next to each other."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

_START, _NEXT, _LATER = 8.0, 9.0, 1.0
"""What a letter is worth: at the beginning of a word, right behind the one before, anywhere later."""


def worth(query: str, text: str) -> float | None:
    """Return how well ``query`` finds ``text``, more for better; None where its letters are not all there in order.

    Case and spaces of the query do not count. Of equals the shorter text is worth more.
    """
    letters, words = "".join(query.casefold().split()), text.casefold()
    if not letters:
        return 0.0
    if not _is_within(letters, words):
        return None
    # The best way through the text, letter by letter: total[place] is the best that ends with a letter at place.
    total: dict[int, float] = {}
    for place, char in enumerate(words):
        if char == letters[0]:
            total[place] = _START if _begins(words, place) else _LATER
    for letter in letters[1:]:
        best, before = float("-inf"), total
        total = {}
        for place, char in enumerate(words):
            if char == letter and (best > float("-inf") or place - 1 in before):
                apart = best + (_START if _begins(words, place) else _LATER)
                total[place] = max(apart, before.get(place - 1, float("-inf")) + _NEXT)
            best = max(best, before.get(place - 1, float("-inf")))
    return max(total.values()) - len(words) * 0.01 if total else None


def _begins(words: str, place: int) -> bool:
    return place == 0 or not words[place - 1].isalnum()


def _is_within(letters: str, words: str) -> bool:
    rest = iter(words)
    return all(letter in rest for letter in letters)


def ranked(query: str, texts: Sequence[str], most: int) -> list[int]:
    """Return the places of the texts that ``query`` finds, the best first, at most so many; equals as they stand."""
    found = ((worth(query, text), -place) for place, text in enumerate(texts))
    return [-place for _, place in heapq.nlargest(most, (each for each in found if each[0] is not None))]
