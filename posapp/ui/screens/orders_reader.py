"""Reads what the Orders screen shows, in the jobs' thread; the newest question wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.storage.anchors import Anchors, more_anchors, page_at
from posapp.storage.details import sync_summary
from posapp.storage.queries import PAGE, counts, hidden_by_filters, order_page, total_orders
from posapp.storage.rows import Counts, OrderFilter, Page, SyncSummary
from posapp.ui.context import Context

HEAD = 600  # so many rows are kept from the top on; of longer lists a stretch at a time
_STRETCH, _BEFORE = 240, 100


@dataclass(frozen=True, slots=True)
class ListState:
    """One moment of the database: the loaded stretch of the list with all that stands around it.

    `fresh` tells that another list was asked for, so that nothing of the old one is to be kept.
    """

    page: Page
    counts: Counts
    summary: SyncSummary
    hidden: int
    any_orders: bool
    fresh: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a long list from the place `first` on; before it was the one from `before` on."""

    first: int
    before: int
    page: Page


class OrdersReader(QObject):
    """Answers with `arrived(ListState)`, `more(Page)`, `moved(Stretch)` or `failed(PosError)`.

    `sized` tells that more is known of how long the list is.
    """

    arrived = Signal(object)
    more = Signal(object)
    moved = Signal(object)
    sized = Signal()
    failed = Signal(object)

    def __init__(self, ctx: Context, loaded: Callable[[], int], parent: QObject | None = None) -> None:
        """Read for a list that tells by `loaded` how many rows it holds."""
        super().__init__(parent)
        self._ctx = ctx
        self._loaded = loaded
        self.chosen = OrderFilter()
        self._question = 0
        self._waits = False
        self.anew = False  # another list was asked for, and is not there yet
        self._again = False
        self._next_key: tuple[int, int] | None = None
        self._anchors = Anchors()
        self._wish = 0
        self.on_the_way = False  # to another stretch
        self.first = 0  # the place of the first loaded row
        ctx.tasks.crashed.connect(self._crashed)

    @property
    def waits(self) -> bool:
        """Tell whether another list was asked for and has not come yet."""
        return self._waits

    @property
    def total(self) -> int:
        """Return how many orders the list has, as far as they are counted."""
        return self._anchors.total

    @property
    def goes_on(self) -> bool:
        """Tell whether rows follow that only another stretch shows."""
        return self._next_key is not None and not self.appends

    @property
    def appends(self) -> bool:
        """Tell whether the next page goes behind the loaded rows; a search has no other way."""
        short = self.first == 0 and self._loaded() < HEAD
        return self._next_key is not None and (short or bool(self.chosen.search))

    def show(self, chosen: OrderFilter) -> None:
        """Ask for another list."""
        self.chosen = chosen
        self._question += 1
        self._anchors, self.first, self.on_the_way = Anchors(), 0, False
        self._waits = self.anew = True
        self._read(PAGE, fresh=True)

    def refresh(self) -> None:
        """Ask for the loaded stretch again; several wishes at once are one reading."""
        if self._waits:
            self._again = True
            return
        self._waits = True
        self._read(max(PAGE, self._loaded()), fresh=False)

    def read_more(self) -> None:
        """Ask for the rows behind the loaded ones."""
        key, question, ctx, chosen = self._next_key, self._question, self._ctx, self.chosen
        wish = self._wish
        if key is None:
            return

        def work() -> Page | None:
            if question != self._question:
                return None
            return order_page(ctx.store, chosen, ctx.config.targets, after=key)

        def done(page: Page | None) -> None:
            if page is not None and question == self._question and wish == self._wish:
                self._next_key = page.next_key
                self.more.emit(page)

        ctx.tasks.run(work, done, owner=self)

    def read_at(self, place: int) -> None:
        """Ask for the stretch around a place; the newest wish wins."""
        self._wish += 1
        self.on_the_way = True
        question, wish, before = self._question, self._wish, self.first
        ctx, chosen, anchors = self._ctx, self.chosen, self._anchors
        first = max(0, min(place - _BEFORE, anchors.total - _STRETCH))
        limit = _STRETCH
        if anchors.total <= HEAD:
            first, limit = 0, HEAD

        def work() -> Page | None:
            if question != self._question or wish != self._wish:
                return None
            return page_at(ctx.store, chosen, ctx.config.targets, anchors, first, limit)

        def done(page: Page | None) -> None:
            if page is None or question != self._question or wish != self._wish:
                return
            self.on_the_way = False
            if not page.rows and first:
                self._count(first)
                self.read_at(first - 1)  # the list has become shorter meanwhile
                return
            self.first, self._next_key = first, page.next_key
            end = first + len(page.rows)
            if page.next_key is None or end >= anchors.total:
                self._count(end + (page.next_key is not None))
            self.moved.emit(Stretch(first, before, page))

        ctx.tasks.run(work, done, failed=lambda error: self._fail(error, question), owner=self)

    def _count(self, total: int) -> None:
        self._anchors = replace(self._anchors, total=total)

    def _read_anchors(self, question: int) -> None:
        """Learn how long the list is, a little at a time: other jobs go in between."""
        ctx, chosen, known = self._ctx, self.chosen, self._anchors

        def work() -> Anchors | None:
            return more_anchors(ctx.store, chosen, known) if question == self._question else None

        def done(found: Anchors | None) -> None:
            if found is not None and question == self._question:
                self._anchors = found
                self.sized.emit()
                if not found.whole:
                    self._read_anchors(question)

        ctx.tasks.run(work, done, owner=self)

    def _read(self, limit: int, *, fresh: bool) -> None:
        ctx, chosen, question = self._ctx, self.chosen, self._question
        store, config, first, anchors = ctx.store, ctx.config, self.first, self._anchors
        day = start_of_day(ctx.clock(), ctx.zone)

        def work() -> ListState | None:
            if question != self._question:
                return None  # somebody typed on; the next job answers
            with store.snapshot():
                return ListState(
                    page=page_at(store, chosen, config.targets, anchors, first, limit)
                    if first
                    else order_page(store, chosen, config.targets, limit=limit),
                    counts=counts(store, day),
                    summary=sync_summary(store),
                    hidden=hidden_by_filters(store, chosen),
                    any_orders=total_orders(store) > 0,
                    fresh=fresh,
                )

        ctx.tasks.run(
            work,
            lambda state: self._take(state, question, first),
            failed=lambda error: self._fail(error, question),
            owner=self,
        )

    def _take(self, state: ListState | None, question: int, first: int) -> None:
        if state is None or question != self._question:
            return
        self._waits = self.anew = False
        short = not state.fresh and state.page.next_key is not None and len(state.page.rows) < self._loaded()
        short = short or first != self.first
        if not short:
            self._next_key = state.page.next_key
            self.arrived.emit(state)
            if state.fresh and self._next_key is not None and not self.chosen.search:
                self._read_anchors(question)
        if self._again or short:  # short: another page or stretch came while this one was read
            self._again = False
            self.refresh()

    def _crashed(self, _error: BaseException) -> None:
        self._waits = (
            False  # whichever job it was: the next wish must not wait for an answer that never comes
        )

    def _fail(self, error: PosError, question: int) -> None:
        if question == self._question:
            self._waits = self.on_the_way = False
            self.failed.emit(error)
