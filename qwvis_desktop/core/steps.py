"""Work that goes step by step: generators that yield at each step and return what came of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar, cast

Step = TypeVar("Step")
Told = TypeVar("Told")
Result = TypeVar("Result")


def told(steps: Generator[Step, None, Result], tell: Callable[[Step], Told]) -> Generator[Told, None, Result]:
    """Yield what ``tell`` makes of each step, and return what the steps return; closing it closes them."""
    with closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                return cast(Result, end.value)
            yield tell(step)


def result_of(steps: Generator[object, None, Result]) -> Result:
    """Go through all steps, and return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(Result, end.value)
