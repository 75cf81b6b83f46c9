"""Reads what the Orders screen shows, in the jobs' thread; the newest question wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.storage.details import sync_summary
from posapp.storage.queries import PAGE, counts, hidden_by_filters, order_page, total_orders
from posapp.storage.rows import Counts, OrderFilter, Page, SyncSummary
from posapp.ui.context import Context


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


class OrdersReader(QObject):
    """Answers with `arrived(ListState)`, `more(Page)` or `failed(PosError)`."""

    arrived = Signal(object)
    more = Signal(object)
    failed = Signal(object)

    def __init__(self, ctx: Context, loaded: Callable[[], int], parent: QObject | None = None) -> None:
        """Read for a list that tells by `loaded` how many rows it holds."""
        super().__init__(parent)
        self._ctx = ctx
        self._loaded = loaded
        self.chosen = OrderFilter()
        self._question = 0
        self._waits = False
        self._again = False
        self._next_key: tuple[int, int] | None = None
        ctx.tasks.crashed.connect(self._crashed)

    @property
    def waits(self) -> bool:
        """Tell whether another list was asked for and has not come yet."""
        return self._waits

    def show(self, chosen: OrderFilter) -> None:
        """Ask for another list."""
        self.chosen = chosen
        self._question += 1
        self._waits = True
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
        if key is None:
            return

        def work() -> Page | None:
            if question != self._question:
                return None
            return order_page(ctx.store, chosen, ctx.config.targets, after=key)

        def done(page: Page | None) -> None:
            if page is not None and question == self._question:
                self._next_key = page.next_key
                self.more.emit(page)

        ctx.tasks.run(work, done, owner=self)

    def _read(self, limit: int, *, fresh: bool) -> None:
        ctx, chosen, question = self._ctx, self.chosen, self._question
        store, config = ctx.store, ctx.config
        day = start_of_day(ctx.clock(), ctx.zone)

        def work() -> ListState | None:
            if question != self._question:
                return None  # somebody typed on; the next job answers
            with store.snapshot():
                return ListState(
                    page=order_page(store, chosen, config.targets, limit=limit),
                    counts=counts(store, day),
                    summary=sync_summary(store),
                    hidden=hidden_by_filters(store, chosen),
                    any_orders=total_orders(store) > 0,
                    fresh=fresh,
                )

        ctx.tasks.run(
            work,
            lambda state: self._take(state, question),
            failed=lambda error: self._fail(error, question),
            owner=self,
        )

    def _take(self, state: ListState | None, question: int) -> None:
        if state is None or question != self._question:
            return
        self._waits = False
        short = not state.fresh and state.page.next_key is not None and len(state.page.rows) < self._loaded()
        if not short:
            self._next_key = state.page.next_key
            self.arrived.emit(state)
        if self._again or short:  # short: another page came while this one was read
            self._again = False
            self.refresh()

    def _crashed(self, _error: BaseException) -> None:
        self._waits = (
            False  # whichever job it was: the next wish must not wait for an answer that never comes
        )

    def _fail(self, error: PosError, question: int) -> None:
        if question == self._question:
            self._waits = False
            self.failed.emit(error)
