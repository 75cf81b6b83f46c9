"""Forgetting customers: by age, by itself or at a manager's word, and one customer who asks for it.

What an order came to, what was in it and when stays, so that no report of an old day changes; who it was for
goes. The mark on the order lets no later list of the shop bring it back (services/intake.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.people import Right
from posapp.domain.privacy import Hold, one_number
from posapp.domain.retention import PrivacyPlan
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.payments import account
from posapp.services.permits import permit, vouch
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us
from posapp.storage.privacy import (
    START,
    Candidate,
    holds,
    old_orders,
    orders_of_number,
    seal_of,
    take_out,
    take_out_of_customers,
    take_out_of_drafts,
    with_money,
)
from posapp.storage.reader import Reader
from posapp.storage.store import Store, Transaction

AT_ONCE = 5  # orders in one transaction: nobody waits for it
_LOOKED_AT = 500
_RAN = "anonymised_at"  # in meta: when a look by age came to its end
_EVERY = timedelta(hours=20)
_SAVE_RAN = "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"


class Observer(Protocol):
    """Who watches, and may stop it between two transactions; what is done by then stays done."""

    @property
    def stopped(self) -> bool:
        """Tell whether it is to stop."""

    def tell(self, what: str, count: int) -> None:
        """Hear "look" or "forget" with how many orders."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What anonymising would do: to how many orders, from when to when; who is kept for now, and why."""

    before: datetime
    orders: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    held: Mapping[Hold, int] = field(default_factory=dict)
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done; `orders` lost their customer, `held` have to keep it for now."""

    orders: int = 0
    held: Mapping[Hold, int] = field(default_factory=dict)
    drafts: int = 0
    stopped: bool = False


def preview(store: Store, before: datetime, observer: Observer | None = None) -> Preview:
    """Count what anonymising everything finished before a moment would do; writes nothing."""
    place, count, held = START, 0, Counter[Hold]()
    oldest = newest = None
    while found := old_orders(store, before, place, _LOOKED_AT):
        if observer is not None and observer.stopped:
            return Preview(before, count, oldest, newest, dict(held), stopped=True)
        waiting = held_back(store, [each.pk for each in found])
        held.update(waiting.values())
        for each in found:
            if each.pk not in waiting:
                oldest = oldest or from_us(each.closed_at)
                newest = from_us(each.closed_at)
                count += 1
        place = found[-1].place
        if observer is not None:
            observer.tell("look", count)
    return Preview(before, count, oldest, newest, dict(held))


def held_back(reader: Reader, pks: Sequence[int]) -> dict[int, Hold]:
    """Return which of these orders have to keep their customer for now, and why."""
    found = holds(reader, pks)
    for pk in with_money(reader, [pk for pk in pks if pk not in found]):
        if not _in_balance(reader, pk):
            found[pk] = Hold.MONEY
    return found


def _in_balance(reader: Reader, pk: int) -> bool:
    try:
        found = account(reader, pk)
    except PosError:  # a total that is no amount: nothing was or can be taken
        return True
    stands = found.balance
    return stands.refundable == 0 if found.status is Status.CANCELLED else stands.due == 0


def check_erase(store: Store, who: Who) -> None:
    """Let somebody forget customers; an approval is used up. Raises NotPermittedError."""
    vouch(store, who, Right.ERASE)


def anonymise(
    store: Store, before: datetime, who: Who, *, observer: Observer | None = None, origin: str = ""
) -> Forgotten:
    """Anonymise what was finished before a moment, because a manager says so; see `erase_old`."""
    check_erase(store, who)
    return erase_old(store, before, who, observer=observer, origin=origin)


def anonymise_due(
    store: Store,
    plan: PrivacyPlan,
    who: Who,
    *,
    observer: Observer | None = None,
    rest: Callable[[], object] | None = None,
) -> Forgotten | None:
    """Anonymise what is old enough, once a day; None when it is not time. `who` is the station itself.

    Any number of stations may do it at once; what is stopped goes on with the next look.
    """
    now = store.clock()
    before = plan.before(now)
    ran = store.meta(_RAN)
    if before is None or (ran and timedelta(0) <= now - datetime.fromisoformat(ran) < _EVERY):
        return None
    done = erase_old(store, before, who, observer=observer, rest=rest)
    if not done.stopped:
        with store.write() as tx:
            tx.execute(_SAVE_RAN, (_RAN, now.isoformat()))
    return done


def erase_old(
    store: Store,
    before: datetime,
    who: Who,
    *,
    observer: Observer | None = None,
    rest: Callable[[], object] | None = None,
    origin: str = "",
) -> Forgotten:
    """Take the customers out of all that was finished before a moment; the right was asked for already.

    Five orders are one transaction, and `rest` is called between two: nobody waits. It may be stopped at any
    moment, and done again.
    """
    place, count, held, stopped = START, 0, Counter[Hold](), False
    with store.dialect.erasing():
        while not stopped and (found := old_orders(store, before, place, AT_ONCE)):
            place = found[-1].place
            with store.write(origin) as tx:
                waiting, done = _forget(tx, found, who)
            held.update(waiting.values())
            count += done
            if observer is not None:
                observer.tell("forget", count)
                stopped = observer.stopped
            if rest is not None:
                rest()
        if count:
            with store.write(origin) as tx:
                params = {"count": str(count), "before": before.date().isoformat()}
                tx.event(None, "orders_anonymised", who, params)
                tx.touch(None, Topic.ORDERS)
    return Forgotten(count, dict(held), stopped=stopped)


def find_customer(store: Store, phone: str, who: Who) -> tuple[int, Mapping[Hold, int]]:
    """Return how many orders are under a number, and how many of them have to keep it for now, and why."""
    with store.write() as tx:
        permit(tx, who, Right.ERASE)
        found = [each.pk for each in orders_of_number(tx, _numbers(phone))]
        return len(found), Counter(held_back(tx, found).values())


def forget_customer(store: Store, phone: str, who: Who, *, origin: str = "") -> Forgotten:
    """Forget a customer who asks for it, because a manager says so; see `erase_customer`."""
    check_erase(store, who)
    return erase_customer(store, phone, who, origin=origin)


def erase_customer(
    store: Store, phone: str, who: Who, *, observer: Observer | None = None, origin: str = ""
) -> Forgotten:
    """Forget one customer: all finished orders under a number, and carts that are not sold.

    The right was asked for already. Orders that are still under way keep the customer; ask again when they
    are finished. The entry of the audit does not name whom it was about. Raises RefusedError for a number
    that is none.
    """
    numbers = _numbers(phone)
    count, held, stopped = 0, Counter[Hold](), False
    with store.dialect.erasing():
        with store.write(origin) as tx:
            found = orders_of_number(tx, numbers)
            drafts = take_out_of_drafts(tx, numbers)
            tx.touch(None, Topic.SALES)
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            with store.write(origin) as tx:
                waiting, done = _forget(tx, some, who)
            held.update(waiting.values())
            count += done
            if observer is not None:
                observer.tell("forget", count)
                stopped = observer.stopped
            if stopped:
                break
        with store.write(origin) as tx:
            take_out_of_customers(tx, numbers)
            params = {"count": str(count), "left": str(sum(held.values()))}
            tx.event(None, "customer_forgotten", who, params)
    return Forgotten(count, dict(held), drafts, stopped)


def _numbers(phone: str) -> tuple[str, ...]:
    numbers = one_number(phone)
    if not numbers:
        raise RefusedError(
            "This is no telephone number.",
            "It has fewer than six digits.",
            "Write the whole number, as it is in the orders.",
            {"phone": "Write the whole number."},
        )
    return numbers


def _forget(tx: Transaction, orders: Sequence[Candidate], who: Who) -> tuple[dict[int, Hold], int]:
    """Take the customers out of these orders; return which have to keep theirs, and how many lost theirs."""
    pks = [each.pk for each in orders]
    # Looked at again: this transaction alone decides.
    waiting = held_back(tx, pks)
    marks = ", ".join("?" * len(pks))
    done = tx.all(
        f"SELECT pk FROM orders WHERE pk IN ({marks}) "  # noqa: S608 - marks only
        "AND anonymised_at IS NOT NULL AND phone_digits = ''",
        pks,
    )
    free = [pk for pk in pks if pk not in waiting and (pk,) not in done]
    if free:
        take_out(tx, free)
        tx.events("anonymised", who, [(pk, {"seal": seal_of(tx, pk)}) for pk in free])
        for pk in free:
            tx.touch(pk)
    return waiting, len(free)
