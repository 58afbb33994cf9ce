"""Reading a kept reply again: what changes, what a person changed, and what an older reader made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from documents import media_of

from qwvis_desktop.core.annotation import Detection, ReplyStatus
from qwvis_desktop.core.comparison import Rereading, frame_of, numbers_of, read_run, reread
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.replies import parser
from qwvis_desktop.core.replies.parser import ParsedReply, ReplyContext, parse_reply

SIZE = Size(640, 480)
SENT = Size(320, 240)
REPLY = (
    '[{"bbox_2d": [100, 100, 200, 200], "label": "cat"}, {"bbox_2d": [50, 50, 75, 75], "label": "mouse"}, '
    '{"bbox_2d": [500, 500, 900, 900], "label": "sofa"}]'
)
PIXELS = CoordinateSpace.SENT_PIXELS


def run_of(reply: str = REPLY, **changes: object) -> Run:
    run = Run(
        id="r",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        provider="here",
        model="qwen3-vl-plus",
        family="qwen3-vl",
        task="detect",
        prompt="",
        frame=Frame.whole(SIZE, SENT),
        space=CoordinateSpace.RELATIVE_1000,
        reply=reply,
        finish_reason="stop",
    )
    return replace(run, **changes)  # type: ignore[arg-type]  # names and types are those of Run


def read(run: Run) -> tuple[Document, Run]:
    """Return a document as it stands after ``run``, and the run with what it was read as."""
    parsed = read_run(run, SIZE)
    run = replace(run, status=parsed.status, issues=parsed.issues, text=parsed.text, as_read=parsed.annotations)
    document = Document(media_of())
    document.set_run(run)
    document.add(parsed.annotations)
    return document, run


def apply(document: Document, read: Rereading) -> None:
    document.set_run(read.run)
    document.remove(read.removed)
    document.replace(read.replaced)
    document.add(read.added)


def places(document: Document) -> dict[str, Box]:
    return {a.label: a.box for a in document.annotations.values() if isinstance(a, Detection)}


def boxes_of(annotations: tuple[object, ...]) -> list[tuple[str, Box]]:
    return [(a.label, a.box) for a in annotations if isinstance(a, Detection)]


def by_label(document: Document, label: str) -> Detection:
    return next(a for a in document.annotations.values() if isinstance(a, Detection) and a.label == label)


def test_the_same_reading_changes_nothing() -> None:
    document, run = read(run_of())
    again = reread(document, run)
    assert (again.changes, again.kept, again.run) == (0, (), run)


def test_another_space_moves_what_it_places_and_takes_away_what_it_refuses() -> None:
    document, run = read(run_of())
    cat = by_label(document, "cat")
    other = reread(document, run, PIXELS)
    assert boxes_of(other.replaced) == [("cat", Box(200, 200, 400, 400)), ("mouse", Box(100, 100, 150, 150))]
    assert other.removed == (by_label(document, "sofa").id,)
    assert other.added == ()
    assert other.run.space is PIXELS
    assert other.run.status is ReplyStatus.PARTIAL
    apply(document, other)
    assert document.annotations[cat.id] == other.replaced[0]


def test_there_and_back_is_where_it_began() -> None:
    document, run = read(run_of())
    before = places(document)
    apply(document, reread(document, run, PIXELS))
    assert set(places(document)) == {"cat", "mouse"}
    apply(document, reread(document, document.runs["r"], CoordinateSpace.RELATIVE_1000))
    assert places(document) == before


@pytest.mark.parametrize("label", ["cat", "sofa"])
def test_a_corrected_box_keeps_its_place_through_all_readings(label: str) -> None:
    document, _ = read(run_of())
    moved = replace(by_label(document, label), box=Box(1, 2, 3, 4))
    document.replace([moved])
    for space in (PIXELS, CoordinateSpace.RELATIVE_1000, PIXELS, CoordinateSpace.RELATIVE_1000):
        again = reread(document, document.runs["r"], space)
        assert again.kept == (moved.id,)
        apply(document, again)
        assert places(document)[label] == Box(1, 2, 3, 4)
    assert len(places(document)) == len(document.annotations) == 3


@pytest.mark.parametrize("label", ["cat", "sofa"])
def test_a_box_that_was_deleted_does_not_come_back(label: str) -> None:
    document, _ = read(run_of())
    gone = by_label(document, label).id
    document.remove([gone])
    for space in (PIXELS, CoordinateSpace.RELATIVE_1000):
        again = reread(document, document.runs["r"], space)
        assert again.kept == (gone,)
        apply(document, again)
        assert label not in places(document)


def test_a_box_drawn_by_hand_is_none_of_the_runs() -> None:
    document, run = read(run_of())
    document.add([Detection(id="mine", box=Box(5, 5, 6, 6))])
    again = reread(document, run, PIXELS)
    assert "mine" not in (*again.kept, *again.removed)


@pytest.fixture
def blind_to_mice(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Put an older reader in place, which finds no mice and therefore counts what follows differently."""

    def older(raw: str, context: ReplyContext, finish_reason: str | None = "stop") -> ParsedReply:
        parsed = parse_reply(raw, context, finish_reason)
        seen = [a for a in parsed.annotations if a.label != "mouse"]
        ids = [a.id for a in parsed.annotations]
        return replace(parsed, annotations=tuple(replace(a, id=key) for a, key in zip(seen, ids, strict=False)))

    monkeypatch.setattr(parser, "parse_reply", older)
    return monkeypatch


