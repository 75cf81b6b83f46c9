"""Putting a cart aside under a name, and taking one up again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.sale import price_sale
from posapp.services.counter import LONGEST_LABEL
from posapp.storage.sales import DraftRow
from posapp.ui import fonts
from posapp.ui.payment.words import part_words
from posapp.ui.till.words import pieces_text, sum_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import IconButton, secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_MOST_HEIGHT = 360


class HoldDialog(Dialog):
    """Asks how the cart is called; Enter takes the name that is proposed."""

    def __init__(self, proposed: str, parent: QWidget) -> None:
        text = parent.tr("It waits under Held until you take it up again, even if the power goes.")
        super().__init__(parent.tr("Put this cart aside"), text, parent, icon="pause-fill")
        self.setObjectName("holdDialog")
        self.edit = TextInput(proposed)
        self.edit.setObjectName("holdLabel")
        self.edit.setMaxLength(LONGEST_LABEL)
        self.body.addWidget(Field(self.tr("Name"), self.edit))
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Hold"), key="Enter").setObjectName("holdDoneButton")
        self._proposed = proposed

    @property
    def label(self) -> str:
        """Return the name."""
        return self.edit.text().strip() or self._proposed

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.accept()
        else:
            super().keyPressEvent(event)


class HeldDialog(Dialog):
    """The carts that are put aside: `chosen` is the one to take up, `dropped` the one to throw away."""

    def __init__(self, rows: Sequence[DraftRow], currency: str, zone: ZoneInfo, parent: QWidget) -> None:
        text = "" if rows else parent.tr("F6 puts the cart in hand aside.")
        super().__init__(parent.tr("Held carts"), text, parent, icon="tray-fill")
        self.setObjectName("heldDialog")
        self.chosen: DraftRow | None = None
        self.dropped: DraftRow | None = None
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(10)
        for row in rows:
            column.addWidget(self._row(row, currency, zone))
        column.addStretch(1)
        area = plain_area(inner)
        area.setObjectName("heldArea")
        area.setFixedHeight(min(_MOST_HEIGHT, inner.sizeHint().height()))
        area.setVisible(bool(rows))
        self.body.addWidget(area)
        self.add_safe(self.tr("Close"))

    def _row(self, row: DraftRow, currency: str, zone: ZoneInfo) -> QWidget:
        clock = f"{row.changed_at.astimezone(zone):%H:%M}"
        pieces = pieces_text(sum(line.quantity for line in row.sale.lines))
        total = sum_text(price_sale(row.sale, currency).total, currency)
        more = f"{pieces} · {total} · {clock} · {row.station}"
        if row.parts:
            taken = " + ".join(part_words(part, currency) for part in row.parts)
            more = f"{self.tr('Taken: %1').replace('%1', taken)} · {more}"
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(row.label or self.tr("Cart"), weight=fonts.SEMIBOLD, elide=True))
        words.addWidget(PlainLabel(more, px=12, tone="text2", elide=True))
        take = secondary_button(self.tr("Take up"))
        take.setObjectName(f"recall_{row.id}")
        take.setAccessibleName(f"{self.tr('Take up')} {row.label}")
        take.clicked.connect(partial(self._choose, row))
        drop = IconButton("trash", self.tr("Throw “%1” away").replace("%1", row.label), quiet=True)
        drop.setObjectName(f"drop_{row.id}")
        drop.clicked.connect(partial(self._drop, row))
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addLayout(words, 1)
        line.addWidget(take)
        line.addWidget(drop)
        if self._first is None:
            self._first = take
        return box

    _first: QWidget | None = None

    def _choose(self, row: DraftRow, *_on: object) -> None:
        self.chosen = row
        self.accept()

    def _drop(self, row: DraftRow, *_on: object) -> None:
        self.dropped = row
        self.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
