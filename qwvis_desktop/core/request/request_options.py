"""What may be set for a request: one table.

Each option goes by the service's own name and is offered only for models that know it; the rules between them are in
``core.option_rules``. Source: ``qwen-api.md`` 1.3, 2.4, 2.5 and 10.
"""

from __future__ import annotations

from collections.abc import Callable

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.model_registry import ModelSpec, VideoLimits
from qwvis_desktop.core.request.option_kinds import OptionKind, OptionPlace, RequestOption


def _of_films(value: Callable[[VideoLimits], JsonValue]) -> Callable[[ModelSpec], JsonValue]:
    return lambda model: None if model.video is None else value(model.video)


def _takes_films(model: ModelSpec) -> bool:
    return model.video is not None


def _thinks_by_default(model: ModelSpec) -> bool:
    return model.thinking in ("on", "always")


def _able(ability: str) -> Callable[[ModelSpec], bool]:
    return lambda model: ability in model.abilities


def _is_asked_over_the_web(model: ModelSpec) -> bool:
    return model.resize.factor > 1


_SAMPLING: dict[str, dict[str, float]] = {
    "temperature": {"thinks": 0.6, "answers": 0.7, "qwen3-vl thinks": 0.8, "qwen2.5-vl": 0.01, "qvq": 0.5},
    "top_p": {"thinks": 0.95, "answers": 0.8, "qwen2.5-vl": 0.001, "qvq": 0.5},
    "top_k": {"thinks": 20, "answers": 20, "qvq": 10},
    "presence_penalty": {"thinks": 0, "answers": 1.5},
}
"""What the service takes where nothing is sent: of a family, else of models that think or answer at once (2.4)."""


def _usual(option: str) -> Callable[[ModelSpec], JsonValue]:
    def default(model: ModelSpec) -> JsonValue:
        values, way = _SAMPLING[option], "thinks" if _thinks_by_default(model) else "answers"
        return next(values[key] for key in (f"{model.family} {way}", model.family, way) if key in values)

    return default


