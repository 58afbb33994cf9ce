"""The way to a service: whether through a proxy, and whom to trust on it.

Whoever asks services on this machine (loopback addresses) is never led through a proxy.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import truststore

from qwvis_desktop.core.providers.base import ConnectionFailed
from qwvis_desktop.core.providers.redaction import redact


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that the system names: its address, and where it is named (a variable, or the system's settings)."""

    url: str = field(repr=False)
    named_by: str

    @property
    def host(self) -> str:
        """Host and port, without name and password."""
        return self.url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def is_address(host: str) -> bool:
    """Say whether ``host`` is a number and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return is_address(name) and ipaddress.ip_address(name).is_loopback


@cache
def trust(ca_file: str = "") -> ssl.SSLContext:
    """Return a context that trusts what the system trusts (companies add their own authorities there).

    Args:
        ca_file: a PEM file with further authorities; none where empty.

    Raises:
        ConnectionFailed: the file cannot be read, or holds no certificates; the text is for people.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:  # those of TLS are such, too
            why = "it holds no certificates in PEM form" if isinstance(error, ssl.SSLError) else error.strerror
            raise ConnectionFailed(
                f"The file of further certificates, {ca_file}, cannot be used: {why}. Choose another in Edit > "
                "Preferences, or none. Nothing was sent."
            ) from error
    return context


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that the system names for ``url``; none for this machine."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    kind = parts.scheme if proxies.get(parts.scheme) else "all"
    address = proxies.get(kind, "").strip()
    if not address:
        return None
    variables = (f"{kind}_proxy", f"{kind}_PROXY".upper())
    named_by = next((name for name in variables if os.environ.get(name)), "")
    return Proxy(
        address if "://" in address else f"http://{address}",
        f"the variable {named_by}" if named_by else "the network settings of the system",
    )


def bad_proxy(proxy: Proxy, *, missing: bool) -> ConnectionFailed:
    """Return the error for a proxy that cannot be used; nothing was sent."""
    if missing:
        return ConnectionFailed(
            f"The proxy that is named by {proxy.named_by} speaks SOCKS, and the part that can is not installed. "
            "Install it with: pip install socksio"
        )
    return ConnectionFailed(
        f"What is named as proxy by {proxy.named_by} cannot be used: '{redact(proxy.url)}'. An address like "
        "http://host:3128 is needed there, or nothing. Nothing was sent."
    )
