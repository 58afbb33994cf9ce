"""Bodies of errors in every form, and what becomes of them."""

from __future__ import annotations

import itertools

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.providers.base import (
    BadReply,
    CancelToken,
    ConnectionFailed,
    NotFound,
    ProviderError,
    RateLimited,
    TimedOut,
)
from qwvis_desktop.core.providers.connect import Limits, Wire
from qwvis_desktop.core.providers.failures import Failures, retry_after
from qwvis_desktop.core.providers.refusals import CAUSES, SENTENCES, Refusal
from qwvis_desktop.core.providers.route import Proxy

HERE = Failures("http://model.example:8000/v1/chat/completions", "qwen3-vl-plus", "sk-canary0123456789")


@pytest.mark.parametrize(
    ("body", "code", "message", "request_id"),
    [
        ('{"error": {"message": "m", "type": "t", "code": "c"}, "request_id": "r"}', "c", "m", "r"),
        ('{"error": {"message": "m", "type": "t", "code": null}}', "t", "m", ""),
        ('{"code": "InvalidApiKey", "message": "m", "request_id": "r"}', "InvalidApiKey", "m", "r"),
        (
            '{"error": "model \\"x\\" not found, try pulling it first"}',
            "",
            'model "x" not found, try pulling it first',
            "",
        ),
        ('{"object": "error", "message": "m", "type": "BadRequestError", "code": 400}', "400", "m", ""),
        ('{"detail": "Not Found"}', "", "Not Found", ""),
        ('{"detail": [{"loc": ["body", 0], "msg": "missing"}, {"msg": "odd"}]}', "", "body.0: missing; odd", ""),
        ('{"detail": {"why": 1}}', "", '{"why": 1}', ""),
        ("[1, 2]", "", "[1, 2]", ""),
        ("Internal Server Error", "", "Internal Server Error", ""),
        ("<html><title>\n 502 Bad\tGateway </title></html>", "", "502 Bad Gateway", ""),
        ("<h1>Oh <b>no</b></h1>", "", "Oh no", ""),
        ("", "", "", ""),
    ],
)
def test_bodies_of_every_form(body: str, code: str, message: str, request_id: str) -> None:
    refusal = Refusal.read(400, body)
    assert (refusal.code, refusal.message, refusal.request_id) == (code, message, request_id)


@given(st.integers(200, 599), st.text(max_size=200))
def test_any_body_becomes_an_error_with_a_sentence(status: int, body: str) -> None:
    told = HERE.refused(Refusal.read(status, body))
    assert isinstance(told, ProviderError)
    assert str(told)
    assert told.status == status


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "code", "type", "detail", "msg", "loc", "request_id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["error", "message", "code", "detail", "request_id"]), JSON))
def test_any_error_object_is_read(data: dict[str, object]) -> None:
    refusal = Refusal.of(400, data, "")
    assert isinstance(refusal.message, str)
    assert isinstance(HERE.refused(refusal), ProviderError)


@pytest.mark.parametrize(
    ("status", "message", "kind", "part"),
    [
        (400, "Model not exist.", NotFound, "qwen3-vl-plus"),
        (404, '{"error": "model \\"x\\" not found, try pulling it first"}', NotFound, "does not know the model"),
        (404, "Not Found", NotFound, "base URL"),
        (405, "Method Not Allowed", NotFound, "base URL"),
        (407, "", ConnectionFailed, "proxy"),
        (418, "I'm a teapot", ProviderError, "I'm a teapot"),
        (201, "", BadReply, "status 201"),
    ],
)
def test_kinds(status: int, message: str, kind: type[ProviderError], part: str) -> None:
    told = HERE.refused(Refusal.read(status, message))
    assert isinstance(told, kind)
    assert part in str(told)


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("parameter.enable_thinking must be set to false for non-streaming calls", "only answers as a stream"),
        ("current user api does not support http call", "only answers as a stream"),
        ("The value of the enable_thinking parameter is restricted to True.", "always thinks"),
        ("thinking_budget should be in range [1, 81920]", "thinking budget"),
        ("Json mode response is not supported when enable_thinking is true", "do not go together"),
        ("Range of input length should be [1, 129024]", "longer than the model takes"),
        ("This model's maximum context length is 4096 tokens.", "longer than the model takes"),
        ("Range of max_tokens should be [1, 8192]", "'max_tokens'"),
        ("'messages' must contain the word 'json' in some form", "JSON mode needs the word"),
        ("Exceeded limit on max bytes per data-uri item : 10485760", "larger than the service takes"),
        ("Multimodal file size is too large", "larger than the service takes"),
        ("The image length and width do not meet the model restrictions.", "10 pixels or less"),
        ("Failed to decode the image during the data inspection.", "Save it as JPEG or PNG"),
        ("url error, please check url!", "not served at this address"),
        ("Model not exist.", "does not know the model"),
        ("At most 0 image(s) may be provided in one request.", "takes no pictures"),
        ("image input is not supported - hint: provide the mmproj", "takes no pictures"),
        ("Input data may contain inappropriate content.", "content check"),
    ],
)
def test_messages_of_the_fact_sheet_are_known(message: str, part: str) -> None:
    assert part in str(HERE.refused(Refusal(400, "invalid_parameter_error", message)))


