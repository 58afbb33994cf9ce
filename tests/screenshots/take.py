"""Takes the pictures of the window that the README shows: off screen, at 1280 x 800, with the program's own samples.

::

    python tests/screenshots/take.py [--into FOLDER] [--size WIDTH HEIGHT] [--only NAME ...]

Nothing leaves the machine: replies are the samples' own drawn truth, or come from the loopback service of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import drawn_documents
import numpy as np
from drawn_page import draw_page, html_reply
from loopback.answers import DONE, EVENT_STREAM, Answer, delta, event, streamed
from loopback.scene import Scene, SceneAnswer, TruthBox
from loopback.service import LoopbackService
from program_window import detections, drop, dropped_files, editor_of, running
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDockWidget, QTabBar, QToolButton

from qwvis_desktop.app import DEMO_SAMPLE, Program
from qwvis_desktop.core import self_test
from qwvis_desktop.core.annotation import Detection, ReplyStatus, TextRegion, VideoEvent
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.film import FilmFrame
from qwvis_desktop.core.media.film_encode import write_film
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.core.page.elements import Table
from qwvis_desktop.core.plane.editing import moved
from qwvis_desktop.core.request.schema_presets import preset_fields
from qwvis_desktop.core.samples import Sample, bundled_samples
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.core.text.flow import texts_of

PATIENCE_MS = 180_000
"""After this long a picture is given up."""

MOST_BYTES = 150_000
"""What a picture of ``SIZE`` may take in the repository; one of more pixels may take as much more."""

SIZE = (1280, 800)
"""What the README shows."""

SERVICE = "Local server"
STREET, *_ = (sample for sample in bundled_samples() if sample.id == "street")


def wait_until(come: Callable[[], bool]) -> None:
    """Let the window live until ``come``.

    Raises:
        TimeoutError: it did not come.
    """
    application = QApplication.instance()
    assert application is not None
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not come():
        if deadline.hasExpired():
            raise TimeoutError("what the picture is to show did not come")
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def settle(milliseconds: int = 400) -> None:
    """Let the window live for a little while: layouts, thumbnails and sharp pictures follow."""
    application = QApplication.instance()
    assert application is not None
    deadline = QDeadlineTimer(milliseconds)
    while not deadline.hasExpired():
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def phase(program: Program) -> str:
    """Return what the run bar says."""
    return program.panels.run_bar.state.phase


def select(program: Program, label: str) -> None:
    """Select the largest box with this label."""
    found = [each for each in detections(program) if each.label == label]
    largest = max(found, key=lambda each: (each.box.right - each.box.left) * (each.box.bottom - each.box.top))
    editor_of(program).select([largest.id])


def truth_of(sample: Sample) -> Scene:
    """Return what was drawn, from the reply that was made of it."""
    size = open_image(sample.path).size
    found = read_run(sample.reply("detect"), size).annotations
    boxes = (each for each in found if isinstance(each, Detection))
    return Scene(size, tuple(TruthBox(b.label, (b.box.left, b.box.top, b.box.right, b.box.bottom)) for b in boxes))


def ask(program: Program, service: LoopbackService) -> None:
    """Open the street and choose the loopback service."""
    drop(program, dropped_files(STREET.path))
    program.services.keep_profile(Profile(SERVICE, base_url=service.base_url, needs_key=False))
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_task("detect")
    wait_until(lambda: program.workspace.editor is not None and program.canvas.picture is not None)


def street(program: Program) -> None:
    """The street with its drawn truth and the evidence of a box."""
    program.services.keep_profile(Profile(SERVICE, base_url="http://127.0.0.1:9/v1", needs_key=False))
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_task("detect")
    for sample in bundled_samples():
        drop(program, dropped_files(sample.path))
    program.input.open_sample("street")
    wait_until(lambda: phase(program) == "done")
    select(program, "traffic light")


def dark(program: Program) -> None:
    """The same in the dark theme."""
    program.actions["theme.dark"].trigger()
    street(program)


def editing(program: Program) -> None:
    """A model's box corrected, its own beside it dashed, and the figures of the review."""
    street(program)
    editor = editor_of(program)
    cars = [each for each in detections(program) if each.label == "car"]
    for each in detections(program):
        if each.label != "car":
            editor.select([each.id])
            program.editing.reviews.accept()
    (first, *_) = cars or detections(program)
    editor.replace([moved(first, 14, 10)], "Move")
    editor.select([first.id])
    program.window.show_panel("steps")
    program.window.show_panel("review")
    program.editing.reviews.count()
    settle()


