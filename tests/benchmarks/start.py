"""The start: from the launch of the process to the pixels of the first window, and its memory."""

from __future__ import annotations

from tests.benchmarks.bench import Bench, run_child
from tests.benchmarks.figures import Figure, Goal, Line

NAME = "start"


def run(bench: Bench) -> list[Line]:
    """Start all of them in turn; the first start of each only warms the disk cache and is not counted."""
    empty, filled = bench.empty("start-empty"), bench.copy_of_filled("start-filled")
    found: dict[str, list[dict[str, float]]] = {"import": [], "bare": [], "empty": [], "filled": []}
    for number in bench.each_round(bench.rounds + 1):
        for name, child, arguments in (
            ("import", "widgets_import", ()),
            ("bare", "bare_window", ()),
            ("empty", "our_window", (empty, "-")),
            ("filled", "our_window", (filled, "rows")),
        ):
            figures = run_child(child, *arguments)
            if number:
                found[name].append(figures)
    return _lines(bench, found)


def _lines(bench: Bench, found: dict[str, list[dict[str, float]]]) -> list[Line]:
    def figure(name: str, of: str, key: str, unit: str = "ms") -> Figure:
        return Figure(name, unit, tuple(figures[key] for figures in found[of]))

    bare = figure("bare QMainWindow with a label", "bare", "painted_ms")
    limit = figure("Python and QtWidgets imported", "import", "painted_ms")
    many = f"{bench.orders:,} orders"
    empty = figure("", "empty", "painted_ms")
    filled = figure("", "filled", "painted_ms")
    rows = figure("", "filled", "rows_ms")
    peak, bare_peak = figure("", "filled", "peak_mb", "MB"), figure("bare", "bare", "peak_mb", "MB")
    import_peak = figure("import", "import", "peak_mb", "MB")
    rows_peak = figure("", "filled", "rows_peak_mb", "MB")
    return [
        Line(
            "Start to the first painted window, empty database",
            empty,
            (bare,),
            limit,
            Goal("≤ 1.5 × the bare window", empty.ratio_to(bare), 1.5),
        ),
        Line(
            f"Start to the first painted window, {many}",
            filled,
            (bare,),
            limit,
            Goal("≤ 1.5 × the bare window", filled.ratio_to(bare), 1.5),
        ),
        Line(f"Start to the painted rows of the list, {many}", rows, (bare,), limit),
        Line(
            "Peak memory at the first paint",
            peak,
            (bare_peak,),
            import_peak,
            Goal("≤ 110 MB", peak.value, 110),
        ),
        Line(
            "Peak memory with the rows painted",
            rows_peak,
            (bare_peak,),
            import_peak,
            Goal("≤ 110 MB", rows_peak.value, 110),
        ),
    ]
