"""What a service would refuse, found before anything is sent: one sentence each, and what mends it.

Source: ``qwen-api.md`` 1.4, 1.5, 5.1 and 6. Pure: all that is known of what is to be sent comes in, findings go out.
Where documents contradict each other the larger figure counts, and the service has the last word (10).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.coordinates import MAX_RATIO, MIN_SIDE
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.option_rules import option_issues, resize_rule, settled
from qwvis_desktop.core.request.request_options import OPTIONS
from qwvis_desktop.core.request.tokens import text_tokens

MOST_PICTURES = {"data": 250, "upload": 256, "url": 256}
"""Pictures in a request, by the way they go (``qwen-api.md`` 6)."""

MOST_BYTES = {"data": 7_500_000, "upload": 10_000_000, "url": 20_000_000}
"""Bytes of a picture's file, by the way it goes: 10 MB as base64 are 7.5 MB of file."""

ANY_SIZE = frozenset({"image/bmp", "image/jpeg", "image/png", "image/tiff", "image/webp", "image/heic"})
LARGE = frozenset({"image/jpeg", "image/png"})
"""Formats that services read, and those they read above 4K."""

FOUR_K, EIGHT_K = 3840 * 2160, 7680 * 4320
VIDEO_DATA_BYTES = 7_500_000

