"""Saving an order as a whole: fields and lines in one transaction, our own orders through the till."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from posapp.domain.errors import RefusedError
from posapp.domain.sale import Sale
from posapp.domain.sale_rules import SaleRules
from posapp.domain.who import Who
from posapp.services.counter import edit_sale_in, sale_to_edit
from posapp.services.edits import Saved, save_in
from posapp.services.line_edits import LineEdit, edited_sale
from posapp.services.order_fields import CART
from posapp.storage.sales import sale_record
from posapp.storage.store import Store, Transaction

_OF_A_LINE = re.compile(r"lines\[(\d+)\]\.(\w+)\Z")


@dataclass(frozen=True, slots=True)
class WholeEdit:
    """What is to be saved; see `edits.save`. `version`: of our own order as it was seen."""

    values: Mapping[str, str]
    base: Mapping[str, str] | None = None
    lines: Sequence[LineEdit] | None = None
    whole: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class WholeSaved:
    """What was saved; `sale` is the cart before, where the till counted one of our own orders anew."""

    saved: Saved
    sale: Sale | None = None


def save_whole(
    store: Store, pk: int, edit: WholeEdit, who: Who, zone: ZoneInfo, rules: SaleRules, *, origin: str = ""
) -> WholeSaved:
    """Save fields and lines, all or nothing; raises what `edits.save` raises."""
    with store.write(origin) as tx:
        before, lines = None, edit.lines
        if lines is not None and is_own(tx, pk):
            before = sale_to_edit(tx, pk)
            _edit_own(tx, pk, edited_sale(before, lines), rules, who, edit.version)
            lines = None
        saved = save_in(tx, pk, edit.values, who, zone, base=edit.base, lines=lines, whole=edit.whole)
        if before is not None:
            saved = replace(saved, fields=(*saved.fields, CART))
    return WholeSaved(saved, before)


def is_own(tx: Transaction | Store, pk: int) -> bool:
    """Tell whether the till made this order."""
    row = tx.one("SELECT remote FROM orders WHERE pk = ?", (pk,))
    return row is not None and row[0] is None and sale_record(tx, pk) is not None


def _edit_own(tx: Transaction, pk: int, sale: Sale, rules: SaleRules, who: Who, version: int | None) -> None:
    try:
        edit_sale_in(tx, pk, sale, rules, who, expected_version=version)
    except RefusedError as error:
        fields = {_OF_A_LINE.sub(_counted, name): words for name, words in error.fields.items()}
        raise RefusedError(
            error.title, " ".join(fields.values()) or error.detail, error.remedy, fields
        ) from error


def _counted(match: re.Match[str]) -> str:
    part = {"modifiers": "additions"}.get(match[2], match[2])
    return f"line.{int(match[1]) + 1}.{part}"
