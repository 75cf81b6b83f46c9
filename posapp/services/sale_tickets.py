"""The tickets of a sale and of a payment: queued in its own transaction, printed later and elsewhere.

A printer that is missing ("") gets no ticket; one that is dead delays nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posapp.domain.kitchen_routes import KitchenRoute
from posapp.domain.payment import Payment
from posapp.domain.status import PaymentMethod, Status
from posapp.domain.who import Who
from posapp.services.counter import AlsoSold, Sold
from posapp.services.kitchen_tickets import queue_routes, routes_of
from posapp.services.payments import Also, Took
from posapp.services.printing import Compose, queue_receipt
from posapp.storage.store import Transaction


def opens_drawer(payments: Iterable[Payment]) -> bool:
    """Tell whether cash moves, so that the drawer has to be open."""
    return any(row.method is PaymentMethod.CASH for row in payments)


def with_tickets(receipt: str, kitchen: str | Sequence[KitchenRoute], who: Who, compose: Compose) -> AlsoSold:
    """Return what queues the receipt of a sale and its kitchen tickets.

    What is sold for a later time gets its kitchen tickets when that comes (`print_accepted`).
    """
    routes = routes_of(kitchen)

    def also(tx: Transaction, sold: Sold) -> None:
        if receipt:
            queue_receipt(tx, sold.pk, receipt, who, compose, drawer=opens_drawer(sold.payments))
        row = tx.one("SELECT status FROM orders WHERE pk = ?", (sold.pk,))
        if row is not None and row[0] != Status.TIMING:
            queue_routes(tx, sold.pk, routes, who, compose)

    return also


def with_receipt(receipt: str, who: Who, compose: Compose) -> Also:
    """Return what queues the receipt of a payment, a refund or a reversal."""

    def also(tx: Transaction, took: Took) -> None:
        if receipt and took.payments:
            rows = took.payments
            queue_receipt(tx, took.pk, receipt, who, compose, drawer=opens_drawer(rows), payments=rows)

    return also
