"""How soon a stop is heard, and what our way of sending costs beside a bare socket, on this machine's loopback.

    python tests/benchmarks/request_stream.py

Prints one JSON object: medians of several runs in milliseconds; ``ratio`` is to the bare socket in the same run.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from loopback.answers import Answer, Gate, gated, streamed
from loopback.service import LoopbackService

from qwvis_desktop.core.providers.base import Cancelled, CancelToken, ChatRequest, ImagePart, TextPart
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY

RUNS = 21
PICTURE = ImagePart(os.urandom(1_000_000), "image/jpeg", 1288, 952)
REQUEST = ChatRequest("qwen3-vl-plus", (PICTURE, TextPart("Locate every object.")))


def stop(answer: Callable[[], tuple[Answer, Gate]]) -> tuple[float, float]:
    """Return the milliseconds from a stop until the request ended, and until the service saw the close."""
    heard, closed = [], []
    for _ in range(RUNS):
        given, gate = answer()
        with LoopbackService(given) as service:
            cancel, ended = CancelToken(), threading.Event()

            def work(
                service: LoopbackService = service, cancel: CancelToken = cancel, ended: threading.Event = ended
            ) -> None:
                try:
                    list(OpenAICompatible(service.base_url, retry=NO_RETRY).stream(REQUEST, cancel))
                except Cancelled:
                    ended.set()

            thread = threading.Thread(target=work)
            thread.start()
            gate.reached.wait(5.0)
            start = time.perf_counter()
            cancel.cancel()
            ended.wait(5.0)
            heard.append(time.perf_counter() - start)
            service.requests[0].closed.wait(5.0)
            closed.append(time.perf_counter() - start)
            thread.join()
    return statistics.median(heard) * 1000, statistics.median(closed) * 1000


def before_the_first_byte() -> tuple[Answer, Gate]:
    gate = Gate()
    return Answer(before=[gate]), gate


def in_mid_stream() -> tuple[Answer, Gate]:
    answer, gates = gated(["[1,", "2]"])
    gates[0].open()
    return answer, gates[1]


def first_piece(service: LoopbackService) -> float:
    """Return the milliseconds from asking to the first piece of a reply, a picture of 1 MB sent."""
    start = time.perf_counter()
    stream = OpenAICompatible(service.base_url, retry=NO_RETRY).stream(REQUEST, CancelToken())
    next(stream)
    took = time.perf_counter() - start
    for _ in stream:
        pass
    return took * 1000


def bare_socket(service: LoopbackService) -> float:
    """Return the same for a request that is ready as bytes and goes over a plain socket."""
    body = json.dumps(OpenAICompatible(service.base_url).prepare(REQUEST).body).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(head + body)
        received = b""
        while b"data: " not in received:
            received += connection.recv(65536)
        took = time.perf_counter() - start
        while connection.recv(65536):
            pass
    return took * 1000


def main() -> int:
    heard_first, closed_first = stop(before_the_first_byte)
    heard_stream, closed_stream = stop(in_mid_stream)
    with LoopbackService(streamed("[]")) as service:
        first_piece(service)
        ours, bare = zip(*((first_piece(service), bare_socket(service)) for _ in range(RUNS)), strict=True)
    print(
        json.dumps(
            {
                "runs": RUNS,
                "stop_before_first_byte_ms": round(heard_first, 2),
                "stop_before_first_byte_closed_ms": round(closed_first, 2),
                "stop_in_mid_stream_ms": round(heard_stream, 2),
                "stop_in_mid_stream_closed_ms": round(closed_stream, 2),
                "stop_limit_ms": 200,
                "closed_limit_ms": 1000,
                "first_piece_1mb_ms": round(statistics.median(ours), 2),
                "bare_socket_1mb_ms": round(statistics.median(bare), 2),
                "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
