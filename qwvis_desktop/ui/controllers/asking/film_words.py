"""What was sent of a film, in words for people."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.ui.translation import translatable

MANY = 16
"""Times that are told one by one; of more, the first and the last few."""

_WAYS = {
    FilmWay.FILE: translatable("FilmWords", "The film's file as it is, {size} kB, metadata and all."),
    FilmWay.CLIP: translatable("FilmWords", "A part of the film, encoded anew, {size} kB."),
    FilmWay.FRAMES: translatable("FilmWords", "Frames of the film as a list, {size} kB, without metadata."),
    FilmWay.PICTURES: translatable(
        "FilmWords", "Frames of the film, each after its time, {size} kB, without metadata."
    ),
    FilmWay.URL: translatable("FilmWords", "The film's address, from which the service fetches it."),
}


def film_words(film: FilmSent) -> tuple[str, ...]:
    """Say how a film goes, which part of it, and which frames the model sees."""
    size = f"{film.byte_count / 1000:,.0f}"
    part = _tr("From {start} to {end} s of {duration} s.")
    seen = _tr("The model sees {count} frames of {width} x {height} pixels, at {times} s.")
    values = {
        "start": f"{film.start:g}",
        "end": f"{film.end:g}",
        "duration": f"{film.duration:g}",
        "count": f"{len(film.times):,}",
        "width": f"{film.size.width:,}",
        "height": f"{film.size.height:,}",
        "times": _listed(film.times),
    }
    for name, value in values.items():
        part, seen = part.replace("{" + name + "}", value), seen.replace("{" + name + "}", value)
    return _tr(_WAYS[film.way]).replace("{size}", size), part, seen


def _listed(times: Sequence[float]) -> str:
    words = [f"{time:.3f}".rstrip("0").rstrip(".") for time in times]
    return ", ".join(words if len(words) <= MANY else [*words[: MANY // 2], "...", *words[-MANY // 2 :]])


def _tr(text: str) -> str:
    return QCoreApplication.translate("FilmWords", text)
