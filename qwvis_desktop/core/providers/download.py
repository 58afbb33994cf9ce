"""Fetching a picture from an address that was dropped or pasted. No key is ever sent along."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import httpx2

from qwvis_desktop.core.providers.base import (
    BadReply,
    CancelToken,
    ConnectionFailed,
    Forbidden,
    NotFound,
    ProviderError,
    ServiceFailed,
    untold,
)
from qwvis_desktop.core.providers.connect import Wire, client_for, host_of
from qwvis_desktop.core.providers.failures import Failures

MAX_BYTES = 256 * 2**20
"""The largest file that is fetched."""

MAX_REDIRECTS = 5

SILENCE_SECONDS = 30.0
"""How long to wait for the next bytes."""

_HEADERS = {"User-Agent": "QwVis", "Accept": "image/*, video/*, application/octet-stream;q=0.8, */*;q=0.5"}
_NO_PICTURE = ("text/", "application/json", "application/xml", "application/xhtml")

_REFUSALS: dict[int, tuple[type[ProviderError], str]] = {
    401: (
        Forbidden,
        "{host} shows this picture only to people who are signed in. Save it in the browser and drop the file.",
    ),
    403: (Forbidden, "{host} does not give this picture to programs. Save it in the browser and drop the file."),
    404: (NotFound, "There is nothing at {url} any more. Check the address."),
    410: (NotFound, "There is nothing at {url} any more. Check the address."),
}


class Downloaded(NamedTuple):
    """What was fetched: the bytes, and a name for the file as the address suggests it."""

    data: bytes
    name: str


def download(
    url: str,
    cancel: CancelToken,
    on_progress: Callable[[int, int | None], None] = untold,
    limit: int = MAX_BYTES,
) -> Downloaded:
    """Fetch a picture by ``http`` or ``https``; redirects are followed.

    Args:
        url: its address.
        cancel: stops it at once.
        on_progress: told the bytes received and their total (None where it is not known).
        limit: the most bytes that are taken.

    Raises:
        ProviderError: it failed, or what is there is no picture.
        Cancelled: the user stopped it.
    """
    for _ in range(MAX_REDIRECTS + 1):
        if host_of(url) is None:
            raise BadReply(f"'{url}' is no address on the web. It must start with http:// or https://.")
        answer = _fetch(url, cancel, on_progress, limit)
        if isinstance(answer, Downloaded):
            return answer
        url = answer
    raise BadReply(
        f"The address {url} leads from one address to the next without end. Save the picture in the browser."
    )


def _fetch(
    url: str, cancel: CancelToken, on_progress: Callable[[int, int | None], None], limit: int
) -> Downloaded | str:
    """Return what is at ``url``, or the address it leads on to."""
    cancel.check()
    failures = Failures(url)
    wire = Wire(cancel, SILENCE_SECONDS)
    try:
        with client_for(url, wire) as client, client.stream("GET", url, headers=_HEADERS) as response:
            if response.is_redirect:
                return urljoin(url, response.headers.get("location", ""))
            _check(response, failures, limit)
            data = _received(response, wire, on_progress, limit)
            _check_content(data, failures)
            return Downloaded(data, suggested_name(url, response.headers))
    except httpx2.InvalidURL as error:
        raise BadReply(f"'{url}' is no address on the web ({error}).") from error
    except httpx2.RemoteProtocolError as error:
        cancel.check()
        raise ConnectionFailed(
            f"The connection to {failures.host} broke before the picture was whole. Try again.", details=str(error)
        ) from error
    except httpx2.HTTPError as error:
        cancel.check()
        raise failures.transport(error, wire) from error


def _check(response: httpx2.Response, failures: Failures, limit: int) -> None:
    status = response.status_code
    if status != 200:
        kind, sentence = _REFUSALS.get(
            status,
            (ServiceFailed if status >= 500 else BadReply, "{host} does not give the picture (status {status})."),
        )
        raise kind(sentence.format(host=failures.host, url=failures.url, status=status), status=status)
    if response.headers.get("content-type", "").lower().startswith(_NO_PICTURE):
        raise _no_picture(failures)
    total = _total(response)
    if total is not None and total > limit:
        raise _too_large(failures, limit)


def _received(
    response: httpx2.Response, wire: Wire, on_progress: Callable[[int, int | None], None], limit: int
) -> bytes:
    data = bytearray()
    total = _total(response)
    for piece in response.iter_bytes():
        wire.cancel.check()
        wire.read_seconds = SILENCE_SECONDS
        data += piece
        if len(data) > limit:
            raise _too_large(Failures(str(response.url)), limit)
        on_progress(len(data), total)
    return bytes(data)


def _check_content(data: bytes, failures: Failures) -> None:
    start = data[:256].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not data:
        raise BadReply(f"{failures.host} sent an empty file. Check the address.")
    if start.startswith((b"<!doctype html", b"<html")):
        raise _no_picture(failures)


def _no_picture(failures: Failures) -> BadReply:
    return BadReply(
        f"What is at {failures.url} is a web page or text, not a picture. Drop the picture itself, or open it "
        "alone in the browser and take that address."
    )


def _too_large(failures: Failures, limit: int) -> BadReply:
    return BadReply(f"The file at {failures.host} is larger than {limit // 2**20} MB and was not fetched.")


def _total(response: httpx2.Response) -> int | None:
    length = response.headers.get("content-length", "")
    # With a content encoding the length counts other bytes than those that arrive here.
    return int(length) if length.isdigit() and "content-encoding" not in response.headers else None


def suggested_name(url: str, headers: Mapping[str, str]) -> str:
    """Return a file name: what the service says, else the last part of the address; safe in any folder."""
    said = re.search(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", headers.get("content-disposition", ""), re.I)
    name = unquote(said.group(1) if said else urlsplit(url).path.rpartition("/")[2])
    name = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return name[-120:] or "picture"
