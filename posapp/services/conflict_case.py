"""What a person is asked about an order that was changed on both sides, and what each choice comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from posapp.domain.dispatch import Collect, to_collect
from posapp.domain.money import parse_amount, total_of
from posapp.domain.outbox import STATUS, Change
from posapp.domain.rules import to_column
from posapp.domain.status import PaymentStatus, Status
from posapp.domain.who import SYNC_ACTOR
from posapp.services.order_fields import CART, Reader, fields_of, load_patch
from posapp.storage.fields import from_us, maybe_at
from posapp.storage.store import Store

MINE, THEIRS = "mine", "theirs"
_SHIPPING, _CHANGE, _METHOD, _PAID = "shipping_cost", "change", "payment_method", "payment_status"
_MONEY = frozenset({_PAID, _METHOD, "payment_date", _CHANGE})
_ORDER = (
    "SELECT code, coalesce(remote, ''), format, status, currency, total, products_total, delivery_cost, "
    "payment_method, payment_status, change_from, customer_name, phone, "
    "EXISTS (SELECT 1 FROM order_lines WHERE order_pk = orders.pk AND product <> '') FROM orders WHERE pk = ?"
)
_ROWS = (
    "SELECT state, target, base, theirs, patch, actor, station, created_at FROM outbox WHERE order_pk = ? "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq"
)
_BY_PEOPLE = (
    "SELECT actor, station, at FROM events WHERE order_pk = ? AND actor <> ? "
    "AND kind IN ('moved', 'undone', 'edited', 'edit undone', 'resolved', 'reopened') "
    "ORDER BY pk DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class FieldCase:
    """One field that both sides changed, in canonical text; the status is one of them."""

    name: str
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Money:
    """What the result of a choice is counted from, as the order is here."""

    total: str
    products_total: str
    items: Decimal  # what the lines come to here
    method: str
    payment_status: str
    change_from: str
    waiting: Mapping[str, Change]  # edits that only this side made: they go out by themselves


@dataclass(frozen=True, slots=True)
class ConflictCase:
    """An order in conflict: what differs, who did it here, and when the shop's values were seen."""

    pk: int
    code: str
    remote: str
    format: str
    status: Status
    currency: str
    customer_name: str
    phone: str
    fields: tuple[FieldCase, ...]
    here_by: str
    here_station: str
    here_at: datetime | None
    seen_at: datetime | None
    behind: int  # further changes of this order that wait for the decision
    money: Money

    @property
    def cancelled_there(self) -> bool:
        """Tell whether the shop cancelled what goes on here."""
        return any(field.name == STATUS and field.theirs == Status.CANCELLED for field in self.fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What choices come to; `counted` when the sum is ours and the shop may count otherwise."""

    total: Decimal | None
    collect: Collect
    counted: bool


def read_case(store: Store, pk: int) -> ConflictCase | None:
    """Return what a person is asked about an order, None when nothing of it is in conflict."""
    with store.snapshot():
        return case_in(store, pk)


def case_in(reader: Reader, pk: int) -> ConflictCase | None:
    """Do what `read_case` does inside a transaction."""
    row = reader.one(_ORDER, (pk,))
    rows = reader.all(_ROWS, (pk,))
    if row is None:
        return None
    asked = {
        field.name: field for found in rows if found[0] == "conflict" for field in _fields(found, row[3])
    }
    if not asked:
        return None
    edits = {name: change for found in rows for name, change in load_patch(found[4]).items()}
    by, station, at = _who_was_it(reader, pk, next(found for found in rows if found[0] == "conflict"))
    seen = reader.one("SELECT max(at) FROM events WHERE order_pk = ? AND kind = 'conflict'", (pk,))
    lines = reader.all("SELECT total FROM order_lines WHERE order_pk = ?", (pk,))
    return ConflictCase(
        pk=pk,
        code=row[0],
        remote=row[1],
        format=row[2],
        status=Status(row[3]),
        currency=row[4],
        customer_name=row[11],
        phone=row[12],
        fields=tuple(asked.values()),
        here_by=by,
        here_station=station,
        here_at=at,
        seen_at=maybe_at(seen[0]) if seen else None,
        behind=sum(found[0] == "parked" for found in rows),
        money=Money(
            total=row[5],
            products_total=row[6],
            items=total_of(Decimal(line[0]) for line in lines),
            method=row[8],
            payment_status=row[9],
            change_from=row[10],
            waiting={name: change for name, change in edits.items() if name not in asked},
        ),
    )


def _fields(row: tuple[str, ...], status: str) -> tuple[FieldCase, ...]:
    patch = load_patch(row[4])
    if not patch:
        # A row that the exchange made for the question knows no earlier value.
        return (FieldCase(STATUS, row[2] if row[2] not in {status, row[3]} else "", status, row[3]),)
    return tuple(
        FieldCase(name, change.base, change.ours, change.theirs)
        for name, change in patch.items()
        if change.theirs is not None
    )


def _who_was_it(reader: Reader, pk: int, row: tuple[object, ...]) -> tuple[str, str, datetime | None]:
    if row[5] != SYNC_ACTOR:
        return str(row[5]), str(row[6]), from_us(int(str(row[7])))
    # The exchange itself wrote the row: whoever changed the order last is meant.
    found = reader.one(_BY_PEOPLE, (pk, SYNC_ACTOR))
    return (found[0], found[1], from_us(found[2])) if found else ("", "", None)


def preselected(case: ConflictCase) -> dict[str, str]:
    """Return the safe choice of each field: the shop's for money already taken, ours otherwise.

    Of an order that was cancelled at the shop and goes on here neither is safe: a person has to choose.
    """
    taken = case.money.payment_status == PaymentStatus.PAID or any(
        field.name == _PAID and to_column(fields_of(case.format)[_PAID], field.theirs) == PaymentStatus.PAID
        for field in case.fields
    )
    return {
        field.name: THEIRS if taken and field.name in _MONEY else MINE
        for field in case.fields
        if not (field.name == STATUS and case.cancelled_there)
    }


def outcome(case: ConflictCase, choices: Mapping[str, str]) -> Outcome:
    """Return what the order comes to and what is to be collected, if these choices are applied.

    A field without a choice counts as ours.
    """
    chosen = {
        field.name: field.theirs if choices.get(field.name) == THEIRS else field.ours for field in case.fields
    } | {name: change.ours for name, change in case.money.waiting.items()}
    mine = {name for name in chosen if choices.get(name) != THEIRS}
    cancelled = chosen.get(STATUS) == Status.CANCELLED
    total, counted = _total(case, chosen, mine)
    return Outcome(total, _collect(case, chosen, Decimal(0) if cancelled else total), counted)


def _total(case: ConflictCase, chosen: Mapping[str, str], mine: set[str]) -> tuple[Decimal | None, bool]:
    """Count from the total as received, which is the shop's: what goes out of ours changes it."""
    total, products = _amount(case.money.total), _amount(case.money.products_total)
    if total is None:
        return None, False
    delta = Decimal(0)
    if CART in mine and products is not None:
        delta += case.money.items - products
    if _SHIPPING in mine:
        before = next((field.theirs for field in case.fields if field.name == _SHIPPING), None)
        if before is None:
            before = case.money.waiting[_SHIPPING].base
        delta += (_amount(chosen[_SHIPPING]) or Decimal(0)) - (_amount(before) or Decimal(0))
    return total + delta, bool(delta)


def _collect(case: ConflictCase, chosen: Mapping[str, str], total: Decimal | None) -> Collect:
    rules, money = fields_of(case.format), case.money

    def value(name: str, here: str) -> str:
        if name not in chosen or name not in rules:
            return here
        return str(to_column(rules[name], chosen[name]) or "")

    return to_collect(
        format_=case.format,
        method=value(_METHOD, money.method),
        payment_status=value(_PAID, money.payment_status),
        total="" if total is None else f"{total:f}",
        change_from=value(_CHANGE, money.change_from),
    )


def _amount(text: str) -> Decimal | None:
    try:
        return parse_amount(text.strip(), negative=True)
    except ValueError:
        return None
