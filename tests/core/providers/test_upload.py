"""Temporary uploads against a real HTTP service on this machine: policy, form, and what is asked then."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

import pytest
from loopback.answers import Answer
from loopback.native import native_streamed
from loopback.service import LoopbackService, ReceivedRequest

from qwvis_desktop.core.profiles import BASE64_BYTES, UploadWay
from qwvis_desktop.core.providers.base import (
    BadReply,
    BadRequest,
    Cancelled,
    CancelToken,
    ChatRequest,
    Forbidden,
    ImagePart,
    Role,
    TextPart,
    Turn,
    VideoFile,
    VideoPart,
)
from qwvis_desktop.core.providers.dashscope import DashScope
from qwvis_desktop.core.providers.exchange import Exchange, Patience
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY
from qwvis_desktop.core.providers.upload import TemporaryUploads, api_of
from qwvis_desktop.core.providers.uploading import Uploading, is_uploaded

SMALL = ImagePart(b"small", "image/png", 32, 32)
LARGE = ImagePart(bytes(BASE64_BYTES + 1), "image/jpeg", 4000, 4000)
FILM = VideoFile(b"film", "video/mp4")


class Storage:
    """Answers as the service and as its storage, which is another host; keeps what each was sent."""

    def __init__(self, service: LoopbackService, storage: LoopbackService) -> None:
        self.service, self.storage = service, storage
        self.refusals = 0
        self.seconds = 300
        service.answer = self.as_service
        storage.answer = self.as_storage

    def as_service(self, request: ReceivedRequest) -> Answer:
        if "/uploads" not in request.path:
            return native_streamed("[]")
        data = {
            "policy": "cG9saWN5",
            "signature": "sig=",
            "upload_dir": "dashscope-instant/abc/2026",
            "upload_host": f"http://127.0.0.1:{self.storage.port}",
            "expire_in_seconds": self.seconds,
            "max_file_size_mb": 100,
            "capacity_limit_mb": 999999,
            "oss_access_key_id": "LTAI",
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        }
        return Answer([json.dumps({"data": data, "request_id": "r"}).encode()], whole=True)

    def as_storage(self, request: ReceivedRequest) -> Answer:
        if self.refusals:
            self.refusals -= 1
            text = b"<Error><Code>AccessDenied</Code><Message>policy expired</Message></Error>"
            return Answer([text], status=403, content_type="application/xml", whole=True)
        return Answer(whole=True)


@pytest.fixture
def storage(service: LoopbackService) -> Iterator[Storage]:
    with LoopbackService() as other:
        yield Storage(service, other)


@pytest.fixture
def exchange(key: str) -> Exchange:
    return Exchange(key, True, Patience(5.0, 5.0), NO_RETRY)


def uploading(storage: Storage, exchange: Exchange, way: UploadWay = UploadWay.AUTO, **more: Any) -> Uploading:
    api = f"http://127.0.0.1:{storage.service.port}/api/v1"
    return Uploading(DashScope(api, exchange), TemporaryUploads(api, exchange, **more), way)


def fields_of(request: ReceivedRequest) -> list[tuple[str, str | None, bytes]]:
    """Return the name, the file name and the content of each field of a form, in order."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = message_from_bytes(head + request.body, policy=HTTP)
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            bytes(part.get_payload(decode=True)),
        )
        for part in form.iter_parts()
    ]


def test_the_form_is_the_documented_one_and_the_key_stays_here(storage: Storage, exchange: Exchange, key: str) -> None:
    url = TemporaryUploads(f"http://127.0.0.1:{storage.service.port}/api/v1", exchange).upload(
        SMALL, "qwen3-vl-plus", CancelToken()
    )
    asked, (sent,) = storage.service.requests[0], storage.storage.requests
    assert (asked.method, asked.path) == ("GET", "/api/v1/uploads?action=getPolicy&model=qwen3-vl-plus")
    assert asked.headers["authorization"] == f"Bearer {key}"
    assert "authorization" not in sent.headers
    assert key.encode() not in sent.body
    fields = fields_of(sent)
    name = fields[3][2].decode()
    assert re.fullmatch(r"dashscope-instant/abc/2026/[0-9a-f]{32}\.png", name)
    assert url == f"oss://{name}"
    assert fields == [
        ("OSSAccessKeyId", None, b"LTAI"),
        ("Signature", None, b"sig="),
        ("policy", None, b"cG9saWN5"),
        ("key", None, name.encode()),
        ("x-oss-object-acl", None, b"private"),
        ("x-oss-forbid-overwrite", None, b"true"),
        ("success_action_status", None, b"200"),
        ("x-oss-content-type", None, b"image/png"),
        ("file", name.rpartition("/")[2], b"small"),
    ]


def test_large_files_are_uploaded_and_small_ones_sent(storage: Storage, exchange: Exchange) -> None:
    told: list[tuple[int, int]] = []
    provider = uploading(storage, exchange, on_sent=lambda sent, total: told.append((sent, total)))
    history = (Turn(Role.USER, (LARGE,)),)
    list(provider.stream(ChatRequest("m", (LARGE, SMALL, TextPart("x")), history=history), CancelToken()))
    (sent,) = storage.storage.requests  # the same picture in two turns is uploaded once
    policy, asked = storage.service.requests
    earlier, last = asked.json["input"]["messages"]
    address = f"oss://{fields_of(sent)[3][2].decode()}"
    assert earlier["content"] == [{"image": address, "max_pixels": 16_000_000}]
    assert [item.get("image", "")[:22] for item in last["content"]] == [address[:22], "data:image/png;base64,", ""]
    assert asked.headers["x-dashscope-ossresourceresolve"] == "enable"
    assert "x-dashscope-ossresourceresolve" not in policy.headers
    assert told[-1] == (BASE64_BYTES + 1, BASE64_BYTES + 1)
    assert told == sorted(told)


