"""Replies made by a grammar, with the truth they hold, and damage of the kinds that models do.

``made`` returns an undamaged reply; ``damaged`` one or more mutations of it, with the truth of the undamaged one.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

WORDS = (
    "car",
    "traffic light",
    "person in red",
    "猫",
    "plate/dish",
    "TRADER JOE'S",
    'say "hi"',
    '5" disk',
    "a, b",
    "x: y",
    "{brace}",
    "[1, 2]",
    "50 %",
    "naïve café",
    "🐑 sheep",
    "C:\\temp",
    "line one\nline two",
    "<b>bold</b>",
    'O\'Neill, "Bob"',
)


@dataclass(frozen=True)
class Item:
    """One truth: numbers and label."""

    numbers: tuple[float, ...]
    label: str


@dataclass
class Made:
    """A reply and what it holds."""

    text: str
    truth: list[Item] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def _object(item: Item, chance: random.Random) -> str:
    numbers: object = list(item.numbers)
    pairs: list[tuple[str, object]] = [("bbox_2d", numbers), ("label", item.label)]
    if chance.random() < 0.2:
        pairs.reverse()
    if chance.random() < 0.2:
        pairs.append(
            chance.choice([("color", "red"), ("score", 0.75), ("names", {"zh": "羊", "en": "sheep"}), ("tags", ["a"])])
        )
    layout = chance.choice([None, None, 2, 4, "\t"])
    return json.dumps(dict(pairs), ensure_ascii=chance.random() < 0.2, indent=layout)


def made(chance: random.Random) -> Made:
    """Return an undamaged reply: a list, lines, a wrapper or a single object, with or without a fence and prose."""
    items = [
        Item(
            (
                x := chance.randint(0, 900),
                y := chance.randint(0, 900),
                x + chance.randint(1, 99),
                y + chance.randint(1, 99),
            ),
            chance.choice(WORDS),
        )
        for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 12]))
    ]
    items = list(dict.fromkeys(items))
    objects = [_object(item, chance) for item in items]
    between = chance.choice([", ", ",\n", ",\n\t"])
    form = chance.choice(["list", "list", "list", "lines", "wrapper", "bare"])
    text = {
        "list": "[\n\t" + between.join(objects) + "\n]",
        "lines": "\n".join(objects),
        "wrapper": '{"detections": [' + between.join(objects) + "]}",
        "bare": between.join(objects),
    }[form]
    if chance.random() < 0.6:
        text = f"```{chance.choice(['json', 'json', '', 'JSON'])}\n{text}\n```"
    if chance.random() < 0.3:
        text = chance.choice(["Here are the boxes:\n\n", 'Sure! I found "these" objects.\n', "识别结果如下：\n"]) + text
    if chance.random() < 0.2:
        text += chance.choice(["\n\nLet me know if it's right.", "<|im_end|>", "\n"])
    return Made(text, items)


def _drop(pattern: str) -> Callable[[str, random.Random], str]:
    compiled = re.compile(pattern)

    def apply(text: str, chance: random.Random) -> str:
        places = [match.span() for match in compiled.finditer(text)]
        if not places:
            return text
        start, end = chance.choice(places)
        return text[:start] + text[end:]

    return apply


def _truncate(text: str, chance: random.Random) -> str:
    return text[: chance.randint(0, len(text))]


def _noise(text: str, chance: random.Random) -> str:
    place = chance.randint(0, len(text))
    return (
        text[:place]
        + chance.choice(["{", "}", "[", "]", '"', "\\", ",", ":", "\n", "```", "\x00", "<", "'", "、"])
        + text[place:]
    )


DAMAGE: dict[str, Callable[[str, random.Random], str]] = {
    "lost comma": _drop(r",(?=\s*[\"{])"),
    "lost fence": _drop(r"```\w*\n?"),
    "lost bracket": _drop(r"[\[\]]"),
    "lost brace": _drop(r"[{}]"),
    "lost quote": _drop(r"\""),
    "cut": _truncate,
    "noise": _noise,
    "single quotes": lambda text, _: text.replace('"', "'"),
    "Chinese marks": lambda text, _: text.replace('": ', "”：").replace('"', "“"),
    "trailing commas": lambda text, _: re.sub(r"\s*}", ",}", text),
    "unescaped quotes": lambda text, _: text.replace('\\"', '"'),
    "bare keys": lambda text, _: re.sub(r'"(bbox_2d|label)":', r"\1:", text),
}


def damaged(chance: random.Random) -> Made:
    """Return a reply with none, one or a few kinds of damage."""
    reply = made(chance)
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        name = chance.choice(list(DAMAGE))
        reply.text = DAMAGE[name](reply.text, chance)
        reply.damage.append(name)
    return reply


def pieces(text: str, chance: random.Random) -> list[str]:
    """Cut a text into random pieces."""
    cut = []
    place = 0
    longest = chance.choice([1, 3, 20, 500])
    while place < len(text):
        size = chance.randint(1, longest)
        cut.append(text[place : place + size])
        place += size
    return cut
