"""What of a reply people read: the answer of each kind of task as Markdown, its code, its formulas.

Pure text; showing it, and loading nothing for it, is the business of the window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.field_table import as_markdown, fields_of
from qwvis_desktop.core.tasks import TASKS, ReplyShape

_THOUGHT, _THOUGHT_END = "<think>", "</think>"
_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`\n]*\n(.*?)(?:^[ \t]*\2[`~]*[ \t]*$|\Z)", re.M | re.S)
_PLACE = re.compile(r"<!--.{0,200}?-->", re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|body|head|svg)\b", re.IGNORECASE)
_FORMULA = re.compile(
    r"(?P<code>(?P<ticks>`+)[^`](?:.*?[^`])?(?P=ticks)(?!`))"
    r"|\\\$"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|\\\[(?P<bracketed>.+?)\\\]"
    r"|\\\((?P<inline>.+?)\\\)"
    r"|(?<![\\$\w])\$(?P<dollars>[^\s$](?:[^$\n]{0,400}?[^\s$\\])?)\$(?![\d$])",
    re.DOTALL,
)

SUFFIXES = {
    "html": ".html",
    "javascript": ".js",
    "js": ".js",
    "typescript": ".ts",
    "tsx": ".tsx",
    "jsx": ".jsx",
    "css": ".css",
    "python": ".py",
    "py": ".py",
    "json": ".json",
    "svg": ".svg",
    "xml": ".xml",
    "latex": ".tex",
    "tex": ".tex",
    "markdown": ".md",
    "md": ".md",
    "sql": ".sql",
    "c": ".c",
    "cpp": ".cpp",
    "java": ".java",
    "rust": ".rs",
    "go": ".go",
    "swift": ".swift",
    "kotlin": ".kt",
    "yaml": ".yaml",
    "csv": ".csv",
}
"""Name of a language as it stands behind a fence -> the ending of its files."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block of code in an answer.

    Attributes:
        text: the code.
        language: as named behind the fence, lower case; empty where it is not.
    """

    text: str
    language: str

    @property
    def is_page(self) -> bool:
        """Whether a browser can show it."""
        return self.language in ("html", "svg") or (not self.language and bool(_PAGE.search(self.text[:2000])))

    @property
    def suffix(self) -> str:
        """The ending of a file that holds it."""
        return ".html" if self.is_page and self.language != "svg" else SUFFIXES.get(self.language, ".txt")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in an answer.

    Attributes:
        latex: without its marks.
        inline: whether it stands in a line of text.
        written: as the model wrote it, marks and all.
    """

    latex: str
    inline: bool
    written: str


def grows_as_answer(task: str) -> bool:
    """Say whether a reply to ``task`` can be read as an answer while it still comes."""
    known = TASKS.get(task)
    return known is not None and (known.shape is ReplyShape.PROSE or known.id == "document-markdown")


class GrowingAnswer:
    """Takes a reply as it comes and gives what of it can be read, as Markdown; for tasks that ``grows_as_answer``.

    What the model thinks in the reply itself is left out, and so are the comments and the fence of a page in Markdown.
    """

    def __init__(self, task: str) -> None:
        self._page = task == "document-markdown"
        self._held = ""
        self._begun = False

    def feed(self, text: str) -> str:
        """Take a further piece of the reply; return a further piece of the answer."""
        self._held += text
        if not self._begun and not self._begin():
            return ""
        return self._page_text() if self._page else self._all()

    def _begin(self) -> bool:
        """Leave out what stands before the answer; say whether that is known yet."""
        start = self._held.lstrip()
        if start.startswith(_THOUGHT) or _THOUGHT.startswith(start):
            _, closed, rest = self._held.partition(_THOUGHT_END)
            if not closed:
                # Only the last characters matter: the end of the thought may have come in part.
                self._held = _THOUGHT + self._held[-len(_THOUGHT_END) :] if start.startswith(_THOUGHT) else self._held
                return False
            self._held = start = rest.lstrip()
        if not start or (self._page and start.startswith("`") and "\n" not in start):
            return False
        self._held = start.partition("\n")[2] if self._page and start.startswith("`") else start
        self._begun = True
        return True

    def _all(self) -> str:
        text, self._held = self._held, ""
        return text

    def _page_text(self) -> str:
        whole = _PLACE.sub("", self._held)
        opened = max(whole.rfind("<!--"), whole.rfind("<") if "<!--".startswith(whole[whole.rfind("<") :]) else -1)
        keep = opened if opened >= 0 and len(whole) - opened < 300 else len(whole)
        self._held = whole[keep:]
        return whole[:keep]


def answer_of(run: Run) -> str | None:
    """Return the answer of a run that ended, as Markdown; None for one that is not made to be read."""
    task = TASKS.get(run.task)
    if task is None:
        return None
    if task.shape is ReplyShape.DOCUMENT:
        return _page(run)
    if task.shape is ReplyShape.FIELDS and run.text:
        fenced = f"```json\n{_indented(run.text)}\n```"
        table = as_markdown(fields_of(run))
        return f"{table}\n\n{fenced}" if table else fenced
    return run.text


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _page(run: Run) -> str | None:
    if run.task == "document-markdown":
        growing = GrowingAnswer(run.task)
        whole = growing.feed(run.reply + "\n")
        return re.sub(r"\n[ \t]*```[ \t]*\s*\Z", "\n", whole).strip() or None
    blocks = [block for block in run.as_read if isinstance(block, LayoutBlock)]
    return "\n\n".join(filter(None, map(_block, blocks))) or None


def _block(block: LayoutBlock) -> str:
    """Write a block of a page as Markdown, what stands in it as plain text."""
    if block.tag == "table":
        return f"```\n{block.text}\n```" if block.text else ""
    # Of brackets only those that would make a link: both escaped, they would be taken for a formula.
    text = re.sub(r"([\\`*_<>#$|~]|\](?=[(:]))", r"\\\1", " ".join(block.text.split()))
    if not text:
        return ""
    level = re.fullmatch(r"h([1-6])", block.tag)
    if level is not None:
        return f"{'#' * int(level[1])} {text}"
    return f"- {text}" if block.tag == "li" else text


def code_blocks(markdown: str) -> tuple[CodeBlock, ...]:
    """Return the blocks of code in an answer; a whole answer that is a page and stands in no fence is one."""
    found = tuple(CodeBlock(match[4].rstrip("\n"), match[3].lower()) for match in _FENCE.finditer(markdown))
    if not found and re.match(r"\s*<(?:!doctype\s+html|html|svg)\b", markdown, re.IGNORECASE):
        return (CodeBlock(markdown.strip(), "html"),)
    return found


def find_formulas(text: str) -> Iterator[tuple[int, int, Formula]]:
    """Yield start, end and content of each formula in ``text``; code is passed over."""
    for match in _FORMULA.finditer(text):
        latex = match["display"] or match["bracketed"] or match["inline"] or match["dollars"]
        if latex is not None and latex.strip():
            inline = match["inline"] is not None or match["dollars"] is not None
            yield match.start(), match.end(), Formula(" ".join(latex.split()), inline, match[0])


def replace_formulas(markdown: str, replacement: Callable[[Formula], str]) -> str:
    """Return ``markdown`` with what ``replacement`` gives in place of each formula; code is left alone."""
    pieces, place = [], 0
    for start, end, formula in find_formulas(markdown):
        pieces += [markdown[place:start], replacement(formula)]
        place = end
    return "".join([*pieces, markdown[place:]])
