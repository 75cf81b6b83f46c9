"""The two upper cards of an order: who gets it where, and how the money is handled."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.text import pretty_phone
from posapp.storage.rows import OrderDetail
from posapp.ui.delegates.rowtext import where
from posapp.ui.detail.moneyfacts import payment_act, payment_facts
from posapp.ui.detail.stepfacts import sync_sentence
from posapp.ui.detail.texts import breakable, place_details, which_order
from posapp.ui.fonts import MEDIUM, SEMIBOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.card import Card, Divider, Icon, KeyValue
from posapp.ui.widgets.chip import Chip
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.text import PlainLabel


class _Entry(QWidget):
    """An icon and, beside it, lines of text."""

    def __init__(self, icon: str, *lines: QWidget) -> None:
        super().__init__()
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(1)
        for line in lines:
            words.addWidget(line)
        self.icon = Icon(icon, size=18, tone="text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)


class CustomerCard(Card):
    """Name, telephone number, address and comment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=12, spacing=7)
        self._name = PlainLabel("", weight=SEMIBOLD, wrap=True)
        self._phone = PlainLabel("", weight=MEDIUM, tone="accent_text")
        self._count = PlainLabel("", px=13, tone="text2")
        self._address = PlainLabel("", weight=SEMIBOLD, wrap=True)
        self._place = PlainLabel("", px=13, tone="text2", wrap=True)
        self.comment = PlainLabel("", weight=MEDIUM, wrap=True)
        self.comment.setObjectName("orderComment")
        line = QWidget()
        phone = QHBoxLayout(line)
        phone.setContentsMargins(0, 0, 0, 0)
        phone.setSpacing(7)
        phone.addWidget(self._phone)
        phone.addWidget(self._count)
        phone.addStretch(1)
        self._phone_line = line
        self._comment_entry = _Entry("chat-text", self.comment)
        self._where = _Entry("map-pin", self._address, self._place)
        self.column.addWidget(_Entry("user", self._name, line))
        self.column.addWidget(self._where)
        self.column.addWidget(self._comment_entry)
        self.column.addStretch(1)

    def show_detail(self, detail: OrderDetail) -> None:
        """Show an order's customer."""
        row = detail.row
        name = row.customer_name or self.tr("No name")
        self._name.setText(breakable(name))
        self._phone.setText(pretty_phone(row.phone))
        order = which_order(detail.customer_orders)
        self._count.setText(f"· {order}" if row.phone and order else order)
        self._phone_line.setVisible(bool(row.phone))
        self._address.setText(breakable(where(row)))
        place = "" if row.kind == "pickup" else place_details(detail)
        self._place.setText(breakable(place))
        self._place.setVisible(bool(place))
        self._where.icon.show_icon("storefront" if row.kind == "pickup" else "map-pin")
        self.comment.setText(f"«{breakable(row.comment)}»" if row.comment else "")
        self._comment_entry.setVisible(bool(row.comment))


class PaymentCard(Card):
    """How it is paid, the change to bring, and whether the shop knows all of this."""

    pay_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=12, spacing=5)
        self._icon = Icon("money-fill", size=20, tone="warn")
        self._title = PlainLabel("", weight=SEMIBOLD, wrap=True)
        self._title.setMinimumWidth(60)
        self._chip = Chip()
        head = QWidget()
        flow = QHBoxLayout(head)
        flow.setContentsMargins(0, 0, 0, 0)
        flow.setSpacing(8)
        flow.addWidget(self._icon)
        flow.addWidget(self._title, 1)
        flow.addWidget(self._chip)
        self._pairs = QVBoxLayout()
        self._pairs.setSpacing(5)
        self._warning = PlainLabel("", px=13, weight=SEMIBOLD, tone="warn_text", wrap=True)
        self._warning.setObjectName("paymentWarning")
        self.pay_button = secondary_button(self.tr("Payments"), icon="money", height=36)
        self.pay_button.setObjectName("payButton")
        self.pay_button.clicked.connect(self.pay_wanted)
        self._sync_icon = Icon("cloud-check", size=18)
        self._sync = PlainLabel("", px=13, tone="text2", wrap=True)
        self._sync.setObjectName("orderSyncState")
        sync = QHBoxLayout()
        sync.setSpacing(8)
        sync.addWidget(self._sync_icon, 0, Qt.AlignmentFlag.AlignTop)
        sync.addWidget(self._sync, 1)
        self.column.addWidget(head)
        self.column.addLayout(self._pairs)
        self.column.addWidget(self._warning)
        self.column.addWidget(self.pay_button)
        self.column.addStretch(1)
        self.column.addWidget(Divider())
        self.column.addLayout(sync)

    def show_detail(self, detail: OrderDetail, now: datetime, zone: ZoneInfo, *, key: str = "P") -> None:
        """Show an order's payment; `key` is the one that settles it."""
        row = detail.row
        facts = payment_facts(row, detail.payments)
        icons = {"cash": ("money-fill", "warn"), "card": ("credit-card-fill", "text2")}
        self._icon.show_icon(*icons.get(row.payment_method, ("receipt-fill", "text2")))
        self._title.setText(facts.title)
        self._chip.show_text(facts.chip, "", facts.chip_tone)
        clear_layout(self._pairs)
        for pair in facts.pairs:
            px = 14 if pair.strong else 13
            put(self._pairs, KeyValue(pair.name, pair.value, px=px, strong=pair.strong, wrap=True))
        self._warning.setText(facts.warning)
        self._warning.setVisible(bool(facts.warning))
        act, due = payment_act(detail)
        self.pay_button.setText(act or self.tr("Payments"))
        self.pay_button.set_key(key if due else "")
        self.pay_button.setVisible(bool(act))
        self._show_sync(detail, now, zone)

    def _show_sync(self, detail: OrderDetail, now: datetime, zone: ZoneInfo) -> None:
        sync = detail.row.sync
        look = current_theme().sync[sync]
        calm = sync in {"synced", "local"}
        icon = look.icon.removesuffix("-fill") if calm else look.icon
        tones = {"failed": "danger", "conflict": "danger", "pending": "warn"}
        self._sync_icon.show_icon(icon, tones.get(sync, "text2"))
        self._sync.set_tone({"failed": "danger_text", "conflict": "danger_text"}.get(sync, "text2"))
        self._sync.setText(breakable(sync_sentence(detail, now, zone)))


def clear_layout(layout: QVBoxLayout | QHBoxLayout | FlowLayout) -> None:
    """Take all widgets out of a layout, and out of sight at once."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def put(layout: QVBoxLayout | FlowLayout, widget: QWidget) -> None:
    """Add a widget to a layout that is on the screen, without the empty frame before Qt shows it."""
    layout.addWidget(widget)
    widget.show()
