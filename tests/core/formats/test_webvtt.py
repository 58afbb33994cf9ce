from __future__ import annotations

import io
from dataclasses import replace

import pytest
from documents import RUN, empty_document
from film_labels import EVENTS, assert_read_or_refused, events
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.cues import events_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import webvtt
from qwvis_desktop.core.label_file import LabelFileError, sentences

GOLDEN = """WEBVTT

NOTE
Film: street.jpg
Written by QwVis Desktop.

NOTE
Model: qwen3-vl-plus; service: here; 2026-03-21T08:42:00+00:00
Task: video-events; run: r1
Prompt: when?
0 → 1
Cues of this run: 2-3.

NOTE
Cues by hand: 1, 4.

1
00:00:00.000 --> 00:00:00.001
unlabelled

2
00:00:01.500 --> 00:00:04.250
a person opens the door

3
00:00:03.000 --> 00:00:08.125
walks &amp; &lt;talks&gt;

4
00:00:08.125 --> 00:00:09.500
האיש יוצא
مرحبا 走
"""


def with_events(*annotations: Annotation) -> Document:
    document = empty_document()
    document.set_run(replace(RUN, task="video-events", prompt="when?\n\n0 --> 1"))
    document.add(annotations)
    return document


def dumped(*annotations: Annotation) -> str:
    return webvtt.dump(dataset_of([with_events(*annotations)])[0]).decode()


def told(annotations: tuple[Annotation, ...]) -> list[tuple[str, float, float]]:
    return [(event.label, event.start, event.end) for event in events_of(annotations)]


def test_is_written_as_it_was() -> None:
    assert dumped(*EVENTS) == GOLDEN
    assert "Left out: that 1 event takes no time" in " ".join(sentences(webvtt.losses(with_events(*EVENTS))))


def test_is_read_as_it_was() -> None:
    assert webvtt.is_webvtt(GOLDEN)
    assert not webvtt.is_webvtt("WEBVTTX")
    labels = webvtt.load("\ufeff" + GOLDEN.replace("\n", "\r\n"))
    assert labels.left_out == ()
    assert told(labels.annotations)[1:] == told(EVENTS)[1:]


def test_another_reader_finds_the_same() -> None:
    reader = pytest.importorskip("webvtt")
    found = list(reader.from_buffer(io.StringIO(GOLDEN)))
    assert [(cue.start, cue.end) for cue in found][1] == ("00:00:01.500", "00:00:04.250")
    assert [cue.identifier for cue in found] == ["1", "2", "3", "4"]
    assert len(found) == len(EVENTS)
    assert found[3].raw_text == EVENTS[2].label


@given(st.lists(events(), max_size=4))
def test_what_is_written_comes_back_but_for_what_is_said(written: list[VideoEvent]) -> None:
    found = webvtt.load(dumped(*written)).annotations
    assert len(found) == len(written)
    for event, back in zip(events_of(written), found, strict=True):
        assert isinstance(back, VideoEvent)
        assert (back.start, back.end) == pytest.approx((event.start, event.end), abs=1e-9)
    same = [a.label for a in events_of(written)] == [b.label for b in events_of(found)]
    assert same or "Left out: empty lines" in " ".join(sentences(webvtt.losses(with_events(*written))))


def test_what_others_write() -> None:
    text = (
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nintro\n"
        "00:01.000 --> 00:02.000 align:start\n<v Bob>Hi <i>you</i> &amp; me&lrm;\n\nNOTE 12\n\n"
        "00:03.000 --> 00:04.000\n"
    )
    labels = webvtt.load(text)
    assert told(labels.annotations) == [("Hi you & me\u200e", 1, 2), ("", 3, 4)]


@pytest.mark.parametrize("text", ["", "1\n00:00:01.000 --> 00:00:02.000\na", "WEBVTT\n\n00:00:61.000 --> 1:00\na"])
def test_what_is_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LabelFileError, match=r"\.$"):
        webvtt.load(text)


@given(st.text(alphabet="0123456789:,.-> \n\r\tab<&;", max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    assert_read_or_refused(lambda: webvtt.load("WEBVTT\n" + text).annotations)
