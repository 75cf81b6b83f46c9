"""A counter sale as rows of the database: its order, lines, number and entry in the journal."""

from __future__ import annotations

import json
from typing import Any

from posapp.domain.due import parse_instant
from posapp.domain.sale import Priced, Sale, TaxShare
from posapp.domain.sale_rules import SaleRules, code_of
from posapp.domain.shift import SaleEntry
from posapp.domain.status import Status, SyncState
from posapp.domain.text import digits_of
from posapp.domain.timing import Moments, urgency
from posapp.domain.who import Who
from posapp.services.intake_rows import INSERT_LINE, SAVE_CUSTOMER
from posapp.storage.fields import maybe_us, to_us
from posapp.storage.reader import number_of, to_text
from posapp.storage.store import Transaction

SOURCE = "counter"
_DETAILS = (
    "kind", "customer_pk", "customer_name", "phone", "phone_digits", "address", "street", "home", "apt",
    "entrance", "level", "city", "comment", "due_at", "due_text", "delivery_cost", "products_total", "total",
)  # fmt: skip
_IDENTITY = (
    "id", "code", "format", "status", "status_at", "payment_status", "payment_method", "source", "brand",
    "change_from", "currency", "created_at", "received_at", "accepted_at", "noticed_at", "noticed_by",
    "urgency", "version", "sync", "sync_reason", "reasserts",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO orders({', '.join(_IDENTITY + _DETAILS)}) "  # noqa: S608 - our own column names
    f"VALUES ({', '.join('?' * len(_IDENTITY + _DETAILS))}) RETURNING pk"
)
_UPDATE = (
    f"UPDATE orders SET {', '.join(f'{name} = ?' for name in _DETAILS)}, version = version + 1 "  # noqa: S608
    "WHERE pk = ?"
)


def insert_order(tx: Transaction, code: str, sale: Sale, priced: Priced, rules: SaleRules, who: Who) -> int:
    """Write the order and its lines; return its key.

    Nobody has to accept what the counter itself sells: it starts as accepted, or scheduled for later.
    """
    due = parse_instant(sale.due_at) if sale.due_at else None
    status = Status.TIMING if due is not None else Status.ACCEPTED
    accepted = None if due is not None else tx.now
    now = to_us(tx.now)
    identity = (
        tx.new_id(),
        code,
        "",
        status.value,
        now,
        "unpaid",
        sale.payment_method,
        SOURCE,
        "",
        "",
        rules.currency,
        now,
        now,
        maybe_us(accepted),
        now,
        who.actor,
        urgency(status, Moments(tx.now, tx.now, accepted), due),
        1,
        SyncState.LOCAL.value,
        "",
        0,
    )
    row = tx.one(_INSERT, identity + _details(tx, sale, priced))
    assert row is not None  # noqa: S101 - an insert returns its key
    pk = int(row[0])
    tx.executemany(INSERT_LINE, _line_rows(pk, sale, priced))
    tx.touch(pk)
    return pk


def rewrite_order(tx: Transaction, pk: int, sale: Sale, priced: Priced) -> None:
    """Write an edited cart over the order's details and lines."""
    tx.execute(_UPDATE, (*_details(tx, sale, priced), pk))
    tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
    tx.executemany(INSERT_LINE, _line_rows(pk, sale, priced))
    tx.touch(pk)


def _details(tx: Transaction, sale: Sale, priced: Priced) -> tuple[Any, ...]:
    buyer = sale.buyer
    digits = digits_of(buyer.phone)[:32]
    due = parse_instant(sale.due_at) if sale.due_at else None
    street = (buyer.street, buyer.home, f"кв. {buyer.apt}" if buyer.apt else "")
    address = buyer.address or ", ".join(part for part in street if part)
    return (
        sale.kind,
        _customer(tx, sale, digits),
        buyer.name,
        buyer.phone,
        digits,
        address,
        buyer.street,
        buyer.home,
        buyer.apt,
        buyer.entrance,
        buyer.level,
        buyer.city,
        sale.comment,
        maybe_us(due),
        sale.due_at,
        str(priced.delivery),
        str(priced.products),
        str(priced.total),
    )


