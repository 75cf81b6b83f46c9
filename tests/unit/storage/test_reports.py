"""Reports from a database of orders by chance, held against a plain count over all of its rows."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.received import RemoteLine
from posapp.domain.report_span import SpanKind, span_of
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.services import counter, orders, payments
from posapp.services.intake import Source, take_in
from posapp.storage.fields import from_us, to_us
from posapp.storage.reports import LOCAL, Counts, ReportFilter, Wanted, count, steps
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, put_in, remote_order
from tests.support.till import CASH, RULES, a_line, a_sale

BERLIN, ALMATY = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Almaty")
TARGETS = Targets(15, 10)
STATUSES = (
    *["delivered"] * 5,
    "cancelled",
    "cooking",
    "accepted",
    "created",
    "ondelivery",
    "timing",
    "edited",
)
SHOPS = (Source("alma", "internal", "KZT"), Source("thamel", "internal", "NPR"))


def wanted(
    store: Store, kind: SpanKind, zone: ZoneInfo, days: tuple[date, date] | None = None, **chosen: str
) -> Wanted:
    now = store.clock()
    first, last = days or (None, None)
    return Wanted(span_of(kind, now, zone, first, last), zone, TARGETS, now, ReportFilter(**chosen))


def fill(store: Store, middle: datetime, seed: int) -> None:
    """Put in orders of the days around an instant, with every kind of history."""
    chance = random.Random(seed)
    for source in SHOPS:
        batch = []
        for number in range(140):
            lines = tuple(
                RemoteLine(chance.choice(("Борщ", "Пицца", "Момо")), n, Decimal(price), Decimal(price) * n)
                for n, price in ((chance.randrange(1, 4), chance.choice(("0.07", "990", "1250.50"))),) * 2
            )
            batch.append(
                remote_order(
                    str(number), created_at=middle + timedelta(seconds=chance.randrange(-900_000, 200_000)),
                    total=f"{Decimal(chance.randrange(10**6)).scaleb(-2):f}", lines=lines,
                    kind=chance.choice(("delivery", "pickup")), brand=chance.choice(("Alma", "Dodo", "")),
                    source=chance.choice(("web", "mobile")),
                )
            )  # fmt: skip
        take_in(store, source, batch, "counter-1")
    with store.write() as tx:
        for pk, created in tx.all("SELECT pk, created_at FROM orders"):
            tx.execute(
                "UPDATE orders SET status = ?, accepted_at = ?, sent_at = ?, closed_at = ?, promised_at = ?, "
                "due_at = ?, planned_at = ? WHERE pk = ?",
                (
                    chance.choice(STATUSES),
                    *(_later(chance, created, share) for share in (9, 6, 5, 2, 1, 1)),
                    pk,
                ),
            )
            if chance.random() < 0.4:
                tx.execute(
                    "INSERT INTO kitchen_orders(order_pk, revision, seen, ready_at, ready_by, struck) "
                    "VALUES (?, 0, '', ?, '', 0)",
                    (pk, _later(chance, created, 8)),
                )
    store.clock.now = middle + timedelta(hours=5)  # type: ignore[attr-defined]


def _later(chance: random.Random, created: int, tenths: int) -> int | None:
    return created + chance.randrange(2_400_000_000) if chance.random() * 10 < tenths else None


def plain(store: Store, asked: Wanted, *, before: bool = False) -> dict[str, dict[str, Any]]:
    """Count by reading every order there is and asking for its local day, with no index and no SQL sums."""
    span, zone = asked.span, asked.zone
    shift = timedelta(days=span.back) if before else timedelta(0)
    lines: dict[int, list[tuple[str, int, Decimal]]] = {}
    returned: Counter[int] = Counter()
    for pk, title, quantity, total in store.all("SELECT order_pk, title, quantity, total FROM order_lines"):
        lines.setdefault(pk, []).append((title, quantity, Decimal(total)))
    ready = dict(store.all("SELECT order_pk, ready_at FROM kitchen_orders"))
    for pk, amount in store.all("SELECT order_pk, returned FROM payments"):
        returned[pk] += int(Decimal(amount) * 100)
    found: dict[str, dict[str, Any]] = {}
    for row in store.all(
        "SELECT pk, created_at, status, kind, total, currency, brand, source, remote, accepted_at, sent_at, "
        "closed_at, promised_at, due_at, planned_at FROM orders"
    ):
        pk, created, status, kind, total, currency, brand, source, remote, *times = row
        at = from_us(created)
        here = at.astimezone(zone)
        if not span.first - shift <= here.date() <= span.last - shift:
            continue
        chosen, mine = asked.chosen, (brand, source, remote or LOCAL)
        if any(a and a != b for a, b in zip((chosen.brand, chosen.source, chosen.remote), mine, strict=True)):
            continue
        sums = found.setdefault(
            currency,
            {"orders": 0, "sales": Decimal(0), "late": 0, "statuses": Counter(), "preps": [], "items": {},
             "drawn": Counter()},
        )  # fmt: skip
        net = Decimal(total) - Decimal(returned[pk]) / 100
        if status != "cancelled":
            slot = here.hour if span.days == 1 else (here.date() - (span.first - shift)).days
            sums["drawn"][slot] += net
        late = before and at >= span.cut
        sums["statuses"][status] += not late
        if status == "cancelled" or late:
            continue
        sums["orders"] += 1
        sums["sales"] += net
        for title, quantity, amount in lines.get(pk, ()):
            was = sums["items"].get(title, (0, Decimal(0)))
            sums["items"][title] = (was[0] + quantity, was[1] + amount)
        _judge(sums, status, kind, ready.get(pk), times, asked)
    return found


def _judge(
    sums: dict[str, Any], status: str, kind: str, bell: int | None, times: list[int | None], asked: Wanted
) -> None:
    accepted, sent, closed, promised, due, planned = (t // 10**6 if t is not None else None for t in times)
    over = bell // 10**6 if bell is not None else None
    if over is None:
        over = sent
    if over is None and kind == "pickup" and status == "delivered":
        over = closed
    when = planned if planned is not None else due
    if accepted is None:
        return
    if over is not None and over >= accepted and when is None:
        sums["preps"].append(over - accepted)
    limit = accepted + 60 * (10 if kind == "pickup" else 15)
    if when is not None:
        limit = max(when, accepted)
    if promised is not None and promised > accepted:
        limit = promised
    now = int(asked.now.timestamp())
    waits = status in ("accepted", "cooking", "edited")
    sums["late"] += over > limit if over is not None else waits and now > limit


def check(store: Store, asked: Wanted) -> Counts:
    counts = count(store, asked)
    for tallies, expected in (
        (counts.now, plain(store, asked)),
        (counts.before, plain(store, asked, before=True)),
    ):
        assert tallies.keys() == expected.keys()
        for code, sums in expected.items():
            tally = tallies[code]
            assert (tally.orders, tally.sales, tally.late) == (sums["orders"], sums["sales"], sums["late"])
            assert tally.statuses == +sums["statuses"]
            assert sorted(s for some in tally.preps.values() for s in some) == sorted(sums["preps"])
            assert tally.buckets == dict(sums["drawn"])
            if tallies is counts.now:
                items = {title: (sold.quantity, sold.revenue) for title, sold in tally.items.items()}
                assert items == sums["items"]
    return counts


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("zone", "middle"),
    [
        (BERLIN, datetime(2026, 3, 29, 11, tzinfo=UTC)),  # 23 hours
        (BERLIN, datetime(2026, 10, 25, 11, tzinfo=UTC)),  # 25 hours
        (ALMATY, datetime(2026, 5, 21, 14, tzinfo=UTC)),
    ],
)
def test_a_report_is_what_a_plain_count_finds(
    store: Store, zone: ZoneInfo, middle: datetime, seed: int
) -> None:
    fill(store, middle, seed)
    today = store.clock().astimezone(zone).date()
    some = (today - timedelta(days=4), today - timedelta(days=1))

    for kind in SpanKind:
        counts = check(store, wanted(store, kind, zone, some if kind is SpanKind.RANGE else None))
        assert counts.now.keys() == {"KZT", "NPR"}
    check(store, wanted(store, SpanKind.MONTH, zone, brand="Dodo", source="web"))
    counts = check(store, wanted(store, SpanKind.WEEK, zone, remote="thamel"))
    assert counts.now.keys() == {"NPR"}
    assert counts.choices.remotes == {"alma", "thamel"}  # what there is to choose, whatever is chosen
    assert counts.choices.brands == {"Alma", "Dodo", ""}


def test_what_is_given_back_is_no_sale(store: Store) -> None:
    first = counter.sell(store, a_sale(a_line("2600", 2)), RULES, ANNA, tenders=[CASH])
    second = counter.sell(store, a_sale(a_line("1000")), RULES, ANNA, tenders=[CASH])
    payments.refund_lines(store, first.pk, [(0, 1)], RULES, ANNA, reason="cold")
    orders.move(store, second.pk, Status.CANCELLED, ANNA)

    counts = check(store, wanted(store, SpanKind.TODAY, ALMATY))
    tally = counts.now["KZT"]
    assert (tally.orders, tally.sales) == (1, Decimal(2600))
    assert tally.statuses == {"accepted": 1, "cancelled": 1}
    assert counts.choices.remotes == {LOCAL}
    assert count(store, wanted(store, SpanKind.TODAY, ALMATY, remote="alma")).now == {}


def test_a_total_that_is_no_amount_adds_nothing(store: Store) -> None:
    [pk] = put_in(store, remote_order("1"))
    with store.write() as tx:
        tx.execute("UPDATE orders SET total = 'NaN' WHERE pk = ?", (pk,))
    tally = count(store, wanted(store, SpanKind.TODAY, ALMATY)).now["KZT"]
    assert (tally.orders, tally.sales) == (1, Decimal(0))


def test_an_empty_database_has_an_empty_report(store: Store) -> None:
    counts = count(store, wanted(store, SpanKind.MONTH, ALMATY))
    assert (counts.now, counts.before, counts.choices.brands) == ({}, {}, set())


@pytest.mark.databases("sqlite")
@pytest.mark.databases("sqlite")  # its plans can be read
def test_every_step_reads_one_day_by_an_index(store: Store) -> None:
    asked = wanted(store, SpanKind.MONTH, ALMATY)
    assert len(steps(asked)) == 60
    read: list[str] = []

    class Listening:
        dialect = store.dialect

        def one(self, sql: str, params: Any = ()) -> Any:
            return store.one(sql, params)

        def all(self, sql: str, params: Any = ()) -> Any:
            plan = store.all(f"EXPLAIN QUERY PLAN {sql}", params)
            assert to_us(asked.span.before_begin) <= params[0] < params[1] <= to_us(asked.span.end)
            assert params[1] - params[0] <= 25 * 3_600_000_000
            read.extend(str(row[3]) for row in plan)
            return store.all(sql, params)

    count(Listening(), asked)
    assert not [line for line in read if line.startswith("SCAN")]
