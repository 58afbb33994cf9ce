from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from documents import RUN
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.document import SentRequest
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.run_json import run_from_json, run_to_json, size_from_json


def test_brings_back_a_run() -> None:
    assert run_from_json(json.loads(json.dumps(run_to_json(RUN)))) == RUN


def test_a_turn_is_written_only_where_there_is_one() -> None:
    assert RUN.frame is not None
    turned = replace(RUN, frame=replace(RUN.frame, turn=3), frames=(RUN.frame, replace(RUN.frame, turn=1)))
    value = json.loads(json.dumps(run_to_json(turned)))
    assert value["frame"]["rotate"] == 270
    assert ["rotate" in frame for frame in value["frames"]] == [False, True]
    assert run_from_json(value) == turned


@pytest.mark.parametrize("degrees", [45, 360, -90, 90.0, True, "90", None])
def test_refuses_what_is_no_turn(degrees: object) -> None:
    value: Any = run_to_json(RUN)
    value["frame"]["rotate"] = degrees
    with pytest.raises(ValueError, match="quarter"):
        run_from_json(value)


@given(st.text(), st.text(), st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 10**6)), max_size=5))
def test_brings_back_any_reply(reply: str, thinking: str, pace: list[tuple[float, int]]) -> None:
    run = replace(RUN, reply=reply, thinking=thinking, pace=tuple(pace))
    assert run_from_json(json.loads(json.dumps(run_to_json(run)))) == run


@pytest.mark.parametrize("value", [[0, 1], [1.5, 2], [1], [True, 3], ["4", 5]])
def test_refuses_what_is_no_size(value: list[object]) -> None:
    with pytest.raises(ValueError, match=r"size|unpack"):
        size_from_json(value)


def test_takes_a_size() -> None:
    assert size_from_json([640, 480]) == Size(640, 480)


def test_refuses_a_run_that_lacks_something() -> None:
    value = run_to_json(RUN)
    del value["model"]
    with pytest.raises(KeyError):
        run_from_json(value)


def test_brings_back_what_was_sent() -> None:
    sent = SentRequest("https://host/v1", {"Authorization": "Bearer ***"}, {"model": "m", "messages": []})
    run = replace(RUN, requests=(sent, sent), left_out=(("a comment",), ()), notes=("Sent as JPEG.",))
    assert run_from_json(json.loads(json.dumps(run_to_json(run)))) == run


def test_earlier_versions_kept_no_request() -> None:
    value: Any = run_to_json(RUN)
    for name in ("requests", "left_out", "notes"):
        del value[name]
    assert run_from_json(value).requests == ()


def test_brings_back_what_was_sent_of_a_film_and_reads_runs_that_know_none() -> None:
    film = FilmSent(
        way=FilmWay.FRAMES,
        duration=90.5,
        start=1,
        end=60,
        fps=0.5,
        times=(1.0, 3.033),
        size=Size(640, 352),
        byte_count=9,
    )
    run = replace(RUN, film=film)
    written = run_to_json(run)
    assert run_from_json(json.loads(json.dumps(written))) == run
    del written["film"]
    assert run_from_json(written) == RUN
