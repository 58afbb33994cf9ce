"""A Qwen service on this machine: real HTTP, server-sent events, everything it was sent kept for the test to look at.

``POST /v1/chat/completions`` and ``GET /v1/models``. Use it as a context manager::

    with LoopbackService(streamed("[]")) as service:
        provider = OpenAICompatible(service.base_url, "sk-test")

``service.answer`` may be set anew at any time: an ``Answer``, a list of them (one per request, the last one stays), or
a function from ``ReceivedRequest`` to ``Answer``. As a script::

    python tests/loopback/service.py --port 0 --truth FILE
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import select
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, TypeAlias

if __name__ == "__main__":  # as a script only its own folder is on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from loopback.answers import Answer, Cut, Delay, Gate, Step, streamed

from qwvis_desktop.core.geometry import Size

PATIENCE = 10.0
"""Seconds after which a gate that nobody opens gives up; a test that gets here has failed already."""


class ReceivedPicture(NamedTuple):
    """A picture as it came: MIME type as the client named it, bytes, size in pixels after decoding."""

    mime: str
    data: bytes
    size: Size


@dataclass
class ReceivedRequest:
    """What a client sent.

    Attributes:
        closed: set once the client closed its side (or was torn down).
        ended: set once the service is done with the request.
        steps_sent: how many pieces of the body went out.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    closed: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    steps_sent: int = 0

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self.json["model"])

    @property
    def content(self) -> list[dict[str, Any]]:
        """The parts of the user's message."""
        return list(self.json["messages"][-1]["content"])

    @property
    def prompt(self) -> str:
        """The words of the user's message."""
        return "\n".join(part["text"] for part in self.content if part["type"] == "text")

    @property
    def pictures(self) -> list[ReceivedPicture]:
        """The pictures of the user's message."""
        return [_picture(part["image_url"]["url"]) for part in self.content if part["type"] == "image_url"]

    @property
    def film(self) -> dict[str, Any]:
        """The film of the user's message, as its part of the content has it."""
        return next(part for part in self.content if part["type"] in ("video", "video_url"))

    @property
    def film_frames(self) -> list[ReceivedPicture]:
        """The frames of a film that came as a list."""
        return [_picture(url) for url in self.film["video"]]


def _picture(url: str) -> ReceivedPicture:
    from io import BytesIO

    from PIL import Image

    head, _, encoded = url.partition(";base64,")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise AssertionError(f"a data URL that is not base64: {url[:60]}") from error
    with Image.open(BytesIO(data)) as image:
        image.load()
        return ReceivedPicture(head.removeprefix("data:"), data, Size(*image.size))


Responder: TypeAlias = Callable[[ReceivedRequest], Answer]


