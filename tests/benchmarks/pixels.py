"""A status change in the real window: from the commit to the pixels of the row."""

from __future__ import annotations

from tests.benchmarks.bench import Bench, run_child
from tests.benchmarks.figures import Figure, Goal, Line

NAME = "pixels"
_ROUNDS = 3


def run(bench: Bench) -> list[Line]:
    """Change statuses in our window and in the peer's."""
    ours: list[dict[str, float]] = []
    peers: list[dict[str, float]] = []
    window, table = bench.copy_of_filled("pixels"), bench.copy_of_filled("pixels-peer")
    for _ in bench.each_round(_ROUNDS):
        ours.append(run_child("status_pixels", window))
        peers.append(run_child("table_peer", table / "posapp.db"))
    mine = Figure("", "ms", tuple(found["painted_ms"] for found in ours))
    peer = Figure("QSqlTableModel, select and repaint", "ms", tuple(found["reload_ms"] for found in peers))
    limit = Figure("one row of a plain list", "ms", tuple(found["one_row_ms"] for found in peers))
    worst = Figure("", "ms", tuple(found["painted_worst_ms"] for found in ours))
    return [
        Line("A status change, commit to pixels", mine, (peer,), limit, Goal("≤ 2 ms", mine.value, 2)),
        Line("The same, the slowest of 40", worst),
    ]
