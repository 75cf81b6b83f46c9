"""What goes out of the door: money to collect and to carry, areas of a town, initials of a courier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from posapp.domain.money import change_to_bring, parse_amount, total_of

_NOTHING = Decimal(0)
_LONGEST_RIDE = timedelta(minutes=30)
# Kinds of streets in the alphabets of our shops; what remains of an address names its area.
_STREET_KINDS = frozenset(
    [
        "ул",
        "улица",
        "пр",
        "пр-т",
        "просп",
        "проспект",
        "мкр",
        "мкрн",
        "микрорайон",
        "пер",
        "переулок",
        "бул",
        "бульвар",
        "наб",
        "ш",
        "шоссе",
        "площадь",
        "пл",
        "көшесі",
        "көше",
        "даңғылы",
        "даңғыл",
        "шағын",
        "ауданы",
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "marg",
        "sadak",
        "tole",
        "मार्ग",
        "सडक",
        "टोल",
    ]
)
_WORDS = re.compile(r"[^\s,.;]+")
_NUMBER_AT_END = re.compile(r"[-–]?\d+\w?$")


class CourierColour(StrEnum):
    """The colours that a courier's disc may have; the screen knows how each looks."""

    TEAL = "teal"
    GREEN = "green"
    VIOLET = "violet"
    BLUE = "blue"
    BROWN = "brown"
    PLUM = "plum"
    RED = "red"
    SLATE = "slate"


@dataclass(frozen=True, slots=True)
class Collect:
    """What is to be taken when an order changes hands.

    `amount` is None when the total cannot be read, zero when all is paid. `change` is what the courier brings
    along: None unknown, below zero when the customer's note is too small.
    """

    amount: Decimal | None
    cash: bool
    change: Decimal | None = None

    @property
    def brought_back(self) -> Decimal:
        """Return what the courier hands in for this order: what the customer gave.

        A courier leaves with the change and comes back with the customer's note: the total and the change.
        """
        return self.amount + self.carried if self.cash and self.amount is not None else _NOTHING

    @property
    def carried(self) -> Decimal:
        """Return the change that the courier has to take along."""
        return self.change if self.cash and self.change is not None and self.change > 0 else _NOTHING

    def less(self, paid: Decimal) -> Collect:
        """Return what is left to collect after so much was paid beforehand."""
        if paid <= 0 or not self.amount:
            return self
        rest = max(_NOTHING, self.amount - paid)
        change = self.change + self.amount - rest if self.change is not None and rest else None
        return Collect(rest, self.cash and rest > 0, change)

    @property
    def too_little(self) -> bool:
        """Tell whether the customer named a sum below the total."""
        return self.change is not None and self.change < 0


def cash_is_owed(*, format_: str, method: str, payment_status: str) -> bool:
    """Tell whether a shop's order is paid in cash when it changes hands.

    Cash of the internal API is collected on delivery whatever its payment status says; elsewhere "paid" means
    that nothing is left to take. What the counter has sold and not taken is owed in cash, unless somebody
    said by card; of a part that was taken, the method tells nothing about the rest.
    """
    if not format_ and payment_status in {"unpaid", "partly_paid"}:
        return method != "card" or payment_status == "partly_paid"
    return method == "cash" and (format_ == "internal" or payment_status != "paid")


def to_collect(*, format_: str, method: str, payment_status: str, total: str, change_from: str) -> Collect:
    """Return what is to be collected for an order."""
    cash = cash_is_owed(format_=format_, method=method, payment_status=payment_status)
    if payment_status == "paid" and not cash:
        return Collect(_NOTHING, cash=False)
    try:
        amount = parse_amount(total.strip())
    except ValueError:
        return Collect(None, cash=cash)
    return Collect(amount, cash, change_to_bring(amount, change_from) if cash else None)


def sum_brought_back(collects: Iterable[Collect]) -> Decimal:
    """Return the cash that these orders make together."""
    return total_of(collect.brought_back for collect in collects)


def sum_carried(collects: Iterable[Collect]) -> Decimal:
    """Return the change that has to be taken along for these orders."""
    return total_of(collect.carried for collect in collects)


def initials_of(name: str) -> str:
    """Return up to two letters for the disc of a courier: "Бауыржан Б." → "ББ"."""
    words = [word for word in _WORDS.findall(name) if any(char.isalnum() for char in word)]
    letters = [next(char for char in word if char.isalnum()) for word in words]
    chosen = letters[:1] + letters[-1:] if len(letters) > 1 else letters
    return "".join(chosen).upper()[:2] or "?"


def area_of(district: str, street: str) -> str:
    """Return the part of the town: its district, else its street without kind and number; "" if unknown.

    "мкр. Самал-2" and "мкр. Самал-1" are one area, as are all houses of a street.
    """
    if district.strip():
        return " ".join(district.split())
    words = [word for word in _WORDS.findall(street) if word.casefold() not in _STREET_KINDS]
    named = [_NUMBER_AT_END.sub("", word) for word in words]
    return " ".join(word for word in named if word)


def back_at(sent_at: datetime | None, dropped_at: datetime | None) -> datetime | None:
    """Return about when a courier is back from the last drop: the way back takes as long as the way there."""
    if sent_at is None or dropped_at is None or dropped_at < sent_at:
        return None
    return dropped_at + min(dropped_at - sent_at, _LONGEST_RIDE)
