"""Temporary uploads: a file goes to DashScope's own storage and is named ``oss://`` in requests (``qwen-api.md`` 3.3).

A policy is asked for with the key; the file goes to another host with the policy's signature and without the key. It
lives for 48 hours, belongs to the account and to the model it was uploaded for, and cannot be listed or deleted.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from qwvis_desktop.core.providers.base import BadRequest, CancelToken, Forbidden, untold
from qwvis_desktop.core.providers.body import Blob
from qwvis_desktop.core.providers.completion import json_object, object_of, whole_text
from qwvis_desktop.core.providers.connect import Wire, client_for, host_of
from qwvis_desktop.core.providers.exchange import Exchange, translated
from qwvis_desktop.core.providers.failures import Failures

_PIECE_BYTES = 256 * 1024

_MARGIN_SECONDS = 30.0
"""A policy that ends sooner than this is not used any more: sending takes time."""

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """A permission to upload files for one model.

    Attributes:
        host: where to.
        folder: what the names of files begin with.
        fields: what is sent along with each file, in order, by the storage's names.
        most_bytes: the largest file; 0 where it does not say.
        ends: ``time.monotonic()`` when it is over.
    """

    host: str
    folder: str
    fields: Mapping[str, str] = field(repr=False)
    most_bytes: int
    ends: float

    @classmethod
    def read(cls, data: Mapping[str, object], failures: Failures) -> Policy:
        """Read what the service says.

        Raises:
            BadReply: it is no policy.
        """
        given = object_of(data.get("data"))
        try:
            fields = {name: str(given[key]) for name, key in _FIELDS}
            host, folder = str(given["upload_host"]), str(given["upload_dir"])
        except KeyError as error:
            raise failures.garbage(200, f"a policy without {error}") from None
        if host_of(host) is None:
            raise failures.garbage(200, "a policy without a host")
        seconds, megabytes = given.get("expire_in_seconds"), given.get("max_file_size_mb")
        return cls(
            host,
            folder,
            fields,
            int(megabytes) * 2**20 if isinstance(megabytes, int | float) else 0,
            time.monotonic() + (float(seconds) if isinstance(seconds, int | float) else 300.0),
        )


_FIELDS = (
    ("OSSAccessKeyId", "oss_access_key_id"),
    ("Signature", "signature"),
    ("policy", "policy"),
    ("x-oss-object-acl", "x_oss_object_acl"),
    ("x-oss-forbid-overwrite", "x_oss_forbid_overwrite"),
)
"""The storage's name of each field and the service's; ``key`` stands between the third and the fourth."""


@dataclass(slots=True)
class TemporaryUploads:
    """Uploads files for one service; one policy serves until it ends.

    Attributes:
        api: the service's own interface, up to and with ``/api/v1``.
        exchange: the key and how long to wait.
        on_sent: told the bytes sent so far and the bytes in all.
    """

    api: str
    exchange: Exchange
    on_sent: Callable[[int, int], None] = field(default=untold, repr=False)
    _policies: dict[str, Policy] = field(default_factory=dict, repr=False)

    def upload(self, blob: Blob, model: str, cancel: CancelToken) -> str:
        """Upload a picture or film for ``model`` and return its ``oss://`` address.

        Raises:
            ProviderError: the service gives no policy, or the storage does not take the file.
            Cancelled: the user stopped it.
        """
        policy = self._policy(model, cancel)
        try:
            return self._send(blob, policy, cancel)
        except Forbidden:
            # Its time was over before the file was there (2.11: "policy expired"): once more with a new one.
            self._policies.pop(model, None)
            return self._send(blob, self._policy(model, cancel), cancel)

    def _policy(self, model: str, cancel: CancelToken) -> Policy:
        policy = self._policies.get(model)
        if policy is None or policy.ends - _MARGIN_SECONDS < time.monotonic():
            url = f"{self.api}/uploads?{urlencode({'action': 'getPolicy', 'model': model})}"
            failures = Failures(url, model, self.exchange.key)
            text = self.exchange.get(failures, cancel) or ""
            policy = self._policies[model] = Policy.read(json_object(text, failures), failures)
        return policy

    def _send(self, blob: Blob, policy: Policy, cancel: CancelToken) -> str:
        if policy.most_bytes and len(blob.data) > policy.most_bytes:
            raise BadRequest(
                f"The storage takes files up to {policy.most_bytes // 2**20} MB, and this one has "
                f"{len(blob.data) / 2**20:.1f} MB. Lower the pixel limit of the request."
            )
        name = f"{secrets.token_hex(16)}{_ENDINGS.get(blob.mime, '')}"
        key = f"{policy.folder}/{name}"
        form = _Form(_form_fields(policy, key, blob.mime), name, blob, self.on_sent)
        # The storage never sees the key: its failures are told without knowing it either.
        failures = Failures(policy.host)
        wire = Wire(cancel, self.exchange.patience.first, self.exchange.patience.limits)
        headers = {"Content-Type": form.content_type, "Content-Length": str(len(form))}
        with (
            translated(failures, wire),
            client_for(policy.host, wire) as client,
            client.stream("POST", policy.host, content=form, headers=headers) as response,
        ):
            if response.status_code not in (200, 204):
                whole_text(response, failures)
        return f"oss://{key}"


def _form_fields(policy: Policy, key: str, mime: str) -> Iterator[tuple[str, str]]:
    """Yield the fields in the documented order; the file itself comes last."""
    for number, (name, value) in enumerate(policy.fields.items()):
        if number == 3:
            yield "key", key
        yield name, value
    yield "success_action_status", "200"
    yield "x-oss-content-type", mime


class _Form:
    """A multipart form whose file goes out in pieces."""

    def __init__(
        self, fields: Iterator[tuple[str, str]], name: str, blob: Blob, on_sent: Callable[[int, int], None]
    ) -> None:
        mark = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={mark}"
        head = [f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields]
        head.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {blob.mime}\r\n\r\n"
        )
        self._head, self._tail = "".join(head).encode(), f"\r\n--{mark}--\r\n".encode()
        self._data = blob.data
        self._on_sent = on_sent

    def __len__(self) -> int:
        return len(self._head) + len(self._data) + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        view = memoryview(self._data)
        for start in range(0, len(view), _PIECE_BYTES):
            yield bytes(view[start : start + _PIECE_BYTES])
            self._on_sent(min(start + _PIECE_BYTES, len(view)), len(view))
        yield self._tail


def api_of(base_url: str) -> str:
    """Return the address of the own interface of the service at ``base_url``, whichever interface that is of."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}/api/v1"
