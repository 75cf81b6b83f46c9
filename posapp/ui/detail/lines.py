"""The card of an order's lines and totals."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.storage.rows import LineRow, OrderDetail
from posapp.ui.detail.cards import clear_layout, put
from posapp.ui.detail.moneyfacts import TotalFacts, sum_text, total_facts
from posapp.ui.detail.texts import breakable
from posapp.ui.fonts import BOLD, SEMIBOLD, text_width
from posapp.ui.theme import current_theme
from posapp.ui.widgets.card import Card, Divider, Icon, KeyValue
from posapp.ui.widgets.chip import FACT, Chip, ChipTone
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.text import PlainLabel

_TOP = Qt.AlignmentFlag.AlignTop


class LinesCard(Card):
    """What was ordered, and what it costs as the shop told it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=15, spacing=0)
        self.setObjectName("orderLines")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self._totals = QVBoxLayout()
        self._totals.setSpacing(3)
        self.column.setContentsMargins(15, 10, 15, 10)
        self.column.addLayout(self._lines)
        self.column.addSpacing(6)
        self.column.addLayout(self._totals)

    def show_detail(self, detail: OrderDetail) -> None:
        """Show an order's lines and totals."""
        clear_layout(self._lines)
        for line in detail.lines:
            put(self._lines, _Line(line, detail.row.currency))
            put(self._lines, Divider())
        if not detail.lines:
            put(self._lines, PlainLabel(self.tr("No lines were sent with this order."), tone="text2"))
        clear_layout(self._totals)
        self._show_totals(total_facts(detail))

    def _show_totals(self, facts: TotalFacts) -> None:
        for pair in facts.pairs:
            put(self._totals, KeyValue(pair.name, pair.value, tone=pair.tone, wrap=True))
        if facts.mark:
            put(self._totals, _Mark(facts.mark))
        put(self._totals, _Total(self.tr("Total"), facts.total))


class _Line(QWidget):
    """One line: quantity, title with additions and promotions, sum."""

    def __init__(self, line: LineRow, currency: str) -> None:
        super().__init__()
        theme = current_theme()
        count = PlainLabel(f"{line.quantity}×", weight=SEMIBOLD, tone="text2")
        widest = text_width(f"{line.quantity}×", theme.px(14), SEMIBOLD)
        count.setFixedWidth(max(theme.px(24), widest + 4))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(breakable(line.title or line.internal_id), weight=SEMIBOLD, wrap=True))
        extra = [text for text in (" · ".join(line.additions), line.notes) if text]
        words.addWidget(PlainLabel(breakable("\n".join(extra)), px=13, tone="text2", wrap=True))
        if not extra:
            hide_last(words)
        chips = self._chips(line)
        if chips is not None:
            words.addSpacing(2)
            words.addWidget(chips)
        total = PlainLabel(sum_text(line.total, currency), weight=SEMIBOLD)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(count, 0, _TOP)
        row.addLayout(words, 1)
        row.addWidget(total, 0, _TOP)

    def _chips(self, line: LineRow) -> QWidget | None:
        chips: list[Chip] = []
        if line.promo_title:
            chips.append(Chip(_short(line.promo_title), "tag-fill", ChipTone.OK, size=FACT))
        if line.promo_code:
            text = self.tr("Code %1").replace("%1", _short(line.promo_code))
            chips.append(Chip(text, "", ChipTone.OK, size=FACT))
        if line.paid_in_bonuses:
            chips.append(Chip(self.tr("Paid in bonuses"), "star-fill", ChipTone.ACCENT, size=FACT))
        if not chips:
            return None
        holder = QWidget()
        flow = FlowLayout(holder, spacing=6)
        for chip in chips:
            flow.addWidget(chip)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        return holder


class _Mark(QWidget):
    """The mark of totals that do not follow from what is above them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("doesNotAddUp")
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(7)
        row.addWidget(Icon("warning-fill", size=16, tone="warn"), 0, _TOP)
        row.addWidget(PlainLabel(text, px=13, weight=SEMIBOLD, tone="warn_text", wrap=True), 1)


class _Total(QWidget):
    """The total as received, large."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 2, 0)
        row.addWidget(PlainLabel(name, px=16, weight=SEMIBOLD))
        row.addStretch(1)
        total = PlainLabel(breakable(value), px=20, weight=BOLD)
        total.setObjectName("orderTotal")
        row.addWidget(total)


def hide_last(layout: QVBoxLayout) -> None:
    """Hide the widget added last."""
    item = layout.itemAt(layout.count() - 1)
    widget = item.widget() if item is not None else None
    if widget is not None:
        widget.hide()


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47]}…"
