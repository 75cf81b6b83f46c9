"""What a payment panel has written down so far: how much, how, in which parts. It knows no widget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from posapp.domain.money import round_money, total_of
from posapp.domain.payment import Tender, quick_cash, round_cash, split_evenly, to_collect
from posapp.domain.status import PaymentMethod
from posapp.ui.moneytext import amount_of

ZERO = Decimal("0")
_LONGEST = 9  # digits before the point: more is no amount that anybody hands over
_DECIMALS = 2


class Way(StrEnum):
    """The ways to pay."""

    CASH = "cash"
    CARD = "card"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Till:
    """One payment on its way: `taken` are parts that wait for the rest, `shares` what the next people pay."""

    due: Decimal
    currency: str
    step: Decimal = ZERO
    way: Way = Way.CASH
    typed: str = ""  # "" is exact
    tip_typed: str = ""
    tipping: bool = False  # the figures are for the tip
    taken: tuple[Tender, ...] = ()
    shares: tuple[Decimal, ...] = ()
    people: int = 0

    @property
    def method(self) -> PaymentMethod:
        """Return the method of the part that is paid now."""
        return PaymentMethod.CARD if self.way is Way.CARD else PaymentMethod.CASH

    @property
    def held(self) -> Decimal:
        """Return what the parts come to that wait."""
        return total_of(part.amount or ZERO for part in self.taken)

    @property
    def rest(self) -> Decimal:
        """Return what is to be paid after them."""
        return self.due - self.held

    @property
    def share(self) -> Decimal:
        """Return what is to be paid now: all that is left, or the share of one of several people."""
        return self.shares[0] if self.shares else self.rest

    @property
    def collect(self) -> Decimal:
        """Return what has to be handed over now, tip and rounding included."""
        return to_collect(self.share + self.tip, self.method, self.step)

    @property
    def rounding(self) -> Decimal:
        """Return what the rounding of cash adds."""
        return self.collect - self.share - self.tip

    @property
    def given(self) -> Decimal:
        """Return what the customer gives."""
        return self.collect if not self.typed else _value(self.typed)

    @property
    def tip(self) -> Decimal:
        """Return what is given on top."""
        return _value(self.tip_typed) if self.tip_typed else ZERO

    @property
    def shown(self) -> tuple[str, Decimal]:
        """Return what the figures are writing, and its value."""
        return (self.tip_typed, self.tip) if self.tipping else (self.typed, self.given)

    @property
    def change(self) -> Decimal:
        """Return what goes back; below zero, what is missing."""
        return self.given - self.collect

    @property
    def is_part(self) -> bool:
        """Tell whether something is left to be paid afterwards."""
        return 0 < self.amount < self.rest

    @property
    def amount(self) -> Decimal:
        """Return what counts against the order: a part of it when less is given."""
        if self.change >= 0:
            return self.share
        if self.way is Way.CARD or not self.step:
            return self.given
        # What no coin can pay comes back.
        down = (self.given // self.step) * self.step
        return round_money(down, self.currency)

    @property
    def too_much_by_card(self) -> bool:
        """Tell whether more is to be charged than is due."""
        return self.way is Way.CARD and self.change > 0

    @property
    def tip_is_missing(self) -> bool:
        """Tell whether what is given covers the share, and not the tip on top of it."""
        return self.change < 0 and self.amount >= self.share

    @property
    def possible(self) -> bool:
        """Tell whether this can be taken."""
        if self.rest < 0:
            return False
        if self.way is Way.LATER or self.due <= 0 or self.all_taken:
            return True
        return self.amount > 0 and not self.too_much_by_card and not self.tip_is_missing

    @property
    def all_taken(self) -> bool:
        """Tell whether the parts that wait are the whole."""
        return bool(self.taken) and self.rest == 0

    @property
    def quick(self) -> tuple[Decimal, ...]:
        """Return the notes that are likely to be handed over, without the exact sum."""
        return quick_cash(self.share + self.tip, self.currency, cash_step=self.step)[1:]

    @property
    def person(self) -> str:
        """Return who of several pays now, "" when nobody shares."""
        return f"{self.people - len(self.shares) + 1}/{self.people}" if self.shares else ""

    def tender(self, reference: str) -> Tender:
        """Return how the part is paid; the whole in cash leaves its sum to the order itself."""
        whole = not self.taken and not self.shares and self.change >= 0
        cash = self.way is Way.CASH
        return Tender(
            self.method,
            amount=None if whole and cash else self.amount,
            tendered=self.given if cash else None,
            reference="" if cash else reference.strip(),
            person=self.person,
            tip=self.tip if self.change >= 0 else ZERO,
        )

    def hold(self, part: Tender) -> Till:
        """Write a part down; whoever gave less than the own share still owes the rest of it."""
        amount = self.rest if part.amount is None else part.amount
        shares = self.shares
        if shares:
            left = shares[0] - amount
            shares = ((left,) if left > 0 else ()) + shares[1:]
        part = replace(part, amount=amount)
        return replace(self, taken=(*self.taken, part), shares=shares, typed="", tip_typed="", tipping=False)

    def type(self, text: str) -> Till:
        """Add digits or a point to the amount; what would make no amount is left out."""
        return self._write(_typed(self.shown[0], text))

    def back(self) -> Till:
        """Take the last digit away; the last one of all leaves the exact sum."""
        left = self.shown[0][:-1].removesuffix(".")
        return self._write("" if left == "0" else left)

    def give(self, amount: Decimal | None) -> Till:
        """Let the customer give a note, or (None) the exact sum."""
        return self._write("" if amount is None else _plain(amount))

    def _write(self, text: str) -> Till:
        return replace(self, tip_typed=text) if self.tipping else replace(self, typed=text)

    def write_tip(self) -> Till:
        """Let the figures write the tip, or the amount again."""
        return replace(self, tipping=not self.tipping)

    def pay_by(self, way: Way) -> Till:
        """Choose another way; an amount that was typed was meant for the first one."""
        return self if way is self.way else replace(self, way=way, typed="", tipping=False)

    def shared(self, people: int) -> Till:
        """Share what is left out to so many people, 0 and 1 to nobody."""
        if people < 2:
            return replace(self, shares=(), people=0, typed="")
        return replace(self, shares=fair_shares(self, people), people=people, typed="")

    def renewed(self, due: Decimal) -> Till:
        """Return the till for another sum, as after a dish more: what was taken stays taken."""
        return self if due == self.due else replace(self, due=due, shares=(), people=0)


def _value(typed: str) -> Decimal:
    return amount_of(typed.removesuffix(".")) or ZERO


def _typed(before: str, text: str) -> str:
    for char in text:
        whole, point, cents = before.partition(".")
        if char == ".":
            before = before if point else f"{whole or '0'}."
        elif not char.isdecimal():
            continue
        elif point:
            before += char if len(cents) < _DECIMALS else ""
        elif whole or char != "0":
            before += char if len(whole) < _LONGEST else ""
    return before


def fair_shares(till: Till, people: int) -> tuple[Decimal, ...]:
    """Return equal shares that can be paid in coins; the first ones pay what cannot be shared."""
    if not till.step:
        return _positive(split_evenly(till.rest, people, till.currency))
    coins = int(round_cash(till.rest, till.step) / till.step)
    each, over = divmod(coins, people)
    shares = [(each + (index < over)) * till.step for index in range(people)]
    shares[0] += till.rest - total_of(shares)
    return _positive(round_money(share, till.currency) for share in shares)


def _positive(shares: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(share for share in shares if share > 0)


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
