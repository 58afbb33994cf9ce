"""Mutation score of a module or a folder of modules: change it in one small way at a time; do its tests notice?

    python tests/benchmarks/mutate.py qwvis_desktop/core/coordinates.py -- pytest -x -q tests/core/test_coordinates.py
    python tests/benchmarks/mutate.py qwvis_desktop/core/replies --sample 500 -- pytest -x -q tests/core/replies

Works on a copy of the checkout's program and tests in a temporary folder; the checkout itself is never written to.
Prints one JSON object: score in per cent, mutants killed, survivors with line and change. ``--sample N`` takes N of
the mutants at random (``--seed``), ``--jobs`` runs several at once. A mutant that runs for longer than ``--timeout``
times the unchanged tests counts as killed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

COPIED = ("qwvis_desktop", "resources", "tests", "pyproject.toml")

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
CALLS = {"min": "max", "max": "min", "floor": "ceil", "ceil": "floor", "all": "any", "any": "all", "sorted": "list"}


@dataclass(frozen=True)
class Mutant:
    """A changed module: which, where, what, and its text."""

    module: Path
    line: int
    change: str
    source: str


def changes_of(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the ways to change one node: a description and the node that takes its place."""
    yield from _operators(node)
    match node:
        case ast.Constant():
            yield from _constants(node)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield from _with(node, value=ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While():
            yield from _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Break() | ast.Continue():
            yield f"{ast.unparse(node)} -> pass", ast.Pass()
        case ast.Name(id=name) if name in CALLS:
            yield from _with(node, id=CALLS[name])
        case ast.Attribute(attr=name) if name in CALLS:
            yield from _with(node, attr=CALLS[name])


def _operators(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            yield from _with(node, op=SWAPS[type(op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield f"{ast.unparse(node)} -> {ast.unparse(node.operand)}", node.operand
        case ast.Compare(ops=ops):
            for number, compared in enumerate(ops):
                if type(compared) in SWAPS:
                    yield from _with(node, ops=[*ops[:number], SWAPS[type(compared)](), *ops[number + 1 :]])


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(node: ast.AST, **fields: object) -> Iterator[tuple[str, ast.AST]]:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    before, after = (ast.unparse(ast.fix_missing_locations(copy.deepcopy(n))).split("\n")[0] for n in (node, changed))
    yield f"{before} -> {after}", changed


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} -> {not value}", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield f"{value} -> {value + 1}", ast.Constant(value + 1)
    elif isinstance(value, str) and value:
        yield f"{value[:30]!r} -> 'mutated'", ast.Constant("mutated")


def _skipped(tree: ast.Module) -> set[int]:
    """Return ids of nodes that mean nothing when they run: docstrings, annotations, ``__all__``, frozen= and slots=."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        fields: list[ast.AST | None] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fields.append(node.value)
        elif isinstance(node, ast.AnnAssign):
            fields.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            fields += [node.returns, *(arg.annotation for arg in ast.walk(node.args) if isinstance(arg, ast.arg))]
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            fields += node.decorator_list
        for field in fields:
            skipped.update(map(id, ast.walk(field)) if field is not None else ())
    return skipped


def mutants_of(root: Path, module: Path) -> list[Mutant]:
    """Return all mutants of a module, or of all modules of a folder; ``module`` is relative to ``root``."""
    if (root / module).is_dir():
        inner = sorted(path.relative_to(root) for path in (root / module).rglob("*.py"))
        return [mutant for path in inner for mutant in mutants_of(root, path)]
    tree = ast.parse((root / module).read_text(encoding="utf-8"))
    skipped, found = _skipped(tree), []
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            places = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for at, child in places:
                if not isinstance(child, ast.AST) or id(child) in skipped:
                    continue
                for change, changed in changes_of(child):
                    _put(parent, name, at, changed)
                    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
                    _put(parent, name, at, child)
                    found.append(Mutant(module, getattr(child, "lineno", 0), change, text))
    return sorted(found, key=lambda mutant: mutant.line)


def _put(parent: ast.AST, name: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[at] = node


def killed(folder: Path, mutant: Mutant, command: Sequence[str], limit: float) -> bool:
    """Put a mutant in the place of its module in the copy and say whether the tests fail or hang."""
    unchanged = (folder / mutant.module).read_text(encoding="utf-8")
    (folder / mutant.module).write_text(mutant.source, encoding="utf-8")
    try:
        return fails(folder, command, limit)
    finally:
        (folder / mutant.module).write_text(unchanged, encoding="utf-8")


def fails(folder: Path, command: Sequence[str], limit: float) -> bool:
    """Say whether the tests of the copy fail or hang."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def copied(root: Path, folder: Path) -> Path:
    """Copy what the tests need into ``folder``; return the copy."""
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def main() -> int:
    """Run; 2 where the unchanged tests fail already."""
    parser = argparse.ArgumentParser(description="Mutation score of a module or a folder.")
    parser.add_argument("module", type=Path, help="a module, or a folder of them, relative to the root of the checkout")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=4.0, help="times the unchanged tests' duration")
    before, _, command = _split(sys.argv[1:])
    options = parser.parse_args(before)
    root = Path(__file__).resolve().parents[2]
    mutants = mutants_of(root, options.module)
    if 0 < options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    with tempfile.TemporaryDirectory(prefix="mutate-") as temporary:
        folders: SimpleQueue[Path] = SimpleQueue()
        for number in range(options.jobs):
            folders.put(copied(root, Path(temporary) / str(number) / "checkout"))
        first = folders.get()
        started = time.monotonic()
        if fails(first, command, 600):
            print(json.dumps({"error": "the tests fail without any change"}))
            return 2
        folders.put(first)
        limit = options.timeout * options.jobs * (time.monotonic() - started) + 5

        def judged(mutant: Mutant) -> bool:
            folder = folders.get()
            try:
                return killed(folder, mutant, command, limit)
            finally:
                folders.put(folder)

        with ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(judged, mutants))
    alive = [mutant for mutant, dead in zip(mutants, results, strict=True) if not dead]
    report = {
        "module": str(options.module),
        "mutants": len(mutants),
        "killed": sum(results),
        "score": round(100 * sum(results) / max(1, len(results)), 1),
        "survivors": [{"module": mutant.module.name, "line": mutant.line, "change": mutant.change} for mutant in alive],
    }
    print(json.dumps(report, indent=1))
    return 0


def _split(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    """Cut the arguments at ``--``."""
    if "--" not in arguments:
        return arguments, "", ["pytest", "-x", "-q"]
    at = arguments.index("--")
    return arguments[:at], "--", arguments[at + 1 :]


if __name__ == "__main__":
    raise SystemExit(main())
