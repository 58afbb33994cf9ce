"""Say what is known of each model: its family, what its numbers count, its limits, its abilities, its prices."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import ExitCode, note, tell
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_files import load_registry
from qwvis_desktop.core.model_registry import ModelSpec, VideoLimits
from qwvis_desktop.core.prices import Price
from qwvis_desktop.core.settings import home


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis models``."""
    parser.add_argument("model", metavar="MODEL", nargs="*", help="only these; any spelling (default: all known)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def execute(arguments: Namespace) -> ExitCode:
    """Print the table of models, or as JSON ``{"models": [...], "families": [...]}``."""
    registry = load_registry(home(), say=note)
    specs = tuple(registry.spec(model) for model in arguments.model) or registry.known_models
    if arguments.json:
        families: list[JsonValue] = [
            {"family": key, "title": registry.spec("", family=key).family_title} for key in registry.families
        ]
        print_json({"models": [_to_json(spec) for spec in specs], "families": families})
        return ExitCode.DONE
    width = max(len(spec.id) for spec in specs)
    for spec in specs:
        tell(f"{spec.id:<{width}}  {_line(spec)}")
    return ExitCode.DONE


def _line(spec: ModelSpec) -> str:
    family = spec.family_title if spec.known else f"not recognised, read as {spec.family_title}"
    thinking = "" if spec.thinking == "none" else f", thinking {spec.thinking}"
    prices = "".join(f"; {price.region} {_first_tier(price)}" for price in spec.prices)
    return (
        f"{family}: {spec.space}, multiples of {spec.resize.factor} px up to {spec.resize.max_pixels:,} px"
        f"{thinking}{prices}"
    )


def _first_tier(price: Price) -> str:
    more = " and up" if len(price.tiers) > 1 else ""
    return f"{price.currency} {price.tiers[0].input}/{price.tiers[0].output}{more}"


def _to_json(spec: ModelSpec) -> JsonValue:
    return {
        "id": spec.id,
        "family": spec.family,
        "family_title": spec.family_title,
        "known": spec.known,
        "coordinates": spec.space,
        "factor": spec.resize.factor,
        "min_pixels": spec.resize.min_pixels,
        "max_pixels": spec.resize.max_pixels,
        "max_pixels_ceiling": spec.max_pixels_ceiling,
        "high_resolution_pixels": spec.high_resolution_pixels,
        "thinking": spec.thinking,
        "abilities": list[JsonValue](sorted(spec.abilities)),
        "tasks": [task.id for task in spec.tasks],
        "routes": list[JsonValue](spec.routes),
        "stream_only": spec.stream_only,
        "context": spec.context,
        "max_input": spec.max_input,
        "max_input_thinking": spec.max_input_thinking,
        "max_thinking": spec.max_thinking,
        "max_output": spec.max_output,
        "max_image_tokens": spec.max_image_tokens,
        "requests_per_minute": spec.requests_per_minute,
        "tokens_per_minute": spec.tokens_per_minute,
        "video": None if spec.video is None else _video_to_json(spec.video),
        "prices": [_price_to_json(price) for price in spec.prices],
    }


def _video_to_json(video: VideoLimits) -> JsonValue:
    return {
        "seconds": list[JsonValue](video.seconds),
        "url_bytes": video.url_bytes,
        "frames": list[JsonValue](video.frames),
        "frame_pixels": list[JsonValue](video.frame_pixels),
        "total_pixels": list[JsonValue](video.total_pixels),
    }


def _price_to_json(price: Price) -> JsonValue:
    return {
        "region": price.region,
        "currency": price.currency,
        "as_of": price.as_of,
        "cached": float(price.cached),
        "per_million": [
            {"up_to": tier.up_to, "input": float(tier.input), "output": float(tier.output)} for tier in price.tiers
        ],
    }
