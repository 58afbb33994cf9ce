"""What can be chosen for an export, beside the format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    """What a format lets one choose."""

    ESTIMATED_WORDS = "estimated words"
    PICTURE_QUALITY = "picture quality"
    ONTO_ORIGINAL = "onto the original"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What was chosen; formats pass over what is not theirs.

    Attributes:
        estimated_words: also write words whose places are only estimated, marked as such.
        onto_original: lay the text onto the PDF document that the pages are of, instead of onto their pictures.
        picture_quality: of the JPEG that a page becomes, 1 to 100; None to lose nothing.
        stem: the name of the main file without its ending, for files that name those beside them; whoever writes the
            files sets it.
    """

    estimated_words: bool = False
    onto_original: bool = False
    picture_quality: int | None = 85
    stem: str = ""


DEFAULT_OPTIONS = ExportOptions()
