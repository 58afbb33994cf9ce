"""``qwvis prepare`` of a film: which frames the model sees and when, how the film gets there, and what that takes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping

from qwvis_desktop.cli.asking import check_fit, finding_words, words_for
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, tell
from qwvis_desktop.cli.prepare_output import cost_to_json, tell_request, tokens_to_json, warnings_of
from qwvis_desktop.cli.services import Service, accounts_of, options_of, prompt_of
from qwvis_desktop.cli.sources import link_of
from qwvis_desktop.core.accounting import Estimate, estimated_request
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.film_sent import FilmSent
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.outgoing import NothingSentError, Outgoing, as_curl, outgoing
from qwvis_desktop.core.providers.base import ProviderError
from qwvis_desktop.core.providers.body import base64_length, shortened
from qwvis_desktop.core.providers.catalog import film_room_of
from qwvis_desktop.core.request_findings import request_findings
from qwvis_desktop.core.store.ledger import LedgerError
from qwvis_desktop.core.tasks import TASKS

MANY = 12
"""Frames that are told one by one; of more, the first and the last few."""


def execute_film(arguments: Namespace, service: Service, media: VideoMedia) -> ExitCode:
    """Make the request about a film ready and print it.

    Raises:
        CommandError: the film cannot be read or sent, or the body not written.
    """
    request = _request(arguments, service, media)
    found = request_findings(request)
    try:
        sent = outgoing(request)
        usual = accounts_of(service).usual_reply(service.model, request.task.id)
        if arguments.body is not None:
            write_beside(arguments.body, json_text(dict(sent.request.body)).encode())
    except NothingSentError as error:
        raise CommandError(str(error), ExitCode.USAGE) from error
    except (MediaError, ProviderError, LedgerError, WriteError) as error:
        raise CommandError(str(error)) from error
    estimate = estimated_request(request, service.profile.host, usual)
    assert sent.film is not None  # a film is sent
    assert estimate is not None  # what has no estimate cannot be sent either
    warnings = [*warnings_of(service), *map(finding_words, found), *sent.notes]
    told: dict[str, JsonValue] = {
        "frames": list(_frames(media, sent, sent.film)),
        "film": {
            "way": sent.film.way,
            "start": sent.film.start,
            "end": sent.film.end,
            "fps": sent.film.fps,
            "duration": media.duration,
            "bytes": sent.film.byte_count,
        },
        "tokens": tokens_to_json(estimate.tokens),
        "cost": cost_to_json(estimate),
        "url": sent.request.url,
        "headers": dict(sent.request.headers),
        "body": shortened(dict(sent.request.body)),
        "curl": as_curl(sent.request, service.profile.key_variable, str(arguments.body or "body.json")),
        "warnings": list[JsonValue](warnings),
    }
    if arguments.json:
        print_json(told)
    else:
        _tell(media, sent.film, estimate, told)
    return ExitCode.DONE


def _request(arguments: Namespace, service: Service, media: VideoMedia) -> InferenceRequest:
    task = TASKS[arguments.task or "video-events"]
    check_fit(task, media)
    prompt = words_for(prompt_of(arguments, task), task, media)
    return InferenceRequest(
        media=media,
        links=(link_of(arguments.files[0]),),
        room=film_room_of(service.profile, service.settings.wire.upload),
        task=task,
        prompt=prompt,
        model=service.model,
        provider=service.provider(task),
        options=options_of(arguments, service.model, prompt),
    )


def _frames(media: VideoMedia, sent: Outgoing, film: FilmSent) -> Iterator[JsonValue]:
    """Yield each frame that the model sees; how many bytes it takes where it is sent by itself."""
    for number, time in enumerate(film.times):
        frame: dict[str, JsonValue] = {"time": time, "original": list(media.size), "sent": list(film.size)}
        if number < len(sent.pictures):
            picture = sent.pictures[number]
            frame |= {
                "mime": picture.mime,
                "bytes": len(picture.data),
                "base64_bytes": base64_length(picture.data),
                "resized_by_us": film.size != media.size,
            }
        yield frame


def _tell(media: VideoMedia, film: FilmSent, estimate: Estimate, told: Mapping[str, JsonValue]) -> None:
    part = f"{film.start:g} to {film.end:g} s of {media.duration:g} s"
    size = f", {film.byte_count:,} bytes" if film.byte_count else ""
    tell(f"{media.name}: {part}, sent as {film.way}{size}")
    width, height = film.size
    count = "1 frame" if len(film.times) == 1 else f"{len(film.times):,} frames"
    tell(f"The model sees {count} of {width}x{height}, at {_listed(film.times)} s.")
    tokens = estimate.tokens
    tell(f"About {tokens.total:,} tokens: {tokens.video:,} for the film, {tokens.text:,} for words.")
    tell_request(estimate, told)


def _listed(times: tuple[float, ...]) -> str:
    words = [f"{time:.3f}".rstrip("0").rstrip(".") for time in times]
    return ", ".join(words if len(words) <= MANY else [*words[: MANY // 2], "...", *words[-MANY // 2 :]])
