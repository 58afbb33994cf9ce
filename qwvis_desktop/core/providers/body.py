"""The body of a request: JSON whose pictures and films become base64 only while they are sent."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.providers.base import ImagePart, VideoFile

Blob: TypeAlias = ImagePart | VideoFile
"""What goes into a body as a data URL."""

UrlOf: TypeAlias = Callable[[Blob], str]
"""Says the address that stands in the JSON for a picture or film."""

_PIECE_BYTES = 3 * 64 * 1024
"""Picture bytes per piece of the body: a multiple of three, so that the pieces' base64 can be laid end to end."""


def untold(sent: int, total: int) -> None:
    """Tell nobody how far a request is."""


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


def body_of(
    json_with: Callable[[UrlOf], Mapping[str, JsonValue]], on_sent: Callable[[int, int], None] = untold
) -> Body:
    """Return the body whose JSON ``json_with`` makes, given what says the address of each picture or film."""
    mark = secrets.token_hex(16)
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
