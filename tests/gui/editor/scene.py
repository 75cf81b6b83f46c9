"""The window over a database with orders to edit: of both kinds of shops, and of the counter."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from posapp import config_file
from posapp.app import App, build
from posapp.config import RemoteConfig
from posapp.domain.catalogue import Product
from posapp.domain.received import RemoteLine, RemoteOrder
from posapp.domain.sale import Buyer, Sale, SaleLine
from posapp.domain.sale_rules import SaleRules
from posapp.domain.who import Who
from posapp.services.counter import sell
from posapp.services.edits import save
from posapp.services.intake import Source, take_in
from posapp.storage.catalogue import write_product
from posapp.storage.fields import to_us
from posapp.storage.store import Store

NOW = datetime(2026, 3, 5, 13, 54, tzinfo=UTC)  # 19:39 in Kathmandu
ZONE = ZoneInfo("Asia/Kathmandu")
BERIK = Who("Berik", "counter-2")
INTERNAL = Source("mamma", "internal", "NPR")
STAFF = Source("kathmandu", "staff", "NPR")
LINES = (
    RemoteLine(
        "Margherita 30 cm",
        1,
        Decimal("780.00"),
        Decimal("780.00"),
        internal_id="p-1",
        additions=(("a-1", "+ extra cheese"), ("a-2", "thin crust")),
    ),
    RemoteLine(
        "Chicken momo (10 pcs)",
        1,
        Decimal("400.00"),
        Decimal("400.00"),
        internal_id="p-2",
        notes="Jhol achar",
        promo_title="Momo Monday −20 %",
    ),
    RemoteLine("Mango lassi", 1, Decimal("180.00"), Decimal("180.00"), internal_id="p-3"),
)


class ChosenClock:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def order(**changes: Any) -> RemoteOrder:
    """Return an order as a shop lists it."""
    made = RemoteOrder(
        remote_id="2107",
        status="accepted",
        created_at=NOW - timedelta(minutes=9),
        payment_status="unpaid",
        payment_method="cash",
        source="web",
        brand="Mamma Pizza · Thamel",
        kind="delivery",
        customer_remote_id="7",
        customer_name="सुनिता श्रेष्ठ",
        phone="+977 984 1255523",
        address="थामेल मार्ग 27",
        street="थामेल मार्ग (Thamel Marg)",
        home="27",
        apt="4B",
        entrance="2",
        level="3",
        city="Kathmandu",
        comment="Ring the bell twice, gate on left",
        change_from="2000",
        due_at=None,
        due_text="",
        delivery_cost="125.00",
        products_total="1280.00",
        total="1405.00",
        lines=LINES,
        raw='{"id": "2107"}',
    )
    return replace(made, **changes)


def internal(store: Store, **changes: Any) -> int:
    """Take in an order of the internal API."""
    given = {"code": "2107"} | changes
    return take_in(store, INTERNAL, [order(**given)], "counter-1").seen[0][0]


def staff(store: Store, **changes: Any) -> int:
    """Take in an order of the staff API."""
    given: dict[str, Any] = {
        "remote_id": "41",
        "code": "2108",
        "email": "sunita.s@example.com",
        "district": "Kathmandu",
        "addressline": "Behind the garden of dreams",
        "country": "Nepal",
        "delivery_class": 1,
        "account_name": "Sunita Shrestha",
        "account_email": "sunita@example.com",
        "home": "",
        "apt": "",
        "entrance": "",
        "level": "",
        "comment": "",
        "change_from": "",
        "cart_id": "77",
        "address": "Thamel Marg, Kathmandu",
    } | changes
    return take_in(store, STAFF, [order(**given)], "counter-1").seen[0][0]


def counter(store: Store, rules: SaleRules) -> int:
    """Sell something at the counter, to be brought and paid later."""
    sale = Sale(
        lines=(
            SaleLine("Margherita 30 cm", Decimal("780"), 1, "p-1"),
            SaleLine("Mango lassi", Decimal("180"), 2, "p-3"),
        ),
        kind="delivery",
        buyer=Buyer("Ram", "9841234567", "Thamel Marg 7", street="Thamel Marg", home="7", city="Kathmandu"),
        delivery_cost=Decimal("125"),
        payment_method="cash",
    )
    return sell(store, sale, rules, BERIK).pk


def products(store: Store) -> None:
    """Fill the catalogue."""
    with store.write() as tx:
        for number, (title, price) in enumerate(
            [
                ("Margherita 30 cm", "780"),
                ("Chicken momo (10 pcs)", "400"),
                ("Mango lassi", "180"),
                ("Mo:Mo C", "450"),
            ]
        ):
            write_product(
                tx, Product(f"p-{number + 1}", title, Decimal(price), category="Menu", position=number)
            )


def refuse(store: Store, pk: int, errors: dict[str, str]) -> None:
    """Have the shop refuse the order's waiting edit, with its words by field."""
    words = " ".join(f"{name}: {text}" for name, text in errors.items())
    with store.write("sync") as tx:
        tx.execute(
            "UPDATE outbox SET state = 'parked', last_error = ?, field_errors = ?, last_at = ? "
            "WHERE order_pk = ? AND patch <> ''",
            (words, json.dumps(errors), to_us(NOW - timedelta(minutes=1)), pk),
        )
        tx.execute("UPDATE orders SET sync = 'failed' WHERE pk = ?", (pk,))
        tx.touch(pk)


def conflict(store: Store, pk: int, name: str, theirs: str) -> None:
    """Have the shop show another value of a field that was edited here."""
    with store.write("sync") as tx:
        row = tx.one("SELECT seq, patch FROM outbox WHERE order_pk = ? AND patch <> ''", (pk,))
        assert row is not None
        patch = json.loads(row[1])
        patch[name][2] = theirs
        tx.execute(
            "UPDATE outbox SET state = 'conflict', patch = ? WHERE seq = ?", (json.dumps(patch), row[0])
        )
        tx.execute("UPDATE orders SET sync = 'conflict' WHERE pk = ?", (pk,))
        tx.touch(pk)


def meanwhile(store: Store, pk: int, **values: str) -> None:
    """Let a colleague at another station save fields."""
    save(store, pk, values, BERIK, ZONE)


def start(folder: Path, clock: ChosenClock, *, theme: str = "light") -> App:
    """Build the app without a network on a directory of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    config_file.save_setting(folder, "look", "theme", theme)
    config_file.save_setting(folder, "station", "name", "Counter 1")
    for name, kind in (("mamma", "internal"), ("kathmandu", "staff")):
        config_file.add_remote(
            folder,
            RemoteConfig(name, "http://127.0.0.1:9", format=kind, currency="NPR", timezone="Asia/Kathmandu"),
        )
    app = build(folder, clock=clock, start_sync=False)
    app.window.resize(1366, 768)
    return app
