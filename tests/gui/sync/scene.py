"""A database in which something of everything waits, is refused or differs, and the window over it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from posapp import config_file
from posapp.app import App, build
from posapp.config import RemoteConfig
from posapp.domain.received import BadRow, RemoteLine
from posapp.domain.status import Status
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services import orders, quarantine, remotes
from posapp.services.edits import save
from posapp.services.intake import Source, take_in
from posapp.services.line_edits import LineEdit
from posapp.services.order_fields import dump_patch, load_patch
from posapp.services.steps import refresh_sync
from posapp.storage.database import open_store
from posapp.storage.feed import Feed
from posapp.storage.fields import to_us
from posapp.storage.store import Store
from tests.support.shop_orders import remote_order

NOW = datetime(2026, 3, 5, 13, 54, tzinfo=UTC)  # 19:39 in Kathmandu
ZONE = ZoneInfo("Asia/Kathmandu")
ANNA = Who("Aigerim", "Counter 1")
STAFF, INTERNAL = Source("kathmandu", "staff", "NPR"), Source("mamma", "internal", "NPR")
PIZZA = RemoteLine(
    "Margherita 30 cm", 1, Decimal("780.00"), Decimal("780.00"), product="/apps/product/margherita/"
)
LASSI = RemoteLine("Mango lassi", 2, Decimal("180.00"), Decimal("360.00"), product="/apps/product/lassi/")


class ChosenClock:
    """A clock that goes on only when it is told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def staff(store: Store, number: int, **changes: Any) -> int:
    """Take in an order of the staff shop."""
    given: dict[str, Any] = {
        "code": f"48{number}", "home": "", "apt": "", "street": "Thamel Marg 27", "city": "Kathmandu",
        "district": "Kathmandu", "email": "sunita@example.com", "customer_name": "Sunita Shrestha",
        "phone": "9841255523", "payment_status": "unpaid", "lines": (PIZZA, LASSI), "comment": "",
        "products_total": "1140.00", "delivery_cost": "125.00", "total": "1265.00", "delivery_class": 1,
        "address": "Thamel Marg 27, Kathmandu", "addressline": "2nd floor",
    } | changes  # fmt: skip
    return take_in(store, STAFF, [remote_order(str(number), **given)], "Counter 1").seen[0][0]


def internal(store: Store, number: int, *steps: Status, **changes: Any) -> int:
    """Take in an order of the internal shop, and let staff move it."""
    given = {"code": f"48{number}", "customer_name": "Madina", "phone": "+977 984 1255523"} | changes
    pk = take_in(store, INTERNAL, [remote_order(f"m{number}", **given)], "Counter 1").seen[0][0]
    for step in steps:
        orders.move(store, pk, step, ANNA)
    return pk


def settle(store: Store, pk: int, state: str = "confirmed") -> None:
    """Let the shop have what waits of an order."""
    with store.write("sync") as tx:
        now = to_us(tx.now)
        tx.execute(
            "UPDATE outbox SET state = ?, closed_at = ?, last_at = ?, attempts = 1, reached = 1 "
            "WHERE order_pk = ? AND state = 'pending'",
            (state, now, now, pk),
        )
        tx.execute("UPDATE orders SET shadow = status WHERE pk = ?", (pk,))
        refresh_sync(tx, pk)
        tx.touch(pk)


def differ(store: Store, pk: int, **theirs: str) -> None:
    """Let the shop show other values of fields that were edited here, as the sync engine notes it."""
    with store.write("sync") as tx:
        rows = tx.all(
            "SELECT seq, patch FROM outbox WHERE order_pk = ? AND patch <> '' AND state = 'pending'", (pk,)
        )
        for seq, text in rows:
            patch = {
                name: type(change)(change.base, change.ours, theirs.get(name))
                for name, change in load_patch(text).items()
            }
            state = "conflict" if patch.keys() & theirs.keys() else "parked"
            tx.execute(
                "UPDATE outbox SET patch = ?, state = ? WHERE seq = ?", (dump_patch(patch), state, seq)
            )
        tx.event(pk, "conflict", Who(SYNC_ACTOR, "Counter 1"), {"fields": ", ".join(theirs)})
        refresh_sync(tx, pk)
        tx.touch(pk)


def cancel_there(store: Store, pk: int) -> None:
    """Let the shop cancel an order that goes on here, as the sync engine notes it."""
    with store.write("sync") as tx:
        tx.execute(
            "UPDATE outbox SET state = 'conflict', theirs = 'cancelled' WHERE order_pk = ? AND seq = "
            "(SELECT max(seq) FROM outbox WHERE order_pk = ?)",
            (pk, pk),
        )
        tx.execute("UPDATE orders SET shadow = 'cancelled' WHERE pk = ?", (pk,))
        tx.event(pk, "conflict", Who(SYNC_ACTOR, "Counter 1"), {"ours": "cooking", "theirs": "cancelled"})
        refresh_sync(tx, pk)
        tx.touch(pk)


