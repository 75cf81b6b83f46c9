"""What one remote's answers mean for its orders: each decision of the engine, written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from posapp.config import RemoteConfig
from posapp.domain.outbox import Again, Confirm, Dead, Effect, OrderSync, Row, Watch
from posapp.domain.received import RemoteOrder
from posapp.domain.status import Status
from posapp.remote.api import Outcome, Verdict
from posapp.services import intake, remotes, settlement
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction
from posapp.sync import engine
from posapp.sync.engine import Ask, Decide, Idle, Read, Rules, Send, Wait

ORIGIN = "sync"
BATCH = 500
LOOKS = 4  # a decision changes the view: look again, so many times at most


@dataclass(frozen=True, slots=True)
class Advanced:
    """The step that an order takes next, with the view that it was chosen from."""

    step: Idle | Wait | Ask | Send
    view: OrderSync


class Ledger:
    """The orders of one remote."""

    def __init__(self, store: Store, config: RemoteConfig, station: str, rng: Random) -> None:
        self.pulled = 0
        self.pushed = 0
        self.reads: dict[int, Read] = {}
        self._written: dict[int, datetime] = {}  # when an order's last write left
        self._store = store
        self._name = config.name
        self._source = intake.Source(config.name, config.format, config.currency)
        self._station = station
        self._rng = rng

    def advance(self, pk: int, now: datetime, rules: Rules) -> Advanced | None:
        """Choose an order's next step; a write is marked and committed before this returns."""
        with self._store.write(ORIGIN) as tx:
            for _ in range(LOOKS):
                view = settlement.read_view(tx, pk)
                if view is None:
                    return None
                step = engine.next_step(view, self.reads.get(pk), now, rules)
                if isinstance(step, Decide):
                    self._apply(tx, view, step.effects)
                    continue
                if isinstance(step, Send):
                    settlement.mark_sending(tx, view, step.row, self._station, now)
                    self._written[pk] = now
                    # Used up: whatever clock this computer has, no second write rests on the same read.
                    self.reads.pop(pk, None)
                return Advanced(step, view)
        return None

    def order_read(self, pk: int, order: RemoteOrder, started: datetime, now: datetime) -> None:
        """Take in an order that was read by id."""
        read = Read(Status(order.status), started)
        self.reads[pk] = read
        self._take_read(pk, read, now, order)

    def read_failed(self, pk: int, outcome: Outcome, now: datetime, failures: int) -> str:
        """Write down that an order could not be read; return what is wrong with all of them, or ""."""
        if outcome.bad_rows:
            intake.quarantine(self._store, self._name, outcome.bad_rows, origin=ORIGIN)
        with self._store.write(ORIGIN) as tx:
            view = settlement.read_view(tx, pk)
            if view is None:
                return ""
            effects = engine.after_failed_read(view, outcome, now, self._rng, failures)
            if any(isinstance(effect, Dead) for effect in effects) and self._all_gone(tx, pk):
                # Then the address is wrong, not the order.
                kept = [effect for effect in effects if isinstance(effect, Again)]
                self._apply(tx, view, [*kept, Watch(now + engine.GONE_AGAIN)])
                return "The shop knows none of these orders: is its address right?"
            self._apply(tx, view, effects)
        return ""

    def write_answered(self, pk: int, row: Row, outcome: Outcome, now: datetime) -> None:
        """Write down what became of a write."""
        with self._store.write(ORIGIN) as tx:
            view = settlement.read_view(tx, pk)
            if view is None or all(other.seq != row.seq for other in view.rows):
                return
            effects = engine.after_write(view, row, outcome, now, self._rng)
            unsent = any(isinstance(effect, Again) and effect.unsent for effect in effects)
            settlement.note_answer(tx, row.seq, outcome.verdict.value, outcome.detail, unsent=unsent)
            self._apply(tx, view, effects)
        if outcome.verdict is Verdict.OK and outcome.verified:
            # The answer is the remote's own word: the next change of this order needs no read before it.
            self.reads[pk] = Read(row.target, now)

    def list_came(self, outcome: Outcome, started: datetime, now: datetime, busy: set[int]) -> list[int]:
        """Take a good list in; return the orders that should be looked at now."""
        intake.quarantine(self._store, self._name, outcome.bad_rows, origin=ORIGIN)
        taken = intake.take_in(self._store, self._source, outcome.orders, self._station, origin=ORIGIN)
        ids = [order.remote_id for order in outcome.orders]
        intake.solve_quarantine(self._store, self._name, ids, origin=ORIGIN)
        self.pulled += taken.new
        special = self._not_at_rest([pk for pk, _ in taken.seen])
        look: list[int] = []
        for pk, value in taken.seen:
            if pk in busy or self._wrote_since(pk, started):
                continue  # the list may be older than what we wrote
            read = Read(value, started)
            self.reads[pk] = read
            if pk in special or value is not Status.CREATED:
                self._take_read(pk, read, now)
                look.append(pk)
        listed = {pk for pk, _ in taken.seen} | busy
        return look + self._watch_vanished(listed, started, now)

    def _wrote_since(self, pk: int, started: datetime) -> bool:
        written = self._written.get(pk)
        return written is not None and written >= started

    def _watch_vanished(self, listed: set[int], started: datetime, now: datetime) -> list[int]:
        """Let what the list no longer shows be read by id; nothing is ever deleted."""
        gone = [
            pk
            for pk in remotes.vanished(self._store, self._name, listed, started)
            if not self._wrote_since(pk, started)
        ]
        if gone:
            with self._store.write(ORIGIN) as tx:
                for pk in gone:
                    tx.execute(
                        "UPDATE orders SET watch_at = ? WHERE pk = ? AND watch_at IS NULL", (to_us(now), pk)
                    )
        return gone

    def _not_at_rest(self, pks: list[int]) -> set[int]:
        """Return those of the listed orders that are more than new and untouched."""
        found: set[int] = set()
        for start in range(0, len(pks), BATCH):
            some = pks[start : start + BATCH]
            marks = ", ".join("?" * len(some))
            rows = self._store.all(
                f"SELECT pk FROM orders WHERE pk IN ({marks}) "  # noqa: S608 - marks only
                "AND (shadow <> 'created' OR status <> 'created' OR sync <> 'synced' "
                "OR settle_at IS NOT NULL OR missing_at IS NOT NULL)",
                some,
            )
            found.update(int(row[0]) for row in rows)
        return found

    def _take_read(self, pk: int, read: Read, now: datetime, order: RemoteOrder | None = None) -> None:
        with self._store.write(ORIGIN) as tx:
            view = settlement.read_view(tx, pk)
            if view is None:
                return
            if order is not None:
                intake.update_details(tx, pk, order, self._station)
            self._apply(tx, view, engine.after_read(view, read, now, self._rng))

    def _all_gone(self, tx: Transaction, pk: int) -> bool:
        """Tell whether this remote has shown no order at all, and has lost several."""
        missing = tx.one(
            "SELECT count(*) FROM orders WHERE remote = ? AND missing_at IS NOT NULL", (self._name,)
        )
        return not (self.reads.keys() - {pk}) and missing is not None and int(missing[0]) >= 3

    def _apply(self, tx: Transaction, view: OrderSync, effects: Iterable[Effect]) -> None:
        listed = list(effects)
        settlement.apply(tx, view, listed, self._station)
        self.pushed += sum(isinstance(effect, Confirm) for effect in listed)
