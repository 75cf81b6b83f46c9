"""What a report counts, and the spans it is about."""

from __future__ import annotations

import csv
import io
import itertools
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.report import Fact, Tally, change_percent, is_late, percentile, periods, prep_seconds
from posapp.domain.report_span import SpanKind, Unit, pieces, span_of
from posapp.domain.report_summary import BOM, as_csv, currency_for, harmless, summary_of
from posapp.domain.timing import Targets

BERLIN, ALMATY = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 22, 14, 42, tzinfo=UTC)  # 19:42 in Almaty, a Sunday
TARGETS = Targets(15, 10)


def a_fact(**changes: object) -> Fact:
    values = {"bucket": 19, "hour": 19, "status": "delivered", "kind": "delivery", "net": Decimal(100)}
    return Fact(**(values | changes))  # type: ignore[arg-type]


def test_today_is_compared_with_the_same_hours_of_last_week() -> None:
    span = span_of(SpanKind.TODAY, NOW, ALMATY)

    assert (span.first, span.last, span.before) == (date(2026, 11, 22),) * 2 + (date(2026, 11, 15),)
    assert (span.begin, span.end - span.begin) == (
        datetime(2026, 11, 21, 19, tzinfo=UTC), timedelta(hours=24),
    )  # fmt: skip
    assert span.cut == datetime(2026, 11, 15, 14, 42, tzinfo=UTC)
    assert (span.running, span.unit, span.days) == (True, Unit.HOUR, 1)


@pytest.mark.parametrize(
    ("kind", "days", "back", "unit", "running"),
    [
        (SpanKind.YESTERDAY, 1, 7, Unit.HOUR, False),
        (SpanKind.WEEK, 7, 7, Unit.DAY, True),
        (SpanKind.MONTH, 30, 30, Unit.DAY, True),
    ],
)
def test_longer_spans_are_compared_with_as_many_days(
    kind: SpanKind, days: int, back: int, unit: Unit, running: bool
) -> None:
    span = span_of(kind, NOW, ALMATY)
    assert (span.days, span.back, span.unit, span.running) == (days, back, unit, running)
    assert span.before_end <= span.begin
    assert (span.cut < span.before_end) is running


