"""The moving picture in a film's file, opened by PyAV: its packets, its frames, and frames as rasters.

This module and those that import it load PyAV; import them where a film is at hand, and not before.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TypeAlias

import av
import av.error
import av.logging
from av.container import InputContainer
from av.packet import Packet
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_packets import spare_rule
from qwvis_desktop.core.media.film_tone_map import PLANES, ToneMap
from qwvis_desktop.core.media.film_tone_table import FORM, ToneTable
from qwvis_desktop.core.media.film_tones import HLG, PQ
from qwvis_desktop.core.media.film_upright import Rows, rows_of, upright
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pixels import Raster

Film: TypeAlias = "Packet[VideoStream]"

MAX_PIXELS = 67_108_864
"""The most pixels of a frame: 8K has 33 million, and each frame in memory takes four bytes a pixel."""

_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,asf,mpegts,mpeg,mpegvideo,ogg,h264,hevc,ivf,obu,m4v,mxf,nut,dv"
)
"""FFmpeg's names of the containers that are read: none that leads to other files or addresses, as playlists do."""

HD_HEIGHT = 720
"""Frames at least this high that do not say how their colours are coded are taken for ITU-R BT.709, as players do."""

_DECODED_BEFORE = 10
"""Seconds by which a frame is decoded before it is shown at most."""

BT601, BT709, _UNSAID = 5, 1, 2
LIMITED_RANGE, _FULL_RANGE = 1, 2
_QUALITY = Interpolation.LANCZOS | Interpolation.ACCURATE_RND
_AS_IS = Interpolation.BILINEAR  # with more exact rounding, or colours between pixels, a tenth as fast


@cache
def silence() -> None:
    """Keep FFmpeg from writing to the terminal: what matters comes as an error."""
    av.logging.set_level(None)


