from __future__ import annotations

import pytest
from film_labels import assert_read_or_refused
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.cues import events_of
from qwvis_desktop.core.formats.event_table import is_event_table, load
from qwvis_desktop.core.label_file import LabelFileError


@pytest.mark.parametrize(
    "text",
    [
        'start,end,label\n1.5,3,"opens, then closes"\n00:01:02.5,63,x\n',
        '\ufeffStart Time;End_Time;Description\r\n0:01.5;3 s;"opens, then closes"\r\n1:02,5;01:03;x\r\n',
        "id\tEVENT\tonset\toffset\n1\topens, then closes\t1.5\t3.0\n2\tx\t62.5\t63\n",
    ],
)
def test_tables_of_others(text: str) -> None:
    assert is_event_table(text)
    labels = load(text)
    assert [(event.label, event.start, event.end) for event in events_of(labels.annotations)] == [
        ("opens, then closes", 1.5, 3),
        ("x", 62.5, 63),
    ]
    assert labels.left_out == ()


def test_a_bad_row_does_not_take_the_others_with_it() -> None:
    labels = load("start,end,label\n1,2,a\n3\n5,4,b\n")
    assert len(labels.annotations) == 1
    assert labels.left_out[0].startswith("Left out: 2 objects that could not be read (number 2: its times")


@pytest.mark.parametrize("text", ["", "start,end\n1,2\n", "file,width\n", "start,end,label\nx,y,z\n"])
def test_what_is_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LabelFileError, match=r"\.$"):
        load(text)


@given(st.text(alphabet='0123456789:,;.\t"\n\r\0ab', max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    assert_read_or_refused(lambda: load("start,end,label\n" + text).annotations)
