from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plane_documents import plane_document
from text_pages import page, rectangle

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock, TextRegion
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.formats import hocr
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_file import LabelFileError
from qwvis_desktop.core.page_text import words_of
from qwvis_desktop.core.plane.forms import corners_of

LINE = TextRegion(text="two words", polygon=rectangle(100, 50, 200, 20), score=0.931)
LEANING = TextRegion(text="中文 & <b>", polygon=rectangle(100, 200, 200, 20, 7))
UPWARD = TextRegion(text="up", polygon=rectangle(400, 400, 100, 20, -90), score=0.5)
TITLE = LayoutBlock(tag="h2", text="A title", box=Box(10, 10, 300, 40))
ALL = (TITLE, LINE, LEANING, UPWARD)

TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title></title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name='ocr-system' content='tesseract 5.3.0' />
 </head>
 <body>
  <div class='ocr_page' id='page_1' title='image "/scans/a;b.png"; bbox 0 0 640 480; ppageno 0; scan_res 70 70'>
   <div class='ocr_carea' id='block_1_1' title="bbox 36 90 580 200">
    <p class='ocr_par' id='par_1_1' lang='eng' title="bbox 36 90 580 200">
     <span class='ocr_header' id='line_1_1' title="bbox 36 90 580 120; baseline 0.001 -5; x_size 30; x_descenders 6">
      <span class='ocrx_word' id='word_1_1' title='bbox 36 90 150 120; x_wconf 96'>Hello</span>
      <span class='ocrx_word' id='word_1_2' title='bbox 160 91 580 120; x_wconf 80'><strong>R&amp;D</strong></span>
     </span>
     <span class='ocr_line' id='line_1_2' title="bbox 600 90 620 300; textangle 90; x_size 20">
      <span class='ocrx_word' id='word_1_3' title='bbox 600 90 620 300; x_wconf 91'>side&nbsp;</span>
     </span>
    </p>
   </div>
   <div class='ocr_photo' id='block_1_3' title="bbox 300 300 400 400"></div>
  </div>
 </body>
