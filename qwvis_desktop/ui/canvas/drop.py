"""What a drop, or a paste, will do: decided from its data alone, before it happens and in the same words.

Order matters: a picture dragged out of a browser comes as a link, as a page with the picture in it, as the picture's
own data and perhaps as a temporary file, all at once. Files come first, then data, then links, then text. A file
without a suffix is taken; its content decides when it is opened.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage

from qwvis_desktop.core.media.folder import MEDIA_SUFFIXES
from qwvis_desktop.core.media.video import FILM_SUFFIXES

_ENCODED = ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff", "image/gif")
"""Picture data as programs offer it, the best first."""

_IMAGE_TAG = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s>]+))""", re.IGNORECASE)
_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)

_MAX_HTML = 1 << 20
"""Characters of a dropped page that are searched for a picture."""


DATA_SUFFIXES = frozenset(
    {".json", ".jsonl", ".txt", ".xml", ".csv", ".tsv", ".yaml", ".yml", ".hocr", ".srt", ".vtt", ".ini"}
)
"""Endings of files that may hold a reply, labels or a camera; their content decides when they are read."""


PROJECT_SUFFIX = ".qwvis"
"""Ending of projects."""


class DropKind(Enum):
    """What becomes of a drop."""

    REFUSED = auto()
    FILES = auto()
    URLS = auto()
    PICTURE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class DropPlan:
    """What a drop will do.

    Attributes:
        sentence: says it, or why nothing will happen; for people.
        paths: files and folders (``FILES``).
        urls: http and https links (``URLS``).
        text: what may be a reply (``TEXT``).
    """

    kind: DropKind
    sentence: str
    paths: tuple[Path, ...] = ()
    urls: tuple[str, ...] = ()
    text: str = ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Drop", text)


def plan_drop(mime: QMimeData) -> DropPlan:
    """Decide what dropping ``mime`` will do. Looks at names and kinds only; no file is read."""
    urls = mime.urls()
    local = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
    if local:
        return _plan_files(local)
    if _has_picture(mime):
        return DropPlan(DropKind.PICTURE, _tr("Open the picture"))
    links = _links(mime, urls)
    if links:
        several = _tr("Download {count} pictures").format(count=len(links))
        return DropPlan(DropKind.URLS, _tr("Download the picture") if len(links) == 1 else several, urls=links)
    if any(url.scheme() not in ("", "data") for url in urls):
        scheme = next(url.scheme() for url in urls if url.scheme() not in ("", "data"))
        return _refused(_tr("QwVis can't open {scheme} links, only http and https").format(scheme=scheme))
    text = mime.text().strip() if mime.hasText() else ""
    if text:
        return DropPlan(DropKind.TEXT, _tr("Read this text as a reply"), text=mime.text())
    return _refused(_tr("QwVis can open pictures, films, folders, links and replies, but not this"))


def _refused(sentence: str) -> DropPlan:
    return DropPlan(DropKind.REFUSED, sentence)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:
        # Below a locked folder; what it is shows when it is opened, which then says so.
        return False


def _plan_files(paths: tuple[Path, ...]) -> DropPlan:
    folders = tuple(path for path in paths if _is_folder(path))
    pictures = tuple(
        path for path in paths if path not in folders and (path.suffix.lower() in MEDIA_SUFFIXES or not path.suffix)
    )
    if paths and all(path.suffix.lower() in DATA_SUFFIXES for path in paths):
        one = _tr("Read '{name}' as a reply, labels or a camera").format(name=paths[0].name)
        many = _tr("Read {n} files as labels").format(n=len(paths))
        return DropPlan(DropKind.FILES, one if len(paths) == 1 else many, paths=paths)
    if len(paths) == 1 and paths[0].suffix.lower() == PROJECT_SUFFIX:
        return DropPlan(DropKind.FILES, _tr("Open the project '{name}'").format(name=paths[0].name), paths=paths)
    if not folders and not pictures:
        suffixes = sorted({path.suffix.lower() for path in paths})
        return _refused(_tr("QwVis can't open {suffixes} files").format(suffixes=_tr(" or ").join(suffixes)))
    labels = tuple(path for path in paths if path.suffix.lower() in DATA_SUFFIXES and path not in folders)
    wanted = tuple(path for path in paths if path in folders or path in pictures or path in labels)
    sentence = _files_sentence(folders, pictures)
    if labels:
        one, many = _tr(" and read '{name}' for it"), _tr(" and read {n} files as labels")
        sentence += (one if len(labels) == 1 else many).format(name=labels[0].name, n=len(labels))
    others = len(paths) - len(wanted)
    if others:
        sentence += _tr(" ({count} of another kind left out)").format(count=others)
    return DropPlan(DropKind.FILES, sentence, paths=wanted)


