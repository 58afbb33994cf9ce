"""ALTO 4.4, checked by rules taken from its schema, and by the schema itself where that is at hand.

The schema is not part of this project: get ``v4/alto-4-4.xsd`` of github.com/altoxml/schema, name the file in
``QWVIS_ALTO_SCHEMA`` (or put it into a folder ``schemas`` beside this one), and the tests that skip run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plane_documents import plane_document
from text_pages import page, rectangle

from qwvis_desktop.core.annotation import Annotation, Detection, JsonValue, LayoutBlock, TextRegion
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.formats import alto
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_file import LabelFileError
from qwvis_desktop.core.page_text import words_of
from qwvis_desktop.core.plane.forms import corners_of

SCHEMA = Path(os.environ.get("QWVIS_ALTO_SCHEMA") or Path(__file__).parent / "schemas" / "alto-4-4.xsd")
LINKS = """<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xlink">
 <x:attributeGroup name="simpleLink"><x:attribute name="href" type="x:anyURI"/></x:attributeGroup></x:schema>"""
"""Stands for the schema of links that ALTO's imports from the net; nothing here has a link."""

LINE = TextRegion(text="two  words", polygon=rectangle(100.25, 50, 200, 20), score=0.931)
LEANING = TextRegion(text="中文 & <b>\nzwei", polygon=rectangle(100, 200, 200, 20, 7), accepted=True)
UPWARD = TextRegion(text="up", polygon=rectangle(400, 400, 100, 20, -90), score=0.5)
TITLE = LayoutBlock(tag="h2", text="A title", box=Box(10, 10, 300, 40))
FIGURE = LayoutBlock(tag="image", text="", box=Box(300, 300, 350, 350))
ALL: tuple[TextRegion | LayoutBlock, ...] = (TITLE, LINE, LEANING, FIGURE, UPWARD)

PLACE: dict[str, type] = {"HPOS": float, "VPOS": float, "WIDTH": float, "HEIGHT": float}
BLOCK: dict[str, type] = {"ID": str, **PLACE}
RULES: dict[str, tuple[str, dict[str, type], dict[str, type]]] = {
    "alto": ("(Description)?(Styles)?(Tags)?(ReadingOrder)?(Layout)", {}, {"SCHEMAVERSION": str}),
    "Description": ("(MeasurementUnit)(sourceImageInformation)?(OCRProcessing)*(Processing)*", {}, {}),
    "MeasurementUnit": ("", {}, {}),
    "sourceImageInformation": ("(fileName)?(fileIdentifier)*(documentIdentifier)*", {}, {}),
    "fileName": ("", {}, {}),
    "Processing": ("(processingCategory)?(processingDateTime)?(processingSoftware)?", {"ID": str}, {}),
    "processingSoftware": ("(softwareCreator)?(softwareName)?(softwareVersion)?", {}, {}),
    "softwareName": ("", {}, {}),
    "Tags": ("(LayoutTag|OtherTag)*", {}, {}),
    "LayoutTag": ("", {"ID": str, "LABEL": str}, {"TYPE": str, "DESCRIPTION": str}),
    "OtherTag": ("", {"ID": str, "LABEL": str}, {"TYPE": str, "DESCRIPTION": str}),
    "ReadingOrder": ("(OrderedGroup|UnorderedGroup)+", {}, {}),
    "OrderedGroup": ("(ElementRef|OrderedGroup|UnorderedGroup)+", {"ID": str}, {}),
    "ElementRef": ("", {"ID": str, "REF": str}, {}),
    "Layout": ("(Page)+", {}, {}),
    "Page": ("(PrintSpace)?", {"ID": str, "PHYSICAL_IMG_NR": float}, {"WIDTH": float, "HEIGHT": float}),
    "PrintSpace": ("(Shape)?(TextBlock|Illustration|ComposedBlock)*", {}, PLACE),
    "TextBlock": ("(Shape)?(TextLine)*", {"ID": str}, {**BLOCK, "ROTATION": float, "CS": str, "TAGREFS": str}),
    "Illustration": ("(Shape)?", {"ID": str}, {**BLOCK, "TAGREFS": str, "TYPE": str, "CS": str}),
    "TextLine": ("(Shape)?((String)(SP)?)+(HYP)?", {}, {**BLOCK, "TAGREFS": str, "CS": str}),
    "String": ("(Shape)?", {"CONTENT": str}, {**BLOCK, "WC": float, "TAGREFS": str}),
    "SP": ("", {}, BLOCK),
    "Shape": ("(Polygon|Ellipse|Circle)", {}, {}),
    "Polygon": ("", {"POINTS": str}, {}),
}
"""Of each element that is written: the order of what is in it, what it must have and what it may have."""


