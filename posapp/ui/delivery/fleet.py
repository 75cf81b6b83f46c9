"""The right column of the Delivery screen: the couriers with their orders, or just what is on the road."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QScroller, QVBoxLayout, QWidget

from posapp.storage.dispatch import CourierRow, DispatchBoard, DispatchRow
from posapp.ui.delivery.couriercard import CourierCard, RoadCard
from posapp.ui.delivery.roadrow import RoadRow
from posapp.ui.delivery.words import chosen_text
from posapp.ui.fonts import BOLD, SEMIBOLD
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import quiet_button
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.text import PlainLabel

_KEYS = 9


class Fleet(QWidget):
    """Shows who has what; every act is a signal."""

    assign_wanted = Signal(int)
    cash_wanted = Signal(int)
    ended = Signal(int)
    order_menu_wanted = Signal(int, QPoint)
    courier_menu_wanted = Signal(int, QPoint)
    manage_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[int, CourierCard] = {}
        self._board = DispatchBoard((), (), (), ())
        self._title = PlainLabel("", px=16, weight=BOLD)
        self._count = PlainLabel("", tone="text2", weight=SEMIBOLD)
        self._count.setObjectName("fleetCount")
        self._chosen = PlainLabel("", weight=SEMIBOLD, tone="accent_text")
        self._chosen.setObjectName("chosenText")
        self.manage = quiet_button("", icon="users")
        self.manage.setObjectName("couriersButton")
        self.manage.clicked.connect(self.manage_wanted)
        self._nobody, self._nobody_title = RoadCard(), PlainLabel("", px=15, weight=SEMIBOLD)
        self._nobody.setObjectName("nobodysOrders")
        self._nobody.column.addWidget(self._nobody_title)
        self._empty = EmptyState(
            "moped", self.tr("Nothing is on the road"), self.tr("What you send out is listed here.")
        )
        self._empty.setObjectName("nothingOnTheRoad")
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._chosen)
        head.addWidget(self.manage)
        body = QWidget()
        self._list = QVBoxLayout(body)
        self._list.setContentsMargins(0, 0, 0, 8)
        self._list.setSpacing(10)
        self._list.addWidget(self._nobody)
        self._list.addWidget(self._empty, 1)
        self._list.addStretch(1)
        self._scroll = plain_area(body)
        self._scroll.setObjectName("courierList")
        self._scroll.setAccessibleName(self.tr("Couriers and what is on the road"))
        QScroller.grabGesture(self._scroll.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        self._nobody.ended.connect(self.ended)
        self._nobody.menu_wanted.connect(self.order_menu_wanted)

    # -------------------------------------------------------------------------------- what is shown

    @property
    def road_rows(self) -> tuple[RoadRow, ...]:
        """Return the rows on the road from top to bottom."""
        cards: list[RoadCard] = [self._nobody] if self._nobody.isVisibleTo(self) else []
        cards += [card for card in self._cards.values() if card.isVisibleTo(self)]
        return tuple(row for card in cards for row in card.rows)

    def card_of(self, courier: int) -> CourierCard | None:
        """Return the card of a courier."""
        return self._cards.get(courier)

    def shown_couriers(self) -> tuple[CourierRow, ...]:
        """Return the couriers that have a card, from top to bottom."""
        return tuple(
            card.courier
            for card in self._cards.values()
            if card.courier is not None and card.isVisibleTo(self)
        )

    def show_board(self, board: DispatchBoard, now: datetime, zone: ZoneInfo) -> None:
        """Show who has what, patching what is there."""
        self._board = board
        has = bool(board.couriers)
        known = {courier.pk for courier in board.couriers}
        nobodys = [row for row in board.road if row.courier not in known]
        self._show_head(board, has=has)
        self._nobody_title.setText(self.tr("Without a courier"))
        self._nobody_title.setVisible(has)
        self._nobody.show_road(nobodys, now, zone, "")
        self._nobody.setVisible(bool(nobodys))
        self._empty.setVisible(not has and not nobodys)
        self._drop_cards(known)
        for place, courier in enumerate(board.couriers):
            card = self._cards.get(courier.pk) or self._make_card(courier.pk, place)
            theirs = [row for row in (*board.road, *board.cancelled) if row.courier == courier.pk]
            card.show_courier(courier, theirs, now, zone)
            card.setVisible(courier.on_duty or bool(theirs) or bool(courier.cash))
        self._cards = {courier.pk: self._cards[courier.pk] for courier in board.couriers}

    def _show_head(self, board: DispatchBoard, *, has: bool) -> None:
        on_duty = sum(courier.on_duty for courier in board.couriers)
        self._title.setText(self.tr("Couriers") if has else self.tr("On the road"))
        shift = self.tr("%1 on shift").replace("%1", str(on_duty))
        self._count.setText(shift if has else str(len(board.road)))
        self.manage.setText(self.tr("Manage") if has else self.tr("Add couriers"))
        self.manage.setAccessibleName(self.tr("Manage couriers") if has else self.tr("Add couriers"))

    def _drop_cards(self, known: set[int]) -> None:
        for gone in set(self._cards) - known:
            card = self._cards.pop(gone)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _make_card(self, pk: int, place: int) -> CourierCard:
        card = CourierCard(pk)
        card.ended.connect(self.ended)
        card.menu_wanted.connect(self.order_menu_wanted)
        card.assign_wanted.connect(self.assign_wanted)
        card.cash_wanted.connect(self.cash_wanted)
        card.card_menu_wanted.connect(self.courier_menu_wanted)
        self._cards[pk] = card
        self._list.insertWidget(place + 1, card)
        return card

    def offer(self, chosen: Sequence[DispatchRow], first: int | None) -> None:
        """Offer the selected orders to every courier on shift; `first` is whom Enter means."""
        self._chosen.setText(chosen_text(chosen))
        for number, courier in enumerate(self.shown_couriers(), start=1):
            is_first = courier.pk == first
            digit = str(number) if number <= _KEYS else ""
            self._cards[courier.pk].offer(
                len(chosen), key=self.tr("Enter") if is_first else digit, first=is_first
            )

    def make_visible(self, row: QWidget) -> None:
        """Scroll to a row."""
        self._scroll.ensureWidgetVisible(row, 0, 20)
