"""The table of what can be written: label files, annotated pictures, and the raw reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeAlias

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.dataset import Dataset, LabelledPicture, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import (
    coco,
    conversations,
    csv_table,
    cvat,
    jsonl,
    kitti,
    label_studio,
    labelcloud,
    labelme,
    omni3d,
    reply,
    voc,
    xlsx,
    yolo,
)
from qwvis_desktop.core.label_file import Losses, sentences
from qwvis_desktop.core.workbook import MIME as _WORKBOOK


class Layout(StrEnum):
    """How a format lays out several pictures."""

    EACH = "a file for each picture"
    ONE = "one file for all pictures"
    FOLDER = "a folder"


Make: TypeAlias = Callable[[Dataset], Iterable[OutFile]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file, or of folder.

    Attributes:
        id: its name on the command line and in settings.
        title: its name for people (translated where it is shown).
        suffix: what is put behind the picture's name; never that of a plain picture.
        mime: what it is.
        losses: counts what of a document is left out.
        make: makes the files, the main one first, of one picture where ``layout`` is EACH; None for what a
            ``Renderer`` draws.
        layout: how several pictures are laid out.
        beside: the endings of the files that lie beside the main one.
    """

    id: str
    title: str
    suffix: str
    mime: str
    losses: Callable[[Document], Losses]
    make: Make | None = None
    layout: Layout = Layout.EACH
    beside: tuple[str, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether a ``Renderer`` makes it."""
        return self.make is None

    def cannot_hold(self, document: Document) -> tuple[str, ...]:
        """Say what of ``document`` is left out, a sentence each."""
        return sentences(self.losses(document))

    def left_out(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """Say what of several documents is left out, a sentence each, counted together."""
        totals: dict[tuple[str, str], int] = {}
        for document in documents:
            for number, one, many in self.losses(document):
                totals[one, many] = totals.get((one, many), 0) + max(0, number)
        return sentences(tuple((number, one, many or one) for (one, many), number in totals.items()))

    def files(self, path: Path) -> tuple[Path, ...]:
        """Return all files that are written where the first is ``path``; of a folder, only itself is known."""
        return path, *(_placed(path, suffix) for suffix in self.beside)

    def place(self, path: Path, name: str) -> Path:
        """Return where ``OutFile.name`` goes when ``path`` was chosen."""
        return path.joinpath(*name.split("/")) if self.layout is Layout.FOLDER else _placed(path, name)


def _placed(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.stem}{suffix}") if suffix else path


def _losses_of_pictures(document: Document) -> Losses:
    annotations = document.annotations.values()
    return (
        (sum(annotation.kind == "event" for annotation in annotations), "1 event in time", "{} events in time"),
        (
            sum(isinstance(annotation, LayoutBlock) and annotation.box is None for annotation in annotations),
            "1 block without a place",
            "{} blocks without a place",
        ),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )


def _single(dump: Callable[[Document], bytes], beside: Callable[[Document], bytes] | None = None) -> Make:
    """Make the one file of a format, and its companion, by functions of the document."""

    def make(dataset: Dataset) -> Iterator[OutFile]:
        for picture in dataset:
            yield OutFile("", dump(picture.document))
            if beside is not None:
                yield OutFile(".calib.txt", beside(picture.document))

    return make


def _of_picture(dump: Callable[[LabelledPicture], bytes]) -> Make:
    """Make the one file of a format by a function of the picture under its name."""
    return lambda dataset: (OutFile("", dump(picture)) for picture in dataset)


def _tasks(dataset: Dataset) -> Iterator[OutFile]:
    yield OutFile("", label_studio.dump(dataset))
    yield OutFile(_CONFIGURATION, label_studio.dump_configuration(dataset))


_CONFIGURATION = ".config.xml"


def _results(dataset: Dataset) -> Iterator[OutFile]:
    yield OutFile("", coco.dump_results(dataset))
    yield OutFile(_NUMBERS, coco.dump_numbers(dataset))


_NUMBERS = ".images.json"


def _whole(dump: Callable[[Dataset], bytes]) -> Make:
    """Make the one file of a format that holds all pictures."""
    return lambda dataset: [OutFile("", dump(dataset))]


_JSON, _LINES, _XML = "application/json", "application/jsonl", "application/xml"


def _yolo(form: yolo.Form, title: str) -> Format:
    return Format(
        id="yolo" if form is yolo.Form.DETECT else f"yolo-{form}",
        title=title,
        suffix=".yolo" if form is yolo.Form.DETECT else f".yolo-{form}",
        mime="inode/directory",
        losses=partial(yolo.losses, form),
        make=partial(yolo.dump, form),
        layout=Layout.FOLDER,
    )


def _talks(name: str, title: str, family: conversations.Family) -> tuple[Format, Format]:
    """Return both forms of conversations for fine-tuning a family of models."""
    messages, sharegpt = conversations.dump_messages, conversations.dump_sharegpt
    return (
        Format(
            f"{name}-messages",
            f"Fine-tuning {title} (messages)",
            f".{name}.jsonl",
            _LINES,
            conversations.losses,
            _whole(partial(messages, family)),
            Layout.ONE,
        ),
        Format(
            f"{name}-sharegpt",
            f"Fine-tuning {title} (ShareGPT)",
            f".{name}.json",
            _JSON,
            conversations.losses,
            _whole(partial(sharegpt, family)),
            Layout.ONE,
        ),
    )


FORMATS: dict[str, Format] = {
    kind.id: kind
    for kind in (
        Format("png", "Annotated picture (PNG)", ".annotated.png", "image/png", _losses_of_pictures),
        Format("jpg", "Annotated picture (JPEG)", ".annotated.jpg", "image/jpeg", _losses_of_pictures),
        Format("webp", "Annotated picture (WebP)", ".annotated.webp", "image/webp", _losses_of_pictures),
        Format("svg", "Drawing (SVG)", ".annotated.svg", "image/svg+xml", _losses_of_pictures),
        Format("pdf", "Drawing (PDF)", ".annotated.pdf", "application/pdf", _losses_of_pictures),
        Format("coco", "COCO JSON", ".coco.json", _JSON, coco.losses, _whole(coco.dump), Layout.ONE),
        Format(
            "coco-results",
            "COCO results",
            ".coco-results.json",
            _JSON,
            coco.losses_of_results,
            _results,
            Layout.ONE,
            beside=(_NUMBERS,),
        ),
        _yolo(yolo.Form.DETECT, "YOLO boxes"),
        _yolo(yolo.Form.OBB, "YOLO turned boxes (OBB)"),
        _yolo(yolo.Form.SEGMENT, "YOLO outlines (segment)"),
        Format("voc", "Pascal VOC XML", ".xml", _XML, voc.losses, _of_picture(voc.dump)),
        Format("labelme", "labelme JSON", ".json", _JSON, labelme.losses, _of_picture(labelme.dump)),
        Format(
            "x-anylabeling",
            "X-AnyLabeling JSON",
            ".json",
            _JSON,
            labelme.losses,
            _of_picture(labelme.dump_x_anylabeling),
        ),
        Format(
            "label-studio",
            "Label Studio tasks",
            ".label-studio.json",
            _JSON,
            label_studio.losses,
            _tasks,
            Layout.ONE,
            beside=(_CONFIGURATION,),
        ),
        Format("cvat", "CVAT XML for images", ".cvat.xml", _XML, cvat.losses, _whole(cvat.dump), Layout.ONE),
        *_talks("qwen3-vl", "Qwen3-VL and later", conversations.QWEN3),
        *_talks("qwen2.5-vl", "Qwen2.5-VL", conversations.QWEN25),
        Format("csv", "Table (CSV)", ".csv", "text/csv", csv_table.losses, _whole(csv_table.dump), Layout.ONE),
        Format("xlsx", "Workbook (XLSX)", ".xlsx", _WORKBOOK, xlsx.losses, _whole(xlsx.dump), Layout.ONE),
        Format("jsonl", "JSON lines", ".jsonl", _LINES, jsonl.losses, _whole(jsonl.dump), Layout.ONE),
        Format("omni3d", "Omni3D JSON", ".omni3d.json", _JSON, omni3d.losses, _single(omni3d.dump)),
        Format(
            "kitti",
            "KITTI labels",
            ".kitti.txt",
            "text/plain",
            kitti.losses,
            _single(kitti.dump, kitti.dump_camera),
            beside=(".calib.txt",),
        ),
        Format("labelcloud", "labelCloud JSON", ".labelcloud.json", _JSON, labelcloud.losses, _single(labelcloud.dump)),
        Format("reply", "Raw reply (JSON)", ".reply.json", _JSON, reply.losses, _single(reply.dump)),
    )
}
"""All formats by id, in the order in which they are offered."""
