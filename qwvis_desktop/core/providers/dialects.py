"""How the servers that speak the OpenAI-compatible protocol differ: one table (``qwen-api.md`` 8).

A dialect says what a server does not take, what it calls otherwise, and how its thinking is switched. ``spoken``
turns a request into what such a server understands; what cannot be said to it at all is refused before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.profiles import OPENAI, Profile
from qwvis_desktop.core.providers.base import BadRequest, ChatRequest, ImageLink, Part, VideoPart


class ThinkingSwitch(StrEnum):
    """How a server is told to think, or not to."""

    FIELD = "field"
    TEMPLATE = "template"
    EFFORT = "effort"
    NONE = "none"


class GoingOn(StrEnum):
    """How a server is told to go on where a reply was cut (partial mode of the makers' service, ``qwen-api.md`` 2.9).

    ``PARTIAL``: the last message is marked. ``TEMPLATE``: two fields of the request say so. ``LAST``: a request that
    ends with the assistant's words is gone on with. ``NONE``: it cannot be told.
    """

    PARTIAL = "partial"
    TEMPLATE = "template"
    LAST = "last"
    NONE = "none"


def _no_names() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What one kind of server makes of the protocol.

    Attributes:
        id: its key in ``DIALECTS`` and in profiles.
        title: what the server is called.
        port: the one it listens on unless told otherwise; 0 for a service on the web.
        owner: what its list of models names as the owner of each, where that gives it away.
        thinking: how thinking is switched.
        goes_on: how a cut reply is gone on with.
        drops: options it refuses or ignores.
        renames: options that it calls otherwise.
        takes_links: whether it fetches pictures from the web; else they must be sent as data.
        takes_films: whether it takes ``video_url``.
        takes_frames: whether it takes a film as a list of frames.
        longest_side: pixels above which it makes pictures smaller behind the model's back; 0 where it does not.
        film_options: what goes with a film, for its frames to be taken at the rate that is asked for.
    """

    id: str
    title: str
    port: int = 0
    owner: str = ""
    thinking: ThinkingSwitch = ThinkingSwitch.FIELD
    goes_on: GoingOn = GoingOn.PARTIAL
    drops: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=_no_names)
    takes_links: bool = True
    takes_films: bool = True
    takes_frames: bool = True
    longest_side: int = 0
    film_options: bool = False

    @property
    def is_local(self) -> bool:
        """Whether such a server runs on a computer of one's own."""
        return self.port > 0


_DASHSCOPE_ONLY = frozenset({"vl_high_resolution_images", "min_pixels", "max_pixels"})
"""What only the makers' service knows; pictures have been scaled here, so that nothing is lost without it."""

DIALECTS: dict[str, Dialect] = {
    dialect.id: dialect
    for dialect in (
        Dialect(id="", title="OpenAI-compatible"),
        Dialect(
            id="vllm",
            title="vLLM",
            port=8000,
            owner="vllm",
            thinking=ThinkingSwitch.TEMPLATE,
            goes_on=GoingOn.TEMPLATE,
            drops=_DASHSCOPE_ONLY,
            renames={"thinking_budget": "thinking_token_budget"},
            takes_frames=False,
            film_options=True,
        ),
        Dialect(
            id="sglang",
            title="SGLang",
            port=30000,
            owner="sglang",
            thinking=ThinkingSwitch.TEMPLATE,
            goes_on=GoingOn.TEMPLATE,
            drops=_DASHSCOPE_ONLY | {"thinking_budget"},
            takes_frames=False,
        ),
        Dialect(
            id="ollama",
            title="Ollama",
            port=11434,
            owner="library",
            thinking=ThinkingSwitch.EFFORT,
            goes_on=GoingOn.LAST,
            drops=_DASHSCOPE_ONLY | {"thinking_budget", "top_k", "repetition_penalty", "tool_choice", "logprobs"},
            takes_links=False,
            takes_films=False,
            takes_frames=False,
        ),
        Dialect(
            id="lm-studio",
            title="LM Studio",
            port=1234,
            owner="organization_owner",
            thinking=ThinkingSwitch.NONE,
            goes_on=GoingOn.NONE,
            drops=_DASHSCOPE_ONLY | {"thinking_budget"},
            renames={"repetition_penalty": "repeat_penalty"},
            takes_links=False,
            takes_films=False,
            takes_frames=False,
            longest_side=1024,
        ),
        Dialect(
            id="llama.cpp",
            title="llama.cpp",
            port=8080,
            owner="llamacpp",
            thinking=ThinkingSwitch.TEMPLATE,
            goes_on=GoingOn.LAST,
            drops=_DASHSCOPE_ONLY | {"thinking_budget"},
            renames={"repetition_penalty": "repeat_penalty"},
            takes_films=False,
            takes_frames=False,
        ),
        Dialect(
            id="transformers",
            title="transformers serve",
            port=8000,
            thinking=ThinkingSwitch.NONE,
            goes_on=GoingOn.NONE,
            drops=_DASHSCOPE_ONLY | {"thinking_budget", "response_format"},
            takes_frames=False,
        ),
    )
}
"""All dialects; the one without a name sends everything as it is."""