def _customer(tx: Transaction, sale: Sale, digits: str) -> int | None:
    """Return the key of the buyer; at the counter people are told apart by their telephone numbers."""
    if len(digits) < 5:
        return None
    now = to_us(tx.now)
    row = tx.one(SAVE_CUSTOMER, ("", digits, sale.buyer.name, sale.buyer.phone, digits, now, now))
    return int(row[0]) if row else None


def _line_rows(pk: int, sale: Sale, priced: Priced) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for position, (line, result) in enumerate(zip(sale.lines, priced.lines, strict=True)):
        additions = [[modifier.internal_id, modifier.title] for modifier in line.modifiers]
        promo = line.discount
        rows.append(
            (
                pk, position, line.internal_id, line.title, line.quantity, str(result.unit_price),
                str(result.total), json.dumps(additions, ensure_ascii=False),
                promo.promo_id[:64] if promo else "", promo.promo if promo else "", "", "", 0, line.notes,
                "", "", "", None, None, None,
            )
        )  # fmt: skip
    return rows


def next_code(tx: Transaction, prefix: str) -> tuple[str, int]:
    """Return the next code of a station and its number; a code that an order has is passed over."""
    while True:
        row = tx.one(
            "INSERT INTO sale_numbers(prefix, last) VALUES (?, 1) "
            "ON CONFLICT(prefix) DO UPDATE SET last = sale_numbers.last + 1 RETURNING last",
            (prefix,),
        )
        assert row is not None  # noqa: S101 - an insert returns its row
        code = code_of(prefix, row[0])
        if tx.one("SELECT 1 FROM orders WHERE code = ?", (code,)) is None:
            return code, int(row[0])


def insert_sale(
    tx: Transaction,
    pk: int,
    number: int,
    sale: Sale,
    priced: Priced,
    rules: SaleRules,
    who: Who,
    shift: int | None,
) -> int:
    """Write what a counter order has beyond an order; return which sale of the station's day it is."""
    day = tx.now.astimezone(rules.zone).date().isoformat()
    of_day = 1 + number_of(
        tx, "SELECT max(day_number) FROM sales WHERE station = ? AND day = ?", (who.station, day)
    )
    tx.execute(
        "INSERT INTO sales(order_pk, station, prefix, number, day, day_number, shift_pk, table_label, cart, "
        "gross, discount, tax, sold_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (pk, who.station, rules.prefix, number, day, of_day, shift, *_content(sale, priced), to_us(tx.now)),
    )
    write_entry(tx, pk, shift, entry_of(priced))
    return of_day


def update_sale(tx: Transaction, pk: int, sale: Sale, priced: Priced) -> None:
    """Write an edited cart over the one that was sold."""
    tx.execute(
        "UPDATE sales SET table_label = ?, cart = ?, gross = ?, discount = ?, tax = ? WHERE order_pk = ?",
        (*_content(sale, priced), pk),
    )


def _content(sale: Sale, priced: Priced) -> tuple[Any, ...]:
    return sale.table, to_text(sale), str(priced.gross), str(priced.discount), str(priced.tax)


def write_entry(tx: Transaction, pk: int, shift: int | None, entry: SaleEntry) -> None:
    """Append to the journal what a sale, or an edit of one, adds to the figures."""
    tx.execute(
        "INSERT INTO sale_entries(order_pk, shift_pk, at, content) VALUES (?, ?, ?, ?)",
        (pk, shift, to_us(tx.now), to_text(entry)),
    )


def entry_of(priced: Priced) -> SaleEntry:
    """Return what a sale adds to the figures."""
    return SaleEntry(
        1, priced.gross, priced.discount, priced.delivery, priced.total, priced.taxes, priced.discounts
    )


def difference(before: Priced, after: Priced) -> SaleEntry:
    """Return what an edit adds to the figures: the difference, and no further sale."""
    taken = tuple(TaxShare(share.percent, -share.base, -share.tax) for share in before.taxes)
    return SaleEntry(
        0,
        after.gross - before.gross,
        after.discount - before.discount,
        after.delivery - before.delivery,
        after.total - before.total,
        (*after.taxes, *taken),
        (*after.discounts, *(type(share)(share.name, -share.amount) for share in before.discounts)),
    )