def written(*annotations: Annotation, estimated: bool = False) -> str:
    dataset = dataset_of([page(*annotations, size=Size(640, 480))])  # type: ignore[arg-type]  # blocks too
    (file,) = alto.dump(dataset, ExportOptions(estimated_words=estimated))
    return file.data.decode()


def read(text: str) -> tuple[Annotation, ...]:
    labels = read_labels(text, plane_document())
    assert (labels.format_id, labels.left_out) == ("alto", ())
    return labels.annotations


def local(element: Element) -> str:
    space, _, name = element.tag.rpartition("}")
    assert space == "{http://www.loc.gov/standards/alto/ns-v4#"
    return name


def faults(root: Element) -> Iterable[str]:
    """Give what is against the rules of the schema."""
    for element in root.iter():
        content, needed, more = RULES[local(element)]
        inside = "".join(map(local, element))
        if not re.fullmatch(content, inside):
            yield f"{local(element)} holds {inside}"
        given = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
        if missing := needed.keys() - given:
            yield f"{local(element)} lacks {missing}"
        for key, value in given.items():
            if key not in needed and key not in more:
                yield f"{local(element)} has {key}"
            elif (needed | more)[key] is float:
                float(value)
    ids = [element.attrib["ID"] for element in root.iter() if "ID" in element.attrib]
    if len(set(ids)) != len(ids) or not all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in ids):
        yield "ids"
    wanted = {name for each in root.iter() for key in ("TAGREFS", "REF") for name in each.get(key, "").split()}
    if not wanted <= set(ids):
        yield f"nothing is called {wanted - set(ids)}"


@pytest.mark.parametrize("estimated", [False, True])
@pytest.mark.parametrize("annotations", [ALL, (), (LINE,), (FIGURE,)])
def test_it_keeps_the_rules_of_the_schema(annotations: tuple[Annotation, ...], estimated: bool) -> None:
    assert list(faults(ElementTree.fromstring(written(*annotations, estimated=estimated)))) == []


def test_a_fault_would_be_seen() -> None:
    good = written(*ALL, estimated=True)
    for change in (
        ("<SP />", "<SPACE />"),
        (' ID="line_2"', ' ID="line_3"'),
        ("CONTENT", "CONTENTS"),
        ('REF="block_1"', 'REF="x"'),
    ):
        assert change[0] in good
        root = ElementTree.fromstring(good.replace(*change))
        with suppress(KeyError):  # an element that is none of the schema's
            assert list(faults(root))


@cache
def the_schema() -> Any:
    etree = pytest.importorskip("lxml.etree")

    def resolve(self: Any, address: str, _: object, context: object) -> Any:
        return self.resolve_string(LINKS, context) if address.endswith("xlink.xsd") else None

    parser = etree.XMLParser()
    parser.resolvers.add(type("Stored", (etree.Resolver,), {"resolve": resolve})())
    return etree.XMLSchema(etree.parse(SCHEMA, parser))


def assert_valid(text: str) -> None:
    etree = pytest.importorskip("lxml.etree")
    the_schema().assertValid(etree.fromstring(text.encode()))


needs_schema = pytest.mark.skipif(
    not SCHEMA.exists(), reason="the schema of the ALTO board is not there (see the top of this file)"
)