class LoopbackService:
    """The service; ``with`` starts and stops it.

    Args:
        answer: what to say to ``POST /v1/chat/completions``.
        models: the ids that ``GET /v1/models`` lists.
        port: 0 for any that is free.
        tls: makes it speak TLS.
    """

    def __init__(
        self,
        answer: Answer | Sequence[Answer] | Responder | None = None,
        *,
        models: Sequence[str] = ("qwen3-vl-plus", "qwen2.5-vl-7b-instruct"),
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.tls = tls
        self.answer: Answer | Sequence[Answer] | Responder = streamed("[]") if answer is None else answer
        self.models = tuple(models)
        self.models_answer: Answer | None = None
        self.requests: list[ReceivedRequest] = []
        self._arrived = threading.Condition()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="loopback service")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        """The base URL for a client."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/v1"

    def wait_for_request(self, count: int = 1, timeout: float = 5.0) -> ReceivedRequest:
        """Wait until ``count`` requests have come and return the last of them.

        Raises:
            AssertionError: they did not come in ``timeout`` seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.requests) >= count, timeout):
                raise AssertionError(f"{len(self.requests)} of {count} requests came in {timeout} s")
            return self.requests[count - 1]

    def keep(self, request: ReceivedRequest) -> int:
        """Keep ``request``; return how many there are now."""
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
            return len(self.requests)

    def received(self, request: ReceivedRequest) -> Answer:
        """Keep ``request`` and return what to say to it."""
        number = self.keep(request) - 1
        if isinstance(self.answer, Answer):
            return self.answer
        if callable(self.answer):
            return self.answer(request)
        return self.answer[min(number, len(self.answer) - 1)]

    def __enter__(self) -> LoopbackService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.stop_connections()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], service: LoopbackService) -> None:
        self.service = service
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Conversation)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def left(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def stop_connections(self) -> None:
        """Wake whatever still waits for a client or a gate."""
        self.stopping.set()
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # gone already

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that left is what many tests are about; anything else is a fault of this service and is shown.
        if not isinstance(sys.exception(), ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    """One connection, one request: each response closes it."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        if self.server.service.tls is not None:
            self.request = self.server.service.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        self.server.opened(self.connection)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def finish(self) -> None:
        self.server.left(self.connection)
        super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer ``GET /v1/models``."""
        request = self._received(b"")
        service = self.server.service
        if self.path.endswith("/models"):
            service.keep(request)
            self._converse(request, service.models_answer or self._models())
        else:
            self._converse(request, service.received(request))

    def do_POST(self) -> None:
        """Answer ``POST /v1/chat/completions``."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = self._chunks()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = self._received(body)
        self._converse(request, self.server.service.received(request))

    def _received(self, body: bytes) -> ReceivedRequest:
        return ReceivedRequest(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _models(self) -> Answer:
        data = [{"id": model, "object": "model"} for model in self.server.service.models]
        return Answer([json.dumps({"object": "list", "data": data}).encode()], whole=True)

    def _converse(self, request: ReceivedRequest, answer: Answer) -> None:
        self.close_connection = True
        watcher = threading.Thread(target=self._watch, args=(request,), name="loopback watcher")
        watcher.start()
        try:
            if all(self._take(step, request, framed=False) for step in answer.before):
                self._head(answer)
                if (
                    all(self._take(step, request, framed=not answer.whole) for step in answer.steps)
                    and not answer.whole
                ):
                    self.connection.sendall(b"0\r\n\r\n")
                # The client reads to the end before it sees the close; without this a reset could overtake the body.
                self.connection.shutdown(socket.SHUT_WR)
        except OSError:
            request.closed.set()
        finally:
            request.ended.set()
            watcher.join(PATIENCE)

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Connection", "close")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.whole:
            self.send_header("Content-Length", str(sum(len(step) for step in answer.steps if isinstance(step, bytes))))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _take(self, step: Step, request: ReceivedRequest, *, framed: bool) -> bool:
        """Do one step; say whether to go on."""
        match step:
            case bytes():
                self.connection.sendall(b"%x\r\n%b\r\n" % (len(step), step) if framed else step)
                request.steps_sent += 1
            case Gate():
                step.reached.set()
                return self._until(request, lambda: step.wait(0.005))
            case Delay():
                request.closed.wait(step.seconds)
            case Cut.SILENCE:
                self._until(request, lambda: request.closed.wait(0.005))
                return False
            case Cut.RESET:
                self._tear_down(request)
        return True

    def _tear_down(self, request: ReceivedRequest) -> NoReturn:
        # The watcher's read holds the socket: wake it first, or closing would send nothing.
        self.connection.shutdown(socket.SHUT_RD)
        request.closed.wait(PATIENCE)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.socket(fileno=self.connection.detach()).close()
        raise ConnectionResetError("torn down on purpose")

    def _until(self, request: ReceivedRequest, come: Callable[[], bool]) -> bool:
        """Wait until ``come``; False where the client left, the service stops or patience ends first."""
        for _ in range(int(PATIENCE / 0.005)):
            if come():
                return True
            if request.closed.is_set() or self.server.stopping.is_set():
                return False
        raise AssertionError("a gate of the loopback service was never opened")

    def _watch(self, request: ReceivedRequest) -> None:
        """Read until the client closes: nothing more is expected of it."""
        try:
            # Waiting is left to select: one thread may not read from a TLS connection while another writes.
            while select.select([self.connection], [], [])[0] and self.connection.recv(4096):
                pass
        except OSError:
            pass  # torn down: closed as well
        request.closed.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; the first line of standard output is the base URL."""
    from loopback.answers import FAULTS
    from loopback.scene import MISBEHAVIOURS, Scene, SceneAnswer

    parser = argparse.ArgumentParser(description="A Qwen service on this machine, for tests and for playing.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--truth", type=Path, help='{"size": [w, h], "boxes": [{"label": "", "box": [l, t, r, b]}]}')
    parser.add_argument("--decimals", type=int, default=0, help="digits after the point")
    parser.add_argument("--misbehave", choices=tuple(MISBEHAVIOURS), default="none")
    parser.add_argument("--chunk", type=int, default=20, help="characters an event carries")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between events")
    parser.add_argument("--fault", choices=tuple(FAULTS), help="answer with this fault instead")
    given = parser.parse_args(arguments)
    stream = {"chunk": given.chunk, "delay": given.delay}
    scene = Scene.load(given.truth) if given.truth else Scene(Size(1, 1))
    answer: Answer | Responder = SceneAnswer(
        scene, misbehaviour=given.misbehave, decimals=given.decimals, stream=stream
    )
    with LoopbackService(FAULTS[given.fault] if given.fault else answer, port=given.port) as service:
        print(service.base_url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
