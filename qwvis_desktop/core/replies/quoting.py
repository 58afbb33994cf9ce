"""Strings in damaged JSON: where one really ends, and what it says.

A model forgets to escape the quotes inside a label, or to close a label at all. Whether a quote ends a string is
judged by what follows it. Each judgement looks at a bounded window and says "later" where the window has not arrived,
so that a reply fed in any pieces is read alike.
"""

from __future__ import annotations

import re
from enum import Enum

from qwvis_desktop.core.replies.vocabulary import known

CLOSERS = {
    '"': '"',
    "'": "'",
    "“": '”“"',
    "”": '”"',
    "‘": "’‘'",
    "’": "’'",
    "「": "」",
    "『": "』",
    "＂": '＂"',
}
"""Quotes that open a string as structure, each with those that may end it."""

WINDOW = 200
"""Characters looked at behind a quote; more white space than this is no place where a value goes on."""

LONGEST_KEY = 64
"""Longest key, in characters, that is looked for behind a string that may have ended."""


class StringEnd(Enum):
    """Whether a string ends."""

    NOT = "it goes on"
    LATER = "more text is needed to tell"
    HERE = "this is its closing quote"
    OWED = "its closing quote was forgotten here"
    BEFORE = "its closing quote was forgotten before the comma that came last"
    TORN = "it never ended: something else begins here"


_SPACE = re.compile(rf"[\s\u200b\ufeff\x00]{{0,{WINDOW}}}")
_WORD = re.compile(rf"[\w$-]{{0,{WINDOW}}}")
_TORN = {
    "\n": (re.compile(r"\n[ \t]{0,40}`{0,2}\Z"), re.compile(r"\n[ \t]{0,40}```")),
    "<": (re.compile(r"<(?:/(?:t(?:h(?:i(?:n(?:k>?)?)?)?)?)?)?\Z"), re.compile(r"</think>(?:\n|\Z)")),
}
"""What shows that a string was never closed: how it may begin, and the whole of it."""

_NEXT_OBJECT = re.compile(r"\}\s{0,40},?\s{0,40}\{\s{0,40}[\"'“](\w{1,32})[\"'”]\s{0,8}[:：]")
_LIST_END = re.compile(r"\}\s{0,40}\]\s{0,40}(?:[}\]]\s{0,9}){0,3}(?:```|<\||(?P<end>\Z))")
_MAY_END = re.compile(
    r"\}\s{0,40}(?:\Z|,?\s{0,40}(?:\Z|\{\s{0,40}(?:\Z|[\"'“]\w{0,32}(?:\Z|[\"'”]\s{0,8}\Z)))|\]\s{0,40}(?:[}\]]\s{0,9}){0,3}(?:`{0,2}|<)\Z)"
)
_TEXT_OF_JSON = re.compile(r"\s*\[?\s*\{\s*(?:[\"'“]|\Z)")
_UNOPENED = re.compile(r"[^\"',，}\]\n]{0,100}(?:(\"\s{0,20}[,，}\]])|\"?\s{0,20})")
_UNCLOSED_KEY = re.compile(r"(\w{1,32})[:：]\s{0,20}[\[\d{\"'-]")
_UNCLOSED_KEY_BEGUN = re.compile(r"\w{0,32}(?:[:：]\s{0,20})?\Z")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "/": "/", '"': '"', "'": "'"}


def unescaped(raw: str) -> str:
    """Return what the ``raw`` text of a string says; an escape that JSON does not know stands for itself."""
    if "\\" not in raw:
        return raw
    return _PAIR.sub(_joined, _ESCAPE.sub(_character, raw))


def _character(match: re.Match[str]) -> str:
    code = match.group(1)
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, "\\" + code)


def _joined(match: re.Match[str]) -> str:
    pair = match.group()
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + (ord(pair[1]) - 0xDC00))


def string_end(buffer: str, quote: int, head: str, tail: str, *, key: bool, listed: bool, final: bool) -> StringEnd:
    """Say whether the quote at ``quote`` ends the string it stands in.

    Args:
        buffer: the text at hand.
        quote: place of the quote in it.
        head: how the string begins.
        tail: the last characters of the string so far.
        key: the string is a key.
        listed: the string is an item of a list.
        final: no more text comes.
    """
    if not key and _TEXT_OF_JSON.match(head) and tail.rstrip()[-1:] not in ("}", "]"):
        return StringEnd.NOT  # JSON that was read off the picture, its quotes not escaped
    ends = _ends(buffer, quote, key=key, listed=listed, final=final)
    if ends is None:
        return StringEnd.LATER
    if ends:
        return StringEnd.HERE
    if key or not tail.rstrip().endswith(","):
        return StringEnd.NOT
    begins = _next_key(buffer, quote, final, familiar=True)
    if begins is None:
        return StringEnd.LATER
    return StringEnd.BEFORE if begins else StringEnd.NOT


