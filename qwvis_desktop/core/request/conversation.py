"""Going on from a run: asking further about the same pictures, and finishing a reply that was cut.

Pure; what is sent is made in ``core.inference``. Partial mode, with which a service goes on where a reply was cut:
``qwen-api.md`` 2.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import Run, Seconds
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.tasks import TASKS, ReplyShape

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
_LISTS = frozenset({ReplyShape.OBJECTS, ReplyShape.EVENTS})
"""Replies that are lists of objects: what is not whole is asked for once more."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and answered before, about the same pictures."""

    prompt: str
    reply: str


def chain_of(runs: Mapping[str, Run], last: str) -> tuple[Run, ...]:
    """Return the runs of the conversation that ends with the run of this id, oldest first."""
    chain: list[Run] = []
    run = runs.get(last)
    while run is not None and run not in chain:
        chain.append(run)
        run = runs.get(run.after)
    return tuple(reversed(chain))


def exchanges_of(chain: tuple[Run, ...]) -> tuple[Exchange, ...]:
    """Return what was said in these runs; thoughts are not said again."""
    return tuple(Exchange(run.prompt, without_thought(run.reply)) for run in chain if run.reply)


def without_thought(reply: str) -> str:
    """Return a reply without the thought that it begins with."""
    return _THOUGHT.sub("", reply)


def was_cut(run: Run) -> bool:
    """Say whether the reply of a run that is over lacks its end."""
    over = run.status is not None or bool(run.error)
    return over and bool(run.reply.strip()) and (run.finish_reason == "length" or bool(run.error))


def kept_part(run: Run) -> str:
    """Return what of a cut reply stays: of a list up to the end of its last whole object, of all else everything."""
    task = TASKS.get(run.task)
    if task is None or task.shape not in _LISTS:
        return run.reply
    ends = [a.provenance.span[1] for a in run.as_read if a.provenance is not None]
    if ends:
        return run.reply[: max(ends)]
    first = run.reply.find("{")
    return run.reply[:first].rstrip() if first >= 0 else run.reply


def why_not_continued(run: Run, model: ModelSpec) -> str:
    """Say why a cut reply cannot be finished by ``model``; an empty sentence where it can."""
    if "partial" not in model.abilities:
        return f"{model.id} cannot go on where a reply was cut. Run again, with a larger limit for the reply."
    if not without_thought(kept_part(run)).strip():
        return "Nothing of the reply is whole, so there is nothing to go on from. Run again."
    return ""


def begun_again(run: Run) -> Run:
    """Return a cut run as it stands when it goes on: with the part of its reply that stays, and no end."""
    reply = kept_part(run)
    return replace(
        run,
        reply=reply,
        finish_reason=None,
        status=None,
        text=None,
        issues=(),
        error="",
        usage={},
        notes=(),
        seconds=Seconds(),
        pace=tuple(moment for moment in run.pace if moment[1] <= len(reply)),
        as_read=(),
    )


def joined(first: Run, rest: Run) -> Run:
    """Return one run of both parts: tokens and times are sums. Where nothing more came, the first stays as it was."""
    if len(rest.reply) <= len(kept_part(first)):
        return replace(first, error=rest.error or first.error)
    times, more = asdict(first.seconds), asdict(rest.seconds)
    before = times["total"] or 0.0
    kept = len([moment for moment in first.pace if moment[1] <= len(kept_part(first))])
    return replace(
        rest,
        usage=summed(first.usage, rest.usage),
        seconds=Seconds(**{**times, "total": before + (more["total"] or 0.0)}),
        pace=(*rest.pace[:kept], *((round(before + seconds, 4), length) for seconds, length in rest.pace[kept:])),
    )


def summed(first: Mapping[str, JsonValue], second: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return two counts of tokens as one; what is no count is the second's."""
    total: dict[str, JsonValue] = dict(first)
    for name, value in second.items():
        before = total.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            total[name] = summed(before, value)
        elif _is_count(value) and _is_count(before):
            total[name] = before + value  # type: ignore[operator]  # both are numbers
        else:
            total[name] = value
    return total


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