class FilmStream:
    """The moving picture of one open file; used by one thread at a time, and closed by ``close``.

    Attributes:
        origin: stamp of the first frame, from which times count; 0 until it is known.

    Args:
        path: the file.
        name: what people call it.
        threads: whether several frames may be decoded at once: more a second, but the first comes later.

    Raises:
        MediaError: it cannot be opened, or holds no moving picture.
    """

    def __init__(self, path: Path, name: str, *, threads: bool = True, origin: int = 0) -> None:
        silence()
        self.name = name
        self.origin = origin
        self._container = _opened(path, name)
        try:
            self.stream = _picture_of(self._container, name)
            self.stream.thread_type = "AUTO" if threads else "SLICE"
            # Before anything is skipped: some decoders keep to what they are told at first.
            _begin_decoding(self.stream, name)
        except BaseException:
            self._container.close()
            raise
        self.time_base = self.stream.time_base or Fraction(1, 1000)
        self._is_spare = spare_rule(self.stream.codec_context.name, self.stream.codec_context.extradata or b"")
        self._reformatter = VideoReformatter()
        self._tone_map: ToneMap | None = None
        self._tone_table: ToneTable | None = None

    def _damage(self, error: Exception) -> str:
        return (
            f'A part of "{self.name}" cannot be read ({error}): it is damaged, or made in a way that is not known '
            "here. Save it as MP4 (H.264) and open that."
        )

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    @property
    def container_name(self) -> str:
        """FFmpeg's name of the container."""
        return self._container.format.name

    @property
    def duration(self) -> float | None:
        """What the header says of the length, in seconds; None where it says nothing."""
        if self.stream.duration:
            return float(self.stream.duration * self.time_base)
        return self._container.duration / av.time_base if self._container.duration else None

    @property
    def pixel_aspect(self) -> Fraction | None:
        """How many times as wide as high the pixels are, as container or encoding say; None where neither does."""
        return self.stream.sample_aspect_ratio or None

    def time_of(self, stamp: int) -> float:
        """Return the seconds since the first frame of a stamp."""
        return float((stamp - self.origin) * self.time_base)

    def stamp_at(self, time: float) -> int:
        """Return the last stamp at or before ``time``, in seconds since the first frame."""
        return self.origin + math.floor(time / self.time_base)

    def seek(self, stamp: int) -> None:
        """Go to the last key frame at or before ``stamp``, or to the beginning where there is none."""
        if stamp <= self.origin and self.container_name.startswith("mpeg"):
            # Sought in by the time of decoding, which of the first frame is before that of showing it.
            stamp = self._beginning() - math.ceil(_DECODED_BEFORE / self.time_base)
        try:
            self._container.seek(stamp, stream=self.stream, backward=True)
        except av.error.FFmpegError:
            with telling(self._damage):
                self._container.seek(self._beginning(), stream=self.stream, backward=True, any_frame=False)

    def key_stamp_before(self, stamp: int) -> int | None:
        """Return when the last key frame up to ``stamp`` is decoded; None where only seeking there would tell."""
        if not self.container_name.startswith("mov"):
            return None
        entries = self.stream.index_entries
        place = entries.search_timestamp(stamp)
        return entries[place].timestamp if place >= 0 else None

    def _beginning(self) -> int:
        return min(self.origin, self.stream.start_time or 0)

    def is_miscounted(self, packet: Film) -> bool:
        """Say whether a packet's stamp is that of another frame.

        AVI has no times but the order of decoding; where frames are shown in another one, only counting tells.
        """
        return self.container_name == "avi" and packet.pts != packet.dts

    def packets(self) -> Iterator[Film]:
        """Yield the packets from here on; a place that cannot be read is taken for the end."""
        try:
            for packet in self._container.demux(self.stream):
                if packet.size:  # an empty one stands for the end; ``drain`` does what it would
                    yield packet
        except (av.error.FFmpegError, IndexError) as error:  # the latter where a stream begins that was not announced
            if isinstance(error, MemoryError):
                raise

    def decode(self, packet: Film, *, wanted: bool = True) -> list[VideoFrame]:
        """Return what a packet brings out of the decoder, which may be frames of packets before.

        Args:
            packet: the next one.
            wanted: False for a frame that is not to be seen: it is only decoded where others need it.
        """
        if not wanted and self._is_spare(memoryview(packet)):
            return []
        self.stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
        return _decoded(packet.decode)

    def drain(self) -> list[VideoFrame]:
        """Return what the decoder still holds; ``seek`` makes it ready for more."""
        self.stream.codec_context.skip_frame = "DEFAULT"
        return _decoded(lambda: self.stream.codec_context.decode(None))

    def raster(
        self,
        frame: VideoFrame,
        orientation: Orientation,
        size: Size | None = None,
        *,
        is_shape: bool = False,
        is_draft: bool = False,
    ) -> Raster:
        """Return a frame upright, sRGB, 8 bit.

        Args:
            frame: as it came out of the decoder.
            orientation: what brings it upright.
            size: to which it is scaled by Lanczos; counts upright. As it is stored where None.
            is_shape: ``size`` only makes its pixels square: each frame of a film that plays is scaled so, and soon.
            is_draft: it is seen for a moment, while the film plays: soon rather than exactly.
        """
        stored = Size(frame.width, frame.height)
        wanted = stored if size is None else orientation.upright_size(size)
        has_light = is_wide(frame)
        if has_light and is_draft and not frame.format.is_rgb:
            return upright(self._tones_looked_up(frame, wanted), orientation)
        with telling(self._damage):
            converted = self._reformatter.reformat(
                frame,
                width=wanted.width,
                height=wanted.height,
                format=PLANES if has_light else "bgr0",
                src_colorspace=_colour_matrix(frame),
                dst_colorspace=BT709,
                interpolation=_AS_IS if is_shape or is_draft or wanted == stored else _QUALITY,
                src_color_range=frame.color_range,
                dst_color_range=_FULL_RANGE,
            )
            if has_light:
                converted = self._tone_mapped(converted, frame.color_trc)
        return upright(rows_of(converted, wanted), orientation)

    def _tones_looked_up(self, frame: VideoFrame, size: Size) -> Rows:
        """Return a frame with a high dynamic range in sRGB, of this size, as a table says that was made once."""
        matrix = _colour_matrix(frame)
        with telling(self._damage):
            if self._tone_table is None or self._tone_table.fits != (matrix, frame.color_range, frame.color_trc):
                self._tone_table = ToneTable(frame, matrix, full_range=_FULL_RANGE)
            scaled = self._reformatter.reformat(
                frame,
                width=size.width,
                height=size.height,
                format=FORM,
                interpolation=_AS_IS,
                src_color_range=frame.color_range,
                dst_color_range=frame.color_range,
            )
            return self._tone_table.mapped(scaled, size)

    def _tone_mapped(self, frame: VideoFrame, transfer: int) -> VideoFrame:
        """Return a frame with a high dynamic range in sRGB."""
        frame.pts, frame.time_base = None, self.time_base
        if self._tone_map is None or self._tone_map.fits != (frame.width, frame.height, transfer):
            self._tone_map = ToneMap(frame, transfer)
        return self._tone_map.mapped(frame)


