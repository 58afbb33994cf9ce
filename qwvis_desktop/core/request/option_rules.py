"""What holds between the options of a request: their form on the wire, what is wrong, what they do to pictures.

Source: ``qwen-api.md`` 2.4, 2.5 and 10. The table itself: ``core.request_options``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.coordinates import ResizeRule, widened
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.option_kinds import OptionKind, RequestOption
from qwvis_desktop.core.request.request_options import OPTIONS


@dataclass(frozen=True, slots=True)
class OptionIssue:
    """What is wrong with an option.

    Attributes:
        option: its name.
        message: what is wrong and what to do, for people.
        refused: whether the service will refuse the request; else it may ignore the option.
    """

    option: str
    message: str
    refused: bool = True


JSON_OBJECT: Mapping[str, JsonValue] = {"type": "json_object"}
"""The value of ``response_format`` that makes the reply JSON."""


def without_schema(options: Attributes, refusal: str) -> dict[str, JsonValue] | None:
    """Return ``options`` with plain JSON mode where a service refused a schema with these words; None where it did not.

    Models of vision may refuse a schema (``qwen-api.md`` 2.5, 10); that thinking excludes JSON is another matter.
    """
    form = options.get("response_format")
    if not isinstance(form, dict) or form.get("type") != "json_schema":
        return None
    said = refusal.lower()
    if "thinking" in said or not ("json_schema" in said or "response_format" in said):
        return None
    return {**options, "response_format": {"type": "json_object"}}


def json_schema_format(schema: Attributes, name: str = "reply") -> dict[str, JsonValue]:
    """Return the value of ``response_format`` that makes the reply JSON by ``schema``."""
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": dict(schema)}}


def read_option(name: str, value: JsonValue) -> JsonValue:
    """Return a value as typed in the form the service takes: ``json`` for JSON mode, a schema for JSON by it."""
    if name != "response_format":
        return [value] if name == "stop" and isinstance(value, str) else value
    if isinstance(value, str):
        return {"type": {"json": "json_object"}.get(value.lower(), value)}
    if isinstance(value, dict) and ("properties" in value or value.get("type") in ("object", "array")):
        return json_schema_format(value)
    return value


def settled(model: ModelSpec, options: Attributes) -> dict[str, JsonValue]:
    """Return ``options`` in the form that is sent: values in the service's form, and what one needs of another.

    JSON mode and thinking exclude each other, so a model that thinks by default is told not to (2.5).
    """
    sent = {name: read_option(name, value) for name, value in options.items()}
    if wants_json(sent) and model.can_switch_thinking:
        sent.setdefault("enable_thinking", False)
    return sent


def resize_rule(model: ModelSpec, options: Attributes) -> ResizeRule:
    """Return how pictures are scaled for ``model`` before they are sent: by the pixel limits among ``options``.

    A limit that cannot be used (``option_issues`` says so) counts as not set.
    """
    usual = model.resize
    if options.get("vl_high_resolution_images") is True:
        most = model.high_resolution_pixels or model.max_pixels_ceiling
        return ResizeRule(usual.factor, usual.min_pixels, most)
    low, high = (options.get(name) for name in ("min_pixels", "max_pixels"))
    most = min(high if type(high) is int and high >= usual.factor**2 else usual.max_pixels, model.max_pixels_ceiling)
    least = low if type(low) is int and low > 0 else min(usual.min_pixels, most)
    return ResizeRule(usual.factor, min(least, most), most)


def quarter_turns(options: Attributes) -> int:
    """Return by how many quarters, clockwise, pictures are turned before they are sent; 0 where that is not known."""
    degrees = options.get("rotate")
    return degrees // 90 if type(degrees) is int and degrees in OPTIONS["rotate"].choices else 0


def part_of_film(options: Attributes) -> tuple[float, float] | None:
    """Return from when to when a film is to be sent, in seconds; None where that is not said, or not readable."""
    from qwvis_desktop.core.times import range_of  # not for the start: it is made of patterns

    found = range_of(options.get("range"))
    return found if found is not None and found[0] < found[1] else None


def pads(options: Attributes) -> bool:
    """Say whether pictures that services find too small or too narrow are laid on white."""
    return options.get("pad") is True


def sent_part(options: Attributes, size: Size) -> Size:
    """Return the size of what is sent of a picture of ``size``, before it is scaled."""
    return widened(size) if pads(options) else size


def wants_json(options: Attributes) -> bool:
    """Say whether the reply must be JSON."""
    form = options.get("response_format")
    return isinstance(form, dict) and form.get("type") in ("json_object", "json_schema")


def option_issues(model: ModelSpec, options: Attributes, words: str = "") -> tuple[OptionIssue, ...]:
    """Return what is wrong with ``options`` for ``model``; names that the table does not know are let through.

    Args:
        model: who is asked.
        options: by the service's names.
        words: the prompt and the system message.
    """
    sent = settled(model, options)
    return (*_each(model, sent), *_together(model, sent, words))


def _each(model: ModelSpec, options: Attributes) -> Iterator[OptionIssue]:
    for name, value in options.items():
        option = OPTIONS.get(name)
        if option is None:
            continue
        if not option.offered(model):
            yield OptionIssue(name, f"{model.family_title} does not know '{name}'. Leave it out.", refused=False)
            continue
        message = _TESTS[option.kind](option, model, value)
        if message:
            yield OptionIssue(name, f"'{name}' {message}")


def _together(model: ModelSpec, options: Attributes, words: str) -> Iterator[OptionIssue]:
    if options.get("vl_high_resolution_images"):
        for other in OPTIONS["vl_high_resolution_images"].excludes:
            if other in options:
                yield OptionIssue(other, f"High resolution overrules '{other}'. Set one of the two.", refused=False)
    low, high = options.get("min_pixels"), options.get("max_pixels")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield OptionIssue("min_pixels", "'min_pixels' is larger than 'max_pixels'. Make it smaller.")
    if wants_json(options):
        if options.get("enable_thinking") is True or model.thinking == "always":
            yield OptionIssue("response_format", "JSON mode and thinking do not go together. Switch one of them off.")
        if words and "json" not in words.lower():
            yield OptionIssue("response_format", "JSON mode needs the word 'json' in the prompt. Add it.")
    if options.get("enable_thinking") is True and options.get("stream") is False:
        yield OptionIssue("stream", "Thinking needs a stream. Leave 'stream' out.")


def _switch(_option: RequestOption, _model: ModelSpec, value: JsonValue) -> str:
    return "" if isinstance(value, bool) else "is true or false."


def _whole(option: RequestOption, model: ModelSpec, value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "is a whole number."
    return _in_range(option, model, value)


def _number(option: RequestOption, model: ModelSpec, value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is a number."
    return _in_range(option, model, value)


def _in_range(option: RequestOption, model: ModelSpec, value: float) -> str:
    low, high = option.range_for(model)
    if low is not None and (value < low or (option.open_low and value == low)):
        return f"must be {'above' if option.open_low else 'at least'} {low:,}."
    if high is not None and (value > high or (option.open_high and value == high)):
        return f"must be {'below' if option.open_high else 'at most'} {high:,}."
    return ""


def _text(_option: RequestOption, _model: ModelSpec, value: JsonValue) -> str:
    return "" if isinstance(value, str) else "is text."


def _choice(option: RequestOption, _model: ModelSpec, value: JsonValue) -> str:
    if type(value) in (int, str) and value in option.choices:
        return ""
    return f"is one of {', '.join(map(str, option.choices))}."


def _range(_option: RequestOption, _model: ModelSpec, value: JsonValue) -> str:
    if part_of_film({"range": value}) is not None:
        return ""
    return "is two times, the earlier first, such as 10-60 or 0:10-1:00."


def _words(_option: RequestOption, _model: ModelSpec, value: JsonValue) -> str:
    listed = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    return "" if listed else "is a list of words."


def _format(_option: RequestOption, _model: ModelSpec, value: JsonValue) -> str:
    kinds = ("text", "json_object", "json_schema")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        return "is 'text', 'json', or a JSON schema."
    inner = value.get("json_schema")
    if value["type"] == "json_schema" and not (isinstance(inner, dict) and isinstance(inner.get("schema"), dict)):
        return "of the type 'json_schema' holds a name and a schema."
    return ""


_TESTS: dict[OptionKind, Callable[[RequestOption, ModelSpec, JsonValue], str]] = {
    OptionKind.SWITCH: _switch,
    OptionKind.WHOLE: _whole,
    OptionKind.NUMBER: _number,
    OptionKind.TEXT: _text,
    OptionKind.WORDS: _words,
    OptionKind.FORMAT: _format,
    OptionKind.CHOICE: _choice,
    OptionKind.RANGE: _range,
}
"""Says what is wrong with a value of each kind; ``""`` where nothing is."""
