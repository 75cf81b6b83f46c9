"""The line under the choices: what the order comes to then, and what is to be collected."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.services.conflict_case import ConflictCase, Outcome
from posapp.ui import fonts
from posapp.ui.detail.moneyfacts import sum_text
from posapp.ui.icons import paint_icon
from posapp.ui.moneytext import money_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

translate = QCoreApplication.translate


def result_text(case: ConflictCase, found: Outcome, *, decided: bool) -> tuple[str, str, str]:
    """Return the line in three parts: a word, the total, and the rest."""
    if not decided:
        return (
            translate("sync", "Nothing is decided yet."),
            "",
            translate("sync", "Ask the customer if in doubt."),
        )
    total = money_text(case.money.total, case.currency)
    if found.total is not None:
        total = sum_text(found.total, case.currency)
    rest = [_collect_text(case.currency, found)]
    if found.counted:
        rest.append(translate("sync", "counted here, the shop decides about its total"))
    return translate("sync", "Result: total"), total, " · ".join(part for part in rest if part)


def _collect_text(currency: str, found: Outcome) -> str:
    collect = found.collect
    if collect.amount is None:
        return translate("sync", "what is to be collected is not known")
    if not collect.amount:
        return translate("sync", "nothing to collect")
    text = (
        translate("sync", "cash to collect: %1")
        if collect.cash
        else translate("sync", "still to be paid: %1")
    )
    text = text.replace("%1", sum_text(collect.amount, currency))
    if collect.too_little and collect.change is not None:
        short = translate("sync", "the customer's note is %1 short")
        return f"{text} · {short.replace('%1', sum_text(-collect.change, currency))}"
    if collect.change:
        back = translate("sync", "change to bring: %1").replace("%1", sum_text(collect.change, currency))
        return f"{text} · {back}"
    return text


class ResultLine(Painted):
    """A tinted line with an icon, a word, a strong sum and the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultLine")
        self._word = PlainLabel("", px=14)
        self._sum = PlainLabel("", px=16, weight=fonts.BOLD)
        self._rest = PlainLabel("", px=13, tone="text2", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(20 + current_theme().px(18), 8, 14, 8)
        row.setSpacing(8)
        row.addWidget(self._word)
        row.addWidget(self._sum)
        row.addWidget(self._rest, 1)

    @property
    def text(self) -> str:
        """Return the whole line."""
        return " ".join(label.text() for label in (self._word, self._sum, self._rest) if label.text())

    def show_words(self, word: str, total: str, rest: str) -> None:
        """Show a line."""
        self._word.setText(word)
        self._sum.setText(total)
        self._sum.setVisible(bool(total))
        self._rest.setText(f"· {rest}" if total and rest else rest)
        self.setAccessibleName(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.control, theme.palette.accent_tint)
        size = theme.px(18)
        box = QRect(12, (self.height() - size) // 2, size, size)
        paint_icon(painter, box, "info-fill", theme.palette.accent)
        painter.end()
