"""Strings in damaged JSON: where one really ends, and what it says.

A model forgets to escape the quotes inside a label, or to close a label at all. Whether a quote ends a string is
judged by what follows it. Each judgement looks at a bounded window and says "not yet" (None) where the window has not
arrived, so that a reply fed in any chunks is read alike.
"""

from __future__ import annotations

import re

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

_SPACE = re.compile(r"[\s\u200b\ufeff]{0,%d}" % WINDOW)
_WORD = re.compile(r"[\w$-]{0,%d}" % WINDOW)
_KEY_AFTER_COMMA = re.compile(
    r"[ \t\r\n]{0,20}[\"'“”](?:bbox|box|point|label|text|name|time|start|end|tag|type|color|score)"
)
_LOST_END = re.compile(
    r"\s{0,20}[}\])]{1,4}\s{0,20}(?:,\s{0,20})?(?:\{\s{0,20}[\"'“”]\w{1,32}[\"'“”]\s{0,20}[:：]|```|$)"
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "/": "/", '"': '"', "'": "'", "\n": ""}


def unescaped(raw: str) -> str:
    """Return what a string's ``raw`` text says; an escape that JSON does not know stands for itself, backslash and all."""
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
    high, low = pair[0], pair[1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))


def ends_string(buffer: str, quote: int, *, key: bool, listed: bool, final: bool) -> bool | None:
    """Say whether the quote at ``quote`` ends the string it stands in; None where more text is needed to tell.

    Args:
        buffer: the text at hand.
        quote: place of the quote in it.
        key: the string is a key.
        listed: the string is an item of a list.
        final: no more text comes.
    """
    after = _skip(buffer, quote + 1, final)
    if after is None:
        return None
    following = buffer[after : after + 1]
    if not following:
        # Everything ended here, or a run of white space longer than any layout.
        return final and after == len(buffer)
    if following in ":：":
        return key or listed
    if following in "}]){｝］[":
        return True
    if following in ",，、;；":
        return _goes_on(buffer, after + 1, listed=listed, final=final)
    if following in "/#<`":
        return True
    # A comma was lost: the next line, or the next quoted key, begins at once.
    return _next_key(buffer, after, final) if following in CLOSERS and not listed else following in CLOSERS


def _skip(buffer: str, start: int, final: bool) -> int | None:
    """Return the end of the white space at ``start``; None where it may go on."""
    match = _SPACE.match(buffer, start)
    end = match.end() if match else start
    if end == len(buffer) and not final and end - start < WINDOW:
        return None
    return end


def _goes_on(buffer: str, start: int, *, listed: bool, final: bool) -> bool | None:
    """Say whether what follows a comma at ``start`` is the next item, and not the rest of a sentence."""
    after = _skip(buffer, start, final)
    if after is None:
        return None
    following = buffer[after : after + 1]
    if not following or following in "{}[](/#<`，,｛" or following in CLOSERS:
        return True
    if listed and (following.isdigit() or following in "-+."):
        return True
    return _bare_key(buffer, after, final)


def _bare_key(buffer: str, start: int, final: bool) -> bool | None:
    """Say whether an unquoted word and a colon stand at ``start``."""
    match = _WORD.match(buffer, start)
    end = match.end() if match else start
    if end == len(buffer) and not final and end - start < WINDOW:
        return None
    after = _skip(buffer, end, final)
    if after is None:
        return None
    return end > start and buffer[after : after + 1] in (":", "：")


def _next_key(buffer: str, quote: int, final: bool) -> bool | None:
    """Say whether a short quoted key and its colon stand at ``quote``."""
    closers = CLOSERS[buffer[quote]]
    for place in range(quote + 1, min(len(buffer), quote + 1 + 64)):
        if buffer[place] in closers:
            after = _skip(buffer, place + 1, final)
            return None if after is None else buffer[after : after + 1] in (":", "：")
        if buffer[place] in "{}[]\n":
            return False
    return False if final or len(buffer) >= quote + 65 else None