TOLD: list[JsonValue] = [
    {"text": "two", "box": [100.25, 50, 150, 70], "score": 0.9},
    {"text": "words", "box": [160, 50, 300.25, 70], "score": 1e-7},
]
TAGS = ("h1", "p", "table", "image", "img", "chart", "figure", "formula", "made up & <odd> ü")
SHAPE = Polygon((Point(1, 1), Point(50, 5), Point(60, 30), Point(20, 40), Point(2, 20)))
PAGES: dict[str, tuple[TextRegion | LayoutBlock, ...]] = {
    "all": ALL,
    "empty": (),
    "words": (replace(LINE, attributes={"words": TOLD}),),
    "turned": tuple(TextRegion(text="up", polygon=rectangle(300, 200, 90, 20, turn)) for turn in range(-180, 181, 15)),
    "outline": (TextRegion(text="a b", polygon=SHAPE),),
    "tags": tuple(
        LayoutBlock(tag=tag, text=text, box=Box(1, 1, 50, 50), accepted=bool(text), score=0.25)
        for tag in TAGS
        for text in ("", "x\ny")
    ),
    "right to left": (replace(LINE, text="שלום עולם"), replace(UPWARD, text="مرحبا 123 بالعالم")),
    "emoji": (replace(LINE, text="👩\u200d👩\u200d👧 🇩🇪 e\u0301 \U0001f9ff"),),
    "control": (replace(LINE, text="a\x00b\x0bc\x1bd\tq\r\nz\ufffe\ud800 \x85\u2028"),),
    "blank": (replace(LINE, text=""), replace(UPWARD, text="  ")),
    "scores": tuple(TextRegion(text="a b", polygon=SHAPE, score=score) for score in (0, 1, 1e-9, 0.1 + 0.2, None)),
    "accepted": tuple(replace(each, accepted=True) for each in ALL),
}


@needs_schema
@pytest.mark.parametrize("estimated", [False, True])
@pytest.mark.parametrize("name", PAGES)
def test_the_schema_itself_takes_it(name: str, estimated: bool) -> None:
    assert_valid(written(*PAGES[name], estimated=estimated))


@needs_schema
def test_the_schema_itself_takes_every_page_of_a_document() -> None:
    pages = [page(LEANING, UPWARD, name='a & b<"ü.png'), page(name="empty.png"), page(LINE, name="odd\x01.tif")]
    files = list(alto.dump(dataset_of(pages), ExportOptions(estimated_words=True)))
    assert len(files) == 3
    for file in files:
        assert_valid(file.data.decode())


@needs_schema
def test_the_schema_itself_refuses_a_fault() -> None:
    etree = pytest.importorskip("lxml.etree")
    good = written(*ALL, estimated=True)
    for change in (("<SP />", "<SPACE />"), ("CONTENT", "CONTENTS"), (' CS="true"', ' CS="yes"'), ('"0.5"', '"1.5"')):
        assert change[0] in good
        assert not the_schema().validate(etree.fromstring(good.replace(*change).encode()))


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("empty", "control", "words")])
def test_what_a_page_says_comes_back(name: str) -> None:
    found = read(written(*PAGES[name]))
    for ours, theirs in zip(PAGES[name], found, strict=True):
        assert isinstance(theirs, type(ours))
        assert theirs.text == ours.text
        assert theirs.accepted == ours.accepted
        is_picture = isinstance(ours, LayoutBlock) and ours.tag in ("image", "img", "chart", "figure") and not ours.text
        assert theirs.score == (None if is_picture else ours.score)


def test_all_come_back_in_reading_order() -> None:
    found = read(written(*ALL))
    assert [type(each) for each in found] == [type(each) for each in ALL]
    for ours, theirs in zip(ALL, found, strict=True):
        assert getattr(theirs, "text", None) == ours.text
        assert theirs.accepted == ours.accepted
        assert theirs.score == ours.score
        if isinstance(ours, TextRegion) and isinstance(theirs, TextRegion):
            for a, b in zip(ours.polygon.points, theirs.polygon.points, strict=True):
                assert b == pytest.approx(a, abs=1e-6)
        elif isinstance(ours, LayoutBlock) and isinstance(theirs, LayoutBlock):
            assert (theirs.tag, theirs.box) == (ours.tag, ours.box)


