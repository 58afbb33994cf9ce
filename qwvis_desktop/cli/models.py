"""Say what is known of each model: its family, what its numbers count, its pixel limits, its tasks."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import ExitCode, tell
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_registry import ModelSpec, bundled_registry


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis models``."""
    parser.add_argument("model", metavar="MODEL", nargs="*", help="only these; any spelling (default: all known)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def execute(arguments: Namespace) -> ExitCode:
    """Print the table of models, or as JSON ``{"models": [...], "families": [...]}``."""
    registry = bundled_registry()
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
    return f"{family}: {spec.space}, multiples of {spec.resize.factor} px up to {spec.resize.max_pixels:,} px{thinking}"


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
        "thinking": spec.thinking,
        "abilities": list[JsonValue](sorted(spec.abilities)),
        "tasks": [task.id for task in spec.tasks],
        "context": spec.context,
        "max_output": spec.max_output,
    }