def what_if(program: Program) -> None:
    """A service whose numbers contradict the model's convention, and the strip that offers the other reading."""
    with LoopbackService(SceneAnswer(truth_of(STREET), misbehaviour="sent-pixels")) as service:
        ask(program, service)
        program.actions["run.start"].trigger()
        wait_until(lambda: phase(program) == "done" and bool(program.canvas.notice))


def verdict(program: Program) -> None:
    """The verdict of a placement self-test, and the setting that it offers."""
    card = self_test.new_card(random.Random(3))
    reach = card.radius
    discs = {name: (x - reach, y - reach, x + reach, y + reach) for name, (x, y) in card.discs.items()}
    boxes = tuple(TruthBox(f"{name} disc", box) for name, box in discs.items())
    scene = Scene(self_test.CARD_SIZE, boxes, card.code)
    made, self_test.new_card = self_test.new_card, lambda chance=None: card
    try:
        with LoopbackService(SceneAnswer(truth_of(STREET))) as service:
            ask(program, service)
            program.actions["run.start"].trigger()
            wait_until(lambda: phase(program) == "done")
            service.answer = SceneAnswer(scene, misbehaviour="sent-pixels")
            program.self_test.run()
            wait_until(lambda: bool(program.canvas.notice))
    finally:
        self_test.new_card = made


def page(program: Program) -> None:
    """The sample page, read by the engine on this machine."""
    program.show_demo()
    wait_until(lambda: program.workspace.editor is not None and program.canvas.picture is not None)
    program.actions["run.start"].trigger()
    wait_until(lambda: phase(program) in ("done", "failed"))
    texts = (each for each in editor_of(program).document.annotations.values() if isinstance(each, TextRegion))
    program.canvas.set_zoom(0.52)
    program.canvas.center_on([next(each.id for each in texts if each.text == "Quantity")])


def correcting(program: Program) -> None:
    """A text of the sample page under edit, its enlarged line over it, and the numbers of the reading order."""
    program.input.open_sample(DEMO_SAMPLE)
    wait_until(lambda: phase(program) == "done" and program.canvas.picture is not None)
    editor = editor_of(program)
    found = next(each for each in texts_of(editor.document.annotations.values()) if each.text.startswith("Poppy"))
    run = next(iter(editor.document.runs.values()))
    misread = (replace(found, text="Poppy seed roIIs") if each.id == found.id else each for each in run.as_read)
    editor.set_run(replace(run, as_read=tuple(misread)))
    program.window.show_panel("text")
    program.window.show_panel("review")
    program.actions["view.order"].trigger()
    editor.select([found.id])
    program.actions["text.correct"].trigger()
    program.editing.reviews.count()
    settle(1500)


def room(program: Program) -> None:
    """The room in space: cuboids on the photo, from above and in perspective, and the numbers of one."""
    program.services.keep_profile(Profile(SERVICE, base_url="http://127.0.0.1:9/v1", needs_key=False))
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_task("cuboid")
    program.input.open_sample("room")
    wait_until(lambda: phase(program) == "done" and program.canvas.picture is not None)
    found = editor_of(program).document.annotations.values()
    editor_of(program).select([next(each.id for each in found if each.label == "dining table")])
    program.window.show_panel("cuboid")


