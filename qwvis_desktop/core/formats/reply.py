"""A kept reply: every character a model sent, with all that is needed to read it again.

A JSON object with ``"format": "qwvis-reply"``; it names the picture but does not hold it, nor any path of the machine.
What was placed is not written: it is read from the reply, which a better reader may do better.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from qwvis_desktop.core.annotation import JsonValue, ParseIssue, ReplyStatus
from qwvis_desktop.core.annotation_json import box_to_json, issue_to_json, json_text
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Document, Run, Seconds
from qwvis_desktop.core.geometry import Box, Size

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
    run = kept.run
    frame: JsonValue = (
        None
        if run.frame is None
        else {
            "original": list(run.frame.original),
            "sent": list(run.frame.sent),
            "crop": box_to_json(run.frame.crop),
        }
    )
    value: JsonValue = {
        "format": FORMAT,
        "version": VERSION,
        "picture": {"name": kept.picture, "size": list(kept.size)},
        "run": {
            "id": run.id,
            "started": run.started.isoformat(),
            "provider": run.provider,
            "model": run.model,
            "family": run.family,
            "task": run.task,
            "prompt": run.prompt,
            "options": dict(run.options),
            "space": run.space,
            "frame": frame,
            "reply": run.reply,
            "thinking": run.thinking,
            "finish_reason": run.finish_reason,
            "status": run.status,
            "text": run.text,
            "issues": [issue_to_json(issue) for issue in run.issues],
            "usage": dict(run.usage),
            "seconds": asdict(run.seconds),
            "pace": [list(moment) for moment in run.pace],
            "error": run.error,
        },
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
        return KeptReply(_run(value["run"]), str(picture["name"]), _size(picture["size"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ReplyFileError(f"This kept reply is damaged: {error!r}.") from error


def _run(value: dict[str, Any]) -> Run:
    read: dict[str, Any] = {
        "started": datetime.fromisoformat,
        "space": CoordinateSpace,
        "frame": _frame,
        "status": lambda status: None if status is None else ReplyStatus(status),
        "issues": lambda issues: tuple(_issue(issue) for issue in issues),
        "seconds": _seconds,
        "pace": _pace,
        "options": dict,
        "usage": dict,
        "finish_reason": _text_or_none,
        "text": _text_or_none,
    }
    value = {"pace": [], **value}
    written = [field.name for field in fields(Run) if field.name != "as_read"]
    return Run(**{name: read.get(name, _text)(value[name]) for name in written})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _size(value: list[object]) -> Size:
    width, height = value
    if type(width) is not int or type(height) is not int or min(width, height) <= 0:
        raise ValueError(f"{value!r} is not a size")
    return Size(width, height)


def _frame(value: dict[str, Any] | None) -> Frame | None:
    if value is None:
        return None
    return Frame(_size(value["original"]), _size(value["sent"]), Box(*(float(number) for number in value["crop"])))


def _issue(value: dict[str, Any]) -> ParseIssue:
    start, end = value["span"]
    return ParseIssue(_text(value["code"]), _text(value["message"]), (int(start), int(end)))


def _pace(value: list[list[float]]) -> tuple[tuple[float, int], ...]:
    return tuple((float(seconds), int(length)) for seconds, length in value)


def _seconds(value: dict[str, Any]) -> Seconds:
    return Seconds(**{key: None if number is None else float(number) for key, number in value.items()})
