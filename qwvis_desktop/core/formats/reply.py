"""A kept reply: every character a model sent, with all that is needed to read it again.

A JSON object with ``"format": "qwvis-reply"``; it names the picture but does not hold it, nor any path of the machine.
What was placed is not written: it is read from the reply, which a better reader may do better.

Many of them make an archive: JSON lines, the first with ``"format": "qwvis-history"``, then one kept reply a line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.run_json import run_from_json, run_to_json, size_from_json

FORMAT = "qwvis-reply"
ARCHIVE_FORMAT = "qwvis-history"
VERSION = 1


class ReplyFileError(ValueError):
    """This is no kept reply, or one that cannot be read; the text is for people."""


class NamedPicture(NamedTuple):
    """A picture: its file's name, its upright size in pixels, the SHA-256 of the file (empty where not known)."""

    name: str
    size: Size
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A run, and the picture it is of: its file's name, its upright size in pixels, and the SHA-256 of the file.

    ``further`` are the other pictures of a run about several, in order.
    """

    run: Run
    picture: str
    size: Size
    sha256: str = ""
    further: tuple[NamedPicture, ...] = ()


def dump(document: Document) -> bytes:
    """Return the newest run of the document, UTF-8.

    Raises:
        ValueError: the document has no run.
    """
    if not document.runs:
        raise ValueError("there is no reply to write: nothing was run on this picture")
    run = tuple(document.runs.values())[-1]
    return dump_run(KeptReply(run, document.media.file_name, document.size))


def dump_run(kept: KeptReply) -> bytes:
    """Return a run with the picture it is of, UTF-8."""
    return (json_text(_kept_to_json(kept), indent=1) + "\n").encode()


def _kept_to_json(kept: KeptReply) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = {
        "format": FORMAT,
        "version": VERSION,
        "picture": _picture_to_json(NamedPicture(kept.picture, kept.size, kept.sha256)),
        "run": run_to_json(kept.run),
    }
    if kept.further:
        value["further_pictures"] = [_picture_to_json(picture) for picture in kept.further]
    return value


def _picture_to_json(picture: NamedPicture) -> dict[str, JsonValue]:
    known: dict[str, JsonValue] = {"sha256": picture.sha256} if picture.sha256 else {}
    return {"name": picture.name, "size": list(picture.size), **known}


def dump_archive(kept: Iterable[KeptReply]) -> Iterator[bytes]:
    """Yield the lines of an archive, UTF-8."""
    yield (json_text({"format": ARCHIVE_FORMAT, "version": VERSION}) + "\n").encode()
    for reply in kept:
        yield (json_text(_kept_to_json(reply)) + "\n").encode()


def load_archive(lines: Iterable[bytes], refused: Callable[[str], None]) -> Iterator[KeptReply]:
    """Yield the replies of an archive; of a kept reply alone, that one.

    Args:
        lines: of the file, with their ends.
        refused: told a sentence for each line that cannot be read; the others are.

    Raises:
        ReplyFileError: it is neither.
    """
    numbered = iter(enumerate(lines, 1))
    _, first = next(numbered, (0, b""))
    if _format_of(first) != ARCHIVE_FORMAT:
        yield load_kept(b"".join((first, *(line for _, line in numbered))))
        return
    for number, line in numbered:
        if line.strip():
            try:
                yield load_kept(line)
            except ReplyFileError as error:
                refused(f"Line {number} was left out. {error}")


def _format_of(line: bytes) -> object:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None  # the first line of a JSON object over many lines
    return value.get("format") if isinstance(value, dict) else None


def losses(document: Document) -> tuple[tuple[int, str, str], ...]:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    by_hand = sum(
        annotation.provenance is None or annotation.provenance.run not in document.runs
        for annotation in document.annotations.values()
    )
    return (
        (len(document.runs) - 1, "1 earlier reply", "{} earlier replies"),
        (by_hand, "1 annotation that no reply gave", "{} annotations that no reply gave"),
    )


def is_kept_reply(text: str) -> bool:
    """Say whether ``text`` looks like what ``dump`` writes, without reading it all."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and f'"{FORMAT}"' in text[:200]


def load(data: bytes | str) -> Run:
    """Return the run of a kept reply.

    Raises:
        ReplyFileError: it is none, or damaged.
    """
    return load_kept(data).run


def load_kept(data: bytes | str) -> KeptReply:
    """Return a kept reply with the picture it names.

    Raises:
        ReplyFileError: it is none, or damaged.
    """
    try:
        value = json.loads(data if isinstance(data, str) else data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ReplyFileError(f"This is no kept reply: it is not JSON ({error}).") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ReplyFileError(f'This is no kept reply: it does not say "format": "{FORMAT}".')
    version = value.get("version")
    if version != VERSION:
        raise ReplyFileError(f"This reply was kept by another version of QwVis ({version}). Update QwVis to read it.")
    try:
        named = [_picture(entry) for entry in (value["picture"], *value.get("further_pictures", ()))]
        return KeptReply(run_from_json(value["run"]), *named[0], tuple(named[1:]))
    except (KeyError, TypeError, ValueError) as error:
        raise ReplyFileError(f"This kept reply is damaged: {error!r}.") from error


def _picture(value: dict[str, Any]) -> NamedPicture:
    return NamedPicture(str(value["name"]), size_from_json(value["size"]), str(value.get("sha256", "")))