ARTICLES = ("A tenant", "The landlord", "Either party", "The agent", "Each witness", "The owner")
VERBS = ("shall keep", "may inspect", "has to return", "must not sell", "will repair", "can refuse")
THINGS = ("the keys of the house", "all rooms once a year", "the deposit in full", "the garden and the fence")


def contract(number: int) -> drawn_documents.Page:
    """Return a page of a contract, each with other words."""
    chance = random.Random(number)
    lines = [
        f"{row}. {chance.choice(ARTICLES)} {chance.choice(VERBS)} {chance.choice(THINGS)}." for row in range(1, 15)
    ]
    return drawn_documents.Page([f"Lease of 14 May, section {number}", "", *lines])


def pages(program: Program) -> None:
    """A document of twenty pages that is being read off line."""
    path = Path(os.environ["QWVIS_HOME"]) / "lease.pdf"
    path.write_bytes(drawn_documents.document([contract(number) for number in range(1, 21)]))
    drop(program, dropped_files(path))
    wait_until(lambda: program.workspace.count == 20 and program.canvas.picture is not None)
    program.panels.series_bar.buttons["start"].click()
    wait_until(lambda: (series := program.paging.series.series) is not None and series.done == 6)
    settle(1200)


ANSWER = """The sign and the **three cars** give the distance. With a car of about $4.2\\,\\mathrm{m}$ that covers
$168$ of $1380$ pixels, seen through a lens of focal length $f$:

$$d = \\frac{f \\cdot 4.2}{168} \\approx 30\\,\\mathrm{m}$$

1. The nearest car stands at the kerb.
2. The light beside it is *green*, so it may move soon.

| object | distance |
|---|---|
| car | $30\\,\\mathrm{m}$ |
| traffic light | $22\\,\\mathrm{m}$ |

```python
distance = focal * 4.2 / 168
```
"""


def answer(program: Program) -> None:
    """An answer with formulas, after a closer look, and what can be asked further."""
    look = json.dumps({"bbox_2d": [840, 400, 920, 720], "label": "the traffic light"})
    function = {"name": "image_zoom_in_tool", "arguments": look}
    asked = [{"index": 0, "id": "call-1", "type": "function", "function": function}]
    call = Answer(
        [event(delta(tool_calls=asked)), event(delta(content="", finish_reason="tool_calls")), DONE],
        content_type=EVENT_STREAM,
    )
    with LoopbackService(
        [call, streamed(ANSWER, thinking="The cars are of known length. The light is green.")]
    ) as service:
        ask(program, service)
        program.services.choose_task("solve")
        program.panels.prompt.options.set_values({"enable_thinking": True, "zoom": 5})
        program.panels.prompt.options.changed.emit()
        docks = [dock for dock in program.window.findChildren(QDockWidget) if dock.objectName() == "reply"]
        program.window.resizeDocks(docks, [330], Qt.Orientation.Vertical)
        program.actions["run.start"].trigger()
        wait_until(lambda: phase(program) == "done")
        settle(1500)
        program.panels.reply.answer.text.verticalScrollBar().setValue(0)
        for bar in program.window.findChildren(QTabBar):
            # Without a window system Qt leaves the bar of a group that has but one dock on show behind.
            bar.setVisible(bar.isVisible() and bar.parent() is not program.window)


def document(program: Program) -> None:
    """A page asked for as HTML: its blocks on the picture, and beside it the page as one reads it."""
    with tempfile.TemporaryDirectory() as folder, LoopbackService([streamed(html_reply())]) as service:
        ask(program, service)
        drop(program, dropped_files(draw_page(Path(folder) / "pendulum.png")))
        wait_until(lambda: editor_of(program).document.media.name == "pendulum.png")
        program.services.choose_task("document-html")
        program.actions["run.start"].trigger()
        view = program.panels.document.view
        wait_until(lambda: phase(program) == "done" and bool(view.elements) and view.is_settled)
        table = next(each for each in view.elements if isinstance(each, Table))
        editor_of(program).select([table.block])
        settle(1500)


