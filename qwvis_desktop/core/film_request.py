"""From a film and the plan for it to the parts of a request: its file, its address, or frames taken out of it.

Frames come by the makers' sampling rule, each exact, scaled to what the model sees and encoded as JPEG. A list of them
is told how far they lie apart; single pictures stand each after its time, as models know it (``qwen-api.md`` 5.3, 8).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.media.extraction import SENT, encoded, extract
from qwvis_desktop.core.media.film_encode import plan_recoding, recode, words
from qwvis_desktop.core.media.film_index import FilmIndex, film_index
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError, reading
from qwvis_desktop.core.media.pixels import NotWanted
from qwvis_desktop.core.media.sampling import Rounding, Sampling, Spread, padded, sampled_rate, sampled_times
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.providers.base import ImagePart, Part, TextPart, VideoFile, VideoPart
from qwvis_desktop.core.request.film_plan import FASTEST, SLOWEST, FilmFacts, FilmPlan, FilmRoom, plan_film

CLIP_BYTES = 7_000_000
"""What a film is made to take that is encoded anew: the largest file that goes as base64 (``qwen-api.md`` 6)."""


class Extracted(NamedTuple):
    """How far the frames are that are taken out of a film."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class PreparedFilm:
    """A film ready to be sent.

    Attributes:
        parts: of the request, in order, without the words that are asked.
        sent: what of it is sent.
        note: what was done otherwise than asked, in a sentence; empty where nothing was.
    """

    parts: tuple[Part, ...]
    sent: FilmSent
    note: str = ""

    def frame(self, media: VideoMedia) -> Frame:
        """Return what the model sees of each frame."""
        return Frame.whole(media.size, self.sent.size)


def film_facts(media: VideoMedia, link: str = "") -> FilmFacts:
    """Return what is known of a film; nothing is read for it."""
    return FilmFacts(
        name=media.name,
        size=media.size,
        seconds=max(media.duration, 1e-3),
        rate=media.rate,
        frames=media.counted or media.frames,
        mime=media.mime,
        byte_count=media.file_bytes,
        link=link,
        file_size=media.orientation.upright_size(media.stored),
    )


def plan_for(
    media: VideoMedia, model: ModelSpec, options: Attributes, room: FilmRoom, link: str = ""
) -> FilmPlan | None:
    """Return what would be sent of a film; None where the model takes none, or none with such sides."""
    try:
        return plan_film(film_facts(media, link), model, options, room)
    except ValueError:
        return None


def prepare_film(
    media: VideoMedia, plan: FilmPlan, *, link: str = "", is_wanted: Callable[[], bool] = lambda: True
) -> Generator[Extracted, None, PreparedFilm]:
    """Make the parts of a request, telling how far it is.

    Args:
        media: the film.
        plan: what is to be sent of it.
        link: its address.
        is_wanted: asked again and again.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: the film cannot be read, or has no address though that was to be sent.
    """
    if plan.way is FilmWay.CLIP:
        return (yield from _clip(media, plan, is_wanted))
    index = film_index(media, is_wanted)
    if plan.samples_here:
        return (yield from _frames(media, plan, index, is_wanted))
    sampling = Sampling(fps=_asked_rate(plan), max_frames=plan.most)
    times = sampled_times(index, sampling)
    source: VideoFile | str = link
    if plan.way is FilmWay.URL and not link:
        raise MediaError(f'"{media.name}" has no address that a service could fetch it from. Send frames of it.')
    if plan.way is FilmWay.FILE:
        with reading(media.name), media.open() as file:
            source = VideoFile(file.read(), media.mime)
    if not is_wanted():
        raise NotWanted
    size = len(source.data) if isinstance(source, VideoFile) else 0
    return PreparedFilm((_part(source, plan),), _sent(media, plan, times, byte_count=size), _shape_note(media))


def _shape_note(media: VideoMedia) -> str:
    """Say what is taken of a film whose pixels are not square, and which a service opens itself."""
    stored = media.orientation.upright_size(media.stored)
    if stored == media.size:
        return ""
    return (
        f'The pixels of "{media.name}" are not square. Whether services heed that is not documented: places are read '
        f"as if the model saw {stored.width} x {stored.height} pixels, as the file holds them. Sent as frames, it sees "
        f"{media.size.width} x {media.size.height}."
    )


def _part(source: VideoFile | str, plan: FilmPlan) -> VideoPart:
    return VideoPart(
        source=source,
        fps=_asked_rate(plan),
        max_frames=plan.max_frames,
        max_pixels=plan.frame_pixels,
        total_pixels=plan.total_pixels,
    )


