"""What the two status numbers of the staff API mean: one table, read in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

from posapp.domain.status import Status


@dataclass(frozen=True, slots=True)
class Pair:
    """`order_status` and `delivery_status`; None: any when read, left as it is when sent."""

    order: int
    delivery: int | None


# The API's documentation gives the numbers but not their meaning.
DEFAULT_PAIRS: Mapping[Status, Pair] = {
    Status.CREATED: Pair(0, 0),
    Status.ACCEPTED: Pair(1, 0),
    Status.TIMING: Pair(1, 0),
    Status.EDITED: Pair(1, 0),
    Status.COOKING: Pair(2, 0),
    Status.ONDELIVERY: Pair(2, 1),
    Status.DELIVERED: Pair(3, 2),
    Status.CANCELLED: Pair(4, None),
}


MOST = Pair(4, 2)  # the enumerations of the API end here
# Read back, a shared pair leaves an order as it is, so what begins or ends an order has its own.
_ALONE = frozenset({Status.CREATED, Status.DELIVERED, Status.CANCELLED})


class BadStatusError(ValueError):
    """A row of a status table that makes no sense, as a sentence; `status` names it."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class StatusTable:
    """The mapping of one remote; every local status has its pair."""

    pairs: Mapping[Status, Pair] = field(default_factory=lambda: DEFAULT_PAIRS)

    def pair_of(self, status: str) -> Pair:
        """Return what is sent for a local status."""
        return self.pairs[Status(status)]

    def statuses_of(self, order: int, delivery: int) -> tuple[Status, ...]:
        """Return the local statuses that a received pair may mean; none when it is in no row."""
        return tuple(
            status
            for status, pair in self.pairs.items()
            if pair.order == order and pair.delivery in {None, delivery}
        )

    @property
    def numbers(self) -> dict[Status, tuple[int, ...]]:
        """Return the table as the settings write it: a delivery that stays as it is, is left out."""
        return {
            status: (pair.order,) if pair.delivery is None else (pair.order, pair.delivery)
            for status, pair in self.pairs.items()
        }


def table_from(rows: Mapping[str, object]) -> StatusTable:
    """Return the usual table with the rows that a shop has otherwise; raise BadStatusError.

    A row is [order_status, delivery_status]; that of cancelled may be [order_status] alone.
    """
    pairs = dict(DEFAULT_PAIRS)
    for name, numbers in rows.items():
        if name not in set(Status):
            raise BadStatusError(name, f"“{name[:40]}” is not a status")
        pairs[Status(name)] = _pair(Status(name), numbers)
    for one, other in combinations(pairs, 2):
        if {one, other} & _ALONE and _meet(pairs[one], pairs[other]):
            named = other.value if other.value in rows else one.value
            raise BadStatusError(named, f"{one} and {other} cannot have the same numbers")
    return StatusTable(pairs)


def _pair(status: Status, numbers: object) -> Pair:
    good = isinstance(numbers, list | tuple) and all(type(number) is int for number in numbers)
    found = tuple(numbers) if good else ()  # type: ignore[arg-type] # it is a list of numbers then
    if len(found) != 2 and not (len(found) == 1 and status is Status.CANCELLED):
        raise BadStatusError(status, f"{status} has to be two whole numbers such as [1, 0]")
    pair = Pair(found[0], found[1] if len(found) == 2 else None)
    if not 0 <= pair.order <= MOST.order:
        raise BadStatusError(status, f"the first number of {status} has to be from 0 to {MOST.order}")
    if not 0 <= (pair.delivery or 0) <= (MOST.delivery or 0):
        raise BadStatusError(status, f"the second number of {status} has to be from 0 to {MOST.delivery}")
    return pair


def _meet(one: Pair, other: Pair) -> bool:
    same_delivery = one.delivery is None or other.delivery is None or one.delivery == other.delivery
    return one.order == other.order and same_delivery
