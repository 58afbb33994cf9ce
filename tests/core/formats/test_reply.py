from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from documents import RUN, empty_document, rich_document
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import (
    KeptReply,
    ReplyFileError,
    dump,
    dump_run,
    is_kept_reply,
    load,
    load_kept,
    losses,
)
from qwvis_desktop.core.geometry import Size


def test_brings_back_every_field_of_a_run() -> None:
    kept = KeptReply(RUN, "street.jpg", Size(640, 480))
    again = load_kept(dump_run(kept))
    assert again == kept
    assert all(getattr(again.run, field.name) == getattr(RUN, field.name) for field in fields(Run))


@given(st.text(), st.text(), st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_brings_back_any_text(reply: str, prompt: str, options: dict[str, JsonValue]) -> None:
    run = replace(RUN, reply=reply, prompt=prompt, options=options)
    assert load(dump_run(KeptReply(run, "x", Size(1, 1)))) == run


def test_brings_back_a_run_that_never_got_an_answer() -> None:
    run = replace(RUN, frame=None, status=None, finish_reason=None, error="It was refused.", reply="", usage={})
    assert load(dump_run(KeptReply(run, "x", Size(1, 1)))) == run


def test_writes_the_newest_run_with_the_picture_it_is_of() -> None:
    kept = load_kept(dump(rich_document()))
    assert (kept.run.id, kept.run.text, kept.picture, kept.size) == ("r2", "A cat.\nTwo.", "street.jpg", Size(640, 480))


def test_refuses_a_document_without_a_run() -> None:
    with pytest.raises(ValueError, match="no reply to write"):
        dump(empty_document())


def test_counts_what_it_leaves_out() -> None:
    assert [count for count, _, _ in losses(rich_document())] == [1, 1]


def test_is_recognised_by_its_first_words() -> None:
    text = dump(rich_document()).decode()
    assert is_kept_reply(text)
    assert is_kept_reply("\ufeff\r\n" + text)
    assert not is_kept_reply('[{"bbox_2d": [1, 2, 3, 4], "label": "qwvis-reply"}]')
    assert not is_kept_reply("")


def test_is_read_with_a_byte_order_mark_too() -> None:
    assert load(b"\xef\xbb\xbf" + dump(rich_document())).id == "r2"


def changed(**changes: object) -> bytes:
    value = json.loads(dump(rich_document()))
    value["run"].update(changes)
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "does not say"),
        (b'{"format": "other"}', "does not say"),
        (b'{"format": "qwvis-reply", "version": 2}', "Update QwVis"),
        (b'{"format": "qwvis-reply", "version": 1}', "damaged"),
        (changed(reply=5), "damaged"),
        (changed(reply=None), "damaged"),
        (changed(started="yesterday"), "damaged"),
        (changed(space="inches"), "damaged"),
        (changed(status="fine"), "damaged"),
        (changed(frame={"original": [0, 1], "sent": [1, 1], "crop": [0, 0, 1, 1]}), "damaged"),
        (changed(frame={"original": [1, 1], "sent": [1, 1], "crop": [0, 0, 1]}), "damaged"),
        (changed(issues=[{"code": "x"}]), "damaged"),
        (changed(issues=[5]), "damaged"),
        (changed(seconds={"total": "long"}), "damaged"),
        (changed(seconds={"tea": 5}), "damaged"),
        (changed(options=5), "damaged"),
        (changed(pace=[5]), "damaged"),
        (changed(pace=[[1, 2, 3]]), "damaged"),
    ],
)
def test_says_what_is_wrong_with_a_damaged_file(data: bytes, words: str) -> None:
    with pytest.raises(ReplyFileError, match=words):
        load(data)
