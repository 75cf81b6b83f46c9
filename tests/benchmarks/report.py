"""The table that a run ends with, for the terminal and for docs/performance.md."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from posapp.storage.dialect_sqlite import sqlite_version
from tests.benchmarks.bench import ROOT
from tests.benchmarks.figures import Figure, Line, plain_number

_LIBRARIES = ("PySide6-Essentials", "peewee", "msgspec", "urllib3")
DOCUMENT = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- figures: begin (written by make bench) -->", "<!-- figures: end -->"
_HEAD = "| what | posapp | what else one could use | the limit | ratio to peers; to the limit | goal | met |"


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a table in Markdown."""
    rows = [_HEAD, "|" + " --- |" * 7]
    for line in lines:
        goal, verdict = ("", "")
        if line.goal is not None:
            goal = f"{line.goal.words}: {plain_number(line.goal.value)}"
            verdict = "yes" if line.goal.met else "**no**"
        cells = (
            line.what,
            _named(line.ours),
            "; ".join(_named(peer) for peer in line.peers) or "–",
            _named(line.limit) if line.limit else "–",
            _ratios(line),
            goal or "–",
            verdict or "–",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _named(figure: Figure) -> str:
    return f"{figure.name} {figure}".strip()


def _ratios(line: Line) -> str:
    peers = ", ".join(f"{plain_number(line.ours.ratio_to(peer))} ×" for peer in line.peers)
    limit = f"{plain_number(line.ours.ratio_to(line.limit))} ×" if line.limit else ""
    return "; ".join(part for part in (peers, limit) if part) or "–"


def machine(orders: int) -> str:
    """Return when, where and with what the figures were measured."""
    parts = (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC at commit {_commit()}",
        f"{_processor()}, {os.cpu_count() or 1} cores, {_memory()} of memory",
        f"{platform.system()} {platform.release()}",
        ", ".join(
            (
                f"Python {platform.python_version()}",
                f"SQLite {'.'.join(map(str, sqlite_version()))}",
                *(f"{name} {version(name)}" for name in _LIBRARIES),
            )
        ),
        f"the large database holds {orders:,} orders",
        f"load average at the end {_load()} (idle but for the benchmarks: about 1)",
    )
    return "; ".join(parts) + "."


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    found = git("rev-parse", "--short=10", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "posapp")
    return f"{found or 'unknown'}{' with changes' if changed else ''}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _memory() -> str:
    try:
        text = Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return "an unknown amount"
    return f"{int(text.split()[1]) * 1024 / 1e9:.1f} GB"


def write_document(lines: Sequence[Line], orders: int) -> None:
    """Put the table in its place in docs/performance.md; the words around it stay."""
    write_between(_BEGIN, _END, f"{machine(orders)}\n\n{table(lines)}")


def write_between(begin: str, end: str, block: str) -> None:
    """Put something between two marks of docs/performance.md."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    DOCUMENT.write_text(f"{before}{begin}\n\n{block}\n\n{end}{after}", "utf-8")


def show(lines: Sequence[Line]) -> None:
    """Print the lines for a person at a terminal."""
    write = sys.stdout.write
    for line in lines:
        write(f"{line.what}\n    posapp   {_named(line.ours)}\n")
        for label, other in (*(("peer", peer) for peer in line.peers), ("limit", line.limit)):
            if other is not None:
                ratio = plain_number(line.ours.ratio_to(other))
                write(f"    {label:8} {_named(other)}  (posapp is {ratio} × that)\n")
        if line.goal is not None:
            verdict = "met" if line.goal.met else "MISSED"
            write(f"    goal     {line.goal.words}: {plain_number(line.goal.value)}, {verdict}\n")
