"""``FilmPlan``: what of a film would be sent, and how: its file, frames of it, its address; and what that takes.

By the makers' table of ways (``qwen-api.md`` 6), the service's room and what is set for the request. Pure: nothing of
the film is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.sampling import Sampling, sampled_count
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.limits import Finding, Remedy, VideoFacts
from qwvis_desktop.core.request.option_rules import part_of_film
from qwvis_desktop.core.request.tokens import DEFAULT_FPS, film_tokens, frame_rule

SLOWEST, FASTEST = 0.1, 10.0
"""Frames a second that services take (``qwen-api.md`` 2.3)."""

MOST_FRAMES = {FilmWay.FRAMES: 512, FilmWay.PICTURES: 64}
"""Frames that are taken out of a film here unless more are asked for: what a request and a local server stand."""

_MARK_TOKENS = 8
"""About how many tokens the time before a frame takes: ``<12.5 seconds>``."""

_WHOLE = 0.05
"""Seconds that may be missing at the ends of a part for it still to be the whole film."""

_FILM_FILES = frozenset(
    {
        "video/mp4",
        "video/x-msvideo",
        "video/avi",
        "video/x-matroska",
        "video/quicktime",
        "video/x-flv",
        "video/x-ms-wmv",
    }
)
"""Files that the services read (5.1)."""


@dataclass(frozen=True, slots=True)
class FilmRoom:
    """What a service takes of films.

    Attributes:
        title: what it is called.
        file_bytes: the largest file that it is given; 0 where it takes none.
        frames: whether it takes a list of frames.
        links: whether it fetches a film from its address.
        longest_side: pixels above which it makes pictures smaller; 0 where it does not.
    """

    title: str
    file_bytes: int = 100_000_000
    frames: bool = True
    links: bool = True
    longest_side: int = 0


MAKERS_ROOM = FilmRoom("The service")
"""What the makers' own service takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFacts:
    """What is known of a film before it is read.

    Attributes:
        seconds: its length.
        rate: frames a second, on average; ``frames``: how many there are, about.
        byte_count: of its file.
        link: its address, where it has one.
        size: of its frames as they are shown; ``file_size``: as its file holds them, where that is another. Services
            that are given the file look at the stored pixels, square or not.
    """

    name: str
    size: Size
    seconds: float
    rate: float
    frames: int
    mime: str = "video/mp4"
    byte_count: int = 0
    link: str = ""
    file_size: Size | None = None

    def seen_size(self, way: FilmWay) -> Size:
        """Return the size of the frames that are sent this way."""
        return self.file_size or self.size if way in (FilmWay.FILE, FilmWay.URL) else self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmPlan:
    """What would be sent of a film.

    Attributes:
        way: how.
        start, end: the part of it, in seconds.
        fps: frames a second.
        most: frames at most.
        frames: how many frames the model sees, about.
        size: of each, as it sees them.
        tokens: what they take.
        byte_count: of the file; 0 where frames or an address are sent.
        file_room: the largest file that may go.
        frame_pixels, total_pixels, max_frames: as set for the request; None where they are not.
    """

    way: FilmWay
    start: float
    end: float
    fps: float
    most: int
    frames: int
    size: Size
    tokens: int
    byte_count: int = 0
    frame_pixels: int | None = None
    total_pixels: int | None = None
    max_frames: int | None = None
    file_room: int = 0

    @property
    def seconds(self) -> float:
        """How long the part is."""
        return self.end - self.start

    @property
    def is_part(self) -> bool:
        """Whether the model counts time from where the part begins, and sees nothing else."""
        return self.way not in (FilmWay.FILE, FilmWay.URL)

    @property
    def samples_here(self) -> bool:
        """Whether frames are taken out of the film by this program."""
        return self.way in (FilmWay.FRAMES, FilmWay.PICTURES)


def plan_film(film: FilmFacts, model: ModelSpec, options: Attributes, room: FilmRoom) -> FilmPlan:
    """Return what would be sent of ``film``; options that cannot be used (``option_issues`` says so) count as not set.

    Raises:
        ValueError: the model takes no films, or the film's sides are ones that the services refuse.
    """
    if model.video is None:
        raise ValueError(f"{model.id} takes no films")
    start, end = part_sent(film, options)
    shortest, longest = model.video.seconds
    # The makers' services take no files that are shorter or longer; frames of them they do.
    is_taken = shortest <= film.seconds <= longest or not room.frames
    way = _way(film, options, room, whole=is_whole(film, start, end) and is_taken)
    if way in (FilmWay.FILE, FilmWay.URL):
        start, end = 0.0, film.seconds  # it is seen whole, and paid for
    fps = _number(options, "fps", SLOWEST, FASTEST) or DEFAULT_FPS
    asked = _whole_number(options, "max_frames", 4)
    frame_pixels, total_pixels = (_whole_number(options, name, 1) for name in ("frame_pixels", "total_pixels"))
    most = min(asked or MOST_FRAMES.get(way, model.video.frames[1]), model.video.frames[1])
    available = max(1, round(film.frames * (end - start) / film.seconds))
    # Fewer than four frames are made four, by the last one once more.
    count = max(4, sampled_count(end - start, available, Sampling(fps=fps, max_frames=most)))
    rule = frame_rule(model, count, frame_pixels=frame_pixels, total_pixels=total_pixels)
    if way is FilmWay.PICTURES and room.longest_side:
        rule = rule.within(film.size, room.longest_side)
    seen = film.seen_size(way)
    tokens = film_tokens(rule, seen, count)
    if way is FilmWay.PICTURES:
        tokens = count * (rule.tokens(film.size) + _MARK_TOKENS)
    return FilmPlan(
        way=way,
        start=start,
        end=end,
        fps=fps,
        most=most,
        frames=count,
        size=rule.resized(seen),
        tokens=tokens,
        byte_count=film.byte_count if way is FilmWay.FILE else 0,
        frame_pixels=frame_pixels,
        total_pixels=total_pixels,
        max_frames=asked,
        file_room=room.file_bytes,
    )


