"""Whether a seek lands on the frame that was asked for, and how long it takes.

    python tests/benchmarks/film_seek.py [--seeks 500] [--folder FOLDER] [--seconds 60]

Prints one JSON object. ``landed``: films with a clock burnt in (constant and variable rate, rotated, with B-frames,
with few key frames, several codecs), each sought ``--seeks`` times at random; the frame is read back from its pixels.
``ms``: the minute of 1080p that ``film_extract.py`` uses: an exact frame, the key frame near by, one frame forward at
once and after a rest, in which the player decodes ahead, one back, and making the small views of a strip, from which a
preview is looked up.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.film_clips import minute
from films import Film, clock, make_film

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import strip
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.video import VideoMedia


def films(count: int = 600) -> tuple[Film, ...]:
    """Return the films that are sought in."""
    chance = random.Random(8)
    stamps = [4500]
    for _ in range(count - 1):
        stamps.append(stamps[-1] + chance.choice((900, 1500, 3000, 3003, 9000, 45_000)))
    return (
        Film("constant.mp4", count=count, key_every=250),
        Film("variable.mp4", count=count, stamps=stamps, b_frames=3, key_every=100),
        Film("turned.mov", count=count, rotation=90, key_every=60),
        Film("b-frames.mkv", count=count, b_frames=5, key_every=250, options={"x264-params": "open-gop=1"}),
        Film("hevc.mp4", "libx265", count=count, b_frames=4),
        Film("vp9.webm", "libvpx-vp9", count=count, b_frames=0, key_every=100),
        Film("av1.mkv", "libsvtav1", count=count, b_frames=0),
        Film("reordered.avi", count=count, size=Size(208, 128)),
        Film("stream.ts", count=count, key_every=100),
    )


def landed(media: VideoMedia, seeks: int) -> int:
    """Return how many of ``seeks`` random seeks brought the frame that was asked for."""
    chance, right = random.Random(4), 0
    with FilmReader(media) as reader:
        index = reader.index
        for _ in range(seeks):
            number = chance.randrange(len(index.times))
            time_ = chance.choice((index.times[number], (index.times[number] + index.end_of(number)) / 2))
            frame = reader.at(time_)
            right += clock(frame.raster) == number and frame.time == index.times[number]
    return right


def spread(acts: list[Callable[[], object]]) -> dict[str, float]:
    """Return median and 95th percentile of how long these take, in milliseconds."""
    taken = []
    for act in acts:
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return _figures(taken)


def _figures(taken: list[float]) -> dict[str, float]:
    taken.sort()
    return {"median": round(taken[len(taken) // 2], 2), "p95": round(taken[int(len(taken) * 0.95)], 2)}


def latencies(media: VideoMedia) -> dict[str, object]:
    """Return how long frames of a film take to come."""
    chance = random.Random(4)
    times = [chance.uniform(0, media.duration - 2) for _ in range(60)]
    with FilmReader(media) as reader:
        exact = spread([lambda at=at: reader.at(at) for at in times])  # type: ignore[misc]  # bound at once
        near = spread([partial(reader.near, at) for at in times])
        reader.at(10.0)
        forward = spread([reader.following for _ in range(200)])
        reader.at(5.0)
        held = []
        for _ in range(60):
            while reader.decode_ahead():  # what the player does while nobody asks
                pass
            begun = time.perf_counter()
            reader.following()
            held.append((time.perf_counter() - begun) * 1000)
        reader.at(15.0)
        back = spread([partial(reader.at, 15 - step / 30) for step in range(1, 60)])
    begun = time.perf_counter()
    views = {frame.time: frame for frame in strip(media, 40)}
    built = (time.perf_counter() - begun) * 1000
    lookup = spread([lambda at=at: views[min(views, key=lambda view: abs(view - at))] for at in times])  # type: ignore[misc]  # bound at once
    strip_facts = {"ms": round(built, 1), "views": len(views), "lookup": lookup}
    return {
        "exact": exact,
        "key_frame": near,
        "one_forward": forward,
        "after_a_rest": _figures(held),
        "one_back": back,
        "strip": strip_facts,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeks", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "qwvis-films")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    right = {}
    for film in films():
        right[film.name] = landed(open_video(make_film(arguments.folder, film)), arguments.seeks)
    measured = latencies(open_video(minute(arguments.folder, arguments.seconds)))
    print(json.dumps({"seeks": arguments.seeks, "landed": right, "ms": measured}, indent=1))


if __name__ == "__main__":
    main()
