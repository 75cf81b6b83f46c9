"""The Reports screen: what was sold in a span of days, and the shift of this station's drawer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.domain.report_span import Span, SpanKind, span_of
from posapp.domain.report_summary import Summary, as_csv, currency_for, summary_of
from posapp.printing.sales_report import lay_out_sales_report, sales_report_title
from posapp.services.exporting import check_export
from posapp.storage.feed import Change, Topic
from posapp.storage.reports import Counts, ReportFilter, Wanted
from posapp.ui.context import Context
from posapp.ui.dialogs.document import DocumentDialog, Paper
from posapp.ui.history.panel import HistoryPanel
from posapp.ui.keys import is_ctrl
from posapp.ui.reports import head
from posapp.ui.reports.board import SalesBoard
from posapp.ui.reports.export import write_csv
from posapp.ui.reports.head import HISTORY, SHIFT, ReportHead
from posapp.ui.reports.rangedialog import RangeDialog
from posapp.ui.reports.reader import ReportReader
from posapp.ui.reports.words import shop_text, span_text
from posapp.ui.shift.panel import ShiftPanel
from posapp.ui.theme import current_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.paintkit import Painted, smooth
from posapp.ui.words import source_word

_TOPICS = frozenset({Topic.ORDERS, Topic.SALES})
_MARGIN = 20
# After a change the report is counted again, soon for a day, later for many.
_SOON_MS, _LATER_MS = 1_500, 20_000
_SLOW_MS = 300  # how long a reading takes before it says so


class ReportsPage(Painted):
    """The screen; `told` is what the window says beside its title."""

    told = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reportsPage")
        self.setAccessibleName(self.tr("Reports"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ctx = ctx
        self._kind, self._range = SpanKind.TODAY, (date.min, date.min)
        self._counts: Counts | None = None
        self.summary: Summary | None = None
        self._is_shown = False
        self._reader = ReportReader(ctx, self)
        self.head, self.board, self.shift = ReportHead(), SalesBoard(), ShiftPanel(ctx)
        self.history = HistoryPanel(ctx)
        self.trouble = Banner(BannerTone.DANGER)
        self.trouble.setObjectName("reportTrouble")
        self.trouble.set_action(self.tr("Try again"))
        self.trouble.hide()
        self._lay_out()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.refresh)
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self._next_minute)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._connect()
        self.head.show_span(self._kind)

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.shift)
        self.stack.addWidget(self.history)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 12, _MARGIN, 14)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.trouble)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self._reader.arrived.connect(self._put)
        self._reader.failed.connect(self._failed)
        self._reader.went_on.connect(self._went_on)
        self.trouble.triggered.connect(self.refresh)
        self.head.tab_chosen.connect(self.show_tab)
        self.head.span_chosen.connect(self._choose_span)
        self.head.changed.connect(self._filtered)
        self.head.print_wanted.connect(self.print_summary)
        self.head.export_wanted.connect(self._export)
        self._ctx.feed.changed.connect(self._heard)
        self._ctx.config_changed.connect(self._configured)

    # ------------------------------------------------------------------------------ what the window asks

    def shown(self) -> None:
        """Come to the front: count anew."""
        self._is_shown = True
        self._minute.start()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()
        self.shift.refresh()
        if self.head.tab.value() == HISTORY:
            self.history.refresh()

    def hidden(self) -> None:
        """Count nothing while another screen is in front."""
        self._is_shown = False
        self._minute.stop()
        self._again.stop()
        self._reader.stop()

    def toast_anchor(self) -> QWidget:
        """Return the widget over which messages appear."""
        return self

    def focus_search(self) -> None:
        """Go to the choice of days: there is nothing to search here."""
        self.head.tab.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def undo(self) -> None:
        """Do nothing: reports change nothing, and money is taken back by an entry of its own."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key that no field wants; tell whether it meant something here."""
        if is_ctrl(event, "P"):
            if not event.isAutoRepeat():
                self._print()
            return True
        return False

    # ---------------------------------------------------------------------------------------- what is shown

    def show_tab(self, tab: str) -> None:
        """Show the sales, the shift or the history."""
        self.head.show_tab(tab)
        side = {SHIFT: self.shift, HISTORY: self.history}.get(tab, self.board)
        self.stack.setCurrentWidget(side)
        if tab == SHIFT:
            self.shift.refresh()
        elif tab == HISTORY:
            self.history.refresh()
        self._tell()

    def show_shift(self) -> None:
        """Show the shift of this station."""
        self.show_tab(SHIFT)

    def choose_range(self, first: date, last: date) -> None:
        """Show these days."""
        self._kind, self._range = SpanKind.RANGE, (first, last)
        self.head.show_span(self._kind)
        self.refresh()

    def _choose_span(self, value: str) -> None:
        kind = SpanKind(value)
        if kind is SpanKind.RANGE:
            self._ask_range()
            return
        self._kind = kind
        self.head.show_span(kind)
        self.refresh()

    def _ask_range(self) -> None:
        self.head.show_span(self._kind)  # nothing is chosen until both days are
        span = self._span()
        today = self._ctx.clock().astimezone(self._ctx.zone).date()
        dialog = RangeDialog(span.first, span.last, today, self)
        dialog.accepted.connect(lambda: self.choose_range(*dialog.days) if dialog.days else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _span(self) -> Span:
        return span_of(self._kind, self._ctx.clock(), self._ctx.zone, *self._range)

    # -------------------------------------------------------------------------------------------- reading

    def refresh(self) -> None:
        """Count what is chosen; an older reading that is still under way is given up."""
        if not self._is_shown:
            return
        self._again.stop()
        ctx, head = self._ctx, self.head
        chosen = ReportFilter(head.brand.value, head.source.value, head.remote.value)
        self._slow.start()
        self._reader.ask(Wanted(self._span(), ctx.zone, ctx.config.targets, ctx.clock(), chosen))
        self._tell()

    def _heard(self, change: Change) -> None:
        if not self._is_shown or not (change.topics & _TOPICS or change.foreign):
            return
        today = self._counts is None or self._counts.wanted.span.running
        if today and not self._again.isActive():
            self._again.start(_SOON_MS if self._span().days <= 1 else _LATER_MS)

    def _next_minute(self) -> None:
        # Yesterday is another day after midnight.
        if (
            self._counts is None
            or self._counts.wanted.span.running
            or self._counts.wanted.span != self._span()
        ):
            self.refresh()

    def _configured(self, _config: Config) -> None:
        self.refresh()
        self._tell()

    def _went_on(self, done: int, whole: int) -> None:
        if not self._slow.isActive() and done < whole:
            words = self.tr("Counting… %1 of %2 days")
            self.told.emit(words.replace("%1", str(done)).replace("%2", str(whole)))

    def _failed(self, error: PosError) -> None:
        safe = self.tr("The figures could not be counted. Nothing is lost: only the report is missing.")
        self.trouble.show_text(safe, more=str(error), tone=BannerTone.DANGER)
        self.trouble.show()

    def _put(self, counts: Counts) -> None:
        self._counts = counts
        self.trouble.hide()
        self._offer(counts)
        self._show()

    def _filtered(self) -> None:
        # Another currency has been counted already; another brand has not.
        self._show()
        self.refresh()

    def _show(self) -> None:
        counts, head = self._counts, self.head
        if counts is None:
            return
        span, ctx = counts.wanted.span, self._ctx
        usual = ctx.config.sale_rules.currency
        code = currency_for(counts.now or counts.before, head.currency.value, usual)
        words = tuple(chip.words for chip in (head.brand, head.source, head.remote) if chip.value)
        self.summary = summary_of(span, counts.now, counts.before, code, counts.wanted.targets, words)
        today = ctx.clock().astimezone(ctx.zone)
        hour = today.hour if span.running and span.days == 1 else -1
        self.board.show_summary(self.summary, self._kind, hour)
        self._tell()

    def _offer(self, counts: Counts) -> None:
        head, choices = self.head, counts.choices
        head.brand.offer([(name, name) for name in sorted(choices.brands) if name], head.brand.value)
        sources = [(name, source_word(name)) for name in sorted(choices.sources) if name]
        head.source.offer(sources, head.source.value)
        shops = [(name, shop_text(name)) for name in sorted(choices.remotes)]
        head.remote.offer(shops, head.remote.value)
        codes = sorted({*counts.now, *counts.before})
        usual = self._ctx.config.sale_rules.currency
        shown = currency_for(counts.now or counts.before, head.currency.value, usual)
        head.currency.offer([(code, code) for code in codes], shown if len(codes) > 1 else "")
        head.show_tab(head.tab.value())

    def _tell(self) -> None:
        if not self._is_shown:
            return
        if self.head.tab.value() == SHIFT:
            self.told.emit(self._ctx.config.station)
            return
        if self.head.tab.value() == HISTORY:
            self.told.emit(self.tr("everything that was done"))
            return
        now = self._ctx.clock().astimezone(self._ctx.zone)
        self.told.emit(span_text(self._span(), f"{now:%H:%M}"))

    # ----------------------------------------------------------------------------------- print and export

    def _print(self) -> None:
        match self.head.tab.value():
            case head.SALES:
                self.print_summary()
            case head.SHIFT:
                self.shift.print_current()

    def print_summary(self) -> None:
        """Show the report as it comes out on paper."""
        if self.summary is None:
            return
        ctx, summary = self._ctx, self.summary
        document = lay_out_sales_report(summary, ctx.config.station, ctx.clock(), ctx.zone)
        paper = Paper(sales_report_title(summary), document, self._file_name())
        dialog = DocumentDialog(ctx, paper, "", self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _file_name(self) -> str:
        span = self._span()
        return f"posapp-{span.first.isoformat()}" + (f"-{span.last.isoformat()}" if span.days > 1 else "")

    def _export(self) -> None:
        if self.summary is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export CSV"), f"{self._file_name()}.csv", "CSV (*.csv)"
        )
        if name:
            self.export(name)

    def export(self, path: str) -> None:
        """Write the report as a table for spreadsheets."""
        if self.summary is None:
            return
        text = as_csv(self.summary)
        said = self.tr("Saved as %1").replace("%1", Path(path).name)
        ctx, who = self._ctx, self._ctx.who

        def work() -> None:
            check_export(ctx.store, who, Path(path).name)
            write_csv(path, text)

        ctx.tasks.run(work, lambda _: ctx.message.emit(said, None), owner=self)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()
