"""Orders and their couriers: give, take back, send out, deliver, and the cash that is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.money import round_money
from posapp.domain.people import Right
from posapp.domain.status import Kind, Status
from posapp.domain.who import Who
from posapp.services.couriers import read_courier
from posapp.services.orders import move_in
from posapp.services.permits import permit
from posapp.services.shifts import note_in_drawer
from posapp.services.steps import Facts, read_facts
from posapp.services.together import (
    Act,
    PickupError,
    Seen,
    Step,
    carry_out,
    current_assignment,
    end_assignment,
    note_courier,
)
from posapp.storage.dispatch import owed_in
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

_ZERO = Decimal(0)


def assign(store: Store, seen: Sequence[Seen], courier: int, who: Who, *, origin: str = "") -> Act:
    """Give orders to a courier as one run; what is still in the kitchen goes on its way with that.

    An order that is on the road already changes hands. Raises RefusedError when the courier is gone.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.DISPATCH)
        holder = read_courier(tx, courier)
        run = tx.new_id()
        return carry_out(tx, seen, lambda tx, order: _give(tx, order, courier, run, who), courier=holder.name)


def _give(tx: Transaction, order: Seen, courier: int, run: str, who: Who) -> Step:
    facts = _facts(tx, order)
    if facts.kind is Kind.PICKUP:
        raise PickupError(f"Order #{facts.code} is collected at the counter.")
    if facts.status not in {Status.COOKING, Status.ONDELIVERY}:
        raise RefusedError(f"Order #{facts.code} is {facts.status}: it cannot go out.")
    before = current_assignment(tx, order.pk)
    if facts.status is Status.COOKING:
        move_in(tx, order.pk, Status.ONDELIVERY, who, expected_version=order.version)
    if before is not None:
        end_assignment(tx, order.pk, before, who)
    tx.execute(
        "INSERT INTO assignments(order_pk, courier_pk, run, assigned_at, settlement) VALUES (?, ?, ?, ?, '')",
        (order.pk, courier, run, to_us(tx.now)),
    )
    begun = current_assignment(tx, order.pk)
    if begun is not None:
        note_courier(tx, order.pk, begun, "assigned", who)
    return Step(order.pk, facts.code, facts.status, Status.ONDELIVERY, ended=before, begun=begun)


def _facts(tx: Transaction, order: Seen) -> Facts:
    facts = read_facts(tx, order.pk)
    if order.version is not None and facts.version != order.version:
        raise StaleOrderError(f"Order #{facts.code} was changed meanwhile.")
    return facts


def unassign(store: Store, seen: Sequence[Seen], who: Who, *, origin: str = "") -> Act:
    """Take orders from their couriers; their status stays. A cancelled order is back with that."""

    def deed(tx: Transaction, order: Seen) -> Step:
        facts = _facts(tx, order)
        before = current_assignment(tx, order.pk)
        if before is None:
            raise StaleOrderError(f"Nobody has order #{facts.code}.")
        end_assignment(tx, order.pk, before, who)
        return Step(order.pk, facts.code, facts.status, facts.status, ended=before)

    with store.write(origin) as tx:
        permit(tx, who, Right.DISPATCH)
        return carry_out(tx, seen, deed)


def send_out(store: Store, seen: Sequence[Seen], who: Who, *, origin: str = "") -> Act:
    """Send orders out without saying with whom, for shops that keep no couriers."""
    return _move(store, seen, Status.ONDELIVERY, who, origin)


def deliver(store: Store, seen: Sequence[Seen], who: Who, *, origin: str = "") -> Act:
    """Note that orders have arrived, or that the customer collected them at the counter."""
    return _move(store, seen, Status.DELIVERED, who, origin)


def _move(store: Store, seen: Sequence[Seen], target: Status, who: Who, origin: str) -> Act:
    def deed(tx: Transaction, order: Seen) -> Step:
        moved = move_in(tx, order.pk, target, who, expected_version=order.version, hold=True)
        if not moved.changed:
            raise StaleOrderError(f"Order #{moved.code} is {target} already.")
        tx.touch(order.pk, Topic.COURIERS)
        return Step(moved.pk, moved.code, moved.before, moved.after)

    with store.write(origin) as tx:
        return carry_out(tx, seen, deed)


