"""Runs as the history keeps them, made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from qwvis_desktop.core.annotation import JsonValue, ReplyStatus
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Run, Seconds
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.store.history_rows import KeptPicture

STARTED = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
KEY = "sk-canary0123456789abcdef"
PICTURE = KeptPicture(name="cat.png", size=Size(640, 480), sha256="ab" * 32, path="/pictures/cat.png")


def kept_run(
    name: str,
    reply: str,
    *,
    prompt: str = "Find cats.",
    thinking: str = "",
    model: str = "qwen3-vl-plus",
    task: str = "detect",
    system: str = "",
    error: str = "",
    options: Mapping[str, JsonValue] | None = None,
    started: datetime = STARTED,
) -> Run:
    """Return a run that was answered at once."""
    return Run(
        id=name,
        started=started,
        provider="Loopback",
        model=model,
        family="qwen3-vl",
        task=task,
        prompt=prompt,
        system=system,
        options=options or {},
        frame=Frame.whole(PICTURE.size, PICTURE.size),
        space=CoordinateSpace.RELATIVE_1000,
        reply=reply,
        thinking=thinking,
        finish_reason="stop",
        status=None if error else ReplyStatus.OK,
        usage={"prompt_tokens": 12, "completion_tokens": 3},
        seconds=Seconds(prepare=0.1, first_byte=0.2, total=1.5),
        pace=((1.0, len(reply)),) if reply else (),
        error=error,
    )
