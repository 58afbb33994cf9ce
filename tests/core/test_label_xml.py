from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.label_file import LabelFileError
from qwvis_desktop.core.label_xml import add, decimal, text_in, xml_bytes, xml_root, xml_text


@given(st.text(), st.text())
def test_any_text_can_stand_in_a_file(text: str, attribute: str) -> None:
    root = Element("a")
    add(root, "b", text, name=attribute)
    (found,) = xml_root(xml_bytes(root).decode(), "XML")
    assert (found.text or "").split() == xml_text(text).split()
    assert (found.get("name") or "").split() == xml_text(attribute).split()


BOMB = (
    "<!DOCTYPE a ["
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "ha">' for n in range(12))
    + "]><a>&e11;</a>"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>', "document type"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "document type"),
        ("<a>&unknown;</a>", "not XML"),
        ("", "not XML"),
        ("<a></b>", "not XML"),
        ("<a>" * 1000, "too deep"),
    ],
)
def test_what_is_dangerous_or_broken_is_refused(text: str, words: str) -> None:
    with pytest.raises(LabelFileError, match=words):
        xml_root(text, "test")


def test_numbers_and_texts() -> None:
    root = xml_root("\ufeff<?xml version='1.0' encoding='gbk'?><a><b> 猫 </b></a>", "test")
    assert text_in(root, "b") == "猫"
    with pytest.raises(KeyError):
        text_in(root, "c")
    assert decimal(" 1.5 ", "x") == 1.5
    with pytest.raises(ValueError, match="x is not a number"):
        decimal("one", "x")
