from __future__ import annotations

from collections.abc import Generator

import pytest

from qwvis_desktop.core.steps import result_of, told


def counting(gone: list[str]) -> Generator[int, None, str]:
    try:
        yield 1
        yield 2
        return "three"
    finally:
        gone.append("closed")


def test_steps_are_told_and_their_result_is_given() -> None:
    steps = told(counting([]), lambda step: f"step {step}")
    assert [next(steps), next(steps)] == ["step 1", "step 2"]
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "three"
    assert result_of(told(counting([]), str)) == "three"


def test_closing_closes_what_is_under_way() -> None:
    gone: list[str] = []
    steps = told(counting(gone), str)
    next(steps)
    steps.close()
    assert gone == ["closed"]


def test_what_goes_wrong_goes_through() -> None:
    def broken() -> Generator[int, None, None]:
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        result_of(told(broken(), str))
