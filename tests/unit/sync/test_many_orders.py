"""Many orders at once: one that is refused for ever delays none, and they go out side by side.

Time is the test's own: each request takes 20 ms there and back.
"""

from __future__ import annotations

import heapq
import itertools
from datetime import datetime, timedelta
from random import Random

from posapp.domain.status import Status
from posapp.remote.api import Answer
from posapp.remote.internal import InternalFormat
from posapp.sync.lane import Lane
from tests.unit.sync.bench import Bench, only, refused
from tests.unit.sync.conftest import MakeBench

TRIP = timedelta(milliseconds=20)
COUNT = 500


def drain(bench: Bench, parallel: int) -> dict[str, timedelta]:
    """Send what waits; return when each order's change was saved."""
    bench.lane = Lane(bench.store, bench.config, InternalFormat(), "counter-1", Random(3), parallel=parallel)
    begin = bench.now
    numbers = itertools.count()
    tokens = itertools.count(1)
    under_way: list[tuple[datetime, int, int, Answer]] = []
    done: dict[str, timedelta] = {}
    while True:
        for dispatch in bench.lane.poll(bench.now, tokens, urgent=True):
            saved = len(bench.shop.saved)
            answer = bench.shop.answer(dispatch.request, bench.now)
            for remote_id, _ in bench.shop.saved[saved:]:
                done[remote_id] = bench.now - begin
            heapq.heappush(under_way, (bench.now + TRIP, next(numbers), dispatch.token, answer))
        due = bench.lane.next_due(bench.now, urgent=True)
        if not under_way and (due is None or due - begin > timedelta(seconds=30)):
            return done
        times = [*([under_way[0][0]] if under_way else []), *([due] if due is not None else [])]
        bench.clock.now = max(bench.now, min(times))
        come = []
        while under_way and under_way[0][0] <= bench.now:
            _, _, token, answer = heapq.heappop(under_way)
            come.append((token, answer))
        if come:
            bench.lane.answered(come, bench.now)


def queued(make_bench: MakeBench, count: int) -> Bench:
    bench = make_bench(count)
    bench.run(7)  # what the list showed is too old by now: each order is read first
    for number in range(1, count + 1):
        bench.move(Status.ACCEPTED, number=number)
    return bench


def test_an_order_that_is_refused_for_ever_delays_none_of_500(make_bench: MakeBench) -> None:
    bench = queued(make_bench, COUNT)
    undisturbed = drain(bench, parallel=8)
    assert len(undisturbed) == COUNT

    bench = queued(make_bench, COUNT)
    stubborn = bench.shop.ids[3]
    bench.shop.fault = only("write", refused(), order=stubborn)
    found = drain(bench, parallel=8)

    assert found.keys() == undisturbed.keys() - {stubborn}
    # It takes its turns like any other: a read and a write, and both again.
    late = [found[name] - undisturbed[name] for name in found]
    assert max(late) <= 4 * TRIP
    assert bench.sync(4) == "failed"
    assert bench.rows(4)[0].state == "parked"


def test_eight_orders_go_out_side_by_side(make_bench: MakeBench) -> None:
    one_by_one = max(drain(queued(make_bench, 160), parallel=1).values())
    side_by_side = max(drain(queued(make_bench, 160), parallel=8).values())
    assert one_by_one >= 7 * side_by_side
