"""The project's own files, as the guards see them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.guards.rules import Finding

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[str, ...]:
    """Answer the names of all files that belong to the project: known to git, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listing.stdout.decode().split("\0")
    return tuple(sorted(name for name in set(names) if name and (ROOT / name).is_file()))


def modules(*under: str) -> Iterator[str]:
    """Yield the names of the Python files below these folders, or that are these files."""
    for name in tracked():
        if name.endswith(".py") and any(name == part or name.startswith(f"{part}/") for part in under):
            yield name


@cache
def parsed(name: str) -> ast.Module:
    """Answer the syntax tree of a file."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), filename=name)


def breaches(rule: Callable[[ast.AST], list[Finding]], names: Iterator[str], *, but: str = "") -> list[str]:
    """Answer every place in these files that breaks a rule, but for one file or folder that may."""
    return [
        f"{name}:{finding.line} {finding.what}"
        for name in names
        if not (but and (name == but or name.startswith(f"{but}/")))
        for finding in rule(parsed(name))
    ]


def text_of(name: str) -> str:
    """Answer a file's text, or nothing when it is not one."""
    content = (ROOT / name).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")