def test_confidence_and_places_of_words_are_never_invented() -> None:
    plain, estimated = written(LINE), written(LINE, estimated=True)
    assert plain.count("<String") == 1
    assert 'WC="0.931"' in plain
    assert estimated.count('TAGREFS="estimated-place"') == 2
    assert "WC=" not in estimated
    assert "WC=" not in written(replace(LINE, score=None))
    (line,) = read(estimated)
    assert isinstance(line, TextRegion)
    assert (line.text, line.score, dict(line.attributes)) == ("two words", None, {})


OTHER = """<?xml version="1.0"?>
<a:alto xmlns:a="http://www.loc.gov/standards/alto/ns-v2#">
 <a:Description><a:MeasurementUnit>mm10</a:MeasurementUnit>
  <a:sourceImageInformation><a:fileName>scans\\p1.tif</a:fileName></a:sourceImageInformation></a:Description>
 <a:Layout><a:Page ID="P" PHYSICAL_IMG_NR="1" WIDTH="320" HEIGHT="240"><a:PrintSpace>
  <a:ComposedBlock ID="C" HPOS="0" VPOS="0" WIDTH="9" HEIGHT="9">
   <a:TextBlock ID="B" HPOS="10" VPOS="10" WIDTH="200" HEIGHT="60">
    <a:TextLine HPOS="10" VPOS="10" WIDTH="200" HEIGHT="20">
     <a:String CONTENT="Hello" HPOS="10" VPOS="10" WIDTH="90" HEIGHT="20" WC="0.9"/><a:SP/>
     <a:String CONTENT="wor" HPOS="110" VPOS="10" WIDTH="100" HEIGHT="20" WC="0.5"/>
    </a:TextLine>
    <a:TextLine HPOS="10" VPOS="40" WIDTH="200" HEIGHT="20"><a:String CONTENT="bro"/><a:HYP CONTENT="-"/></a:TextLine>
   </a:TextBlock></a:ComposedBlock></a:PrintSpace></a:Page></a:Layout>
</a:alto>
"""


def test_what_others_write_is_read_in_their_unit() -> None:
    (entry,) = alto.pictures(OTHER)
    assert (entry.file_name, entry.size) == ("p1.tif", Size(320, 240))
    first, second = read(OTHER)
    assert isinstance(first, TextRegion)
    assert (first.text, first.polygon.bounds) == ("Hello wor", Box(20, 20, 420, 60))
    assert isinstance(second, TextRegion)
    assert second.text == "bro-"
    (line, _) = entry.read(Size(320, 240)).annotations
    assert isinstance(line, TextRegion)
    assert [word.score for word in words_of(line)] == [0.9, 0.5]


SPARSE = """<?xml version="1.0"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" SCHEMAVERSION="4.4">
 <Tags><LayoutTag ID="t" LABEL="table"/><StructureTag ID="s" LABEL="chapter"/></Tags>
 <Layout>
  <Page ID="P1" PHYSICAL_IMG_NR="1" WIDTH="640" HEIGHT="480" ROTATION="0" LANG="de">
   <TopMargin><TextBlock ID="B1"><TextLine CS=" 1 ">
     <String CONTENT="Seite" HPOS="10" VPOS="12" WIDTH="40" HEIGHT="10"/><SP/>
     <String CONTENT="1" HPOS="60" VPOS="10" WIDTH="10" HEIGHT="10"/></TextLine></TextBlock></TopMargin>
   <PrintSpace>
    <TextBlock ID="B2" TAGREFS="s t"><Shape><Polygon POINTS="10,50 90,50 90,150 10,150"/></Shape></TextBlock>
    <TextBlock ID="B3" CS="0"><TextLine HPOS="10" VPOS="200" WIDTH="50" HEIGHT="10">
     <String CONTENT="a" CS="true" WC="1"><ALTERNATIVE>ä</ALTERNATIVE>
      <Glyph CONTENT="a" GC="0.5"><Variant CONTENT="o"/></Glyph></String><HYP CONTENT="-"/></TextLine></TextBlock>
    <TextBlock ID="B7" TAGREFS="t"><TextLine HPOS="10" VPOS="250" WIDTH="50" HEIGHT="10">
     <String CONTENT="re"/><SP/><String CONTENT="do"/><HYP CONTENT="-"/></TextLine></TextBlock>
    <GraphicalElement ID="B4" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="1"/>
    <Illustration ID="B5" HPOS="300" VPOS="300" WIDTH="50" HEIGHT="50" CS="1"/>
    <TextBlock ID="B6"/>
   </PrintSpace></Page>
  <Page ID="P2" PHYSICAL_IMG_NR="2"/>
 </Layout>
</alto>
"""
"""What the schema leaves free, and what is seldom used: no places, booleans as numbers, outlines, letters."""