def test_every_sentence_can_be_filled_in() -> None:
    for sentence in [cause.sentence for cause in CAUSES] + list(SENTENCES.values()):
        filled = sentence.format(host="h", url="u", model="m", status=1)
        assert "{" not in filled
        assert filled.endswith(".")


@pytest.mark.parametrize(
    ("error", "kind", "part"),
    [
        (httpx2.ConnectTimeout("t"), TimedOut, "No connection"),
        (httpx2.ReadTimeout("t"), TimedOut, "60 seconds"),
        (httpx2.WriteTimeout("t"), TimedOut, "60 seconds"),
        (httpx2.ConnectError("[Errno 111] Connection refused"), ConnectionFailed, "refused"),
        (httpx2.ConnectError("[WinError 10061] No connection could be made"), ConnectionFailed, "refused"),
        (httpx2.ConnectError("[Errno -2] Name or service not known"), ConnectionFailed, "cannot be found"),
        (
            httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
            ConnectionFailed,
            "not safe",
        ),
        (httpx2.ConnectError("[Errno 101] Network is unreachable"), ConnectionFailed, "cannot be reached"),
        (httpx2.ProxyError("403"), ConnectionFailed, "proxy"),
        (httpx2.ReadError("reset"), ConnectionFailed, "broke"),
        (httpx2.RemoteProtocolError("incomplete"), ConnectionFailed, "broke"),
        (httpx2.DecodingError("gzip"), BadReply, "cannot be read"),
    ],
)
def test_broken_connections(error: httpx2.HTTPError, kind: type[ProviderError], part: str) -> None:
    told = HERE.transport(error, Wire(CancelToken(), 60.0))
    assert type(told) is kind
    assert part in str(told)


def test_only_a_broken_connection_may_pass() -> None:
    wire = Wire(CancelToken(), 1.0)
    assert HERE.transport(httpx2.ReadError("reset"), wire).transient
    assert not HERE.transport(httpx2.ConnectError("refused"), wire).transient
    assert not HERE.transport(httpx2.ReadTimeout("t"), wire).transient


def test_what_ran_out_is_told_apart() -> None:
    wire = Wire(CancelToken(), 5.0, Limits(total=0.001))
    assert "was silent for 5 seconds" in str(HERE.transport(httpx2.ReadTimeout("t"), wire))
    wire.read_seconds = 7.0
    assert "began a reply and then sent nothing further for 7 seconds" in str(
        HERE.transport(httpx2.ReadTimeout("t"), wire)
    )
    with pytest.raises(TimeoutError):
        min(wire.seconds_left() for _ in itertools.count())
    assert "not complete after 0.001 seconds" in str(HERE.transport(httpx2.ReadTimeout("t"), wire))


def test_a_proxy_that_cannot_be_reached_is_named() -> None:
    wire = Wire(CancelToken(), 5.0)
    wire.proxy = Proxy("http://me:hunter2@proxy:3128", "the variable HTTPS_PROXY")
    told = HERE.transport(httpx2.ConnectError("[Errno 111] Connection refused"), wire)
    assert "The proxy proxy:3128, which is named by the variable HTTPS_PROXY, cannot be reached" in str(told)
    assert "hunter2" not in f"{told} {told.details} {wire.proxy!r}"


@pytest.mark.parametrize(
    ("code", "wait"), [("insufficient_quota", 30.0), ("limit_burst_rate", 5.0), ("Throttling", None)]
)
def test_a_limit_of_the_service_says_how_long_it_lasts(code: str, wait: float | None) -> None:
    told = HERE.refused(Refusal(429, code))
    assert isinstance(told, RateLimited)
    assert told.retry_after == wait
    said = HERE.refused(Refusal(429, code), {"retry-after": "2"})
    assert isinstance(said, RateLimited)
    assert said.retry_after == 2.0


def test_an_address_with_a_password_is_shown_without_it() -> None:
    told = Failures("http://me:hunter2@host/v1/chat/completions").page(200, "<html>")
    assert "hunter2" not in f"{told} {told.details} {Failures('http://me:hunter2@host/v1')!r}"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_a_date_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qwvis_desktop.core.providers.failures.time", lambda: 1445412450.0)
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 30.0
