"""The read queries of shifts: which is open, what it took, the custody of its orders, its reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from posapp.domain.money import parse_amount
from posapp.domain.payment import balance
from posapp.domain.sale_rules import code_of
from posapp.domain.shift import CashMove, Custody, MoveKind, SaleEntry, ShiftReport
from posapp.storage.custody import lost_changes
from posapp.storage.fields import from_us, maybe_at, to_us
from posapp.storage.reader import Reader, number_of
from posapp.storage.sales import payments_of

_SHIFT = (
    "SELECT pk, number, station, currency, opening_float, opened_at, opened_by, carried, last_order, "
    "prefix, first_number, closed_at, closed_by FROM shifts "
)
_CHUNK = 500
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A drawer between two counts."""

    pk: int
    number: int
    station: str
    currency: str
    opening_float: Decimal
    opened_at: datetime
    opened_by: str
    carried: tuple[int, ...]  # the orders that were open then
    last_order: int  # the newest order then
    prefix: str
    first_number: int  # the last one given before
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Cash put in or taken out, with who did it."""

    move: CashMove
    at: datetime
    actor: str


def _shift(row: tuple[Any, ...]) -> ShiftRow:
    return ShiftRow(
        pk=row[0],
        number=row[1],
        station=row[2],
        currency=row[3],
        opening_float=Decimal(row[4]),
        opened_at=from_us(row[5]),
        opened_by=row[6],
        carried=tuple(json.loads(row[7])),
        last_order=row[8],
        prefix=row[9],
        first_number=row[10],
        closed_at=maybe_at(row[11]),
        closed_by=row[12],
    )


def open_shift_of(reader: Reader, station: str) -> ShiftRow | None:
    """Return the open shift of a station, None when there is none."""
    row = reader.one(f"{_SHIFT} WHERE station = ? AND closed_at IS NULL", (station,))
    return None if row is None else _shift(row)


def shifts(reader: Reader, *, station: str = "", limit: int = 100) -> tuple[ShiftRow, ...]:
    """Return the shifts of a station or all, the newest first."""
    where, params = ("WHERE station = ?", [station]) if station else ("", [])
    rows = reader.all(f"{_SHIFT} {where} ORDER BY pk DESC LIMIT ?", (*params, limit))
    return tuple(_shift(row) for row in rows)


def reports(reader: Reader, shift_pk: int) -> tuple[ShiftReport, ...]:
    """Return the reports of a shift as they were made, the oldest first."""
    rows = reader.all("SELECT content FROM shift_reports WHERE shift_pk = ? ORDER BY pk", (shift_pk,))
    return tuple(msgspec.json.decode(row[0], type=ShiftReport) for row in rows)


def entries(reader: Reader, shift_pk: int) -> tuple[SaleEntry, ...]:
    """Return what the sales of a shift, and edits of them, add to its figures."""
    rows = reader.all("SELECT content FROM sale_entries WHERE shift_pk = ? ORDER BY pk", (shift_pk,))
    return tuple(msgspec.json.decode(row[0], type=SaleEntry) for row in rows)


def cash_moves(reader: Reader, shift_pk: int) -> tuple[MoveRow, ...]:
    """Return the cash that was put into a drawer and taken out of it, the oldest first."""
    rows = reader.all(
        "SELECT kind, amount, reason, at, actor FROM cash_moves WHERE shift_pk = ? ORDER BY pk", (shift_pk,)
    )
    return tuple(
        MoveRow(CashMove(MoveKind(row[0]), Decimal(row[1]), row[2]), from_us(row[3]), row[4]) for row in rows
    )


def open_orders(reader: Reader) -> tuple[int, ...]:
    """Return the keys of the orders that are not finished."""
    return tuple(row[0] for row in reader.all("SELECT pk FROM orders WHERE urgency IS NOT NULL ORDER BY pk"))


def last_number(reader: Reader, prefix: str) -> int:
    """Return the last number that was given under a prefix."""
    return number_of(reader, "SELECT last FROM sale_numbers WHERE prefix = ?", (prefix,))


def custody(reader: Reader, shift: ShiftRow) -> Custody:
    """Return the ledger of the orders in hand since a shift began.

    What was carried over was written down when it began, so that an order that is gone shows as a gap; and so
    does one of the numbers that the station gave and that no order has.
    """
    since = to_us(shift.opened_at)
    carried = _statuses(reader, shift.carried)
    fresh = reader.all("SELECT pk, status FROM orders WHERE pk > ?", (shift.last_order,))
    # Finished before, at work again or finished once more since: somebody took its last step back.
    older = reader.all(
        "SELECT pk, status FROM orders WHERE urgency IS NOT NULL AND pk <= ?2 "
        "UNION SELECT pk, status FROM orders WHERE closed_at > ?1 AND pk <= ?2",
        (since, shift.last_order),
    )
    back = [row for row in older if row[0] not in carried]
    explained = [row for row in back if _was_undone(reader, row[0], since)]
    now = [*carried.values(), *(row[1] for row in fresh), *(row[1] for row in back)]
    return Custody(
        carried=len(shift.carried),
        arrived=len(fresh),
        reopened=len(explained),
        delivered=now.count("delivered"),
        cancelled=now.count("cancelled"),
        open=sum(status not in {"delivered", "cancelled"} for status in now),
        lost=_lost_numbers(reader, shift),
        changes_lost=_lost_changes(reader, shift),
    )


def _lost_changes(reader: Reader, shift: ShiftRow) -> tuple[str, ...]:
    """Return whose changes are nowhere, each once: codes and product ids; "?" for an order that is gone."""
    found = lost_changes(reader, shift.opened_at, shift.closed_at or _EVER)
    return tuple(dict.fromkeys(one.name or "?" for one in found))


def _statuses(reader: Reader, pks: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(pks), _CHUNK):
        some = pks[start : start + _CHUNK]
        marks = ", ".join("?" * len(some))
        found.update(reader.all(f"SELECT pk, status FROM orders WHERE pk IN ({marks})", some))  # noqa: S608
    return found


def _was_undone(reader: Reader, pk: int, since: int) -> bool:
    row = reader.one(
        "SELECT 1 FROM events WHERE order_pk = ? AND at >= ? AND kind IN ('undone', 'adopted', 'resolved')",
        (pk, since),
    )
    return row is not None


def _lost_numbers(reader: Reader, shift: ShiftRow) -> tuple[str, ...]:
    first, last = shift.first_number + 1, last_number(reader, shift.prefix)
    there = {
        row[0]
        for row in reader.all(
            "SELECT number FROM sales WHERE prefix = ? AND number BETWEEN ? AND ?",
            (shift.prefix, first, last),
        )
    }
    codes = (code_of(shift.prefix, number) for number in range(first, last + 1) if number not in there)
    # A number is passed over where another order has its code.
    return tuple(code for code in codes if reader.one("SELECT 1 FROM orders WHERE code = ?", (code,)) is None)


def cancellations(reader: Reader, shift: ShiftRow) -> tuple[int, Decimal]:
    """Return how many orders were cancelled since a shift began, and what they came to in its currency."""
    rows = reader.all(
        "SELECT total FROM orders WHERE closed_at >= ? AND status = 'cancelled' AND currency = ?",
        (to_us(shift.opened_at), shift.currency),
    )
    return len(rows), sum((_amount(row[0]) for row in rows), Decimal("0"))


def unpaid(reader: Reader, shift: ShiftRow) -> tuple[int, Decimal]:
    """Return how many sales of a shift are not paid whole, and what is due for them."""
    rows = reader.all(
        "SELECT orders.pk, orders.total FROM sales JOIN orders ON orders.pk = sales.order_pk "
        "WHERE sales.shift_pk = ? AND orders.status <> 'cancelled' "
        "AND orders.payment_status NOT IN ('paid', 'refunded')",
        (shift.pk,),
    )
    dues = [balance(Decimal(total), payments_of(reader, pk)).due for pk, total in rows]
    return len(dues), sum(dues, Decimal("0"))


def queue_state(reader: Reader) -> tuple[int, int]:
    """Return how many changes wait to be sent, and how many need a person."""
    waiting = number_of(reader, "SELECT count(*) FROM outbox WHERE state IN ('pending', 'in_flight')")
    people = number_of(reader, "SELECT count(*) FROM outbox WHERE state IN ('parked', 'conflict', 'dead')")
    return waiting, people


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except ValueError:
        return Decimal("0")
