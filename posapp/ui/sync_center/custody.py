"""The custody ledger: what came in and was changed in a span, what became of it, and the lists behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.storage.custody import (
    CHANGE_FIGURES,
    ORDER_FIGURES,
    CustodyLedger,
    changes_of,
    custody_ledger,
    orders_of,
)
from posapp.storage.queries import rows_by_pk
from posapp.storage.sync_center import changes_by_seq
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import Context
from posapp.ui.delegates.age import clock_text
from posapp.ui.delegates.rowtext import code_text, who
from posapp.ui.sync_center.words import change_title, code_word, number_text, who_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.options import Option, OptionList
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import status_word

translate = QCoreApplication.translate
T = TypeVar("T")
TODAY, WEEK = "today", "week"
_LISTED = 500


@dataclass(frozen=True, slots=True)
class _Answer:
    """What slow reading came to: a value, or the failure that everybody expects."""

    value: object
    error: PosError | None


class FigureRow(QAbstractButton):
    """A name and its number; a click opens what it counts."""

    def __init__(self, name: str, *, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._number, self._strong, self._red = name, "", strong, False
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def number(self) -> str:
        """Return the number as shown."""
        return self._number

    def show_number(self, number: int, *, red: bool = False) -> None:
        """Show a number, in red where something is wrong."""
        self._number, self._red = number_text(number), red
        self.setAccessibleName(f"{self._name}: {number}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, current_theme().px(34))

    def clipped_texts(self) -> list[str]:
        """Return the name if it does not fit beside the number."""
        theme = current_theme()
        width = fonts.text_width(self._name, theme.px(14), self._weight())
        number = fonts.text_width(self._number, theme.px(14), fonts.SEMIBOLD)
        return [self._name] if width + number + 34 > self.width() else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def _weight(self) -> int:
        return fonts.SEMIBOLD if self._strong else fonts.REGULAR

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.chip, c.focus)
        if self.isChecked() or self.underMouse():
            rounded(painter, box, theme.radius.chip, c.selected if self.isChecked() else c.hover)
        inner = QRect(10, 0, self.width() - 20, self.height())
        ink = c.danger_text if self._red else c.text
        painter.setFont(theme.font(14, self._weight()))
        draw_text(painter, inner, self._name, Qt.AlignmentFlag.AlignLeft, ink)
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        draw_text(painter, inner, self._number, Qt.AlignmentFlag.AlignRight, ink)
        painter.end()


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
            ("open", self.tr("Open"), False),
            ("made", self.tr("Changes made"), True),
            ("confirmed", self.tr("The shop has them"), False),
            ("superseded", self.tr("Not needed any more"), False),
            ("waiting", self.tr("Waiting"), False),
            ("person", self.tr("Need a person"), False),
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
        for column, names in enumerate((("came_in", *ORDER_FIGURES), ("made", *CHANGE_FIGURES))):
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
        if ledger.adds_up:
            self.verdict.show_text(self.tr("It adds up: nothing is lost."), tone=BannerTone.OK)
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
        ctx, now, zone, targets = self._ctx, self._ctx.clock(), self._ctx.zone, self._ctx.config.targets
        figures = {"came_in": ORDER_FIGURES, "made": CHANGE_FIGURES}.get(name, (name,))

        def orders() -> list[Option]:
            pks = [pk for figure in figures for pk in orders_of(ctx.store, ledger, figure, _LISTED)]
            rows = rows_by_pk(ctx.store, sorted(pks, reverse=True)[:_LISTED], targets)
            return [
                Option(
                    f"{code_text(row)} · {status_word(row.status)}", who(row),
                    clock_text(row.received_at, now, zone), value=row.pk,
                )
                for row in sorted(rows.values(), key=lambda row: -row.pk)
            ]  # fmt: skip

        def changes() -> list[Option]:
            seqs = [seq for figure in figures for seq in changes_of(ctx.store, ledger, figure, _LISTED)]
            rows = changes_by_seq(ctx.store, tuple(sorted(seqs, reverse=True)[:_LISTED]))
            return [
                Option(
                    f"{code_word(row.order_code)} · {change_title(row)}",
                    row.reason or row.last_error or who_text(row.actor, row.station),
                    clock_text(row.created_at, now, zone), value=row.order_pk,
                )
                for row in rows
            ]  # fmt: skip

        self._aside(self._listing, orders if set(figures) <= set(ORDER_FIGURES) else changes, self._list)

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
