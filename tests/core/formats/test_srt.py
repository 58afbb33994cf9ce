from __future__ import annotations

from datetime import timedelta

import pytest
from documents import empty_document
from film_labels import EVENTS, assert_read_or_refused, events
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.core.cues import events_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import srt
from qwvis_desktop.core.label_file import LabelFileError, sentences

GOLDEN = """1
00:00:00,000 --> 00:00:00,000
unlabelled

2
00:00:01,500 --> 00:00:04,250
a person opens the door

3
00:00:03,000 --> 00:00:08,125
walks & <talks>

4
00:00:08,125 --> 00:00:09,500
האיש יוצא
مرحبا 走
"""


def with_events(*annotations: Annotation) -> Document:
    document = empty_document()
    document.add(annotations)
    return document


def dumped(*annotations: Annotation) -> str:
    return srt.dump(dataset_of([with_events(*annotations)])[0]).decode()


def told(annotations: tuple[Annotation, ...]) -> list[tuple[str, float, float]]:
    return [(event.label, event.start, event.end) for event in events_of(annotations)]


def test_is_written_as_it_was() -> None:
    assert dumped(*EVENTS) == GOLDEN
    assert dumped() == ""


def test_is_read_as_it_was() -> None:
    labels = srt.load("\ufeff" + GOLDEN.replace("\n", "\r\n"))
    assert srt.is_srt(GOLDEN)
    assert labels.left_out == ()
    assert told(labels.annotations) == told(EVENTS)


def test_another_reader_finds_the_same() -> None:
    reader = pytest.importorskip("srt")
    found = list(reader.parse(GOLDEN))
    assert [(cue.start, cue.end) for cue in found] == [
        (timedelta(seconds=event.start), timedelta(seconds=event.end)) for event in events_of(EVENTS)
    ]
    assert [cue.content for cue in found][1:] == [event.label for event in events_of(EVENTS)][1:]


@given(st.lists(events(), max_size=4))
def test_what_is_written_comes_back_but_for_what_is_said(written: list[VideoEvent]) -> None:
    document = with_events(*written)
    text = dumped(*written)
    found = srt.load(text).annotations if written else ()
    assert len(found) == len(written)
    for event, back in zip(events_of(written), found, strict=True):
        assert isinstance(back, VideoEvent)
        assert (back.start, back.end) == pytest.approx((event.start, event.end), abs=1e-9)
    same = [a.label for a in events_of(written)] == [b.label for b in events_of(found)]
    assert same or "Left out: empty lines" in " ".join(sentences(srt.losses(document)))


def test_an_arrow_in_a_text_does_not_begin_a_cue() -> None:
    event = VideoEvent(label="1\n00:00:01,000 --> 00:00:02,000\n\nx", start=5, end=6)
    (back,) = srt.load(dumped(event)).annotations
    assert back.label == "1\n00:00:01,000 → 00:00:02,000\nx"
    assert sentences(srt.losses(with_events(event))) == ("Left out: empty lines or arrows in 1 text.",)


def test_a_bad_cue_does_not_take_the_others_with_it() -> None:
    text = "1\n00:00:05,000 --> 00:00:04,000\na\n\n2\n00:00:01,000 --> 00:00:02,000\nb\n\n3\n00:xx --> 1\nc\n"
    labels = srt.load(text)
    assert told(labels.annotations) == [("b", 1, 2)]
    assert labels.left_out == (
        "Left out: 2 objects that could not be read (number 1: it ends (4 s) before it starts (5 s); number 3: its "
        'times cannot be read ("00:xx --> 1")).',
    )


@pytest.mark.parametrize("text", ["", "hello", "1\n2\n3\n", "1\n00:00:05,000 --> 00:00:04,000\na\n"])
def test_what_is_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LabelFileError, match=r"\.$"):
        srt.load(text)


@given(st.text(alphabet="0123456789:,.-> \n\r\tab", max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    assert_read_or_refused(lambda: srt.load(text).annotations)
