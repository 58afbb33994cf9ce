"""Pages of a file as pictures of their own: how many there are, what each is called, and its address.

The address of a page is its file's path with ``#page=3`` behind it, as RFC 8118 has it for PDF.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from qwvis_desktop.core.media import pdf, tiff
from qwvis_desktop.core.media.frame_folder import film_address
from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import FOLDER, VideoMedia
from qwvis_desktop.core.media.write import write_beside

PDF_SUFFIX = ".pdf"

PAGED_SUFFIXES = frozenset({PDF_SUFFIX, ".tif", ".tiff"})
"""Suffixes, in lower case, of files that may hold several pages."""

_ADDRESS = re.compile(r"(?P<file>.+)#page=(?P<page>[1-9]\d{0,6})", re.DOTALL)
_RANGE = re.compile(r"\s*(\d+)\s*(?:-\s*(\d*)\s*)?")


def may_have_pages(name: str | Path) -> bool:
    """Say whether a file may hold several pages, by its name."""
    return os.path.splitext(os.fspath(name))[1].lower() in PAGED_SUFFIXES  # noqa: PTH122 - of 100,000 names


def count_pages(path: Path, name: str = "") -> int:
    """Return how many pages a file has; 0 where it is one picture and not a page of a document.

    Raises:
        MediaError: it cannot be opened.
    """
    with reading(name or path.name, path):
        with path.open("rb") as file:
            if pdf.SIGNATURE not in file.read(1024):
                found = len(tiff.pages(file))
                return found if found > 1 else 0
        return pdf.page_count(path)


def is_document(data: bytes) -> bool:
    """Say whether encoded bytes are a PDF document."""
    return pdf.SIGNATURE in data[:1024]


def keep_document(data: bytes, name: str, folder: Path) -> Path:
    """Write a document that came without a file below ``folder``; return where. The same one is written once.

    Args:
        data: its bytes.
        name: safe as the name of a file; gets the suffix of documents where it has none.
        folder: where such documents are; it is made where it is not there.

    Raises:
        WriteError: it cannot be written.
    """
    path = folder / hashlib.sha256(data).hexdigest()[:16] / name
    path = path if may_have_pages(path) else path.with_name(f"{path.name}{PDF_SUFFIX}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)  # where it cannot be made, writing says why
    if not path.is_file():
        write_beside(path, data)
    return path


def unlock(path: Path, password: str) -> bool:
    """Say whether ``password`` opens an encrypted document; a right one is remembered until the program ends.

    Raises:
        MediaError: it cannot be opened with any.
    """
    with reading(path.name, path):
        return pdf.unlock(path, password)


def address(path: str | Path, page: int) -> str:
    """Return what a page goes by; the path itself where there is one picture (``page`` is 0)."""
    return f"{path}#page={page}" if page else str(path)


def address_of(media: Media) -> str:
    """Return what a picture goes by that has a path: that from the root, and its page; empty where it has none.

    A folder that is looked at as a film goes by its rate as well.
    """
    if media.path is not None and isinstance(media, VideoMedia) and media.mime == FOLDER:
        return film_address(media.path.absolute(), media.rate)
    return address(media.path.absolute(), media.page) if media.path is not None else ""


def from_address(text: str) -> tuple[str, int]:
    """Return the path and the number of the page that ``address`` wrote; a file of just that name comes first."""
    match = _ADDRESS.fullmatch(text)
    if match is None or Path(text).exists():
        return text, 0
    return match["file"], int(match["page"])


def page_title(name: str, page: int, count: int) -> str:
    """Return what people call a page: "scan.pdf, page 3 of 20"; the file's name where it is the only one."""
    return f"{name}, page {page} of {count}" if page and count > 1 else name


def read_ranges(text: str, count: int) -> tuple[int, ...]:
    """Return the pages that "1-5, 8" names, in its order, each once; "12-" is to the end.

    Args:
        text: numbers and ranges, with commas between.
        count: pages that there are.

    Raises:
        ValueError: it is no such list, or names a page that is not there; the text is for people.
    """
    chosen: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(f'"{text}" does not name pages. Write them as 1-5,8 or 12-.')
        first = int(match[1])
        last = first if match[2] is None else int(match[2] or count)
        if not 1 <= first <= last <= count:
            there = f"there are {count:,}" if count != 1 else "there is one"
            raise ValueError(f'"{part.strip()}" are no pages of this document: {there}.')
        chosen += range(first, last + 1)
    return tuple(dict.fromkeys(chosen))


def as_ranges(pages: Iterable[int]) -> str:
    """Return pages as "1-5, 8", the lowest first."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
