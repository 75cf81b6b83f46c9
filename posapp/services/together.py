"""Several orders in one act and one transaction: those that could, those that could not and why, one undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import RefusedError, StaleOrderError, UnknownOrderError
from posapp.domain.people import NotPermittedError, Right
from posapp.domain.status import FINAL, Status
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services.orders import undo_in
from posapp.services.permits import permit
from posapp.services.steps import read_facts
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Seen:
    """An order as a person saw it; the version None insists on nothing."""

    pk: int
    version: int | None = None


class Why(StrEnum):
    """Why an act leaves an order out."""

    CHANGED = "changed"  # somebody was faster
    CANCELLED = "cancelled"
    CANCELLED_THERE = "cancelled_there"  # by the shop
    DELIVERED = "delivered"
    IMPOSSIBLE = "impossible"  # not from its status
    PICKUP = "pickup"  # nobody brings it
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An order that an act could not reach; `status` is what it is now, "" if it does not exist."""

    pk: int
    code: str
    why: Why
    status: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What an act did to one order: its status before and after, the assignments it ended and began."""

    pk: int
    code: str
    before: Status
    after: Status
    ended: int | None = None
    begun: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act on several orders, which `undo` takes back; `courier` is the name of whom it concerned."""

    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    courier: str = ""


Deed = Callable[[Transaction, Seen], Step]


def carry_out(tx: Transaction, seen: Iterable[Seen], deed: Deed, *, courier: str = "") -> Act:
    """Do `deed` with each order; what it refuses (before it writes anything) is left out and told."""
    steps: list[Step] = []
    left: list[LeftOut] = []
    for order in seen:
        try:
            steps.append(deed(tx, order))
        except NotPermittedError:
            raise  # then nothing is done with any of them
        except RefusedError as error:
            left.append(left_out(tx, order.pk, error))
    return Act(tuple(steps), tuple(left), courier)


def left_out(tx: Transaction, pk: int, error: RefusedError) -> LeftOut:
    """Say why an order was refused, by what has become of it."""
    if isinstance(error, UnknownOrderError):
        return LeftOut(pk, "", Why.GONE)
    facts = read_facts(tx, pk)
    why = Why.CHANGED if isinstance(error, StaleOrderError) else Why.IMPOSSIBLE
    if isinstance(error, PickupError):
        why = Why.PICKUP
    if facts.status is Status.CANCELLED:
        why = Why.CANCELLED_THERE if _ended_by_shop(tx, pk) else Why.CANCELLED
    elif facts.status in FINAL:
        why = Why.DELIVERED
    return LeftOut(pk, facts.code, why, facts.status.value)


def _ended_by_shop(tx: Transaction, pk: int) -> bool:
    row = tx.one(
        "SELECT actor FROM events WHERE order_pk = ? AND kind IN ('moved', 'adopted', 'resolved') "
        "ORDER BY pk DESC LIMIT 1",
        (pk,),
    )
    return row is not None and row[0] == SYNC_ACTOR


class PickupError(RefusedError):
    """A courier cannot take what the customer collects."""


def undo(store: Store, act: Act, who: Who, *, origin: str = "") -> Act:
    """Take a whole act back in one transaction; orders that were changed since are left out and told."""
    with store.write(origin) as tx:
        if any(step.begun is not None or step.ended is not None for step in act.steps):
            permit(tx, who, Right.DISPATCH)
        by_pk = {step.pk: step for step in act.steps}
        again = [Seen(step.pk) for step in reversed(act.steps)]
        return carry_out(tx, again, lambda tx, seen: _undo(tx, by_pk[seen.pk], who), courier=act.courier)


def _undo(tx: Transaction, step: Step, who: Who) -> Step:
    facts = read_facts(tx, step.pk)
    if facts.status is not step.after or not _holds(tx, step):
        raise StaleOrderError(f"Order #{facts.code} was changed meanwhile.")
    if step.before is not step.after:
        undo_in(tx, step.pk, who)
    if step.begun is not None:
        end_assignment(tx, step.pk, step.begun, who)
    if step.ended is not None:
        tx.execute("UPDATE assignments SET ended_at = NULL WHERE pk = ?", (step.ended,))
        note_courier(tx, step.pk, step.ended, "assigned", who)
    return Step(step.pk, step.code, step.after, step.before, ended=step.begun, begun=step.ended)


def _holds(tx: Transaction, step: Step) -> bool:
    """Tell whether the order is still with whom the act left it, if the act was about that at all."""
    if step.begun is None and step.ended is None:
        return True
    return current_assignment(tx, step.pk) == step.begun


def current_assignment(tx: Transaction, pk: int) -> int | None:
    """Return the assignment of an order that has not ended."""
    row = tx.one("SELECT pk FROM assignments WHERE order_pk = ? AND ended_at IS NULL", (pk,))
    return int(row[0]) if row else None


def end_assignment(
    tx: Transaction, order_pk: int, assignment: int, who: Who, kind: str = "unassigned"
) -> None:
    """Take an order from its courier, with the event."""
    tx.execute(
        "UPDATE assignments SET ended_at = ? WHERE pk = ? AND ended_at IS NULL", (to_us(tx.now), assignment)
    )
    note_courier(tx, order_pk, assignment, kind, who)


def note_courier(tx: Transaction, order_pk: int, assignment: int, kind: str, who: Who) -> None:
    """Write that an order went to or from a courier, and count the order's version up."""
    row = tx.one(
        "SELECT couriers.name, couriers.id, assignments.run FROM assignments "
        "JOIN couriers ON couriers.pk = assignments.courier_pk WHERE assignments.pk = ?",
        (assignment,),
    )
    name, courier_id, run = row or ("", "", "")
    tx.event(order_pk, kind, who, {"courier": name, "courier_id": courier_id, "run": run})
    tx.execute("UPDATE orders SET version = version + 1 WHERE pk = ?", (order_pk,))
    tx.touch(order_pk, Topic.COURIERS)
