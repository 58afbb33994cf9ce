"""``FilmWriter``: frames into an MP4, each at its own time. Loads PyAV; import it where a film is written.

H.264 is written where the installed FFmpeg has an encoder for it (PyAV's wheels have x264), else MPEG-4 Part 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import av.codec
import av.error
import numpy as np
from av.packet import Packet
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_stream import BT601, BT709, HD_HEIGHT, LIMITED_RANGE, silence, telling
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pixels import Raster

TICK = Fraction(1, 90_000)
"""The time base of what is written: the usual rates and milliseconds are whole numbers of it."""

_SLOWEST = Fraction(1, 1000)
"""Frames a second that an encoder is told at least: it only plans by them, as each frame has its own time."""

_ENCODERS = ("libx264", "libopenh264", "mpeg4")
"""What H.264 and, where there is none, MPEG-4 is encoded with, the best first."""

_GOOD = {"libx264": {"preset": "veryfast", "crf": "20"}, "mpeg4": {"qscale": "4"}}
_TO_A_RATE = {"libx264": {"preset": "medium"}}
"""Options of encoders where the quality is given, and where the bits a second are."""


def encoder() -> str:
    """Return the name of the encoder that films are written with.

    Raises:
        MediaError: the installed FFmpeg has none of them.
    """
    name = next((name for name in _ENCODERS if name in av.codec.codecs_available), None)
    if name is None:
        raise MediaError(
            "Films cannot be written here: the installed FFmpeg has no encoder for MP4. "
            'Type: pip install --force-reinstall "qwvis-desktop[video]"'
        )
    return name


def encoding() -> AbstractContextManager[None]:
    """Make a sentence of what an encoder cannot do."""
    return telling(
        lambda error: (
            f"The encoder of this machine's FFmpeg does not take this film ({error}). Send or save frames of it, or a "
            "shorter part."
        )
    )


class FilmWriter:
    """Writes one film; closed at the end (``with``), which completes it.

    Args:
        path: the file.
        size: of the frames; an odd side gets one more row or column of what is at its edge, as the codecs want.
        rate: frames a second, about; each frame has its own time.
        bit_rate: bits a second; None for good quality, whatever it takes.
        key_every: frames from one key frame to the next at most.

    Raises:
        MediaError: there is no encoder.
        OSError: the file cannot be written.
    """

    def __init__(
        self, path: Path, size: Size, rate: float, *, bit_rate: int | None = None, key_every: int | None = None
    ) -> None:
        silence()
        name = encoder()
        self._size = Size(size.width + size.width % 2, size.height + size.height % 2)
        self._matrix = BT709 if size.height >= HD_HEIGHT else BT601
        self._last = -1
        self._durations: dict[int, int] = {}
        self._container = av.open(f"file:{path}", "w", format="mp4", container_options={"movflags": "faststart"})
        stream = self._container.add_stream(name, rate=max(_SLOWEST, Fraction(rate).limit_denominator(1001)))
        if not isinstance(stream, VideoStream):
            raise TypeError(f"{name} encodes no moving picture")
        self._stream = stream
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.options = dict((_GOOD if bit_rate is None else _TO_A_RATE).get(name, {}))
        context = stream.codec_context
        # MPEG-4 counts at most 65,535 ticks a second.
        context.time_base = TICK if name != "mpeg4" else Fraction(1, 30_000)
        context.colorspace, context.color_range = self._matrix, LIMITED_RANGE
        context.gop_size = key_every or max(1, round(2 * rate))
        if bit_rate is not None:
            context.bit_rate = bit_rate
            stream.options |= {"maxrate": str(bit_rate * 2), "bufsize": str(bit_rate * 4)}
        self._reformatter = VideoReformatter()

    def __enter__(self) -> FilmWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with encoding():
                    self._mux(self._stream.encode())
        finally:
            self._container.close()

    def add(self, raster: Raster, time: float, duration: float = 0.0) -> None:
        """Write one frame, which shows from ``time`` (in seconds, later than that of the one before) on.

        Raises:
            OSError: the file cannot be written.
        """
        tick = self._stream.codec_context.time_base or TICK
        frame = av.VideoFrame.from_ndarray(_even(raster), "bgra")
        converted = self._reformatter.reformat(
            frame,
            *self._size,
            format="yuv420p",
            src_colorspace=self._matrix,
            dst_colorspace=self._matrix,
            interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND,
            dst_color_range=LIMITED_RANGE,
        )
        self._last = max(self._last + 1, round(time / tick))
        converted.pts, converted.time_base = self._last, tick
        if duration > 0:
            self._durations[self._last] = max(1, round((time + duration) / tick) - self._last)
        converted.colorspace, converted.color_range = self._matrix, LIMITED_RANGE
        with encoding():
            self._mux(self._stream.encode(converted))

    def _mux(self, packets: Iterable[Packet[VideoStream]]) -> None:
        """Write packets; encoders do not pass on how long a frame shows, which matters for the last one."""
        for packet in packets:
            packet.duration = self._durations.pop(packet.pts or 0, packet.duration)
            self._container.mux(packet)


def _even(raster: Raster) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Return the pixels, an odd side made even by repeating what is at its edge."""
    width, height = raster.size
    pixels = np.frombuffer(raster.data, np.uint8).reshape(height, width, 4)
    if width % 2 or height % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return pixels