OPTIONS: dict[str, RequestOption] = {
    option.id: option
    for option in (
        RequestOption(
            id="enable_thinking",
            title="Thinking",
            hint="Whether the model reasons before it answers. It takes longer and costs more.",
            kind=OptionKind.SWITCH,
            default=_thinks_by_default,
            offered=lambda model: model.can_switch_thinking,
        ),
        RequestOption(
            id="thinking_budget",
            title="Thinking budget",
            hint="The most tokens it reasons with; then it must answer.",
            kind=OptionKind.WHOLE,
            low=1,
            default=lambda model: model.max_thinking,
            offered=lambda model: model.can_think,
        ),
        RequestOption(
            id="vl_high_resolution_images",
            title="High resolution",
            hint="Pictures are seen with up to 16,384 tokens each, whatever their pixel limits say.",
            kind=OptionKind.SWITCH,
            default=False,
            offered=lambda model: model.high_resolution_pixels is not None,
            excludes=("max_pixels", "min_pixels"),
            media=("image",),
        ),
        RequestOption(
            id="min_pixels",
            title="Least pixels",
            hint="Smaller pictures are enlarged to about this many pixels.",
            kind=OptionKind.WHOLE,
            default=lambda model: model.resize.min_pixels,
            offered=_is_asked_over_the_web,
            place=OptionPlace.PICTURE,
            media=("image",),
        ),
        RequestOption(
            id="max_pixels",
            title="Most pixels",
            hint="Larger pictures are made smaller, to about this many pixels.",
            kind=OptionKind.WHOLE,
            default=lambda model: model.resize.max_pixels,
            offered=_is_asked_over_the_web,
            place=OptionPlace.PICTURE,
            media=("image",),
        ),
        RequestOption(
            id="fps",
            title="Frames a second",
            hint="How often the model looks at the film: 0.1 is one frame in ten seconds.",
            kind=OptionKind.NUMBER,
            low=0.1,
            high=10,
            default=2.0,
            offered=_takes_films,
            place=OptionPlace.FILM,
            media=("video",),
        ),
        RequestOption(
            id="max_frames",
            title="Most frames",
            hint="Of a longer film so many frames are taken, spread evenly.",
            kind=OptionKind.WHOLE,
            low=4,
            default=_of_films(lambda limits: limits.frames[1]),
            offered=_takes_films,
            place=OptionPlace.FILM,
            media=("video",),
        ),
        RequestOption(
            id="range",
            title="Part of the film",
            hint="From when to when it is sent, such as 10-60 or 0:10-1:00. Times come back as those of the film.",
            kind=OptionKind.RANGE,
            offered=_takes_films,
            place=OptionPlace.FILM,
            media=("video",),
        ),
        RequestOption(
            id="send",
            title="Send as",
            hint="How the film gets to the model. Frames are taken out here, and you see which.",
            kind=OptionKind.CHOICE,
            default="auto",
            offered=_takes_films,
            choices={
                "auto": "As fits best",
                FilmWay.FILE.value: "Its file",
                FilmWay.CLIP.value: "A smaller file",
                FilmWay.FRAMES.value: "Frames",
                FilmWay.PICTURES.value: "Single pictures",
                FilmWay.URL.value: "Its address",
            },
            place=OptionPlace.FILM,
            media=("video",),
        ),
        RequestOption(
            id="frame_pixels",
            title="Most pixels of a frame",
            hint="Larger frames are made smaller, to about this many pixels.",
            kind=OptionKind.WHOLE,
            low=1,
            default=_of_films(lambda limits: limits.frame_pixels[2]),
            offered=_takes_films,
            place=OptionPlace.FILM,
            media=("video",),
        ),
        RequestOption(
            id="total_pixels",
            title="Most pixels in all",
            hint="Where all frames together have more, each is made smaller.",
            kind=OptionKind.WHOLE,
            low=1,
            default=_of_films(lambda limits: limits.total_pixels[0]),
            offered=_takes_films,
            place=OptionPlace.FILM,
            media=("video",),
        ),
        RequestOption(
            id="temperature",
            title="Temperature",
            hint="0 takes the likeliest word each time; higher is more varied.",
            kind=OptionKind.NUMBER,
            low=0,
            high=2,
            open_high=True,
            default=_usual("temperature"),
        ),
        RequestOption(
            id="top_p",
            title="Top p",
            hint="Only the likeliest words that together reach this chance are taken.",
            kind=OptionKind.NUMBER,
            low=0,
            high=1,
            open_low=True,
            default=_usual("top_p"),
        ),
        RequestOption(
            id="top_k",
            title="Top k",
            hint="Only this many of the likeliest words are taken.",
            kind=OptionKind.WHOLE,
            low=0,
            default=_usual("top_k"),
        ),
        RequestOption(
            id="presence_penalty",
            title="Presence penalty",
            hint="Above 0 avoids what was said; for text and lists of boxes 0 is best.",
            kind=OptionKind.NUMBER,
            low=-2,
            high=2,
            default=_usual("presence_penalty"),
        ),
        RequestOption(
            id="repetition_penalty",
            title="Repetition penalty",
            hint="Above 1 avoids repeating the same words.",
            kind=OptionKind.NUMBER,
            low=0,
            open_low=True,
            default=1.0,
        ),
        RequestOption(
            id="frequency_penalty",
            title="Frequency penalty",
            hint="Above 0 avoids words the more often they came. Local servers know it; DashScope does not say.",
            kind=OptionKind.NUMBER,
            low=-2,
            high=2,
            default=0,
        ),
        RequestOption(
            id="seed",
            title="Seed",
            hint="The same seed and request give much the same reply.",
            kind=OptionKind.WHOLE,
            low=0,
            high=2**31 - 1,
            default=1234,
        ),
        RequestOption(
            id="max_tokens",
            title="Longest reply",
            hint="Tokens after which the reply is cut, thinking not counted.",
            kind=OptionKind.WHOLE,
            low=1,
            default=lambda model: model.max_output,
            offered=lambda model: "ocr-service" not in model.abilities,
        ),
        RequestOption(
            id="stop",
            title="Stop at",
            hint="The reply ends before these words.",
            kind=OptionKind.WORDS,
        ),
        RequestOption(
            id="response_format",
            title="Form of the reply",
            hint="JSON only, or JSON by a schema. The prompt must hold the word 'json'. Not with thinking.",
            kind=OptionKind.FORMAT,
            default={"type": "text"},
            offered=_able("json"),
        ),
        RequestOption(
            id="zoom",
            title="Closer looks",
            hint="How often the model may ask for a part of the picture and get it enlarged. Each look is a request.",
            kind=OptionKind.WHOLE,
            low=0,
            high=20,
            default=0,
            offered=_able("tools"),
            place=OptionPlace.OURS,
            media=("image",),
        ),
        RequestOption(
            id="rotate",
            title="Turn picture",
            hint="By how much it is turned clockwise before it is sent, for text on its side; places come back.",
            kind=OptionKind.CHOICE,
            default=0,
            choices={0: "As it is", 90: "90°", 180: "180°", 270: "270°"},
            place=OptionPlace.OURS,
            media=("image",),
        ),
        RequestOption(
            id="pad",
            title="Widen narrow pictures",
            hint="A picture that is too small or too narrow for services is laid on white; places come back.",
            kind=OptionKind.SWITCH,
            default=False,
            place=OptionPlace.OURS,
            media=("image",),
        ),
        RequestOption(
            id="system",
            title="System message",
            hint="Said to the model before everything else; the makers advise none for pictures.",
            kind=OptionKind.TEXT,
            default="",
            offered=_able("system"),
            place=OptionPlace.SYSTEM,
        ),
    )
}
"""All options by name, in the order in which they are offered."""


def options_for(model: ModelSpec, media: str = "") -> tuple[RequestOption, ...]:
    """Return the options that ``model`` knows for a kind of media (empty: any), in the order they are offered in."""
    fitting = (option for option in OPTIONS.values() if not media or media in option.media)
    return tuple(option for option in fitting if option.offered(model))
