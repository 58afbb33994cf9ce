"""Do other programs' own readers take what is exported of films, and see the boxes where and when they are?

    python tests/benchmarks/other_film_readers.py --peer PYTHON

Writes two tracks of a film whose frames lie unevenly, in each format of boxes in time, and has it read, in a Python of
its own, by motmetrics and by TrackEval (MOT Challenge; the file as truth and as result is to give a MOTA of 1), by
pycocotools (COCO) and by Label Studio's own SDK (its configuration parsed, every region checked against it, and its
converter's own JSON). Prints one JSON object: what each saw, and how far, in pixels, a box is from where it was put at
most. They are too heavy for the tests: ``python -m venv V`` and ``V/bin/pip install motmetrics trackeval pycocotools
label-studio-sdk``. One that is not installed is told as such.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from benchmarks.peer_readers import ask_peers

STAMPS = [number * number * 100 for number in range(60)]
"""When each frame begins, in ticks of 1/90,000 s: ever further apart."""

FRAMES = (1, 11, 31, 60)
"""The frames that have boxes, from 1."""

TRACKS = (1, 7)


def box_at(track: int, frame: int) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a box."""
    return 10.5 + frame * 2, 20.25 + track * 4, 50.0, 40.0 + track


def written(folder: Path) -> None:
    """Write the tracks in each format below ``folder``."""
    from films import Film, make_film, times_of

    from qwvis_desktop.core.annotation import Detection
    from qwvis_desktop.core.document import Document
    from qwvis_desktop.core.export import FORMATS, export
    from qwvis_desktop.core.geometry import Box, Size
    from qwvis_desktop.core.media.film_opening import open_video

    film = Film(name="street.mkv", stamps=STAMPS, count=len(STAMPS), size=Size(320, 192))
    document = Document(open_video(make_film(folder, film)))
    times = times_of(film)
    for track in TRACKS:
        for frame in FRAMES:
            left, top, width, height = box_at(track, frame)
            box = Box(left, top, left + width, top + height)
            document.add([Detection(label="car", box=box, time=times[frame - 1], attributes={"track_id": track})])
    for name in ("mot", "coco-video", "label-studio-video"):
        export(document, name, folder / f"street{FORMATS[name].suffix}")


Seen = list[tuple[int, int, list[float]]]
"""Frame from 1, track, and left, top, width, height."""


def by_motmetrics(folder: Path) -> dict[str, Callable[[], Any]]:
    """Return the reader of motmetrics, which takes 1 off left and top, as for the files of MATLAB."""
    import motmetrics
    import numpy as np

    if not hasattr(np, "asfarray"):  # motmetrics 1.4 was written for NumPy 1
        vars(np)["asfarray"] = lambda values: np.asarray(values, float)
    path = folder / "street.mot" / "street" / "gt" / "gt.txt"

    def read() -> Any:
        table = motmetrics.io.loadtxt(str(path), fmt="mot15-2D")
        seen: Seen = [
            (int(frame), int(track), [row["X"] + 1, row["Y"] + 1, row["Width"], row["Height"]])
            for (frame, track), row in table.iterrows()
        ]
        compared = motmetrics.utils.compare_to_groundtruth(table, table, "iou", distth=0.5)
        metrics = motmetrics.metrics.create().compute(compared, metrics=["mota", "idf1"], name="own")
        return judged(seen) | {key: float(metrics.loc["own", key]) for key in ("mota", "idf1")}

    return {"mot": read}


def by_trackeval(folder: Path) -> dict[str, Callable[[], Any]]:
    """Return the reader of TrackEval, whose frames are counted from 0."""
    from trackeval.datasets import MotChallenge2DBox

    def read() -> Any:
        root = folder / "trackeval"
        result = root / "results" / "own" / "data"
        result.mkdir(parents=True)
        source = folder / "street.mot" / "street"
        (result / "street.txt").write_text((source / "gt" / "gt.txt").read_text())
        dataset = MotChallenge2DBox(
            {
                "GT_FOLDER": str(folder / "street.mot"),
                "TRACKERS_FOLDER": str(root / "results"),
                "SEQ_INFO": {"street": None},
                "SKIP_SPLIT_FOL": True,
                "DO_PREPROC": False,
                "PRINT_CONFIG": False,
            }
        )
        raw = dataset.get_raw_seq_data("own", "street")
        seen: Seen = [
            (frame + 1, int(track), [float(side) for side in box])
            for frame, (tracks, boxes) in enumerate(zip(raw["gt_ids"], raw["gt_dets"], strict=True))
            for track, box in zip(tracks, boxes, strict=True)
        ]
        return judged(seen)

    return {"mot": read}


def by_pycocotools(folder: Path) -> dict[str, Callable[[], Any]]:
    """Return the reader of COCO, which takes the frames for pictures."""
    from pycocotools.coco import COCO

    def read() -> Any:
        coco = COCO(str(folder / "street.coco-video.json"))
        seen: Seen = []
        for image in coco.loadImgs(coco.getImgIds()):
            for entry in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]])):
                seen.append((image["frame_index"] + 1, entry["track_id"], entry["bbox"]))
        return judged(seen)

    return {"coco-video": read}


def by_label_studio(folder: Path) -> dict[str, Callable[[], Any]]:
    """Return the check of Label Studio's SDK, and how it fills the frames between, counted by the average rate."""
    from label_studio_sdk._extensions.label_studio_tools.postprocessing.video import extract_key_frames
    from label_studio_sdk.label_interface import LabelInterface

    tasks = folder / "street.label-studio.json"
    configuration = tasks.with_name("street.label-studio.config.xml")

    def read() -> Any:
        interface = LabelInterface(configuration.read_text())
        interface.validate()
        (task,) = json.loads(tasks.read_text())
        (annotation,) = task["annotations"]
        regions = annotation["result"]
        seen: Seen = []
        for region in regions:
            times = [key["time"] for key in region["value"]["sequence"]]
            keys = {key["frame"]: key for key in extract_key_frames([region])[0]["value"]["sequence"]}
            own = [keys[key["frame"]] for key in region["value"]["sequence"]]
            frames = [min(FRAMES, key=lambda frame: abs(STAMPS[frame - 1] / 90_000 - time)) for time in times]
            track = int(region["meta"]["text"][0])
            seen += [(frame, track, _pixels(key)) for frame, key in zip(frames, own, strict=True)]
        valid = [interface.validate_region(region) for region in regions]
        return judged(seen) | {"regions fit the configuration": all(valid), "frames between": len(keys)}

    return {"label-studio-video": read}


def _pixels(key: dict[str, Any]) -> list[float]:
    return [key["x"] * 3.2, key["y"] * 1.92, key["width"] * 3.2, key["height"] * 1.92]


READERS = {
    "motmetrics": by_motmetrics,
    "trackeval": by_trackeval,
    "pycocotools": by_pycocotools,
    "label_studio_sdk": by_label_studio,
}


def judged(seen: Seen) -> dict[str, Any]:
    """Say whether all boxes were seen at their frames, and how far a side is off at most."""
    wanted = {(frame, track): box_at(track, frame) for frame in FRAMES for track in TRACKS}
    found = {(frame, track): sides for frame, track, sides in seen}
    off = [abs(a - b) for key, sides in found.items() for a, b in zip(sides, wanted.get(key, sides), strict=True)]
    complete = found.keys() == wanted.keys() and len(seen) == len(wanted)
    return {"boxes": len(seen), "complete": complete, "most_pixels_off": round(max(off, default=0), 6)}


if __name__ == "__main__":
    ask_peers(__file__, __doc__ or "", written, READERS, lambda _folder, seen: seen)
