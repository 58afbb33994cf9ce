"""ActivityNet JSON: the events of films by their names, as trainers and evaluations of temporal detection read it.

Written as the data set has it (``database``, version 1.3); a score stands beside the label where there is one. Read
are that, the form of results (``results``) and the one of captions (``timestamps`` beside ``sentences``).
Source: activity-net.org, "Download" and the evaluation code's README.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from qwvis_desktop.core.annotation import Annotation, JsonValue, VideoEvent
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.cues import events_of, in_order
from qwvis_desktop.core.dataset import Dataset, FilmLabels, Holds, LabelledPicture, PictureLabels, only_of_films
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_labels import film_of
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, json_object, number, numbers, read_each, words
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.plane.outlines import category_of, label_of

_HOLDS = Holds(kinds=frozenset({"event"}), scores=True)


def dump(dataset: Dataset) -> bytes:
    """Return the films with their events, the earliest first, UTF-8."""
    films: dict[str, JsonValue] = {film.stem: _film(film) for film in dataset}
    value: JsonValue = {"version": "VERSION 1.3", "taxonomy": [], "database": films}
    return (json_text(value, indent=1) + "\n").encode()


def _film(film: LabelledPicture) -> JsonValue:
    size = film.document.size
    return {
        "duration": film_of(film.document).duration,
        "subset": "training",
        "resolution": f"{size.width}x{size.height}",
        "url": film.name,
        "annotations": [_event(event) for event in events_of(film.document.annotations.values())],
    }


def _event(event: VideoEvent) -> JsonValue:
    written: dict[str, JsonValue] = {"segment": [event.start, event.end], "label": category_of(event)}
    return written if event.score is None else {**written, "score": event.score}


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def is_activitynet(text: str) -> bool:
    """Say whether ``text`` looks like one of the three forms, without reading it all."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return False
    return ('"segment"' in text and ('"database"' in text or '"results"' in text)) or (
        '"timestamps"' in text and '"sentences"' in text
    )


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the films of a file with their events.

    Raises:
        LabelFileError: it is none, or damaged.
    """
    value = json_object(text.lstrip("\ufeff"), "ActivityNet")
    films = value.get("database", value.get("results", value))
    try:
        return tuple(
            PictureLabels(name, None, only_of_films, FilmLabels(partial(_labels, _entries(film))))
            for name, film in films.items()
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LabelFileError(
            f"This ActivityNet file is damaged: {error!r}. Save it again, or copy it whole."
        ) from error


def _entries(film: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401 - JSON, checked here
    """Return the events of a film as objects with ``segment`` and ``label``, whichever form they have."""
    if isinstance(film, list):
        return film
    if "timestamps" not in film:
        return list(film["annotations"])
    pairs = zip(film["timestamps"], film["sentences"], strict=True)
    return [{"segment": times, "label": sentence.strip()} for times, sentence in pairs]


def _labels(entries: Sequence[Mapping[str, Any]], _: VideoMedia) -> Labels:
    annotations, left_out = read_each(entries, _read)
    return Labels(annotations, None, left_out)


def _read(entry: Mapping[str, Any]) -> Annotation:
    if not isinstance(entry, dict):
        raise TypeError("an event should have a segment and a label")
    start, end = in_order(*numbers(entry["segment"], 2, "segment"))
    score = entry.get("score")
    return VideoEvent(
        label=label_of(words(entry["label"], "label")),
        score=None if score is None else number(score, "score"),
        start=start,
        end=end,
    )
