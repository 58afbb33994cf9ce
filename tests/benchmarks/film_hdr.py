"""Can a film in 4K with a high dynamic range be played, and how far is what is seen from what is exact?

    python tests/benchmarks/film_hdr.py [--seconds 4] [--width 1280] [--folder FOLDER]

Prints one JSON object. The film is a photograph that is panned, 3840 x 2160 in 10 bit H.265 (PQ, BT.2020) at 30 frames
a second. ``ms``: processor time of a frame: to be decoded; to be brought into sRGB exactly (all pixels, and at the size
it is shown at), and as it is while the film plays. ``psnr``: of the latter to the exact one of that size, in dB.
``played``: frames that came while it played for so long, and were dropped; how late the last one was by the clock, in
ms, when it came; and the longest time that the event loop did not turn.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.film_window import wait_until
from benchmarks.image_paths import photograph
from benchmarks.window import Figures, Probe
from PySide6.QtWidgets import QApplication

from qwvis_desktop.cli.open import settle
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.film_player import FilmPlayer, Shot, Stretch

RATE, WIDTH, HEIGHT = 30, 3840, 2160
BT2020, PQ = 9, 16
FAINT = 0.6
"""Of the values of PQ, what a photograph takes: up to this is about 250 cd/m²."""


def bright_film(folder: Path, seconds: int) -> Path:
    """Return the film, made where it is missing."""
    path = folder / f"bright-{seconds}.mkv"
    if path.exists():
        return path
    pixels = (np.asarray(photograph(WIDTH + 400, HEIGHT + 200)) * FAINT).astype(np.uint8)
    said = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    unfinished = path.with_suffix(".part.mkv")
    with av.open(str(unfinished), "w") as container:
        options = {"preset": "ultrafast", "crf": "24", "x265-params": said}
        stream = container.add_stream("libx265", rate=RATE, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p10le"
        for number in range(seconds * RATE):
            left, top = int(200 + 200 * np.sin(number / 40)), int(100 + 100 * np.cos(number / 40))
            part = np.ascontiguousarray(pixels[top : top + HEIGHT, left : left + WIDTH])
            frame = av.VideoFrame.from_ndarray(part, "rgb24").reformat(format="yuv420p10le", dst_colorspace=BT2020)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            frame.colorspace, frame.color_trc, frame.color_primaries = BT2020, PQ, BT2020
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    unfinished.rename(path)
    return path


def cost(act: Callable[[], object], times: int) -> float:
    """Return the processor time that it takes each of so many times, in milliseconds."""
    begun = time.process_time()
    for _ in range(times):
        act()
    return round((time.process_time() - begun) * 1e3 / times, 1)


def converting(media: VideoMedia, size: Size) -> Figures:
    """Return what decoding and converting take, and how far the quick way is from the exact one."""
    taken: dict[str, float] = {}
    with FilmReader(media) as reader, FilmReader(media, size=size) as small, FilmReader(media) as soon:
        soon.set_draft(size)
        exact, quick = small.at(1.0), soon.at(1.0)  # what is made once is made by now
        reader.at(1.0)
        taken["in_full"] = cost(reader.following, 5)
        taken["exact"] = cost(small.following, 20)
        taken["while_it_plays"] = cost(soon.following, 20)
    with av.open(str(media.path)) as container:
        frames = container.decode(video=0)
        taken["decoded"] = cost(lambda: next(frames), 60)
    one, other = (np.frombuffer(frame.raster.data, np.uint8).reshape(-1, 4)[:, :3] for frame in (exact, quick))
    error = float(np.mean((one.astype(float) - other) ** 2))
    return {"ms_with_decoding": taken, "psnr": round(10 * np.log10(255**2 / error), 1)}


def played(media: VideoMedia, size: Size, seconds: float) -> Figures:
    """Return what came while it was played for so long."""
    player = FilmPlayer()
    player.shown_size = size
    came: list[tuple[float, float]] = []
    player.shown.connect(lambda shot: came.append((time.monotonic(), _time_of(shot))))
    with Probe() as probe:
        player.play(media, Stretch(0.0))
        wait_until(lambda: bool(came) and came[-1][1] >= seconds - 2 / RATE)
    dropped = player.dropped
    player.close()
    (began, first), (ended, last) = came[0], came[-1]
    late = round(((ended - began) - (last - first)) * 1e3)
    return {"shown": len(came), "dropped": dropped, "late": late, "gap": probe.told()["longest_unqueued"]}


def _time_of(shot: Shot) -> float:
    return shot.time


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--width", type=int, default=1280, help="pixels across at which it is shown")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "qwvis-films")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    settle()
    application = QApplication([])
    media = open_video(bright_film(arguments.folder, arguments.seconds))
    size = Size(arguments.width, round(arguments.width * HEIGHT / WIDTH))
    found = {"size": list(size), **converting(media, size), "played": played(media, size, arguments.seconds)}
    application.quit()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
