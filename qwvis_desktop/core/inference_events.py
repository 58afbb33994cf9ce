"""What a run tells while it goes on: the events of ``core.inference.run_inference``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qwvis_desktop.core.annotation import Annotation, ParseIssue
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.providers.base import ProviderError


@dataclass(frozen=True, slots=True)
class Preparing:
    """The picture is being made ready."""

    run: Run


@dataclass(frozen=True, slots=True)
class Extracting:
    """Frames are taken out of a film: ``done`` of ``of`` are."""

    run: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request is on its way; ``run.frame`` says what is sent, ``sent_bytes`` how much (0: nothing leaves).

    ``notes`` are sentences on what was done to pictures to make them fit.
    """

    run: Run
    sent_bytes: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The service began to answer what it was sent: the last of ``run.requests``."""

    run: Run


@dataclass(frozen=True, slots=True)
class Noted:
    """Something was done otherwise than asked; ``note`` says what and why, for people."""

    run: str
    note: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of reasoning came."""

    run: str
    text: str


@dataclass(frozen=True, slots=True)
class Received:
    """A piece of the reply came, what it completed, and ids of what it showed to be no answer (abandoned thoughts)."""

    run: str
    text: str
    annotations: tuple[Annotation, ...]
    issues: tuple[ParseIssue, ...]
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """The model asked for a part of the picture and is shown it: the last of ``run.looks``."""

    run: Run


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply ended and was read; ``annotations`` and ``retracted`` are what only its end made known."""

    run: Run
    annotations: tuple[Annotation, ...] = ()
    retracted: tuple[str, ...] = ()


class LookRefusedError(Exception):
    """The model wanted to look closer and must not; what came is kept. ``str`` is a sentence for people."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The model wanted to look closer, and nothing more was sent. {why} What came so far is kept.")


@dataclass(frozen=True, slots=True)
class Failed:
    """It failed or was stopped (``error`` is None); ``run`` holds what came before, the rest as for ``Finished``."""

    run: Run
    error: ProviderError | MediaError | LookRefusedError | None
    annotations: tuple[Annotation, ...] = ()
    retracted: tuple[str, ...] = ()


InferenceEvent: TypeAlias = (
    Preparing | Extracting | Waiting | Asked | Noted | Thinking | Received | Looked | Finished | Failed
)
