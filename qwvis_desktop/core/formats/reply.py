"""A kept reply: every character a model sent, with all that is needed to read it again.

A JSON object with ``"format": "qwvis-reply"``; it names the picture but does not hold it, nor any path of the machine.
What was placed is not written: it is read from the reply, which a better reader may do better.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.run_json import run_from_json, run_to_json, size_from_json

FORMAT = "qwvis-reply"
VERSION = 1


class ReplyFileError(ValueError):
    """This is no kept reply, or one that cannot be read; the text is for people."""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A run, and the picture it is of: its file's name and its upright size in pixels."""

    run: Run
    picture: str
    size: Size


def dump(document: Document) -> bytes:
    """Return the newest run of the document, UTF-8.

    Raises:
        ValueError: the document has no run.
    """
    if not document.runs:
        raise ValueError("there is no reply to write: nothing was run on this picture")
    run = tuple(document.runs.values())[-1]
    return dump_run(KeptReply(run, document.media.name, document.size))


def dump_run(kept: KeptReply) -> bytes:
    """Return a run with the picture it is of, UTF-8."""
    value: JsonValue = {
        "format": FORMAT,
        "version": VERSION,
        "picture": {"name": kept.picture, "size": list(kept.size)},
        "run": run_to_json(kept.run),
    }
    return (json_text(value, indent=1) + "\n").encode()


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
        picture = value["picture"]
        return KeptReply(run_from_json(value["run"]), str(picture["name"]), size_from_json(picture["size"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ReplyFileError(f"This kept reply is damaged: {error!r}.") from error
