"""What the two status numbers of the staff API mean: one table, read in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
