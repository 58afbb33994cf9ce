"""``ToneMap``: brings frames with a high dynamic range into sRGB. Loads PyAV, as ``film_stream`` does."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from av.filter import Graph
from av.video.frame import VideoFrame

from qwvis_desktop.core.media.film_tones import write_table

PLANES = "gbrp10le"
"""The form of the frames that are brought into sRGB: the fastest of those fine enough."""


class ToneMap:
    """Frames of one size and one transfer characteristic; those it gives have the form ``bgr0``.

    Args:
        frame: the first of them, in the form ``PLANES``.
        transfer: ``film_tones.PQ`` or ``film_tones.HLG``.
    """

    def __init__(self, frame: VideoFrame, transfer: int) -> None:
        self.fits = (frame.width, frame.height, transfer)
        self._graph = Graph()
        source = self._graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
        )
        table = self._graph.add("lut3d", file=str(_table(transfer)), interp="tetrahedral")
        form = self._graph.add("format", pix_fmts="bgr0")
        sink = self._graph.add("buffersink")
        for one, other in ((source, table), (table, form), (form, sink)):
            one.link_to(other)
        self._graph.configure()

    def mapped(self, frame: VideoFrame) -> VideoFrame:
        """Return a frame in sRGB."""
        self._graph.push(frame)
        mapped = self._graph.pull()
        assert isinstance(mapped, VideoFrame)
        return mapped


@cache
def _folder() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory(prefix="qwvis-")
    atexit.register(folder.cleanup)
    return folder


@cache
def _table(transfer: int) -> Path:
    """Return the file with the table, which is made once; it goes when the program ends."""
    path = Path(_folder().name) / f"{transfer}.cube"
    write_table(path, transfer)
    return path