OCR_PIXELS = 15_680_000
"""Above this many pixels the OCR guide warns of poor results (``qwen-api.md`` 1.5)."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends a finding; exactly one of its fields but the title is set.

    Attributes:
        title: what its button says.
        options: options to set; None takes one out.
        keep: how many of the pictures or frames to send.
        encode: to send the picture as we encode it instead of its own file.
    """

    title: str
    options: Attributes | None = None
    keep: int | None = None
    encode: bool = False

    @property
    def on_the_command_line(self) -> str:
        """What to add to a command to the same effect; empty where there is no such option."""
        return (
            "--upload auto"
            if self.encode
            else " ".join(
                f"--option {name}={json.dumps(value)}"
                for name, value in (self.options or {}).items()
                if value is not None
            )
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a service would not take as it is.

    Attributes:
        code: what kind it is.
        message: what, and why; for people.
        remedy: what mends it; None where only the user can.
        refused: whether the service will refuse the request; else it is only worth knowing.
    """

    code: str
    message: str
    remedy: Remedy | None = None
    refused: bool = True


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture that is to be sent.

    Attributes:
        name: what people call it.
        size: of the upright original, or of the part of it that is sent.
        mime, byte_count: of its own file; what matters where that goes as it is.
        way: ``data`` (scaled and encoded by us), ``upload`` (its own file), ``url`` (fetched by the service).
    """

    name: str
    size: Size
    mime: str = "image/jpeg"
    byte_count: int = 0
    way: str = "data"


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A film that is to be sent.

    Attributes:
        seconds: its length; None where it is not known, as of a list of frames.
        byte_count: of its file; 0 where it is not known.
        frames: length of a list of frames; None for a file.
        way: as of a picture.
        most_bytes: the largest file that goes this way, where that is known; 0 where it is not.
        tokens: what it takes, and ``seen``: at how many frames the model looks.
        start: where the part that is sent begins.
        instead: what mends a film that cannot go as a file, ``smaller`` one that is too large; None where only the user
            can.
    """

    name: str
    seconds: float | None = None
    byte_count: int = 0
    frames: int | None = None
    way: str = "data"
    most_bytes: int = 0
    tokens: int = 0
    seen: int = 0
    start: float = 0.0
    instead: Remedy | None = None
    smaller: Remedy | None = None


def findings(
    model: ModelSpec,
    pictures: Sequence[PictureFacts],
    words: str,
    options: Attributes,
    videos: Sequence[VideoFacts] = (),
) -> tuple[Finding, ...]:
    """Return what a service would not take, what it refuses first.

    Args:
        model: who is asked.
        pictures: what is sent of pictures.
        words: the prompt and the system message.
        options: what is set for the request.
        videos: what is sent of films.
    """
    found = [
        *_options(model, options, words),
        *_sides(pictures),
        *_files(pictures),
        *_count(pictures),
        *_tokens(model, pictures, words, options, videos),
        *_ocr(model, options),
        *(finding for video in videos for finding in _video(model, video)),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.refused))


def _options(model: ModelSpec, options: Attributes, words: str) -> Iterator[Finding]:
    for issue in option_issues(model, options, words):
        yield Finding(
            f"option:{issue.option}", issue.message, _option_remedy(model, options, issue.option), issue.refused
        )


def _option_remedy(model: ModelSpec, options: Attributes, name: str) -> Remedy:
    option, value = OPTIONS.get(name), options.get(name)
    if option is not None and option.offered(model) and isinstance(value, int) and not isinstance(value, bool):
        low, high = option.range_for(model)
        nearest = value
        if high is not None and value > high:
            nearest = int(high)
        elif low is not None and value < low:
            nearest = int(low)
        if nearest != value:
            return Remedy(f"Set to {nearest:,}", options={name: nearest})
    return Remedy("Leave It Out", options={name: None})


_LAID = Remedy("Lay It on White", options={"pad": True})


def _sides(pictures: Sequence[PictureFacts]) -> Iterator[Finding]:
    for picture in pictures:
        width, height = picture.size
        what = f'"{picture.name}" is {width:,} x {height:,} pixels, and the services take no picture with'
        if min(width, height) < MIN_SIDE:
            text = f"{what} a side of {MIN_SIDE - 1} pixels or less. Choose a larger one, or lay it on white."
            yield Finding("side", text, _LAID)
        elif max(width, height) > MAX_RATIO * min(width, height):
            yield Finding("ratio", f"{what} one side more than {MAX_RATIO} times the other. Lay it on white.", _LAID)


def _files(pictures: Sequence[PictureFacts]) -> Iterator[Finding]:
    """Look at files that go as they are; what we encode ourselves is JPEG or PNG, upright and small enough."""
    again = Remedy("Send It Re-Encoded", encode=True)
    for picture in (picture for picture in pictures if picture.way != "data"):
        kind, pixels = picture.mime.removeprefix("image/").upper(), picture.size.pixels
        if picture.mime not in ANY_SIZE:
            yield Finding("format", f'"{picture.name}" is {kind}, which the services do not read.', again)
        elif pixels > FOUR_K and picture.mime not in LARGE:
            yield Finding(
                "format", f'"{picture.name}" has more pixels than 4K; the services then read JPEG and PNG only.', again
            )
        if picture.byte_count > MOST_BYTES[picture.way]:
            most = MOST_BYTES[picture.way] // 1_000_000
            yield Finding(
                "bytes",
                f'"{picture.name}" takes {picture.byte_count / 1e6:.1f} MB, and the services take {most} MB this way.',
                again,
                refused=picture.way != "url",
            )
        if pixels > EIGHT_K:
            text = f'"{picture.name}" has more pixels than 8K; the service may take too long to fetch it.'
            yield Finding("large", text, again, refused=False)


def _count(pictures: Sequence[PictureFacts]) -> Iterator[Finding]:
    most = min((MOST_PICTURES[picture.way] for picture in pictures), default=0)
    if len(pictures) > most:
        yield Finding(
            "count",
            f"{len(pictures):,} pictures are more than the {most} that go into one request.",
            Remedy(f"Send the First {most}", keep=most),
        )


def _tokens(
    model: ModelSpec, pictures: Sequence[PictureFacts], words: str, options: Attributes, videos: Sequence[VideoFacts]
) -> Iterator[Finding]:
    rule, factor = resize_rule(model, options), model.resize.factor
    sizes = [p.size for p in pictures if p.size.pixels and max(p.size) <= MAX_RATIO * min(p.size)]
    each = [rule.tokens(size) for size in sizes]
    text, limit = text_tokens(words), model.input_limit(thinking=_thinks(model, options))
    single = model.max_image_tokens
    if single is not None and any(tokens > single for tokens in each):
        yield Finding(
            "image-tokens",
            f"A picture takes {max(each):,} tokens, and {model.family_title} takes {single:,} for one picture.",
            _smaller((single - 2) * factor**2),
        )
    total = sum(each) + sum(video.tokens for video in videos) + text
    if limit is None or total <= limit:
        return
    if videos:
        yield Finding(
            "tokens",
            f"About {total:,} tokens are more than the {limit:,} that {model.id} takes in.",
            _fewer_frames(videos[0], videos[0].tokens - (total - limit)),
        )
        return
    room = (limit - text) // max(1, len(each)) - 2
    fits = room * factor**2 >= rule.min_pixels
    yield Finding(
        "tokens",
        f"About {total:,} tokens are more than the {limit:,} that {model.id} takes in.",
        _smaller(room * factor**2) if each and fits else None,
    )


def _fewer_frames(video: VideoFacts, room: int) -> Remedy | None:
    """Return to send so many frames that their tokens fit; an even number, as two of them make one picture."""
    count = int(video.seen * room / video.tokens) // 2 * 2 if video.tokens else 0
    return Remedy(f"Send {count:,} Frames", options={"max_frames": count}) if count >= 4 else None


def _smaller(pixels: int) -> Remedy:
    return Remedy("Send Smaller", options={"max_pixels": pixels, "vl_high_resolution_images": None})


def _thinks(model: ModelSpec, options: Attributes) -> bool:
    chosen: JsonValue = settled(model, options).get("enable_thinking")
    return chosen if isinstance(chosen, bool) else model.thinking in ("on", "always")


def _ocr(model: ModelSpec, options: Attributes) -> Iterator[Finding]:
    if "ocr-service" in model.abilities and resize_rule(model, options).max_pixels > OCR_PIXELS:
        text = f"The OCR service reads pictures of more than {OCR_PIXELS:,} pixels badly."
        yield Finding("ocr-pixels", text, Remedy("Send Smaller", options={"max_pixels": OCR_PIXELS}), refused=False)


def _video(model: ModelSpec, video: VideoFacts) -> Iterator[Finding]:
    limits = model.video
    if limits is None:
        yield Finding("video", f"{model.family_title} takes no films. Choose another model.")
        return
    if video.seconds is not None and not limits.seconds[0] <= video.seconds <= limits.seconds[1]:
        shortest, longest = limits.seconds
        part = f"{video.start:g}-{video.start + longest:g}"
        first = Remedy(f"Send {longest:,} s as Frames", options={"range": part, "send": "frames"})
        yield Finding(
            "video-seconds",
            f'"{video.name}" lasts {video.seconds:,.1f} s, and {model.family_title} takes {shortest} to {longest:,} s.',
            video.instead if video.instead is None or video.seconds < shortest else first,
        )
    if video.frames is not None and not limits.frames[0] <= video.frames <= limits.frames[1]:
        fewest, most = limits.frames
        yield Finding(
            "video-frames",
            f"{video.frames:,} frames, and {model.family_title} takes {fewest} to {most:,} in a list.",
            Remedy(f"Send {most:,} Frames", options={"max_frames": most}) if video.frames > most else None,
        )
    room = {"data": VIDEO_DATA_BYTES, "upload": 100_000_000, "url": limits.url_bytes}[video.way]
    room = video.most_bytes or room
    if video.frames is None and video.byte_count > room:
        yield Finding(
            "video-bytes",
            f'"{video.name}" takes {video.byte_count / 1e6:,.1f} MB, and {room / 1e6:,.1f} MB go this way.',
            video.smaller,
        )
