"""How long pictures take: opening, decoding for the eye, and the way to a request's body. Prints one JSON object.

    python tests/benchmarks/image_paths.py [--runs 7] [--folder FOLDER]

Times are medians in milliseconds, with the shortest and the longest. Beside ours stands what the same run gave for
Pillow's plain way (decode, bicubic, JPEG of quality 90: what ``qwen-vl-utils`` does), for ``qwen-vl-utils`` with the
``openai`` package where those are installed, and for the limit: JPEG decoded at an eighth, which no reader can beat.
The picture is drawn noise of a photograph's spectrum, 6000 x 4000, about 2.8 bits a pixel.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import vips_codec
from qwvis_desktop.core.media.folder import pictures_in
from qwvis_desktop.core.media.image import ImageMedia, open_image
from qwvis_desktop.core.media.pixels import Encoding
from qwvis_desktop.core.media.prepare import prepare_image
from qwvis_desktop.core.media.raster import Raster, decode, encode

RULE = ResizeRule(32, 65_536, 2_621_440)
VIEW = Size(1600, 1000)
JsonObject = dict[str, object]


def photograph(width: int, height: int) -> Image.Image:
    """Draw coloured noise that falls off with frequency as photographs do, with grain and hard edges."""
    rng = np.random.default_rng(3)
    tile = 2000
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(tile), np.fft.fftfreq(tile)))
    frequency[0, 0] = 1.0
    layers = [np.real(np.fft.ifft2(np.fft.fft2(rng.standard_normal((tile, tile))) / frequency**1.25)) for _ in range(3)]
    light, *colours = [layer / layer.std() for layer in layers]
    grain = rng.uniform(-8, 8, (tile, tile))
    bands = [np.clip(120 + 42 * light + 12 * tint + grain, 0, 255) for tint in (0 * light, *colours)]
    patch = np.stack([bands[1], bands[0], bands[2]], axis=-1).astype(np.uint8)
    field = np.tile(np.concatenate([patch, patch[:, ::-1]], axis=1), (height // tile + 1, width // (2 * tile) + 1, 1))
    field = np.ascontiguousarray(field[:height, :width])
    for _ in range(150):
        left, top = int(rng.integers(0, width - 100)), int(rng.integers(0, height - 100))
        right, bottom = left + int(rng.integers(20, 400)), top + int(rng.integers(20, 400))
        field[top:bottom, left:right] = field[top:bottom, left:right] // 3 + rng.integers(0, 160, 3).astype(np.uint8)
    return Image.fromarray(field)


def make_media(folder: Path) -> None:
    """Save the pictures, unless an earlier run left them there."""
    if (folder / "24mp.jpg").exists():
        return
    picture = photograph(6000, 4000)
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(folder / "24mp-turned.jpg", quality=90, exif=exif)
    picture.save(folder / "24mp.jpg", quality=90)
    many = folder / "many"
    many.mkdir(exist_ok=True)
    for number in range(5000):
        (many / f"picture {number}.jpg").touch()


def timed(act: Callable[[], object], runs: int) -> JsonObject:
    """Return the median time of ``act`` in milliseconds, after one run that does not count."""
    act()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = act()
        times.append((time.perf_counter() - start) * 1000)
        del result
    return {
        "median_ms": round(statistics.median(times), 2),
        "min_ms": round(min(times), 2),
        "max_ms": round(max(times), 2),
    }


TICKER = """
import sys, threading, time
done, worst = threading.Event(), 0.0
threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
print(flush=True)
before = time.perf_counter()
while not done.wait(0.0005):
    now = time.perf_counter()
    worst, before = max(worst, now - before - 0.0005), now