def torn_at(buffer: str, place: int, *, final: bool, whole: bool) -> StringEnd:
    """Say whether what stands at ``place`` in a string (a new line, ``<``, ``}``) shows that it was never closed.

    A fence at the begin of a line and a ``</think>`` at the end of one are no part of a string. Where a bracket is
    followed by the next object with its first key, or by the end of all, only the closing quote was forgotten. Where a
    reply was broken off, its last character is no end: the string may have gone on.

    Args:
        buffer: the text at hand.
        place: where to look.
        final: no more text comes.
        whole: the reply was not broken off.
    """
    rest = buffer[place : place + WINDOW]
    more = not final and len(rest) < WINDOW
    if rest[0] != "}":
        begun, shown = _TORN[rest[0]]
        if more and begun.match(rest):
            return StringEnd.LATER
        return StringEnd.TORN if shown.match(rest) else StringEnd.NOT
    following = _NEXT_OBJECT.match(rest)
    if following:
        return StringEnd.OWED if known(following.group(1)) else StringEnd.NOT
    if more and _MAY_END.match(rest):
        return StringEnd.LATER
    ended = _LIST_END.match(rest)
    return StringEnd.OWED if ended and (whole or ended["end"] is None) else StringEnd.NOT


def key_follows(buffer: str, place: int, final: bool) -> bool | None:
    """Say whether a comma and the next key stand at ``place``; None where more text is needed to tell."""
    comma = _skip(buffer, place, final)
    if comma is None:
        return None
    if buffer[comma : comma + 1] not in (",", "，"):
        return False
    after = _skip(buffer, comma + 1, final)
    if after is None:
        return None
    return buffer[after : after + 1] in CLOSERS and _next_key(buffer, after, final)


def colon_follows(buffer: str, place: int, final: bool) -> bool | None:
    """Say whether a colon stands at ``place``; None where more text is needed to tell."""
    after = _skip(buffer, place, final)
    return None if after is None else buffer[after : after + 1] in (":", "：")


def unclosed_key(buffer: str, place: int, final: bool) -> int | None:
    """Return the length of a key at ``place`` whose closing quote was forgotten; 0 for none, None: not yet known."""
    match = _UNCLOSED_KEY.match(buffer, place)
    if match:
        return len(match.group(1)) if known(match.group(1)) else 0
    return None if not final and _UNCLOSED_KEY_BEGUN.match(buffer, place) else 0


def quote_owed(buffer: str, place: int, final: bool) -> bool | None:
    """Say whether the words at ``place`` are a string that lacks only its opening quote; None: not yet known."""
    rest = buffer[place : place + WINDOW]
    match = _UNOPENED.match(rest)
    assert match is not None
    if not final and len(rest) < WINDOW and match.end() == len(rest):
        return None
    return match.group(1) is not None


def _ends(buffer: str, quote: int, *, key: bool, listed: bool, final: bool) -> bool | None:
    after = _skip(buffer, quote + 1, final)
    if after is None:
        return None
    following = buffer[after : after + 1]
    if following in (":", "："):
        return key or listed
    if following in (",", "，", "、", ";", "；"):
        return _goes_on(buffer, after + 1, listed=listed, final=final)
    if following in CLOSERS and not listed:
        return key or _next_key(buffer, after, final)  # a colon, or a comma, was lost
    if not following:
        return final and after == len(buffer)
    return following in CLOSERS or following in "}])[{｝］｛/#`"


def _skip(buffer: str, start: int, final: bool) -> int | None:
    """Return the end of the white space at ``start``; None where it may go on."""
    match = _SPACE.match(buffer, start)
    assert match is not None
    end = match.end()
    if end == len(buffer) and not final and end - start < WINDOW:
        return None
    return end


def _goes_on(buffer: str, start: int, *, listed: bool, final: bool) -> bool | None:
    """Say whether what follows a comma at ``start`` is the next item, and not the rest of a sentence."""
    after = _skip(buffer, start, final)
    if after is None:
        return None
    following = buffer[after : after + 1]
    if not following or following in "{}[](/#`，,｛" or following in CLOSERS:
        return True
    if listed and following in "-+.0123456789":
        return True
    return _bare_key(buffer, after, final)


def _bare_key(buffer: str, start: int, final: bool) -> bool | None:
    """Say whether an unquoted word and a colon stand at ``start``."""
    match = _WORD.match(buffer, start)
    assert match is not None
    end = match.end()
    if end == len(buffer) and not final and end - start < WINDOW:
        return None
    unopened = buffer[end : end + 1] in ('"', "'") and known(buffer[start:end])  # its opening quote was forgotten
    after = _skip(buffer, end + unopened, final)
    if after is None:
        return None
    return end > start and buffer[after : after + 1] in (":", "：")


def _next_key(buffer: str, quote: int, final: bool, familiar: bool = False) -> bool | None:
    """Say whether a short quoted key and its colon stand at ``quote``; ``familiar``: one that models use."""
    closers = CLOSERS.get(buffer[quote], buffer[quote])
    limit = quote + 1 + LONGEST_KEY
    for place in range(quote + 1, min(len(buffer), limit)):
        if buffer[place] in closers:
            after = _skip(buffer, place + 1, final)
            if after is None:
                return None
            return buffer[after : after + 1] in (":", "：") and (not familiar or known(buffer[quote + 1 : place]))
        if buffer[place] in "{}[]\n":
            return False
    return False if final or len(buffer) >= limit else None
