"""What the lines of a journal say: made from what changed, and played again after a crash."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qwvis_desktop.core.annotation import Annotation, JsonValue
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, CameraIntrinsics
from qwvis_desktop.core.document import ASSUMED_CAMERA, WHOLE_FILM, FilmRange, Run
from qwvis_desktop.core.store.file_lock import FileLock
from qwvis_desktop.core.store.journal import FORMAT, LOCK_SUFFIX, SUFFIX, VERSION
from qwvis_desktop.core.store.picture_record import Record, annotation_record, has_work, run_record


def project_line(path: Path | None) -> JsonValue:
    """Say which project is open from here on."""
    return {"project": str(path) if path is not None else None}


def record_line(picture: str, record: Record) -> JsonValue:
    """Give the whole of a picture."""
    return {"picture": picture, "record": record}


def change_line(
    picture: str, put: Iterable[Annotation], gone: Sequence[str], order: Sequence[str] | None = None
) -> JsonValue:
    """Say which annotations came or changed, and which went; ``order`` is all ids where new ones are not the last."""
    line: dict[str, Any] = {"picture": picture, "put": [annotation_record(each) for each in put], "gone": list(gone)}
    return line if order is None else {**line, "order": list(order)}


def run_line(picture: str, run: Run) -> JsonValue:
    """Give a run, or its news."""
    return {"picture": picture, "run": run_record(run, {})}


def camera_line(picture: str, camera: CameraIntrinsics, source: str, convention: AngleConvention) -> JsonValue:
    """Say how space is seen."""
    return {"picture": picture, "camera": {**asdict(camera), "source": source}, "convention": convention.name}


def film_range_line(picture: str, film_range: FilmRange) -> JsonValue:
    """Say which part of a film is asked about."""
    return {"picture": picture, "film_range": list(film_range)}


def checked_line(picture: str, checked: bool) -> JsonValue:
    """Say whether the picture was found done."""
    return {"picture": picture, "checked": checked}


def step_line(picture: str, text: str) -> JsonValue:
    """Say that what came before is a step of this name, made now."""
    return {"picture": picture, "step": text, "at": round(time.time(), 3)}


def closed_line(picture: str) -> JsonValue:
    """Say that a picture was closed, and that what was not saved of it is not wanted."""
    return {"picture": picture, "closed": True}


@dataclass(slots=True)
class Recovered:
    """What a journal holds that was not saved.

    Attributes:
        journal: the file.
        project: the project that was open.
        records: the pictures with unsaved work, whole, by the keys they had.
        steps: how many steps are in it.
        last: when the last one was made, in seconds since 1970.
    """

    journal: Path
    project: Path | None = None
    records: dict[str, Record] = field(default_factory=dict)
    steps: int = 0
    last: float = 0.0


def recover(journal: Path) -> Recovered:
    """Play a journal; a line that a crash cut off is left out.

    Raises:
        OSError: it cannot be read.
        ValueError: it is of a later version.
    """
    found = Recovered(journal)
    pictures: dict[str, _Picture] = {}
    for line in journal.read_bytes().split(b"\n"):
        try:
            said = json.loads(line)
        except ValueError:
            continue  # cut off, or nothing
        if said.get("format") == FORMAT and str(said.get("version")) > VERSION:
            raise ValueError(f"{journal.name} was written by a later version of QwVis")
        if "project" in said:
            found.project = Path(said["project"]) if said["project"] else None
        if "picture" in said:
            _play(said, pictures, found)
    found.records = {key: picture.record() for key, picture in pictures.items()}
    return found


def unsaved_journals(folder: Path) -> list[Recovered]:
    """Return what programs that died left in ``folder``, the newest last; what holds no work is removed."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            lock = FileLock(path.with_suffix(LOCK_SUFFIX))
        except OSError:
            continue  # of a program that runs
        try:
            recovered = recover(path)
        except (OSError, ValueError):
            lock.release()
            continue
        if not any(has_work(record) for record in recovered.records.values()) and not recovered.steps:
            path.unlink(missing_ok=True)
        else:
            found.append(recovered)
        lock.release(remove=True)
    return sorted(found, key=lambda each: each.last)


class _Picture:
    """A picture while its steps are played."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._annotations: dict[str, Record] = {each["id"]: each for each in record.get("annotations", [])}
        self._runs: dict[str, Record] = {each["id"]: self._in_full(each) for each in record.get("runs", [])}

    def _in_full(self, run: Record) -> Record:
        """Return a run with what it was read as in full: what it names by id may change with the next step."""
        as_read = [self._annotations[item] if isinstance(item, str) else item for item in run.get("as_read", [])]
        return {**run, "as_read": as_read}

    def change(self, said: Record) -> None:
        for key in said["gone"]:
            self._annotations.pop(key, None)
        self._annotations.update((each["id"], each) for each in said["put"])
        order = said.get("order")
        if order is not None:
            known = {key: self._annotations[key] for key in order if key in self._annotations}
            self._annotations = {**known, **self._annotations}

    def run(self, said: Record) -> None:
        self._runs[said["run"]["id"]] = said["run"]

    def camera(self, said: Record) -> None:
        self._record["camera"], self._record["convention"] = said["camera"], said["convention"]

    def film_range(self, said: Record) -> None:
        self._record["film_range"] = said["film_range"]

    def checked(self, said: Record) -> None:
        self._record["checked"] = said["checked"]

    def record(self) -> Record:
        """Return it as it stands."""
        record = {**self._record, "annotations": list(self._annotations.values()), "runs": list(self._runs.values())}
        camera = record.get("camera")
        if camera is not None and camera["source"] == ASSUMED_CAMERA:
            del record["camera"]
        if record.get("convention") == HALF_TURNS_XYZ.name:
            del record["convention"]
        if record.get("film_range") == list(WHOLE_FILM):
            del record["film_range"]
        if not record.get("checked"):
            record.pop("checked", None)
        return record


_PLAYERS: dict[str, Callable[[_Picture, Record], None]] = {
    "put": _Picture.change,
    "run": _Picture.run,
    "camera": _Picture.camera,
    "film_range": _Picture.film_range,
    "checked": _Picture.checked,
}


def _play(said: Record, pictures: dict[str, _Picture], found: Recovered) -> None:
    key = said["picture"]
    if "record" in said:
        pictures[key] = _Picture(said["record"])
    elif "closed" in said:
        pictures.pop(key, None)
    elif "step" in said:
        found.steps += 1
        found.last = said["at"]
    elif key in pictures:
        for name in said.keys() & _PLAYERS.keys():
            _PLAYERS[name](pictures[key], said)
