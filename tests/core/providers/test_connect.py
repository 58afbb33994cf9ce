"""Stopping in every phase of a connection: by the token, from another thread, at once."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from loopback.answers import EVENT_STREAM, Answer, Delay, Gate, gated, streamed
from loopback.service import LoopbackService

from qwvis_desktop.core.providers import connect, exchange
from qwvis_desktop.core.providers.base import (
    BadReply,
    Cancelled,
    CancelToken,
    ChatRequest,
    ConnectionFailed,
    ProviderError,
    TimedOut,
)
from qwvis_desktop.core.providers.connect import Limits
from qwvis_desktop.core.providers.exchange import Patience
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY

AT_ONCE = 1.0
"""Seconds after which a stop has failed; what it takes is a thousandth of that, and is measured elsewhere."""


class Run:
    """A request on a thread of its own; ``outcome`` is its error, or its text."""

    def __init__(self, provider: OpenAICompatible, request: ChatRequest) -> None:
        self.cancel = CancelToken()
        self.outcome: BaseException | str | None = None
        self.first = threading.Event()

        def work() -> None:
            text = ""
            try:
                for chunk in provider.stream(request, self.cancel):
                    text += chunk.text
                    self.first.set()
                self.outcome = text
            except (ProviderError, Cancelled) as error:
                self.outcome = error

        self._thread = threading.Thread(target=work)
        self._thread.start()

    def stop(self) -> BaseException | str | None:
        self.cancel.cancel()
        self._thread.join(AT_ONCE)
        assert not self._thread.is_alive(), "the request did not stop at once"
        return self.outcome

    def wait(self) -> BaseException | str | None:
        self._thread.join(5.0)
        return self.outcome


@contextmanager
def full_backlog() -> Iterator[int]:
    """Give a port where connections are neither made nor refused: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
            waiting.append(client)
        try:
            yield port
        finally:
            for client in waiting:
                client.close()


