"""What people do with a shift in the window: the dialogs, the act in the jobs' thread, the word after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.shift import CashMove, Counted, MoveKind, ReportKind, ShiftReport
from posapp.domain.who import Who
from posapp.printing.reports import lay_out_report, report_title
from posapp.services import shifts
from posapp.storage.feed import Change, Topic
from posapp.storage.printing import KEEP
from posapp.storage.shifts import ShiftRow
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.dialogs.document import DocumentDialog, Paper
from posapp.ui.shift.count import CountDialog
from posapp.ui.shift.dialogs import AskDialog, MoveDialog, OpenDialog
from posapp.ui.shift.words import difference_text, sum_text

T = TypeVar("T")
_TOPICS = frozenset({Topic.SALES, Topic.ORDERS})


class ShiftActs(QObject):
    """`done` tells that something is different now."""

    done = Signal()

    def __init__(self, ctx: Context, window: QWidget) -> None:
        super().__init__(window)
        self._ctx, self._window = ctx, window
        self._counting: tuple[ShiftRow, CountDialog] | None = None
        ctx.feed.changed.connect(self._heard)

    def open(self, usual: str) -> None:
        """Ask for the float and open the shift."""
        ctx = self._ctx
        rules, who = ctx.config.sale_rules, ctx.who
        dialog = OpenDialog(rules.currency, usual, self._window)

        def asked() -> None:
            amount = dialog.amount or Decimal(0)
            self._run(
                dialog,
                lambda: shifts.open_shift(ctx.store, amount, rules, who, origin=WINDOW_ORIGIN),
                self._opened,
            )

        self._ask(dialog, asked)

    def _opened(self, shift: ShiftRow) -> None:
        words = self.tr("Shift %1 is open with %2").replace("%1", str(shift.number))
        self._say(words.replace("%2", sum_text(shift.opening_float, shift.currency)))

    def move_cash(self, kind: MoveKind, report: ShiftReport) -> None:
        """Ask for an amount and its reason, and note it."""
        ctx, who = self._ctx, self._ctx.who
        dialog = MoveDialog(kind, report.currency, report.expected_cash, self._window)

        def asked() -> None:
            amount, reason = dialog.amount or Decimal(0), dialog.reason.text()
            self._run(
                dialog,
                lambda: shifts.move_cash(ctx.store, kind, amount, reason, who, origin=WINDOW_ORIGIN),
                lambda move: self._moved(move, report.currency),
            )

        self._ask(dialog, asked)

    def _moved(self, move: CashMove, currency: str) -> None:
        words = self.tr("%1 put in") if move.kind is MoveKind.IN else self.tr("%1 taken out")
        self._say(words.replace("%1", sum_text(move.amount, currency)))

    def x_report(self) -> None:
        """Make an X report and show it as it comes out on paper."""
        ctx, who = self._ctx, self._ctx.who

        def made(report: ShiftReport) -> None:
            self.done.emit()
            self.show_report(report)

        ctx.tasks.run(lambda: shifts.x_report(ctx.store, who, origin=WINDOW_ORIGIN), made, owner=self)

    def close(self, shift: ShiftRow) -> None:
        """Count the drawer against how it stands at this moment, and close the shift."""
        self._ctx.tasks.run(
            partial(_standing, self._ctx, shift), lambda report: self._count(shift, report), owner=self
        )

    def _heard(self, change: Change) -> None:
        """Let a count that is under way know what is sold meanwhile."""
        if self._counting is not None and (change.topics & _TOPICS or change.foreign):
            shift, dialog = self._counting
            self._ctx.tasks.run(partial(_standing, self._ctx, shift), dialog.follow, owner=dialog)

    def _counted(self) -> None:
        self._counting = None

    def _count(self, shift: ShiftRow, report: ShiftReport) -> None:
        ctx, who = self._ctx, self._ctx.who
        # Where people sign in, the service asks for a manager by itself.
        limit = ctx.config.sale_rules.difference_limit
        dialog = CountDialog(report, self._window, ask_manager=not who.sign_in, limit=limit)

        def asked() -> None:
            counted, reason = dialog.counted or Counted(), dialog.reason.text()
            name = dialog.manager.text().strip()
            manager = Who(name, who.station) if name else None
            self._run(
                dialog,
                lambda: shifts.close_shift(
                    ctx.store,
                    counted,
                    who,
                    reason=reason,
                    manager=manager,
                    number=shift.number,
                    limit=limit,
                    origin=WINDOW_ORIGIN,
                ),
                self._closed,
            )

        self._counting = (shift, dialog)
        dialog.finished.connect(self._counted)
        self._ask(dialog, asked)

    def _closed(self, report: ShiftReport) -> None:
        words = self.tr("Shift %1 is closed: %2").replace("%1", str(report.shift))
        self._say(words.replace("%2", difference_text(report)))
        self.show_report(report)

    def show_report(self, report: ShiftReport) -> None:
        """Show a report as it comes out on paper, to be printed."""
        ctx = self._ctx
        title = report_title(report)
        old = ctx.clock() - datetime.fromisoformat(report.made_at) >= KEEP
        text = difference_text(report) if report.kind == ReportKind.Z else ""
        paper = Paper(title, lay_out_report(report, ctx.zone), title.replace(" ", "-"), once=True, old=old)
        dialog = DocumentDialog(ctx, paper, text, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # ------------------------------------------------------------------------------------------ the ways

    def _ask(self, dialog: AskDialog, asked: Callable[[], None]) -> None:
        dialog.asked.connect(asked)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _run(self, dialog: AskDialog, work: Callable[[], T], then: Callable[[T], None]) -> None:
        def done(result: T) -> None:
            dialog.done_well()
            self.done.emit()
            then(result)

        def failed(error: PosError) -> None:
            dialog.refuse(error)
            self.done.emit()

        self._ctx.tasks.run(work, done, failed=failed, owner=dialog)

    def _say(self, text: str) -> None:
        self._ctx.message.emit(text, None)


def _standing(ctx: Context, shift: ShiftRow) -> ShiftReport:
    """Return how a shift stands at this moment."""
    with ctx.store.snapshot():
        return shifts.standing(ctx.store, shift, ctx.who, ctx.clock().isoformat())
