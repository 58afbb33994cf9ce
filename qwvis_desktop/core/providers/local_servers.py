"""Model servers on this computer, found by asking the ports that they listen on (``qwen-api.md`` 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from qwvis_desktop.core.providers.base import CancelToken, ProviderError
from qwvis_desktop.core.providers.dialects import DIALECTS, LocalServer, dialect_of
from qwvis_desktop.core.providers.exchange import Patience
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY

PORTS = tuple(dict.fromkeys(dialect.port for dialect in DIALECTS.values() if dialect.is_local))
"""The ports that are asked."""

SECONDS = 2.0
"""How long a server may take to list its models: one that is busy with a picture answers late."""


def find_local_servers(cancel: CancelToken, ports: Sequence[int] = PORTS) -> Iterator[LocalServer]:
    """Yield the servers that answer on ``ports`` of this computer's loopback address, in the order of the ports.

    All are asked at once; nothing leaves this computer. What is no model server on such a port is passed over.

    Raises:
        Cancelled: the user stopped it.
    """
    with ThreadPoolExecutor(len(ports), thread_name_prefix="find server") as pool:
        for server in pool.map(lambda port: _at(port, cancel), ports):
            cancel.check()
            if server is not None:
                yield server


def _at(port: int, cancel: CancelToken) -> LocalServer | None:
    base_url = f"http://127.0.0.1:{port}/v1"
    service = OpenAICompatible(base_url, retry=NO_RETRY, patience=Patience(SECONDS, SECONDS))
    try:
        listed = service.listed(cancel)
    except ProviderError:
        return None  # nobody there, or somebody else
    if not listed:
        return None
    return LocalServer(dialect_of(port, frozenset(listed.values())), base_url, tuple(listed))
