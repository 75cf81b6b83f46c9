"""Taking money and giving it back: rows of their own, and the payment status of the order that follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from posapp.domain.errors import RefusedError, StaleOrderError, UnknownOrderError
from posapp.domain.money import parse_amount
from posapp.domain.payment import (
    Balance,
    Payment,
    Tender,
    balance,
    full_refund,
    line_refund,
    refund,
    returned_quantities,
    reversal,
    take,
    with_slip,
)
from posapp.domain.people import SECOND_THOUGHTS, Right
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import PaymentMethod, PaymentStatus, Status
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.services.shift_key import open_shift_key
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us, to_us
from posapp.storage.reader import Reader, to_text
from posapp.storage.sales import payments_of
from posapp.storage.store import Store, Transaction

MIXED = "mixed"
_ZERO = Decimal("0")
_INSERT = (
    "INSERT INTO payments(id, order_pk, shift_pk, kind, method, currency, amount, rounding, tip, tendered, "
    "change, returned, reference, person, reason, lines, reverses, at, actor, station) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING pk"
)


@dataclass(frozen=True, slots=True)
class Account:
    """An order as its payments see it; `total` is 0 where nothing is to be collected here."""

    pk: int
    code: str
    remote: str | None
    format: str
    status: Status
    currency: str
    version: int
    total: Decimal
    payments: tuple[Payment, ...]

    @property
    def balance(self) -> Balance:
        """Return where the order stands."""
        return balance(self.total, self.payments)


@dataclass(frozen=True, slots=True)
class Took:
    """The outcome: the rows that were written, and where the order stands now."""

    pk: int
    code: str
    remote: str | None
    payments: tuple[Payment, ...]
    before: PaymentStatus
    balance: Balance

    @property
    def status_changed(self) -> bool:
        """Tell whether the order's payment status is another one now."""
        return self.balance.status is not self.before

    @property
    def change(self) -> Decimal:
        """Return what the customer gets back."""
        return sum((row.change for row in self.payments), _ZERO)


# What belongs into the same transaction: a receipt (posapp.services.printing.queue_receipt), or for a remote
# order whose shop has a word for it, the edit of its payment_status when `status_changed`.
Also = Callable[[Transaction, Took], None]


def account(reader: Reader, pk: int) -> Account:
    """Return an order's account; raise UnknownOrderError when it does not exist."""
    row = reader.one(
        "SELECT code, remote, format, status, currency, version, total, payment_method, payment_status "
        "FROM orders WHERE pk = ?",
        (pk,),
    )
    if row is None:
        raise UnknownOrderError("This order no longer exists.", remedy="Go back to the list.")
    rows = payments_of(reader, pk)
    try:
        total = parse_amount(row[6])
    except ValueError:
        raise RefusedError(
            f"Nothing can be collected for order #{row[0]}.", f"Its total is “{row[6][:40]}”."
        ) from None
    collect = row[1] is None or bool(rows) or row[8] != PaymentStatus.PAID
    # Cash of the internal API arrives as paid and is collected on delivery all the same.
    collect = collect or (row[2] == "internal" and row[7] == PaymentMethod.CASH)
    return Account(
        pk=pk,
        code=row[0],
        remote=row[1],
        format=row[2],
        status=Status(row[3]),
        currency=row[4],
        version=row[5],
        total=total if collect else _ZERO,
        payments=rows,
    )


def pay(
    store: Store,
    pk: int,
    tenders: Sequence[Tender],
    rules: SaleRules,
    who: Who,
    *,
    expected_version: int | None = None,
    also: Also | None = None,
    origin: str = "",
) -> Took:
    """Take payments for an order, all or none; raise RefusedError naming the fields that do not fit."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SELL)
        found = _seen(tx, pk, expected_version)
        if found.status is Status.CANCELLED:
            raise RefusedError(f"Order #{found.code} is cancelled.", "Nothing is due for it.")
        return pay_in(tx, found, tenders, rules, who, also=also)


def pay_in(
    tx: Transaction,
    found: Account,
    tenders: Sequence[Tender],
    rules: SaleRules,
    who: Who,
    *,
    also: Also | None = None,
) -> Took:
    """Take payments inside the transaction of a larger act."""
    rows = list(found.payments)
    new: list[Payment] = []
    for tender in tenders:
        due = balance(found.total, (*rows, *new)).due
        new.append(take(tender, due, found.currency, cash_step=rules.cash_step, tips=rules.tips))
    return _write(tx, found, new, rules, who, also)


def refund_order(  # noqa: PLR0913 - a refund has so many sides
    store: Store,
    pk: int,
    rules: SaleRules,
    who: Who,
    *,
    reason: str,
    amount: Decimal | None = None,
    method: PaymentMethod | None = None,
    reference: str = "",
    expected_version: int | None = None,
    also: Also | None = None,
    origin: str = "",
) -> Took:
    """Give an amount back by a method, or (`amount` None) all that was paid, the way it came.

    `reference` is the number on the slip of what goes back to a card.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.REFUND)
        found = _seen(tx, pk, expected_version)
        reason = clean_line(reason)
        if amount is None:
            new = full_refund(
                found.payments, found.total, found.currency, reason=reason, cash_step=rules.cash_step
            )
        else:
            how = method or PaymentMethod.CASH
            new = (_refund(found, amount, how, reason, rules),)
        return _write(tx, found, with_slip(new, reference), rules, who, also)


