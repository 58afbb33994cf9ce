"""What is kept of what was found: loops, ids, what was taken back."""

from __future__ import annotations

from qwvis_desktop.core.annotation import Detection, Provenance
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.replies.findings import LOOP, Findings


def detection(findings: Findings, provenance: Provenance | None) -> Detection:
    """Return a box that is always the same but for its id."""
    return Detection(label="a", id=findings.next_id(), box=Box(1, 2, 3, 4), provenance=provenance)


def test_a_loop_ends_where_its_last_copy_ends() -> None:
    findings = Findings("run")
    for index in range(LOOP + 3):
        findings.add(detection(findings, Provenance("run", (10 * index, 10 * index + 5), (1, 2, 3, 4))))
    assert findings.looping
    findings.end(cut=False)
    assert list(findings.annotations) == ["run:1"]
    assert findings.issues[0].span == (10, 10 * (LOOP + 2) + 5)


def test_a_loop_of_what_has_no_place_in_the_reply_is_one_too() -> None:
    findings = Findings("run")
    findings.add(detection(findings, None))
    for index in range(1, LOOP + 1):
        findings.add(detection(findings, None if index > 1 else Provenance("run", (0, 5))))
        assert findings.looping is (index == LOOP)
    findings.add(detection(findings, None))
    assert list(findings.annotations) == ["run:1"]


def test_updates_tell_what_came_and_what_went_since_the_last() -> None:
    findings = Findings("run")
    findings.add(detection(findings, Provenance("run", (5, 9), (1, 2, 3, 4))))
    first = findings.take_news()
    assert ([a.id for a in first.annotations], first.issues, first.retracted) == (["run:1"], (), ())
    assert findings.take_news() == ((), (), ())
    findings.refuse("x", "An issue.", (6, 7))
    findings.add(Detection(label="b", id=findings.next_id(), box=Box(1, 2, 3, 4)))
    findings.retract_before(20)
    assert findings.take_news() == ((), (), ("run:1",))
    assert not findings.annotations
