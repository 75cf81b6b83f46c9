"""Keeps the cart in hand on the disk at every change, puts carts aside and takes them up again.

What a window knows of its draft lives in the jobs' thread: the jobs run one after the other, so that a sale
always finds the draft that the change before it has saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError, StaleOrderError
from posapp.domain.payment import Tender
from posapp.domain.sale import Sale
from posapp.services.counter import drop_draft, save_draft
from posapp.storage.feed import Change, Topic
from posapp.storage.sales import DraftRow, draft, drafts
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.till.cart import EMPTY

T = TypeVar("T")
Failed = Callable[[PosError], object]


@dataclass(frozen=True, slots=True)
class Hand:
    """A cart with what was taken for it so far."""

    sale: Sale = EMPTY
    parts: tuple[Tender, ...] = ()


NOTHING = Hand()


@dataclass(slots=True)
class Paper:
    """The draft of the cart in hand; only the jobs' thread reads and writes it."""

    id: str = ""
    version: int = 0
    saved: Hand = NOTHING


class DraftKeeper(QObject):
    """`held_changed` tells which carts are put aside, `parted` that ours goes on as one of its own."""

    held_changed = Signal(object)  # tuple[DraftRow, ...]
    found = Signal(object)  # Hand: the cart of the last time
    saved = Signal()
    failed = Signal(object)  # PosError: the cart is not on the disk
    parted = Signal()
    lost = Signal()  # the cart in hand was sold or dropped elsewhere

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.paper = Paper()
        self.held: tuple[DraftRow, ...] = ()
        ctx.feed.changed.connect(self._heard)

    def begin(self) -> None:
        """Look for the cart that was in hand when the program ended."""
        store, paper, station = self._ctx.store, self.paper, self._ctx.config.station

        def work() -> Hand:
            for row in drafts(store, station):
                if not row.held:
                    paper.id, paper.version, paper.saved = row.id, row.version, Hand(row.sale, row.parts)
                    return paper.saved
            return NOTHING

        def failed(error: PosError) -> None:
            self._ctx.problem.emit(error)
            self.found.emit(NOTHING)

        self._ctx.tasks.run(work, self.found.emit, failed=failed, owner=self)
        self.refresh()

    def refresh(self) -> None:
        """Read which carts are put aside, at any station."""
        store, paper = self._ctx.store, self.paper

        def work() -> tuple[tuple[DraftRow, ...], bool]:
            rows = drafts(store)
            gone = bool(paper.id) and all(row.id != paper.id or row.held for row in rows)
            if gone:
                forget(paper)
            return tuple(row for row in rows if row.held), gone

        self._ctx.tasks.run(work, self._put_held, owner=self)

    def keep(self, hand: Hand) -> None:
        """Keep the cart as it is now."""
        ctx, paper = self._ctx, self.paper

        def done(parted: bool) -> None:
            if parted:
                self.parted.emit()
            self.saved.emit()

        ctx.tasks.run(lambda: write_down(ctx, paper, hand), done, failed=self.failed.emit, owner=self)

    def hold(self, hand: Hand, label: str, done: Callable[[DraftRow], None], failed: Failed) -> None:
        """Put the cart aside; another one begins with an empty hand."""
        ctx, paper = self._ctx, self.paper

        def work() -> DraftRow:
            write_down(ctx, paper, hand)
            row = put_aside(ctx, paper.id, hand, label)
            forget(paper)
            return row

        self._run(work, done, failed)

    def recall(self, row: DraftRow, done: Callable[[Hand], None], failed: Failed) -> None:
        """Take a cart up again that nobody else has taken or changed meanwhile."""
        ctx, paper = self._ctx, self.paper

        def work() -> Hand:
            now = draft(ctx.store, row.id)
            if now is None or not now.held:
                raise StaleOrderError(
                    "Somebody else has taken this cart.", "It was sold, dropped or taken up meanwhile."
                )
            taken = save_draft(
                ctx.store,
                now.id,
                now.sale,
                ctx.who,
                label=now.label,
                parts=now.parts,
                expected_version=now.version,
                origin=WINDOW_ORIGIN,
            )
            paper.id, paper.version, paper.saved = taken.id, taken.version, Hand(now.sale, now.parts)
            return paper.saved

        self._run(work, done, failed)

    def drop(self, row: DraftRow, done: Callable[[DraftRow | None], None]) -> None:
        """Throw a cart away that was put aside."""
        ctx = self._ctx
        self._run(lambda: drop_draft(ctx.store, row.id, ctx.who, origin=WINDOW_ORIGIN), done)

    def put_back(self, row: DraftRow) -> None:
        """Put a cart aside again that was thrown away."""
        ctx, hand = self._ctx, Hand(row.sale, row.parts)
        self._run(lambda: put_aside(ctx, "", hand, row.label), lambda _row: None)

    def _run(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None) -> None:
        def worked(value: T) -> None:
            self.refresh()
            done(value)

        def refused(error: PosError) -> None:
            self.refresh()
            (failed or self._ctx.problem.emit)(error)

        self._ctx.tasks.run(work, worked, failed=refused, owner=self)

    def _put_held(self, found: tuple[tuple[DraftRow, ...], bool]) -> None:
        self.held, gone = found
        self.held_changed.emit(self.held)
        if gone:
            self.lost.emit()

    def _heard(self, change: Change) -> None:
        if change.origin != WINDOW_ORIGIN and (Topic.SALES in change.topics or change.foreign):
            self.refresh()


def put_aside(ctx: Context, draft_id: str, hand: Hand, label: str) -> DraftRow:
    """Keep a cart under a name, in the jobs' thread."""
    return save_draft(
        *(ctx.store, draft_id, hand.sale, ctx.who),
        label=label,
        held=True,
        parts=hand.parts,
        origin=WINDOW_ORIGIN,
    )


def write_down(ctx: Context, paper: Paper, hand: Hand) -> bool:
    """Write the cart, in the jobs' thread; tell whether it parted from one changed elsewhere."""
    if hand == paper.saved:
        return False
    if hand == NOTHING:
        if paper.id:
            drop_draft(ctx.store, paper.id, ctx.who, origin=WINDOW_ORIGIN)
        forget(paper)
        return False
    parted = False

    def save(draft_id: str, expected: int | None) -> DraftRow:
        return save_draft(
            *(ctx.store, draft_id, hand.sale, ctx.who),
            parts=hand.parts,
            expected_version=expected,
            origin=WINDOW_ORIGIN,
        )

    try:
        row = save(paper.id, paper.version if paper.id else None)
    except StaleOrderError:
        # Two windows have the same cart: neither may write over the other's.
        parted = True
        row = save("", None)
    paper.id, paper.version, paper.saved = row.id, row.version, hand
    return parted


def forget(paper: Paper) -> None:
    """Begin with an empty hand."""
    paper.id, paper.version, paper.saved = "", 0, NOTHING
