"""The read queries of counter sales: drafts, carts as they were sold, payments, customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from posapp.domain.payment import Payment, PaymentKind, Tender
from posapp.domain.sale import Sale
from posapp.domain.status import PaymentMethod
from posapp.domain.text import clean_line, digits_of
from posapp.storage.fields import from_us
from posapp.storage.reader import Reader

_PAYMENTS = (
    "SELECT payments.kind, method, amount, rounding, tip, tendered, change, returned, reference, person, "
    "reason, lines, reverses, payments.pk, at, actor, payments.station, payments.currency, shifts.number "
    "FROM payments LEFT JOIN shifts ON shifts.pk = payments.shift_pk "
)
_DRAFT = "SELECT id, station, actor, label, held, cart, version, created_at, changed_at, parts FROM drafts "


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A cart that is not sold yet; `parts` were taken for it so far, each with its amount."""

    id: str
    station: str
    actor: str
    label: str
    held: bool
    sale: Sale
    version: int
    created_at: datetime
    changed_at: datetime
    parts: tuple[Tender, ...] = ()


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """What a counter order has beyond an order; `sale` is the cart as sold, or edited last."""

    order_pk: int
    station: str
    number: int
    day: str
    day_number: int
    table_label: str
    sale: Sale
    gross: Decimal
    discount: Decimal
    tax: Decimal
    sold_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment with who took it, where and when."""

    payment: Payment
    at: datetime
    actor: str
    station: str
    currency: str
    shift: int | None  # its number


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was sold, for giving some of it back."""

    position: int
    title: str
    quantity: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer who ordered before, with the address of the last delivery."""

    pk: int
    name: str
    phone: str
    address: str
    orders: int


def sale_from(text: str) -> Sale:
    """Read a cart as a column holds it."""
    return msgspec.json.decode(text, type=Sale)


def _draft(row: tuple[Any, ...]) -> DraftRow:
    return DraftRow(
        row[0], row[1], row[2], row[3], bool(row[4]), sale_from(row[5]), row[6], from_us(row[7]),
        from_us(row[8]), parts_from(row[9]),
    )  # fmt: skip


def parts_from(text: str) -> tuple[Tender, ...]:
    """Read the parts of a payment as a column holds them."""
    return msgspec.json.decode(text, type=tuple[Tender, ...])


def drafts(reader: Reader, station: str = "") -> tuple[DraftRow, ...]:
    """Return the carts that are not sold yet, of a station or all, the last changed first."""
    where, params = ("WHERE station = ?", (station,)) if station else ("", ())
    return tuple(
        _draft(row) for row in reader.all(f"{_DRAFT} {where} ORDER BY changed_at DESC, pk DESC", params)
    )


def draft(reader: Reader, draft_id: str) -> DraftRow | None:
    """Return one draft, None when it was sold or dropped."""
    row = reader.one(f"{_DRAFT} WHERE id = ?", (draft_id,))
    return None if row is None else _draft(row)


def sale_record(reader: Reader, order_pk: int) -> SaleRecord | None:
    """Return what was sold with a counter order, None for a remote one."""
    row = reader.one(
        "SELECT order_pk, station, number, day, day_number, table_label, cart, gross, discount, tax, sold_at "
        "FROM sales WHERE order_pk = ?",
        (order_pk,),
    )
    if row is None:
        return None
    return SaleRecord(
        order_pk=row[0],
        station=row[1],
        number=row[2],
        day=row[3],
        day_number=row[4],
        table_label=row[5],
        sale=sale_from(row[6]),
        gross=Decimal(row[7]),
        discount=Decimal(row[8]),
        tax=Decimal(row[9]),
        sold_at=from_us(row[10]),
    )


def payment_from(row: tuple[Any, ...]) -> Payment:
    """Make a payment from the first columns of _PAYMENTS."""
    return Payment(
        PaymentKind(row[0]),
        PaymentMethod(row[1]),
        amount=Decimal(row[2]),
        rounding=Decimal(row[3]),
        tip=Decimal(row[4]),
        tendered=Decimal(row[5]),
        change=Decimal(row[6]),
        returned=Decimal(row[7]),
        reference=row[8],
        person=row[9],
        reason=row[10],
        lines=msgspec.json.decode(row[11], type=tuple[tuple[int, int, Decimal], ...]),
        reverses=row[12],
        pk=row[13],
    )


def sold_lines(reader: Reader, order_pk: int) -> tuple[SoldLine, ...]:
    """Return the lines of an order with what each comes to."""
    rows = reader.all(
        "SELECT position, title, quantity, total FROM order_lines WHERE order_pk = ? ORDER BY position",
        (order_pk,),
    )
    return tuple(SoldLine(row[0], row[1], row[2], Decimal(row[3])) for row in rows)


def payment_lines(reader: Reader, order_pk: int) -> tuple[PaymentLine, ...]:
    """Return the payments of an order, the oldest first."""
    rows = reader.all(f"{_PAYMENTS} WHERE order_pk = ? ORDER BY payments.pk", (order_pk,))
    return tuple(
        PaymentLine(payment_from(row), from_us(row[14]), row[15], row[16], row[17], row[18]) for row in rows
    )


def payments_of(reader: Reader, order_pk: int) -> tuple[Payment, ...]:
    """Return the payments of an order as the rules see them."""
    return tuple(line.payment for line in payment_lines(reader, order_pk))


def payments_of_shift(reader: Reader, shift_pk: int) -> tuple[Payment, ...]:
    """Return the payments that a shift took."""
    rows = reader.all(f"{_PAYMENTS} WHERE payments.shift_pk = ? ORDER BY payments.pk", (shift_pk,))
    return tuple(payment_from(row) for row in rows)


def customers_like(reader: Reader, text: str, limit: int = 8) -> tuple[CustomerRow, ...]:
    """Return the customers whose telephone number or name holds what was typed, the last seen first."""
    plain = clean_line(text)
    digits = digits_of(plain)
    if len(digits) >= 3:
        where, wanted = "phone_digits LIKE ?", [f"%{digits}%"]
    elif len(plain) >= 2:
        # LIKE folds only ASCII case: a capital covers names in other alphabets.
        safe = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        where = "name LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\'"
        wanted = [f"%{safe}%", f"%{safe.capitalize()}%"]
    else:
        return ()
    rows = reader.all(
        "SELECT pk, name, phone, coalesce((SELECT address FROM orders WHERE customer_pk = customers.pk "  # noqa: S608
        "AND address <> '' ORDER BY pk DESC LIMIT 1), ''), (SELECT count(*) FROM (SELECT 1 FROM orders "
        f"WHERE customer_pk = customers.pk LIMIT 999) AS found) FROM customers WHERE {where} "
        "ORDER BY last_at DESC LIMIT ?",
        (*wanted, limit),
    )
    return tuple(CustomerRow(*row) for row in rows)
