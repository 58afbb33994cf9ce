"""What high dynamic range means, and how it is shown: checked against the figures of the recommendations."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.media.film_tones import HLG, PEAK, PQ, STEPS, WHITE, light_of, shown, write_table

Row = tuple[float, float, float]


def grey(value: float, transfer: int) -> float:
    return float(light_of(np.array([[value] * 3]), transfer)[0, 1])


def shown_grey(light: float) -> float:
    return float(shown(np.array([[light] * 3]))[0, 1])


@pytest.mark.parametrize(
    ("transfer", "value", "light"),
    [
        (PQ, 0.0, 0.0),
        (PQ, 0.5081, 100.0),  # BT.2408, table 1 and annex
        (PQ, 0.5807, WHITE),
        (PQ, 0.7518, 1000.0),
        (PQ, 1.0, 10_000.0),
        (HLG, 0.0, 0.0),
        (HLG, 0.75, WHITE),
        (HLG, 1.0, 1000.0),
    ],
)
def test_values_mean_light(transfer: int, value: float, light: float) -> None:
    assert grey(value, transfer) == pytest.approx(light, rel=0.005, abs=1e-3)


def test_shadows_stay_as_they_are_and_white_is_almost_white() -> None:
    assert shown_grey(0.0) == 0.0
    # sRGB of 18 % of what is shown white.
    assert shown_grey(0.18 * WHITE) == pytest.approx(0.4614, abs=0.002)
    assert 0.87 < shown_grey(WHITE) < 0.95
    assert shown_grey(PEAK) == pytest.approx(1.0, abs=1e-3)
    assert shown_grey(10 * PEAK) == pytest.approx(1.0, abs=1e-3)


@given(st.lists(st.floats(0, 10_000), min_size=2, max_size=30))
def test_what_is_brighter_is_not_shown_darker(lights: list[float]) -> None:
    values = [shown_grey(light) for light in sorted(lights)]
    assert all(after >= before - 1e-9 for before, after in pairwise(values))


@given(st.tuples(*[st.floats(0, 1)] * 3), st.sampled_from([PQ, HLG]))
def test_every_value_is_shown(values: Row, transfer: int) -> None:
    found = shown(light_of(np.array([values]), transfer))
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-6


@given(st.floats(0, 1), st.sampled_from([PQ, HLG]))
def test_grey_stays_grey(value: float, transfer: int) -> None:
    found = shown(light_of(np.array([[value] * 3]), transfer))[0]
    assert found.max() - found.min() < 0.004


def test_the_table_has_red_fastest(tmp_path: Path) -> None:
    write_table(tmp_path / "a.cube", PQ)
    lines = (tmp_path / "a.cube").read_text().splitlines()
    assert lines[0] == f"LUT_3D_SIZE {STEPS}"
    assert len(lines) == 1 + STEPS**3
    red = [float(number) for number in lines[STEPS].split()]
    assert red[0] == 1.0
    assert red[1:] == [0.0, 0.0]
