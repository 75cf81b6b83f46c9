"""Shifts: the count of a drawer, and the figures of an X or Z report, which add up by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from posapp.domain.errors import RefusedError
from posapp.domain.money import round_money, total_of
from posapp.domain.payment import Payment, PaymentKind
from posapp.domain.sale import DiscountShare, TaxShare
from posapp.domain.status import PaymentMethod

ZERO = Decimal("0")
_DENOMINATIONS: dict[str, tuple[str, ...]] = {
    "KZT": ("20000", "10000", "5000", "2000", "1000", "500", "200", "100", "50", "20", "10", "5", "2", "1"),
    "NPR": ("1000", "500", "100", "50", "20", "10", "5", "2", "1"),
    "RUB": ("5000", "2000", "1000", "500", "200", "100", "50", "10", "5", "2", "1"),
    "USD": ("100", "50", "20", "10", "5", "1", "0.25", "0.10", "0.05", "0.01"),
    "EUR": ("200", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05", "0.02", "0.01"),
}
_OTHER = ("1000", "500", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05", "0.01")


class MoveKind(StrEnum):
    """Cash that goes in or out beside the sales."""

    IN = "in"
    OUT = "out"


class ReportKind(StrEnum):
    """X shows how the shift stands, Z closes it."""

    X = "X"
    Z = "Z"


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash put in or taken out, with its reason."""

    kind: MoveKind
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SaleEntry:
    """What a sale, or an edit of one, adds to the figures; an edit adds differences and counts none."""

    count: int
    gross: Decimal
    discount: Decimal
    delivery: Decimal
    total: Decimal
    taxes: tuple[TaxShare, ...] = ()
    discounts: tuple[DiscountShare, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """One method of payment; `received` = sales − refunds + tips + rounding."""

    method: str
    count: int = 0
    sales: Decimal = ZERO
    refund_count: int = 0
    refunds: Decimal = ZERO
    tips: Decimal = ZERO
    rounding: Decimal = ZERO
    received: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Figures:
    """All that adds up: the figures of a shift are the sum of those of its parts."""

    sale_count: int = 0
    gross: Decimal = ZERO
    discount: Decimal = ZERO
    delivery: Decimal = ZERO
    total: Decimal = ZERO
    taxes: tuple[TaxShare, ...] = ()
    discounts: tuple[DiscountShare, ...] = ()
    methods: tuple[MethodFigures, ...] = ()
    cash_in: Decimal = ZERO
    cash_out: Decimal = ZERO

    @property
    def cash(self) -> Decimal:
        """Return what all of it brought into the drawer."""
        taken = total_of(each.received for each in self.methods if each.method == PaymentMethod.CASH)
        return taken + self.cash_in - self.cash_out

    def plus(self, other: Figures) -> Figures:
        """Return the figures of both together."""
        return Figures(
            self.sale_count + other.sale_count,
            self.gross + other.gross,
            self.discount + other.discount,
            self.delivery + other.delivery,
            self.total + other.total,
            _sum_taxes((*self.taxes, *other.taxes)),
            _sum_discounts((*self.discounts, *other.discounts)),
            _sum_methods((*self.methods, *other.methods)),
            self.cash_in + other.cash_in,
            self.cash_out + other.cash_out,
        )


@dataclass(frozen=True, slots=True)
class Custody:
    """The ledger of the orders in hand: what came in is delivered, cancelled or still open."""

    carried: int = 0  # open when the shift began
    arrived: int = 0
    reopened: int = 0  # finished before the shift, taken back by a person in it
    delivered: int = 0
    cancelled: int = 0
    open: int = 0
    lost: tuple[str, ...] = ()  # numbers that were given and have no order
    changes_lost: tuple[str, ...] = ()  # the orders and products of changes that were made and are nowhere

    @property
    def gap(self) -> int:
        """Return how many orders came in and cannot be accounted for; below zero: came from nowhere."""
        return self.carried + self.arrived + self.reopened - self.delivered - self.cancelled - self.open

    @property
    def is_sound(self) -> bool:
        """Tell whether every order is accounted for."""
        return not self.gap and not self.lost and not self.changes_lost


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted drawer: (denomination, pieces), or only the sum."""

    pieces: tuple[tuple[Decimal, int], ...] = ()
    sum: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return what was counted."""
        return self.sum + total_of(value * pieces for value, pieces in self.pieces)


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """A report without any layout; instants are ISO 8601 in UTC, "" when there is none."""

    kind: ReportKind
    number: int  # of an X within its shift; of a Z the shift's
    shift: int
    station: str
    currency: str
    opened_at: str
    opened_by: str
    made_at: str
    made_by: str
    figures: Figures
    refund_reasons: tuple[DiscountShare, ...]
    cancelled_count: int
    cancelled_total: Decimal
    unpaid_count: int
    unpaid_total: Decimal
    opening_float: Decimal
    expected_cash: Decimal
    custody: Custody
    queue_waiting: int
    queue_attention: int
    counted_cash: Decimal | None = None
    difference: Decimal | None = None  # above zero: over
    pieces: tuple[tuple[Decimal, int], ...] = ()
    reason: str = ""
    manager: str = ""
    moves: tuple[CashMove, ...] = field(default=())


def denominations(currency: str) -> tuple[Decimal, ...]:
    """Return the notes and coins that a drawer is counted by, the largest first."""
    return tuple(Decimal(text) for text in _DENOMINATIONS.get(currency, _OTHER))


def figures(entries: Iterable[SaleEntry], payments: Iterable[Payment], moves: Iterable[CashMove]) -> Figures:
    """Return the figures of these sales, payments and movements of cash."""
    entries, moves = tuple(entries), tuple(moves)
    return Figures(
        sale_count=sum(entry.count for entry in entries),
        gross=total_of(entry.gross for entry in entries),
        discount=total_of(entry.discount for entry in entries),
        delivery=total_of(entry.delivery for entry in entries),
        total=total_of(entry.total for entry in entries),
        taxes=_sum_taxes(share for entry in entries for share in entry.taxes),
        discounts=_sum_discounts(share for entry in entries for share in entry.discounts),
        methods=_sum_methods(_method_of(payment) for payment in payments),
        cash_in=total_of(move.amount for move in moves if move.kind is MoveKind.IN),
        cash_out=total_of(move.amount for move in moves if move.kind is MoveKind.OUT),
    )


def _method_of(row: Payment) -> MethodFigures:
    reversed_ = row.kind is PaymentKind.REVERSAL
    is_payment = row.kind is PaymentKind.PAYMENT or (reversed_ and row.amount < 0)
    count = -1 if reversed_ else 1
    return MethodFigures(
        row.method.value,
        count if is_payment else 0,
        row.amount if is_payment else ZERO,
        0 if is_payment else count,
        ZERO if is_payment else -row.amount,
        row.tip,
        row.rounding,
        row.received,
    )


def _sum_methods(found: Iterable[MethodFigures]) -> tuple[MethodFigures, ...]:
    sums: dict[str, MethodFigures] = {}
    for each in found:
        before = sums.get(each.method, MethodFigures(each.method))
        sums[each.method] = MethodFigures(
            each.method,
            before.count + each.count,
            before.sales + each.sales,
            before.refund_count + each.refund_count,
            before.refunds + each.refunds,
            before.tips + each.tips,
            before.rounding + each.rounding,
            before.received + each.received,
        )
    return tuple(sums[method] for method in sorted(sums))


def _sum_taxes(found: Iterable[TaxShare]) -> tuple[TaxShare, ...]:
    sums: dict[Decimal, TaxShare] = {}
    for each in found:
        before = sums.get(each.percent, TaxShare(each.percent, ZERO, ZERO))
        sums[each.percent] = TaxShare(each.percent, before.base + each.base, before.tax + each.tax)
    return tuple(sums[percent] for percent in sorted(sums) if sums[percent].base or sums[percent].tax)


def _sum_discounts(found: Iterable[DiscountShare]) -> tuple[DiscountShare, ...]:
    sums: dict[str, Decimal] = {}
    for each in found:
        sums[each.name] = sums.get(each.name, ZERO) + each.amount
    return tuple(DiscountShare(name, sums[name]) for name in sorted(sums) if sums[name])


def refund_reasons(payments: Sequence[Payment]) -> tuple[DiscountShare, ...]:
    """Return what was given back, by reason; a refund that was taken back is left out."""
    undone = {row.reverses for row in payments}
    kept = [row for row in payments if row.kind is PaymentKind.REFUND and row.pk not in undone]
    return _sum_discounts(DiscountShare(row.reason, -row.amount) for row in kept)


def check_count(counted: Counted, currency: str) -> None:
    """Raise RefusedError unless this is a count of money."""
    bad = [value for value, pieces in counted.pieces if pieces < 0 or value <= 0]
    if bad or counted.sum < 0 or counted.total != round_money(counted.total, currency):
        raise RefusedError(
            "This is not a count of the drawer.", "Numbers of pieces are 0 or more.",
            fields={"counted": "Count again."},
        )  # fmt: skip
