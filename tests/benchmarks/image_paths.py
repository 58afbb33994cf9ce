"""How long pictures take: opening, decoding for the eye, and the way to a request's body. Prints one JSON object.

    python tests/benchmarks/image_paths.py [--runs 7] [--folder FOLDER]

Times are medians in milliseconds, with the shortest and the longest. Beside ours stands what the same run gave for
Pillow's plain way (decode, bicubic, JPEG of quality 90: what ``qwen-vl-utils`` does), for ``qwen-vl-utils`` with the
``openai`` package where those are installed (``pip install openai``, ``pip install --no-deps qwen-vl-utils``), and for
the limit: JPEG decoded at an eighth, which no reader can beat. Bodies are made in turn, so that the load of
the machine falls on all. The picture is drawn noise of a photograph's spectrum, 6000 x 4000, about 2.8 bits a pixel.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import importlib.util
import io
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

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
from qwvis_desktop.core.providers.base import ChatRequest, ImagePart, TextPart
from qwvis_desktop.core.providers.body import body_of
from qwvis_desktop.core.providers.chat_messages import PictureForm, chat_body

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


def in_turn(acts: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, object]:
    """Time several acts, one after the other in each round, so that a load of the machine falls on all of them."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for act in acts.values():
        act()
    for _ in range(rounds):
        for name, act in acts.items():
            start = time.perf_counter()
            act()
            times[name].append((time.perf_counter() - start) * 1000)
    return {
        name: {
            "median_ms": round(statistics.median(each), 2),
            "min_ms": round(min(each), 2),
            "max_ms": round(max(each), 2),
        }
        for name, each in times.items()
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


def ours(path: Path, raster: Raster | None = None) -> bytes:
    """Return the request's body for a file, by this program."""
    prepared = prepare_image(open_image(path), RULE, raster=raster)
    picture = ImagePart(prepared.data, prepared.mime, *prepared.frame.sent)
    request = ChatRequest("qwen3-vl-plus", (picture, TextPart("Where is it?")))
    return b"".join(body_of(lambda url_of: chat_body(request, url_of, PictureForm())))


def messages(data: bytes) -> list[JsonObject]:
    """Return what is asked about an encoded picture, as the makers' examples write it."""
    url = f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "Where is it?"}]
    return [{"role": "user", "content": content}]


def plain(path: Path) -> bytes:
    """Return the request's body for a file, by Pillow's plain way."""
    with Image.open(path) as picture:
        sent = picture.convert("RGB").resize(RULE.resized(Size(*picture.size)), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    sent.save(buffer, "JPEG", quality=90)
    return json.dumps({"model": "qwen3-vl-plus", "messages": messages(buffer.getvalue())}).encode()


def stand_in(name: str) -> None:
    """Let a package that is not installed be imported: pictures need none of what ``qwen-vl-utils`` has it for."""
    module = types.ModuleType(name)
    module.__getattr__ = lambda _attribute: types.ModuleType("absent")  # type: ignore[method-assign]  # its own
    sys.modules[name] = module


def peer() -> Callable[[Path], bytes] | None:
    """Return the same by ``qwen-vl-utils`` and the ``openai`` package; None where they are not installed."""
    for package in ("torch", "torchvision", "requests", "packaging"):
        if package not in sys.modules and importlib.util.find_spec(package) is None:
            for name in (package, f"{package}.io", f"{package}.transforms"):
                stand_in(name)
    try:
        from openai import OpenAI
        from qwen_vl_utils import fetch_image
    except ImportError:
        return None
    client = OpenAI(api_key="none", base_url="http://127.0.0.1:9/v1", max_retries=0)
    took: list[bytes] = []

    class Stop(Exception):
        pass

    def send(request: Any, **_options: object) -> object:
        took.append(request.read())
        raise Stop

    vars(client._client)["send"] = send

    def act(path: Path) -> bytes:
        options = {"image": str(path), "min_pixels": RULE.min_pixels, "max_pixels": RULE.max_pixels}
        buffer = io.BytesIO()
        fetch_image(options, image_patch_size=16).save(buffer, "JPEG", quality=90)
        took.clear()
        with contextlib.suppress(Exception):  # the client wraps what stopped it
            said: Any = messages(buffer.getvalue())
            client.chat.completions.create(model="qwen3-vl-plus", messages=said)
        return took[0]

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


def added_memory(path: Path, way: str) -> tuple[float, float]:
    """Return by how many MB a fresh process grows at most while it makes a request's body, and what of it stays."""
    command = [sys.executable, __file__, "--memory", way, "--picture", str(path)]
    most, held = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return round(float(most), 1), round(float(held), 1)


def print_memory(path: Path, way: str) -> None:
    """Make a body, and print by how many MB this process grew over one that made the body of a small picture.

    First at most, then what is left while the request waits for its answer, its body held.
    """
    act = {"ours": ours, "plain": plain, "peer": peer() or plain}[way]
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jpg"
        Image.new("RGB", (64, 64)).save(small)
        act(small)
    before, held = memory("VmHWM"), memory("VmRSS")
    waiting = act(path)
    print(memory("VmHWM") - before, memory("VmRSS") - held)
    del waiting


def memory(what: str) -> float:
    """Return the memory of this process in MB, at most (VmHWM) or now (VmRSS); Linux only."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what)) / 1024


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
        theirs = timed(lambda kind=kind: picture.save(io.BytesIO(), kind, **options), max(1, runs // 3))  # type: ignore[misc]  # as above
        results[kind.lower()] = {"ours": mine, "pillow": theirs, "times_faster": ratio(theirs, mine)}
    return results


def measure(folder: Path, runs: int) -> JsonObject:
    """Return all figures."""
    path, turned = folder / "24mp.jpg", folder / "24mp-turned.jpg"
    media: ImageMedia = open_image(path)
    raster = decode(media)
    times: dict[str, Any] = {
        "open": timed(lambda: open_image(path), runs),
        "limit_decode_at_an_eighth": timed(lambda: limit(path), runs),
        "decode_for_the_view": timed(lambda: decode(open_image(path), VIEW), runs),
        "decode_for_the_view_turned": timed(lambda: decode(open_image(turned), VIEW), runs),
        "decode_whole": timed(lambda: decode(media), runs),
        "decode_whole_turned": timed(lambda: decode(open_image(turned)), runs),
        "body_from_path_turned": timed(lambda: ours(turned), runs),
        "folder_of_5000": timed(lambda: pictures_in(folder / "many"), runs),
    }
    theirs = peer()
    bodies: dict[str, Callable[[], object]] = {
        "body_from_path": lambda: ours(path),
        "body_from_open_picture": lambda: ours(path, raster),
        "body_pillow_plain": lambda: plain(path),
    }
    if theirs is not None:
        bodies["body_qwen_vl_utils_and_openai"] = lambda: theirs(path)
    times |= in_turn(bodies, 3 * runs)
    slow = times.get("body_qwen_vl_utils_and_openai", times["body_pillow_plain"])
    ways = ("ours", "plain") if theirs is None else ("ours", "plain", "peer")
    memory_of = {way: added_memory(path, way) for way in ways}
    full = media.size.pixels * 3 / 2**20
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
        "added_mb": {
            **{way: most for way, (most, _) in memory_of.items()},
            "share": round(memory_of["ours"][0] / memory_of[ways[-1]][0], 3),
        },
        "held_mb_while_waiting": {**{way: held for way, (_, held) in memory_of.items()}, "picture": round(full, 1)},
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
    arguments.add_argument("--memory", choices=["ours", "plain", "peer"], help=argparse.SUPPRESS)
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
