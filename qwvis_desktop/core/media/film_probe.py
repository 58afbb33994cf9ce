"""What a film is: its first frame, how it is turned, and how long it really lasts, whatever its header says."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path

from av.video.frame import VideoFrame

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_stream import MAX_PIXELS, Film, FilmStream, orientation_of
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import VideoMedia

_MIMES = (
    ("matroska", "video/x-matroska"),
    ("mov", "video/mp4"),
    ("avi", "video/x-msvideo"),
    ("flv", "video/x-flv"),
    ("asf", "video/x-ms-wmv"),
    ("mpegts", "video/mp2t"),
    ("mpeg", "video/mpeg"),
    ("ogg", "video/ogg"),
)
"""Part of FFmpeg's name of a container -> its MIME type."""

_BY_SUFFIX = {".webm": "video/webm", ".mov": "video/quicktime"}
"""Containers that FFmpeg does not tell from others, by the suffix of the file."""

MOST_WITHOUT_FRAME = 1000
"""Packets that are tried until the first frame must have come."""

_CUT_SECONDS, _CUT_SHARE = 1.0, 0.98
"""A film is called cut off where more than this is missing of what its header says."""

_MOST_ASPECT = 4
"""Pixels of films are up to twice as wide as high (anamorphic lenses on half-width recordings)."""

USUAL_RATE = 25.0
"""Frames a second of a film that does not say."""


def probe_film(path: Path, name: str) -> VideoMedia:
    """Return what a film is.

    Raises:
        MediaError: it cannot be opened, or no frame of it can be decoded.
        OSError: it cannot be read.
    """
    stream = FilmStream(path, name, threads=False)
    try:
        first = _first_frame(stream)
        stream.origin = first.pts or 0
        said = stream.duration
        end = _end(stream, said)
        rate = _rate(stream, end)
        duration = end or 1 / rate
        stored, orientation = Size(first.width, first.height), orientation_of(first)
        shape = squared(stored, stream.pixel_aspect)
        return VideoMedia(
            name=name,
            path=path,
            size=orientation.upright_size(shape),
            stored=stored,
            orientation=orientation,
            mime=_mime(stream.container_name, path),
            duration=duration,
            rate=rate,
            frames=max(1, round(duration * rate)),
            codec=stream.stream.codec_context.codec.canonical_name,
            origin=stream.origin,
            file_bytes=path.stat().st_size,
            note=_note(name, said, duration),
        )
    finally:
        stream.close()


def squared(stored: Size, aspect: Fraction | None) -> Size:
    """Return the size in which a frame is shown, whose pixels are ``aspect`` times as wide as high.

    One side becomes longer and none shorter, so that no pixel is lost. What is far from any film's shape is not
    believed, nor what would be too large to be shown.
    """
    if aspect is None or not 1 / _MOST_ASPECT <= aspect <= _MOST_ASPECT:
        return stored
    wide, high = max(aspect, Fraction(1)), max(1 / aspect, Fraction(1))
    shown = Size(round(stored.width * wide), round(stored.height * high))
    return shown if shown.pixels <= MAX_PIXELS else stored


def _first_frame(stream: FilmStream) -> VideoFrame:
    """Return the first frame that can be decoded.

    Raises:
        MediaError: there is none.
    """
    tried, has_times = 0, False
    for packet in islice(stream.packets(), MOST_WITHOUT_FRAME):
        tried += 1
        has_times = has_times or packet.pts is not None or packet.dts is not None
        for frame in stream.decode(packet):
            return frame
    for frame in stream.drain():
        return frame
    if not tried:
        raise MediaError(f'"{stream.name}" holds no frame: it was cut off, or never written. Copy or record it again.')
    if not has_times:
        raise MediaError(
            f'"{stream.name}" tells no times: it holds bare pictures ({stream.stream.codec_context.name}) without what '
            'films put round them. Put it into a film, as with "ffmpeg -i FILE -c copy film.mp4".'
        )
    raise MediaError(
        f'No frame of "{stream.name}" can be decoded ({stream.stream.codec_context.name}): it is damaged, or its '
        "encoding is not known. Copy it again, or save it as MP4 (H.264)."
    )


def _end(stream: FilmStream, said: float | None) -> float:
    """Return the seconds from the first frame to the end of the last, by the packets that are there."""
    last = end = 0.0
    if said:
        # Where it is sought by the time of decoding, the last frame to be shown may come before the last packets.
        stream.seek(stream.origin + round(max(0.0, said - 1.0) / float(stream.time_base)))
        last, end = _last(stream, stream.packets())
    if end <= 0:
        stream.seek(stream.origin)
        last, end = _last(stream, stream.packets())
    # A packet tells how long it takes until the next is decoded; the header how long the last one shows.
    return min(end, said) if said and said > last else end


def _last(stream: FilmStream, packets: Iterable[Film]) -> tuple[float, float]:
    """Return when the last frame begins, and when it ends as far as its packet tells."""
    stamps = ((packet.pts if packet.pts is not None else packet.dts, packet.duration or 0) for packet in packets)
    last, length = max(((stamp, length) for stamp, length in stamps if stamp is not None), default=(stream.origin, 0))
    return stream.time_of(last), stream.time_of(last + length)


def _rate(stream: FilmStream, duration: float) -> float:
    frames = stream.stream.frames
    said = stream.stream.average_rate or stream.stream.guessed_rate
    if said:
        return float(said)
    return frames / duration if frames and duration else USUAL_RATE


def _mime(container: str, path: Path) -> str:
    kind = next((mime for part, mime in _MIMES if part in container), f"video/{container.partition(',')[0]}")
    is_twofold = kind in ("video/x-matroska", "video/mp4")
    return _BY_SUFFIX.get(path.suffix.lower(), kind) if is_twofold else kind


def _note(name: str, said: float | None, duration: float) -> str:
    if said is None or said - duration <= max(_CUT_SECONDS, said * (1 - _CUT_SHARE)):
        return ""
    return (
        f'"{name}" was cut off: {duration:,.1f} of its {said:,.1f} seconds are there. What is there can be used; '
        "copy or download it again for the rest."
    )
