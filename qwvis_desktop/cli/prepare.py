"""Say what would be sent, without sending it: one request with all the pictures, and what it costs in tokens.

Tokens of pictures are counted by the family's resize rule, those of words are an estimate. The cost is that of what is
sent; what the reply will add is told by what replies to such a task took so far. It is null where no price is known.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qwvis_desktop.cli.asking import finding_words
from qwvis_desktop.cli.film_prepare import execute_film
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.cli.page_sources import expand_sources
from qwvis_desktop.cli.prepare_output import cost_to_json, tell_request, tokens_to_json, warnings_of
from qwvis_desktop.cli.services import (
    Service,
    accounts_of,
    add_service_options,
    add_task_option,
    options_of,
    prompt_of,
    service_of,
)
from qwvis_desktop.cli.sources import Source, opened, shown, source
from qwvis_desktop.core.accounting import Estimate, estimated, request_words
from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.chat import chat_request, ocr_options, prompt_for_several
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.media import picture as as_picture
from qwvis_desktop.core.media.metadata import metadata_of
from qwvis_desktop.core.media.prepare import PreparedImage, prepare_image
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.outgoing import as_curl
from qwvis_desktop.core.preparing import image_part
from qwvis_desktop.core.providers.base import PreparedRequest, TextPart, WebProvider
from qwvis_desktop.core.providers.body import shortened
from qwvis_desktop.core.request.limits import PictureFacts, findings
from qwvis_desktop.core.request.option_rules import pads, quarter_turns, resize_rule, sent_part
from qwvis_desktop.core.store.ledger import LedgerError
from qwvis_desktop.core.tasks import TASKS, Task

DATA_URL_LIMIT = 10 * 1024 * 1024
"""The longest data URL in bytes that the services take (``qwen-api.md`` 2.11)."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis prepare``."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        type=source,
        help="a picture, a film, a folder of its frames, or an address; several go into one request",
    )
    parser.add_argument("--model", metavar="ID", required=True, help="as the service expects it")
    add_task_option(parser, required=False)
    add_service_options(parser)
    parser.add_argument("--body", type=Path, metavar="FILE", help="write the true body there, pictures and all")


def execute(arguments: Namespace) -> ExitCode:
    """Make the request ready and print it.

    Raises:
        CommandError: a picture cannot be read or sent, or the body not written.
    """
    expand_sources(arguments)
    service = service_of(
        provider=arguments.provider, base_url=arguments.base_url, model=arguments.model, upload=arguments.upload
    )
    media = _opened(arguments.files)
    if isinstance(media[0], VideoMedia):
        return execute_film(arguments, service, media[0])
    return _execute_pictures(arguments, service, media)


def _execute_pictures(arguments: Namespace, service: Service, media: Sequence[Media]) -> ExitCode:
    task = TASKS[arguments.task] if arguments.task else next(iter(service.model.tasks), TASKS["ask"])
    prompt = prompt_for_several(task, prompt_of(arguments, task), len(arguments.files))
    options = options_of(arguments, service.model, prompt) | ocr_options(task, arguments.result_schema)
    try:
        rule = resize_rule(service.model, options)
        most, turn, pad = service.settings.wire.base64_mb, quarter_turns(options), pads(options)
        pictures = [prepare_image(as_picture(each), rule, turn=turn, pad=pad, base64_mb=most) for each in media]
        removed = [metadata_of(each) for each in media]
        request = _request(
            service, task, pictures, TextPart(prompt), {**options, **ocr_options(task, arguments.result_schema)}
        )
        if arguments.body is not None:
            write_beside(arguments.body, json_text(dict(request.body)).encode())
    except (MediaError, WriteError) as error:
        raise CommandError(str(error)) from error
    for sentence in (picture.note for picture in pictures if picture.note):
        note(sentence)
    sizes = [picture.frame.sent for picture in pictures]
    words = request_words(prompt, options)
    try:
        usual = accounts_of(service).usual_reply(service.model, task.id)
    except LedgerError as error:
        raise CommandError(str(error)) from error
    estimate = estimated(service.model, service.profile.host, sizes, words, options, usual_reply=usual)
    sent = zip(arguments.files, pictures, strict=True)
    facts = [PictureFacts(shown(path), sent_part(options, picture.frame.original)) for path, picture in sent]
    found = findings(service.model, facts, words, {name: options[name] for name in options.keys() - {"ocr_options"}})
    told: dict[str, JsonValue] = {
        "frames": [
            {**_frame_to_json(picture), "left_out": list[JsonValue](of_one)}
            for picture, of_one in zip(pictures, removed, strict=True)
        ],
        "tokens": tokens_to_json(estimate.tokens),
        "cost": cost_to_json(estimate),
        "url": request.url,
        "headers": dict(request.headers),
        "body": shortened(dict(request.body)),
        "curl": as_curl(request, service.profile.key_variable, str(arguments.body or "body.json")),
        "warnings": [*_warnings(service, task, pictures), *map(finding_words, found)],
    }
    if arguments.json:
        print_json(told)
    else:
        _tell(arguments.files, pictures, estimate, told)
        for path, of_one in zip(arguments.files, removed, strict=True):
            tell(f"Left out of {shown(path)}: {', '.join(of_one) or 'nothing, its file holds pixels only'}.")
        where = "" if arguments.body is not None else " (--body body.json writes what it sends)"
        tell(f"As a command{where}:\n{told['curl']}")
    return ExitCode.DONE


