"""Films for the benchmarks: a panned photograph with moving boxes in 1080p30 H.264, as the peers were measured with.

``python tests/benchmarks/film_clips.py FOLDER`` makes them; the benchmarks make what is missing by themselves.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.image_paths import photograph
from films import repeat

RATE, WIDTH, HEIGHT = 30, 1920, 1080


def minute(folder: Path, seconds: int = 60) -> Path:
    """Return a film of a minute: x264's usual key frames (every 250) and B-frames, noisy content."""
    path = folder / f"minute-{seconds}.mp4"
    if not path.exists():
        unfinished = path.with_suffix(".part.mp4")
        _encode(unfinished, seconds)
        unfinished.rename(path)
    return path


def repeated(path: Path, times: int) -> Path:
    """Return the film ``path`` ``times`` over, its packets copied."""
    longer = path.with_name(f"{path.stem}-x{times}.mp4")
    if not longer.exists():
        repeat(path, longer, times)
    return longer


def _encode(path: Path, seconds: int) -> None:
    big = np.asarray(photograph(2600, 1500))
    chance = np.random.default_rng(5)
    boxes = [
        (*chance.integers((0, 0, 30, 30, -9, -7), (WIDTH, HEIGHT, 200, 200, 10, 8)), chance.integers(0, 256, 3))
        for _ in range(12)
    ]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "23", "preset": "veryfast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, RATE)
        for number in range(seconds * RATE):
            left = int((2600 - WIDTH) * (0.5 + 0.5 * np.sin(number / 97)))
            top = int((1500 - HEIGHT) * (0.5 + 0.5 * np.cos(number / 131)))
            pixels = big[top : top + HEIGHT, left : left + WIDTH].copy()
            for x, y, width, height, right, down, colour in boxes:
                at_x, at_y = int(x + right * number) % (WIDTH - 200), int(y + down * number) % (HEIGHT - 200)
                pixels[at_y : at_y + height, at_x : at_x + width] = colour
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    repeated(minute(place), 10)
