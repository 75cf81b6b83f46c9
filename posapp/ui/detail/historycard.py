"""The card that tells an order's history, closed until somebody wants to know."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.storage.rows import OrderDetail
from posapp.ui.delegates.age import clock_text
from posapp.ui.detail.cards import clear_layout, put
from posapp.ui.detail.texts import breakable
from posapp.ui.eventwords import HistoryLine, history
from posapp.ui.fonts import text_width
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.text import PlainLabel

_MOST = 60


class HistoryCard(Card):
    """A heading that opens and closes the lines below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=12, spacing=6)
        self.setObjectName("orderHistory")
        self._open, self._by_person = False, False
        self._told: tuple[HistoryLine, ...] = ()
        self._now: datetime | None = None
        self._zone: ZoneInfo | None = None
        self.button = Button(self.tr("History"), look=ButtonLook.QUIET, icon="caret-right-bold", height=32)
        self.button.setObjectName("historyButton")
        self.button.clicked.connect(self.toggle)
        self._last = PlainLabel("", px=13, tone="text2", elide=True)
        self._last.setMinimumWidth(40)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.button)
        head.addWidget(self._last, 1)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(5)
        self.column.setContentsMargins(6, 5, 15, 5)
        self.column.addLayout(head)
        self.column.addLayout(self._lines)

    def show_detail(self, detail: OrderDetail, now: datetime, zone: ZoneInfo) -> None:
        """Show an order's history."""
        self._told, self._now, self._zone = history(detail, now, zone), now, zone
        self._show()

    def toggle(self) -> None:
        """Open or close the card, as a person does."""
        self._by_person = True
        self._open = not self._open
        self._show()

    def suggest(self, *, is_open: bool) -> None:
        """Open the card where there is room for it, unless a person has chosen."""
        if not self._by_person and is_open != self._open:
            self._open = is_open
            self._show()

    def _show(self) -> None:
        self.button.set_icon_name("caret-down-bold" if self._open else "caret-right-bold")
        state = self.tr("open") if self._open else self.tr("closed")
        self.button.setAccessibleName(f"{self.tr('History')}, {state}")
        clear_layout(self._lines)
        if self._told and not self._open:
            newest = self._told[0]
            self._last.setText(f"{self._clock(newest.at)}  {newest.text}")
        else:
            self._last.setText("")
        if self._open:
            for line in self._told[:_MOST]:
                put(self._lines, self._line(line))

    def _clock(self, moment: datetime) -> str:
        if self._now is None or self._zone is None:
            return ""
        return clock_text(moment, self._now, self._zone)

    def _line(self, line: HistoryLine) -> QWidget:
        theme = current_theme()
        text = self._clock(line.at)
        time = PlainLabel(text, px=13, tone="text3")
        time.setFixedWidth(max(theme.px(46), text_width(text, theme.px(13)) + 6))
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(10, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(breakable(line.text), px=13, wrap=True), 1)
        row.addWidget(PlainLabel(line.who, px=13, tone="text3"), 0, Qt.AlignmentFlag.AlignTop)
        return made
