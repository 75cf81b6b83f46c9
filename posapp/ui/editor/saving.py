"""Saving an order's fields and lines, and taking a save back: the jobs of the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from posapp.domain.sale import Sale
from posapp.domain.sale_rules import SaleRules
from posapp.domain.who import Who
from posapp.services.counter import edit_sale, sale_to_edit
from posapp.services.edits import save, undo_save
from posapp.services.line_edits import LineEdit
from posapp.storage.store import Store
from posapp.ui.context import WINDOW_ORIGIN


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be saved; an order of our own has its cart before and `after`, for the till counts it."""

    pk: int
    values: Mapping[str, str]
    base: Mapping[str, str]
    lines: tuple[LineEdit, ...] | None
    sale: Sale | None
    after: Sale | None
    version: int


@dataclass(frozen=True, slots=True)
class Result:
    """What was saved, and what taking it back needs."""

    pk: int
    code: str
    fields: bool  # whether fields were written
    sale: Sale | None = None  # the cart before, of an order of our own


def run_job(store: Store, job: Job, who: Who, zone: ZoneInfo, rules: SaleRules) -> Result:
    """Save; the cart of our own order goes through the till, which counts it anew."""
    lines, before, code = job.lines, None, ""
    if lines is not None and job.after is not None:
        sold = edit_sale(
            store, job.pk, job.after, rules, who, expected_version=job.version, origin=WINDOW_ORIGIN
        )
        before, lines, code = job.sale, None, sold.code
    if not job.values and lines is None:
        return Result(job.pk, code, fields=False, sale=before)
    saved = save(
        store, job.pk, job.values, who, zone, base=job.base, lines=lines, whole=True, origin=WINDOW_ORIGIN
    )
    return Result(job.pk, saved.code, fields=bool(saved.fields), sale=before)


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
