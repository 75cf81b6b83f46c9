"""Broken variants of what is around the engine: transactions, formats, locks, waits, intake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from posapp.domain.outbox import OrderSync
from posapp.domain.status import FINAL, Status, check_move
from posapp.domain.who import Who
from posapp.remote import internal, staff
from posapp.remote.api import Answer, Outcome, Push, Reply, Verdict
from posapp.remote.transport import HttpTransport
from posapp.services import intake, orders, remotes, sending
from posapp.services.steps import change_status, enqueue, read_facts, refresh_sync
from posapp.storage.locks import ProcessLock
from posapp.storage.store import Store, Transaction
from posapp.sync import agenda, collapse, engine, policy

Patch = Callable[[object, str, object], None]


def outbox_after_commit(patch: Patch) -> None:
    """Save the status first and queue its change in a transaction of its own."""

    def move(
        store: Store,
        pk: int,
        target: Status,
        who: Who,
        *,
        hold: bool = False,
        origin: str = "",
        expected_version: int | None = None,
    ) -> orders.Moved:
        with store.write(origin) as tx:
            facts = read_facts(tx, pk)
            if facts.status is target:
                return orders.Moved(pk, facts.code, facts.status, target, changed=False)
            check_move(facts.status, target, facts.kind)
            change_status(tx, facts, target, noticed_by=who.actor)
            tx.event(pk, "moved", who, {"from": facts.status.value, "to": target.value})
        with store.write(origin) as tx:
            until = tx.now + orders.UNDO_WINDOW if hold and target in FINAL else None
            enqueue(tx, facts, target, who, hold_until=until, state=orders._state_behind(facts))
            refresh_sync(tx, pk)
        return orders.Moved(pk, facts.code, facts.status, target, changed=True)

    patch(orders, "move", move)


def told_before_commit(patch: Patch) -> None:
    """Say "saved" whatever became of the commit."""
    real = orders.move

    def move(store: Store, pk: int, target: Status, who: Who, **options: Any) -> orders.Moved:
        try:
            return real(store, pk, target, who, **options)
        except Exception:
            raise
        except BaseException:  # noqa: BLE001 - that is what is wrong with it
            return orders.Moved(pk, "", target, target, changed=True)

    patch(orders, "move", move)


def confirm_on_200(patch: Patch) -> None:
    """Take any 200 for a success."""
    for form in (internal.InternalFormat, staff.StaffFormat):
        patch(form, "read_update", _trusting(form.read_update))


def _trusting(real: Callable[[Any, Answer, Push], Outcome]) -> Callable[[Any, Answer, Push], Outcome]:
    def read_update(self: Any, answer: Answer, push: Push) -> Outcome:
        if isinstance(answer, Reply) and answer.status == 200:
            return Outcome(Verdict.OK, verified=True)
        return real(self, answer, push)

    return read_update


def absence_means_cancelled(patch: Patch) -> None:
    """Take an order that the list does not show any more for cancelled."""
    real = remotes.vanished

    def vanished(store: Store, name: str, listed: set[int], since: datetime) -> list[int]:
        gone = real(store, name, listed, since)
        with store.write("sync") as tx:
            for pk in gone:
                change_status(tx, read_facts(tx, pk), Status.CANCELLED)
        return []

    patch(remotes, "vanished", vanished)


def absence_means_deleted(patch: Patch) -> None:
    """Remove orders that the list does not show any more."""
    real = remotes.vanished

    def vanished(store: Store, name: str, listed: set[int], since: datetime) -> list[int]:
        with store.write("sync") as tx:
            for pk in real(store, name, listed, since):
                tx.execute("PRAGMA defer_foreign_keys = 1")
                for table in ("outbox", "sent_log", "events", "order_lines", "order_raw"):
                    tx.execute(f"DELETE FROM {table} WHERE order_pk = ?", (pk,))  # noqa: S608
                tx.execute("DELETE FROM orders WHERE pk = ?", (pk,))
        return []

    patch(remotes, "vanished", vanished)


def no_lease(patch: Patch) -> None:
    """Let every process send."""
    patch(ProcessLock, "acquire", lambda self, wait_s=0: True)


def two_in_flight(patch: Patch) -> None:
    """Forget which orders are under way."""

    class Nothing(set[int]):
        def add(self, element: int) -> None:
            """Forget it."""

    real = agenda.Agenda.__init__

    def begin(self: Any, *arguments: Any) -> None:
        real(self, *arguments)
        self.busy = Nothing()

    patch(agenda.Agenda, "__init__", begin)


def pull_overwrites(patch: Patch) -> None:
    """Let the status of a read replace ours, whatever waits."""
    real = intake.update_details

    def update_details(tx: Transaction, pk: int, order: Any, station: str) -> None:
        real(tx, pk, order, station)
        if order.understood:
            tx.execute("UPDATE orders SET status = ? WHERE pk = ?", (str(order.status), pk))
            tx.touch(pk)

    patch(intake, "update_details", update_details)


def forgets_what_it_sent(patch: Patch) -> None:
    """Keep no record of what was sent."""
    real = sending.mark_sending

    def mark_sending(tx: Transaction, view: OrderSync, *arguments: Any, **options: Any) -> None:
        real(tx, view, *arguments, **options)
        tx.execute("DELETE FROM sent_log WHERE order_pk = ?", (view.pk,))

    patch(sending, "mark_sending", mark_sending)
    patch(sending, "_BASES", sending._BASES.replace("kind = 'status'", "kind = 'none'"))


def marks_after_sending(patch: Patch) -> None:
    """Send before "being sent" is on the disk."""
    patch(sending, "mark_sending", lambda *arguments, **options: None)


def one_stuck_order_stops_all(patch: Patch) -> None:
    """Send nothing of anybody's while an order is refused."""
    real = agenda.Agenda.next

    def following(self: Any, now: datetime) -> int | None:
        if self._store.one("SELECT 1 FROM outbox WHERE state = 'parked'") is not None:
            return None
        return real(self, now)

    patch(agenda.Agenda, "next", following)
    patch(agenda.Agenda, "due", lambda self, now: self.put_off_until)


