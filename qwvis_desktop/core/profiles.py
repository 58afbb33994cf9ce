"""Profiles: the services one can choose, with their addresses; the ones on offer before anything is set up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

OFFLINE_OCR = "offline-ocr"
OPENAI = "openai"
DASHSCOPE = "dashscope"

KEY_VARIABLES = ("DASHSCOPE_API_KEY", "QWVIS_API_KEY")
"""The environment variables that may hold a key."""


class UploadWay(StrEnum):
    """How pictures and films get to DashScope; other services are sent them as base64.

    ``LINK``: the service fetches what has an address on the web; the rest goes as with ``AUTO``.
    """

    AUTO = "auto"
    BASE64 = "base64"
    TEMPORARY = "temporary"
    LINK = "url"


BASE64_BYTES = 7_000_000
"""The largest file that the makers' table sends as base64."""

UPLOAD_BYTES = {"image": 10_000_000, "video": 100_000_000}
"""The largest files that are uploaded; above it only an address on the web is left."""


class PixelsPlace(StrEnum):
    """Where the pixel limits of a picture stand: the makers' documents contradict each other (``qwen-api.md`` 2.2)."""

    BESIDE = "beside"
    INSIDE = "inside"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class WireChoices:
    """How requests are written where that is a choice.

    Attributes:
        upload: how pictures and films get to the service.
        pixels_place: where the pixel limits of a picture stand.
        base64_mb: the largest picture as base64, in MB: 10 by most documents, 20 by the newest (``qwen-api.md`` 10).
    """

    upload: UploadWay = UploadWay.AUTO
    pixels_place: PixelsPlace = PixelsPlace.BESIDE
    base64_mb: int = 10


BASE64_LIMITS = ("10", "20")
"""The limits that documents name, in MB."""

DEFAULT_WIRE = WireChoices()


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
        dialect: how the server differs, by its name in ``core.providers.dialects``; empty where it does not.
    """

    name: str
    kind: str = OPENAI
    base_url: str = ""
    needs_key: bool = True
    key_variable: str = "QWVIS_API_KEY"
    dialect: str = ""

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


_KEY = "DASHSCOPE_API_KEY"


def _dashscope(name: str, host: str) -> tuple[Profile, Profile]:
    """Return a region by both interfaces; they share a key, which is kept for the host."""
    return (
        Profile(f"DashScope ({name})", OPENAI, f"https://{host}/compatible-mode/v1", key_variable=_KEY),
        Profile(f"DashScope native ({name})", DASHSCOPE, f"https://{host}/api/v1", key_variable=_KEY),
    )


def _coding_plan(name: str, host: str) -> Profile:
    return Profile(f"Coding Plan ({name})", OPENAI, f"https://{host}/v1", key_variable=_KEY)


def _local(name: str, port: int, dialect: str) -> Profile:
    return Profile(name, OPENAI, f"http://127.0.0.1:{port}/v1", needs_key=False, dialect=dialect)


BLANK = "{WorkspaceId}"
"""What stands in an address in place of the id of one's own workspace."""

REGIONS = ("cn-beijing", "ap-southeast-1", "us-east-1", "eu-central-1", "ap-northeast-1", "cn-hongkong")
"""Regions that have workspace hosts (``qwen-api.md`` 1.1)."""


def workspace_host(workspace: str, region: str) -> str:
    """Return the host of a workspace, which newer documents recommend; the classic hosts stay valid."""
    return f"{workspace}.{region}.maas.aliyuncs.com"


_CLASSIC = (
    ("international", "dashscope-intl.aliyuncs.com"),
    ("Beijing", "dashscope.aliyuncs.com"),
    ("US", "dashscope-us.aliyuncs.com"),
    ("Hong Kong", "cn-hongkong.dashscope.aliyuncs.com"),
)

_COMPATIBLE, _NATIVE = zip(*(_dashscope(name, host) for name, host in _CLASSIC), strict=True)

PRESETS: tuple[Profile, ...] = (
    Profile("Offline OCR", OFFLINE_OCR, needs_key=False),
    *_COMPATIBLE,
    *_NATIVE,
    *(_dashscope(f"workspace, {region}", workspace_host(BLANK, region))[0] for region in REGIONS),
    Profile(
        "DashScope batch chat (Beijing)",
        OPENAI,
        "https://batch.dashscope.aliyuncs.com/compatible-mode/v1",
        key_variable=_KEY,
    ),
    _coding_plan("China", "coding.dashscope.aliyuncs.com"),
    _coding_plan("international", "coding-intl.dashscope.aliyuncs.com"),
    _local("vLLM", 8000, "vllm"),
    _local("SGLang", 30000, "sglang"),
    _local("Ollama", 11434, "ollama"),
    _local("LM Studio", 1234, "lm-studio"),
    _local("llama.cpp", 8080, "llama.cpp"),
    _local("transformers serve", 8000, "transformers"),
)
"""Services that are offered before anything is set up (addresses: ``qwen-api.md`` 1.1 and 8)."""


def warning_of(profile: Profile, key: str = "") -> str:
    """Return what is wrong with asking a service, in a sentence; empty where nothing is known to be.

    Keys of a Coding Plan and its hosts belong together; its hosts take no clients but coding tools (1.1).
    """
    plan = (urlsplit(profile.base_url).hostname or "").startswith("coding")
    if plan and key and not key.startswith("sk-sp-"):
        return f"{profile.name} takes only keys that begin with 'sk-sp-'. Choose an ordinary service for this one."
    if plan:
        return f"{profile.name} is made for coding tools and refuses other programs. Choose an ordinary service."
    if profile.is_dashscope and key.startswith("sk-sp-"):
        return "This key belongs to a Coding Plan, which ordinary services refuse. You need an ordinary key."
    return ""


def custom_profile(base_url: str, name: str = "", *, needs_key: bool = False) -> Profile:
    """Return a profile for an address that somebody typed or gave on the command line.

    Raises:
        ValueError: it is no address; the text is for people.
    """
    address = clean_base_url(base_url)
    if BLANK.lower() in address.lower():
        raise ValueError(f"Put the id of your workspace in the place of {BLANK} in the address; its console shows it.")
    profile = Profile(name, OPENAI, address, needs_key)
    dialect = next((preset.dialect for preset in PRESETS if preset.base_url == address), "")
    profile = replace(profile, name=name or profile.host, kind=kind_of_address(address), dialect=dialect)
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
