"""A page drawn with known places, and the replies that a model would give about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from qwvis_desktop.core.geometry import Box, Size

SIZE = Size(1000, 1300)


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A block of the page: what it is, where, and how a reply writes it between its tags."""

    tag: str
    box: Box
    inner: str = ""


BLOCKS = (
    DrawnBlock("h1", Box(80, 60, 720, 120), "Measuring a pendulum"),
    DrawnBlock("p", Box(80, 150, 920, 240), "A weight on a thread swings with a period of $T = 2\\pi\\sqrt{l/g}$.<br>"
               "We timed ten swings for each <b>length</b>."),
    DrawnBlock("h2", Box(80, 270, 300, 310), "Results"),
    DrawnBlock("table", Box(80, 330, 920, 570),
               '<tr><th rowspan="2">Length</th><th colspan="2">Ten swings</th></tr>'
               "<tr><th>measured</th><th>computed</th></tr>"
               "<tr><td>25 cm</td><td>10.1 s</td><td>10.03 s</td></tr>"
               "<tr><td>50 cm</td><td>14.2 s</td><td>14.19 s</td></tr>"),
    DrawnBlock("image", Box(80, 610, 560, 970), "The pendulum"),
    DrawnBlock("formula", Box(600, 700, 920, 800), "g = \\frac{4\\pi^2 l}{T^2}"),
    DrawnBlock("li", Box(80, 1020, 920, 1060), "The thread must not stretch."),
    DrawnBlock("li", Box(80, 1070, 920, 1110), "Small swings only: sin x is about x for x < 0.2."),
)  # fmt: skip
"""What stands on the page, in reading order."""


def html_reply() -> str:
    """Return what a model of the third generation would answer to ``qwenvl html``: places in thousandths."""
    lines = []
    for block in BLOCKS:
        across, down = 1000 / SIZE.width, 1000 / SIZE.height
        box = block.box
        place = " ".join(
            str(round(value)) for value in (box.left * across, box.top * down, box.right * across, box.bottom * down)
        )
        classed = block.tag in ("image", "formula")
        open_ = f'div class="{block.tag}"' if classed else block.tag
        inner = block.inner.replace(" < ", " &lt; ")
        line = f'<{open_} data-bbox="{place}">{inner}</{"div" if classed else block.tag}>'
        before = "<ol>" if block is BLOCKS[-2] else ""
        lines.append(before + line)
    return f"```html\n<html><body>\n{chr(10).join(lines)}</ol>\n</body></html>\n```"


def draw_page(path: Path) -> Path:
    """Draw the page and return its path."""
    image = Image.new("RGB", (SIZE.width, SIZE.height), "#fdfcf8")
    pen = ImageDraw.Draw(image)
    _words(pen, (80, 66), "Measuring a pendulum", 48)
    _words(pen, (80, 158), "A weight on a thread swings with a period of T = 2 pi sqrt(l / g).", 28)
    _words(pen, (80, 200), "We timed ten swings for each length.", 28)
    _words(pen, (80, 272), "Results", 36)
    _table(pen)
    pen.rectangle((80, 610, 560, 970), fill="#dbe7f3", outline="#4a6a8a", width=3)
    pen.line((320, 630, 450, 880), fill="#333333", width=4)
    pen.line((320, 630, 320, 900), fill="#999999", width=2)
    pen.ellipse((420, 850, 480, 910), fill="#c0392b")
    pen.rectangle((270, 620, 370, 634), fill="#555555")
    _words(pen, (620, 728), "g = 4 pi^2 l / T^2", 36)
    _words(pen, (80, 1022), "1. The thread must not stretch.", 28)
    _words(pen, (80, 1072), "2. Small swings only: sin x is about x for x < 0.2.", 28)
    image.save(path)
    return path


def _table(pen: ImageDraw.ImageDraw) -> None:
    for x in (80, 360, 640, 920):
        pen.line((x, 330 if x != 640 else 390, x, 570), fill="#555555", width=2)
    for y in (330, 390, 450, 510, 570):
        pen.line((80 if y != 390 else 360, y, 920, y), fill="#555555", width=2)
    _words(pen, (100, 374), "Length", 28)
    for at, line in enumerate(("Ten swings|", "measured|computed", "10.1 s|10.03 s", "14.2 s|14.19 s")):
        left, right = line.split("|")
        _words(pen, (380, 344 + 60 * at), left, 28)
        _words(pen, (660, 344 + 60 * at), right, 28)
    _words(pen, (100, 464), "25 cm", 28)
    _words(pen, (100, 524), "50 cm", 28)


def _words(pen: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int) -> None:
    pen.text(place, text, fill="#1d1d1d", font=ImageFont.load_default(size))