def fields(program: Program) -> None:
    """Fields of the receipt, one of them corrected, each linked with its place among the lines that were read."""
    filled = {
        "Shop": "The Corner Bakery",
        "Date": "2026-03-21",
        "Items": [{"Name": "Rye bread, sliced", "Price": "4.20"}, {"Name": "Poppy seed rolls", "Price": "5,40"}],
        "Total": "23,90",
        "Payment": "cash",
    }
    with LoopbackService([streamed(json.dumps(filled))]) as service:
        page(program)
        program.services.keep_profile(Profile(SERVICE, base_url=service.base_url, needs_key=False))
        program.services.choose_model("qwen3-vl-plus")
        program.services.choose_task("extract-fields")
        program.panels.prompt.fields.schema.set_text(preset_fields("receipt") or "")
        program.actions["run.start"].trigger()
        panel = program.panels.fields
        wait_until(lambda: bool(panel.fields))
        panel.value_edited.emit("/Payment", "Paid by card")
        wait_until(lambda: any(each.is_corrected for each in panel.fields))
        panel.field_chosen.emit("/Total")
        panel.choose("/Total")
        settle(1500)


def has_ended(program: Program, count: int) -> bool:
    """Return whether the last of so many runs is done."""
    return phase(program) == "done" and len(editor_of(program).document.runs) == count


def history(program: Program) -> None:
    """Runs that were kept, and what may be set for the next."""
    with LoopbackService(SceneAnswer(truth_of(STREET))) as service:
        ask(program, service)
        options = program.panels.prompt.options
        for count, values in enumerate(({}, {"temperature": 0}, {"temperature": 0, "seed": 7}), start=1):
            options.set_values(values)
            options.changed.emit()
            program.actions["run.start"].trigger()
            wait_until(partial(has_ended, program, count))
            program.actions["edit.undo"].trigger()
        program.actions["edit.redo"].trigger()
        next(each for each in options.findChildren(QToolButton) if each.isCheckable()).setChecked(True)
        program.window.show_panel("history")
        settle(1500)


FILM_RATE, FILM_FRAMES, FILM_SIZE, FILM_TOP = 25, 250, Size(960, 540), 380


def ride(folder: Path) -> Path:
    """Return a film of ten seconds: a ride along the street."""
    raster = decode(open_image(STREET.path))
    width, height = raster.size
    pixels = np.frombuffer(raster.data, np.uint8).reshape(height, width, 4)

    def frames() -> Iterator[FilmFrame]:
        for number in range(FILM_FRAMES):
            left = ridden(number / FILM_RATE)
            seen = np.ascontiguousarray(pixels[FILM_TOP : FILM_TOP + FILM_SIZE.height, left : left + FILM_SIZE.width])
            yield FilmFrame(number / FILM_RATE, 1 / FILM_RATE, Raster(FILM_SIZE, seen.tobytes()))

    path = folder / "ride.mp4"
    for _ in write_film(path, frames(), FILM_RATE):
        pass
    return path


def ridden(time: float) -> int:
    """Return how many pixels of the street lie left of the frame at a time."""
    return round((open_image(STREET.path).size.width - FILM_SIZE.width) * time * FILM_RATE / (FILM_FRAMES - 1))


