"""The list of the last bumped orders: bring one back, or have it made again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.due import wall_clock
from posapp.domain.text import clean_line
from posapp.storage.kitchen_rows import Bumped
from posapp.ui.fonts import BOLD
from posapp.ui.kitchen.sizes import TARGET
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Card, Divider
from posapp.ui.widgets.text import PlainLabel

_SHOWN = 6


class RecallPanel(Card):
    """A card over the board; it closes with a choice, with Esc, and with a touch beside it."""

    recalled = Signal(int, str, bool)  # the order, its code, whether it is to be made again

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, padding=16, spacing=6)
        self.setObjectName("kitchenRecallPanel")
        self.setAccessibleName(self.tr("Last bumped orders"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: list[QWidget] = []
        self.column.addWidget(PlainLabel(self.tr("Bring back"), px=20, weight=BOLD))
        self.hide()

    def show_orders(self, orders: tuple[Bumped, ...], zone: ZoneInfo) -> None:
        """Show the last bumped orders, the latest first."""
        for row in self._rows:
            self.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for order in orders[:_SHOWN]:
            for widget in (Divider(), self._row(order, zone)):
                self.column.addWidget(widget)
                self._rows.append(widget)
        self.adjustSize()

    def _row(self, order: Bumped, zone: ZoneInfo) -> QWidget:
        code = f"#{order.code}" if order.code.isdigit() else order.code
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(f"{code} · {wall_clock(order.at, zone)}", px=20, weight=BOLD))
        more = self.tr("%1 pieces").replace("%1", str(order.items))
        about = " · ".join(part for part in (clean_line(order.title), more, clean_line(order.actor)) if part)
        words.addWidget(PlainLabel(about, px=15, tone="text2", elide=True))
        back = Button(self.tr("Bring back"), look=ButtonLook.SECONDARY, height=TARGET, px=18)
        back.setAccessibleName(self.tr("Bring %1 back").replace("%1", code))
        back.setObjectName("kitchenBringBackButton")
        back.clicked.connect(lambda: self._choose(order, again=False))
        again = Button(self.tr("Make again"), look=ButtonLook.QUIET, height=TARGET, px=18)
        again.setAccessibleName(self.tr("Make %1 again").replace("%1", code))
        again.setObjectName("kitchenMakeAgainButton")
        again.clicked.connect(lambda: self._choose(order, again=True))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 2, 0, 2)
        line.addLayout(words, 1)
        line.addWidget(again)
        line.addWidget(back)
        return row

    def _choose(self, order: Bumped, *, again: bool) -> None:
        self.hide()
        self.recalled.emit(order.pk, order.code, again)

    def open_at(self, right: QPoint, room: QSize) -> None:
        """Open with the upper right corner here."""
        width = min(620, room.width() - 40)
        height = min(self.sizeHint().height(), room.height() - right.y() - 12)
        self.setGeometry(max(20, right.x() - width), right.y(), width, height)
        self.show()
        self.raise_()
