"""A courier with what is on the road, what they do, and what can be given to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.storage.dispatch import CourierRow, DispatchRow
from posapp.ui.delivery.disc import Disc
from posapp.ui.delivery.roadrow import RoadRow
from posapp.ui.delivery.words import Doing, count_text, doing_of, purse_text
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import ButtonLook, IconButton, quiet_button, secondary_button
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel


class StateMark(Painted):
    """An icon before the word that says what a courier does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._tone = "", ""

    def show_doing(self, doing: Doing) -> None:
        """Wear the icon of what a courier does."""
        self._icon, self._tone = doing.icon, doing.tone
        side = current_theme().px(16)
        self.setFixedSize(side, side)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._icon:
            return
        theme = current_theme()
        p = smooth(self)
        colour = (
            theme.status["ondelivery"].solid
            if self._tone == "ondelivery"
            else theme.palette.by_name(self._tone)
        )
        paint_icon(p, self.rect(), self._icon, colour)
        p.end()


class RoadCard(Painted):
    """A frame around rows on the road; `marked` gives it the border of what Enter would use."""

    ended = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 10, 10, 10)
        self.column.setSpacing(4)
        self._rows: dict[int, RoadRow] = {}

    @property
    def rows(self) -> tuple[RoadRow, ...]:
        """Return the rows from top to bottom."""
        return tuple(self._rows.values())

    def mark(self, *, on: bool) -> None:
        """Wear the border of the one that Enter would use."""
        if on != self._marked:
            self._marked = on
            self.update()

    def show_road(self, rows: Sequence[DispatchRow], now: datetime, zone: ZoneInfo, holder: str) -> None:
        """Show what is on the road, patching what is there."""
        for gone in set(self._rows) - {row.order.pk for row in rows}:
            old = self._rows.pop(gone)
            self.column.removeWidget(old)
            old.hide()
            old.deleteLater()
        for row in rows:
            shown = self._rows.get(row.order.pk)
            if shown is None:
                shown = self._rows[row.order.pk] = RoadRow()
                shown.setObjectName(f"road_{row.order.pk}")
                shown.ended.connect(self.ended)
                shown.menu_wanted.connect(self.menu_wanted)
                self.column.addWidget(shown)
            shown.show_row(row, now, zone, holder)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        p = smooth(self)
        edge = c.accent if self._marked else c.border
        rounded(p, self.rect(), theme.radius.card, c.surface, edge, 2 if self._marked else 1)
        p.end()


class CourierCard(RoadCard):
    """The card of one courier."""

    assign_wanted = Signal(int)
    cash_wanted = Signal(int)
    card_menu_wanted = Signal(int, QPoint)

    def __init__(self, pk: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pk = pk
        self.setObjectName(f"courier_{pk}")
        self.courier: CourierRow | None = None
        self._disc = Disc()
        self._name = PlainLabel("", px=15, weight=SEMIBOLD, elide=True)
        self._mark = StateMark()
        self._state = PlainLabel("", px=13, weight=SEMIBOLD)
        self._line = PlainLabel("", px=13, tone="text2", wrap=True)
        self.cash = quiet_button("", icon="money-fill", height=44)
        self.cash.setObjectName(f"cash_{pk}")
        self.assign = secondary_button("", height=44)
        self.assign.setObjectName(f"assign_{pk}")
        self.more = IconButton("dots-three-bold", "", quiet=True)
        self.more.setObjectName(f"courierMore_{pk}")
        self.cash.clicked.connect(lambda: self.cash_wanted.emit(self.pk))
        self.assign.clicked.connect(lambda: self.assign_wanted.emit(self.pk))
        self.more.clicked.connect(self._open_menu)
        self.column.addLayout(self._head())

    def _head(self) -> QHBoxLayout:
        first = QHBoxLayout()
        first.setSpacing(5)
        first.addWidget(self._name)
        first.addSpacing(6)
        first.addWidget(self._mark)
        first.addWidget(self._state)
        first.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(first)
        words.addWidget(self._line)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._disc)
        head.addLayout(words, 1)
        head.addWidget(self.cash)
        head.addWidget(self.assign)
        head.addWidget(self.more)
        return head

    def show_courier(
        self, courier: CourierRow, road: Sequence[DispatchRow], now: datetime, zone: ZoneInfo
    ) -> None:
        """Show a courier with what they have; cancelled orders among `road` are to be brought back."""
        self.courier = courier
        riding = [row for row in road if row.order.status == "ondelivery"]
        doing = doing_of(courier, riding, now, zone)
        self._disc.show_sign(courier.initials, courier.colour)
        self._name.setText(courier.name)
        self._mark.show_doing(doing)
        self._state.setText(doing.word)
        self._state.set_tone("text2" if doing.tone == "ondelivery" else doing.tone)
        self._line.setText(doing.line)
        self._line.setVisible(bool(doing.line))
        purse = purse_text(courier.cash)
        self.cash.setText(self.tr("Take cash"))
        self.cash.setAccessibleName(
            self.tr("Take cash of %1, %2").replace("%1", courier.name).replace("%2", purse)
        )
        self.cash.setVisible(bool(courier.cash) and not riding)
        self.more.set_name(self.tr("More for %1").replace("%1", courier.name))
        self.setAccessibleName(f"{courier.name}, {doing.word}, {doing.line}")
        self.show_road(road, now, zone, courier.name)

    def offer(self, count: int, *, key: str, first: bool) -> None:
        """Offer to take the selected orders; the `first` choice is what Enter does."""
        free = count > 0 and self.courier is not None and self.courier.on_duty
        self.assign.setVisible(free)
        self.mark(on=free and first)
        if not free or self.courier is None:
            return
        long = self.tr("Assign %1").replace("%1", count_text(count))
        self.assign.setText(long if first else self.tr("Assign"))
        self.assign.set_look(ButtonLook.PRIMARY if first else ButtonLook.SECONDARY)
        self.assign.set_key(key)
        name = self.tr("Assign %1 to %2").replace("%1", count_text(count))
        self.assign.setAccessibleName(name.replace("%2", self.courier.name) + (f", {key}" if key else ""))

    def _open_menu(self) -> None:
        self.card_menu_wanted.emit(self.pk, self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))
