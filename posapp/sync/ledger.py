"""What one remote's answers mean for its orders: each decision of the engine, written down."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import NamedTuple

from posapp.config import RemoteConfig
from posapp.domain.outbox import Again, Confirm, Dead, Effect, OrderSync, Row, Settle, Watch
from posapp.domain.received import RemoteOrder
from posapp.domain.status import Status
from posapp.remote.api import Format, Outcome, Push, Request, Verdict
from posapp.services import intake, quarantine, remotes, sending, settlement
from posapp.services.order_fields import CART, load_texts, received_values
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction
from posapp.sync import engine
from posapp.sync.engine import Ask, Decide, Idle, Read, Rules, Send, Trouble, Wait
from posapp.sync.meaning import may_mean, meaning, possible

ORIGIN = "sync"
BATCH = 500
LOOKS = 4  # a decision changes the view: look again, so many times at most
ENOUGH_GONE = 3  # so many lost orders, and none that is there, are the fault of the configuration


@dataclass(frozen=True, slots=True)
class Advanced:
    """The step that an order takes next, with the view that it was chosen from."""

    step: Idle | Wait | Ask | Send
    view: OrderSync


class _Rest(NamedTuple):
    """What is known of an order that the list shows: there is one for every order of a long list."""

    remote_id: str
    shadow: Status
    fields: dict[str, str]


def push_of(row: Row, cart_id: str = "") -> Push:
    """Return what a row asks the remote to store."""
    if not row.patch:
        return Push(row.target.value, cart_id=cart_id)
    return Push(fields={name: change.ours for name, change in row.patch.items()}, cart_id=cart_id)


class Ledger:
    """The orders of one remote. Questions are numbered as they leave: a clock may go back, numbers not."""

    def __init__(self, store: Store, config: RemoteConfig, form: Format, station: str, rng: Random) -> None:
        self.pulled = 0
        self.pushed = 0
        self.hurry = False  # a person waits for the round to end
        self.reads: dict[int, Read] = {}
        self._numbers = itertools.count(1)
        self._asked: dict[int, int] = {}  # the number of an order's last question
        self._kicked = 0
        self._trouble: dict[int, Trouble] = {}
        self._store = store
        self._format = form
        self._name = config.name
        self._mode = config.collapse
        self._source = intake.Source(config.name, config.format, config.currency)
        self._station = station
        self._rng = rng

    def number(self) -> int:
        """Return the number of a question that leaves now."""
        return next(self._numbers)

    def kick(self) -> None:
        """Let every order be tried, because a person asked for it."""
        self._kicked = self.number()

    def is_kicked(self, pk: int) -> bool:
        """Tell whether a person asked for a try since this order's last one."""
        return self._asked.get(pk, 0) < self._kicked

    def advance(self, pk: int, now: datetime, *, must_read: bool = False) -> Advanced | None:
        """Choose an order's next step; a write is marked and committed before this returns.

        `must_read`: what was read before does not count, the host has to prove itself first.
        """
        if must_read:
            self.reads.pop(pk, None)
        rules = Rules(self._mode, kicked=self.is_kicked(pk))
        with self._store.write(ORIGIN) as tx:
            advanced = self._advance(tx, pk, now, rules)
        if advanced is not None and isinstance(advanced.step, Ask | Send):
            self._asked[pk] = self.number()
            if isinstance(advanced.step, Send):
                self.reads.pop(pk, None)
        return advanced

    def _advance(self, tx: Transaction, pk: int, now: datetime, rules: Rules) -> Advanced | None:
        for _ in range(LOOKS):
            view = sending.read_view(tx, pk)
            if view is None:
                return None
            step = engine.next_step(view, self.reads.get(pk), now, rules)
            if isinstance(step, Decide):
                self._apply(tx, view, step.effects)
                continue
            if isinstance(step, Send):
                until = now + engine.SETTLE
                whole = self._format.whole
                sending.mark_sending(tx, view, step.row, self._station, now, until, whole=whole)
            return Advanced(step, view)
        return None

    def order_read(self, pk: int, order: RemoteOrder, started: datetime, now: datetime) -> None:
        """Take in an order that was read by id."""
        self._trouble.pop(pk, None)
        with self._store.write(ORIGIN) as tx:
            view = sending.read_view(tx, pk)
            if view is None:
                return
            read = self.reads[pk] = self._read(view, order, started)
            intake.update_details(tx, pk, order, self._station)
            sending.note_read(tx, pk)
            self._apply(tx, view, engine.after_read(view, read, now, self._rng))
        quarantine.solve(self._store, self._name, [order.remote_id], origin=ORIGIN)

    def _read(self, view: OrderSync, order: RemoteOrder, at: datetime) -> Read:
        carts = view.texts_of(CART)
        seen = received_values(order, self._source.format, view.fields, carts)
        return Read(meaning(view, order), at, seen, possible(order))

    def request_for(self, view: OrderSync, row: Row) -> Request | Outcome:
        """Return the write of a row; an Outcome tells why there is none."""
        found = self._store.one(
            "SELECT raw, cart_id FROM orders LEFT JOIN order_raw ON order_pk = pk WHERE pk = ?", (view.pk,)
        )
        raw, cart_id = found or ("", "")
        return self._format.update_request(view.remote_id, push_of(row, cart_id), raw or "")

    def read_failed(self, pk: int, outcome: Outcome, now: datetime) -> str:
        """Write down that an order could not be read; return what is wrong with all of them, or ""."""
        self.reads.pop(pk, None)
        last = self._trouble.get(pk, Trouble(0, now))
        trouble = self._trouble[pk] = Trouble(last.failures + 1, min(last.since, now))
        if outcome.bad_rows:
            quarantine.keep(self._store, self._name, outcome.bad_rows, origin=ORIGIN)
        with self._store.write(ORIGIN) as tx:
            view = sending.read_view(tx, pk)
            if view is None:
                return ""
            effects = engine.after_failed_read(view, outcome, now, self._rng, trouble, hurry=self.hurry)
            if any(isinstance(effect, Dead) for effect in effects) and self._all_gone(tx, pk):
                # Then the address is wrong, not the order.
                self._apply(tx, view, self._put_off(view, outcome, now))
                return "The shop knows none of these orders: is its address right?"
            self._apply(tx, view, effects)
        return ""

    def _put_off(self, view: OrderSync, outcome: Outcome, now: datetime) -> list[Effect]:
        later = now + engine.GONE_AGAIN
        if view.head is None:
            return [Watch(later)]
        again = Again(view.head.seq, view.head.state, later, outcome.verdict.value, outcome.detail)
        return [Watch(later), again]

    def write_answered(self, pk: int, row: Row, outcome: Outcome, now: datetime) -> datetime | None:
        """Write down what became of a write; return until when its order rests, None: look at it again."""
        is_verified = outcome.verdict is Verdict.OK and outcome.verified
        with self._store.write(ORIGIN) as tx:
            view = sending.read_view(tx, pk)
            if view is None:
                return None
            effects = engine.after_write(view, row, outcome, now, self._rng, hurry=self.hurry)
            unsent = any(isinstance(effect, Again) and effect.unsent for effect in effects)
            sending.note_answer(tx, row.seq, outcome.verdict.value, outcome.detail, unsent=unsent)
            if all(other.seq != row.seq for other in view.rows):
                # A person decided meanwhile. What may have arrived is still watched.
                effects = [effect for effect in effects if isinstance(effect, Settle | Watch)]
                is_verified = False
            self._apply(tx, view, effects)
            if is_verified:
                # The answer is the remote's own word: the next change of this order needs no read before it.
                self.reads[pk] = self._answer(tx, view, row, outcome, now)
        if not is_verified or len(view.rows) > 1 or self.is_kicked(pk):
            return None
        # Nothing else waits: a look at it now would find that out, and when to look again.
        return next((effect.at for effect in effects if isinstance(effect, Watch)), None)

    def _answer(self, tx: Transaction, view: OrderSync, row: Row, outcome: Outcome, now: datetime) -> Read:
        if outcome.order is not None:
            intake.update_details(tx, view.pk, outcome.order, self._station)
            return self._read(view, outcome.order, now)
        if not row.patch:
            return Read(row.target, now, view.shadow_fields)
        ours = {name: change.ours for name, change in row.patch.items()}
        return Read(view.shadow, now, {**view.shadow_fields, **ours})

    def list_came(
        self,
        outcome: Outcome,
        number: int,
        started: datetime,
        now: datetime,
        busy: set[int],
        listed: set[int],
    ) -> list[int]:
        """Take a page of the list in; return the orders that should be looked at now.

        It is the word about orders at rest only. What it says otherwise about one is checked by reading that.
        `listed` gathers the orders of all pages: what is missing is known after the last one.
        """
        quarantine.keep(self._store, self._name, outcome.bad_rows, origin=ORIGIN)
        taken = intake.take_in(self._store, self._source, outcome.orders, self._station, origin=ORIGIN)
        orders = {order.remote_id: order for order in outcome.orders}
        quarantine.solve(self._store, self._name, orders, origin=ORIGIN)
        self.pulled += taken.new
        pks = [pk for pk, _ in taken.seen]
        at_rest = self._at_rest(pks)
        look: list[int] = []
        for pk in pks:
            if pk in busy or self._asked.get(pk, 0) > number:
                continue  # something newer is known than this list
            rest = at_rest.get(pk)
            if rest is not None and self._is_as_known(order := orders[rest.remote_id], rest):
                self.reads[pk] = Read(rest.shadow, started, rest.fields, possible(order))
            else:
                look.append(pk)
        listed.update(pks)
        vanished: list[int] = []
        if outcome.verdict is Verdict.OK and outcome.next_request is None:
            missing = remotes.vanished(self._store, self._name, listed | busy, started)
            vanished = [pk for pk in missing if self._asked.get(pk, 0) < number]
        self._watch_now(look, vanished, now)
        return look + vanished

    def _is_as_known(self, order: RemoteOrder, rest: _Rest) -> bool:
        carts = [text for name, text in rest.fields.items() if name == CART]
        known = received_values(order, self._source.format, rest.fields, carts)
        return may_mean(order, rest.shadow) and known == rest.fields

    def _at_rest(self, pks: list[int]) -> dict[int, _Rest]:
        """Return what is known of the listed orders, but for those to be read by id anyway."""
        found: dict[int, _Rest] = {}
        for start in range(0, len(pks), BATCH):
            some = pks[start : start + BATCH]
            marks = ", ".join("?" * len(some))
            rows = self._store.all(
                f"SELECT pk, remote_id, shadow, shadow_fields FROM orders WHERE pk IN ({marks}) "  # noqa: S608 - marks only
                "AND missing_at IS NULL AND (shadow = 'created' OR watch_at IS NOT NULL "
                "OR (urgency IS NULL AND shadow = status))",
                some,
            )
            found.update((row[0], _Rest(row[1], Status(row[2]), load_texts(row[3]))) for row in rows)
        return found

    def _watch_now(self, look: list[int], vanished: list[int], now: datetime) -> None:
        """Let these orders be read by id; those that vanished from the list are watched from then on."""
        if not (look or vanished):
            return
        with self._store.write(ORIGIN) as tx:
            for pk in look:
                tx.execute("UPDATE orders SET watch_at = ? WHERE pk = ?", (to_us(now), pk))
            for pk in vanished:
                tx.execute(
                    "UPDATE orders SET watch_at = ? WHERE pk = ? AND watch_at IS NULL", (to_us(now), pk)
                )

    def _all_gone(self, tx: Transaction, pk: int) -> bool:
        """Tell whether this remote misses all the orders that are looked after, and those are several."""
        row = tx.one(
            "SELECT count(*), count(CASE WHEN missing_at IS NULL AND pk <> ? THEN 1 END) FROM orders "
            "WHERE remote = ? AND (urgency IS NOT NULL OR watch_at IS NOT NULL)",
            (pk, self._name),
        )
        return row is not None and row[0] >= ENOUGH_GONE and row[1] == 0

    def _apply(self, tx: Transaction, view: OrderSync, effects: Iterable[Effect]) -> None:
        listed = list(effects)
        settlement.apply(tx, view, listed, self._station)
        self.pushed += sum(isinstance(effect, Confirm) for effect in listed)