print(worst * 1000)
"""


def longest_waits(act: Callable[[], object]) -> JsonObject:
    """Return how long another thread, and another process, had to wait while ``act`` ran, in milliseconds.

    Both ask for the processor every half millisecond. What the process waits is the machine's load; only what the
    thread waits beyond that is Python's lock.
    """
    command = [sys.executable, "-c", TICKER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is not None:
            process.stdout.readline()
        thread = longest_wait(act)
        output, _ = process.communicate("")
    return {"thread": thread, "process": round(float(output), 2)}


def longest_wait(act: Callable[[], object]) -> float:
    """Return for how long, in milliseconds, another thread could not run Python while ``act`` ran (worst of five)."""
    stop, worst = threading.Event(), 0.0

    def tick() -> None:
        nonlocal worst
        before = time.perf_counter()
        while not stop.wait(0.0005):
            now = time.perf_counter()
            worst, before = max(worst, now - before - 0.0005), now

    thread = threading.Thread(target=tick)
    thread.start()
    for _ in range(5):
        act()
    stop.set()
    thread.join()
    return round(worst * 1000, 2)


def body(data: bytes, mime: str) -> bytes:
    """Return the body of a request as it goes over the wire."""
    url = f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "Where is it?"}]
    return json.dumps({"model": "qwen3-vl-plus", "messages": [{"role": "user", "content": content}]}).encode()


def ours(path: Path, raster: Raster | None = None) -> bytes:
    """Return the request's body for a file, by this program."""
    prepared = prepare_image(open_image(path), RULE, raster=raster)
    return body(prepared.data, prepared.mime)


