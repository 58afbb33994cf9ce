"""Connections: an HTTP client whose socket can be shut down from another thread at any time.

Closing a response from another thread does not wake a read that waits for the service; shutting its socket down does.
So the client here makes its own sockets and keeps a second handle on each. While a name is looked up or a connection
is made there is nothing to shut down: those two watch the cancel token instead.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from qwvis_desktop.core.providers.base import CancelToken
from qwvis_desktop.core.providers.route import Proxy, bad_proxy, is_address, is_loopback, proxy_for, trust


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for each request.

    Attributes:
        connect: how many seconds to wait for a connection, the name's look-up included.
        total: how many seconds the whole reply may take; 0 means no limit.
        ca_file: a PEM file of authorities that are trusted besides the system's; empty where there is none.
    """

    connect: float = 10.0
    total: float = 3600.0
    ca_file: str = ""


DEFAULT_LIMITS = Limits()

_POLL_SECONDS = 0.02


class Wire:
    """The connection of one request: its limits, and a handle to tear it down by.

    Bytes alone do not count: a service that sends a byte a second, or comments for ever, gives no reply either. So the
    limit is for the next *piece* of the reply; it begins when the request was sent, and anew with each piece.

    Attributes:
        proxy: what the request goes through; None where it goes straight.
        is_connected: whether there was a connection, to the proxy where there is one.
        has_heard: whether a piece of the reply came.

    Args:
        cancel: stops it.
        read_seconds: how long to wait for the next piece; set it when a piece came, which begins the wait anew.
        limits: how long to wait for the connection and for the whole reply, and whom to trust.
    """

    def __init__(self, cancel: CancelToken, read_seconds: float, limits: Limits = DEFAULT_LIMITS) -> None:
        self.cancel = cancel
        self.limits = limits
        self.proxy: Proxy | None = None
        self.has_heard = False
        self.is_connected = False
        self._read_seconds = read_seconds
        self._piece_by: float | None = None
        self._all_by: float | None = None
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        cancel.on_cancel(self.shut_down)

    def hold(self, connection: socket.socket) -> None:
        """Keep a second handle on ``connection``; it stays good when TLS is laid over the first."""
        with self._lock:
            self._drop()
            self._handle = connection.dup()
            self.is_connected = True
        if self.cancel.cancelled:
            self.shut_down()

    @property
    def read_seconds(self) -> float:
        """How long it waits for the next piece."""
        return self._read_seconds

    @read_seconds.setter
    def read_seconds(self, seconds: float) -> None:
        self.has_heard = True
        self._read_seconds = seconds
        self._piece_by = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return how long the next bytes may take; called when they are waited for, which begins the wait.

        Raises:
            TimeoutError: no time is left.
        """
        now = time.monotonic()
        if self._piece_by is None:
            self._piece_by = now + self._read_seconds
        if self._all_by is None:
            self._all_by = now + (self.limits.total or float("inf"))
        left = min(self._piece_by, self._all_by) - now
        if left <= 0:
            raise TimeoutError("no time is left for the reply")
        return left

    @property
    def is_over(self) -> bool:
        """Whether the time for the whole reply is used up."""
        return self._all_by is not None and time.monotonic() >= self._all_by

    def shut_down(self) -> None:
        """Tear the connection down, whoever waits on it; may be called from any thread."""
        with self._lock:
            if self._handle is not None:
                _shut(self._handle)

    def close(self) -> None:
        """Let go of the handle."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was first


class _Stream(httpcore2.NetworkStream):
    """Bytes over a socket; reads wait as long as the wire says now, errors are those that httpcore2 knows."""

    def __init__(self, connection: socket.socket, wire: Wire) -> None:
        self._connection = connection
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - httpcore2's signature
        try:
            self._connection.settimeout(self._wire.seconds_left())
            return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._connection.settimeout(timeout)
            self._connection.sendall(buffer)
        except TimeoutError as error:
            raise httpcore2.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - httpcore2's signature
    ) -> httpcore2.NetworkStream:
        try:
            if isinstance(self._connection, ssl.SSLSocket):
                raise httpcore2.ConnectError("a proxy that is itself reached by TLS is not supported")
            self._connection.settimeout(self._wire.limits.connect)
            return _Stream(ssl_context.wrap_socket(self._connection, server_hostname=server_hostname), self._wire)
        except TimeoutError as error:
            self.close()
            raise httpcore2.ConnectTimeout(str(error)) from error
        except OSError as error:
            self.close()
            raise httpcore2.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> object:
        match info:
            case "socket":
                return self._connection
            case "client_addr":
                return self._connection.getsockname()
            case "server_addr":
                return self._connection.getpeername()
            case "is_readable":
                return bool(select.select([self._connection], [], [], 0)[0])
            case _:
                return None