def part_sent(film: FilmFacts, options: Attributes) -> tuple[float, float]:
    """Return from when to when ``film`` is sent, in seconds; the whole of it where the part lies outside."""
    start, end = part_of_film(options) or (0.0, film.seconds)
    return (start, min(end, film.seconds)) if start < film.seconds else (0.0, film.seconds)


def is_whole(film: FilmFacts, start: float, end: float) -> bool:
    """Say whether a part of ``film`` is all of it."""
    return start <= _WHOLE and end >= film.seconds - _WHOLE


def _way(film: FilmFacts, options: Attributes, room: FilmRoom, *, whole: bool) -> FilmWay:
    """Return how a film goes; ``whole``: all of it is to be sent, and a file of that length is taken."""
    asked = options.get("send")
    if isinstance(asked, str) and asked in set(FilmWay):
        return FilmWay(asked)
    if whole and film.mime in _FILM_FILES and 0 < film.byte_count <= room.file_bytes:
        return FilmWay.FILE
    if whole and film.link and room.links and room.file_bytes:
        return FilmWay.URL
    if room.frames:
        return FilmWay.FRAMES
    return FilmWay.CLIP if room.file_bytes else FilmWay.PICTURES


def _number(options: Attributes, name: str, low: float, high: float) -> float | None:
    value = options.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        return None
    return float(value)


def _whole_number(options: Attributes, name: str, low: int) -> int | None:
    value = options.get(name)
    return value if type(value) is int and value >= low else None


def film_findings(
    film: FilmFacts, plan: FilmPlan | None, model: ModelSpec, options: Attributes, room: FilmRoom
) -> Iterator[Finding]:
    """Yield what of the plan for ``film`` a service would not take, and what mends it.

    What of it counts as large or long is told by ``limits.findings``, given ``video_facts``.
    """
    if model.video is None:
        return  # said by ``findings``
    if plan is None:
        text = f'"{film.name}" has frames of {film.size.width} x {film.size.height} pixels, which no service takes.'
        yield Finding("video-size", text)
        return
    yield from _part_findings(film, plan, options, _instead(room))
    if plan.way is FilmWay.URL and not film.link:
        text = f'"{film.name}" has no address from which the service could fetch it.'
        yield Finding("video-way", text, Remedy("Send As Fits Best", options={"send": None}))
    if not _takes(plan.way, room):
        what = "lists of frames" if plan.way is FilmWay.FRAMES else "films"
        text = f"{room.title} takes no {what}. Send frames as single pictures, each after its time."
        yield Finding("video-way", text, _instead(room))
    elif plan.way is FilmWay.FILE and film.mime not in _FILM_FILES:
        kind = film.mime.partition("/")[2].removeprefix("x-")
        text = f'"{film.name}" is of the kind {kind}, which the services do not read as a file.'
        yield Finding("video-format", text, _instead(room))


def _part_findings(film: FilmFacts, plan: FilmPlan, options: Attributes, instead: Remedy) -> Iterator[Finding]:
    part = part_of_film(options)
    if part is None:
        return
    if part[0] >= film.seconds:
        text = f'The part begins at {part[0]:g} s, and "{film.name}" lasts {film.seconds:g} s.'
        yield Finding("video-part", text, Remedy("Send All of It", options={"range": None}))
    elif plan.way in (FilmWay.FILE, FilmWay.URL) and not is_whole(film, *part_sent(film, options)):
        how = "A file" if plan.way is FilmWay.FILE else "A film at an address"
        yield Finding("video-part", f"{how} is seen whole by the model. Send a part of it as frames.", instead)


def _takes(way: FilmWay, room: FilmRoom) -> bool:
    return {
        FilmWay.FILE: room.file_bytes > 0,
        FilmWay.CLIP: room.file_bytes > 0,
        FilmWay.URL: room.file_bytes > 0 and room.links,
        FilmWay.FRAMES: room.frames,
    }.get(way, True)


def _instead(room: FilmRoom) -> Remedy:
    """Return what mends a film that cannot go as a file."""
    if room.frames:
        return Remedy("Send Frames Instead", options={"send": FilmWay.FRAMES.value})
    return Remedy("Send Pictures Instead", options={"send": FilmWay.PICTURES.value})


def _smaller(room: FilmRoom) -> Remedy:
    """Return what mends a film whose file is too large."""
    encode = Remedy("Send It Re-Encoded", options={"send": FilmWay.CLIP.value})
    return encode if room.file_bytes else _instead(room)


def video_facts(film: FilmFacts, plan: FilmPlan | None, room: FilmRoom) -> VideoFacts:
    """Return what ``limits.findings`` is to know of a film."""
    if plan is None:
        return VideoFacts(film.name)
    goes_whole = not plan.samples_here
    return VideoFacts(
        film.name,
        seconds=plan.seconds if goes_whole else None,
        byte_count=film.byte_count if plan.way in (FilmWay.FILE, FilmWay.URL) else 0,
        frames=plan.frames if plan.way is FilmWay.FRAMES else None,
        way="url" if plan.way is FilmWay.URL else "upload",
        most_bytes=room.file_bytes if plan.way is FilmWay.FILE else 0,
        tokens=plan.tokens,
        seen=plan.frames,
        start=plan.start,
        instead=_instead(room),
        smaller=_smaller(room),
    )
