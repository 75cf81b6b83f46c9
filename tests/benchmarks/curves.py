"""`python -m tests.benchmarks.curves`: what each act costs with 1,000 to 1,000,000 orders in the file.

Writes the table into docs/performance.md and the curves into docs/images/curves.png. The large databases are
made in a directory that `--keep` names, or in one that goes away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from math import log10
from pathlib import Path
from statistics import median

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen

from posapp.services.sample import fill
from posapp.ui import fonts
from tests.benchmarks.bench import Progress, opened, run_child, sample_stock
from tests.benchmarks.figures import plain_number
from tests.benchmarks.report import DOCUMENT, machine, write_between

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_BEGIN, _END = "<!-- curves: begin (written by the curves) -->", "<!-- curves: end -->"
_ROUNDS = 3
_PULLED = 10_000
PICTURE = DOCUMENT.parent / "images" / "curves.png"
_WORDS = {
    "painted_ms": "Start to the first paint, ms",
    "open_ms": "Open the list of all finished orders, ms",
    "jump_ms": "Jump to any place by the scroll bar, ms",
    "jump_worst_ms": "The slowest of 25 jumps, ms",
    "filter_ms": "Another tab, ms",
    "due_ms": "All finished orders by due time, ms",
    "rare_ms": "Finished orders of a brand that none has, ms",
    "search_ms": "Search: a key typed, ms",
    "search_worst_ms": "Search: the slowest key, ms",
    "status_ms": "Status change, commit to pixels, ms",
    "report_ms": "Report of a day, ms",
    "pull_s": f"Pull of {_PULLED:,} orders, s",
    "drain_s": f"Drain of {_PULLED:,} changes, s",
    "backup_s": "Backup with its check, s",
    "list_growth_mb": "Memory more after all that, MB",
    "search_stall_ms": "Longest stall while typing, ms",
    "pull_stall_ms": "Longest stall during the pull, ms",
    "drain_stall_ms": "Longest stall during the drain, ms",
    "backup_stall_ms": "Longest stall during the backup, ms",
}
_DRAWN = {
    "painted_ms": "#6b7280", "open_ms": "#2563eb", "jump_ms": "#16a34a", "search_ms": "#d97706",
    "status_ms": "#db2777", "report_ms": "#7c3aed",
}  # fmt: skip
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _FOOT = 960, 480, 70, 330, 30, 50

Found = dict[str, list[float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size and write it down."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.curves", description=__doc__)
    parser.add_argument("--keep", metavar="DIR", help="where the databases are, or stay")
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--no-write", action="store_true", help="leave the documents as they are")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    progress = Progress(len(_SIZES))
    with tempfile.TemporaryDirectory(prefix="posapp-curves-") as folder:
        home = Path(options.keep or folder)
        found = {size: _measure(home, size, options.rounds, progress) for size in _SIZES}
    progress.end()
    text = _table(found)
    sys.stdout.write(text + "\n")
    if not options.no_write:
        write_between(_BEGIN, _END, f"{machine(max(_SIZES))}\n\n{text}\n\n![Cost curves](images/curves.png)")
        _paint(found).save(str(PICTURE))
    return 0


def _measure(home: Path, size: int, rounds: int, progress: Progress) -> Found:
    progress.begin(f"{size:,} orders")
    place = home / f"orders-{size}"
    if not place.exists():
        with opened(place) as store:
            stock = sample_stock()
            fill(store, size, seed=1, stock=stock, station="bench", progress=lambda n: progress.say(f"{n:,}"))
            store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    found: Found = {}
    for number in range(rounds):
        progress.say(f"round {number + 1} of {rounds}")
        start = run_child("our_window", place, "frame")
        pixels = run_child("status_pixels", place)
        figures = {**start, "status_ms": pixels["painted_ms"]}
        if number < rounds - 1:
            figures |= run_child("long_window", place, 0)
        else:  # what is pulled goes into a copy: the size stays what it is called
            copy = home / "copy"
            shutil.copytree(place, copy)
            figures |= run_child("long_window", copy, _PULLED)
            shutil.rmtree(copy)
        for name in _WORDS.keys() & figures.keys():
            found.setdefault(name, []).append(figures[name])
    return found


def _table(found: dict[int, Found]) -> str:
    lines = [
        "| what | " + " | ".join(f"{size:,}" for size in found) + " |",
        "| --- |" + " --- |" * len(found),
    ]
    for name, words in _WORDS.items():
        cells = (plain_number(median(figures[name])) for figures in found.values())
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _paint(found: dict[int, Found]) -> QImage:
    """Paint the curves: both scales are logarithmic, a flat line costs the same at any size."""
    app = QGuiApplication.instance() or QGuiApplication([])
    fonts.load_fonts()
    image = QImage(_WIDTH * 2, _HEIGHT * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    image.fill(QColor("white"))
    p = QPainter(image)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setFont(fonts.font(13, fonts.REGULAR))
    field = QRectF(_LEFT, _TOP, _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _FOOT)
    sizes = list(found)

    def at(size: float, ms: float) -> QPointF:
        x = (log10(size) - log10(sizes[0])) / (log10(sizes[-1]) - log10(sizes[0]))
        return QPointF(
            field.left() + x * field.width(), field.bottom() - log10(max(1, ms)) / 3 * field.height()
        )

    for ms in (1, 10, 100, 1000):
        line = at(sizes[0], ms)
        p.setPen(QPen(QColor("#e5e7eb"), 1))
        p.drawLine(line, at(sizes[-1], ms))
        p.setPen(QColor("#374151"))
        p.drawText(QRectF(0, line.y() - 10, _LEFT - 10, 20), Qt.AlignmentFlag.AlignRight, f"{ms:,} ms")
    for size in sizes:
        p.drawText(
            QRectF(at(size, 1).x() - 60, field.bottom() + 8, 120, 20),
            Qt.AlignmentFlag.AlignHCenter,
            f"{size:,}",
        )
    for number, (name, colour) in enumerate(_DRAWN.items()):
        points = [at(size, median(figures[name])) for size, figures in found.items()]
        p.setPen(QPen(QColor(colour), 2.5))
        p.drawPolyline(points)
        for point in points:
            p.drawEllipse(point, 3, 3)
        y = field.top() + 10 + 26 * number
        p.drawLine(QPointF(field.right() + 24, y), QPointF(field.right() + 48, y))
        p.setPen(QColor("#111827"))
        p.drawText(QPointF(field.right() + 56, y + 5), _WORDS[name].removesuffix(", ms"))
    p.end()
    del app
    return image


if __name__ == "__main__":
    sys.exit(main())