def spoken(request: ChatRequest, dialect: Dialect) -> ChatRequest:
    """Return ``request`` as a server of ``dialect`` understands it.

    Raises:
        BadRequest: something in it cannot be said to such a server; nothing was sent.
    """
    for part in _all_parts(request):
        _refuse_what_it_cannot_take(part, dialect)
    if not dialect.is_local:
        return request
    options = {
        dialect.renames.get(name, name): value
        for name, value in request.options.items()
        if name not in dialect.drops and name != "enable_thinking"
    }
    if "enable_thinking" in request.options:
        options |= _switched(request.options["enable_thinking"] is True, dialect)
    if request.prefix:
        options |= _gone_on(dialect)
    films = [part for part in request.parts if isinstance(part, VideoPart)]
    if films and dialect.film_options:
        options.setdefault("mm_processor_kwargs", {"fps": films[0].fps or 2, "do_sample_frames": True})
    return replace(request, options=options)


def _gone_on(dialect: Dialect) -> dict[str, JsonValue]:
    """Return what tells a server to go on with the last message.

    Raises:
        BadRequest: it cannot be told.
    """
    if dialect.goes_on is GoingOn.NONE:
        raise BadRequest(cannot_go_on(dialect))
    return (
        {"continue_final_message": True, "add_generation_prompt": False} if dialect.goes_on is GoingOn.TEMPLATE else {}
    )


def cannot_go_on(dialect: Dialect) -> str:
    """Return why a server cannot go on where a reply was cut; empty where it can."""
    if dialect.goes_on is not GoingOn.NONE:
        return ""
    return f"{dialect.title} cannot go on where a reply was cut. Run again, with a larger limit for the reply."


def _switched(on: bool, dialect: Dialect) -> dict[str, JsonValue]:
    switches: dict[ThinkingSwitch, dict[str, JsonValue]] = {
        ThinkingSwitch.FIELD: {"enable_thinking": on},
        ThinkingSwitch.TEMPLATE: {"chat_template_kwargs": {"enable_thinking": on}},
        ThinkingSwitch.EFFORT: {"reasoning_effort": "medium" if on else "none"},
    }
    return switches.get(dialect.thinking, {})


def _all_parts(request: ChatRequest) -> Iterator[Part]:
    yield from request.parts
    for turn in request.history:
        yield from turn.parts


def _refuse_what_it_cannot_take(part: Part, dialect: Dialect) -> None:
    if isinstance(part, ImageLink) and not part.url.startswith("data:"):
        if part.url.startswith("oss://") and dialect.is_local:
            raise BadRequest(f"{dialect.title} cannot fetch what was uploaded to DashScope. Send the picture itself.")
        if not dialect.takes_links:
            raise BadRequest(f"{dialect.title} takes no addresses of pictures. Send the picture itself.")
    if isinstance(part, VideoPart):
        listed = isinstance(part.source, tuple)
        if listed and not dialect.takes_frames:
            raise BadRequest(
                f"{dialect.title} takes no film as a list of frames. Send the frames as single pictures, each after "
                "its time."
            )
        if not listed and not dialect.takes_films:
            raise BadRequest(f"{dialect.title} takes no films. Send frames of it as pictures.")


def dialect_named(name: str) -> Dialect:
    """Return the dialect of a profile; the one that changes nothing where this version knows no such name."""
    return DIALECTS.get(name, DIALECTS[""])


def dialect_of(port: int, owners: frozenset[str]) -> Dialect:
    """Return the dialect of a server on this computer, by what its models say of their owner, else by its port."""
    local = [dialect for dialect in DIALECTS.values() if dialect.is_local]
    by_owner = next((dialect for dialect in local if dialect.owner and dialect.owner in owners), None)
    if by_owner is not None:
        return by_owner
    at_port = [dialect for dialect in local if dialect.port == port]
    # A server that names another owner than its kind always does is the other one that uses the port.
    unnamed = [dialect for dialect in at_port if not dialect.owner]
    return next(iter(unnamed or at_port), DIALECTS[""])


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that answered.

    Attributes:
        dialect: what kind of server it is.
        base_url: where it is, up to and with ``/v1``.
        models: the ids it lists.
    """

    dialect: Dialect
    base_url: str
    models: tuple[str, ...]

    @property
    def profile(self) -> Profile:
        """It as a service to choose."""
        return Profile(self.dialect.title, OPENAI, self.base_url, needs_key=False, dialect=self.dialect.id)
