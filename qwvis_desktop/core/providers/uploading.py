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


def is_uploaded(blob: Blob, way: UploadWay) -> bool:
    """Say whether a file is uploaded first.

    Raises:
        BadRequest: it is larger than any way but an address on the web takes.
    """
    kind = blob.mime.partition("/")[0]
    size = len(blob.data)
    if way is UploadWay.BASE64 or (way in (UploadWay.AUTO, UploadWay.LINK) and size <= BASE64_BYTES):
        if (size + 2) // 3 * 4 > MOST_BASE64:
            raise BadRequest(
                f"The file has {size / 1e6:.1f} MB, and services take at most 7.8 MB as base64. Upload it instead, or "
                "make it smaller."
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
    """

    inner: WebProvider
    uploads: TemporaryUploads
    way: UploadWay = UploadWay.AUTO

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return self.inner.name

    def prepare(self, request: ChatRequest) -> PreparedRequest:
        """Return what would be sent, without sending or uploading anything.

        Raises:
            BadRequest: a file is too large.
        """
        return self.inner.prepare(_moved(request, lambda blob: _TO_COME if is_uploaded(blob, self.way) else None))

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
        if not is_uploaded(blob, self.way):
            return None
        try:
            return self.uploads.upload(blob, model, cancel)
        except ProviderError:
            if self.way is not UploadWay.TEMPORARY and (len(blob.data) + 2) // 3 * 4 <= MOST_BASE64:
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
