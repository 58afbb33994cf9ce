from __future__ import annotations

import dataclasses
from typing import get_args

from qwvis_desktop.core import inference_events
from qwvis_desktop.core.inference_events import InferenceEvent


def test_every_event_is_one_of_a_run() -> None:
    made = {value for value in vars(inference_events).values() if dataclasses.is_dataclass(value)}
    events = set(get_args(InferenceEvent))
    assert events == {event for event in made if event.__module__ == inference_events.__name__}
