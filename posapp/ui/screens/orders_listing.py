"""Which orders the Orders screen lists: tab, search, sort and filters, and how the list follows changes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import DatabaseAwayError, PosError
from posapp.storage.queries import filter_choices
from posapp.storage.rows import FilterChoices, OrderFilter, OrderRow, Page, Sort, Tab
from posapp.ui.away.rows import LastRows
from posapp.ui.away.words import no_row
from posapp.ui.context import Context
from posapp.ui.screens.orders_desk import OrderDesk
from posapp.ui.screens.orders_filters import FilterPanel
from posapp.ui.screens.orders_head import OrdersHead
from posapp.ui.screens.orders_list import OrdersColumn
from posapp.ui.screens.orders_long import LongList
from posapp.ui.screens.orders_reader import ListState, OrdersReader


class OrdersListing(QObject):
    """Asks for lists and puts the answers on the screen; `looked` gives each answer to the page."""

    looked = Signal(object)  # ListState
    list_wanted = Signal()

    def __init__(
        self, ctx: Context, head: OrdersHead, filters: FilterPanel, column: OrdersColumn, desk: OrderDesk
    ) -> None:
        super().__init__(desk)
        self._ctx, self._head, self._filters = ctx, head, filters
        self._column, self._desk = column, desk
        self.reader = OrdersReader(ctx, column.model.rowCount, self)
        self.long = LongList(column.model, column.view, self.reader, lambda: desk.selected, self)
        self._last = LastRows()
        self._let_in = False
        self._wanted: int | None = None
        self._before_search: int | None = None
        self.reader.arrived.connect(self._arrived)
        self.reader.more.connect(self._more)
        self.reader.failed.connect(self._failed)
        desk.commands.row_changed.connect(lambda row: self._last.note([row]))
        column.view.left.connect(self.reader.refresh)
        column.model.more_wanted.connect(self.reader.read_more)
        column.searched.connect(self._search_typed)
        column.sorted_by.connect(self._sort)
        column.retry_wanted.connect(self.ask)
        column.clear_wanted.connect(filters.clear)
        column.banners.show_arrivals.connect(self._show_arrivals)
        column.banners.show_hidden.connect(filters.clear)
        head.tabs.chosen.connect(lambda _key: self._tab_chosen())
        head.filters_button.clicked.connect(self._toggle_filters)
        filters.changed.connect(self._filters_changed)

    def find(self, pk: int) -> None:
        """Show the list of all active orders with this one selected, as far as it is among them."""
        self._wanted = pk
        self.clear_search()
        self._filters.clear()
        self._head.tabs.set_current(Tab.ACTIVE)
        self.ask()

    def _filter(self) -> OrderFilter:
        chosen = OrderFilter(
            tab=Tab(self._head.tabs.current_key),
            search=self._column.search.text(),
            sort=self.reader.chosen.sort,
        )
        return self._filters.apply(chosen, self._ctx.zone)

    def ask(self) -> None:
        """Ask for the list that tabs, search and filters describe."""
        self._column.wait()
        self.reader.show(self._filter())

    def _arrived(self, state: ListState) -> None:
        self._show_around(state)
        self._desk.forget_kept()
        chosen = self.reader.chosen
        whole = (
            chosen.tab is Tab.ACTIVE and not chosen.search and not chosen.narrowed and not self.reader.first
        )
        (self._last.begin if whole else self._last.note)(state.page.rows)
        model, view = self._column.model, self._column.view
        if state.fresh:
            model.replace(state.page.rows)
            view.scrollToTop()
            self._choose_first(state)
        else:
            self._merge(state.page.rows)
        model.set_more(more=self.reader.appends)
        if model.rowCount():
            self._column.show_list()
        else:
            self._column.show_empty(self.reader.chosen, state.hidden)

    def _show_around(self, state: ListState) -> None:
        ctx = self._ctx
        self._head.show_counts(state.counts)
        self.looked.emit(state)
        known = {remote.name for remote in ctx.config.remotes}
        self._column.banners.show_summary(state.summary, known, ctx.clock(), ctx.zone)
        self._column.banners.show_hidden_count(state.hidden if state.page.rows else 0)

    def _choose_first(self, state: ListState) -> None:
        """Select in a new list: what was asked for, what was open, else its first order."""
        pks = [row.pk for row in state.page.rows]
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._desk.select(wanted)
        elif self._desk.selected in pks:
            self._column.view.show_current(self._desk.selected)
        elif pks:
            self._desk.select(pks[0])
        elif self.reader.chosen.search == "":
            self._desk.select(None)

    def _merge(self, rows: tuple[OrderRow, ...]) -> None:
        """Patch the list in place; new orders wait while the pointer is inside it."""
        model, view = self._column.model, self._column.view
        known = {row.pk for row in model.rows}
        waiting = 0
        let_in, self._let_in = self._let_in, False
        if known and view.pointer_inside() and not let_in:
            held = [row for row in rows if row.pk not in known and row.unacknowledged]
            waiting = len(held)
            rows = tuple(row for row in rows if row not in held)
        self._column.banners.show_arrivals_count(waiting)
        before = model.place_of(self._desk.selected)
        model.merge(rows)
        view.show_current(self._desk.selected)
        after = model.place_of(self._desk.selected)
        if before != after and after >= 0:
            self._desk.guard()
        if self._desk.selected is None and rows:
            self._desk.select(rows[0].pk)

    def _more(self, page: Page) -> None:
        self._column.model.append(page.rows)
        self._column.model.set_more(more=self.reader.appends)

    def _failed(self, error: PosError) -> None:
        if not isinstance(error, DatabaseAwayError):
            self._column.show_error(error)
        elif self.reader.anew:
            self._show_last()
        else:
            self._column.show_list()

    def _show_last(self) -> None:
        """Show what was loaded last of the list that is asked for."""
        rows = self._last.matching(self.reader.chosen)
        self._column.model.replace(rows)
        self._column.model.set_more(more=False)
        if rows:
            self._column.show_list()
            if self._desk.selected not in {row.pk for row in rows}:
                self._desk.select(rows[0].pk)
        else:
            self._column.show_error(no_row())

    def _show_arrivals(self) -> None:
        self._let_in = True
        if self.reader.first:
            self.reader.read_at(0)
        self._column.view.scrollToTop()
        self.reader.refresh()

    def _tab_chosen(self) -> None:
        self.clear_search()
        self.list_wanted.emit()
        self.ask()

    def _sort(self, value: str) -> None:
        self._column.show_sort(Sort(value))
        self._column.wait()
        self.reader.show(replace(self._filter(), sort=Sort(value)))

    def _search_typed(self, text: str) -> None:
        if text and self.reader.chosen.search == "":
            self._before_search = self._desk.selected
        elif not text:
            self._wanted, self._before_search = self._before_search, None
        self.ask()

    def clear_search(self) -> None:
        """Empty the search field without asking for another list."""
        self._before_search = None
        blocked = self._column.search.blockSignals(True)
        self._column.search.clear()
        self._column.search.blockSignals(blocked)

    def _toggle_filters(self) -> None:
        is_open = self._filters.isHidden()
        self._filters.setVisible(is_open)
        self._head.show_filters(self._filters.active, is_open=is_open)
        if is_open:
            ctx = self._ctx
            ctx.tasks.run(lambda: filter_choices(ctx.store, ctx.zone), self._offer, owner=self)

    def _offer(self, choices: FilterChoices) -> None:
        self._filters.offer(choices, self._ctx.clock().astimezone(self._ctx.zone).date())

    def _filters_changed(self) -> None:
        self._head.show_filters(self._filters.active, is_open=not self._filters.isHidden())
        self.ask()
