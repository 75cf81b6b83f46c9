"""Which order stands in which place of the board: places hold still under a finger, and close up in quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One place: an order, or the gap that one has left."""

    pk: int
    gone: bool = False


class Slots:
    """Keeps the places; it has no clock: whoever calls says whether the board is quiet."""

    def __init__(self) -> None:
        self._slots: list[Slot] = []

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return all places in order."""
        return tuple(self._slots)

    @property
    def unsettled(self) -> bool:
        """Tell whether there are gaps to close."""
        return any(slot.gone for slot in self._slots)

    def put(self, wanted: Sequence[int], *, quiet: bool) -> bool:
        """Take over which orders are tiles, in order of age; tell whether any place changed.

        In quiet the places follow the order of age. Otherwise who left leaves a gap, and who came stands
        behind all others, or again where it left.
        """
        target = [Slot(pk) for pk in wanted]
        if not quiet:
            here = set(wanted)
            kept = [Slot(slot.pk, slot.pk not in here) for slot in self._slots]
            known = {slot.pk for slot in kept}
            target = [*kept, *(Slot(pk) for pk in wanted if pk not in known)]
            while target and target[-1].gone:
                target.pop()
        changed = target != self._slots
        self._slots = target
        return changed

    def place_of(self, pk: int | None) -> int:
        """Return where an order stands, -1 if it is no tile."""
        return next((n for n, slot in enumerate(self._slots) if slot.pk == pk and not slot.gone), -1)

    def pk_at(self, place: int) -> int | None:
        """Return the order at a place; None for a gap and beyond the ends."""
        slot = self._slots[place] if 0 <= place < len(self._slots) else None
        return slot.pk if slot is not None and not slot.gone else None

    def next_from(self, place: int) -> int | None:
        """Return the order that follows a place, else the one before it; None if there is none at all."""
        behind = [slot.pk for slot in self._slots[max(0, place) :] if not slot.gone]
        before = [slot.pk for slot in self._slots[: max(0, place)] if not slot.gone]
        return behind[0] if behind else before[-1] if before else None

    def nearest(self, place: int, goal: int) -> int | None:
        """Return the order that stands nearest to a goal, on the way there from a place if there is any."""
        ordered = [n for n, slot in enumerate(self._slots) if not slot.gone]
        way = [n for n in ordered if (n >= goal) == (goal >= place) or n == goal]
        return self.pk_at(min(way or ordered, key=lambda n: abs(n - goal))) if ordered else None
