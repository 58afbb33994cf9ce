"""PDF documents and TIFFs drawn by the tests, with text in known places; written by hand, to be what they are to be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

A4 = (595.28, 841.89)

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


@dataclass(frozen=True)
class Page:
    """A page: lines of text in Helvetica from the top left down, in points; it may be turned, and cropped."""

    lines: Sequence[str] = ()
    size: tuple[float, float] = A4
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None
    font: float = 18.0
    marks: str = ""
    """Further drawing, as PDF has it."""

    def drawing(self) -> bytes:
        rows = [
            f"BT /F {self.font} Tf {72} {self.size[1] - 100 - 2 * self.font * row:.2f} Td ({_escaped(line)}) Tj ET"
            for row, line in enumerate(self.lines)
        ]
        return "\n".join([*rows, self.marks]).encode("latin-1")


def document(pages: Iterable[Page], password: str = "") -> bytes:
    """Return a PDF document; with a password it is encrypted (the standard handler, revision 2)."""
    drawn = list(pages)
    numbers = range(4, 4 + 2 * len(drawn), 2)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(drawn)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    lock = _Lock(password) if password else None
    for number, page in zip(numbers, drawn, strict=True):
        width, height = page.size
        crop = f"/CropBox [{' '.join(map(str, page.crop))}]" if page.crop else ""
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] {crop} /Rotate {page.rotate} "
            f"/Resources << /Font << /F 3 0 R >> >> /Contents {number + 1} 0 R >>"
        ).encode()
        content = page.drawing()
        if lock is not None:
            content = lock.locked(content, number + 1)
        objects[number + 1] = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)
    return _file(objects, lock)


def tiff(*sizes: tuple[int, int]) -> bytes:
    """Return a TIFF with a page for each size, each darker than the one before."""
    pictures = [Image.new("L", size, 250 - 40 * number) for number, size in enumerate(sizes)]
    with BytesIO() as file:
        pictures[0].save(file, "TIFF", save_all=True, append_images=pictures[1:])
        return file.getvalue()


class _Lock:
    """Encryption with 40 bits (ISO 32000-1, 7.6.3, revision 2)."""

    ident = bytes(16)

    def __init__(self, password: str) -> None:
        padded = (password.encode("latin-1") + _PADDING)[:32]
        self.owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
        self.key = hashlib.md5(padded + self.owner + b"\xfc\xff\xff\xff" + self.ident).digest()[:5]
        self.user = _rc4(self.key, _PADDING)

    def locked(self, data: bytes, number: int) -> bytes:
        return _rc4(hashlib.md5(self.key + number.to_bytes(3, "little") + bytes(2)).digest()[:10], data)

    def entry(self) -> bytes:
        owner, user, ident = self.owner.hex(), self.user.hex(), self.ident.hex()
        lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner}> /U <{user}> >>"
        return f"{lock} /ID [<{ident}> <{ident}>]".encode()


def _rc4(key: bytes, data: bytes) -> bytes:
    state, place = list(range(256)), 0
    for at in range(256):
        place = (place + state[at] + key[at % len(key)]) % 256
        state[at], state[place] = state[place], state[at]
    made, first, second = bytearray(), 0, 0
    for byte in data:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        made.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(made)


def _file(objects: dict[int, bytes], lock: _Lock | None) -> bytes:
    data, places = bytearray(b"%PDF-1.4\n"), {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(objects))
    entry = lock.entry() if lock is not None else b""
    data += b"trailer << /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, entry, start)
    return bytes(data)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
