"""The custody ledger: what came in and was changed in a span, what became of it, and the lists behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.storage.custody import (
    CHANGE_FIGURES,
    ORDER_FIGURES,
    CustodyLedger,
    LostChange,
    changes_of,
    custody_ledger,
    orders_of,
    product_changes_of,
)
from posapp.storage.publishing import product_queue_by_id
from posapp.storage.queries import rows_by_pk
from posapp.storage.sync_center import changes_by_seq
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.away.words import kept_count
from posapp.ui.context import Context
from posapp.ui.delegates.age import clock_text
from posapp.ui.delegates.rowtext import code_text, who
from posapp.ui.sync_center.figurerow import FigureRow
from posapp.ui.sync_center.words import change_title, code_word, who_text
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.options import Option, OptionList
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import status_word

translate = QCoreApplication.translate
T = TypeVar("T")
TODAY, WEEK, MISSING = "today", "week", "missing"
_LISTED = 500


@dataclass(frozen=True, slots=True)
class _Answer:
    """What slow reading came to: a value, or the failure that everybody expects."""

    value: object
    error: PosError | None


class CustodyPanel(QWidget):
    """Reads in a thread of its own, because a long span is slow; `judged` tells whether it adds up."""

    judged = Signal(bool)
    order_wanted = Signal(int)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("custodyPanel")
        self._ctx = ctx
        self._ledger: CustodyLedger | None = None
        self._figure = ""
        self._reading, self._listing = Aside(self), Aside(self)
        self.span = Segmented(self.tr("Span"), ((TODAY, self.tr("Today"), ""), (WEEK, self.tr("7 days"), "")))
        self.span.set_value(TODAY)
        self.span.valueChanged.connect(lambda _: self.refresh())
        self.verdict = Banner(BannerTone.OK)
        self.verdict.setObjectName("custodyVerdict")
        self.figures = {name: FigureRow(text, strong=strong) for name, text, strong in self._names()}
        for name, row in self.figures.items():
            row.setObjectName(f"figure_{name}")
            row.clicked.connect(lambda _=False, name=name: self.open_figure(name))
        self._title = PlainLabel("", px=13, weight=fonts.BOLD, tone="text2")
        self._title.setObjectName("custodyListTitle")
        self.list = OptionList(self.tr("What this figure counts"))
        self.list.setObjectName("custodyList")
        self.list.chosen.connect(self._chosen)
        self._lay_out()

    def _names(self) -> tuple[tuple[str, str, bool], ...]:
        return (
            ("came_in", self.tr("Orders in"), True),
            ("delivered", self.tr("Delivered"), False),
            ("cancelled", self.tr("Cancelled"), False),
            ("gone", self.tr("Closed: the shop lost them"), False),
            ("open", self.tr("Open"), False),
            ("made", self.tr("Changes made"), True),
            ("confirmed", self.tr("The shop has them"), False),
            ("superseded", self.tr("Not needed any more"), False),
            ("waiting", self.tr("Waiting"), False),
            ("person", self.tr("Need a person"), False),
            (MISSING, self.tr("Missing"), True),
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Icon("sigma-bold", size=22))
        head.addWidget(PlainLabel(self.tr("Custody ledger"), px=20, weight=fonts.BOLD))
        head.addStretch(1)
        head.addWidget(self.span)
        told = self.tr(
            "Every order that came in and every change that was made is somewhere. Click a figure."
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        self.figures[MISSING].hide()
        columns = (("came_in", *ORDER_FIGURES), ("made", *CHANGE_FIGURES, MISSING))
        for column, names in enumerate(columns):
            grid.setColumnStretch(column, 1)
            for place, name in enumerate(names):
                grid.addWidget(self.figures[name], place, column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 16)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addWidget(PlainLabel(told, px=13, tone="text2", wrap=True))
        whole.addWidget(self.verdict)
        whole.addLayout(grid)
        whole.addWidget(self._title)
        whole.addWidget(self.list, 1)

    # ------------------------------------------------------------------------------------------- reading

    def refresh(self) -> None:
        """Count again."""
        ctx, span = self._ctx, self.span.value()

        def work() -> CustodyLedger:
            now = ctx.clock()
            start = start_of_day(now, ctx.zone)
            if span == WEEK:
                start = start_of_day(now - timedelta(days=6), ctx.zone)
            return custody_ledger(ctx.store, start, now + timedelta(seconds=1))

        self._aside(self._reading, work, self._put)

    def _aside(self, aside: Aside, work: Callable[[], T], done: Callable[[T], None]) -> None:
        store = self._ctx.store

        def guarded() -> _Answer:
            try:
                return _Answer(work(), None)
            except PosError as error:
                return _Answer(None, error)
            finally:
                store.close_thread()

        def answered(answer: _Answer) -> None:
            if answer.error is not None:
                self._ctx.problem.emit(answer.error)
            else:
                done(answer.value)  # type: ignore[arg-type] # what `work` returned

        aside.run(guarded, answered)

    def _put(self, ledger: CustodyLedger) -> None:
        self._ledger = ledger
        self.figures["came_in"].show_number(ledger.came_in, red=ledger.missing_orders != 0)
        self.figures["made"].show_number(ledger.made, red=ledger.missing_changes != 0)
        for name, count in (*ledger.orders.items(), *ledger.changes.items()):
            self.figures[name].show_number(count)
        lost = self.figures[MISSING]
        lost.show_number(ledger.missing_changes, red=True)
        lost.setVisible(ledger.missing_changes != 0)
        if ledger.missing_changes and not self._figure:
            self._figure = MISSING
        kept = self._ctx.away.kept.all
        beside = f"{kept_count(kept)}." if kept else ""
        if ledger.adds_up:
            self.verdict.show_text(self.tr("It adds up: nothing is lost."), more=beside, tone=BannerTone.OK)
        else:
            text = self.tr(
                "It does not add up: %1. Write a support bundle and tell whoever looks after posapp."
            )
            self.verdict.show_text(text.replace("%1", _missing(ledger)), tone=BannerTone.DANGER)
        self.judged.emit(ledger.adds_up)
        if self._figure:
            self.open_figure(self._figure)

    # ------------------------------------------------------------------------------------------- the list

    def open_figure(self, name: str) -> None:
        """List what a figure counts; of a sum, the parts are the list."""
        self._figure = name
        for each, row in self.figures.items():
            row.setChecked(each == name)
        ledger = self._ledger
        if ledger is None:
            return
        figures = {"came_in": ORDER_FIGURES, "made": CHANGE_FIGURES}.get(name, (name,))
        if name == MISSING:
            self._list([self._missing(one) for one in ledger.lost[:_LISTED]])
        elif set(figures) <= set(ORDER_FIGURES):
            self._aside(self._listing, lambda: self._orders(ledger, figures), self._list)
        else:
            self._aside(self._listing, lambda: self._changes(ledger, figures), self._list)

    def _orders(self, ledger: CustodyLedger, figures: Sequence[str]) -> list[Option]:
        ctx, now, zone = self._ctx, self._ctx.clock(), self._ctx.zone
        pks = [pk for figure in figures for pk in orders_of(ctx.store, ledger, figure, _LISTED)]
        rows = rows_by_pk(ctx.store, sorted(pks, reverse=True)[:_LISTED], ctx.config.targets)
        return [
            Option(
                f"{code_text(row)} · {status_word(row.status)}", who(row),
                clock_text(row.received_at, now, zone), value=row.pk,
            )
            for row in sorted(rows.values(), key=lambda row: -row.pk)
        ]  # fmt: skip

    def _changes(self, ledger: CustodyLedger, figures: Sequence[str]) -> list[Option]:
        ctx, now, zone = self._ctx, self._ctx.clock(), self._ctx.zone
        seqs = [seq for figure in figures for seq in changes_of(ctx.store, ledger, figure, _LISTED)]
        ids = [one for figure in figures for one in product_changes_of(ctx.store, ledger, figure, _LISTED)]
        listed = [
            (
                row.created_at,
                Option(
                    f"{code_word(row.order_code)} · {change_title(row)}",
                    row.reason or row.last_error or who_text(row.actor, row.station),
                    clock_text(row.created_at, now, zone), value=row.order_pk,
                ),
            )
            for row in changes_by_seq(ctx.store, tuple(sorted(seqs, reverse=True)[:_LISTED]))
        ]  # fmt: skip
        listed += [
            (
                item.created_at,
                Option(
                    f"{item.title or item.internal_id} · {self.tr('Product')}",
                    item.reason or item.last_error or who_text(item.actor, item.station),
                    clock_text(item.created_at, now, zone),
                ),
            )
            for item in product_queue_by_id(ctx.store, ids[:_LISTED])
        ]
        listed.sort(key=lambda one: one[0], reverse=True)
        return [option for _, option in listed[:_LISTED]]

    def _missing(self, lost: LostChange) -> Option:
        now, zone = self._ctx.clock(), self._ctx.zone
        words = {
            "status": self.tr("Status"),
            "fields": self.tr("Edit"),
            "product": self.tr("Product"),
            "unlogged": self.tr("Status, without a change that tells of it"),
        }
        name = lost.name if lost.what == "product" else code_word(lost.name)
        if not lost.name:
            name = self.tr("Order that is gone")
        return Option(
            f"{name} · {words[lost.what]}",
            self.tr("It was made here and is in no list any more."),
            clock_text(lost.made_at, now, zone) if lost.made_at is not None else "",
            value=lost.order_pk if lost.name and lost.order_pk else None,
        )

    def _list(self, options: list[Option]) -> None:
        self.list.put(options)
        shown = self.tr("%1 listed, the newest first").replace("%1", str(len(options)))
        self._title.setText(shown if options else self.tr("There are none."))

    def _chosen(self, option: Option) -> None:
        if isinstance(option.value, int):
            self.order_wanted.emit(option.value)


def _missing(ledger: CustodyLedger) -> str:
    """Return what is missing, or too much."""
    say = translate
    parts = []
    for count, one, more in (
        (ledger.missing_orders, say("sync", "1 order is missing"), say("sync", "%1 orders are missing")),
        (ledger.missing_changes, say("sync", "1 change is missing"), say("sync", "%1 changes are missing")),
        (-ledger.missing_orders, say("sync", "1 order is too many"), say("sync", "%1 orders are too many")),
        (
            -ledger.missing_changes,
            say("sync", "1 change is too many"),
            say("sync", "%1 changes are too many"),
        ),
    ):
        if count > 0:
            parts.append((one if count == 1 else more).replace("%1", str(count)))
    return ", ".join(parts)
