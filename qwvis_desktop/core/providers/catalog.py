"""Which provider answers for a profile: one place where the kinds are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from qwvis_desktop.core.network import DEFAULT_NETWORK, Network
from qwvis_desktop.core.profiles import (
    BASE64_BYTES,
    DASHSCOPE,
    DEFAULT_WIRE,
    OFFLINE_OCR,
    OPENAI,
    UPLOAD_BYTES,
    Profile,
    UploadWay,
    WireChoices,
)
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, Provider, ReplyChunk, WebProvider, untold
from qwvis_desktop.core.providers.dialects import dialect_named
from qwvis_desktop.core.providers.retry import RetryPolicy
from qwvis_desktop.core.request.film_plan import FilmRoom
from qwvis_desktop.core.tasks import ReplyShape, Task


@dataclass(frozen=True, slots=True)
class LateProvider:
    """A provider that is made when it is asked, by the thread that asks: loading the HTTP client takes 100 ms.

    Attributes:
        name: its name.
        make: makes it.
        longest_side: as its provider's.
    """

    name: str
    make: Callable[[], Provider] = field(repr=False)
    longest_side: int = 0

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Make the provider and ask it; raises what that raises."""
        yield from self.make().stream(request, cancel)


def longest_side_of(profile: Profile) -> int:
    """Return the pixels above which the service would make a picture smaller; 0 where it does not."""
    return dialect_named(profile.dialect).longest_side


def film_room_of(profile: Profile, upload: UploadWay = UploadWay.AUTO) -> FilmRoom:
    """Return what the service of ``profile`` takes of films, large files getting there by ``upload``."""
    dialect = dialect_named(profile.dialect)
    if profile.kind == DASHSCOPE or profile.is_dashscope:
        return FilmRoom(profile.name, BASE64_BYTES if upload is UploadWay.BASE64 else UPLOAD_BYTES["video"])
    file_bytes = 0 if not dialect.takes_films else UPLOAD_BYTES["video"] if dialect.is_local else BASE64_BYTES
    return FilmRoom(profile.name, file_bytes, dialect.takes_frames, dialect.takes_links, dialect.longest_side)


def provider_for(
    profile: Profile,
    key: str | None = None,
    *,
    task: Task | None = None,
    network: Network = DEFAULT_NETWORK,
    wire: WireChoices = DEFAULT_WIRE,
    on_wait: Callable[[float, str], None] = untold,
    on_sent: Callable[[int, int], None] = untold,
) -> Provider:
    """Return the provider for ``profile``; nothing is loaded or asked before its ``stream``.

    Args:
        profile: the service.
        key: its key, None where there is none; a service that needs one then says so when it is asked.
        task: what will be asked; the offline engine answers a task in prose with plain text, any other with places.
        network: how it is reached, and how long it is waited for.
        wire: how requests are written where that is a choice.
        on_wait: told the seconds and why before each wait for another try.
        on_sent: told the bytes sent so far and the bytes in all, while a request or a file is sent.

    Raises:
        ValueError: the profile is of a kind this version does not know; the text is for people.
    """
    if profile.kind == OFFLINE_OCR:
        from qwvis_desktop.core.providers.offline_ocr import OfflineOcr

        return OfflineOcr(as_text=task is not None and task.shape is ReplyShape.PROSE)
    if profile.kind in (DASHSCOPE, OPENAI):
        return _on_the_web(profile, key, network=network, wire=wire, on_wait=on_wait, on_sent=on_sent)
    raise ValueError(
        f"The service '{profile.name}' is of the kind '{profile.kind}', which this version does not know. "
        "Choose another."
    )


def _on_the_web(
    profile: Profile,
    key: str | None,
    *,
    network: Network,
    wire: WireChoices,
    on_wait: Callable[[float, str], None],
    on_sent: Callable[[int, int], None],
) -> Provider:
    from qwvis_desktop.core.providers.dashscope import DashScope
    from qwvis_desktop.core.providers.exchange import Exchange, Patience
    from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
    from qwvis_desktop.core.providers.upload import TemporaryUploads, api_of
    from qwvis_desktop.core.providers.uploading import Uploading

    exchange = Exchange(key or None, profile.needs_key, Patience.of(network), _retry(network), on_wait)
    inner: WebProvider
    if profile.kind == DASHSCOPE:
        inner = DashScope(profile.base_url, exchange, profile.name, on_sent=on_sent)
    else:
        inner = OpenAICompatible(
            profile.base_url,
            exchange.key,
            name=profile.name,
            needs_key=exchange.needs_key,
            patience=exchange.patience,
            retry=exchange.retry,
            on_wait=exchange.on_wait,
            on_sent=on_sent,
            states_pixels=profile.is_dashscope,
            pixels_place=wire.pixels_place,
            dialect=dialect_named(profile.dialect),
        )
    if not (profile.is_dashscope or profile.kind == DASHSCOPE):
        return inner
    uploads = TemporaryUploads(api_of(profile.base_url), exchange, on_sent)
    return Uploading(inner, uploads, wire.upload, wire.base64_mb * 2**20)


def _retry(network: Network) -> RetryPolicy:
    return RetryPolicy(network.tries, longest=network.longest_wait)
