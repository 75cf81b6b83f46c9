"""What cooks do at a board: each act is a job, and one key takes the last one back."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError
from posapp.domain.kept import Kept, KeptKind, Wish
from posapp.domain.kitchen import KitchenSetup
from posapp.domain.people import Right
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import kitchen, orders, schedule
from posapp.services.kept import do_or_keep, take_back
from posapp.services.permits import permit
from posapp.storage.kitchen_rows import Ticket, TicketItem
from posapp.storage.store import Transaction
from posapp.ui.away.rows import seen_ticket
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.sound import Sound

_REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class _Undo:
    """How an act is taken back."""

    pk: int
    code: str
    run: Callable[[], object]
    anywhere: bool = False  # also for an order that the kitchen has no more


class KitchenCommands(QObject):
    """Runs the services; `undo_changed` names the order that the next undo concerns, "" for none."""

    undo_changed = Signal(str)
    refused = Signal(int)  # the order of an act that was not possible

    def __init__(self, ctx: Context, setup: Callable[[], KitchenSetup], parent: QObject) -> None:
        """Act for the section that `setup` names when an act is asked for."""
        super().__init__(parent)
        self._ctx, self._setup = ctx, setup
        self._done: list[_Undo] = []

    @property
    def undo_code(self) -> str:
        """Return the code of the order that the next undo concerns."""
        return self._done[-1].code if self._done else ""

    def tick(self, ticket: Ticket, item: TicketItem) -> None:
        """Tick an item, or open it again."""
        section, key = self._section, item.item.key
        done = not item.done(section)
        ctx = self._ctx

        def put(who: Who, wanted: bool) -> kitchen.Done:
            return kitchen.tick(ctx.store, ticket.pk, key, section, who, done=wanted, origin=WINDOW_ORIGIN)

        who = ctx.who
        self._run(ticket, lambda: put(who, done), lambda _: lambda: put(ctx.who, not done))

    def start(self, ticket: Ticket) -> None:
        """Start cooking."""
        who, pk = self._ctx.who, ticket.pk

        def act(tx: Transaction, _version: int | None) -> orders.Moved:
            return orders.move_in(tx, pk, Status.COOKING, who)

        wish = Wish(seen_ticket(ticket), KeptKind.MOVE, Status.COOKING)
        self._run(
            ticket,
            self._or_keep(wish, act),
            lambda _: lambda: self._undo_move(pk, Status.COOKING),
        )

    def bump(self, ticket: Ticket) -> None:
        """Say that the order is ready here; a cancelled one is taken off."""
        store, who, pk, section = self._ctx.store, self._ctx.who, ticket.pk, self._section
        sections = self._setup().sections

        def back() -> object:
            now = self._ctx.who
            if ticket.struck:
                return kitchen.put_back(store, pk, now, origin=WINDOW_ORIGIN)
            return kitchen.recall(store, pk, section, now, origin=WINDOW_ORIGIN)

        def undo(_done: object) -> Callable[[], object]:
            self._ctx.play(Sound.BUMP)
            return back

        def act(tx: Transaction, _version: int | None) -> kitchen.Done:
            permit(tx, who, Right.KITCHEN)
            return kitchen.bump_in(tx, pk, section, sections, who)

        wish = Wish(seen_ticket(ticket), KeptKind.BUMP, ticket.status, section=section)
        self._run(ticket, self._or_keep(wish, act), undo)

    def see_edits(self, ticket: Ticket) -> None:
        """Say that a cook has looked at what changed."""
        store, who, pk = self._ctx.store, self._ctx.who, ticket.pk

        def undo(done: kitchen.Done) -> Callable[[], object]:
            return lambda: kitchen.unsee_edits(store, pk, done.before, self._ctx.who, origin=WINDOW_ORIGIN)

        self._run(ticket, lambda: kitchen.see_edits(store, pk, who, origin=WINDOW_ORIGIN), undo)

    def recall(self, pk: int, code: str, *, again: bool = False) -> None:
        """Bring a bumped order back; `again`: as if nothing of it was made."""
        store, who, section = self._ctx.store, self._ctx.who, self._section
        sections = self._setup().sections
        self._run(
            (pk, code),
            lambda: kitchen.recall(store, pk, section, who, again=again, origin=WINDOW_ORIGIN),
            lambda _: lambda: kitchen.bump(store, pk, section, sections, self._ctx.who, origin=WINDOW_ORIGIN),
        )

    def start_now(self, ticket: Ticket) -> None:
        """Put a scheduled order onto the board before its time."""
        store, who, pk, zone = self._ctx.store, self._ctx.who, ticket.pk, self._ctx.zone
        self._run(
            ticket,
            lambda: schedule.start_now(store, pk, zone, who, origin=WINDOW_ORIGIN),
            lambda _: lambda: self._undo_move(pk, Status.ACCEPTED),
        )

    def _undo_move(self, pk: int, expected: Status) -> object:
        """Take a step back for whoever is here now: who made it may have left since."""
        ctx = self._ctx
        return orders.undo(ctx.store, pk, ctx.who, expected=expected, origin=WINDOW_ORIGIN)

    def forget_gone(self, here: Container[int]) -> None:
        """Offer no undo for orders that have left the kitchen since: the counter has them."""
        kept = [undo for undo in self._done if undo.anywhere or undo.pk in here]
        if kept != self._done:
            self._done = kept
            self.undo_changed.emit(self.undo_code)

    def undo(self) -> None:
        """Take the last act of this board back."""
        self._ctx.tasks.after_all(self._undo_last, self)

    def _undo_last(self) -> None:
        if not self._done:
            return
        last = self._done.pop()
        self.undo_changed.emit(self.undo_code)

        def left() -> None:
            self._done.append(last)
            self.undo_changed.emit(self.undo_code)

        def done(outcome: object) -> None:
            if outcome is True:  # only here, and taken back here
                self._ctx.away.touched.emit(last.pk)

        with self._ctx.tasks.if_left(left):
            self._ctx.tasks.run(last.run, done, owner=self)

    def _or_keep(self, wish: Wish, act: Callable[[Transaction, int | None], Any]) -> Callable[[], Any]:
        ctx, who, role = self._ctx, self._ctx.who, self._ctx.role
        return lambda: do_or_keep(ctx.store, wish, who, role, act, origin=WINDOW_ORIGIN)

    def _kept(self, about: Ticket | tuple[int, str], later: Callable[[], object]) -> None:
        """Show what is kept here of a ticket, and let the next undo take it back."""
        if isinstance(about, tuple):
            return
        ctx, who, role = self._ctx, self._ctx.who, self._ctx.role

        def back() -> bool:
            if take_back(ctx.store, about.pk, who, role) is not None:
                return True
            later()  # it is in the database by now
            return False

        self._done = [*self._done, _Undo(about.pk, about.code, back, anywhere=True)][-_REMEMBERED:]
        ctx.away.touched.emit(about.pk)
        self.undo_changed.emit(about.code)

    @property
    def _section(self) -> str:
        return self._setup().section.name

    def _run(
        self,
        about: Ticket | tuple[int, str],
        work: Callable[[], Any],
        undo: Callable[[Any], Callable[[], object]],
    ) -> None:
        pk, code = about if isinstance(about, tuple) else (about.pk, about.code)

        def done(outcome: Any) -> None:
            if isinstance(outcome, Kept):
                self._kept(about, undo(outcome))
            elif outcome.changed:
                anywhere = isinstance(about, Ticket) and about.struck
                self._done = [*self._done, _Undo(pk, code, undo(outcome), anywhere)][-_REMEMBERED:]
                self.undo_changed.emit(code)

        def failed(error: PosError) -> None:
            self.refused.emit(pk)
            self._ctx.problem.emit(error)

        self._ctx.tasks.run(work, done, failed=failed, owner=self)