def _files_sentence(folders: tuple[Path, ...], pictures: tuple[Path, ...]) -> str:
    match len(folders), len(pictures):
        case 0, 1:
            return _tr("Open '{name}'").format(name=pictures[0].name)
        case 0, count:
            return _several(pictures).format(count=count)
        case 1, 0:
            return _tr("Open the folder '{name}'").format(name=folders[0].name or str(folders[0]))
        case count, 0:
            return _tr("Open {count} folders").format(count=count)
        case count, others:
            mixed = _tr("{pictures} and {folders} folders")
            return mixed.format(pictures=_several(pictures).format(count=others), folders=count)


def _several(files: tuple[Path, ...]) -> str:
    """Return how several pictures, films or both of them are opened."""
    are_films = {path.suffix.lower() in FILM_SUFFIXES for path in files}
    if are_films == {True}:
        return _tr("Open {count} films")
    return _tr("Open {count} pictures and films") if True in are_films else _tr("Open {count} pictures")


def _has_picture(mime: QMimeData) -> bool:
    return any(mime.hasFormat(kind) for kind in _ENCODED) or mime.hasImage() or _embedded(mime) is not None


def _page_source(mime: QMimeData) -> str | None:
    """Return the address of the first picture of a dropped piece of a page."""
    if not mime.hasHtml():
        return None
    from html import unescape  # not for the start

    found = _IMAGE_TAG.search(mime.html()[:_MAX_HTML])
    return unescape(next(part for part in found.groups() if part)) if found else None


def _embedded(mime: QMimeData) -> str | None:
    """Return a picture that a page, or a text, carries in itself, as base64."""
    for source in (_page_source(mime), mime.text().strip() if mime.hasText() else None):
        if source is None:
            continue
        start = _DATA_URL.match(source)
        if start:
            return source[start.end() :]
    return None


def _links(mime: QMimeData, urls: list[QUrl]) -> tuple[str, ...]:
    """Return the http links of a drop: the picture of a page rather than the page it leads to."""
    source = _page_source(mime)
    if source is not None and _is_web(source):
        return (source,)
    found = tuple(url.toString() for url in urls if _is_web(url.toString()))
    if found:
        return found
    lines = mime.text().split() if mime.hasText() else []
    return tuple(lines) if lines and all(_is_web(line) for line in lines) else ()


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # what is in brackets is no IPv6 address
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)


def picture_of(mime: QMimeData) -> tuple[bytes, str] | None:
    """Return the encoded picture that a drop carries, and a name for it; None where it carries none.

    Pixels without an encoding (as the clipboard has them) are encoded as PNG.
    """
    name = _name_of(mime)
    for kind in _ENCODED:
        if mime.hasFormat(kind):
            return bytes(mime.data(kind).data()), name
    embedded = _embedded(mime)
    if embedded is not None:
        try:
            return base64.b64decode(unquote(embedded), validate=False), name
        except binascii.Error:
            return None
    image = mime.imageData()
    return (_as_png(image), name) if isinstance(image, QImage) and not image.isNull() else None


def _name_of(mime: QMimeData) -> str:
    addresses = [_page_source(mime) or "", *(url.toString() for url in mime.urls())]
    for address in addresses:
        if _is_web(address):
            name = unquote(urlsplit(address).path).rsplit("/", 1)[-1]
            if name:
                return name
    return _tr("Dropped picture")


def _as_png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, the function a text
    buffer.close()
    return bytes(data.data())
