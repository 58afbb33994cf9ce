"""Runs as JSON: all that is known of one request, with every character of its reply; what was placed is left out.

The kept reply, the project and the history hold a run in this form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from qwvis_desktop.core.annotation import JsonValue, ParseIssue, ReplyStatus
from qwvis_desktop.core.annotation_json import box_to_json, issue_to_json
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Look, Run, Seconds, SentRequest
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Box, Size


def run_to_json(run: Run) -> dict[str, JsonValue]:
    """Return a run as a JSON object; ``as_read`` is left out, because the reply can be read again."""
    return {
        "id": run.id,
        "started": run.started.isoformat(),
        "provider": run.provider,
        "model": run.model,
        "family": run.family,
        "task": run.task,
        "prompt": run.prompt,
        "after": run.after,
        "system": run.system,
        "options": dict(run.options),
        "space": run.space,
        "frame": None if run.frame is None else _frame_to_json(run.frame),
        "frames": [_frame_to_json(frame) for frame in run.frames],
        "film": None if run.film is None else _film_to_json(run.film),
        "looks": [
            {"frame": _frame_to_json(look.frame), "label": look.label, "place": look.place} for look in run.looks
        ],
        "image": run.image,
        "reply": run.reply,
        "thinking": run.thinking,
        "finish_reason": run.finish_reason,
        "status": run.status,
        "text": run.text,
        "issues": [issue_to_json(issue) for issue in run.issues],
        "usage": dict(run.usage),
        "seconds": asdict(run.seconds),
        "pace": [list(moment) for moment in run.pace],
        "thinking_pace": [list(moment) for moment in run.thinking_pace],
        "request_id": run.request_id,
        "error": run.error,
        "requests": requests_to_json(run.requests),
        "left_out": [list(of_one) for of_one in run.left_out],
        "notes": list(run.notes),
        "corrections": dict(run.corrections),
    }


def requests_to_json(requests: Sequence[SentRequest]) -> list[JsonValue]:
    """Return what was sent as a JSON list."""
    return [{"url": sent.url, "headers": dict(sent.headers), "body": sent.body} for sent in requests]


def _frame_to_json(frame: Frame) -> JsonValue:
    turned: dict[str, JsonValue] = {"rotate": 90 * frame.turn} if frame.turn else {}
    return {"original": list(frame.original), "sent": list(frame.sent), "crop": box_to_json(frame.crop), **turned}


def _film_to_json(film: FilmSent) -> JsonValue:
    return {**asdict(film), "times": list(film.times), "size": list(film.size)}


def run_from_json(value: dict[str, Any]) -> Run:
    """Return the run that ``run_to_json`` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is no such object.
    """
    read: dict[str, Any] = {
        "started": datetime.fromisoformat,
        "space": CoordinateSpace,
        "frame": lambda frame: None if frame is None else _frame(frame),
        "frames": lambda frames: tuple(_frame(frame) for frame in frames),
        "film": lambda film: None if film is None else _film(film),
        "looks": lambda looks: tuple(
            Look(_frame(look["frame"]), _text(look["label"]), int(look["place"])) for look in looks
        ),
        "image": int,
        "status": lambda status: None if status is None else ReplyStatus(status),
        "issues": lambda issues: tuple(_issue(issue) for issue in issues),
        "seconds": _seconds,
        "pace": _pace,
        "thinking_pace": _pace,
        "options": dict,
        "usage": dict,
        "finish_reason": _text_or_none,
        "text": _text_or_none,
        "requests": lambda requests: tuple(_sent(sent) for sent in requests),
        "left_out": lambda pictures: tuple(_texts(of_one) for of_one in pictures),
        "notes": _texts,
        "corrections": lambda corrections: {_text(place): _text(words) for place, words in corrections.items()},
    }
    # Earlier versions wrote none of these.
    value = {
        "pace": [],
        "thinking_pace": [],
        "system": "",
        "after": "",
        "request_id": "",
        "frames": [],
        "film": None,
        "looks": [],
        "image": 0,
        "requests": [],
        "left_out": [],
        "notes": [],
        "corrections": {},
        **value,
    }
    written = [field.name for field in fields(Run) if field.name != "as_read"]
    return Run(**{name: read.get(name, _text)(value[name]) for name in written})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def _texts(value: list[object]) -> tuple[str, ...]:
    return tuple(map(_text, value))


def _sent(value: dict[str, Any]) -> SentRequest:
    headers = {_text(name): _text(words) for name, words in value["headers"].items()}
    return SentRequest(_text(value["url"]), headers, value["body"])


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def size_from_json(value: list[object]) -> Size:
    """Return the size of ``[width, height]`` in pixels.

    Raises:
        ValueError: these are no two positive whole numbers.
    """
    width, height = value
    if type(width) is not int or type(height) is not int or min(width, height) <= 0:
        raise ValueError(f"{value!r} is not a size")
    return Size(width, height)


def _frame(value: dict[str, Any]) -> Frame:
    return Frame(
        size_from_json(value["original"]),
        size_from_json(value["sent"]),
        Box(*(float(number) for number in value["crop"])),
        _quarters(value.get("rotate", 0)),
    )


def _film(value: dict[str, Any]) -> FilmSent:
    return FilmSent(
        way=FilmWay(value["way"]),
        times=tuple(float(time) for time in value["times"]),
        size=size_from_json(value["size"]),
        byte_count=int(value["byte_count"]),
        **{name: float(value[name]) for name in ("duration", "start", "end", "fps")},
    )


def _quarters(degrees: object) -> int:
    if type(degrees) is not int or degrees % 90:
        raise ValueError(f"{degrees!r} degrees are no quarter turns")
    return degrees // 90


def _issue(value: dict[str, Any]) -> ParseIssue:
    start, end = value["span"]
    return ParseIssue(_text(value["code"]), _text(value["message"]), (int(start), int(end)))


def _pace(value: list[list[float]]) -> tuple[tuple[float, int], ...]:
    return tuple((float(seconds), int(length)) for seconds, length in value)


def _seconds(value: dict[str, Any]) -> Seconds:
    return Seconds(**{key: None if number is None else float(number) for key, number in value.items()})
