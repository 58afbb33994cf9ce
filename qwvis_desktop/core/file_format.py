"""``Format``: a kind of file that documents are written in, and how the rows of the tables of formats are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from qwvis_desktop.core.dataset import Dataset, LabelledPicture, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import Choice, ExportOptions
from qwvis_desktop.core.label_file import Losses, sentences


class Layout(StrEnum):
    """How a format lays out several pictures."""

    EACH = "a file for each picture"
    ONE = "one file for all pictures"
    FOLDER = "a folder"


class Group(StrEnum):
    """What formats are for, as they are offered together; the words are those that people read."""

    PICTURES = "Pictures"
    TEXT = "Text and pages"
    LABELS = "Labels"
    TRAINING = "Fine-tuning"
    TABLES = "Tables and fields"
    SPACE = "Boxes in space"
    FILMS = "Films"
    REPLIES = "Replies"


Make: TypeAlias = Callable[[Dataset], Iterable[OutFile]]
Tailor: TypeAlias = Callable[[Dataset, ExportOptions], Iterable[OutFile]]


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
        media: kinds of media that it is for.
        tailor: makes the files instead, where there is something to choose.
        choices: what that is.
        cuts_picture: whether parts of the picture are in it, where that is at hand.
        group: what it is offered together with.
        notes: says what else of documents was left out, which takes a look into their files; a sentence each.
    """

    id: str
    title: str
    suffix: str
    mime: str
    losses: Callable[[Document], Losses]
    make: Make | None = None
    layout: Layout = Layout.EACH
    beside: tuple[str, ...] = ()
    media: tuple[str, ...] = ("image",)
    tailor: Tailor | None = None
    choices: frozenset[Choice] = frozenset()
    cuts_picture: bool = False
    group: Group = Group.LABELS
    notes: Callable[[Sequence[Document], ExportOptions], tuple[str, ...]] = lambda _documents, _options: ()

    @property
    def is_drawn(self) -> bool:
        """Whether a ``Renderer`` makes it."""
        return self.make is None and self.tailor is None

    @property
    def needs_picture(self) -> bool:
        """Whether the picture itself is in it, and not only what is known of it."""
        return self.is_drawn or Choice.PICTURE_QUALITY in self.choices

    def made(self, dataset: Dataset, options: ExportOptions) -> Iterable[OutFile]:
        """Give the files, the main one first; none of what is drawn."""
        if self.tailor is not None:
            return self.tailor(dataset, options)
        return () if self.make is None else self.make(dataset)

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


def single(dump: Callable[[Document], bytes], beside: Callable[[Document], bytes] | None = None) -> Make:
    """Make the one file of a format, and its companion, by functions of the document."""

    def make(dataset: Dataset) -> Iterator[OutFile]:
        for picture in dataset:
            yield OutFile("", dump(picture.document))
            if beside is not None:
                yield OutFile(".calib.txt", beside(picture.document))

    return make


def of_picture(dump: Callable[[LabelledPicture], bytes]) -> Make:
    """Make the one file of a format by a function of the picture under its name."""
    return lambda dataset: (OutFile("", dump(picture)) for picture in dataset)


def whole(dump: Callable[[Dataset], bytes]) -> Make:
    """Make the one file of a format that holds all pictures."""
    return lambda dataset: [OutFile("", dump(dataset))]
