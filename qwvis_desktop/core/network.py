"""How services are reached: how long they are waited for, how often they are asked, and whom to trust besides."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_SECONDS: dict[str, float] = {"none": 320.0, "off": 320.0, "on": 600.0, "always": 900.0}
"""How long a model may take for the first piece of a reply, by whether it thinks (``ModelSpec.thinking``).

A service that does not stream ends a request after 300 s at the latest (``qwen-api.md`` 2.10, 10); what it says then
must be heard.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What holds for requests.

    Attributes:
        connect: seconds to wait for a connection, the name's look-up included.
        first: seconds to wait for the first piece of a reply, from when the request was sent.
        idle: seconds to wait for each further piece.
        total: seconds that the whole reply may take; 0 for no limit.
        tries: the most requests that are made for one reply.
        longest_wait: seconds, the longest wait before another try.
        ca_file: a PEM file of authorities that are trusted besides the system's; empty where there is none.
    """

    connect: float = 10.0
    first: float = FIRST_SECONDS["none"]
    idle: float = 60.0
    total: float = 3600.0
    tries: int = 3
    longest_wait: float = 120.0
    ca_file: str = ""


DEFAULT_NETWORK = Network()
