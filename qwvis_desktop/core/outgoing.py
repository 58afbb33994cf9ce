"""What leaves the computer: the very request that Run would send, or that was sent, to be looked at.

The request is led as far as the provider and kept there, so that what is shown cannot differ from what is sent.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.document import SentRequest
from qwvis_desktop.core.film_sent import FilmSent
from qwvis_desktop.core.inference_events import Failed, Waiting
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.metadata import metadata_of
from qwvis_desktop.core.providers.base import (
    Cancelled,
    CancelToken,
    ChatRequest,
    ImagePart,
    PreparedRequest,
    Provider,
    ReplyChunk,
    ShrinksPictures,
    WebProvider,
)
from qwvis_desktop.core.providers.body import data_in, shortened
from qwvis_desktop.core.providers.catalog import LateProvider
from qwvis_desktop.core.providers.pace import PacedProvider


class NothingSentError(Exception):
    """What is asked works on this machine; the text is for people."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would be sent.

    Attributes:
        request: address, headers with the key masked, and the whole body.
        pictures: the encoded pictures in it, in order.
        removed: of each picture, what its file holds beside pixels and is not sent.
        notes: what was done to pictures to make them fit, in sentences.
        film: what is sent of a film; None where it is pictures.
    """

    request: PreparedRequest
    pictures: tuple[ImagePart, ...]
    removed: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    film: FilmSent | None = None

    @property
    def byte_count(self) -> int:
        """Size of the body in bytes."""
        return len(json_text(dict(self.request.body)).encode())


class _Keeper:
    """A provider that keeps what it is asked, and answers nothing."""

    name = "Preview"

    def __init__(self, longest_side: int) -> None:
        self.longest_side = longest_side
        self.asked: ChatRequest | None = None

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:  # noqa: ARG002 - as any does
        """Keep ``request`` and stop."""
        self.asked = request
        raise Cancelled


def outgoing(request: InferenceRequest) -> Outgoing:
    """Return what ``request`` would send, without sending it.

    Raises:
        MediaError: a picture cannot be made ready.
        NothingSentError: it is answered on this machine.
    """
    from qwvis_desktop.core.inference import run_inference

    provider = _who_sends(request.provider)
    if not isinstance(provider, WebProvider):
        raise NothingSentError(f'"{request.provider.name}" works on this machine: nothing would be sent.')
    keeper = _Keeper(request.provider.longest_side if isinstance(request.provider, ShrinksPictures) else 0)
    notes: tuple[str, ...] = ()
    film = None
    for event in run_inference(replace(request, provider=keeper), CancelToken()):
        if isinstance(event, Waiting):
            notes, film = event.notes, event.run.film
        if isinstance(event, Failed) and event.error is not None:
            raise event.error
    assert keeper.asked is not None
    held = (data for part in keeper.asked.parts for data in data_in(part))
    pictures = tuple(data for data in held if isinstance(data, ImagePart))
    removed = tuple(metadata_of(media) for media in (request.media, *request.others))
    return Outgoing(provider.prepare(keeper.asked), pictures, removed, notes, film)


def _who_sends(provider: Provider) -> Provider:
    """Return who sends, behind those who wait for a turn or are made late."""
    while isinstance(provider, PacedProvider | LateProvider):
        provider = provider.provider if isinstance(provider, PacedProvider) else provider.make()
    return provider


def as_text(request: PreparedRequest | SentRequest) -> str:
    """Return a request for people: address, headers with the key masked, and the body with its data shortened."""
    head = [f"POST {request.url}", *(f"{name}: {value}" for name, value in request.headers.items())]
    return "\n".join([*head, "", json_text(shortened(_body_of(request)), indent=1)])


def as_curl(request: PreparedRequest | SentRequest, key_variable: str, body_file: str = "") -> str:
    """Return a command for a shell that sends the same; the key comes from the environment variable of this name.

    The body stands in the command, or is in ``body_file``. That of a request that was sent is kept without its data.
    """
    lines = [f"curl -sS -N {shlex.quote(request.url)}"]
    for name, value in request.headers.items():
        if name.lower() == "authorization":
            lines.append(f'-H "Authorization: Bearer ${key_variable}"')
        else:
            lines.append(f"-H {shlex.quote(f'{name}: {value}')}")
    if body_file:
        return " \\\n  ".join([*lines, f"--data-binary {shlex.quote('@' + body_file)}"]) + "\n"
    head = "# Put the data of each picture where its length stands.\n" if isinstance(request, SentRequest) else ""
    body = json_text(_body_of(request))
    return head + " \\\n  ".join([*lines, "--data-binary @- <<'QWVIS_BODY'"]) + f"\n{body}\nQWVIS_BODY\n"


def _body_of(request: PreparedRequest | SentRequest) -> JsonValue:
    return request.body if isinstance(request, SentRequest) else dict(request.body)
