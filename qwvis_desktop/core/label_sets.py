"""Files of labels and the pictures they are of: whose documents are open, and where the others lie.

Pictures are looked for by name in the file's own folder and in the folders that data sets put them in, nowhere else,
whatever path a file tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import takewhile
from pathlib import Path, PureWindowsPath
from typing import TypeVar

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.dataset import PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.import_format import names_of
from qwvis_desktop.core.imported import NotRead, Read, ReadForFile, ReadForOpen
from qwvis_desktop.core.importing import LabelFileError, LabelledSet
from qwvis_desktop.core.media.folder import MEDIA_SUFFIXES, pictures_in
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.media import Media, open_media

T = TypeVar("T")

_FOLDERS = ("", "images", "images/*", "*/images", "..", "../images", "../images/*", "../JPEGImages", "../../images")
"""Where data sets keep their pictures, seen from the file of labels."""


def read_for(found: LabelledSet, documents: Mapping[str, Document], current: str | None) -> Iterator[Read]:
    """Read a file that names its pictures for open documents, and for pictures that lie near it.

    A file of one picture that is neither open nor near is read for the current document.

    Args:
        found: what was read of the file.
        documents: the open ones by key; none is changed.
        current: key of the one that is looked at.
    """
    keys: dict[str, list[str]] = {}
    for held, document in documents.items():
        for name in names_of(document):
            keys.setdefault(name, []).append(held)
    namesakes = _Namesakes(found.pictures)
    near = _Nearby(found.source.path, namesakes)
    missing = 0
    for picture in found.pictures:
        key = namesakes.best(
            picture, keys.get(picture.file_name.casefold(), ()), lambda held: documents[held].media.path
        )
        path = near.path_of(picture) if key is None else None
        if key is None and path is None and len(found.pictures) == 1:
            key = current
        if key is not None:
            yield _for_open(found, picture, key, documents[key])
        elif path is not None:
            yield _for_file(found, picture, path)
        else:
            missing += 1
    if missing:
        kind = "film" if any(picture.film is not None for picture in found.pictures) else "picture"
        one = f"1 {kind} of this file is neither open nor beside it, so its labels were not read."
        many = f"{missing} {kind}s of this file are neither open nor beside it, so their labels were not read."
        yield NotRead((one if missing == 1 else many) + namesakes.doubt)


class _Namesakes:
    """The pictures of a file of labels by their names, which may be those of others in other folders.

    Attributes:
        doubt: a sentence where one was found that may be either of two; empty where none was.
    """

    def __init__(self, pictures: Sequence[PictureLabels]) -> None:
        self._told: dict[str, list[tuple[str, ...]]] = {}
        for picture in pictures:
            self._told.setdefault(picture.file_name.casefold(), []).append(_folders_of(picture.name))
        self._meant: dict[Path | None, frozenset[tuple[str, ...]]] = {}
        self.doubt = ""

    def best(self, picture: PictureLabels, held: Sequence[T], path_of: Callable[[T], Path | None]) -> T | None:
        """Return which of several of its name a picture is: the one with most of the folders that the file tells.

        None where another picture of the file has more of them, which it is then; and where another has as many, as it
        may be either: ``doubt`` says so.
        """
        told = _folders_of(picture.name)
        found = max(held, key=lambda one: _alike(told, path_of(one)), default=None)
        meant = frozenset((told,)) if found is None else self._meant_by(picture.file_name.casefold(), path_of(found))
        if told in meant and len(meant) > 1:
            self.doubt = (
                f' Several in it are called "{picture.file_name}"; put that one into a folder that is called as there.'
            )
        return found if meant == {told} else None

    def _meant_by(self, name: str, path: Path | None) -> frozenset[tuple[str, ...]]:
        """Return the folders that the file tells of the pictures that a path may be."""
        if path is None or path not in self._meant:
            alike = {told: _alike(told, path) for told in self._told[name]}
            most = max(alike.values())
            self._meant[path] = frozenset(told for told, count in alike.items() if count == most)
        return self._meant[path]


def _folders_of(path: str) -> tuple[str, ...]:
    """Return the folders of a path, the innermost first, whichever way they are written."""
    return PureWindowsPath(path.casefold()).parts[-2::-1]


def _alike(told: tuple[str, ...], path: Path | None) -> int:
    """Return how many folders are the same, counted from the innermost."""
    there = () if path is None else _folders_of(str(path.absolute()))
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(told, there, strict=False))))


def _for_open(found: LabelledSet, picture: PictureLabels, key: str, document: Document) -> Read:
    try:
        return ReadForOpen(key, found.read(picture, document))
    except LabelFileError as error:
        return NotRead(f'"{document.media.name}": {error}')


def _for_file(found: LabelledSet, picture: PictureLabels, path: Path) -> Read:
    try:
        document = Document(open_media(path))
        return ReadForFile(path, document, found.read(picture, document))
    except (LabelFileError, MediaError) as error:
        return NotRead(f'"{path.name}": {error}')


def documents_of(found: LabelledSet) -> Sequence[Callable[[], tuple[Document, tuple[str, ...]]]]:
    """Return what makes the document of each picture of a file, and says what was left out of its labels.

    Of a picture that is not near, only the name and the size are known, which is all that most label files tell. Making
    one raises ``LabelFileError`` or ``MediaError`` where it cannot be read, or its size is not known either.
    """
    near = _Nearby(found.source.path, _Namesakes(found.pictures))
    return [partial(_document_of, found, picture, near) for picture in found.pictures]


def _document_of(found: LabelledSet, picture: PictureLabels, near: _Nearby) -> tuple[Document, tuple[str, ...]]:
    path = near.path_of(picture)
    if path is None and picture.size is None:
        raise LabelFileError(
            f'The picture "{picture.file_name}" is not near, and the file does not say how large it is. '
            "Put it beside the file, or into a folder called images."
        )
    if path is None and picture.film is not None and picture.film.known is None:
        raise LabelFileError(
            f'The film "{picture.file_name}" is not near, and the file does not say how long it is. Put it beside the '
            "file, or into a folder called images."
        )
    document = Document(open_media(path) if path is not None else _named(picture))
    read = found.read(picture, document)
    if read.camera is not None:
        document.set_camera(read.camera, read.camera_source)
    document.add(read.annotations)
    return document, read.left_out


def _named(picture: PictureLabels) -> Media:
    """Return a picture of which only the name and the size are known, or a film as its labels describe it."""
    if picture.film is not None and picture.film.known is not None:
        return picture.film.known
    size = picture.size or Size(1, 1)
    return ImageMedia(
        name=picture.file_name or "picture",
        path=None,
        data=None,
        size=size,
        stored=size,
        orientation=Orientation.NORMAL,
        mime="",
    )


class _Nearby:
    """The pictures near a file of labels, by name; the folders are looked through when the first one is wanted."""

    def __init__(self, source: Path | None, namesakes: _Namesakes) -> None:
        self._source = source
        self._namesakes = namesakes
        self._paths: dict[str, list[Path]] | None = None

    def path_of(self, picture: PictureLabels) -> Path | None:
        """Return where a picture lies; None where it is not found."""
        if self._paths is None:
            self._paths = self._listed()
        return self._namesakes.best(picture, self._paths.get(picture.file_name.casefold(), ()), lambda path: path)

    def _listed(self) -> dict[str, list[Path]]:
        paths: dict[str, list[Path]] = {}
        for folder in self._folders():
            with suppress(OSError, MediaError):
                for path in pictures_in(folder, MEDIA_SUFFIXES):
                    for name in {path.name.casefold(), path.stem.casefold()}:
                        paths.setdefault(name, []).append(path)
        return paths

    def _folders(self) -> Iterator[Path]:
        if self._source is None:
            return
        for pattern in _FOLDERS:
            base, below = self._source.parent, pattern
            while below.startswith(".."):
                base, below = base.parent, below[3:]
            if "*" in below:
                yield from sorted(folder for folder in base.glob(below) if folder.is_dir())
            elif (base / below).is_dir():
                yield base / below
