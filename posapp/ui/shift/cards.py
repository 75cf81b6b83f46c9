"""What a shift took so far: the drawer, the takings, and the orders in hand."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.shift import MoveKind, ShiftReport
from posapp.ui.shift.words import custody_text, signed_text, sum_text
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.card import Card, Divider, KeyValue, SectionTitle
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import payment_method_word

Line = tuple[str, str, bool]  # the name, the value, and whether it is a sum of others


class Lines(QWidget):
    """Names and values below each other, exchanged as a whole."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)
        self._shown: tuple[Line | None, ...] = ()

    def show_lines(self, lines: Iterable[Line | None]) -> None:
        """Show these; None is a line across."""
        shown = tuple(lines)
        if shown == self._shown:
            return
        self._shown = shown
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in shown:
            row = Divider() if line is None else KeyValue(line[0], line[1], px=14, strong=line[2], wrap=True)
            self._column.addWidget(row)

    @property
    def text(self) -> str:
        """Return what is shown, a pair a line."""
        return "\n".join(f"{line[0]}: {line[1]}" for line in self._shown if line is not None)


class DrawerCard(Card):
    """What should be in the drawer, and how it comes to that; its buttons are added by the panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=18, spacing=10)
        self.title = SectionTitle(self.tr("Shift"), "", "money-fill")
        self.lines = Lines("drawerLines")
        self.column.addWidget(self.title)
        self.column.addWidget(self.lines)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.column.addLayout(self.buttons)

    def show_report(self, report: ShiftReport, since: str) -> None:
        """Show how the drawer stands."""
        code = report.currency
        self.title.remark.setText(since)
        cash = [each for each in report.figures.methods if each.method == "cash"]
        lines: list[Line | None] = [
            (self.tr("At the beginning"), sum_text(report.opening_float, code), False),
        ]
        for each in cash:
            taken = each.sales + each.tips
            lines.append((self.tr("Cash from sales"), sum_text(taken, code), False))
            if each.refunds:
                lines.append((self.tr("Given back in cash"), signed_text(-each.refunds, code), False))
            if each.rounding:  # of sales and of what was given back
                lines.append((self.tr("Rounding"), signed_text(each.rounding, code), False))
        for move in report.moves:
            into = move.kind is MoveKind.IN
            name = (self.tr("In: %1") if into else self.tr("Out: %1")).replace("%1", move.reason)
            lines.append((name, signed_text(move.amount if into else -move.amount, code), False))
        lines += [None, (self.tr("Should be in the drawer"), sum_text(report.expected_cash, code), True)]
        self.lines.show_lines(lines)


class TakingsCard(Card):
    """Sales, discounts, taxes, payments, what was given back and cancelled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=18, spacing=10)
        self.column.addWidget(SectionTitle(self.tr("Sold at this counter"), "", "receipt-fill"))
        self.lines = Lines("takingsLines")
        self.column.addWidget(self.lines)

    def show_report(self, report: ShiftReport) -> None:
        """Show what was taken."""
        code, figures = report.currency, report.figures
        lines: list[Line | None] = [
            (self.tr("Sales"), str(figures.sale_count), False),
            (self.tr("Before discounts"), sum_text(figures.gross, code), False),
        ]
        lines.extend(
            (share.name or self.tr("Discount"), signed_text(-share.amount, code), False)
            for share in figures.discounts
        )
        if figures.delivery:
            lines.append((self.tr("Delivery"), sum_text(figures.delivery, code), False))
        lines.append((self.tr("Total"), sum_text(figures.total, code), True))
        for tax in figures.taxes:
            name = self.tr("including tax %1 %").replace("%1", f"{tax.percent:f}")
            lines.append((name, sum_text(tax.tax, code), False))
        lines.append(None)
        for each in figures.methods:
            name = self.tr("%1: %2 payments") if each.count != 1 else self.tr("%1: 1 payment")
            name = name.replace("%1", payment_method_word(each.method)).replace("%2", str(each.count))
            lines.append((name, sum_text(each.sales, code), False))
        for share in report.refund_reasons:
            name = self.tr("Given back: %1").replace("%1", share.name)
            lines.append((name, sum_text(share.amount, code), False))
        if report.cancelled_count:
            name = self.tr("Cancelled orders: %1").replace("%1", str(report.cancelled_count))
            lines.append((name, sum_text(report.cancelled_total, code), False))
        if report.unpaid_count:
            name = self.tr("Not paid yet: %1").replace("%1", str(report.unpaid_count))
            lines.append((name, sum_text(report.unpaid_total, code), False))
        self.lines.show_lines(lines)


class OrdersCard(Card):
    """The ledger of the orders in hand since the shift began."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=18, spacing=10)
        self.column.addWidget(SectionTitle(self.tr("Orders in hand"), "", "sigma-bold"))
        self.lines = Lines("custodyLines")
        self.verdict = Banner(BannerTone.OK)
        self.verdict.setObjectName("shiftCustody")
        self.queue = PlainLabel("", px=13, tone="text2", wrap=True)
        for widget in (self.lines, self.verdict, self.queue):
            self.column.addWidget(widget)

    def show_report(self, report: ShiftReport) -> None:
        """Show whether every order is accounted for."""
        found = report.custody
        lines: list[Line | None] = [
            (self.tr("Open when it began"), str(found.carried), False),
            (self.tr("Came in"), str(found.arrived), False),
        ]
        if found.reopened:
            lines.append((self.tr("Taken up again"), str(found.reopened), False))
        lines += [
            (self.tr("Delivered"), f"−{found.delivered}" if found.delivered else "0", False),
            (self.tr("Cancelled"), f"−{found.cancelled}" if found.cancelled else "0", False),
            (self.tr("Still open"), str(found.open), True),
        ]
        self.lines.show_lines(lines)
        tone = BannerTone.OK if found.is_sound else BannerTone.DANGER
        self.verdict.show_text(custody_text(found), tone=tone)
        waiting = report.queue_waiting
        words = self.tr("1 change is on its way to a shop.")
        if waiting != 1:
            words = self.tr("%1 changes are on their way to the shops.").replace("%1", str(waiting))
        if not waiting:
            words = self.tr("Nothing waits to be sent to a shop.")
        people = self.tr("%1 need a person.").replace("%1", str(report.queue_attention))
        self.queue.setText(f"{words} {people}" if report.queue_attention else words)
