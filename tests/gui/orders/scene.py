"""A real database with a believable morning in it, and the Orders screen over it in a plain window."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from posapp.config import Config, RemoteConfig
from posapp.config_fields import Value
from posapp.domain.received import BadRow
from posapp.domain.status import PaymentMethod, PaymentStatus, RowState, Status
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.printing.printers import Printer
from posapp.remote.api import FormatSettings, Reply
from posapp.remote.internal import InternalFormat
from posapp.sandbox.cast import TOUR
from posapp.sandbox.orders import SHOP_ZONE, ShopOrder, payload
from posapp.sandbox.script import DayScript, OrderArrives, day_script
from posapp.services import intake, orders, quarantine
from posapp.services.steps import enqueue, read_facts, refresh_sync
from posapp.storage.database import open_store
from posapp.storage.feed import Feed
from posapp.storage.fields import to_us
from posapp.storage.store import Store
from posapp.ui.context import FetchWatch, TestResult

START = datetime(2026, 5, 21, 19, 10, 8, tzinfo=SHOP_ZONE)
WHO = Who("Aigerim", "counter-1")
SYNC = Who(SYNC_ACTOR, "counter-1")
SHOP = RemoteConfig("alma", "https://shop.example", currency="KZT", timezone="Asia/Almaty")
SOURCE = intake.Source("alma", "internal", "KZT")
SETTINGS = FormatSettings("KZT", SHOP_ZONE)


class Clock:
    """A clock that stands where a test puts it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@dataclass
class FewDoors:
    """Doors of a window that has nothing around it; they note what was asked."""

    config: Config
    asked: list[str] = field(default_factory=list)

    def sync_now(self) -> None:
        self.asked.append("sync")

    def save_setting(self, section: str, key: str, value: Value) -> Config:
        return self.config

    def save_statuses(self, name: str, numbers: Mapping[Status, tuple[int, ...]]) -> Config:
        return self.config

    def test_remote(self, remote: RemoteConfig, secret: str, username: str = "") -> TestResult:
        return TestResult(ok=True, sentence="")

    def add_remote(self, values: Mapping[str, Any], secret: str, username: str = "") -> Config:
        return self.config

    def replace_secret(self, name: str, secret: str, username: str = "") -> None:
        self.asked.append("secret")

    def fetch_shop_info(self, name: str, watch: FetchWatch) -> TestResult:
        return TestResult(ok=True, sentence="")

    def remove_remote(self, name: str) -> Config:
        return self.config

    def save_printer(self, printer: Printer, replaces: str) -> Config:
        return self.config

    def remove_printer(self, name: str) -> Config:
        return self.config

    def try_printer(self, printer: Printer) -> TestResult:
        return TestResult(ok=True, sentence="")

    def start_training(self) -> None:
        self.asked.append("training")


def listed(store: Store, entries: Iterable[tuple[ShopOrder, Status]]) -> dict[str, int]:
    """Take orders in as the shop lists them; return their keys by remote id."""
    rows = []
    for order, status in entries:
        card = order.method is PaymentMethod.CARD
        rows.append(payload(order, status, PaymentStatus.PAID if card else PaymentStatus.UNPAID))
    return listed_json(store, rows)


def listed_json(store: Store, rows: list[Any]) -> dict[str, int]:
    """Take in what the shop's JSON says."""
    body = json.dumps({"orders": rows}, ensure_ascii=True).encode()
    outcome = InternalFormat().read_list(Reply(200, {"content-type": "application/json"}, body), SETTINGS)
    intake.take_in(store, SOURCE, outcome.orders, "counter-1")
    found = store.all("SELECT remote_id, pk FROM orders")
    return {str(row[0]): int(row[1]) for row in found}


def confirm_all(store: Store, pk: int) -> None:
    """Have the shop confirm all that waits of an order."""
    with store.write("sync") as tx:
        facts = read_facts(tx, pk)
        tx.execute(
            "UPDATE outbox SET state = 'confirmed', closed_at = ? WHERE order_pk = ?", (to_us(tx.now), pk)
        )
        tx.execute("UPDATE orders SET shadow = status, shadow_at = ? WHERE pk = ?", (to_us(tx.now), pk))
        tx.event(pk, "confirmed", SYNC, {"to": facts.status.value, "how": "answered"})
        refresh_sync(tx, pk)


def ask_a_person(store: Store, pk: int, state: RowState, theirs: Status, reason: str) -> None:
    """Leave a change behind that needs a person: `state` is conflict, parked or dead."""
    with store.write("sync") as tx:
        facts = read_facts(tx, pk)
        enqueue(tx, facts, facts.status, WHO, base=theirs, state=state)
        tx.execute(
            "UPDATE outbox SET theirs = ?, last_error = ? WHERE order_pk = ? AND state = ?",
            (theirs.value if state is RowState.CONFLICT else "", reason, pk, state.value),
        )
        tx.execute("UPDATE orders SET shadow = ? WHERE pk = ?", (theirs.value, pk))
        if state is RowState.CONFLICT:
            tx.event(pk, "conflict", SYNC, {"ours": facts.status.value, "theirs": theirs.value})
        refresh_sync(tx, pk)


@dataclass
class Morning:
    """The database after the first half-hour of the training day."""

    store: Store
    clock: Clock
    script: DayScript
    by_name: dict[str, int]


def open_empty(data_dir: Path, clock: Clock | None = None) -> Store:
    """Open a database of its own, with a feed of its own."""
    return open_store(data_dir, clock=clock or Clock(START), feed=Feed())


def morning(data_dir: Path, *, settled: bool = True) -> Morning:
    """Play the training day up to the tour, staff acts included; most of it has reached the shop."""
    clock = Clock(START)
    store = open_empty(data_dir, clock)
    with store.write() as tx:
        tx.execute("UPDATE meta SET value = '4807' WHERE key = 'next_code'")
    script = day_script(7, START)
    arrivals = [event for event in script.events if isinstance(event, OrderArrives)]
    steps: list[tuple[datetime, str, ShopOrder | Status]] = [
        (event.at, event.name, event.order) for event in arrivals if event.at <= START + TOUR
    ]
    steps += [(START + act.at, act.order, act.status) for act in script.staff_acts if act.at <= TOUR]
    by_name: dict[str, int] = {}
    for at, name, what in sorted(steps, key=lambda step: step[0]):
        clock.now = at
        if isinstance(what, ShopOrder):
            by_name[name] = listed(store, [(what, Status.CREATED)])[what.id]
            continue
        orders.move(store, by_name[name], what, WHO)
        if settled and name not in {"timur", "madina"}:
            clock.now = at + timedelta(seconds=1)
            confirm_all(store, by_name[name])
    clock.now = START + TOUR
    return Morning(store, clock, script, by_name)


def unreadable(store: Store) -> None:
    """Leave an order behind that made no sense."""
    raw = '{"id": "f-17", "status": "created", "price": {"order_base_total": "1,5"}, "comment": "<b>x</b>"}'
    quarantine.keep(store, "alma", [BadRow("The total “1,5” is not an amount.", raw, "f-17")])