def came_back(store: Store, seen: Sequence[Seen], who: Who, *, origin: str = "") -> Act:
    """Note that orders came back undelivered: they are in the kitchen again and nobody has them."""

    def deed(tx: Transaction, order: Seen) -> Step:
        facts = _facts(tx, order)
        if facts.status is not Status.ONDELIVERY:
            raise RefusedError(f"Order #{facts.code} is not on its way.")
        before = current_assignment(tx, order.pk)
        move_in(tx, order.pk, Status.COOKING, who, expected_version=order.version)
        if before is not None:
            end_assignment(tx, order.pk, before, who, "came_back")
        return Step(order.pk, facts.code, Status.ONDELIVERY, Status.COOKING, ended=before)

    with store.write(origin) as tx:
        return carry_out(tx, seen, deed)


@dataclass(frozen=True, slots=True)
class CashAct:
    """Cash that a courier handed in: what was due, what came, and by which name it can be taken back."""

    courier: int
    name: str
    settlement: str
    expected: Decimal
    amount: Decimal
    currency: str
    drawer: Decimal = _ZERO  # what the drawer has more by it: the change taken along had come from there

    @property
    def difference(self) -> Decimal:
        """Return how much more than due came; below zero when some is missing."""
        return self.amount - self.expected


def take_cash(
    store: Store,
    courier: int,
    amount: Decimal,
    currency: str,
    who: Who,
    *,
    expected: Decimal,
    origin: str = "",
) -> CashAct:
    """Take the cash of a courier's delivered orders; `expected` is what the person saw to be due.

    Raises RefusedError for an amount that cannot be counted, StaleOrderError when more or less is due by now.
    """
    if amount < _ZERO or amount != round_money(amount, currency):
        raise RefusedError(
            "This amount cannot be counted.",
            remedy="Give what was handed in, not below zero.",
            fields={"amount": "Not an amount of money."},
        )
    with store.write(origin) as tx:
        permit(tx, who, Right.DISPATCH)
        holder = read_courier(tx, courier)
        owed, carried = owed_in(tx, courier)
        due = owed.get(currency, _ZERO)
        if due != expected:
            raise StaleOrderError(
                f"What {holder.name} owes has changed meanwhile.",
                "An order was delivered, taken back or handed in at another station.",
                "Look at the sum again, then take the cash.",
            )
        more = amount - carried.get(currency, _ZERO)
        counted = note_in_drawer(tx, more, currency, f"Courier {holder.name}", who)
        drawer = more if counted else _ZERO
        act = CashAct(courier, holder.name, tx.new_id(), due, amount, currency, drawer)
        _settle(tx, courier, currency, act.settlement)
        tx.event(None, "cash_returned", who, _cash_params(act, holder.id))
        tx.touch(None, Topic.COURIERS)
    return act


def _settle(tx: Transaction, courier: int, currency: str, settlement: str) -> None:
    tx.execute(
        "UPDATE assignments SET settled_at = ?, settlement = ? WHERE courier_pk = ? AND ended_at IS NULL "
        "AND settled_at IS NULL AND order_pk IN "
        "(SELECT pk FROM orders WHERE status = 'delivered' AND currency = ?)",
        (to_us(tx.now), settlement, courier, currency),
    )


def _cash_params(act: CashAct, courier_id: str) -> dict[str, str]:
    return {
        "courier": act.name,
        "courier_id": courier_id,
        "settlement": act.settlement,
        "expected": f"{act.expected:f}",
        "amount": f"{act.amount:f}",
        "difference": f"{act.difference:f}",
        "currency": act.currency,
    }


def undo_cash(store: Store, act: CashAct, who: Who, *, origin: str = "") -> None:
    """Take back that cash was handed in: it is due again.

    Raises RefusedError when somebody took it back before.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.DISPATCH)
        count = tx.execute(
            "UPDATE assignments SET settled_at = NULL, settlement = '' WHERE settlement = ?",
            (act.settlement,),
        ).rowcount
        if not count:
            raise RefusedError(f"The cash of {act.name} is due again already.", "Somebody else undid it.")
        note_in_drawer(tx, -act.drawer, act.currency, f"Taken back: courier {act.name}", who)
        holder = tx.one("SELECT id FROM couriers WHERE pk = ?", (act.courier,))
        tx.event(None, "cash_undone", who, _cash_params(act, str(holder[0]) if holder else ""))
        tx.touch(None, Topic.COURIERS)