def test_the_other_interface_resolves_uploads_too(storage: Storage, exchange: Exchange, key: str) -> None:
    base = f"http://127.0.0.1:{storage.service.port}/compatible-mode/v1"
    inner = OpenAICompatible(base, key, retry=NO_RETRY)
    provider = Uploading(inner, TemporaryUploads(api_of(base), exchange), UploadWay.TEMPORARY)
    film = VideoPart(source=FILM, fps=2)
    frames = VideoPart(source=(SMALL, SMALL))
    asked = ChatRequest("m", (SMALL, film, frames))
    assert "uploaded when the request is sent" in json.dumps(dict(provider.prepare(asked).body))
    assert storage.service.requests == []
    storage.service.answer = lambda request: (
        Answer([b'{"choices": [{"message": {"content": "[]"}, "finish_reason": "stop"}]}'], whole=True)
        if request.method == "POST"
        else storage.as_service(request)
    )
    list(provider.stream(asked, CancelToken()))
    request = storage.service.requests[-1]
    assert request.headers["x-dashscope-ossresourceresolve"] == "enable"
    picture, video, listed = request.json["messages"][0]["content"]
    assert picture["image_url"]["url"].startswith("oss://")
    assert video["video_url"]["url"].endswith(".mp4")
    assert (video["fps"], len(listed["video"])) == (2, 2)
    assert len(storage.service.requests) == 2  # one policy for all


def test_a_policy_that_is_over_is_asked_for_anew(storage: Storage, exchange: Exchange) -> None:
    uploads = TemporaryUploads(f"http://127.0.0.1:{storage.service.port}/api/v1", exchange)
    storage.seconds = 20
    for _ in range(2):
        uploads.upload(SMALL, "m", CancelToken())
    storage.seconds = 300
    for model in ("m", "m", "other", "m"):
        uploads.upload(SMALL, model, CancelToken())
    assert [request.path[-7:] for request in storage.service.requests] == ["model=m"] * 3 + ["l=other"]
    storage.refusals = 1
    uploads.upload(SMALL, "m", CancelToken())
    assert len(storage.service.requests) == 5
    storage.refusals = 2
    with pytest.raises(Forbidden):
        uploads.upload(SMALL, "m", CancelToken())


def test_where_there_is_no_storage_what_fits_is_sent_as_base64(storage: Storage, exchange: Exchange) -> None:
    large = ImagePart(bytes(BASE64_BYTES + 1), "image/png", 64, 64)
    no_storage = Answer([b'{"code": "InvalidParameter", "message": "no"}'], status=400, whole=True)
    storage.service.answer = lambda request: no_storage if request.method == "GET" else native_streamed("[]")
    list(uploading(storage, exchange).stream(ChatRequest("m", (large,)), CancelToken()))
    (item,) = storage.service.requests[-1].json["input"]["messages"][0]["content"]
    assert item["image"].startswith("data:image/png;base64,")
    with pytest.raises(BadRequest):
        list(uploading(storage, exchange, UploadWay.TEMPORARY).stream(ChatRequest("m", (large,)), CancelToken()))


def test_stop_ends_an_upload(storage: Storage, exchange: Exchange) -> None:
    cancel = CancelToken()

    def stop(sent: int, total: int) -> None:
        if sent > total // 2:
            cancel.cancel()

    provider = uploading(storage, exchange, on_sent=stop)
    with pytest.raises(Cancelled):
        list(provider.stream(ChatRequest("m", (LARGE,)), cancel))
    assert ["/uploads" in request.path for request in storage.service.requests] == [True]  # nothing was asked


@pytest.mark.parametrize("body", [b"[]", b'{"data": {}}', b'{"data": {"policy": "x"}}', b"<html></html>"])
def test_what_is_no_policy_is_said(storage: Storage, exchange: Exchange, body: bytes) -> None:
    storage.service.answer = Answer([body], whole=True)
    with pytest.raises(BadReply):
        TemporaryUploads(f"http://127.0.0.1:{storage.service.port}/api/v1", exchange).upload(SMALL, "m", CancelToken())
    assert storage.storage.requests == []


@pytest.mark.parametrize(
    ("mime", "size", "way", "uploaded"),
    [
        ("image/jpeg", 6_900_000, "auto", False),
        ("image/jpeg", 7_100_000, "auto", True),
        ("image/jpeg", 10_100_000, "auto", None),
        ("image/jpeg", 7_800_000, "base64", False),
        ("image/jpeg", 7_900_000, "base64", None),
        ("image/png", 10, "temporary", True),
        ("video/mp4", 6_900_000, "auto", False),
        ("video/mp4", 99_000_000, "auto", True),
        ("video/mp4", 101_000_000, "auto", None),
    ],
)
def test_the_makers_table(mime: str, size: int, way: str, uploaded: bool | None) -> None:
    blob = VideoFile(bytes(size), mime)
    if uploaded is None:
        with pytest.raises(BadRequest, match="MB"):
            is_uploaded(blob, UploadWay(way))
    else:
        assert is_uploaded(blob, UploadWay(way)) is uploaded


def test_the_newest_documents_take_twice_as_much_as_base64() -> None:
    blob = ImagePart(bytes(12_000_000), "image/jpeg", 4000, 4000)
    assert not is_uploaded(blob, UploadWay.BASE64, 20 * 2**20)
    with pytest.raises(BadRequest, match=r"at most 7\.9 MB can be sent as base64"):
        is_uploaded(blob, UploadWay.BASE64)
