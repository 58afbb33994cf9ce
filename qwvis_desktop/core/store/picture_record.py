"""One picture with all that was done on it, as JSON: what project files, files beside pictures and journals hold.

Nothing that a document holds is left out, so that a record read back makes the same document; entries that this version
does not know are kept and written again. The README describes the form ("Projects").
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeAlias

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    JsonValue,
    Keypoint,
    LayoutBlock,
    Provenance,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.annotation_json import annotation_from_json, box_to_json, json_text, points_to_json
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.document import ASSUMED_CAMERA, WHOLE_FILM, Document, FilmRange, FrameOrigin, Run
from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import FILM_SUFFIXES, FOLDER, VideoMedia
from qwvis_desktop.core.run_json import run_from_json, run_to_json

Record: TypeAlias = dict[str, Any]
"""A picture as JSON."""

_IDENTITY = ("name", "path", "data", "page", "resolution", "frame_rate", "sha256", "bytes", "size")
_CONTENT = ("checked", "camera", "convention", "film_range", "origin", "annotations", "runs")
_OF_ANNOTATIONS = frozenset(
    {"kind", "run", "span", "numbers"}
    | {
        each.name
        for kind in (Detection, Keypoint, TextRegion, LayoutBlock, Cuboid, VideoEvent)
        for each in fields(kind)
    }
)


class RecordError(ValueError):
    """A record is damaged, or of another picture; the text is for people."""


class Fingerprint(NamedTuple):
    """What a picture is known by wherever it lies: SHA-256 of its encoded bytes, and how many there are."""

    sha256: str
    byte_count: int


@dataclass(frozen=True, slots=True)
class Extras:
    """What a record held that a document has no place for.

    Attributes:
        checked: somebody looked at the picture and found it done.
        further: entries of the picture that this version does not know.
        of_annotations, of_runs: the same of annotations and runs, by their ids.
    """

    checked: bool = False
    further: Mapping[str, JsonValue] = field(default_factory=dict)
    of_annotations: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    of_runs: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)


NO_EXTRAS = Extras()


def fingerprint(media: Media) -> Fingerprint:
    """Return what a picture is known by; reads all of it.

    Raises:
        MediaError: it is not there any more, or may not be read.
    """
    digest, count = hashlib.sha256(), 0
    with reading(media.name), media.open() as file:
        while part := file.read(1 << 20):
            digest.update(part)
            count += len(part)
    return Fingerprint(digest.hexdigest(), count)


def identity(media: Media, base: Path | None, known: Fingerprint | None = None) -> Record:
    """Return the part of a record that says which picture it is.

    Args:
        media: the picture.
        base: folder that the path is relative to; None for a path from the root.
        known: its fingerprint, where it was taken.
    """
    record: Record = {"name": media.name, "size": list(media.size)}
    if media.page:
        record["page"] = media.page
    if media.resolution:
        record["resolution"] = media.resolution
    if isinstance(media, VideoMedia):
        record |= {"frame_rate": media.rate} if media.mime == FOLDER else {"bytes": media.file_bytes}
    if media.path is not None:
        record["path"] = written_path(media.path, base)
    elif media.data is not None:
        record["data"] = base64.b64encode(media.data).decode("ascii")
    if known is not None:
        record |= {"sha256": known.sha256, "bytes": known.byte_count}
    return record


def written_path(path: Path, base: Path | None) -> str:
    """Return a path as files hold it: with slashes, relative to ``base`` where there is a way."""
    absolute = Path(os.path.normpath(path.absolute()))
    if base is None:
        return absolute.as_posix()
    try:
        return Path(os.path.relpath(absolute, base)).as_posix()
    except ValueError:  # on another drive
        return absolute.as_posix()


def path_of(record: Record, base: Path) -> Path | None:
    """Return where the picture of a record lay when it was written; None for one that the record holds itself."""
    written = record.get("path")
    if not isinstance(written, str) or not written:
        return None
    return Path(os.path.normpath(base / PurePosixPath(written)))


def page_of(record: Record) -> int:
    """Return which page of its file the picture of a record is, counted from 1; 0 for what is no page."""
    return _count_in(record, "page")


def resolution_of(record: Record) -> int:
    """Return the pixels per inch that the page of a record was drawn at; 0 where none are known."""
    return _count_in(record, "resolution")


def frame_rate_of(record: Record) -> float:
    """Return the frames a second that the folder of a record is looked at with as a film; 0 where it is no film."""
    value = record.get("frame_rate", 0)
    return float(value) if type(value) in (int, float) and value > 0 else 0.0


def is_of_film(record: Record) -> bool:
    """Say whether a record is of a film, by its name or its being a folder."""
    return bool(frame_rate_of(record)) or str(record.get("name", "")).lower().endswith(FILM_SUFFIXES)


def _count_in(record: Record, name: str) -> int:
    value = record.get(name, 0)
    return value if type(value) is int and value > 0 else 0


def data_of(record: Record) -> bytes | None:
    """Return the encoded picture that a record holds; None where it holds none.

    Raises:
        RecordError: it is damaged.
    """
    if "data" not in record:
        return None
    try:
        return base64.b64decode(record["data"], validate=True)
    except (TypeError, ValueError) as error:
        raise RecordError(f'The picture "{record.get("name", "")}" in the file is damaged.') from error


def has_work(record: Record) -> bool:
    """Say whether anything was done on the picture of a record."""
    return any(record.get(name) for name in ("annotations", "runs", "checked", "film_range"))


def content(document: Document, extras: Extras = NO_EXTRAS) -> Record:
    """Return the part of a record that says what was done on the picture."""
    record: Record = {**extras.further}
    if extras.checked:
        record["checked"] = True
    if document.camera_source != ASSUMED_CAMERA:
        record["camera"] = {**asdict(document.camera), "source": document.camera_source}
    if document.convention != HALF_TURNS_XYZ:
        record["convention"] = document.convention.name
    if document.film_range != WHOLE_FILM:
        record["film_range"] = list(document.film_range)
    if document.origin is not None:
        record["origin"] = document.origin._asdict()
    record["annotations"] = [
        {**extras.of_annotations.get(key, {}), **annotation_record(annotation)}
        for key, annotation in document.annotations.items()
    ]
    record["runs"] = [
        {**extras.of_runs.get(key, {}), **run_record(run, document.annotations)} for key, run in document.runs.items()
    ]
    return record


def annotation_record(annotation: Annotation) -> Record:
    """Return an annotation with its id and where it came from."""
    record: Record = {"id": annotation.id, "kind": annotation.kind, "label": annotation.label}
    record |= _geometry(annotation)
    if annotation.score is not None:
        record["score"] = annotation.score
    if annotation.accepted:
        record["accepted"] = True
    if annotation.attributes:
        record["attributes"] = dict(annotation.attributes)
    if annotation.provenance is not None:
        run, span, numbers = annotation.provenance
        record |= {"run": run, "span": list(span), "numbers": list(numbers)}
    return record


def _geometry(annotation: Annotation) -> Record:
    match annotation:
        case Detection(box=box, outline=outline, time=time, image=image):
            shape = None if outline is None else points_to_json(outline.points)
            return _known(box=box_to_json(box), outline=shape, time=time, image=image)
        case Keypoint(point=point, image=image):
            return _known(point=[point.x, point.y], image=image)
        case TextRegion(text=text, polygon=polygon):
            return {"text": text, "polygon": points_to_json(polygon.points)}
        case LayoutBlock(tag=tag, text=text, box=place):
            return {"tag": tag, "text": text, "box": box_to_json(place)}
        case Cuboid(center=center, size=size, angles=angles):
            return {"center": list(center), "size": list(size), "angles": list(angles)}
        case VideoEvent(start=start, end=end):
            return {"start": start, "end": end}


def _known(**values: object) -> Record:
    return {name: value for name, value in values.items() if value is not None}


def run_record(run: Run, present: Mapping[str, Annotation]) -> Record:
    """Return a run with what it was read as; what stands among ``present`` as it was read is named by its id alone."""
    as_read = [
        annotation.id if present.get(annotation.id) == annotation else annotation_record(annotation)
        for annotation in run.as_read
    ]
    return {**run_to_json(run), "as_read": as_read}


def read_annotation(record: Record) -> Annotation:
    """Return the annotation that ``annotation_record`` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is no such record.
    """
    bare = annotation_from_json({"attributes": {}, **record, "span": None})
    origin = None
    if "run" in record:
        start, end = record["span"]
        origin = Provenance(str(record["run"]), (int(start), int(end)), tuple(map(_number, record["numbers"])))
    return replace(bare, id=_name(record["id"]), provenance=origin)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is no id")
    return value


def read_run(record: Record, present: Mapping[str, Annotation]) -> Run:
    """Return the run that ``run_record`` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is no such record.
    """
    as_read = (present[item] if isinstance(item, str) else read_annotation(item) for item in record.get("as_read", []))
    return replace(run_from_json(record), as_read=tuple(as_read))


def document_of(record: Record, media: Media) -> tuple[Document, Extras]:
    """Return the document that a record makes of its picture, and what it has no place for.

    Raises:
        RecordError: the record is damaged, or the picture is of another size than the one it was made for.
    """
    size = record.get("size")
    if size is not None and has_work(record) and list(media.size) != list(size):
        raise RecordError(
            f'"{media.name}" is another picture now: it has {media.size.width} x {media.size.height} pixels, and its '
            f"annotations were made on {' x '.join(map(str, size))}. They are kept; bring the former picture back to "
            "see them."
        )
    document = Document(media)
    try:
        _fill(document, record)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RecordError(
            f'What was saved for "{media.name}" is damaged ({error!r}). It is left as it is in the file.'
        ) from error
    extras = Extras(
        checked=bool(record.get("checked", False)),
        further={name: value for name, value in record.items() if name not in (*_IDENTITY, *_CONTENT)},
        of_annotations=_unknown(record.get("annotations", []), _OF_ANNOTATIONS),
        of_runs=_unknown(record.get("runs", []), frozenset(each.name for each in fields(Run))),
    )
    return document, extras


def _fill(document: Document, record: Record) -> None:
    annotations = [read_annotation(each) for each in record.get("annotations", [])]
    document.add(annotations)
    if len(document.annotations) != len(annotations):
        raise ValueError("two annotations have the same id")
    for each in record.get("runs", []):
        document.set_run(read_run(each, document.annotations))
    camera = record.get("camera")
    if camera is not None:
        numbers = (float(camera[name]) for name in ("fx", "fy", "cx", "cy"))
        document.set_camera(CameraIntrinsics(*numbers), str(camera["source"]))
    if "convention" in record:
        document.set_convention(ANGLE_CONVENTIONS[record["convention"]])
    if record.get("film_range") is not None:
        start, end = (None if time is None else float(_number(time)) for time in record["film_range"])
        document.set_film_range(FilmRange(start, end))
    if record.get("origin") is not None:
        document.set_origin(FrameOrigin(str(record["origin"]["film"]), float(_number(record["origin"]["time"]))))


def _unknown(records: list[Record], known: frozenset[str]) -> Mapping[str, Mapping[str, JsonValue]]:
    """Return what this version does not know of each record, by its id."""
    found = {each["id"]: {name: each[name] for name in each.keys() - known} for each in records}
    return {key: unknown for key, unknown in found.items() if unknown}


def line_of(value: JsonValue) -> bytes:
    """Return ``value`` as JSON on one line, UTF-8, without the line's end."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:  # half characters (models send them), or a number that JSON has no word for
        return json_text(value).encode()
