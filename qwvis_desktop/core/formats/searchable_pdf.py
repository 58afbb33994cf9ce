"""Searchable PDF: the picture of each page, and over it the text that was read, invisible (``core.pdf_text``).

Of pages of a PDF document the text can also be laid onto the original (``core.pdf_overlay``).

Written piece by piece (ISO 32000-1): while a page is written, only its picture is in memory. A JPEG that is stored
upright is put in byte for byte where nothing is to be lost; what is no JPEG then keeps every pixel.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.dataset import Dataset, Holds, LabelledPicture, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.media import picture as picture_of
from qwvis_desktop.core.media.raster import decode, encode
from qwvis_desktop.core.pdf_overlay import notes as overlay_notes
from qwvis_desktop.core.pdf_overlay import overlaid
from qwvis_desktop.core.pdf_text import FONT, TextFont, text_content

_DOTS = 150
"""Pixels an inch that a picture is taken to have: 1240 x 1754 of them are a page of A4."""

_LONGEST = 14_400
"""Points; readers take no longer side (ISO 32000-1, annex C)."""

_HOLDS = Holds(kinds=frozenset({"text", "block"}), outlines=True, texts=True, attributes=True)


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return _HOLDS.losses(document)


def dump(dataset: Dataset, options: ExportOptions) -> Iterator[OutFile]:
    """Give the file, which is made while it is written."""
    if options.onto_original:
        yield OutFile("", overlaid([picture.document for picture in dataset]))
        return
    yield OutFile("", pieces=_pieces(dataset, options))


def notes(documents: Sequence[Document], options: ExportOptions) -> tuple[str, ...]:
    """Say which pages of the original were left as they are."""
    return overlay_notes(documents) if options.onto_original else ()


@dataclass(slots=True)
class _Body:
    """Numbers objects, and knows where each of them begins."""

    at: int = 0
    starts: dict[int, int] = field(default_factory=dict)
    last: int = 0

    def number(self) -> int:
        """Return the number of a further object."""
        self.last += 1
        return self.last

    def plain(self, data: bytes) -> bytes:
        """Return data that is written as it is."""
        self.at += len(data)
        return data

    def object(self, number: int, dictionary: str, stream: bytes | None = None) -> bytes:
        """Return an object, to be written next."""
        self.starts[number] = self.at
        if stream is None:
            return self.plain(f"{number} 0 obj\n<< {dictionary} >>\nendobj\n".encode())
        head = f"{number} 0 obj\n<< {dictionary} /Length {len(stream)} >>\nstream\n".encode()
        return self.plain(b"".join((head, stream, b"\nendstream\nendobj\n")))

    def end(self, root: int, info: int) -> bytes:
        """Return the table of all objects, and the end of the file."""
        rows = b"".join(b"%010d 00000 n \n" % self.starts[number] for number in range(1, self.last + 1))
        trailer = (
            f"trailer\n<< /Size {self.last + 1} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{self.at}\n%%EOF\n"
        )
        return b"xref\n0 %d\n0000000000 65535 f \n" % (self.last + 1) + rows + trailer.encode()


def _pieces(dataset: Dataset, options: ExportOptions) -> Iterator[bytes]:
    body, font = _Body(), TextFont()
    yield body.plain(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    root, info, tree, text = (body.number() for _ in range(4))
    pages = []
    for picture in dataset:
        pages.append(body.number())
        yield from _page(picture, body, font, options=options, page=pages[-1], parent=tree, text=text)
    places = [text, *(body.number() for _ in range(5))]
    for number, (dictionary, stream) in zip(places, font.objects(lambda at: f"{places[at]} 0 R"), strict=True):
        yield body.object(number, dictionary, stream)
    kids = " ".join(f"{number} 0 R" for number in pages)
    yield body.object(tree, f"/Type /Pages /Count {len(pages)} /Kids [{kids}]")
    yield body.object(root, f"/Type /Catalog /Pages {tree} 0 R")
    made = datetime.now(UTC).strftime("D:%Y%m%d%H%M%SZ")
    yield body.object(info, f"/Producer (QwVis Desktop) /CreationDate ({made})")
    yield body.end(root, info)


def _page(
    picture: LabelledPicture, body: _Body, font: TextFont, *, options: ExportOptions, page: int, parent: int, text: int
) -> Iterator[bytes]:
    size = picture.document.size
    scale = min(72 / (_resolution(picture.document) or _DOTS), _LONGEST / max(size))
    width, height = size.width * scale, size.height * scale
    image, content = body.number(), body.number()
    head, data = _image(picture.document.media, options.picture_quality)
    yield body.object(image, f"/Type /XObject /Subtype /Image {head}", data)
    drawn = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Picture Do Q\n".encode()
    drawn += text_content(picture.document, font, lambda point: Point(point.x * scale, height - point.y * scale))
    yield body.object(content, "/Filter /FlateDecode", zlib.compress(drawn))
    resources = f"<< /XObject << /Picture {image} 0 R >> /Font << /{FONT} {text} 0 R >> >>"
    box = f"[0 0 {width:.4f} {height:.4f}]"
    yield body.object(
        page,
        f"/Type /Page /Parent {parent} 0 R /MediaBox {box} /Resources {resources} /Contents {content} 0 R",
    )


def _resolution(document: Document) -> int:
    """Return the pixels an inch that a page of a PDF document was drawn at; 0 where it is none."""
    return picture_of(document.media).resolution


def _image(media: Media, quality: int | None) -> tuple[str, bytes]:
    """Return a picture as PDF has it: what its dictionary says, and the data.

    Raises:
        MediaError: it cannot be read.
    """
    if quality is None and media.mime == "image/jpeg" and media.orientation is Orientation.NORMAL:
        with reading(media.name), media.open() as file:
            data = file.read()
        colours = jpeg_colours(data)
        if colours in (1, 3):
            return _head(media.size, "DCTDecode", "DeviceGray" if colours == 1 else "DeviceRGB"), data
    raster = decode(media)
    if quality is not None:
        return _head(raster.size, "DCTDecode", "DeviceRGB"), encode(raster, "image/jpeg", quality)
    # The data of a PNG is packed just as PDF knows it, too (ISO 32000-1, 7.4.4.4).
    packed = b"".join(_png_data(encode(raster, "image/png")))
    parameters = f"/DecodeParms << /Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns {raster.size.width} >>"
    return f"{_head(raster.size, 'FlateDecode', 'DeviceRGB')} {parameters}", packed


def _head(size: Size, packing: str, colours: str) -> str:
    return f"/Width {size.width} /Height {size.height} /ColorSpace /{colours} /BitsPerComponent 8 /Filter /{packing}"


def jpeg_colours(data: bytes) -> int:
    """Return how many components a JPEG has (ITU-T T.81, B.2.2); 0 where it is none, or has other than 8 bits."""
    at = 2
    while at + 10 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 9] if data[at + 4] == 8 else 0
        at += 1 if marker == 0xFF else 2 + length
    return 0


def _png_data(data: bytes) -> Iterable[bytes]:
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IDAT":
            yield data[at + 8 : at + 8 + length]
        at += 12 + length
