"""Opening the list, the counters of its tabs, and searching while one types."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from posapp.domain.timing import Targets
from posapp.storage.anchors import Anchors, more_anchors, page_at
from posapp.storage.queries import PAGE, ROW_COLUMNS, counts, order_page
from posapp.storage.rows import OrderFilter, Tab
from posapp.storage.search import search_condition
from posapp.storage.store import Store
from tests.benchmarks.bench import Bench, opened, run_child, seconds_of
from tests.benchmarks.figures import Figure, Goal, Line

NAME = "list and search"
_TARGETS = Targets(15, 10)
_CHILDREN = 3
_REPEATS = 5
_SCAN = (
    f"SELECT {ROW_COLUMNS} FROM orders WHERE code LIKE ?1 OR phone_digits LIKE ?1 "  # noqa: S608
    "OR customer_name LIKE ?1 OR address LIKE ?1 ORDER BY created_at DESC LIMIT 101"
)


def run(bench: Bench) -> list[Line]:
    """Measure list, counters and search on the large database."""
    opening, peers = _opening(bench)
    lines = [opening]
    with opened(bench.filled()) as store:
        lines.append(_jumping(bench, store, peers))
        lines.append(_counters(bench, store))
        for what, text in _searches(store):
            lines.append(_searching(bench, store, what, text))
    return lines


def _opening(bench: Bench) -> tuple[Line, Figure]:
    """Return how long the list takes to open, and how long the peer takes to any place of it."""
    ours, peers = [], []
    target = bench.copy_of_filled("list") / "posapp.db"
    for _ in bench.each_round(_CHILDREN):
        ours.append(run_child("our_list", bench.filled()))
        peers.append(run_child("table_peer", target))
    mine = Figure("query, model, paint", "ms", tuple(found["open_ms"] for found in ours))
    peer = Figure("QSqlTableModel", "ms", tuple(found["open_ms"] for found in peers))
    limit = Figure("the query alone", "ms", tuple(found["query_ms"] for found in ours))
    goal = Goal("≤ 1.2 × QSqlTableModel", mine.ratio_to(peer), 1.2)
    jumps = Figure("QSqlTableModel, all rows fetched", "ms", tuple(found["jump_ms"] for found in peers))
    return Line(f"Open the list of {bench.orders:,} orders", mine, (peer,), limit, goal), jumps


def _jumping(bench: Bench, store: Store, peer: Figure) -> Line:
    """Read a hundred rows anywhere: from the nearest of the known keys, and from the key before them."""
    chosen, known = OrderFilter(tab=Tab.DONE), Anchors()
    while not known.whole:
        known = more_anchors(store, chosen, known)
    chance = random.Random(1)
    ours, limit = [], []
    for _ in bench.each_round():
        place = chance.randrange(1, known.total - PAGE)
        key = page_at(store, chosen, _TARGETS, known, place - 1, 1).next_key
        ours.append(_ms(lambda place=place: page_at(store, chosen, _TARGETS, known, place, PAGE)))  # type: ignore[misc]
        limit.append(_ms(lambda key=key: order_page(store, chosen, _TARGETS, after=key, limit=PAGE)))  # type: ignore[misc]
    mine = Figure("query", "ms", tuple(ours))
    exact = Figure("the same rows from their own key", "ms", tuple(limit))
    goal = Goal("≤ 1.5 × the limit", mine.ratio_to(exact), 1.5)
    return Line("Jump anywhere, with a true scroll bar", mine, (peer,), exact, goal)


def _counters(bench: Bench, store: Store) -> Line:
    day_start = store.clock() - timedelta(hours=12)
    kept, counted = [], []
    for _ in bench.each_round():
        kept.append(_ms(lambda: counts(store, day_start)))
        counted.append(_ms(lambda: store.all("SELECT status, count(*) FROM orders GROUP BY status")))
    return Line(
        "The counters of the tabs",
        Figure("kept by triggers", "ms", tuple(kept)),
        (Figure("GROUP BY", "ms", tuple(counted)),),
    )


def _searches(store: Store) -> list[tuple[str, str]]:
    """Return what is typed: taken from an order in the middle, so that each finds something."""
    row = store.one(
        "SELECT phone_digits, customer_name FROM orders WHERE length(phone_digits) > 6 "
        "AND customer_name <> '' AND pk >= (SELECT max(pk) / 2 FROM orders) LIMIT 1"
    )
    assert row is not None
    digits, name = str(row[0]), str(row[1])
    return [
        ("the last 4 digits of a phone", digits[-4:]),
        ("a name", name),
        ("3 letters inside a name", name.split(maxsplit=1)[0][1:4]),
    ]


def _searching(bench: Bench, store: Store, what: str, text: str) -> Line:
    chosen = OrderFilter(search=text)
    condition = search_condition(store.dialect, text)
    assert condition is not None
    matches = f"SELECT count(*) FROM orders WHERE {condition.sql}"  # noqa: S608
    found: dict[str, list[float]] = {"ours": [], "scan": [], "index": []}
    for _ in bench.each_round():
        found["ours"].append(_ms(lambda: order_page(store, chosen, _TARGETS)))
        found["scan"].append(_ms(lambda: store.all(_SCAN, (f"%{text}%",))))
        found["index"].append(_ms(lambda: store.all(matches, condition.params)))
    mine = Figure("", "ms", tuple(found["ours"]))
    return Line(
        f"Search: {what}",
        mine,
        (Figure("LIKE scan", "ms", tuple(found["scan"])),),
        Figure("the matches counted", "ms", tuple(found["index"])),
        Goal("≤ 60 ms", mine.value, 60),
    )


def _ms(work: Callable[[], object]) -> float:
    return median(seconds_of(work) for _ in range(_REPEATS)) * 1000
