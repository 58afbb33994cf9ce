"""Which packets of a film no other one needs, told from the packets themselves: those are not decoded on the way.

Decoders can be told to skip them, too. But each of those that decode several frames at once takes its turn even when
it skips: with every other packet skipped, half of them would be idle. Nothing here loads what decodes films.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Spare = Callable[[memoryview], bool]
"""Says of the bytes of a packet whether no other one needs it."""

_SLICES = frozenset({1, 5})
"""Kinds of H.264 units that hold a picture: a slice, and one of a key frame. Those in three parts are left alone."""

_SAYS_NOTHING = frozenset({6, 9, 12})
"""Kinds without which a decoder does as well: supplemental information, delimiters, filling."""


def spare_rule(codec: str, configuration: bytes) -> Spare:
    """Return what tells whether a packet is needed by no other.

    Args:
        codec: as FFmpeg calls it; of all but ``h264`` nothing is told.
        configuration: what the container gives to the decoder.
    """
    if codec != "h264" or len(configuration) < _LEAST or configuration[0] != 1:
        return lambda _packet: False
    # ISO/IEC 14496-15, 5.3.3.1: the low bits of the fifth byte are the bytes of each length, less one.
    length = (configuration[4] & 3) + 1
    return lambda packet: _is_spare(packet, length)


_LEAST = 7


def _is_spare(packet: memoryview, length: int) -> bool:
    """Say whether all pictures in a packet are of no use to others: ``nal_ref_idc`` is 0 (ITU-T H.264, 7.4.1)."""
    pictures = 0
    for header in _headers(packet, length):
        kind = header & 31
        if kind in _SLICES and not header >> 5 & 3:
            pictures += 1
        elif kind not in _SAYS_NOTHING:
            return False
    return pictures > 0


def _headers(packet: memoryview, length: int) -> Iterator[int]:
    """Yield the first byte of each unit, of which each is preceded by its length; a type of 31 where that is broken."""
    place, end = 0, len(packet)
    while place < end:
        size = int.from_bytes(packet[place : place + length], "big")
        place += length
        if not 0 < size <= end - place:
            yield 31
            return
        yield packet[place]
        place += size
