"""Saving an order's fields and lines, and taking a save back: the jobs of the editor."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from posapp.domain.sale import Sale
from posapp.domain.sale_rules import SaleRules
from posapp.domain.who import Who
from posapp.services.counter import edit_sale, sale_to_edit
from posapp.services.edits import undo_save
from posapp.services.order_fields import CART
from posapp.services.whole_edits import WholeEdit, save_whole
from posapp.storage.store import Store
from posapp.ui.context import WINDOW_ORIGIN


@dataclass(frozen=True, slots=True)
class Result:
    """What was saved, and what taking it back needs."""

    pk: int
    code: str
    fields: bool  # whether fields were written
    sale: Sale | None = None  # the cart before, of an order of our own


def save_job(store: Store, pk: int, edit: WholeEdit, who: Who, zone: ZoneInfo, rules: SaleRules) -> Result:
    """Save; the cart of our own order goes through the till, which counts it anew."""
    done = save_whole(store, pk, edit, who, zone, rules, origin=WINDOW_ORIGIN)
    saved = done.saved
    fields = bool(saved.fields) if done.sale is None else saved.fields != (CART,)
    return Result(pk, saved.code, fields=fields, sale=done.sale)


def undo_job(store: Store, result: Result, who: Who, rules: SaleRules) -> None:
    """Take a whole save back; what somebody changed since stays."""
    if result.fields:
        undo_save(store, result.pk, who, origin=WINDOW_ORIGIN)
    if result.sale is not None:
        here = sale_to_edit(store, result.pk)
        back = Sale(
            lines=result.sale.lines,
            kind=here.kind,
            table=here.table,
            buyer=here.buyer,
            comment=here.comment,
            discounts=result.sale.discounts,
            delivery_cost=here.delivery_cost,
            due_at=here.due_at,
            payment_method=here.payment_method,
        )
        edit_sale(store, result.pk, back, rules, who, origin=WINDOW_ORIGIN)
