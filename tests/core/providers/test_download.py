"""Pictures fetched from a dropped address."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
from loopback.answers import Answer, Gate
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.providers.base import (
    BadReply,
    Cancelled,
    CancelToken,
    ConnectionFailed,
    Forbidden,
    NotFound,
    ProviderError,
    ServiceFailed,
)
from qwvis_desktop.core.providers.download import download, suggested_name


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 10)).save(out, "PNG")
    return out.getvalue()


def address(service: LoopbackService, path: str = "/street.png") -> str:
    return f"http://127.0.0.1:{service.port}{path}"


def test_a_picture(service: LoopbackService) -> None:
    told: list[tuple[int, int | None]] = []
    service.answer = Answer([png()], content_type="image/png", whole=True)
    got = download(address(service), CancelToken(), lambda received, total: told.append((received, total)))
    assert got == (png(), "street.png")
    assert told[-1] == (len(png()), len(png()))
    assert "authorization" not in service.requests[0].headers


def test_redirects_are_followed(service: LoopbackService) -> None:
    service.answer = [
        Answer(status=302, headers={"Location": "/b/far.png"}, whole=True),
        Answer([png()], content_type="image/png"),
    ]
    assert download(address(service), CancelToken()) == (png(), "far.png")


def test_redirects_without_end(service: LoopbackService) -> None:
    service.answer = Answer(status=302, headers={"Location": "/again"}, whole=True)
    with pytest.raises(BadReply, match="without end"):
        download(address(service), CancelToken())
    assert len(service.requests) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:1"])
def test_redirects_to_elsewhere_than_the_web(service: LoopbackService, target: str) -> None:
    service.answer = Answer(status=302, headers={"Location": target}, whole=True)
    with pytest.raises(BadReply, match="no address on the web"):
        download(address(service), CancelToken())


@pytest.mark.parametrize(
    ("answer", "kind", "part"),
    [
        (Answer([b"<html></html>"], content_type="text/html", whole=True), BadReply, "web page"),
        (Answer([b"\n<!DOCTYPE HTML><p>"], content_type="image/png", whole=True), BadReply, "web page"),
        (Answer([b"{}"], content_type="application/json", whole=True), BadReply, "web page or text"),
        (Answer([], content_type="image/png", whole=True), BadReply, "empty file"),
        (Answer(status=403, whole=True), Forbidden, "not give this picture to programs"),
        (Answer(status=404, whole=True), NotFound, "nothing at"),
        (Answer(status=418, whole=True), BadReply, "status 418"),
        (Answer(status=503, whole=True), ServiceFailed, "status 503"),
        (Answer([b"x" * 2000], content_type="image/png", whole=True), BadReply, "larger than"),
        (Answer([b"x" * 600, b"x" * 600], content_type="image/png"), BadReply, "larger than"),
    ],
)
def test_what_is_no_picture_is_said(
    service: LoopbackService, answer: Answer, kind: type[ProviderError], part: str
) -> None:
    service.answer = answer
    with pytest.raises(kind, match=part):
        download(address(service), CancelToken(), limit=1000)


def test_a_broken_connection(service: LoopbackService) -> None:
    from loopback.answers import RESET

    service.answer = Answer([png()[:20], RESET], content_type="image/png")
    with pytest.raises(ConnectionFailed):
        download(address(service), CancelToken())


@pytest.mark.parametrize("url", ["", "street.png", "file:///tmp/a.png", "http://", "http://[::1/x.png"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(BadReply, match="no address on the web"):
        download(url, CancelToken())


def test_a_stop_is_heard_in_mid_file(service: LoopbackService) -> None:
    gate, cancel = Gate(), CancelToken()
    service.answer = Answer([png()[:20], gate], content_type="image/png")

    def stop() -> None:
        gate.reached.wait(5.0)
        cancel.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        download(address(service), cancel)
    stopper.join()
    assert service.requests[0].closed.wait(1.0)


@pytest.mark.parametrize(
    ("url", "header", "name"),
    [
        ("http://h/a/b%20c.jpg?x=1", "", "b c.jpg"),
        ("http://h/", "", "picture"),
        ("http://h/x", 'attachment; filename="photo.png"', "photo.png"),
        ("http://h/x", "attachment; filename*=UTF-8''%E8%BD%A6.png", "车.png"),
        ("http://h/x", 'attachment; filename="../../etc/passwd"', "passwd"),
        ("http://h/x", 'attachment; filename="..\\\\evil.png"', "evil.png"),
        ("http://h/..", "", "picture"),
        ("http://h/" + "a" * 300 + ".png", "", "a" * 116 + ".png"),
    ],
)
def test_names(url: str, header: str, name: str) -> None:
    assert suggested_name(url, {"content-disposition": header}) == name
