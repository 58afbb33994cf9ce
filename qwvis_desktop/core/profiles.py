"""Profiles: the services one can choose, with their addresses; the ones on offer before anything is set up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

OFFLINE_OCR = "offline-ocr"
OPENAI = "openai"
DASHSCOPE = "dashscope"


@dataclass(frozen=True, slots=True)
class Profile:
    """A service one can choose: its address, and whether it asks for a key.

    Attributes:
        name: what it is called; unique.
        kind: ``openai`` (any OpenAI-compatible service), ``dashscope`` (DashScope by its own interface) or
            ``offline-ocr`` (the engine on this machine).
        base_url: up to and with ``/v1`` (``/api/v1`` of DashScope's own interface); empty where there is no address.
        needs_key: whether it is of no use without a key.
        key_variable: environment variable that may hold the key.
    """

    name: str
    kind: str = OPENAI
    base_url: str = ""
    needs_key: bool = True
    key_variable: str = "QWVIS_API_KEY"

    @property
    def host(self) -> str:
        """Host and port of the address; what a key is kept for."""
        parts = _parts(self.base_url)
        return parts.netloc.rpartition("@")[2].lower() if parts else ""

    @property
    def is_dashscope(self) -> bool:
        """Whether it is the makers' own service, which knows fields that others do not."""
        parts = _parts(self.base_url)
        return parts is not None and (parts.hostname or "").endswith(".aliyuncs.com")


def _dashscope(name: str, host: str) -> Profile:
    return Profile(name, OPENAI, f"https://{host}/compatible-mode/v1", key_variable="DASHSCOPE_API_KEY")


def _local(name: str, port: int) -> Profile:
    return Profile(name, OPENAI, f"http://127.0.0.1:{port}/v1", needs_key=False)


PRESETS: tuple[Profile, ...] = (
    Profile("Offline OCR", OFFLINE_OCR, needs_key=False),
    _dashscope("DashScope (international)", "dashscope-intl.aliyuncs.com"),
    _dashscope("DashScope (Beijing)", "dashscope.aliyuncs.com"),
    _dashscope("DashScope (US)", "dashscope-us.aliyuncs.com"),
    _local("vLLM", 8000),
    _local("SGLang", 30000),
    _local("Ollama", 11434),
    _local("LM Studio", 1234),
    _local("llama.cpp", 8080),
)
"""Services that are offered before anything is set up (addresses: ``qwen-api.md`` 1.1 and 8)."""


def custom_profile(base_url: str, name: str = "", *, needs_key: bool = False) -> Profile:
    """Return a profile for an address that somebody typed or gave on the command line.

    Raises:
        ValueError: it is no address; the text is for people.
    """
    address = clean_base_url(base_url)
    profile = Profile(name, OPENAI, address, needs_key)
    profile = replace(profile, name=name or profile.host, kind=kind_of_address(address))
    if profile.is_dashscope:
        return replace(profile, needs_key=True, key_variable="DASHSCOPE_API_KEY")
    return profile


def kind_of_address(base_url: str) -> str:
    """Return the interface that an address speaks: DashScope's own ends in ``/api/v1``."""
    return DASHSCOPE if base_url.endswith("/api/v1") else OPENAI


def clean_base_url(text: str) -> str:
    """Return an address as typed in the form a request needs: with a scheme, without the path of a single call.

    Raises:
        ValueError: it is no address; the text is for people.
    """
    address = text.strip().strip("'\"")
    if "://" not in address:
        first = address.partition("/")[0].partition(":")[0]
        near = first in ("localhost", "") or first.replace(".", "").isdigit()
        address = f"{'http' if near else 'https'}://{address}"
    parts = _parts(address)
    if parts is None or any(char.isspace() for char in address):
        raise ValueError(
            f"'{text}' is no address of a service. It looks like https://host/v1 or http://127.0.0.1:8000/v1."
        )
    address = address.rstrip("/")
    for call in ("/chat/completions", "/services/aigc/multimodal-generation/generation"):
        address = address.removesuffix(call).rstrip("/")
    return address


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an ``http`` or ``https`` address; None where it is none."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None
