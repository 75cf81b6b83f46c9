"""An order on the road, as one line: code, where to, how long, and the button that ends it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.domain.status import Status
from posapp.domain.timing import Age
from posapp.storage.dispatch import DispatchRow
from posapp.ui.delegates.rowtext import code_text
from posapp.ui.delivery.words import money_line, returned_text, road_text, spoken_row, timer_of
from posapp.ui.fonts import BOLD, SEMIBOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import ButtonLook, IconButton, secondary_button
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.chip import SMALL, Chip
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_BAND = 4


class RoadRow(Painted):
    """A row that takes the focus; `ended` means delivered, or back at the shop for a cancelled order."""

    ended = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row: DispatchRow | None = None
        self._by_keyboard = False
        self._level = Age.OK
        self._code = PlainLabel("", weight=BOLD)
        self._chip = Chip.of_status(Status.CANCELLED, size=SMALL)
        self._chip.hide()
        self._place = PlainLabel("", px=13, tone="text2", elide=True)
        self._money = PlainLabel("", px=12, tone="text2")
        self._late = Icon("warning-octagon-fill", size=15, tone="danger")
        self._late.hide()
        self._age = PlainLabel("", px=13, weight=SEMIBOLD, tone="text2")
        self.end = secondary_button("", icon="seal-check-fill", height=36)
        self.more = IconButton("dots-three-bold", "", quiet=True)
        self.end.clicked.connect(self._ended)
        self.more.clicked.connect(self._open_menu)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 2, 4)
        line.setSpacing(9)
        line.addWidget(self._code)
        line.addWidget(self._chip)
        line.addWidget(self._place, 1)
        line.addWidget(self._money)
        line.addSpacing(6)
        line.addWidget(self._late)
        line.addWidget(self._age)
        line.addWidget(self.end)
        line.addWidget(self.more)

    def show_row(self, row: DispatchRow, now: datetime, zone: ZoneInfo, holder: str) -> None:
        """Show an order that `holder` has."""
        self.row = row
        order = row.order
        cancelled = row.stopped or order.status == Status.CANCELLED
        money = money_line(row)
        self._code.setText(code_text(order))
        self._chip.setVisible(cancelled)
        self._place.setText(road_text(row))
        self._money.setText(returned_text(row) if cancelled else money.text)
        self._money.set_tone("text2" if cancelled else money.tone)
        self._show_end(row)
        self.end.setAccessibleName(f"{self.end.label} {order.code}")
        self.end.setObjectName(f"end_{order.pk}")
        self.more.set_name(self.tr("More for order %1").replace("%1", order.code))
        self.more.setObjectName(f"more_{order.pk}")
        self.more.setVisible(not cancelled)
        timer = timer_of(row, now, zone)
        self._level = Age.LATE if row.stopped else Age.OK if cancelled else timer.level
        self._age.setText("" if cancelled else timer.age)
        self._age.set_tone("danger_text" if self._level is Age.LATE else "text2")
        self._late.setVisible(self._level is Age.LATE and not cancelled)
        self.setAccessibleName(spoken_row(row, now, zone, holder))
        self.update()

    def _show_end(self, row: DispatchRow) -> None:
        """Show what ends the ride; what the shop alone cancelled is decided at its order."""
        back = row.order.status == Status.CANCELLED
        words = self.tr("Brought back") if back else self.tr("Delivered")
        self.end.setText(self.tr("Decide") if row.stopped else words)
        icon = "arrow-u-up-left" if back else "seal-check-fill"
        self.end.set_icon_name("prohibit-fill" if row.stopped else icon)
        self.end.set_look(ButtonLook.DANGER_FILL if row.stopped else ButtonLook.SECONDARY)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(current_theme().px(46), current_theme().control + 6))

    def _ended(self) -> None:
        if self.row is not None:
            self.ended.emit(self.row.order.pk)

    def _open_menu(self) -> None:
        if self.row is not None:
            corner = self.more.mapToGlobal(QPoint(0, self.more.height() + 2))
            self.menu_wanted.emit(self.row.order.pk, corner)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.row is not None:
            self.menu_wanted.emit(self.row.order.pk, event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Taken here, or the window would take the focus away from the row that was just given it.
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        p = smooth(self)
        if self.hasFocus():
            rounded(p, self.rect(), theme.radius.control, c.selected)
            if self._by_keyboard:
                rounded(p, self.rect(), theme.radius.control, None, c.focus, 2)
        if self._level is Age.LATE:
            p.fillRect(QRect(0, 6, _BAND, self.height() - 12), c.danger)
        p.end()
