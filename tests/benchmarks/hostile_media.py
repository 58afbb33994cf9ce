"""Opens 200 hostile pictures and 80 films through the program's own loader; exits with 1 on any finding. Prints JSON.

    .venv/bin/python tests/benchmarks/hostile_media.py [--folder FOLDER] [--changes 6]

A process opens one file after the other, as a drop does: header, picture, and what the loader then says; films are
also sought in. A finding is a crash, no answer within 10 s, more than 2 GB of memory, or a refusal without a sentence.
Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SECONDS = 10.0
MEGABYTES = 2048


def open_all(paths: Sequence[str]) -> None:
    """Open files and print a line of JSON for each."""
    from benchmarks.large_pictures import forget_peak, peak_mb
    from PySide6.QtCore import QCoreApplication, QEventLoop

    from qwvis_desktop.core.geometry import Size
    from qwvis_desktop.core.media.film import FilmReader
    from qwvis_desktop.core.media.image import MediaError
    from qwvis_desktop.core.media.media import open_media
    from qwvis_desktop.core.media.video import VideoMedia
    from qwvis_desktop.ui.images import PictureLoader

    def look_through(media: VideoMedia) -> None:
        with FilmReader(media) as reader:
            for part in (0.5, 0.9, 0.1):
                reader.near(media.duration * part)
                reader.at(media.duration * part)
                reader.following()
            reader.at(reader.index.times[-1])

    application = QCoreApplication([])
    loader = PictureLoader()
    said: list[tuple[str, str]] = []
    loader.ready.connect(
        lambda _key, picture, final: said.append(("shown", str(tuple(picture.size)))) if final else None
    )
    loader.failed.connect(lambda _key, sentence: said.append(("refused", sentence)))
    for path in paths:
        said.clear()
        forget_peak()
        begun = time.perf_counter()
        try:
            media = open_media(Path(path))
            if isinstance(media, VideoMedia):
                look_through(media)
        except MediaError as error:
            said.append(("refused", str(error)))
        else:
            loader.show(path, media, Size(1600, 1000))
            while not said:
                application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
                time.sleep(0.001)
        loader.forget(path)
        result, words = said[0]
        told = {
            "result": result,
            "words": words,
            "ms": round((time.perf_counter() - begun) * 1e3),
            "mb": round(peak_mb()),
        }
        print(json.dumps(told), flush=True)
    loader.close()


def opened(paths: Sequence[str], seconds: float = SECONDS) -> list[dict[str, Any]]:
    """Return what became of each file; one that ends or stops its process does not hold up the others."""
    found: list[dict[str, Any]] = []
    while len(found) < len(paths):
        rest = paths[len(found) :]
        with subprocess.Popen(
            [sys.executable, __file__, "--open", *rest], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            patience = seconds + 20  # the first one waits for the process to start
            with selectors.DefaultSelector() as watched:
                watched.register(process.stdout, selectors.EVENT_READ)
                for _ in rest:
                    line = process.stdout.readline() if watched.select(patience) else None
                    if not line:
                        words = "no answer" if line is None else process.stderr.read().decode(errors="replace")[-300:]
                        found.append({"result": "hang" if line is None else "crash", "words": words, "ms": 0, "mb": 0})
                        process.kill()
                        break
                    found.append(json.loads(line))
                    patience = seconds
    return found


def findings(paths: Sequence[str], found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those that went wrong."""
    wrong = []
    for path, each in zip(paths, found, strict=True):
        is_said = each["result"] == "shown" or (each["words"].endswith((".", '"')) and " " in each["words"])
        fits = each["ms"] <= SECONDS * 1e3 and each["mb"] <= MEGABYTES
        if each["result"] not in ("shown", "refused") or not is_said or not fits:
            wrong.append({"file": os.fsencode(Path(path).name).decode(errors="replace"), **each})
    return wrong


def main() -> None:
    """Read the arguments, open everything, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--open", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--changes", type=int, default=6, help="times each kind of film has some bytes changed")
    given = parser.parse_args()
    if given.open:
        open_all(given.open)
        return
    import hostile_films
    from hostile_media import write_all

    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        paths = [
            str(path)
            for path in (*write_all(folder), *write_all(folder, made=list(hostile_films.cases(given.changes))))
        ]
        found = opened(paths)
    wrong = findings(paths, found)
    results = [each["result"] for each in found]
    print(
        json.dumps(
            {
                "benchmark": "hostile_media",
                "files": len(paths),
                "results": {result: results.count(result) for result in sorted(set(results))},
                "longest_ms": max(each["ms"] for each in found),
                "most_mb": max(each["mb"] for each in found),
                "findings": wrong,
            },
            indent=1,
        )
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
