"""Making ready what a request sends: pictures, or a film; the words come last."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.chat import ocr_options
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.film_options import options_of_film
from qwvis_desktop.core.film_request import plan_for, prepare_film
from qwvis_desktop.core.inference_events import Extracting, Failed, InferenceEvent, Waiting
from qwvis_desktop.core.inference_request import InferenceRequest, link_of
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media, picture
from qwvis_desktop.core.media.metadata import metadata_of
from qwvis_desktop.core.media.pixels import NotWanted
from qwvis_desktop.core.media.prepare import PreparedImage, prepare_image
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ImageLink,
    ImagePart,
    Part,
    ShrinksPictures,
    TextPart,
)
from qwvis_desktop.core.providers.body import data_in
from qwvis_desktop.core.request.option_rules import pads, quarter_turns, resize_rule, sent_part
from qwvis_desktop.core.run_progress import RunProgress
from qwvis_desktop.core.steps import told

_READS_AS_IT_IS = "offline-ocr"
"""The family of models that a picture is scaled for only where it is too large."""

READ_SMALLER = (
    "{name} has {size.width} x {size.height} pixels and was read at {sent.width} x {sent.height}, "
    "so small print may be missing. Read a part of it to get that, too."
)


def prepared(
    request: InferenceRequest, progress: RunProgress, cancel: CancelToken
) -> Generator[InferenceEvent, None, tuple[Part, ...] | None]:
    """Make ready what is sent, and tell it; return the parts, None where that ended the run."""
    try:
        if isinstance(request.media, VideoMedia) and request.frame is None:
            parts = yield from _film_parts(request, request.media, progress, cancel)
        else:
            parts = _picture_parts(request, progress)
    except (MediaError, NotWanted) as error:
        progress.mark("total")
        failed = error if isinstance(error, MediaError) else None
        yield Failed(replace(progress.run, error=str(error) if failed else "stopped"), failed)
        return None
    progress.mark("prepare")
    yield Waiting(progress.run, bytes_of(parts), progress.run.notes)
    return parts


def _film_parts(
    request: InferenceRequest, media: VideoMedia, progress: RunProgress, cancel: CancelToken
) -> Generator[InferenceEvent, None, tuple[Part, ...]]:
    """Make the film ready and return what is sent, the words last."""
    if request.others:
        raise MediaError(f'"{media.name}" is a film, and a film goes into a request by itself. Choose it alone.')
    link = next(iter(request.links), "")
    plan = plan_for(media, request.model, request.options, request.room, link)
    if plan is None:
        raise MediaError(f'"{media.name}" cannot be sent: {request.model.id} takes no films of such a kind.')
    steps = prepare_film(media, plan, link=link, is_wanted=lambda: not cancel.cancelled)
    film = yield from told(steps, lambda step: Extracting(progress.run.id, step.done, step.of))
    progress.sent_film(film.frame(media), film.sent)
    if film.note:
        progress.note(film.note)
    words = (TextPart(progress.run.prompt),) if progress.run.prompt else ()
    return (*film.parts, *words)


def bytes_of(parts: tuple[Part, ...]) -> int:
    """Return the bytes of what is sent of pictures and films, without base64."""
    return sum(len(data.data) for part in parts for data in data_in(part))


def sent_options(request: InferenceRequest, parts: tuple[Part, ...]) -> dict[str, JsonValue]:
    """Return the options of the request that says ``parts``."""
    own = options_of_film(request.options) if request.media.kind == "video" else request.options
    options = {**own, **ocr_options(request.task, request.result_schema)}
    if any(isinstance(part, ImageLink) for part in parts):
        # What the service fetches it scales itself: by the rule that the frame was reckoned with.
        options.setdefault("max_pixels", resize_rule(request.model, request.options).max_pixels)
    return options


def _picture_parts(request: InferenceRequest, progress: RunProgress) -> tuple[Part, ...]:
    """Make the pictures ready and return what is sent, the words last; a reply that exists already needs no picture."""
    prompt = progress.run.prompt
    if request.frame is not None:
        return (TextPart(prompt),)
    words = (TextPart(prompt),) if prompt else ()
    rule, turn = request.rule, quarter_turns(request.options)
    longest = request.provider.longest_side if isinstance(request.provider, ShrinksPictures) else 0
    frames: list[Frame] = []
    pictures: list[Part] = []
    each = [picture(medium) for medium in (request.media, *request.others)]
    for number, media in enumerate(each):
        link = link_of(request, number)
        if link:
            frames.append(Frame.whole(media.size, rule.resized(media.size)))
            pictures.append(ImageLink(link))
            continue
        raster, crop = (None, None) if number else (request.raster, request.crop)
        within = rule.within(sent_part(request.options, request.sizes[number]), longest) if longest else rule
        pad, most = pads(request.options), request.base64_mb
        made = prepare_image(media, within, crop, raster, turn=turn, pad=pad, base64_mb=most)
        frames.append(made.frame)
        pictures.append(image_part(made))
        if made.note:
            progress.note(made.note)
        if made.resized and request.model.family == _READS_AS_IT_IS:
            progress.note(READ_SMALLER.format(name=media.name, size=media.size, sent=made.frame.sent))
    progress.sent(
        tuple(frames), tuple(() if link_of(request, number) else _left_out(media) for number, media in enumerate(each))
    )
    return (*pictures, *words)


def _left_out(media: Media) -> tuple[str, ...]:
    try:
        return metadata_of(media)
    except MediaError:
        return ()  # the file is gone, and the picture was sent as it had been decoded before


def image_part(picture: PreparedImage) -> ImagePart:
    """Return a picture that was made ready as a part of a message."""
    size = picture.frame.sent
    return ImagePart(picture.data, picture.mime, size.width, size.height)
