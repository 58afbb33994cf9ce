"""Times of a film as people read them: ``0:01:02.345``."""

from __future__ import annotations

MILLISECONDS = 3
"""Digits that tell any two frames of a film apart."""


def clock(seconds: float, digits: int = MILLISECONDS, *, hours: bool = True) -> str:
    """Return a time as h:mm:ss with ``digits`` behind the seconds.

    Args:
        seconds: since the first frame; less than none is none.
        digits: behind the point; none and no point where 0.
        hours: say them also where there are none.
    """
    unit = 10**digits
    whole, rest = divmod(round(max(seconds, 0.0) * unit), unit)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    text = f"{hour}:{minute:02}:{second:02}" if hours or hour else f"{minute}:{second:02}"
    return f"{text}.{rest:0{digits}}" if digits else text
