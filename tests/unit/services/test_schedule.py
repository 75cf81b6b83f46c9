"""Scheduled orders start once, at their time, on their day, whoever looks."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.kitchen import LeadTimes
from posapp.domain.status import Status
from posapp.domain.who import station_itself
from posapp.services import orders, schedule
from posapp.storage.details import order_events
from posapp.storage.kitchen import tickets
from posapp.storage.kitchen_lists import started_by_themselves
from posapp.storage.store import Store
from tests.support.shop_orders import (
    ANNA,
    START,
    Clock,
    make_store,
    order_fact,
    put_in,
    remote_order,
    rows_of,
)

ALMATY = ZoneInfo("Asia/Almaty")
LEAD = LeadTimes(30, 15)
STATION = station_itself("kitchen-1")


def planned(store: Store, remote_id: str = "r1", *, minutes: float = 60, kind: str = "delivery") -> int:
    (pk,) = put_in(
        store, remote_order(remote_id, due_at=store.clock() + timedelta(minutes=minutes), kind=kind)
    )
    orders.move(store, pk, Status.TIMING, ANNA)
    return pk


def start(store: Store) -> list[int]:
    return [each.pk for each in schedule.start_due(store, LEAD, ALMATY, STATION)]


def test_an_order_starts_the_lead_time_before_it_is_due(store: Store, clock: Clock) -> None:
    pk = planned(store)
    clock.pass_by(minutes=29, seconds=59)
    assert start(store) == []

    clock.pass_by(seconds=1)
    assert start(store) == [pk]

    assert order_fact(store, pk, "status") == "accepted"
    assert rows_of(store, pk)[-1] == ("status", "accepted", "timing", "pending")
    kinds = [(event.kind, event.actor) for event in order_events(store, pk)]
    assert kinds[-2:] == [("moved", "kitchen-1"), ("auto_started", "kitchen-1")]
    assert tickets(store, [pk])[pk].started_by_itself


def test_a_pickup_starts_later_than_a_delivery(store: Store, clock: Clock) -> None:
    planned(store, "r1")
    pickup = planned(store, "r2", kind="pickup")
    clock.pass_by(minutes=30)
    assert pickup not in start(store)

    clock.pass_by(minutes=15)
    assert start(store) == [pickup]


def test_what_staff_planned_counts_before_what_the_customer_asked_for(store: Store, clock: Clock) -> None:
    (pk,) = put_in(store, remote_order("r1", due_at=START + timedelta(minutes=31)))
    orders.schedule(store, pk, START + timedelta(minutes=90), ANNA)
    clock.pass_by(minutes=59)
    assert start(store) == []

    clock.pass_by(minutes=1)
    assert start(store) == [pk]


def test_it_starts_once_even_if_somebody_takes_the_start_back(store: Store, clock: Clock) -> None:
    pk = planned(store)
    clock.pass_by(minutes=30)
    assert start(store) == [pk]
    orders.undo(store, pk, ANNA)
    assert order_fact(store, pk, "status") == "timing"

    assert start(store) == []

    orders.schedule(store, pk, clock.now + timedelta(minutes=45), ANNA)
    clock.pass_by(minutes=15)
    assert start(store) == [pk]


def test_an_order_without_a_time_waits_for_a_person(store: Store, clock: Clock) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.TIMING, ANNA)
    clock.pass_by(days=3)

    assert start(store) == []
    assert schedule.start_now(store, pk, ALMATY, ANNA).after is Status.ACCEPTED


def test_an_order_of_past_midnight_does_not_start_on_the_day_before(store: Store, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 5, 23, 30, tzinfo=ALMATY).astimezone(UTC)
    pk = planned(store, minutes=40)  # due at 00:10
    clock.pass_by(minutes=29)
    assert start(store) == []

    clock.pass_by(minutes=1)
    assert start(store) == [pk]


def test_tomorrows_order_cannot_be_started_today(store: Store, clock: Clock) -> None:
    pk = planned(store, minutes=24 * 60)

    with pytest.raises(RefusedError, match="for another day: 2026-03-06 17:00"):
        schedule.start_now(store, pk, ALMATY, ANNA)
    assert order_fact(store, pk, "status") == "timing"

    clock.pass_by(hours=8)  # 01:00 of its day
    assert schedule.start_now(store, pk, ALMATY, ANNA).changed


def test_an_order_accepted_before_its_day_is_started_as_such(store: Store, clock: Clock) -> None:
    (pk,) = put_in(store, remote_order("r1", due_at=START + timedelta(hours=24)))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    clock.pass_by(hours=12)

    assert schedule.start_now(store, pk, ALMATY, ANNA).after is Status.COOKING


def test_everybody_hears_of_a_start_whoever_made_it(store: Store, clock: Clock) -> None:
    before, none = started_by_themselves(store, -1)
    assert none == ()
    pk = planned(store)
    clock.pass_by(minutes=30)
    start(store)

    last, started = started_by_themselves(store, before)

    assert [key for key, _ in started] == [pk]
    assert started_by_themselves(store, last) == (last, ())


_PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from posapp.domain.kitchen import LeadTimes
from posapp.domain.who import station_itself
from posapp.services.schedule import start_due
from posapp.storage.database import open_store
store = open_store(Path(sys.argv[1]), clock=lambda: datetime.fromisoformat(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
started = start_due(store, LeadTimes(30, 15), ZoneInfo("Asia/Almaty"), station_itself(sys.argv[3]))
print(len(started), flush=True)
store.close_thread()
"""


def test_two_processes_start_each_order_once(tmp_path: Path) -> None:
    clock = Clock()
    store = make_store(tmp_path / "data", clock)
    pks = [planned(store, f"r{number}") for number in range(40)]
    later = (START + timedelta(minutes=31)).isoformat()
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(tmp_path / "data"), later, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("kitchen-1", "kitchen-2")
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    counts = [int(program.communicate(timeout=50)[0]) for program in programs]

    assert sum(counts) == len(pks)
    rows = store.all("SELECT order_pk, count(*) FROM events WHERE kind = 'auto_started' GROUP BY order_pk")
    assert sorted(rows) == [(pk, 1) for pk in pks]
    assert store.one("SELECT count(*) FROM outbox WHERE target = 'accepted'") == (len(pks),)
    store.close_thread()
