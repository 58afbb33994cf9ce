"""What the values of films with a high dynamic range mean, and how they are shown on a usual display.

Light is counted in cd/m². Sources: ITU-R BT.2100-2 (PQ, HLG), ITU-R BT.2390-11 5.1.1 (how bright light is brought below
the display's peak), ITU-R BT.2408 (white of pictures at 203 cd/m²), ITU-R BT.2087 (from BT.2020 to BT.709 primaries).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy is slow to load; a film with such values needs it, and nothing else here
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PQ, HLG = 16, 18
"""Transfer characteristics as films say them (ITU-T H.273, table 3)."""

WHITE = 203.0
"""What is as bright as this is shown almost white; the display shows nothing brighter."""

PEAK = 1000.0
"""The brightest light of films: of HLG by its definition, of PQ usually. What is brighter is cut off."""

STEPS = 33
"""Values of each colour between which it is interpolated; between two of them both scales are almost straight."""

_PQ_M1, _PQ_M2 = 2610 / 16384, 2523 / 4096 * 128
_PQ_C1, _PQ_C2, _PQ_C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_PQ_MOST = 10_000.0
_HLG_A, _HLG_B, _HLG_C = 0.17883277, 0.28466892, 0.55991073
_HLG_GAMMA = 1.2
_LUMINANCE = (0.2627, 0.6780, 0.0593)
_TO_BT709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))


def light_of(values: Array, transfer: int) -> Array:
    """Return the light of values from 0 to 1, shape (n, 3), with BT.2020 primaries."""
    import numpy as np

    if transfer == PQ:
        return _pq_light(values)
    low, high = values**2 / 3, (np.exp((values - _HLG_C) / _HLG_A) + _HLG_B) / 12
    scene = np.where(values <= 0.5, low, high)
    overall = scene @ np.array(_LUMINANCE)
    light: Array = PEAK * scene * np.power(np.maximum(overall, 1e-9), _HLG_GAMMA - 1)[:, None]
    return light


def shown(light: Array) -> Array:
    """Return the sRGB values, 0 to 1, that stand for light with BT.2020 primaries; shape (n, 3)."""
    import numpy as np

    brightest = np.maximum(light.max(axis=1), 1e-6)
    # All three by the same factor: each by its own would change the hue.
    reduced = light * (_below_white(brightest) / brightest)[:, None]
    linear = np.clip(reduced / WHITE @ np.array(_TO_BT709).T, 0, 1)
    values: Array = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    return values


def write_table(path: Path, transfer: int) -> None:
    """Write what brings values of a film into sRGB as a table in the form of ``.cube`` files, red fastest."""
    import numpy as np

    scale = np.linspace(0, 1, STEPS)
    blue, green, red = (each.ravel() for each in np.meshgrid(scale, scale, scale, indexing="ij"))
    rows = shown(light_of(np.stack([red, green, blue], axis=1), transfer))
    lines = (f"{r:.5f} {g:.5f} {b:.5f}" for r, g, b in rows.tolist())
    path.write_text(f"LUT_3D_SIZE {STEPS}\n" + "\n".join(lines) + "\n", encoding="ascii")


def _pq_light(values: Array) -> Array:
    import numpy as np

    power = np.power(np.clip(values, 0, 1), 1 / _PQ_M2)
    light: Array = _PQ_MOST * np.power(np.maximum(power - _PQ_C1, 0) / (_PQ_C2 - _PQ_C3 * power), 1 / _PQ_M1)
    return light


def _pq_values(light: Array) -> Array:
    import numpy as np

    power = np.power(light / _PQ_MOST, _PQ_M1)
    values: Array = np.power((_PQ_C1 + _PQ_C2 * power) / (1 + _PQ_C3 * power), _PQ_M2)
    return values


def _below_white(light: Array) -> Array:
    """Return light of up to ``PEAK`` brought below ``WHITE``; up to half of that it stays as it is."""
    import numpy as np

    peak, most = (_pq_values(np.array([each]))[0] for each in (PEAK, WHITE))
    values, most = np.minimum(_pq_values(light) / peak, 1), most / peak
    knee = 1.5 * most - 0.5
    t = np.maximum(values - knee, 0) / (1 - knee)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * most
    return _pq_light(np.where(values < knee, values, bent) * peak)