class _Backend(httpcore2.NetworkBackend):
    """Makes TCP connections that stop when the wire's token says so."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore2's signature
        local_address: str | None = None,  # noqa: ARG002 - httpcore2's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore2's signature
    ) -> httpcore2.NetworkStream:
        try:
            connection = self._connect(host, port, self._wire.limits.connect)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from error
        self._wire.hold(connection)
        return _Stream(connection, self._wire)

    def _connect(self, host: str, port: int, timeout: float) -> socket.socket:
        deadline = time.monotonic() + timeout
        addresses = _resolve(host, port, timeout, self._wire.cancel)
        for left, (family, kind, protocol, _, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
            until = time.monotonic() + (deadline - time.monotonic()) / left
            try:
                return self._connect_to(socket.socket(family, kind, protocol), address, until)
            except OSError:
                if left == 1:
                    raise
        raise ConnectionError(f"{host} has no address")

    def _connect_to(self, connection: socket.socket, address: tuple[Any, ...], until: float) -> socket.socket:
        try:
            connection.setblocking(False)
            if connection.connect_ex(address) != 0:
                self._await_connection(connection, until)
            connection.setblocking(True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connection.close()
            raise
        return connection

    def _await_connection(self, connection: socket.socket, until: float) -> None:
        while True:
            self._wire.cancel.check()
            # A refused connection counts as writable on POSIX and as exceptional on Windows.
            _, writable, broken = select.select([], [connection], [connection], _POLL_SECONDS)
            if writable or broken:
                if code := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    raise OSError(code, os.strerror(code))
                return
            if time.monotonic() >= until:
                raise TimeoutError("no connection in time")


def _resolve(host: str, port: int, timeout: float, cancel: CancelToken) -> list[Any]:
    """Look ``host`` up; on a thread of its own where that may take long, for it cannot be interrupted."""
    if is_loopback(host) or is_address(host):
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found: list[Any] = []
    failed: list[OSError] = []
    done = threading.Event()

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            failed.append(error)
        done.set()

    cancel.on_cancel(done.set)
    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    in_time = done.wait(timeout)
    cancel.check()
    if failed:
        raise failed[0]
    if not in_time:
        raise TimeoutError(f"the name {host} could not be looked up in time")
    return found


def host_of(url: str) -> str | None:
    """Return the host and port of an ``http`` or ``https`` address; None where ``url`` is no such address."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        return None
    return parts.netloc.rpartition("@")[2] if usable else None


class _Transport(httpx2.HTTPTransport):
    def __init__(self, wire: Wire) -> None:
        super().__init__(
            verify=trust(wire.limits.ca_file),
            proxy=wire.proxy.url if wire.proxy else None,
            limits=httpx2.Limits(max_keepalive_connections=0),
        )
        # httpx2 hands no network backend through to the pool it makes.
        self._pool._network_backend = _Backend(wire)


@contextmanager
def client_for(url: str, wire: Wire) -> Iterator[httpx2.Client]:
    """Give a client for one request to ``url``; it follows no redirect, and its socket is torn down by ``wire``.

    A new connection for each request: a reply takes seconds, and a kept connection that the service has dropped
    meanwhile is a fault that only shows on the second request.
    """
    limits = httpx2.Timeout(connect=None, read=None, write=60.0, pool=None)  # the rest is the wire's
    wire.proxy = proxy_for(url)
    try:
        transport = _Transport(wire)
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        assert wire.proxy is not None
        raise bad_proxy(wire.proxy, missing=isinstance(error, ImportError)) from error
    try:
        with httpx2.Client(transport=transport, timeout=limits, trust_env=False, follow_redirects=False) as client:
            yield client
    finally:
        wire.close()
