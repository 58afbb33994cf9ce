"""``qwvis draw`` redraws every case of boxes in space of the corpus, and where the sources drew, there we draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from cli.conftest import Qwvis
from corpus_drawings import CORPUS, SourceDrawing, cases_in_space, distance_to, drawing_of, picture_of
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics, project_all

LEAST = {
    "q3-3d-driving": 0.95,
    "q3-3d-office": 0.98,
    "q3-3d-bottle": 0.85,
    "tg-3d-lounge": 0.88,
    "tg-3d-bottle": 0.85,
}
"""The share of the source's changed pixels within 2 px of our edges that each case must reach, at both sizes."""

pytestmark = pytest.mark.skipif(not cases_in_space(), reason="the corpus of real replies is not beside this checkout")


def redraw(case: dict[str, Any], out: Path, qwvis: Qwvis) -> dict[str, Any]:
    """Let the program draw, and return what it says of it."""
    camera = case["camera"]
    words = ["--task", "cuboid", "--family", "qwen3-vl", "--json", "--out", str(out)]
    words += ["--camera", ",".join(str(camera[name]) for name in ("fx", "fy", "cx", "cy"))]
    ended = qwvis("draw", picture_of(case), "-", *words, stdin=case["reply"].encode())
    assert ended.code == 0
    said: dict[str, Any] = ended.json
    return said


def lines_under(said: dict[str, Any], case: dict[str, Any], convention: str) -> list[tuple[float, float, float, float]]:
    """Return the edges of the same boxes as another convention would place them."""
    boxes = [
        Cuboid(center=tuple(item["center"]), size=tuple(item["size"]), angles=tuple(item["angles"]))
        for item in said["annotations"]
    ]
    lines = project_all(boxes, CameraIntrinsics(**case["camera"]), ANGLE_CONVENTIONS[convention]).lines
    return [(x1, y1, x2, y2) for x1, y1, x2, y2 in lines.tolist()]


def save_beside(source: SourceDrawing, drawn: Path, beside: Path) -> None:
    """Write the source's figure and our drawing next to each other."""
    ours = cv2.imread(str(drawn))
    assert ours is not None
    height = source.figure.shape[0]
    scaled = cv2.resize(ours, (round(ours.shape[1] * height / ours.shape[0]), height), interpolation=cv2.INTER_AREA)
    assert cv2.imwrite(str(beside), np.hstack([source.figure, scaled]))


@pytest.mark.slow
def test_every_case_falls_on_the_sources_drawing(tmp_path: Path, qwvis: Qwvis, qapp: QApplication) -> None:
    rows = [f"{'case':15}{'figure':>8}{'picture':>9}{'best other':>12}{'drawn':>8}  changed pixels"]
    failed = []
    assert {case["id"] for case in cases_in_space()} == LEAST.keys()
    for case in cases_in_space():
        out = tmp_path / f"{case['id']}.png"
        said = redraw(case, out, qwvis)
        lines = [(*start, *end) for item in said["annotations"] for start, end in item["edges"]]
        source = drawing_of(CORPUS / "expected" / Path(case["expected"]).name, picture_of(case))
        at_figure, at_picture = source.share_at_figure_size(lines), source.share_at_picture_size(lines)
        others = [
            source.share_at_figure_size(lines_under(said, case, name))
            for name in ANGLE_CONVENTIONS
            if name != HALF_TURNS_XYZ.name
        ]
        drawn = share_drawn(lines, picture_of(case), out)
        save_beside(source, out, tmp_path / f"{case['id']}-beside.png")
        rows.append(
            f"{case['id']:15}{at_figure:8.3f}{at_picture:9.3f}{max(others):12.3f}{drawn:8.3f}"
            f"  {source.changed.sum():,} / {source.changed_in_picture.sum():,}"
        )
        if min(at_figure, at_picture) < LEAST[case["id"]] or max(others) > 0.5 * at_figure or drawn < 0.95:
            failed.append(case["id"])
    table = "\n".join(rows)
    print(f"\nShare of the source's changed pixels within 2 px of our edges; pictures in {tmp_path}\n{table}")
    assert not failed, table


def share_drawn(lines: list[Any], original: Path, drawn: Path) -> float:
    """Return the share of our edges' pixels in the picture at which the file that was written shows something new."""
    before, after = cv2.imread(str(original)), cv2.imread(str(drawn))
    assert before is not None
    assert after is not None
    new = (np.abs(after.astype(np.int16) - before).max(axis=2) > 8).astype(np.uint8)
    # A hidden edge is dashed: the gap between two dashes is its own too.
    width = max(9, round(min(before.shape[:2]) / 60)) | 1
    near = cv2.dilate(new, np.ones((width, width), np.uint8)) > 0
    on_edge = distance_to(before.shape[:2], np.array(lines, np.float64).reshape(-1, 4) - 0.5) == 0
    return float(near[on_edge].mean())