def refuse(store: Store, pk: int, words: str, state: str = "parked") -> None:
    """Let the shop refuse what waits of an order."""
    with store.write("sync") as tx:
        tx.execute(
            "UPDATE outbox SET state = ?, last_error = ?, last_class = ?, attempts = 3, last_at = ? "
            "WHERE order_pk = ? AND state = 'pending'",
            (state, words, "gone" if state == "dead" else "refused", to_us(tx.now), pk),
        )
        refresh_sync(tx, pk)
        tx.touch(pk)


def conflict_of_five(store: Store, number: int = 21) -> int:
    """Make a conflict about an address, an amount, a payment and the lines."""
    pk = staff(store, number, payment_status="failed")
    values = {
        "street": "Lazimpat 109", "addressline": "Gate on the left", "shipping_cost": "150",
        "payment_status": "0", "name": "Sunita S.",
    }  # fmt: skip
    save(store, pk, values, ANNA, ZONE)
    save(store, pk, {}, ANNA, ZONE, lines=[LineEdit(2, place=0), LineEdit(2, place=1)])
    cart = next(
        change["cart"].base
        for (text,) in store.all("SELECT patch FROM outbox WHERE order_pk = ?", (pk,))
        if "cart" in (change := load_patch(text))
    )
    lines = json.loads(cart)[:1]
    differ(
        store, pk, street="Gairidhara 4", addressline="Ring twice", shipping_cost="100", payment_status="1",
        cart=json.dumps(lines, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    return pk


def unreadable(store: Store) -> None:
    """Leave an order behind that made no sense."""
    raw = '{"id": "f-17", "price": {"order_base_total": "1,5"}, "comment": "<b>x</b>"}'
    quarantine.keep(store, "mamma", [BadRow("The total “1,5” is not an amount.", raw, "f-17")])


def everything(store: Store, clock: ChosenClock) -> dict[str, int]:
    """Fill the database with something of every kind; return the orders by what they stand for."""
    made: dict[str, int] = {}
    clock.pass_time(-900)
    made["done"] = internal(store, 12, Status.ACCEPTED, Status.COOKING)
    settle(store, made["done"])
    clock.pass_time(600)
    made["conflict"] = conflict_of_five(store)
    made["cancelled"] = internal(store, 23, Status.ACCEPTED, Status.COOKING)
    settle(store, made["cancelled"])
    cancel_there(store, made["cancelled"])
    made["refused"] = staff(store, 17)
    save(store, made["refused"], {"district": "Mustang"}, ANNA, ZONE)
    refuse(store, made["refused"], "district: We do not deliver to Mustang.")
    made["gone"] = internal(store, 19, Status.ACCEPTED)
    refuse(store, made["gone"], "Not found.", "dead")
    unreadable(store)
    clock.pass_time(240)
    made["sending"] = internal(store, 16, Status.ACCEPTED)
    settle(store, made["sending"])
    orders.move(store, made["sending"], Status.COOKING, ANNA)
    settle(store, made["sending"], "in_flight")
    clock.pass_time(40)
    made["waiting"] = internal(store, 15, Status.ACCEPTED, Status.COOKING)
    clock.pass_time(20)
    remotes.note_ok(store, "mamma", pulled=True)
    remotes.note_ok(store, "kathmandu", pulled=True)
    return made


def fresh_store(folder: Path, clock: ChosenClock) -> Store:
    """Open a database of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return open_store(folder, clock=clock, feed=Feed())


def start(
    folder: Path, clock: Any, *, theme: str = "light", shops: tuple[str, ...] = ("mamma", "kathmandu")
) -> App:
    """Build the app without a network on a directory."""
    folder.mkdir(parents=True, exist_ok=True)
    config_file.save_setting(folder, "look", "theme", theme)
    config_file.save_setting(folder, "station", "name", "Counter 1")
    config_file.save_setting(folder, "alarm", "sound", value=False)
    for name in shops:
        kind = "staff" if name == "kathmandu" else "internal"
        config_file.add_remote(
            folder,
            RemoteConfig(name, "http://127.0.0.1:9", format=kind, currency="NPR", timezone="Asia/Kathmandu"),
        )
    app = build(folder, clock=clock, start_sync=False, screen="sync")
    app.window.resize(1366, 768)
    return app
