"""Broken variants of what sends products, and of carts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from posapp.domain.outbox import Change
from posapp.domain.publish import ProductRow, Published, PublishEffect
from posapp.remote import staff, staff_write
from posapp.remote.api import Verdict
from posapp.remote.internal_products import ProductOutcome
from posapp.services import publishing
from posapp.services.order_fields import CART
from posapp.storage.store import Store
from posapp.sync import merge_fields, product_engine, publisher
from posapp.sync.lane import Lane
from posapp.sync.product_engine import Step
from tests.simulation import station

Patch = Callable[[object, str, object], None]


def products_done_before_the_answer(patch: Patch) -> None:
    """Write a product down as published when its request leaves."""
    real = publishing.mark_sending

    def mark_sending(store: Store, rows: Sequence[ProductRow], *, origin: str = "") -> None:
        real(store, rows, origin=origin)
        publishing.settle(store, station.REMOTE, [Published(tuple(rows))], "counter-1", origin=origin)

    patch(publisher, "mark_sending", mark_sending)


def import_taken_for_done(patch: Patch) -> None:
    """Do not ask what became of an import."""
    real = product_engine.after_many

    def after_many(
        rows: tuple[ProductRow, ...], outcome: ProductOutcome, *arguments: Any, **options: Any
    ) -> PublishEffect:
        if outcome.verdict is Verdict.OK:
            return Published(rows)
        return real(rows, outcome, *arguments, **options)

    patch(publisher, "after_many", after_many)


def products_beside_an_import(patch: Patch) -> None:
    """Send what is newer while the shop still works on an import."""
    real = product_engine.next_step

    def next_step(rows: Sequence[ProductRow], now: datetime) -> Step:
        return real([row for row in rows if not row.batch] or rows, now)

    patch(publisher, "next_step", next_step)


def products_sent_once(patch: Patch) -> None:
    """Do not send a state again over an older one that may still arrive."""
    patch(publishing, "LATE", timedelta(0))


def products_come_not_back(patch: Patch) -> None:
    """Leave what is on sale again hidden at the shop."""
    patch(station, "queue_returned", lambda store, shops, who, origin: 0)


def orders_deaf_to_products(patch: Patch) -> None:
    """Let orders go on when the shop asked for a rest in an answer about products."""
    patch(Lane, "heed", lambda self, throttled_until: None)


def carts_over_foreign_ones(patch: Patch) -> None:
    """Send an edited cart whole over what somebody else made of it."""
    real = merge_fields._against

    def against(*arguments: Any) -> dict[str, Change]:
        return {name: change for name, change in real(*arguments).items() if name != CART}

    patch(merge_fields, "_against", against)


def doubled_lines(patch: Patch) -> None:
    """Send the first line of a cart twice."""
    real = staff_write.cart_body

    def cart_body(text: str) -> bytes:
        products = json.loads(real(text))["products"]
        return json.dumps({"products": [*products, products[0]]}).encode()

    patch(staff, "cart_body", cart_body)
