"""``InferenceRequest``: all that makes up one request, whoever makes it: the window or the command line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame, Orientation, ResizeRule, widened
from qwvis_desktop.core.document import NO_USAGE, Run, SentRequest
from qwvis_desktop.core.film_sent import FilmSent
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.providers.base import ChatRequest, Provider, Tool, Turn, untold
from qwvis_desktop.core.request.conversation import Exchange
from qwvis_desktop.core.request.film_plan import MAKERS_ROOM, FilmRoom
from qwvis_desktop.core.request.option_rules import quarter_turns, resize_rule
from qwvis_desktop.core.tasks import Task

ENLARGED_PIXELS = 300_000
"""A part of a picture is sent with about so many pixels at least: engines and models read small letters badly."""

LookGuard: TypeAlias = Callable[[Run, ChatRequest], str]
"""Says why a further part of the picture must not be sent, given the run so far and the request; empty: it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRequest:
    """One thing to do.

    Attributes:
        others: further pictures of the same request; ``media`` is image 1, these are image 2 and on.
        links: where the pictures lie on the web, in their order, for the service to fetch them there; empty for one
            that is sent. One that is stored on its side, or is to be turned, is sent in any case: services may not turn
            it.
        result_schema: the fields that the OCR service is to fill.
        space: what the numbers count, where it is not the model's own.
        frame: what was sent, for a reply that exists already (pasted, recorded): then no picture is prepared or sent.
        frames: the same where several pictures were sent.
        film: what was sent of a film, for a reply that exists already.
        room: what the service takes of films.
        crop: the part of ``media`` that is sent, enlarged, in pixels of the upright picture; None for all of it.
        raster: the upright picture in full, where it is decoded already; else it is read from ``media``.
        options: what is set for the request, by the service's own names (``core.request_options``).
        earlier: what was asked and answered about the same pictures before; ``after``: id of the run that was the last.
        resumes: a run whose reply was cut: the service goes on where it was, and both parts are one run.
        history, prefix, tools: as in ``ChatRequest``.
        on_sending: as in ``ChatRequest``; called on the thread that asks.
        base64_mb: the most that the service takes of one picture as base64, in MB.
        may_look: is asked before a part that the model wants to see is sent; says why not, or an empty sentence.
    """

    media: Media
    task: Task
    prompt: str
    model: ModelSpec
    provider: Provider
    others: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    result_schema: Attributes | None = None
    options: Attributes = field(default_factory=lambda: NO_USAGE)
    system: str = ""
    space: CoordinateSpace | None = None
    frame: Frame | None = None
    frames: tuple[Frame, ...] = ()
    film: FilmSent | None = None
    room: FilmRoom = MAKERS_ROOM
    camera: CameraIntrinsics | None = None
    crop: Box | None = None
    raster: Raster | None = None
    run: str = ""
    earlier: tuple[Exchange, ...] = ()
    after: str = ""
    resumes: Run | None = None
    history: tuple[Turn, ...] = ()
    prefix: str = ""
    tools: tuple[Tool, ...] = ()
    on_sending: Callable[[SentRequest], None] = untold
    base64_mb: int = 10
    may_look: LookGuard = lambda _run, _chat: ""

    @property
    def rule(self) -> ResizeRule:
        """How pictures are scaled for the model; a part of one is enlarged."""
        rule = resize_rule(self.model, self.options)
        return rule.enlarging(ENLARGED_PIXELS) if self.crop is not None else rule

    @property
    def sizes(self) -> tuple[Size, ...]:
        """What is taken of each picture, in pixels, before it is scaled."""
        first = self.media.size
        if self.crop is not None:
            first = Size(math.ceil(self.crop.width), math.ceil(self.crop.height))
        return (first, *(other.size for other in self.others))


def link_of(request: InferenceRequest, number: int) -> str:
    """Return where the service fetches the picture of this number, counted from 0; empty where it is sent."""
    media = (request.media, *request.others)[number]
    if not isinstance(media, ImageMedia):
        return ""
    link = request.links[number] if number < len(request.links) else ""
    as_it_is = not quarter_turns(request.options) and media.orientation is Orientation.NORMAL
    return link if as_it_is and widened(media.size) == media.size else ""
