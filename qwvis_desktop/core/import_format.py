"""``ImportFormat``: a kind of file that can be read in, and how the rows of the table of those are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath

from qwvis_desktop.core.dataset import FilmLabels, PictureLabels, clipped, mapped, scaled
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.label_file import LabelFileError, Labels
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import VideoMedia

MOST_BYTES = 500_000_000
"""Files larger than this are refused unread; the largest data set of labels in one file takes about half."""

_SAME_SHAPE = 0.01
"""How much the ratio of a picture's sides may differ for it still to be the same picture, made smaller or larger."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that is to be read, and the file it is of; None where it was pasted."""

    text: str
    path: Path | None = None

    def beside(self, *names: str) -> str | None:
        """Return the text of the first of these files that is there, paths from the file's own folder."""
        if self.path is None:
            return None
        places = (self.path.parent / name for name in names)
        found = next((place for place in places if place.is_file() and place.resolve() != self.path.resolve()), None)
        return None if found is None else text_of(found)


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A kind of file that can be read.

    Attributes:
        id: its name on the command line.
        title: its name for people (translated where it is shown).
        suffixes: what its files' names may end in, for dialogs.
        recognises: says whether a text is one.
        read: gives labels for a document, and the run where the text is a reply.
        pictures: gives what is said of each picture, where the format names pictures.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Source, Document], tuple[Labels, Run | None]]
    pictures: Callable[[Source], tuple[PictureLabels, ...]] | None = None


def of_document(load: Callable[[str, Document], Labels]) -> Callable[[Source, Document], tuple[Labels, Run | None]]:
    """Read labels of a picture that the file does not name."""
    return lambda source, document: (load(source.text, document), None)


def of_events(load: Callable[[str], Labels], title: str) -> Callable[[Source, Document], tuple[Labels, Run | None]]:
    """Read events, which are of a film."""

    def read(source: Source, document: Document) -> tuple[Labels, Run | None]:
        if not isinstance(document.media, VideoMedia):
            raise LabelFileError(f"It tells when something happens in a film ({title}). Open the film it is of.")
        return load(source.text), None

    return read


def of_pictures(
    format_id: str,
    title: str,
    suffixes: tuple[str, ...],
    recognises: Callable[[str], bool],
    pictures: Callable[[Source], tuple[PictureLabels, ...]],
) -> ImportFormat:
    """Return a format that names the pictures its labels are of."""

    def read(source: Source, document: Document) -> tuple[Labels, Run | None]:
        found = pictures(source)
        return (labels_of(picture_of(found, document, title), document), None) if found else (Labels(()), None)

    return ImportFormat(format_id, title, suffixes, recognises, read, pictures)


def picture_of(pictures: Sequence[PictureLabels], document: Document, title: str) -> PictureLabels:
    """Return the entry of the document's picture: the only one, or the one of its name.

    Raises:
        LabelFileError: there are several, and none or more than one of its name.
    """
    if len(pictures) == 1:
        return pictures[0]
    named = [picture for picture in pictures if is_named(picture, document)]
    if len(named) > 1:
        named = [picture for picture in named if picture.size == document.size]
    if len(named) == 1:
        return named[0]
    found = "none of them is" if not named else f"{len(named)} of them are"
    raise LabelFileError(
        f'This {title} file is of {len(pictures)} pictures, and {found} called "{document.media.name}". '
        "Open the picture it is of, or choose a file of one picture."
    )


def is_named(picture: PictureLabels, document: Document) -> bool:
    """Say whether a picture in a file has the name of the document's; one without ending, as YOLO has it, too."""
    return picture.file_name.casefold() in names_of(document)


def names_of(document: Document) -> frozenset[str]:
    """Return what files may call the picture of a document, in lower case; a page by the name of its copy, too."""
    ours = PurePath(document.media.file_name)
    copies = {f"{ours.stem}.png"} if document.media.page else set()
    return frozenset(name.casefold() for name in {ours.name, ours.stem} | copies)


def labels_of(picture: PictureLabels, document: Document) -> Labels:
    """Return what a file says of a picture, in pixels of the document's.

    Where the file is of another size of the same shape, places are scaled; where it is of the picture as it is stored,
    lying on its side, they are turned with it. Boxes are clipped to the picture.

    Raises:
        LabelFileError: the picture has another shape.
    """
    size, read, kind = document.size, picture.read, "picture"
    if picture.film is not None:
        if not isinstance(document.media, VideoMedia):
            name = document.media.name
            raise LabelFileError(f'It is of a film ("{picture.file_name}"), and "{name}" is a picture. Open the film.')
        read, kind = partial(_read_film, picture.film, document.media), "film"
    if picture.size is None:
        return clipped(read(size), size)
    across, down = size.width / picture.size.width, size.height / picture.size.height
    if not _has_shape(picture.size, size) and _is_lying(document.media, picture.size):
        return clipped(_turned(read(picture.size), document.media, picture.size), size)
    if not _has_shape(picture.size, size):
        raise LabelFileError(
            f"It is about a {kind} of {picture.size.width} x {picture.size.height} pixels, and the one that is open "
            f'has {size.width} x {size.height}. Open the {kind} "{picture.file_name}".'
        )
    return clipped(scaled(read(picture.size), across, down), size)


def _has_shape(one: Size, other: Size) -> bool:
    return abs(other.width / one.width / (other.height / one.height) - 1) <= _SAME_SHAPE


def _is_lying(media: Media, told: Size) -> bool:
    """Say whether a picture is stored lying on its side, and labels are of that: not every tool turns it upright."""
    return isinstance(media, ImageMedia) and media.orientation.swaps_sides and _has_shape(told, media.stored)


def _turned(labels: Labels, media: Media, told: Size) -> Labels:
    """Return labels of the stored picture, ``told`` large, in pixels of the upright one."""
    assert isinstance(media, ImageMedia)
    across, down = media.stored.width / told.width, media.stored.height / told.height
    upright = mapped(scaled(labels, across, down), lambda point: media.orientation.to_upright(point, media.stored))
    return replace(upright, left_out=(*upright.left_out, _TURNED))


_TURNED = "The file is of the picture as it is stored, lying on its side; its places were turned with it."


def _read_film(labels: FilmLabels, film: VideoMedia, size: Size) -> Labels:
    """Read what is said of a film, whose frames have ``size`` in the file."""
    return labels.read(replace(film, size=size))


def text_of(path: Path) -> str:
    """Return the text of a file of labels.

    Raises:
        LabelFileError: it is not there, too large, or no text.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LabelFileError(f"It is larger than {MOST_BYTES // 10**6} MB, so it was not read. Take a part of it.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelFileError(
            "It is no text in UTF-8. If it holds labels, save it in that encoding; else choose another file."
        ) from error
    except OSError as error:
        raise LabelFileError(f"It could not be read: {error.strerror or error}.") from error
