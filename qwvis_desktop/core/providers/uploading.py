"""How pictures and films get to a service: as base64, or uploaded first; by the makers' table (``qwen-api.md`` 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from qwvis_desktop.core.profiles import BASE64_BYTES, UPLOAD_BYTES, UploadWay
from qwvis_desktop.core.providers.base import (
    BadRequest,
    CancelToken,
    ChatRequest,
    ImageLink,
    ImagePart,
    Part,
    PreparedRequest,
    ProviderError,
    ReplyChunk,
    VideoFile,
    VideoPart,
    WebProvider,
)
from qwvis_desktop.core.providers.body import Blob
from qwvis_desktop.core.providers.upload import TemporaryUploads

MOST_BASE64 = 10_485_760
"""The longest base64 text that a service takes in one item (2.11)."""

_TO_COME = "oss://(uploaded when the request is sent)"
"""What a request that is only looked at says of a file that would be uploaded."""


def is_uploaded(blob: Blob, way: UploadWay, most_base64: int = MOST_BASE64) -> bool:
    """Say whether a file is uploaded first.

    Raises:
        BadRequest: it is larger than any way but an address on the web takes.
    """
    kind = blob.mime.partition("/")[0]
    size = len(blob.data)
    if way is UploadWay.BASE64 or (way in (UploadWay.AUTO, UploadWay.LINK) and size <= BASE64_BYTES):
        if (size + 2) // 3 * 4 > most_base64:
            raise BadRequest(
                f"The file has {size / 1e6:.1f} MB, and at most {most_base64 * 0.75e-6:.1f} MB can be sent as base64. "
                "Upload it instead, or make it smaller."
            )
        return False
    if size > UPLOAD_BYTES.get(kind, 0):
        raise BadRequest(
            f"The file has {size / 1e6:.1f} MB, and at most {UPLOAD_BYTES.get(kind, 0) / 1e6:.0f} MB can be uploaded. "
            "Put it on the web and give its address, or make it smaller."
        )
    return True


@dataclass(frozen=True, slots=True)
class Uploading:
    """A service whose large files are uploaded before it is asked.

    Where the upload fails (some regions have no such storage), what fits is sent as base64 instead.

    Attributes:
        inner: the service.
        uploads: does the uploading.
        way: how files are to get there.
        most_base64: the longest base64 text that the service takes in one item.
    """

    inner: WebProvider
    uploads: TemporaryUploads
    way: UploadWay = UploadWay.AUTO
    most_base64: int = MOST_BASE64

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return self.inner.name

    def prepare(self, request: ChatRequest) -> PreparedRequest:
        """Return what would be sent, without sending or uploading anything.

        Raises:
            BadRequest: a file is too large.
        """

        def address(blob: Blob) -> str | None:
            return _TO_COME if is_uploaded(blob, self.way, self.most_base64) else None

        return self.inner.prepare(_moved(request, address))

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Upload what is to be uploaded, then ask; raises what asking raises.

        Raises:
            BadRequest: a file is too large.
        """
        known: dict[int, str | None] = {}

        def address(blob: Blob) -> str | None:
            if id(blob) not in known:  # a picture of an earlier turn is there already
                known[id(blob)] = self._uploaded(blob, request.model, cancel)
            return known[id(blob)]

        cancel.check()
        yield from self.inner.stream(_moved(request, address), cancel)

    def _uploaded(self, blob: Blob, model: str, cancel: CancelToken) -> str | None:
        if not is_uploaded(blob, self.way, self.most_base64):
            return None
        try:
            return self.uploads.upload(blob, model, cancel)
        except ProviderError:
            if self.way is not UploadWay.TEMPORARY and (len(blob.data) + 2) // 3 * 4 <= self.most_base64:
                return None
            raise


def _moved(request: ChatRequest, address: Callable[[Blob], str | None]) -> ChatRequest:
    """Return ``request`` with the files that have an address named by it."""

    def moved(part: Part) -> Part:
        match part:
            case ImagePart():
                return picture(part)
            case VideoPart(source=VideoFile() as film):
                return replace(part, source=address(film) or film)
            case VideoPart(source=tuple() as frames):
                return replace(part, source=tuple(picture(frame) for frame in frames))
            case _:
                return part

    def picture(part: ImagePart | ImageLink) -> ImagePart | ImageLink:
        url = address(part) if isinstance(part, ImagePart) else None
        return part if url is None else ImageLink(url, part.width, part.height)

    history = tuple(replace(turn, parts=tuple(moved(part) for part in turn.parts)) for turn in request.history)
    return replace(request, parts=tuple(moved(part) for part in request.parts), history=history)