def refund_lines(  # noqa: PLR0913 - as above
    store: Store,
    pk: int,
    lines: Sequence[tuple[int, int]],
    rules: SaleRules,
    who: Who,
    *,
    reason: str,
    method: PaymentMethod = PaymentMethod.CASH,
    reference: str = "",
    expected_version: int | None = None,
    also: Also | None = None,
    origin: str = "",
) -> Took:
    """Give back what these pieces cost; `lines` are (position, number of pieces)."""
    with store.write(origin) as tx:
        permit(tx, who, Right.REFUND)
        found = _seen(tx, pk, expected_version)
        before = returned_quantities(found.payments)
        known = {
            row[0]: (row[1], Decimal(row[2]))
            for row in tx.all("SELECT position, quantity, total FROM order_lines WHERE order_pk = ?", (pk,))
        }
        parts: list[tuple[int, int, Decimal]] = []
        for position, count in lines:
            quantity, total = known.get(position, (0, _ZERO))
            gone = before.get(position, 0)
            if not 1 <= count <= quantity - gone:
                raise RefusedError(
                    "This cannot be given back.", f"Of line {position + 1}, {quantity - gone} are left.",
                    fields={f"lines[{position}]": f"At most {quantity - gone}."},
                )  # fmt: skip
            worth = line_refund(total, quantity, gone, count, found.currency)
            parts.append((position, count, worth))
            before[position] = gone + count
        amount = sum((worth for _, _, worth in parts), _ZERO)
        row = _refund(found, amount, method, clean_line(reason), rules, tuple(parts))
        return _write(tx, found, with_slip((row,), reference), rules, who, also)


def reverse(
    store: Store,
    pk: int,
    payment_pk: int,
    rules: SaleRules,
    who: Who,
    *,
    reason: str,
    also: Also | None = None,
    origin: str = "",
) -> Took:
    """Take a mistaken payment or refund back, with a row of its own.

    Whoever took it may within a minute, later it is as a refund.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.SELL if _just_taken(tx, payment_pk, who) else Right.REFUND)
        found = account(tx, pk)
        row = reversal(found.payments, payment_pk, clean_line(reason))
        return _write(tx, found, (row,), rules, who, also)


def _just_taken(tx: Transaction, payment_pk: int, who: Who) -> bool:
    row = tx.one("SELECT at, actor FROM payments WHERE pk = ?", (payment_pk,))
    return row is not None and row[1] == who.actor and tx.now - from_us(row[0]) <= SECOND_THOUGHTS


def _seen(tx: Transaction, pk: int, expected_version: int | None) -> Account:
    found = account(tx, pk)
    if expected_version is not None and found.version != expected_version:
        raise StaleOrderError(
            f"Order #{found.code} was changed meanwhile.", remedy="Look at it again, then decide."
        )
    return found


def _refund(
    found: Account,
    amount: Decimal,
    method: PaymentMethod,
    reason: str,
    rules: SaleRules,
    lines: tuple[tuple[int, int, Decimal], ...] = (),
) -> Payment:
    return refund(
        found.payments, found.total, amount, method, found.currency,
        reason=reason, cash_step=rules.cash_step, lines=lines,
    )  # fmt: skip


def _write(
    tx: Transaction,
    found: Account,
    new: Sequence[Payment],
    rules: SaleRules,
    who: Who,
    also: Also | None,
) -> Took:
    shift = open_shift_key(tx, rules, who, found.currency) if new else None
    written = tuple(_insert(tx, found, row, shift, who) for row in new)
    rows = (*found.payments, *written)
    after = balance(found.total, rows)
    set_payment_status(tx, found, after, rows)
    took = Took(found.pk, found.code, found.remote, written, found.balance.status, after)
    if also is not None:
        also(tx, took)
    return took


def _insert(tx: Transaction, found: Account, row: Payment, shift: int | None, who: Who) -> Payment:
    amounts = (row.amount, row.rounding, row.tip, row.tendered, row.change, row.returned)
    key = tx.one(
        _INSERT,
        (
            tx.new_id(), found.pk, shift, row.kind.value, row.method.value, found.currency,
            *(str(amount) for amount in amounts), clean_line(row.reference), clean_line(row.person),
            row.reason, to_text(row.lines), row.reverses, to_us(tx.now), who.actor, who.station,
        ),
    )  # fmt: skip
    assert key is not None  # noqa: S101 - an insert returns its key
    params = {"method": row.method.value, "amount": str(row.received), "currency": found.currency}
    for name in ("reference", "person", "reason"):
        if getattr(row, name):
            params[name] = getattr(row, name)
    tx.event(found.pk, {"payment": "paid", "refund": "refunded"}.get(row.kind, "reversed"), who, params)
    tx.touch(found.pk, Topic.SALES)
    return replace(row, pk=int(key[0]))


def set_payment_status(tx: Transaction, found: Account, after: Balance, rows: Sequence[Payment]) -> None:
    """Let the order's payment status follow its payments; what a shop says of its own orders stays."""
    if found.remote is not None:
        tx.execute("UPDATE orders SET version = version + 1 WHERE pk = ?", (found.pk,))
        tx.touch(found.pk, Topic.SALES)
        return
    undone = {row.reverses for row in rows}
    methods = {
        row.method.value for row in rows if row.amount > 0 and row.pk not in undone and not row.reverses
    }
    method = methods.pop() if len(methods) == 1 else MIXED if methods else ""
    tx.execute(
        "UPDATE orders SET payment_status = ?, payment_method = CASE ? WHEN '' THEN payment_method "
        "ELSE ? END, version = version + 1 WHERE pk = ?",
        (after.status.value, method, method, found.pk),
    )
    tx.touch(found.pk, Topic.SALES)