def film(program: Program) -> None:
    """A film with its events, the frames that the model saw, and a box that was worked out between two."""
    program.services.keep_profile(Profile(SERVICE, base_url="http://127.0.0.1:9/v1", needs_key=False))
    program.services.choose_model("qwen3-vl-plus")
    drop(program, dropped_files(ride(Path(os.environ["QWVIS_HOME"]))))
    films = program.film.films
    wait_until(lambda: films.film is not None and len(films.film.thumbnails) > 20)
    program.services.choose_task("video-events")
    editor = editor_of(program)
    told = (
        (0.4, 3.2, "houses pass"),
        (0.6, 4.8, "a car drives by"),
        (5.0, 8.4, "the light is green"),
        (6.0, 9.6, "houses pass"),
    )
    editor.add([VideoEvent(label=label, start=start, end=end) for start, end, label in told], "Run qwen3-vl-plus")
    truth = next(each for each in truth_of(STREET).boxes if each.label == "car")
    times = (0.5, 1.5, 2.5)
    place = Box(*truth.box)
    boxes = [Detection(label="car", box=place.translated(-ridden(t), -FILM_TOP), time=t) for t in times]
    editor.add(boxes, "Run qwen3-vl-plus")
    sent = FilmSent(
        way=FilmWay.FRAMES,
        duration=10.0,
        start=0.0,
        end=10.0,
        fps=2.0,
        times=tuple(n / 2 for n in range(20)),
        size=FILM_SIZE,
    )
    editor.set_run(
        Run(
            started=datetime.now(UTC),
            provider=SERVICE,
            model="qwen3-vl-plus",
            family="qwen3-vl",
            task="video-events",
            prompt="",
            frame=Frame.whole(FILM_SIZE, FILM_SIZE),
            film=sent,
            space=CoordinateSpace.RELATIVE_1000,
            reply=json.dumps([{"start": start, "end": end, "event": label} for start, end, label in told]),
            status=ReplyStatus.OK,
        )
    )
    films.go_to(2.0)
    program.window.show_panel("timeline")
    settle(1200)


SHOTS: dict[str, Callable[[Program], None]] = {
    "window-light": street,
    "window-dark": dark,
    "editing": editing,
    "what-if": what_if,
    "self-test": verdict,
    "offline-ocr": page,
    "correcting": correcting,
    "space": room,
    "pages": pages,
    "answer": answer,
    "history": history,
    "document": document,
    "film": film,
    "fields": fields,
}
"""What is taken: file name without ending, and what brings the window there."""


def take(name: str, into: Path, size: tuple[int, int]) -> Path:
    """Take one picture in a window of its own and return its path."""
    with tempfile.TemporaryDirectory(prefix="qwvis-screenshots-") as home:
        os.environ["QWVIS_HOME"] = home
        with running() as program:
            program.actions["theme.light"].trigger()
            program.window.resize(*size)
            SHOTS[name](program)
            settle()
            raw = Path(home) / "raw.png"
            if not program.window.grab().save(str(raw), "PNG"):
                raise OSError(f"{raw} could not be written")
            program.paging.series.stop()
            wait_until(lambda: not any(job.thread_.is_alive() for job in program.jobs._jobs))
        return write_small(raw, into / f"{name}.png")


def write_small(raw: Path, path: Path) -> Path:
    """Write a picture as it is, or with as many colours as fit into what it may take."""
    from PIL import Image

    with Image.open(raw) as picture:
        plain = picture.convert("RGB")
    most = MOST_BYTES * max(1.0, plain.width * plain.height / (SIZE[0] * SIZE[1]))
    plain.save(path, "PNG", optimize=True)
    for colours in (256, 192, 128, 96, 64):
        if path.stat().st_size <= most:
            break
        plain.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE).save(
            path, "PNG", optimize=True
        )
    return path


def say(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what the off-screen platform says of itself."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures and print their paths."""
    parser = argparse.ArgumentParser(description="Take the pictures of the window that the README shows.")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent)
    parser.add_argument("--size", type=int, nargs=2, default=SIZE, metavar=("WIDTH", "HEIGHT"))
    parser.add_argument("--only", nargs="*", choices=tuple(SHOTS), default=tuple(SHOTS))
    given = parser.parse_args(arguments)
    qInstallMessageHandler(say)
    application = QApplication(["qwvis"])
    application.setApplicationName("QwVis")
    given.into.mkdir(parents=True, exist_ok=True)
    for name in given.only:
        path = take(name, given.into, tuple(given.size))
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
