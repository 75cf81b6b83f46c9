"""Due times and shop days: wall clocks of a shop made into instants, through every change of its clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.due import (
    EARLIEST,
    LATEST,
    day_bounds,
    is_today,
    parse_due,
    parse_instant,
    start_of_day,
    wall_clock,
    zone_of,
)
from posapp.domain.errors import UsageError

ALMATY = ZoneInfo("Asia/Almaty")  # +06 until 2024-03-01 00:00, when the clocks went back to 23:00; +05 since
BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
BEIRUT = ZoneInfo("Asia/Beirut")  # changes to summer time at midnight: that hour does not exist
ZONES = [
    ALMATY,
    BERLIN,
    KATHMANDU,
    BEIRUT,
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("UTC"),
]
zones = st.sampled_from(ZONES)
days = st.dates(date(2001, 1, 1), date(2037, 12, 31))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("text", [None, "", "  "])
def test_nothing_means_as_soon_as_possible(text: str | None) -> None:
    assert parse_due(text, ALMATY) is None


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("14:30 05:03:22", ALMATY, utc(2022, 3, 5, 8, 30)),
        (" 14:30 05:03:22 ", ALMATY, utc(2022, 3, 5, 8, 30)),
        ("14:30 05:03:2022", ALMATY, utc(2022, 3, 5, 8, 30)),
        ("9:05 5:3:22", ALMATY, utc(2022, 3, 5, 3, 5)),
        ("14:30 05:03:22", KATHMANDU, utc(2022, 3, 5, 8, 45)),
        ("00:00 01:01:23", ALMATY, utc(2022, 12, 31, 18)),
        ("23:59 31:12:22", ALMATY, utc(2022, 12, 31, 17, 59)),
        ("14:30 29:02:24", ALMATY, utc(2024, 2, 29, 8, 30)),
        # The day on which Kazakhstan changed its offset.
        ("22:59 29:02:24", ALMATY, utc(2024, 2, 29, 16, 59)),
        ("23:30 29:02:24", ALMATY, utc(2024, 2, 29, 17, 30)),  # occurs twice: the first
        ("00:00 01:03:24", ALMATY, utc(2024, 2, 29, 19)),
        ("14:30 01:03:24", ALMATY, utc(2024, 3, 1, 9, 30)),
        # Summer time.
        ("01:59 27:03:22", BERLIN, utc(2022, 3, 27, 0, 59)),
        ("02:30 27:03:22", BERLIN, utc(2022, 3, 27, 1, 30)),  # skipped: 03:30 on the new clock
        ("03:00 27:03:22", BERLIN, utc(2022, 3, 27, 1)),
        ("02:30 30:10:22", BERLIN, utc(2022, 10, 30, 0, 30)),  # occurs twice: the first
        ("03:00 30:10:22", BERLIN, utc(2022, 10, 30, 2)),
        ("2022-03-05T14:30:00+06:00", BERLIN, utc(2022, 3, 5, 8, 30)),
        ("2022-03-05T14:30:00Z", BERLIN, utc(2022, 3, 5, 14, 30)),
        ("2022-03-05T14:30:00", ALMATY, utc(2022, 3, 5, 8, 30)),
        ("2022-03-05 14:30", ALMATY, utc(2022, 3, 5, 8, 30)),
        ("2022-03-05T14:30:13.513+06:00", ALMATY, utc(2022, 3, 5, 8, 30, 13, 513_000)),
    ],
)
def test_due_times_are_read_in_the_shops_zone(text: str, zone: ZoneInfo, instant: datetime) -> None:
    assert parse_due(text, zone) == instant


@pytest.mark.parametrize(
    "text",
    [
        "24:00 05:03:22",
        "14:60 05:03:22",
        "14:30 31:02:22",
        "14:30 29:02:22",
        "14:30 00:03:22",
        "14:30 05:13:22",
        "14:30 05:03",
        "14:30",
        "14:30 05.03.22",
        "14:30 05:03:222",
        "-1:30 05:03:22",
        "١٤:٣٠ ٠٥:٠٣:٢٢",
        "14:30 05:03:22\0",
        "14:30 05:03:22 14:30 05:03:22",
        "14:30 05:03:1999",
        "14:30 05:03:2100",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2022-02-30T14:30:00+06:00",
        "2022-03-05T25:00:00+06:00",
        "2022-03-05T14:30:00+99:00",
        "soon",
        "1646480000",
        "\ud800",
        "9" * 5_000,
    ],
)
def test_times_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time that (exists|an order can have)") as refused:
        parse_due(text, ALMATY)
    assert len(str(refused.value)) < 100


def test_an_instant_needs_its_offset() -> None:
    assert parse_instant("2022-03-05T17:50:13.513+06:00") == utc(2022, 3, 5, 11, 50, 13, 513_000)
    with pytest.raises(ValueError, match="has no time zone"):
        parse_instant("2022-03-05T17:50:13.513")
    with pytest.raises(ValueError, match="that exists"):
        parse_instant("14:30 05:03:22")


@given(zones, st.datetimes(datetime(2001, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001 - a wall clock
def test_a_wall_clock_comes_back_unless_it_was_skipped(zone: ZoneInfo, wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)
    due = parse_due(f"{wall:%H:%M %d:%m:%y}", zone)
    assert due is not None
    shown = due.astimezone(zone).replace(tzinfo=None)
    skipped = shown - wall
    # Only an hour (half an hour on Lord Howe) that the clock leaps over reads as a later one.
    assert skipped in {timedelta(0), timedelta(minutes=30), timedelta(hours=1)}
    if skipped:
        assert zone.utcoffset(wall.replace(fold=0)) != zone.utcoffset(wall.replace(fold=1))
    assert wall_clock(due, zone) == f"{shown:%H:%M}"


@given(zones, st.text(st.sampled_from("0123456789: TZ+-.W"), max_size=24))
def test_anything_is_either_a_possible_time_or_refused(zone: ZoneInfo, text: str) -> None:
    try:
        due = parse_due(text, zone)
    except ValueError:
        due = EARLIEST
    assert due is None or (EARLIEST <= due < LATEST and due.tzinfo is UTC)


# ------------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("zone", "day", "begin", "hours"),
    [
        (ALMATY, date(2024, 2, 28), utc(2024, 2, 27, 18), 24),
        (ALMATY, date(2024, 2, 29), utc(2024, 2, 28, 18), 25),
        (ALMATY, date(2024, 3, 1), utc(2024, 2, 29, 19), 24),
        (BERLIN, date(2022, 3, 27), utc(2022, 3, 26, 23), 23),
        (BERLIN, date(2022, 10, 30), utc(2022, 10, 29, 22), 25),
        (KATHMANDU, date(2022, 3, 5), utc(2022, 3, 4, 18, 15), 24),
    ],
)
def test_a_day_is_the_shops_day(zone: ZoneInfo, day: date, begin: datetime, hours: int) -> None:
    assert day_bounds(day, zone) == (begin, begin + timedelta(hours=hours))


@given(zones, days)
def test_days_follow_each_other_without_gap_or_overlap(zone: ZoneInfo, day: date) -> None:
    begin, end = day_bounds(day, zone)
    assert end == day_bounds(day + timedelta(days=1), zone)[0]
    assert timedelta(hours=23) <= end - begin <= timedelta(hours=25)
    for moment in (begin, end - timedelta(seconds=1)):
        assert moment.astimezone(zone).date() == day
        assert start_of_day(moment, zone) == begin
        assert is_today(moment, begin, zone)
    assert not is_today(end, begin, zone)
    assert not is_today(begin - timedelta(seconds=1), begin, zone)


def test_today_is_not_utcs_today() -> None:
    now = utc(2022, 3, 5, 18, 30)  # already the 6th in Almaty
    assert is_today(utc(2022, 3, 6, 10), now, ALMATY)
    assert not is_today(utc(2022, 3, 5, 10), now, ALMATY)


# ------------------------------------------------------------------------------- zones


def test_zones_are_found_by_name() -> None:
    assert zone_of("Asia/Almaty") == ALMATY


@pytest.mark.parametrize(
    "name", ["", "Almaty", "Asia", "../../etc/passwd", "/etc/localtime", "UTC\0", "x" * 5_000, "é", "."]
)
def test_an_unknown_zone_is_told_with_an_example(name: str) -> None:
    with pytest.raises(UsageError, match="Asia/Almaty") as refused:
        zone_of(name)
    assert refused.value.fields == {"timezone": "Unknown time zone."}
    assert len(str(refused.value)) < 200
