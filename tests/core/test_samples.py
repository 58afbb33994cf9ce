from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from qwvis_desktop.core.annotation import Cuboid, Detection, Keypoint, ReplyStatus, TextRegion
from qwvis_desktop.core.camera import projected_bounds
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.formats.reply import load_kept
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.samples import Sample, bundled_samples, folder_beside

DRAW = Path(__file__).resolve().parents[2] / "packaging" / "draw_samples.py"

REPLIES = [(sample, task) for sample in bundled_samples() for task in sample.replies]


def named(pair: tuple[Sample, str]) -> str:
    return f"{pair[0].id}-{pair[1]}"


def test_the_receipt_comes_first() -> None:
    assert [sample.id for sample in bundled_samples()] == ["page", "street", "shapes", "room"]
    assert bundled_samples()[0].task.id == "spot-text"


def test_they_are_small_together() -> None:
    folder = bundled_samples()[0].path.parent
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000


@pytest.mark.parametrize("pair", REPLIES, ids=named)
def test_every_reply_is_understood_and_says_that_no_model_gave_it(pair: tuple[Sample, str]) -> None:
    sample, task = pair
    run = sample.reply(task)
    media = open_image(sample.path)
    assert run.frame is not None
    assert (run.frame.original, run.task, run.provider) == (media.size, task, "drawn truth, no model")
    parsed = read_run(run, media.size)
    assert (parsed.status, parsed.issues) == (ReplyStatus.OK, ())
    kind = {"detect": Detection, "point": Keypoint, "spot-text": TextRegion, "cuboid": Cuboid}[task]
    assert len(parsed.annotations) >= 10
    assert all(isinstance(annotation, kind) for annotation in parsed.annotations)


def test_boxes_lie_on_what_they_name() -> None:
    from PIL import Image

    shapes = bundled_samples()[2]
    colours = {
        "red": (214, 50, 45),
        "blue": (38, 98, 196),
        "green": (46, 155, 87),
        "yellow": (242, 191, 39),
        "purple": (125, 72, 179),
        "orange": (238, 125, 34),
    }
    with Image.open(shapes.path) as image:
        picture = image.convert("RGB")
    for annotation in read_run(shapes.reply("point"), open_image(shapes.path).size).annotations:
        assert isinstance(annotation, Keypoint)
        found = picture.getpixel((round(annotation.point.x), round(annotation.point.y)))
        assert found == pytest.approx(colours[annotation.label.split()[0]], abs=6)


def test_texts_lie_on_ink_and_white_lies_round_them() -> None:
    from PIL import Image

    page = bundled_samples()[0]
    with Image.open(page.path) as image:
        paper = image.convert("L")
    for annotation in read_run(page.reply("spot-text"), open_image(page.path).size).annotations:
        assert isinstance(annotation, TextRegion)
        box = annotation.polygon.bounds
        # Thousandths of 1240 x 1754 pixels are off by less than one pixel either way.
        inside = (round(box.left) - 1, round(box.top) - 1, round(box.right) + 1, round(box.bottom) + 1)
        left, top, right, bottom = inside
        assert min(paper.crop(inside).tobytes()) < 60
        for side in ((left - 1, top, left, bottom), (right, top, right + 1, bottom)):
            assert min(paper.crop(side).tobytes()) > 240


def test_a_room_in_space_is_seen_through_its_camera() -> None:
    """Each cuboid, projected, holds its thing: along the inside of its outline the picture is not what lies behind."""
    room = bundled_samples()[3]
    assert room.camera is not None
    media = open_image(room.path)
    whole = Box(0, 0, *map(float, media.size))
    found = {a.label: a for a in read_run(room.reply("cuboid"), media.size).annotations if isinstance(a, Cuboid)}
    assert {"sofa", "chair", "television"} <= found.keys()
    for cuboid in found.values():
        assert projected_bounds(cuboid, room.camera) is not None
    # The screen is the darkest thing of the upper half: its bounds are those of the cuboid but for frame and stand.
    from PIL import Image

    with Image.open(room.path) as image:
        dark = image.convert("L").crop((900, 250, 1300, 445)).point([255 * (level < 40) for level in range(256)])
    drawn = dark.getbbox()
    bounds = projected_bounds(found["television"], room.camera)
    assert drawn is not None
    assert bounds is not None
    assert whole.intersection(bounds) == bounds
    assert (drawn[0] + 900, drawn[1] + 250, drawn[2] + 900) == pytest.approx(
        (bounds.left, bounds.top, bounds.right), abs=14
    )


def test_the_script_draws_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(DRAW.parent)
    import draw_room  # type: ignore[import-not-found]  # found on the path set above

    # What the replies say is measured before anything is drawn: pictures may be coarser here.
    monkeypatch.setattr(draw_room, "SUPERSAMPLING", 1)
    monkeypatch.setattr(sys, "argv", [str(DRAW), str(tmp_path)])
    runpy.run_path(str(DRAW), run_name="__main__")
    folder = bundled_samples()[0].path.parent
    drawn = sorted(path.name for path in tmp_path.iterdir())
    assert drawn == sorted(path.name for path in folder.iterdir() if path.suffix != ".toml")
    # The receipt's boxes follow from the letters, which another version of Pillow may draw a pixel wider.
    for name in [name for name in drawn if name.endswith(".json") and not name.startswith("page")]:
        # What a later version keeps of runs besides is nothing here.
        here, there = (load_kept((place / name).read_bytes()) for place in (tmp_path, folder))
        assert here == there


def test_nothing_is_offered_to_be_saved_among_the_samples(tmp_path: Path) -> None:
    assert folder_beside(tmp_path / "photo.jpg") == tmp_path
    assert folder_beside(bundled_samples()[0].path) == Path.home()
    assert folder_beside(None) == Path.home()
