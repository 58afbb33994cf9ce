"""Where the pictures and films of a command are: files, addresses on the web, ``data:`` URLs."""

from __future__ import annotations

import atexit
import base64
import binascii
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from qwvis_desktop.core.dataset import safe_name
from qwvis_desktop.core.media.frame_folder import from_film_address, open_frames
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.media import Media, open_media
from qwvis_desktop.core.media.pages import address, from_address, page_title
from qwvis_desktop.core.media.video import is_film


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page of a document.

    Attributes:
        page: its number, counted from 1.
        count: of pages; 0 where it is not known.
        resolution: pixels per inch; 0 for what is usual.
    """

    path: Path
    page: int
    count: int = 0
    resolution: int = 0


@dataclass(frozen=True, slots=True)
class FramesSource:
    """A folder whose pictures are the frames of a film.

    Attributes:
        rate: frames a second.
    """

    path: Path
    rate: float


Source: TypeAlias = Path | str | PageSource | FramesSource
"""A file, a page of one, a folder as a film, or an address as it was written."""


def source(text: str) -> Source:
    """Read a path, that of a page (``scan.pdf#page=3``) or a folder as a film (``frames#rate=25``), or an address."""
    if text.startswith(("http://", "https://", "data:")):
        return text
    folder, rate = from_film_address(text)
    if rate:
        return FramesSource(Path(folder), rate)
    file, page = from_address(text)
    return PageSource(Path(file), page) if page else Path(file)


def shown(where: Source) -> str:
    """Return a source for people: a ``data:`` URL without its data, the page of several with its number."""
    if isinstance(where, PageSource):
        return address(where.path, where.page if where.count != 1 else 0)
    if isinstance(where, FramesSource):
        return str(where.path)
    return where.partition(",")[0] if isinstance(where, str) and where.startswith("data:") else str(where)


def files_of(sources: Sequence[Source]) -> set[Path]:
    """Return the files among ``sources``, none of which is to be written over."""
    paths = (where.path if isinstance(where, PageSource | FramesSource) else where for where in sources)
    return {path.resolve() for path in paths if isinstance(path, Path)}


def link_of(where: Source) -> str:
    """Return the address from which a service can fetch the picture; empty where it cannot."""
    return where if isinstance(where, str) and not where.startswith("data:") else ""


def opened(where: Source) -> Media:
    """Open a picture or a film; one on the web is fetched, a film into a file that is there as long as the program.

    Raises:
        MediaError: it cannot be read or fetched.
    """
    if isinstance(where, Path):
        return open_media(where)
    if isinstance(where, FramesSource):
        return open_frames(where.path, where.rate)
    if isinstance(where, PageSource):
        name = page_title(where.path.name, where.page, where.count)
        return open_image(where.path, name, page=where.page, resolution=where.resolution)
    if where.startswith("data:"):
        head, _, data = where.partition(",")
        try:
            return open_image(base64.b64decode(data, validate=True), "picture")
        except binascii.Error as error:
            raise MediaError(f"The address '{head},...' is not base64. Write data:image/png;base64,...") from error
    from qwvis_desktop.core.providers.base import CancelToken, ProviderError
    from qwvis_desktop.core.providers.download import download

    try:
        data_, name = download(where, CancelToken())
    except ProviderError as error:
        raise MediaError(str(error)) from error
    if not is_film(data_[:512]):
        return open_image(data_, name)
    path = _folder() / safe_name(name, "film")
    path.write_bytes(data_)
    return open_media(path, name)


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return a folder for what was fetched, which goes when the program ends."""
    folder = tempfile.TemporaryDirectory(prefix="qwvis-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