@needs_schema
def test_the_schema_itself_takes_what_is_seldom_used() -> None:
    assert_valid(SPARSE)


def test_what_the_schema_leaves_free_is_read() -> None:
    first, second = alto.pictures(SPARSE)
    assert (first.size, second.size) == (Size(640, 480), None)
    assert second.read(Size(640, 480)).annotations == ()
    labels = first.read(Size(640, 480))
    assert labels.left_out == ()
    margin, table, hyphen, cut, picture = labels.annotations
    assert isinstance(margin, TextRegion)
    assert (margin.text, margin.polygon.bounds, margin.accepted) == ("Seite 1", Box(10, 10, 70, 22), True)
    assert table == LayoutBlock(id=table.id, tag="table", text="", box=Box(10, 50, 90, 150))
    assert isinstance(hyphen, TextRegion)
    assert (hyphen.text, hyphen.accepted, hyphen.score) == ("a-", True, 1)
    assert isinstance(cut, LayoutBlock)
    assert cut.text == "re do-"
    assert isinstance(picture, LayoutBlock)
    assert (picture.tag, picture.accepted) == ("image", True)


def test_a_line_without_any_place_is_left_out_and_said() -> None:
    text = SPARSE.replace(' HPOS="10" VPOS="200" WIDTH="50" HEIGHT="10"', "")
    labels = alto.pictures(text)[0].read(Size(640, 480))
    assert len(labels.annotations) == 4
    assert "it has no place" in labels.left_out[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<alto><Layout/></alto>", "has no page"),
        ("<page/>", "does not begin with <alto>"),
        ("<alto", "not XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><alto/>', "declares a document type"),
        (
            "<alto><Description><MeasurementUnit>mm10</MeasurementUnit></Description><Layout><Page/></Layout></alto>",
            "mm10",
        ),
    ],
)
def test_bad_files_are_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(LabelFileError, match=why):
        alto.pictures(text)


def test_what_it_cannot_hold_is_said() -> None:
    document = page(replace(LINE, label="headline"))
    document.add([Detection(label="cat", box=Box(1, 1, 9, 9)), replace(FIGURE, score=0.5), replace(TITLE, score=0.5)])
    lost = {one for count, one, _ in alto.losses(document) if count}
    assert lost == {"1 box", "the label of 1 text", "the score of 1 picture"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([OTHER, written(*ALL, estimated=True)]))
    for _ in range(data.draw(st.integers(1, 2))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        piece = data.draw(st.sampled_from(["", "1e999", "x", " ", "-5", "NaN", "<SP/>"]))
        text = text[:start] + piece + text[end:]
    with suppress(LabelFileError):
        for annotation in read_labels(text, plane_document(), "alto").annotations:
            assert all(abs(value) < 1e6 for point in corners_of(annotation) for value in point)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=20))
def test_any_text_comes_back(text: str) -> None:
    (found,) = read(written(replace(LINE, text=text, score=None)))
    assert isinstance(found, TextRegion)
    assert found.text == (text if len(text.split()) != 1 else text.strip())