def test_what_a_newer_reader_finds_is_added_and_the_rest_stays(blind_to_mice: pytest.MonkeyPatch) -> None:
    document, run = read(run_of())
    before = dict(document.annotations)
    assert set(places(document)) == {"cat", "sofa"}
    blind_to_mice.undo()
    again = reread(document, run)
    assert boxes_of(again.added) == [("mouse", Box(32, 24, 48, 36))]
    assert (again.removed, again.replaced, again.kept) == ((), (), ())
    apply(document, again)
    assert {key: document.annotations[key] for key in before} == before
    assert len(places(document)) == 3
    assert reread(document, document.runs["r"]).changes == 0


def test_a_corrected_box_of_an_older_reader_keeps_its_place(blind_to_mice: pytest.MonkeyPatch) -> None:
    document, run = read(run_of())
    document.replace([replace(by_label(document, "sofa"), box=Box(1, 2, 3, 4))])
    blind_to_mice.undo()
    again = reread(document, run)
    assert again.kept == (by_label(document, "sofa").id,)
    apply(document, again)
    assert places(document)["sofa"] == Box(1, 2, 3, 4)
    assert sorted(a.label for a in document.annotations.values()) == ["cat", "mouse", "sofa"]


def test_what_a_newer_reader_no_longer_gives_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    document, run = read(run_of())

    def stricter(raw: str, context: ReplyContext, finish_reason: str | None = "stop") -> ParsedReply:
        parsed = parse_reply(raw, context, finish_reason)
        return replace(parsed, annotations=tuple(a for a in parsed.annotations if a.label != "mouse"))

    monkeypatch.setattr(parser, "parse_reply", stricter)
    again = reread(document, run)
    assert (again.removed, again.changes) == ((by_label(document, "mouse").id,), 1)


def test_several_places_of_one_object_are_told_apart() -> None:
    reply = '[{"points": [[100, 100], [200, 200], [300, 100]], "label": "dot"}]'
    document, run = read(run_of(reply, task="point"))
    assert len(document.annotations) == 3
    other = reread(document, run, PIXELS)
    assert (len(other.replaced), other.added, other.removed) == (3, (), ())


def test_a_run_that_failed_is_read_as_broken_off() -> None:
    cut = REPLY[: REPLY.index(", {")]
    assert read_run(run_of(cut, error="The connection was lost."), SIZE).status is ReplyStatus.PARTIAL
    assert read_run(run_of(finish_reason=None), SIZE).status is ReplyStatus.OK


def test_a_pasted_reply_is_read_for_the_picture_as_it_is() -> None:
    run = run_of(frame=None, space=CoordinateSpace.SENT_PIXELS)
    assert frame_of(run, SIZE) == Frame.whole(SIZE, SIZE)
    assert read_run(run, SIZE).annotations[0].provenance is not None
    assert boxes_of(read_run(run, SIZE).annotations)[0] == ("cat", Box(100, 100, 200, 200))


def test_numbers_are_those_written_whatever_falls_outside() -> None:
    wide = run_of('[{"bbox_2d": [5, 5, 4000, 3000], "label": "a"}, {"bbox_2d": [0, 0, 9, 9], "label": "b"}]')
    assert numbers_of(wide) == ((5, 5, 4000, 3000), (0, 0, 9, 9))
    assert numbers_of(run_of("Nothing here.")) == ()
