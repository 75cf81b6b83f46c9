"""What goes onto paper: the facts of a ticket, and what changed for the kitchen since the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.domain.payment import Payment
    from posapp.domain.sale import DiscountShare, TaxShare


class TicketKind(StrEnum):
    """What a print job is."""

    RECEIPT = "receipt"
    KITCHEN = "kitchen"
    REPORT = "report"
    DRAWER = "drawer"  # no paper, the drawer opens


class JobState(StrEnum):
    """How far a print job got.

    `unknown`: some of it reached the printer, and nobody can tell how much; `withdrawn`: nobody wants it.
    """

    QUEUED = "queued"
    PRINTING = "printing"
    DONE = "done"
    UNKNOWN = "unknown"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Dish:
    """One line as the kitchen knows it."""

    name: str  # its id in the catalogue, else its title: what makes two lines the same dish
    title: str
    quantity: int
    additions: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class KitchenFacts:
    """What a kitchen ticket tells of an order; kept with each ticket to know later what changed."""

    dishes: tuple[Dish, ...]
    comment: str = ""
    wanted_at: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class DishChange:
    """A dish that is made differently now."""

    before: Dish
    after: Dish


@dataclass(frozen=True, slots=True)
class Difference:
    """What a kitchen has to know after an edit; `comment` and `wanted` tell whether those changed."""

    added: tuple[Dish, ...] = ()
    removed: tuple[Dish, ...] = ()
    changed: tuple[DishChange, ...] = ()
    comment: bool = False
    wanted: bool = False
    cancelled: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is anything to print."""
        return bool(
            self.added or self.removed or self.changed or self.comment or self.wanted or self.cancelled
        )


@dataclass(frozen=True, slots=True)
class Sold:
    """One line as the customer pays it."""

    dish: Dish
    unit_price: Decimal
    total: Decimal
    promo: str = ""
    by_bonuses: bool = False


@dataclass(frozen=True, slots=True)
class TicketOrder:
    """The facts of an order that tickets are made of: of a counter order and a remote one alike."""

    code: str
    shop: str  # the brand, else the remote's name
    remote_id: str
    kind: str
    created_at: datetime
    wanted_at: datetime | None
    customer: str
    phone: str
    address: str
    comment: str
    payment_method: str
    payment_status: str
    change_from: str
    lines: tuple[Sold, ...]
    products_total: Decimal
    delivery_cost: Decimal
    total: str  # as received
    currency: str
    cancelled: bool
    version: int
    table: str = ""
    discounts: tuple[DiscountShare, ...] = ()
    taxes: tuple[TaxShare, ...] = ()  # contained in the total
    payments: tuple[Payment, ...] = ()
    format: str = ""  # of the shop, "" for the counter

    @property
    def kitchen(self) -> KitchenFacts:
        """Return what the kitchen has to know."""
        dishes = tuple(line.dish for line in self.lines)
        return KitchenFacts(dishes, self.comment, self.wanted_at, self.cancelled)


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """One ticket to be laid out.

    `since`: only this changed; `replaces`: earlier ones may be wrong; `back`: a receipt of these refunds, or
    of payments that were taken back.
    """

    kind: TicketKind
    order: TicketOrder
    at: datetime
    station: str  # where it was asked for
    section: str = ""  # the part of the kitchen that it is for, "" for all of it
    since: Difference | None = None
    replaces: bool = False
    back: tuple[Payment, ...] = ()


def difference(before: KitchenFacts, now: KitchenFacts) -> Difference:
    """Return what changed; equal lines that only moved, or were split, are no change."""
    if now.cancelled and not before.cancelled:
        return Difference(removed=before.dishes, cancelled=True)
    old, new = _counted(before.dishes), _counted(now.dishes)
    gone = {key: old[key] for key in old if old[key] != new.get(key, 0)}
    come = {key: new[key] for key in new if new[key] != old.get(key, 0)}
    changed: list[DishChange] = []
    for name in dict.fromkeys(key.name for key in (*gone, *come)):
        ours = [key for key in gone if key.name == name]
        theirs = [key for key in come if key.name == name]
        for one, other in _pairs(ours, theirs):
            changed.append(DishChange(_dish(one, gone.pop(one)), _dish(other, come.pop(other))))
    return Difference(
        added=tuple(_dish(key, count) for key, count in come.items()),
        removed=tuple(_dish(key, count) for key, count in gone.items()),
        changed=tuple(changed),
        comment=before.comment != now.comment,
        wanted=before.wanted_at != now.wanted_at,
    )


@dataclass(frozen=True, slots=True)
class _Key:
    """A dish whatever its quantity."""

    name: str
    title: str
    additions: tuple[str, ...]
    notes: str


def _counted(dishes: Iterable[Dish]) -> Counter[_Key]:
    counts: Counter[_Key] = Counter()
    for dish in dishes:
        counts[_Key(dish.name, dish.title, dish.additions, dish.notes)] += dish.quantity
    return counts


def _pairs(ours: Sequence[_Key], theirs: Sequence[_Key]) -> list[tuple[_Key, _Key]]:
    """Return which of a dish's old forms became which new one: the same ones first, else only if plain."""
    same = [(key, key) for key in ours if key in theirs]
    left = [key for key in ours if key not in theirs]
    right = [key for key in theirs if key not in ours]
    if len(left) == len(right) == 1:
        same.append((left[0], right[0]))
    return same


def _dish(key: _Key, quantity: int) -> Dish:
    return Dish(key.name, key.title, quantity, key.additions, key.notes)
