"""``FilmFrame``: one frame of a film; and what brings frames, whatever the film is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.pixels import Raster


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One frame of a film.

    Attributes:
        time: when it begins, in seconds since the first frame.
        duration: how long it shows, in seconds.
        raster: its pixels, upright.
    """

    time: float
    duration: float
    raster: Raster


class Frames(Protocol):
    """What brings the frames of one film; used by one thread at a time.

    Attributes:
        is_wanted: asked on the way to a frame that takes long; where it says no, ``NotWanted`` is raised.
        draft: where frames are seen for a moment only, as the film plays, the size at which they are shown; they may
            come so, and soon rather than exactly. None: exactly.
    """

    is_wanted: Callable[[], bool]
    draft: Size | None

    def at(self, time: float) -> FilmFrame | None:
        """Return the frame that shows at ``time``, the first or the last one outside; None where it is damaged."""

    def near(self, time: float) -> FilmFrame | None:
        """Return one near ``time`` that is decoded soonest; None where it is damaged."""

    def following(self) -> FilmFrame | None:
        """Return the frame after the one that came last; None after the last one."""

    def decode_ahead(self) -> bool:
        """Make ready what may be asked for next, while nobody waits; say whether it is worth to go on so."""

    def ahead(self) -> Raster | None:
        """Return the next frame, where it is ready."""

    def close(self) -> None:
        """Close the film's files."""