def plain(path: Path) -> bytes:
    """Return the request's body for a file, by Pillow's plain way."""
    with Image.open(path) as picture:
        sent = picture.convert("RGB").resize(RULE.resized(Size(*picture.size)), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    sent.save(buffer, "JPEG", quality=90)
    return body(buffer.getvalue(), "image/jpeg")


def peer() -> Callable[[Path], bytes] | None:
    """Return the same by ``qwen-vl-utils`` and the ``openai`` package; None where they are not installed."""
    try:
        from openai import OpenAI
        from qwen_vl_utils import fetch_image
    except ImportError:
        return None
    client = OpenAI(api_key="none", base_url="http://127.0.0.1:9/v1")

    def act(path: Path) -> bytes:
        options = {"image": str(path), "min_pixels": RULE.min_pixels, "max_pixels": RULE.max_pixels}
        buffer = io.BytesIO()
        fetch_image(options, image_patch_size=16).save(buffer, "JPEG", quality=90)
        request = client._client.build_request("POST", "/chat", content=body(buffer.getvalue(), "image/jpeg"))
        return bytes(request.content)

    return act


def limit(path: Path) -> None:
    """Do what every reader of a JPEG must: undo its entropy coding."""
    with Image.open(path) as picture:
        picture.draft("RGB", (picture.width // 8, picture.height // 8))
        picture.load()


def psnr(path: Path) -> float:
    """Return how near the scaled pixels, before they are encoded, are to a full decode with Lanczos, in dB."""
    media = open_image(path)
    size = RULE.resized(media.size)
    data = vips_codec.scaled(media, Box.whole(media.size), size, Encoding("image/png"))
    with Image.open(path) as source, Image.open(io.BytesIO(data)) as sent:
        wanted = np.asarray(source.convert("RGB").resize(size, Image.Resampling.LANCZOS), np.float64)
        error = float(((np.asarray(sent, np.float64) - wanted) ** 2).mean())
    return round(10 * float(np.log10(255**2 / error)), 2)


def added_memory(path: Path, way: str) -> float:
    """Return by how many MB a fresh process grows at most while it makes a request's body."""
    command = [sys.executable, __file__, "--memory", way, "--picture", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_memory(path: Path, way: str) -> None:
    """Make a body, and print by how many MB this process grew over one that made the body of a small picture."""
    act = {"ours": ours, "plain": plain}[way]
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jpg"
        Image.new("RGB", (64, 64)).save(small)
        act(small)
    before = peak_memory()
    act(path)
    print(peak_memory() - before)


def peak_memory() -> float:
    """Return the most memory this process ever held, in MB; Linux only (``getrusage`` counts the parent's in)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def ratio(slow: JsonObject, fast: JsonObject) -> float:
    """Return how many times longer ``slow`` took."""
    return round(float(str(slow["median_ms"])) / float(str(fast["median_ms"])), 2)


def measure_encoding(raster: Raster, runs: int) -> JsonObject:
    """Return times of encoding a 12 MP part of the picture, ours and Pillow's."""
    part = Raster(Size(raster.size.width, 2000), raster.data[: raster.size.width * 2000 * 4])
    picture = Image.frombuffer("RGB", part.size, bytes(part.data), "raw", "BGRX", 0, 1)
    results: JsonObject = {}
    options: JsonObject = {"quality": 92, "subsampling": 0}
    for mime, kind in (("image/jpeg", "JPEG"), ("image/png", "PNG")):
        mine = timed(lambda mime=mime: encode(part, mime), runs)  # type: ignore[misc]  # mypy guesses no default's type
        theirs = timed(lambda kind=kind: picture.save(io.BytesIO(), kind, **options), max(1, runs // 3))  # type: ignore[misc]
        results[kind.lower()] = {"ours": mine, "pillow": theirs, "times_faster": ratio(theirs, mine)}
    return results


def measure(folder: Path, runs: int) -> JsonObject:
    """Return all figures."""
    path, turned = folder / "24mp.jpg", folder / "24mp-turned.jpg"
    media: ImageMedia = open_image(path)
    raster = decode(media)
    times = {
        "open": timed(lambda: open_image(path), runs),
        "limit_decode_at_an_eighth": timed(lambda: limit(path), runs),
        "decode_for_the_view": timed(lambda: decode(open_image(path), VIEW), runs),
        "decode_for_the_view_turned": timed(lambda: decode(open_image(turned), VIEW), runs),
        "decode_whole": timed(lambda: decode(media), runs),
        "decode_whole_turned": timed(lambda: decode(open_image(turned)), runs),
        "body_from_path": timed(lambda: ours(path), runs),
        "body_from_path_turned": timed(lambda: ours(turned), runs),
        "body_from_open_picture": timed(lambda: ours(path, raster), runs),
        "body_pillow_plain": timed(lambda: plain(path), runs),
        "folder_of_5000": timed(lambda: pictures_in(folder / "many"), runs),
    }
    theirs = peer()
    if theirs is not None:
        times["body_qwen_vl_utils_and_openai"] = timed(lambda: theirs(path), runs)
    slow = times.get("body_qwen_vl_utils_and_openai", times["body_pillow_plain"])
    memory = {way: round(added_memory(path, way), 1) for way in ("ours", "plain")}
    return {
        "bench": "image_paths",
        "compared_with": "qwen-vl-utils and openai" if theirs is not None else "Pillow's plain way",
        "times": times,
        "ratios": {
            "body_from_path_times_faster": ratio(slow, times["body_from_path"]),
            "body_from_open_picture_times_faster": ratio(slow, times["body_from_open_picture"]),
            "decode_for_the_view_over_limit": ratio(times["decode_for_the_view"], times["limit_decode_at_an_eighth"]),
            "body_from_path_over_limit": ratio(times["body_from_path"], times["limit_decode_at_an_eighth"]),
        },
        "psnr_db": psnr(path),
        "added_mb": {**memory, "share": round(memory["ours"] / memory["plain"], 3)},
        "body_bytes": {"ours": len(ours(path)), "plain": len(plain(path))},
        "encode_12mp": measure_encoding(raster, runs),
        "longest_wait_ms": {
            "nothing": longest_waits(lambda: time.sleep(0.1)),
            "decode_for_the_view": longest_waits(lambda: decode(media, VIEW)),
            "decode_whole": longest_waits(lambda: decode(media)),
            "body_from_path": longest_waits(lambda: ours(path)),
            "body_from_open_picture": longest_waits(lambda: ours(path, raster)),
            "encode_png": longest_waits(lambda: encode(raster, "image/png")),
        },
    }


def main() -> None:
    """Run the benchmark."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--runs", type=int, default=7)
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "qwvis-benchmark-pictures")
    arguments.add_argument("--memory", choices=["ours", "plain"], help=argparse.SUPPRESS)
    arguments.add_argument("--picture", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.memory:
        print_memory(given.picture, given.memory)
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    make_media(given.folder)
    print(json.dumps(measure(given.folder, given.runs), indent=2))


if __name__ == "__main__":
    main()