</html>
"""


def written(*annotations: Annotation, estimated: bool = False) -> str:
    (file,) = hocr.dump(dataset_of([page(*annotations, size=Size(640, 480))]), ExportOptions(estimated_words=estimated))  # type: ignore[arg-type]  # all kinds
    return file.data.decode()


def read(text: str, document: Document | None = None) -> tuple[Annotation, ...]:
    labels = read_labels(text, document or plane_document())
    assert (labels.format_id, labels.left_out) == ("hocr", ())
    return labels.annotations


def test_lines_and_blocks_come_back() -> None:
    title, line, leaning, upward = read(written(*ALL))
    assert isinstance(title, LayoutBlock)
    assert (title.tag, title.text, title.box) == ("h2", "A title", TITLE.box)
    for found, wanted in zip((line, leaning, upward), ALL[1:], strict=True):
        assert isinstance(found, TextRegion)
        assert isinstance(wanted, TextRegion)
        assert (found.text, found.score) == (wanted.text, wanted.score)
        for ours, theirs in zip(wanted.polygon.points, found.polygon.points, strict=True):
            assert theirs == pytest.approx(ours, abs=0.5)


def test_it_is_xml_with_what_the_standard_asks_for() -> None:
    root = ElementTree.fromstring(written(*ALL))
    space = "{http://www.w3.org/1999/xhtml}"
    names = {meta.get("name") for meta in root.iter(f"{space}meta")}
    assert {"ocr-system", "ocr-capabilities"} <= names
    (found,) = [each for each in root.iter(f"{space}div") if each.get("class") == "ocr_page"]
    assert found.get("title") == 'image "page.png"; bbox 0 0 640 480; ppageno 0'
    titles = [span.get("title") or "" for span in root.iter(f"{space}span") if span.get("class") == "ocr_line"]
    assert titles[0] == "bbox 100 50 300 70; x_wconf 93.1"
    assert titles[1].startswith("bbox 98 200 299 244; poly 100 200 299 224 296 244 98 220; textangle 353")
    assert titles[2] == "bbox 400 300 420 400; textangle 90; x_wconf 50" or "poly" in titles[2]
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)


def test_confidence_and_places_of_words_are_never_invented() -> None:
    plain, estimated = written(LINE), written(LINE, estimated=True)
    assert "ocrx_word" not in plain.partition("<body>")[2]
    words = re.findall(r'class="ocrx_word"[^>]*title="([^"]*)"', estimated)
    assert estimated.count('data-estimated="true"') == 2
    assert words == ["bbox 100 50 171 70", "bbox 184 50 300 70"]
    assert "x_wconf" not in written(replace(LINE, score=None))
    (line,) = read(estimated)
    assert isinstance(line, TextRegion)
    assert (line.text, dict(line.attributes)) == ("two words", {})
    assert re.findall(r"ocrx_word[^>]*title=\"([^\"]*)\"", written(UPWARD).partition("<body>")[2]) == [
        "bbox 400 300 420 400; x_wconf 50"
    ]


def test_tesseract_is_read_with_its_words() -> None:
    (entry,) = hocr.pictures(TESSERACT)
    assert (entry.file_name, entry.size) == ("a;b.png", Size(640, 480))
    header, side, photo = read(TESSERACT)
    assert isinstance(header, TextRegion)
    assert (header.text, header.score) == ("Hello R&D", None)
    assert [(word.text, word.score) for word in words_of(header)] == [("Hello", 0.96), ("R&D", 0.8)]
    assert isinstance(side, TextRegion)
    assert (side.text, side.score, side.polygon.points[0]) == ("side", 0.91, (600, 300))
    assert isinstance(photo, LayoutBlock)
    assert (photo.tag, photo.text) == ("image", "")
    again = written(header)
    assert re.findall(r"bbox [\d ]+; x_wconf \d+", again) == [
        "bbox 36 90 150 120; x_wconf 96",
        "bbox 160 91 580 120; x_wconf 80",
    ]


def test_several_pages_stand_in_one_file() -> None:
    documents = [page(LINE, name="a.png"), page(LEANING, name='b"2.png')]
    (file,) = hocr.dump(dataset_of(documents), ExportOptions())
    first, second = hocr.pictures(file.data.decode())
    assert (first.name, second.name) == ("a.png", "b_2.png")
    assert [len(entry.read(Size(1240, 1754)).annotations) for entry in (first, second)] == [1, 1]


def test_a_text_of_several_lines_keeps_them() -> None:
    for estimated in (False, True):
        (found,) = read(written(replace(LINE, text="one two\nthree"), estimated=estimated))
        assert isinstance(found, TextRegion)
        assert found.text == "one two\nthree"


@pytest.mark.parametrize("declared", ['<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE html SYSTEM "x" [ ]>'])
def test_entities_are_refused(declared: str) -> None:
    with pytest.raises(LabelFileError, match="declares entities"):
        hocr.pictures(f"{declared}\n<div class='ocr_page' title='bbox 0 0 9 9'></div>")


def test_bad_files_are_refused_with_a_sentence_or_said() -> None:
    with pytest.raises(LabelFileError, match="no hOCR file"):
        hocr.pictures("<html></html>")
    with pytest.raises(LabelFileError, match="too deep"):
        hocr.pictures("<div class='ocr_page'>" + "<div>" * 300)
    text = written(LINE, UPWARD).replace("bbox 400 300 420 400", "bbox x 1 2 3").replace("poly", "polly")
    labels = read_labels(text, plane_document())
    assert (len(labels.annotations), len(labels.left_out)) == (1, 1)


def test_what_it_cannot_hold_is_said() -> None:
    document = page(replace(LINE, label="headline"))
    document.add([Detection(label="cat", box=Box(1, 1, 9, 9))])
    assert {one for count, one, _ in hocr.losses(document) if count} == {"1 box", "the label of 1 text"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([TESSERACT, written(*ALL, estimated=True)]))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 60)))
        piece = data.draw(
            st.sampled_from(["", "<", ">", "</span>", '"', "'", ";", "1e999", "bbox", "&#x0;", "<br>", "<!"])
        )
        text = text[:start] + piece + text[end:]
    with suppress(LabelFileError):
        for annotation in read_labels(text, plane_document(), "hocr").annotations:
            assert all(abs(value) < 1e6 for point in corners_of(annotation) for value in point)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.strip()))
def test_any_text_comes_back_with_its_blanks_as_one(text: str) -> None:
    (found,) = read_labels(written(replace(LINE, text=text)), plane_document()).annotations
    assert isinstance(found, TextRegion)
    assert found.text.split() == text.split()