def no_backoff(patch: Patch) -> None:
    """Try again at once, and without a breaker."""

    def at_once(tries: int, trouble_for: timedelta, rng: Random, *, hurry: bool = False) -> timedelta:
        return timedelta(milliseconds=500)

    patch(policy, "backoff", at_once)
    patch(engine, "backoff", at_once)


def deaf_to_retry_after(patch: Patch) -> None:
    """Do not wait when the shop asks for it."""
    real = policy.resting_until

    def resting_until(host: policy.Host, now: datetime, *, urgent: bool) -> datetime | None:
        return real(replace(host, throttled_until=None), now, urgent=urgent)

    patch(policy, "resting_until", resting_until)


def clock_is_trusted(patch: Patch) -> None:
    """Wait until the hour that was written down, also after the clock was put back."""

    def ahead(time: datetime | None, now: datetime, furthest: timedelta = timedelta(0)) -> bool:
        return time is not None and time > now

    for module in (policy, engine, agenda, collapse):
        patch(module, "ahead", ahead)


def key_in_the_words(patch: Patch) -> None:
    """Keep the shop's words as they are, with our key in them."""
    patch(HttpTransport, "_without_secrets", lambda self, answer: answer)


def edits_lost_to_a_pull(patch: Patch) -> None:
    """Let a pull replace fields that were edited here."""
    patch(intake, "_skipped", lambda shadow, format_name: frozenset())


def forgets_what_fields_it_sent(patch: Patch) -> None:
    """Take a late edit of ours for somebody else's."""
    patch(sending, "_sent_fields", lambda tx, pk, names: {})