def _opened(files: Sequence[Source]) -> list[Media]:
    try:
        media = [opened(path) for path in files]
    except MediaError as error:
        raise CommandError(str(error)) from error
    if len(media) > 1 and any(isinstance(each, VideoMedia) for each in media):
        raise CommandError("A film goes into a request by itself. Give one file.", ExitCode.USAGE)
    return media


def _request(
    service: Service,
    task: Task,
    pictures: Sequence[PreparedImage],
    words: TextPart,
    options: Attributes,
) -> PreparedRequest:
    images = [image_part(picture) for picture in pictures]
    chat = chat_request(service.model, (*images, words), options)
    provider = service.provider(task)
    if not isinstance(provider, WebProvider):
        raise CommandError(f'"{service.profile.name}" works on this machine: nothing would be sent.', ExitCode.USAGE)
    return provider.prepare(chat)


def _base64_bytes(picture: PreparedImage) -> int:
    return (len(picture.data) + 2) // 3 * 4


def _frame_to_json(picture: PreparedImage) -> dict[str, JsonValue]:
    turned: dict[str, JsonValue] = {"rotate": 90 * picture.frame.turn} if picture.frame.turn else {}
    return {
        "original": list(picture.frame.original),
        "sent": list(picture.frame.sent),
        "mime": picture.mime,
        "bytes": len(picture.data),
        "base64_bytes": _base64_bytes(picture),
        "resized_by_us": picture.resized,
        **turned,
    }


def _warnings(service: Service, task: Task, pictures: Sequence[PreparedImage]) -> Iterator[str]:
    if not service.model.can(task):
        yield f'{service.model.family_title} is not made for the task "{task.id}".'
    yield from warnings_of(service)
    for number, picture in enumerate(pictures, start=1):
        if _base64_bytes(picture) > DATA_URL_LIMIT:
            yield f"Picture {number} is larger than the 10 MB that services take."


def _tell(
    files: Sequence[Source], pictures: Sequence[PreparedImage], estimate: Estimate, told: Mapping[str, JsonValue]
) -> None:
    for path, picture in zip(files, pictures, strict=True):
        original, sent = picture.frame.original, picture.frame.sent
        how = "resized here" if picture.resized else "in its own size"
        how += f", turned by {90 * picture.frame.turn}° clockwise," if picture.frame.turn else ""
        tell(
            f"{shown(path)}: {original.width}x{original.height}, sent {how} as {sent.width}x{sent.height}, "
            f"{picture.mime}, {len(picture.data):,} bytes"
        )
    tokens = estimate.tokens
    tell(f"About {tokens.total:,} tokens: {tokens.image:,} for pictures, {tokens.text:,} for words.")
    tell_request(estimate, told)
