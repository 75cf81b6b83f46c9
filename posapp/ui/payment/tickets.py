"""The tickets that a window queues with what it sells and takes."""

from __future__ import annotations

from posapp.printing.layout import composer
from posapp.services.counter import AlsoSold
from posapp.services.payments import Also
from posapp.services.sale_tickets import with_receipt, with_tickets
from posapp.ui.context import Context


def also_for(ctx: Context) -> AlsoSold:
    """Return what queues the receipt of a sale and its kitchen ticket; no printer, no ticket.

    Call it in the window's thread; what it returns belongs to `services.counter.sell`.
    """
    return with_tickets(_printer(ctx, "receipt"), ctx.config.kitchen_routes, ctx.who, composer(ctx.zone))


def also_paid(ctx: Context) -> Also:
    """Return what queues the receipt of a payment, a refund or a reversal of an order."""
    return with_receipt(_printer(ctx, "receipt"), ctx.who, composer(ctx.zone))


def _printer(ctx: Context, role: str) -> str:
    printer = ctx.config.printer_for(role)
    return printer.name if printer is not None else ""
