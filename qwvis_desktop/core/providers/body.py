"""The body of a request: JSON whose pictures and films become base64 only while they are sent."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.providers.base import ImagePart, Part, VideoFile, VideoPart, untold
from qwvis_desktop.core.providers.redaction import redact

Blob: TypeAlias = ImagePart | VideoFile
"""What goes into a body as a data URL."""

UrlOf: TypeAlias = Callable[[Blob], str]
"""Says the address that stands in the JSON for a picture or film."""

_PIECE_BYTES = 3 * 64 * 1024
"""Picture bytes per piece of the body: a multiple of three, so that the pieces' base64 can be laid end to end."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body in pieces, made while it is sent: no second copy of a picture's base64 is ever held.

    Attributes:
        parts: JSON text and pictures in turn; may be iterated again for a further try.
        on_sent: told the bytes sent so far and the bytes in all, after each piece.
    """

    parts: tuple[bytes | Blob, ...]
    on_sent: Callable[[int, int], None] = field(default=untold, repr=False)

    def __len__(self) -> int:
        return sum(len(part) if isinstance(part, bytes) else base64_length(part.data) for part in self.parts)

    def __iter__(self) -> Iterator[bytes]:
        sent, total = 0, len(self)
        for piece in self._pieces():
            yield piece
            sent += len(piece)
            self.on_sent(sent, total)

    def _pieces(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
                continue
            view = memoryview(part.data)
            for start in range(0, len(view), _PIECE_BYTES):
                yield base64.b64encode(view[start : start + _PIECE_BYTES])


def base64_length(data: bytes) -> int:
    """Return how many characters ``data`` takes as base64."""
    return (len(data) + 2) // 3 * 4


def data_url(blob: Blob) -> str:
    """Return a picture or film as a data URL, whole."""
    return f"data:{blob.mime};base64,{base64.b64encode(blob.data).decode()}"


_DATA_URL = re.compile(r"(data:[^;,]*;base64,)(.*)", re.DOTALL)

MOST_KEPT = 200_000
"""About how many characters of a request are kept with its run."""


def short_url(blob: Blob) -> str:
    """Return the data URL of a picture or film with its length in place of its data."""
    return f"data:{blob.mime};base64,{base64_length(blob.data)} bytes"


def shortened(value: JsonValue) -> JsonValue:
    """Return ``value`` with the base64 text of each data URL replaced by its length in bytes."""
    return _each_text(value, lambda text: _DATA_URL.sub(_length_for_data, text))


def _length_for_data(found: re.Match[str]) -> str:
    return found[0] if found[2].endswith(" bytes") else f"{found[1]}{len(found[2])} bytes"


def kept_body(body: Mapping[str, JsonValue]) -> JsonValue:
    """Return a request's body as it is kept: without data, without keys, and long texts cut where it is very long."""
    kept = _each_text(shortened(dict(body)), redact)
    for most in (20_000, 1_000, 100):
        if len(json.dumps(kept)) <= MOST_KEPT:
            break
        kept = _each_text(kept, lambda text, most=most: _cut(text, most))  # type: ignore[misc]  # mypy guesses no default's type
    return kept


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text) - most:,} more characters)"


def _each_text(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    """Return ``value`` with each text in it changed; names stay."""
    match value:
        case str():
            return change(value)
        case list():
            return [_each_text(item, change) for item in value]
        case dict():
            return {key: _each_text(item, change) for key, item in value.items()}
        case _:
            return value


def body_of(
    json_with: Callable[[UrlOf], Mapping[str, JsonValue]], on_sent: Callable[[int, int], None] = untold
) -> Body:
    """Return the body whose JSON ``json_with`` makes, given what says the address of each picture or film."""
    mark = os.urandom(16).hex()
    blobs: list[Blob] = []

    def marked(blob: Blob) -> str:
        blobs.append(blob)
        return f"data:{blob.mime};base64,{mark}{len(blobs) - 1}."

    text = json.dumps(json_with(marked), ensure_ascii=False)
    pieces = re.split(rf"{mark}(\d+)\.", text)
    parts: list[bytes | Blob] = [encoded(pieces[0])]
    for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
        parts += [blobs[int(number)], encoded(after)]
    return Body(tuple(parts), on_sent)


def encoded(text: str) -> bytes:
    """Return JSON text as UTF-8; a lone surrogate, which a prompt may hold, has none and goes as its JSON escape."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Outside of strings JSON is ASCII, so that escapes only ever land inside of them.
        return "".join(char if char.isascii() else json.dumps(char)[1:-1] for char in text).encode()


def data_in(part: Part) -> tuple[Blob, ...]:
    """Return the encoded pictures, or the film, that a part holds."""
    match part:
        case ImagePart() | VideoPart(source=VideoFile()):
            held: tuple[object, ...] = (part.source,) if isinstance(part, VideoPart) else (part,)
        case VideoPart(source=tuple() as frames):
            held = frames
        case _:
            held = ()
    return tuple(each for each in held if isinstance(each, ImagePart | VideoFile))
