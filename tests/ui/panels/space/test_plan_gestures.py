from __future__ import annotations

from dataclasses import dataclass, field

from cuboid_scenes import CAR

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.plan_gestures import THRESHOLD, Change, Measure, Pan
from qwvis_desktop.ui.panels.space.plan_map import PlanMap


@dataclass
class Slate:
    """Writes down what gestures ask of the plan."""

    plan: PlanMap = field(default_factory=lambda: PlanMap(100, 100, 10))
    done: list[object] = field(default_factory=list)

    def set_plan(self, plan: PlanMap) -> None:
        self.plan = plan
        self.done.append("plan")

    def set_preview(self, cuboids: tuple[Cuboid, ...]) -> None:
        self.done.append(cuboids)

    def commit(self, text: str) -> None:
        self.done.append(text)

    def click(self, place: Point) -> None:
        self.done.append(place)

    def measure(self, start: Point, end: Point) -> None:
        self.done.append((start, end))


def test_a_press_that_trembles_is_a_click() -> None:
    slate, place = Slate(), Point(51, 50)
    pan = Pan(slate, Point(50, 50), clicks=True)
    pan.move(Point(50 + THRESHOLD - 1, 50))
    pan.release(place)
    change = Change(slate, Point(50, 50), lambda start, here: (CAR,), "Move", clicks=True)
    change.move(place)
    change.release(place)
    assert slate.done == [place, place]


def test_a_handle_that_is_only_clicked_does_nothing() -> None:
    slate = Slate()
    change = Change(slate, Point(50, 50), lambda start, here: (CAR,), "Turn")
    change.release(Point(50, 50))
    Pan(slate, Point(5, 5), clicks=False).release(Point(5, 5))
    assert slate.done == []


def test_panning_there_and_back_is_where_it_was() -> None:
    slate = Slate()
    before, pan = slate.plan, Pan(slate, Point(50, 50), clicks=True)
    for place in (Point(60, 50), Point(50, 50)):
        pan.move(place)
    pan.release(Point(50, 50))
    assert slate.plan == before
    assert slate.done == ["plan", "plan"]


def test_a_change_is_told_both_places_in_metres_and_committed_once() -> None:
    slate, told = Slate(), []

    def edit(start: Point, here: Point) -> tuple[Cuboid, ...]:
        told.append((start, here))
        return (CAR,)

    change = Change(slate, Point(50, 50), edit, "Move")
    change.move(Point(70, 50))
    change.move(Point(51, 50))
    change.release(Point(51, 50))
    assert told[0] == (slate.plan.to_ground(Point(50, 50)), slate.plan.to_ground(Point(70, 50)))
    assert slate.done == [(CAR,), (CAR,), "Move"]


def test_measuring_starts_where_it_was_pressed() -> None:
    slate = Slate()
    measure = Measure(slate, Point(0, 4))
    measure.release(Point(60, 50))
    assert slate.done == [(Point(0, 4), slate.plan.to_ground(Point(60, 50)))]
