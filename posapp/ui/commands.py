"""What people do with orders in the window: each act is a job, and its fresh row comes back with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import DatabaseAwayError, PosError, StaleOrderError
from posapp.domain.kept import Kept, KeptKind, Wish
from posapp.domain.status import Status
from posapp.services import accepting, conflicts, orders
from posapp.services.kept import do_or_keep, take_back
from posapp.services.payments import Took
from posapp.storage.queries import rows_by_pk
from posapp.storage.rows import OrderRow
from posapp.storage.store import Transaction
from posapp.ui.away.rows import move_wish, seen_order
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.delegates.age import clock_text
from posapp.ui.seen import expected_versions
from posapp.ui.words import status_word

_REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class _Act:
    """What a job brings back: the row after it, and the sentence for the toast."""

    row: OrderRow | None
    text: str
    kept: bool = False  # what is kept on this computer differs; each screen shows it by itself


class OrderCommands(QObject):
    """Runs the services in the jobs' thread; `row_changed` gives each fresh row, `stale` asks to reload."""

    row_changed = Signal(object)  # OrderRow
    stale = Signal(int)
    acted = Signal(int)  # something was done to this order that can be undone

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._done: list[int] = []

    @property
    def last(self) -> int | None:
        """Return the order of the last act of this window that can be undone."""
        return self._done[-1] if self._done else None

    def remembers(self, pk: int) -> bool:
        """Tell whether an act on this order can be undone."""
        return pk in self._done

    def move(self, seen: OrderRow, target: Status, *, reason: str = "") -> None:
        """Give an order its next status, as it was seen on the screen."""
        who = self._ctx.who

        def act(tx: Transaction, version: int | None) -> orders.Moved:
            return orders.move_in(
                tx, seen.pk, target, who, reason=reason, expected_version=version, hold=True
            )

        def words(code: str, _changed: bool) -> str:
            return self._moved_text(code, target)

        self._do(seen, move_wish(seen, target, reason), act, words, undoable=True)

    def accept(self, seen: OrderRow, ready_in: timedelta) -> None:
        """Accept an order with the time at which it will be ready, or change that time."""
        ctx, who = self._ctx, self._ctx.who
        promised = ctx.clock() + ready_in
        begins = seen.status in {Status.CREATED, Status.EDITED, Status.TIMING}
        target = Status.ACCEPTED if begins else Status(seen.status)
        wish = Wish(seen_order(seen), KeptKind.ACCEPT, target, promised_at=promised)

        def act(tx: Transaction, version: int | None) -> orders.Moved:
            return accepting.accept_in(tx, seen.pk, promised, who, expected_version=version)

        def words(code: str, changed: bool) -> str:
            text = self.tr("%1 accepted, ready at %2") if changed else self.tr("%1 will be ready at %2")
            when = clock_text(promised, ctx.clock(), ctx.zone)
            return text.replace("%1", _name(code)).replace("%2", when)

        self._do(seen, wish, act, words, undoable=begins)

    def _do(
        self,
        seen: OrderRow,
        wish: Wish,
        act: Callable[[Transaction, int | None], orders.Moved],
        words: Callable[[str, bool], str],
        *,
        undoable: bool,
    ) -> None:
        """Do a change of status, or keep it here while the database is away."""
        ctx = self._ctx
        who, role = ctx.who, ctx.role

        def version() -> int | None:
            return expected_versions(ctx, [seen])[0].version

        def work() -> _Act:
            done = do_or_keep(ctx.store, wish, who, role, act, seen=version, origin=WINDOW_ORIGIN)
            if isinstance(done, Kept):
                text = words(seen.code, seen.status != wish.target)
                told = self.tr("%1 — kept on this computer").replace("%1", text)
                return _Act(None, told, kept=True)
            return _Act(self._fresh(seen.pk), words(done.code, done.changed))

        self._run(work, seen.pk, undoable=undoable)

    def _fresh(self, pk: int) -> OrderRow | None:
        """Return the row after an act; None when the database went away since."""
        try:
            return rows_by_pk(self._ctx.store, [pk], self._ctx.config.targets).get(pk)
        except DatabaseAwayError:
            return None

    def schedule(self, seen: OrderRow, planned_at: datetime) -> None:
        """Plan an order for a later time."""
        ctx = self._ctx
        who, targets = ctx.who, ctx.config.targets

        def work() -> _Act:
            done = orders.schedule(ctx.store, seen.pk, planned_at, who, origin=WINDOW_ORIGIN)
            row = rows_by_pk(ctx.store, [seen.pk], targets).get(seen.pk)
            when = clock_text(planned_at, ctx.clock(), ctx.zone)
            text = self.tr("%1 is scheduled for %2").replace("%1", _name(done.code)).replace("%2", when)
            return _Act(row, text)

        self._run(work, seen.pk, undoable=True)

    def undo(self, pk: int) -> None:
        """Take the last step of an order back."""
        ctx, who, role = self._ctx, self._ctx.who, self._ctx.role
        known = pk in self._done
        if known:
            self._done.remove(pk)

        def work() -> _Act:
            text = self.tr("Undone: %1 is “%2” again")
            back = take_back(ctx.store, pk, who, role)
            if back is not None:
                text = text.replace("%1", _name(back.order.code))
                return _Act(None, text.replace("%2", status_word(back.order.status)), kept=True)
            undone = orders.undo(ctx.store, pk, who, origin=WINDOW_ORIGIN)
            text = text.replace("%1", _name(undone.code))
            return _Act(self._fresh(pk), text.replace("%2", status_word(undone.after)))

        def left() -> None:
            if known:
                self._done.append(pk)  # it can still be undone

        with ctx.tasks.if_left(left):
            self._run(work, pk, undoable=False)

    def mark_paid(self, seen: OrderRow) -> None:
        """Note that a shop's order was paid in full."""
        from posapp.services.shop_payments import mark_paid, tells_shop

        ctx = self._ctx
        who, targets, rules = ctx.who, ctx.config.targets, ctx.config.sale_rules

        def work() -> tuple[OrderRow | None, Took, bool]:
            expected = expected_versions(ctx, [seen])[0].version
            took = mark_paid(ctx.store, seen.pk, rules, who, expected_version=expected, origin=WINDOW_ORIGIN)
            row = rows_by_pk(ctx.store, [seen.pk], targets).get(seen.pk)
            return row, took, tells_shop(ctx.store, took)

        def done(outcome: tuple[OrderRow | None, Took, bool]) -> None:
            row, took, told = outcome
            if row is not None:
                self.row_changed.emit(row)
            words = self.tr("%1 is paid") if told else self.tr("%1 is paid; noted here, the shop is not told")
            self._ctx.message.emit(words.replace("%1", _name(took.code)), lambda: self._unmark_paid(took))

        self._ctx.tasks.run(work, done, failed=lambda error: self._not_done(seen.pk, error), owner=self)

    def _unmark_paid(self, took: Took) -> None:
        from posapp.services.shop_payments import unmark_paid

        ctx = self._ctx
        who, targets, rules = ctx.who, ctx.config.targets, ctx.config.sale_rules

        def work() -> _Act:
            unmark_paid(ctx.store, took, rules, who, origin=WINDOW_ORIGIN)
            row = rows_by_pk(ctx.store, [took.pk], targets).get(took.pk)
            return _Act(row, self.tr("Undone: %1 is not paid").replace("%1", _name(took.code)))

        self._run(work, took.pk, undoable=False)

    def resolve(self, pk: int, code: str, choice: str) -> None:
        """Settle an order that needs a decision: "mine" or "theirs"."""
        ctx = self._ctx
        who, targets = ctx.who, ctx.config.targets

        def work() -> _Act:
            after = conflicts.resolve(ctx.store, pk, choice, who, origin=WINDOW_ORIGIN)
            row = rows_by_pk(ctx.store, [pk], targets).get(pk)
            mine = self.tr("%1 stays “%2” and is sent again")
            theirs = self.tr("%1 is “%2” now, as at the shop")
            text = (mine if choice == "mine" else theirs).replace("%1", _name(code))
            return _Act(row, text.replace("%2", status_word(after)))

        self._run(work, pk, undoable=False)

    def acknowledge(self, pks: Iterable[int]) -> None:
        """Note that a person has looked at these new orders."""
        ctx = self._ctx
        who, targets, wanted = ctx.who, ctx.config.targets, list(pks)

        def work() -> list[OrderRow]:
            orders.acknowledge(ctx.store, wanted, who, origin=WINDOW_ORIGIN)
            return list(rows_by_pk(ctx.store, wanted, targets).values())

        def done(rows: list[OrderRow]) -> None:
            for row in rows:
                self.row_changed.emit(row)

        def failed(error: PosError) -> None:
            if not isinstance(error, DatabaseAwayError):
                ctx.problem.emit(error)

        ctx.tasks.run(work, done, failed=failed, owner=self)

    def _run(self, work: Callable[[], _Act], pk: int, *, undoable: bool) -> None:
        def done(act: _Act) -> None:
            if act.kept:
                self._ctx.away.touched.emit(pk)
            if act.row is not None:
                self.row_changed.emit(act.row)
            if undoable:
                self._done = [*[known for known in self._done if known != pk], pk][-_REMEMBERED:]
                self.acted.emit(pk)
            self._ctx.message.emit(act.text, (lambda: self.undo(pk)) if undoable else None)

        self._ctx.tasks.run(work, done, failed=lambda error: self._not_done(pk, error), owner=self)

    def _not_done(self, pk: int, error: PosError) -> None:
        if isinstance(error, StaleOrderError):
            self.stale.emit(pk)
        self._ctx.problem.emit(error)

    def _moved_text(self, code: str, target: Status) -> str:
        words = {
            Status.ACCEPTED: self.tr("%1 accepted"),
            Status.COOKING: self.tr("%1 is cooking"),
            Status.ONDELIVERY: self.tr("%1 is on its way"),
            Status.DELIVERED: self.tr("%1 delivered"),
            Status.CANCELLED: self.tr("%1 cancelled"),
        }
        other = self.tr("%1 is “%2” now").replace("%2", status_word(target))
        return words.get(target, other).replace("%1", _name(code))


def _name(code: str) -> str:
    return f"#{code}" if code.isdigit() else code
