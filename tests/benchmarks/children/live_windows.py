"""Two stations of a shop, each with its window: one acts, the other has painted it; both are this program.

    live_windows STARTED FOLDER URL          starts the other station, acts, and tells how long it took
    live_windows STARTED FOLDER URL watch    is the other station: tells of each change that it has painted

The moments are of the monotonic clock, which is the same for all processes of a machine.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QListView

import posapp.app
from posapp.config import CONFIG_NAME
from posapp.domain.status import Status
from posapp.ui.commands import OrderCommands
from tests.benchmarks.children.parts import PaintWatch, answer, wait_ms, wait_until

_NEXT = {
    "created": Status.ACCEPTED,
    "edited": Status.ACCEPTED,
    "timing": Status.ACCEPTED,
    "accepted": Status.COOKING,
    "cooking": Status.ONDELIVERY,
    "ondelivery": Status.COOKING,
}
_CHANGES = 40
_ROWS = 8
_REST_MS = 60


def station(folder: Path, name: str, url: str) -> posapp.app.App:
    """Open the window of a station."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f'[station]\nname = "{name}"\n\n[database]\nurl = "{url}"\n'
    (folder / CONFIG_NAME).write_text(text, encoding="utf-8")
    app = posapp.app.build(folder, start_sync=False, show=True, sounds=False)
    app.window.resize(1366, 768)
    wait_until(lambda: _view(app) is not None and _view(app).model().rowCount() > _ROWS)
    wait_ms(500)
    return app


def _view(app: posapp.app.App) -> Any:
    return app.window.findChild(QListView, "ordersView")


class Teller(QObject):
    """Writes a line for each picture of the list: the moment, and the statuses of its first rows."""

    def __init__(self, view: Any) -> None:
        super().__init__()
        self._model = view.model()
        self._watch = PaintWatch(view.viewport(), self._painted)

    def _painted(self) -> None:
        now = time.monotonic_ns()
        shown = " ".join(f"{row.pk}:{row.status}" for row in self._model.rows)
        sys.stdout.write(f"{now} {shown}\n")
        sys.stdout.flush()


def watch(app: posapp.app.App) -> None:
    """Tell of what is painted until the other station closes the pipe."""
    teller = Teller(_view(app))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    QTimer.singleShot(60_000, lambda: sys.exit("nobody ended this"))
    while teller is not None:
        wait_ms(1000)


def act(app: posapp.app.App, other: subprocess.Popen[str]) -> None:
    """Move orders, and read when the other station has painted each."""
    assert other.stdout is not None
    commands, model = app.window.findChild(OrderCommands), _view(app).model()
    assert isinstance(commands, OrderCommands)
    committed: list[int] = []
    publish = app.store.feed.publish

    def timed(change: Any) -> None:
        if not change.foreign:
            committed.append(time.monotonic_ns())
        publish(change)

    app.store.feed.publish = timed  # type: ignore[method-assign]
    took = []
    for number in range(_CHANGES):
        rows = [row for row in model.rows if row.kind == "delivery"][:_ROWS]
        row = rows[number % len(rows)]
        target = _NEXT[row.status]
        committed.clear()
        commands.move(row, target)
        wait_until(lambda: bool(committed))
        wanted = f"{row.pk}:{target.value}"
        for line in other.stdout:
            moment, *shown = line.split()
            if wanted in shown:
                took.append((int(moment) - committed[0]) / 1e6)
                break
        wait_ms(_REST_MS)
    took.sort()
    answer(seen_ms=took[_CHANGES // 2], worst_ms=took[-1])


def main() -> None:
    folder, url = Path(sys.argv[2]), sys.argv[3]
    if sys.argv[4:] == ["watch"]:
        watch(station(folder / "kitchen", "kitchen-1", url))
        return
    command = [sys.executable, "-m", "tests.benchmarks.children.live_windows", sys.argv[1], str(folder), url]
    with subprocess.Popen([*command, "watch"], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            while other.stdout.readline() != "ready\n":
                pass
            act(station(folder / "counter", "counter-1", url), other)
        finally:
            other.kill()


if __name__ == "__main__":
    main()
