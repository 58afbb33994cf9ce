"""Do other programs' own readers take what is exported, and see the boxes where they are?

    python tests/benchmarks/other_readers.py --peer PYTHON

Writes a drawn data set of two pictures in each format and has it read, in a Python of its own, by supervision (COCO,
YOLO boxes, turned boxes and outlines, Pascal VOC), labelme's own file reader, Label Studio's own SDK and Datumaro
(CVAT). Prints one JSON object: for each, what was read and how far, in pixels, a box is from where it was
drawn at most. They are too heavy for the tests: ``python -m venv V`` and ``V/bin/pip install supervision labelme
label-studio-sdk datumaro``. One that is not installed is told as such.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from benchmarks.peer_readers import ask_peers

SIZE = (640, 480)
CAT = (10.0, 20.0, 110.0, 220.0)
SHIP = ((248.0, 158.0), (352.0, 218.0), (322.0, 270.0), (218.0, 210.0))
"""A box, and a turned one of about 120 x 60 pixels."""

READ = ("coco", "yolo", "yolo-obb", "yolo-segment", "voc", "labelme", "x-anylabeling", "label-studio", "cvat")
"""The formats that one of the programs reads."""


def written(folder: Path) -> None:
    """Write the data set in each format below ``folder``."""
    from PIL import Image

    from qwvis_desktop.core.annotation import Detection
    from qwvis_desktop.core.document import Document
    from qwvis_desktop.core.export import FORMATS, Layout, export
    from qwvis_desktop.core.geometry import Box, Point, Polygon
    from qwvis_desktop.core.media.image import open_image
    from qwvis_desktop.core.plane.forms import TurnedRectangle

    exact = TurnedRectangle.made(Point(285, 214), 120, 60, 30)
    ship = Polygon(exact.corners)
    documents = []
    for name in ("day.jpg", "night.jpg"):
        path = folder / "images" / name
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", SIZE, "white").save(path)
        document = Document(open_image(path))
        document.add([Detection(label="cat", box=Box(*CAT))])
        document.add([Detection(label="ship", box=ship.bounds, outline=ship)])
        documents.append(document)
    (folder / "truth.json").write_text(json.dumps({"cat": CAT, "ship": list(ship.bounds)}))
    for kind in map(FORMATS.__getitem__, READ):
        target = folder / kind.id
        if kind.layout is Layout.ONE:
            target.mkdir()
            target = target / f"set{kind.suffix}"
        export(documents, kind.id, target, pictures=kind.layout is Layout.FOLDER)


Boxes = list[tuple[str, list[float]]]


def by_supervision(folder: Path) -> dict[str, Callable[[], Boxes]]:
    """Return the readers of supervision."""
    import supervision

    load = supervision.DetectionDataset
    images = str(folder / "images")

    def boxes(dataset: Any) -> Boxes:
        return [
            (dataset.classes[kind], [float(side) for side in sides])
            for _, _, found in dataset
            for kind, sides in zip(found.class_id, found.xyxy, strict=True)
        ]

    def yolo(name: str, **more: bool) -> Boxes:
        root = folder / name
        return boxes(load.from_yolo(str(root / "images"), str(root / "labels"), str(root / "data.yaml"), **more))

    return {
        "coco": lambda: boxes(load.from_coco(images, str(folder / "coco" / "set.coco.json"))),
        "yolo": lambda: yolo("yolo"),
        "yolo-obb": lambda: yolo("yolo-obb", is_obb=True),
        "yolo-segment": lambda: yolo("yolo-segment", force_masks=True),
        "voc": lambda: boxes(load.from_pascal_voc(images, str(folder / "voc"))),
    }


def by_labelme(folder: Path) -> dict[str, Callable[[], Boxes]]:
    """Return the reader of labelme, for both presets."""
    from labelme._label_file import read_label_file

    def read(name: str) -> Boxes:
        found: Boxes = []
        for path in sorted((folder / name).glob("*.json")):
            target = folder / "images" / path.name
            target.write_bytes(path.read_bytes())  # it lies beside its picture
            for shape in read_label_file(str(target)).shapes:
                xs, ys = zip(*shape["points"], strict=True)
                found.append((shape["label"], [min(xs), min(ys), max(xs), max(ys)]))
            target.unlink()
        return found

    return {"labelme": lambda: read("labelme"), "x-anylabeling": lambda: read("x-anylabeling")}


def by_label_studio(folder: Path) -> dict[str, Callable[[], Boxes]]:
    """Return the reader of Label Studio's SDK: its converter makes COCO of the tasks and their configuration.

    It turns boxes in percent and not in pixels, so that turned ones are off where a picture is not square.
    """
    from label_studio_sdk.converter import Converter

    def read() -> Boxes:
        tasks, out = folder / "label-studio" / "set.label-studio.json", folder / "converted"
        configuration = folder / "label-studio" / "set.label-studio.config.xml"
        converter = Converter(str(configuration), str(folder), download_resources=False)
        converter.convert_to_coco(str(tasks), str(out), is_dir=False)
        value = json.loads((out / "result.json").read_text())
        names = {entry["id"]: entry["name"] for entry in value["categories"]}
        return [
            (names[entry["category_id"]], [x, y, x + width, y + height])
            for entry in value["annotations"]
            for x, y, width, height in [entry["bbox"]]
        ]

    return {"label-studio": read}


def by_datumaro(folder: Path) -> dict[str, Callable[[], Boxes]]:
    """Return the readers of Datumaro."""
    from datumaro import Dataset

    def read(path: Path, name: str) -> Boxes:
        dataset = Dataset.import_from(str(path), name)
        labels = dataset.categories()[next(kind for kind in dataset.categories() if kind.name == "label")]
        found: Boxes = []
        for item in dataset:
            for annotation in item.annotations:
                if hasattr(annotation, "get_bbox"):
                    x, y, width, height = annotation.get_bbox()
                    found.append((labels[annotation.label].name, [x, y, x + width, y + height]))
        return found

    beside_pictures = folder / "annotations.xml"
    beside_pictures.write_bytes((folder / "cvat" / "set.cvat.xml").read_bytes())
    return {"cvat": lambda: read(beside_pictures, "cvat")}


READERS = {
    "supervision": by_supervision,
    "labelme": by_labelme,
    "label_studio_sdk": by_label_studio,
    "datumaro": by_datumaro,
}


def compared(folder: Path, read: Boxes) -> dict[str, Any]:
    """Say what was read, and how far a side is off at most."""
    truth = json.loads((folder / "truth.json").read_text())
    off = [max(abs(a - b) for a, b in zip(sides, truth[name], strict=True)) for name, sides in read if name in truth]
    names = sorted(name for name, _ in read)
    return {"read": names, "complete": names == ["cat", "cat", "ship", "ship"], "most_pixels_off": round(max(off), 3)}


if __name__ == "__main__":
    ask_peers(__file__, __doc__ or "", written, READERS, compared)