@contextmanager
def telling(sentence: Callable[[Exception], str]) -> Iterator[None]:
    """Make a ``MediaError`` of what FFmpeg cannot do; ``sentence`` says it in words."""
    try:
        yield
    except (av.error.FFmpegError, ValueError) as error:
        if isinstance(error, OSError | MemoryError):
            raise
        raise MediaError(sentence(error)) from error


def _decoded(act: Callable[[], list[VideoFrame]]) -> list[VideoFrame]:
    """Return the frames that ``act`` brings; a damaged packet brings none, and what follows may be whole."""
    try:
        return [frame for frame in act() if frame.pts is not None]
    except av.error.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        return []


def orientation_of(frame: VideoFrame) -> Orientation:
    """Return how a frame is to be turned, from the matrix that the container gave it.

    Source: ISO/IEC 14496-12, 6.2.2: rows (a, b, u), (c, d, v), (x, y, w); a place (p, q) goes to (ap + cq, bp + dq).
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(matrix, SideData) or matrix.buffer_size < _MATRIX_BYTES:
        return Orientation.NORMAL
    a, b, _, c, d = struct.unpack_from("=5i", bytes(matrix))
    return _ORIENTATIONS.get((_sign(a), _sign(b), _sign(c), _sign(d)), Orientation.NORMAL)


_MATRIX_BYTES = 36

_ORIENTATIONS = {
    (1, 0, 0, 1): Orientation.NORMAL,
    (-1, 0, 0, 1): Orientation.MIRRORED,
    (-1, 0, 0, -1): Orientation.TURNED_180,
    (1, 0, 0, -1): Orientation.FLIPPED,
    (0, 1, 1, 0): Orientation.TRANSPOSED,
    (0, 1, -1, 0): Orientation.TURNED_RIGHT,
    (0, -1, -1, 0): Orientation.TRANSVERSED,
    (0, -1, 1, 0): Orientation.TURNED_LEFT,
}
"""Signs of a, b, c, d -> what brings the frame upright."""


def _sign(number: int) -> int:
    """Return the sign of a 16.16 number; 0 for less than a half, as of a turn that is not quite a quarter."""
    return (number > 0) - (number < 0) if abs(number) >= 1 << 15 else 0


def _opened(path: Path, name: str) -> InputContainer:
    options = {"protocol_whitelist": "file", "format_whitelist": _FORMATS}
    try:
        return av.open(f"file:{path}", options=options, metadata_errors="replace")
    except av.error.FFmpegError as error:
        if isinstance(error, OSError) and error.filename and not path.exists():
            raise FileNotFoundError from error
        if isinstance(error, PermissionError):
            raise
        raise MediaError(
            f'"{name}" cannot be read as a film: it is damaged, was cut off before what describes it, or is something '
            "else. Copy or download it again, or save it as MP4."
        ) from error


def _picture_of(container: InputContainer, name: str) -> VideoStream:
    """Return the first moving picture; the cover of a sound is none.

    Raises:
        MediaError: there is none, it cannot be decoded, or is far too large.
    """
    streams = [
        stream for stream in container.streams.video if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if not streams:
        kinds = {stream.type for stream in container.streams}
        what = "holds sound but no moving picture" if "audio" in kinds else "holds no moving picture"
        raise MediaError(f'"{name}" {what}. Open a film that has one.')
    stream = streams[0]
    context = stream.codec_context
    if context is None:
        raise _undecodable(name)
    if context.width * context.height > MAX_PIXELS:
        raise MediaError(
            f'"{name}" has frames of {context.width:,} x {context.height:,} pixels, more than the '
            f"{MAX_PIXELS // 10**6:,} megapixels that can be opened. Save a smaller copy and open that."
        )
    return stream


def _begin_decoding(stream: VideoStream, name: str) -> None:
    try:
        stream.codec_context.open(strict=False)
    except (av.error.FFmpegError, ValueError) as error:
        raise _undecodable(name) from error


def _undecodable(name: str) -> MediaError:
    return MediaError(
        f'"{name}" is encoded in a way that this program cannot decode. Save it as MP4 (H.264) and open that.'
    )


def is_wide(frame: VideoFrame) -> bool:
    """Say whether a frame has a high dynamic range: bringing one into sRGB takes long."""
    return frame.color_trc in (PQ, HLG)


def _colour_matrix(frame: VideoFrame) -> int:
    """Return how the colours of a frame are coded; guessed by its size where it does not say."""
    if frame.colorspace in (_UNSAID, 0):
        return BT709 if max(frame.height, frame.width * 9 // 16) >= HD_HEIGHT else BT601
    return frame.colorspace
