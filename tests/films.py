"""Films for tests: a clock burnt into each frame as bars that can be read back from its pixels, and a moving shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import av.logging
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.pixels import Raster

Pixels = npt.NDArray[np.uint8]

BITS = 12
"""Bits of the clock, which counts frames."""

BAR = 8
"""Pixels of the square that shows one bit; the sides of a frame are at least ``BITS`` of them."""

RATE = 30
FILM_SIZE = Size(208, 128)


@dataclass(frozen=True)
class Film:
    """How a film is made.

    Attributes:
        stamps: when each frame begins, in ticks of ``time_base``; at a constant rate where empty.
        rotation: degrees, counter-clockwise, by which the container asks to turn what is stored.
        aspect: how many times as wide as high the stored pixels are.
    """

    name: str = "film.mp4"
    codec: str = "libx264"
    count: int = 60
    size: Size = FILM_SIZE
    stamps: Sequence[int] = ()
    time_base: Fraction = Fraction(1, 90_000)
    rotation: int = 0
    aspect: Fraction | None = None
    b_frames: int = 2
    key_every: int = 25
    pixels: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)


QUICK: Mapping[str, Mapping[str, str]] = {
    "libx264": {"preset": "veryfast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "10", "crf": "5", "svtav1-params": "keyint=25"},
}
"""Options that make each encoder quick and quiet."""


def make_film(folder: Path, film: Film | None = None) -> Path:
    """Write a film and return its path."""
    film = film or Film()
    av.logging.set_level(None)
    path = folder / film.name
    with av.open(str(path), "w", container_options=dict(film.container_options)) as container:
        stream = container.add_stream(film.codec, rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = film.size
        stream.pix_fmt = film.pixels
        stream.options = {**QUICK.get(film.codec, {}), **film.options}
        stream.codec_context.gop_size = film.key_every
        if film.b_frames:
            stream.codec_context.max_b_frames = film.b_frames
        # Neither AVI nor MPEG-4 have times that are finer.
        is_coarse = film.codec == "mpeg4" or film.name.endswith(".avi")
        stream.codec_context.time_base = Fraction(1, RATE) if is_coarse else film.time_base
        if film.aspect is not None:
            stream.codec_context.sample_aspect_ratio = film.aspect
        if film.rotation:
            stream.set_display_rotation(film.rotation)
        for number, stamp in enumerate(stamps_of(film)):
            frame = av.VideoFrame.from_ndarray(drawn(number, film), "rgb24")
            frame.pts, frame.time_base = stamp, film.time_base
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def stamps_of(film: Film) -> Sequence[int]:
    """Return when each frame begins, in ticks."""
    tick = Fraction(1, RATE) / film.time_base
    return film.stamps or [round(number * tick) for number in range(film.count)]


def times_of(film: Film) -> list[float]:
    """Return when each frame begins, in seconds since the first."""
    stamps = stamps_of(film)
    return [float((stamp - stamps[0]) * film.time_base) for stamp in stamps]


def drawn(number: int, film: Film) -> Pixels:
    """Return one frame as it is stored: the clock at the top left of the upright one, below it a square that moves."""
    turns = film.rotation // 90 % 4
    width, height = film.size[::-1] if turns % 2 else film.size
    pixels = np.full((height, width, 3), 60, np.uint8)
    for bit in range(BITS):
        pixels[:BAR, bit * BAR : (bit + 1) * BAR] = 235 if number >> bit & 1 else 20
    left = number * 3 % (width - BAR)
    pixels[2 * BAR : 3 * BAR, left : left + BAR] = (200, 40, 40)
    return np.ascontiguousarray(np.rot90(pixels, -turns))


def clock(raster: Raster, scale: float = 1.0, down: float | None = None) -> int:
    """Return the number of the frame that an upright raster shows, which was made ``scale`` times as large.

    Args:
        raster: the frame.
        scale: how many times as large; as wide where ``down`` is given.
        down: how many times as high.
    """
    pixels = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)
    row, bar = int(BAR * (scale if down is None else down) / 2), BAR * scale
    return sum(1 << bit for bit in range(BITS) if pixels[row, int((bit + 0.5) * bar), 1] > 128)


def make_sound(path: Path) -> None:
    """Write a file that holds nothing but half a second of silence."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        assert isinstance(stream, AudioStream)
        for start in range(0, 24_000, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            frame.sample_rate, frame.pts = 48_000, start
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def repeat(path: Path, target: Path, times: int) -> None:
    """Write the film ``path`` ``times`` over, its packets copied."""
    with av.open(str(target), "w") as container, av.open(str(path)) as source:
        taken = source.streams.video[0]
        stream = container.add_stream_from_template(taken)
        for part in range(times):
            shift = part * (taken.duration or 0)
            source.seek(0, stream=taken)
            for packet in source.demux(taken):
                if packet.dts is not None and packet.pts is not None:
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    container.mux(packet)