def _clip(media: VideoMedia, plan: FilmPlan, is_wanted: Callable[[], bool]) -> Generator[Extracted, None, PreparedFilm]:
    """Make a smaller file of the film or a part of it: of one that goes as base64, else of what the service takes."""
    try:
        recoding = plan_recoding(media, min(CLIP_BYTES, plan.file_room), plan.start, plan.end)
    except MediaError:
        recoding = plan_recoding(media, plan.file_room, plan.start, plan.end)
    count = max(1, round(recoding.rate * recoding.seconds))
    with TemporaryDirectory(prefix="qwvis-") as folder:
        path = Path(folder) / "clip.mp4"
        with closing(recode(media, recoding, path)) as steps:
            for share in steps:
                if not is_wanted():
                    raise NotWanted
                yield Extracted(round(share * count), count)
        data, index = path.read_bytes(), film_index(open_video(path))
    own = sampled_times(index, Sampling(fps=_asked_rate(plan), max_frames=plan.most))
    times = tuple(plan.start + time for time in own)
    film = _sent(media, plan, times, byte_count=len(data))
    return PreparedFilm((_part(VideoFile(data, "video/mp4"), plan),), film, words(media, recoding))


def _asked_rate(plan: FilmPlan) -> float:
    """Return the frames a second to ask for, such that no more frames are taken than are wanted.

    The service's compatible interface knows no most of frames (``qwen-api.md`` 2.3).
    """
    if plan.max_frames is None:
        return plan.fps
    return round(max(SLOWEST, min(plan.fps, plan.max_frames / plan.seconds)), 4)


def _sent(media: VideoMedia, plan: FilmPlan, times: tuple[float, ...], *, byte_count: int) -> FilmSent:
    return FilmSent(
        way=plan.way,
        duration=media.duration,
        start=plan.start if plan.is_part else 0.0,
        end=plan.end if plan.is_part else media.duration,
        fps=_asked_rate(plan),
        times=times,
        size=plan.size,
        byte_count=byte_count,
    )


def _frames(
    media: VideoMedia, plan: FilmPlan, index: FilmIndex, is_wanted: Callable[[], bool]
) -> Generator[Extracted, None, PreparedFilm]:
    sampling = Sampling(
        fps=plan.fps, max_frames=plan.most, start=plan.start, end=_last_start(plan), spread=Spread.TIMES
    )
    times = sampled_times(index, sampling)
    if len(times) < sampling.min_frames:
        # Of a part with three frames all three are seen, though two would be an even number.
        times = sampled_times(index, replace(sampling, rounding=Rounding.WHOLE))
    times = padded(times) if plan.way is FilmWay.FRAMES else times
    images: list[ImagePart] = []
    for _, data in encoded(extract(media, times, plan.size, is_wanted)):
        images.append(ImagePart(data, SENT.mime, plan.size.width, plan.size.height))
        yield Extracted(len(images), len(times))
    sent = _sent(media, plan, times, byte_count=sum(len(image.data) for image in images))
    if plan.way is FilmWay.PICTURES:
        return PreparedFilm(tuple(_marked(images, times, plan.start)), sent, _note(plan, len(times)))
    # The last one may stand there twice: it lies no further apart than the others.
    rate = round(min(FASTEST, max(SLOWEST, sampled_rate(tuple(dict.fromkeys(times)), plan.fps))), 4)
    return PreparedFilm((VideoPart(source=tuple(images), fps=rate),), replace(sent, fps=rate), _note(plan, len(times)))


def _last_start(plan: FilmPlan) -> float:
    """Return when the last frame of the part may begin: before its end, which belongs to what follows."""
    return max(plan.start, plan.end - 1e-3)


def _marked(images: Sequence[ImagePart], times: Iterable[float], start: float) -> Generator[Part, None, None]:
    told = [time - start for time in times]
    tenths = [f"{time:.1f}" for time in told]
    words = tenths if len(set(tenths)) == len(tenths) else [f"{time:.2f}" for time in told]
    for image, time in zip(images, words, strict=True):
        yield TextPart(f"<{time} seconds>")
        yield image


def _note(plan: FilmPlan, count: int) -> str:
    """Say where fewer frames are sent than the rate asks for."""
    wanted = plan.seconds * plan.fps
    if plan.max_frames is not None or wanted < count + 2 or count < plan.most:
        return ""
    return f"{count:,} frames are sent, one in {plan.seconds / count:.1f} s, which is the most unless you ask for more."
