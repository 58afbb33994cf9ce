"""XML of label files: read without what makes XML dangerous, and written so that any text can stand in it."""

from __future__ import annotations

import re
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers.expat import ExpatError, ParserCreate

from qwvis_desktop.core.label_file import LabelFileError

_DEEPEST = 50
"""Elements inside each other; label files need six."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


def xml_root(text: str, kind: str) -> Element:
    """Return the outermost element of a file of ``kind`` ("CVAT").

    Document types are refused, and with them all entities: neither can a small file become a huge one, nor can one
    have other files read.

    Raises:
        LabelFileError: it is no XML, or not of that sort.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    builder = TreeBuilder()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise LabelFileError(f"This is no {kind} file: its elements lie too deep inside each other.")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_: object) -> NoReturn:
        raise LabelFileError(
            f"This {kind} file declares a document type, which label files do not need and attacks are made of. "
            "Remove the lines from <!DOCTYPE to its end."
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.lstrip("\ufeff"), True)
    except ExpatError as error:
        raise LabelFileError(
            f"This is no {kind} file: it is not XML ({error}). Save it again, or copy it whole."
        ) from error
    root: Element = builder.close()
    return root


def xml_bytes(root: Element, declared: bool = True) -> bytes:
    """Return the file, indented, UTF-8; with a first line that says so, unless it is to be pasted somewhere."""
    indent(root, " ")
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=declared)
    return data + b"\n"


def xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold; the replacement character stands for each."""
    return _NOT_XML.sub("\ufffd", text)


def add(parent: Element, name: str, text: object = None, /, **attributes: object) -> Element:
    """Append an element with this text and these attributes, and return it."""
    element = SubElement(parent, name, {key: xml_text(str(value)) for key, value in attributes.items()})
    if text is not None:
        element.text = xml_text(str(text))
    return element


def text_in(element: Element, name: str) -> str:
    """Return the text of the element called ``name`` inside, without blanks around it.

    Raises:
        KeyError: there is none.
    """
    found = element.find(name)
    if found is None:
        raise KeyError(name)
    return (found.text or "").strip()


def decimal(text: str, what: str) -> float:
    """Return a number that an attribute or an element holds.

    Raises:
        ValueError: it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{what} is not a number, but {text!r:.40}") from None
