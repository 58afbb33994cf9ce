from __future__ import annotations

from dataclasses import replace

import pytest
from documents import RUN
from text_lines import line

from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.proposal import Proposal, is_of_a_part, part_to_send, proposal_of

REGION = line("Tota1 due", 100, 100, width=200, height=30, key="a")


def test_the_part_has_room_round_the_line_and_ends_with_the_picture() -> None:
    assert tuple(part_to_send(REGION, Size(800, 600))) == pytest.approx((82, 82, 318, 148))
    assert tuple(part_to_send(line("x", 0, 0, width=10, height=4), Size(12, 9))) == (0, 0, 12, 9)
    assert tuple(part_to_send(line("long", 100, 100, width=600, height=20), Size(800, 600))) == (88, 60, 712, 160)
    roomy = part_to_send(REGION, Size(1000, 1000), is_engine=True)
    assert tuple(roomy) == (0, 0, 570, 400)
    assert tuple(part_to_send(line("x", 900, 900), Size(800, 600))) == (0, 0, 800, 600)


def test_only_what_stands_in_the_region_is_proposed() -> None:
    above, below = line("above", 100, 66, width=200, height=30), line("below", 100, 134, width=200, height=30)
    there = line("Total due", 103, 101, width=190, height=28, score=0.97)
    found = proposal_of(REGION, replace(RUN, as_read=(above, there, below)))
    assert found == Proposal("Total due", there.polygon, 0.97)


def test_words_apart_are_joined_and_have_no_place_of_their_own() -> None:
    words = (line("due", 240, 100, width=50, height=30, score=0.9), line("Total", 100, 100, width=90, height=30))
    assert proposal_of(REGION, replace(RUN, as_read=words)) == Proposal("Total due")


def test_plain_text_is_proposed_as_it_is() -> None:
    assert proposal_of(REGION, replace(RUN, as_read=(), text=" Total\n due ")) == Proposal("Total due")


def test_nothing_is_nothing() -> None:
    assert proposal_of(REGION, replace(RUN, as_read=(), text="")) is None
    assert proposal_of(REGION, replace(RUN, as_read=(line("far", 500, 500),))) is None


def test_a_run_about_a_part_is_known_by_its_frame() -> None:
    size = Size(640, 480)
    assert is_of_a_part(replace(RUN, frame=Frame(size, Size(100, 50), Box(0, 0, 100, 50))))
    assert not is_of_a_part(replace(RUN, frame=Frame.whole(size, size)))
    assert not is_of_a_part(replace(RUN, frame=None))