def test_days_of_23_and_25_hours_are_whole_days() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        span = span_of(SpanKind.RANGE, NOW, BERLIN, day, day)
        assert span.end - span.begin == timedelta(hours=hours)
        long = span_of(SpanKind.RANGE, NOW, BERLIN, day - timedelta(days=3), day + timedelta(days=3))
        found = pieces(long.begin, long.end, BERLIN)
        assert len(found) == 7
        assert found[0][0] == long.begin
        assert found[-1][1] == long.end
        assert all(a[1] == b[0] for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 20), date(2026, 11, 19), "last"),
        (date(2026, 11, 20), date(2026, 11, 23), "last"),
        (date(2025, 11, 20), date(2026, 11, 21), "first"),
        (None, date(2026, 11, 21), "first"),
    ],
)
def test_a_range_that_is_none_is_refused_at_its_field(
    first: date | None, last: date | None, field: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        span_of(SpanKind.RANGE, NOW, ALMATY, first, last)
    assert list(caught.value.fields) == [field]


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    assert percentile([], 50) is None
    chance = random.Random(5)
    for _ in range(500):
        values = sorted(chance.randrange(100) for _ in range(chance.randrange(1, 40)))
        for percent in (1, 50, 75, 90, 100):
            found = percentile(values, percent)
            assert found in values
            within = [sum(v <= value for v in values) * 100 >= percent * len(values) for value in values]
            assert found == values[within.index(True)]


def test_what_a_preparation_time_is() -> None:
    assert prep_seconds(a_fact(accepted=100, ready=900)) == 800
    assert prep_seconds(a_fact(accepted=100, ready=900, status="cancelled")) is None
    assert prep_seconds(a_fact(accepted=100, ready=900, due=5000)) is None  # it waited on purpose
    assert prep_seconds(a_fact(accepted=100)) is None
    assert prep_seconds(a_fact(accepted=900, ready=100)) is None


@pytest.mark.parametrize(
    ("late", "fact"),
    [
        (False, a_fact(accepted=0, ready=900)),
        (True, a_fact(accepted=0, ready=901)),
        (True, a_fact(accepted=0, ready=601, kind="pickup")),
        (False, a_fact(accepted=0, ready=1800, promised=1800)),
        (True, a_fact(accepted=0, ready=700, promised=600)),
        (False, a_fact(accepted=0, ready=5000, due=5000)),
        (True, a_fact(accepted=0, ready=5001, due=5000)),
        (True, a_fact(accepted=0, status="cooking")),  # it is 2000 by now
        (False, a_fact(accepted=1500, status="cooking")),
        (False, a_fact(accepted=0, status="cancelled")),
        (False, a_fact(status="created")),
    ],
)
def test_what_late_is(late: bool, fact: Fact) -> None:
    assert is_late(fact, TARGETS, 2000) is late


def test_tallies_add_up_however_they_are_parted() -> None:
    chance = random.Random(7)
    statuses = ("delivered", "cancelled", "cooking", "created")
    facts = [
        a_fact(
            bucket=chance.randrange(24), hour=chance.randrange(24), status=chance.choice(statuses),
            net=Decimal(chance.randrange(10**6)).scaleb(-2), accepted=0, ready=chance.randrange(3000),
        )
        for _ in range(300)
    ]  # fmt: skip
    whole, parts = Tally(), [Tally() for _ in range(4)]
    for fact in facts:
        whole.add(fact, TARGETS, 2000)
        chance.choice(parts).add(fact, TARGETS, 2000)
    together = Tally()
    for part in parts:
        together.merge(part)

    assert (together.orders, together.sales, together.late) == (whole.orders, whole.sales, whole.late)
    assert (together.statuses, together.buckets) == (whole.statuses, whole.buckets)
    assert together.prep_median == whole.prep_median
    assert sum(whole.buckets.values()) == whole.sales
    assert whole.average == whole.sales / whole.orders
    assert periods(together) == periods(whole)
    assert sum(each.count for each in periods(whole)) == sum(len(some) for some in whole.preps.values())


def test_periods_of_a_day_are_two_hours_long_and_three_around_the_clock() -> None:
    tally = Tally(preps={12: [600], 13: [700, 800], 14: [900]})
    assert [(each.begin, each.end, each.count) for each in periods(tally)] == [(11, 13, 1), (13, 15, 3)]
    tally = Tally(preps={hour: [600] for hour in range(24)})
    assert [(each.begin, each.end) for each in periods(tally)] == [(h, h + 3) for h in range(0, 24, 3)]


def test_a_change_is_told_in_whole_percent_or_not_at_all() -> None:
    assert change_percent(112, 100) == 12
    assert change_percent(Decimal("99.4"), Decimal(100)) == -1
    assert change_percent(5, 0) is None


def test_currencies_are_never_added_up() -> None:
    tallies = {"KZT": Tally(), "NPR": Tally()}
    for _ in range(3):
        tallies["NPR"].add(a_fact(), TARGETS, 0)
    tallies["KZT"].add(a_fact(net=Decimal(7)), TARGETS, 0)

    assert currency_for(tallies, "", "KZT") == "KZT"
    assert currency_for(tallies, "", "EUR") == "NPR"  # the shop's own has no orders: that of most
    assert currency_for(tallies, "KZT", "NPR") == "KZT"
    summary = summary_of(span_of(SpanKind.TODAY, NOW, ALMATY), tallies, {}, "KZT", TARGETS)
    assert (summary.now.sales, dict(summary.others)) == (Decimal(7), {"NPR": 3})


def test_the_table_holds_all_figures_and_no_formula() -> None:
    tally = Tally()
    tally.add(a_fact(net=Decimal("1000.50"), accepted=0, ready=800), TARGETS, 0)
    for title in ("=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", " =1", 'Борщ "2", л', "Пицца"):
        tally.sell(title, 2, Decimal("500.25"))
    span = span_of(SpanKind.TODAY, NOW, ALMATY)
    text = as_csv(summary_of(span, {"KZT": tally}, {}, "KZT", TARGETS, ("=brand",)))

    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]
    figures = {row["name"]: row for row in rows if row["part"] == "figures"}
    assert figures["sales"]["amount"] == "1000.50"
    assert figures["preparation"]["median_s"] == "800"
    items = {row["name"]: row["amount"] for row in rows if row["part"] == "items"}
    assert items["'=HYPERLINK(1)"] == items["Пицца"] == items['Борщ "2", л'] == "500.25"
    hours = {row["name"]: row["amount"] for row in rows if row["part"] == "sales by hour"}
    assert hours["19:00"] == "1000.50"
    assert harmless("Маргарита") == "Маргарита"
