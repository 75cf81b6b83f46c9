"""The tickets of a sale, queued in its own transaction; printing itself comes later and elsewhere."""

from __future__ import annotations

from posapp.domain.payment import Payment
from posapp.domain.status import PaymentMethod
from posapp.printing.layout import composer
from posapp.services.counter import AlsoSold, Sold
from posapp.services.kitchen_tickets import queue_kitchen
from posapp.services.payments import Also, Took
from posapp.services.printing import queue_receipt
from posapp.storage.store import Transaction
from posapp.ui.context import Context


def opens_drawer(payments: tuple[Payment, ...]) -> bool:
    """Tell whether cash moves, so that the drawer has to be open."""
    return any(row.method is PaymentMethod.CASH for row in payments)


def also_for(ctx: Context) -> AlsoSold:
    """Return what queues the receipt of a sale and its kitchen ticket; no printer, no ticket.

    Call it in the window's thread; what it returns belongs to `services.counter.sell`.
    """
    receipt, kitchen = ctx.config.printer_for("receipt"), ctx.config.printer_for("kitchen")
    compose, who = composer(ctx.zone), ctx.who

    def also(tx: Transaction, sold: Sold) -> None:
        if receipt is not None:
            drawer = opens_drawer(sold.payments)
            queue_receipt(tx, sold.pk, receipt.name, who, compose, drawer=drawer)
        if kitchen is not None:
            queue_kitchen(tx, sold.pk, kitchen.name, who, compose)

    return also


def also_paid(ctx: Context) -> Also:
    """Return what queues the receipt of a payment, a refund or a reversal of an order."""
    receipt = ctx.config.printer_for("receipt")
    compose, who = composer(ctx.zone), ctx.who

    def also(tx: Transaction, took: Took) -> None:
        if receipt is not None and took.payments:
            drawer = opens_drawer(took.payments)
            queue_receipt(tx, took.pk, receipt.name, who, compose, drawer=drawer)

    return also