class TestStop:
    def test_before_anything_is_sent(self, service: LoopbackService, words: ChatRequest) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            list(OpenAICompatible(service.base_url).stream(words, cancel))
        assert not service.requests

    def test_while_the_name_is_looked_up(self, words: ChatRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, go_on = threading.Event(), threading.Event()

        def slow(*_: object, **__: object) -> list[object]:
            asked.set()
            go_on.wait(5.0)
            raise OSError("too late")

        monkeypatch.setattr(socket, "getaddrinfo", slow)
        run = Run(OpenAICompatible("http://model.invalid/v1", retry=NO_RETRY), words)
        assert asked.wait(5.0)
        try:
            assert isinstance(run.stop(), Cancelled)
        finally:
            go_on.set()

    def test_while_connecting(self, words: ChatRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        connecting = threading.Event()
        wait = connect._Backend._await_connection

        def told(self: connect._Backend, connection: socket.socket, until: float) -> None:
            connecting.set()
            wait(self, connection, until)

        monkeypatch.setattr(connect._Backend, "_await_connection", told)
        with full_backlog() as port:
            run = Run(OpenAICompatible(f"http://127.0.0.1:{port}/v1", retry=NO_RETRY), words)
            assert connecting.wait(5.0)
            assert isinstance(run.stop(), Cancelled)

    def test_while_waiting_for_the_first_byte(self, service: LoopbackService, words: ChatRequest) -> None:
        gate = Gate()
        service.answer = Answer(before=[gate])
        run = Run(OpenAICompatible(service.base_url, retry=NO_RETRY), words)
        assert gate.reached.wait(5.0)
        assert isinstance(run.stop(), Cancelled)
        assert service.requests[0].closed.wait(1.0)

    def test_in_mid_stream(self, service: LoopbackService, words: ChatRequest) -> None:
        service.answer, gates = gated(["[1,", "2]"])
        gates[0].open()
        run = Run(OpenAICompatible(service.base_url, retry=NO_RETRY), words)
        assert run.first.wait(5.0)
        assert gates[1].reached.wait(5.0)
        assert isinstance(run.stop(), Cancelled)
        assert service.requests[0].closed.wait(1.0)

    def test_while_waiting_for_another_try(self, service: LoopbackService, words: ChatRequest) -> None:
        from loopback.answers import FAULTS

        waiting = threading.Event()
        service.answer = FAULTS["too-many"]
        provider = OpenAICompatible(service.base_url, on_wait=lambda seconds, why: waiting.set())
        run = Run(provider, words)
        assert waiting.wait(5.0)
        assert isinstance(run.stop(), Cancelled)
        assert len(service.requests) == 1

    def test_while_a_large_body_is_sent(self, words: ChatRequest) -> None:
        from qwvis_desktop.core.providers.base import ImagePart

        # A service that reads nothing: the body fills the buffers and stops.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            part = ImagePart(bytes(30_000_000), "image/png", 1, 1)
            run = Run(OpenAICompatible(f"http://127.0.0.1:{port}/v1", retry=NO_RETRY), ChatRequest("m", (part,)))
            accepted, _ = listener.accept()
            with accepted:
                assert isinstance(run.stop(), Cancelled)

    def test_after_the_end_does_nothing(self, service: LoopbackService, words: ChatRequest) -> None:
        run = Run(OpenAICompatible(service.base_url), words)
        assert run.wait() == "[]"
        run.cancel.cancel()
        assert run.outcome == "[]"


def test_no_connection_in_time(words: ChatRequest) -> None:
    patience = Patience(limits=Limits(connect=0.05))
    with full_backlog() as port, pytest.raises(TimedOut, match="No connection"):
        list(OpenAICompatible(f"http://127.0.0.1:{port}/v1", patience=patience).stream(words, CancelToken()))


def test_a_name_that_is_not_found(words: ChatRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ConnectionFailed, match=r"'model\.invalid' cannot be found"):
        list(OpenAICompatible("http://model.invalid/v1").stream(words, CancelToken()))


def test_the_next_address_is_tried(
    service: LoopbackService, words: ChatRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    found = [(*kind, ("127.0.0.1", 9)), (*kind, ("127.0.0.1", service.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    provider = OpenAICompatible("http://model.invalid/v1", retry=NO_RETRY)
    assert "".join(chunk.text for chunk in provider.stream(words, CancelToken())) == "[]"


class TestTls:
    """A certificate of our own making on this machine."""

    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        pytest.importorskip("cryptography", reason="certificates are made with cryptography")
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID

        private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(private.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
            .sign(private, hashes.SHA256())
        )
        path = tmp_path / "loopback.pem"
        path.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return path

    @pytest.fixture
    def secure(self, certificate: Path) -> Iterator[LoopbackService]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        with LoopbackService(tls=context) as running:
            yield running

    @pytest.fixture
    def trusting(self, certificate: Path) -> Patience:
        """Return limits with the loopback's own authority trusted besides the system's."""
        return Patience(limits=Limits(ca_file=str(certificate)))

    def test_an_unknown_certificate_is_refused(self, secure: LoopbackService, words: ChatRequest) -> None:
        with pytest.raises(ConnectionFailed, match="not safe") as caught:
            list(OpenAICompatible(secure.base_url, "sk-0123456789", retry=NO_RETRY).stream(words, CancelToken()))
        assert not secure.requests
        assert "certificate" in caught.value.details

    def test_a_service_that_speaks_no_tls(self, service: LoopbackService, words: ChatRequest) -> None:
        url = service.base_url.replace("http://", "https://")
        with pytest.raises(ConnectionFailed, match="not safe"):
            list(OpenAICompatible(url, retry=NO_RETRY).stream(words, CancelToken()))

    def test_a_reply_over_tls(self, secure: LoopbackService, words: ChatRequest, trusting: Patience) -> None:
        provider = OpenAICompatible(secure.base_url, retry=NO_RETRY, patience=trusting)
        assert "".join(chunk.text for chunk in provider.stream(words, CancelToken())) == "[]"

    def test_stop_in_mid_stream_over_tls(self, secure: LoopbackService, words: ChatRequest, trusting: Patience) -> None:
        secure.answer, gates = gated(["[1,", "2]"])
        gates[0].open()
        run = Run(OpenAICompatible(secure.base_url, retry=NO_RETRY, patience=trusting), words)
        assert run.first.wait(5.0)
        assert isinstance(run.stop(), Cancelled)
        assert secure.requests[0].closed.wait(1.0)

    def test_stop_during_the_handshake(self, words: ChatRequest) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
            run = Run(OpenAICompatible(url, retry=NO_RETRY), words)
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.recv(1), "the client began the handshake"
                assert isinstance(run.stop(), Cancelled)


def test_a_proxy_without_a_scheme_is_http(
    service: LoopbackService, words: ChatRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{service.port}")
    list(OpenAICompatible("http://model.invalid/v1", retry=NO_RETRY).stream(words, CancelToken()))
    assert len(service.requests) == 1


class TestSilence:
    def test_a_handshake_that_never_ends(self, words: ChatRequest) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
            patience = Patience(limits=Limits(connect=0.05))
            with pytest.raises(TimedOut, match="No connection"):
                list(OpenAICompatible(url, patience=patience).stream(words, CancelToken()))

    @pytest.mark.parametrize("noise", [b": still here\n\n", b"d", b"\n"])
    def test_bytes_that_say_nothing_are_silence(
        self, service: LoopbackService, words: ChatRequest, noise: bytes
    ) -> None:
        service.answer = Answer([step for _ in range(1000) for step in (noise, Delay(0.01))], content_type=EVENT_STREAM)
        with pytest.raises(TimedOut, match=r"silent for 0\.1 seconds"):
            list(OpenAICompatible(service.base_url, patience=Patience(first=0.1)).stream(words, CancelToken()))

    def test_each_piece_begins_the_wait_anew(self, service: LoopbackService, words: ChatRequest) -> None:
        service.answer = streamed("abcdef", chunk=1, delay=0.05)
        provider = OpenAICompatible(service.base_url, patience=Patience(first=5.0, idle=0.2))
        assert "".join(chunk.text for chunk in provider.stream(words, CancelToken())) == "abcdef"

    def test_a_reply_has_an_end(self, service: LoopbackService, words: ChatRequest) -> None:
        service.answer = streamed("abc" * 1000, chunk=1, delay=0.01)
        provider = OpenAICompatible(service.base_url, patience=Patience(limits=Limits(total=0.1)))
        came: list[str] = []
        with pytest.raises(TimedOut, match=r"not complete after 0\.1 seconds"):
            came.extend(chunk.text for chunk in provider.stream(words, CancelToken()))
        assert "".join(came).startswith("abc")

    def test_no_reply_is_longer_than_a_model_writes(
        self, service: LoopbackService, words: ChatRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exchange, "LONGEST_REPLY", 100)
        service.answer = streamed("abc" * 1000, chunk=30)
        with pytest.raises(BadReply, match="longer than any model's"):
            list(OpenAICompatible(service.base_url).stream(words, CancelToken()))


def test_a_lookup_that_takes_too_long(words: ChatRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        go_on.wait(5.0)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    patience = Patience(limits=Limits(connect=0.05))
    try:
        with pytest.raises(TimedOut, match="No connection"):
            list(OpenAICompatible("http://model.invalid/v1", patience=patience).stream(words, CancelToken()))
    finally:
        go_on.set()


def test_a_name_without_an_address(words: ChatRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(ConnectionFailed):
        list(OpenAICompatible("http://model.invalid/v1").stream(words, CancelToken()))
