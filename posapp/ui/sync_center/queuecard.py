"""The left side: the queue with its head, and the ways to the ledger and the support bundle at its foot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QScroller, QStackedWidget, QWidget

from posapp.ui import fonts
from posapp.ui.context import Context
from posapp.ui.sync_center.bundle import BundleButton
from posapp.ui.sync_center.entries import Entry, Kind
from posapp.ui.sync_center.model import ENTRY_ROLE, EntryModel
from posapp.ui.sync_center.rowdelegate import EntryDelegate
from posapp.ui.widgets.buttons import ButtonLook, quiet_button, tint_button
from posapp.ui.widgets.card import Card, Divider
from posapp.ui.widgets.overlaybar import OverlayScrollBar
from posapp.ui.widgets.skeleton import Skeleton
from posapp.ui.widgets.text import PlainLabel


class EntryView(QListView):
    """The list; `picked` tells of a row that a person chose. Keys are the screen's."""

    picked = Signal(str)

    def __init__(self, model: EntryModel, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        super().__init__()
        self.setObjectName("syncList")
        self.setAccessibleName(self.tr("Queue"))
        self._entries, self._key = model, ""
        self.delegate = EntryDelegate(now, zone, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        OverlayScrollBar(self)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._clicked)

    def current(self) -> Entry | None:
        """Return the row that was chosen; what Qt makes current while rows go is nobody's choice."""
        return self._entries.entry_at(self._place())

    def _place(self) -> int:
        return self._entries.place_of(self._key) if self._key else -1

    def show_current(self, key: str) -> bool:
        """Choose a row; tell whether it is there."""
        self._key = key
        place = self._place()
        if place < 0:
            self._key = ""
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
            return False
        index = self._entries.index(place)
        self.setCurrentIndex(index)
        # Where it is the current one already, Qt does not mark it by itself.
        self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        return True

    def step(self, by: int) -> Entry | None:
        """Return the next row that can be chosen, None at the end."""
        place = self._place()
        while (entry := self._entries.entry_at(place := place + by)) is not None:
            if entry.kind is not Kind.HEADER:
                return entry
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def show_ring(self, *, on: bool) -> None:
        """Show the focus ring once keys are used, and no longer when the pointer is."""
        if self.delegate.by_keyboard != on:
            self.delegate.by_keyboard = on
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.show_ring(on=False)
        entry = cast("Entry | None", self.indexAt(event.position().toPoint()).data(ENTRY_ROLE))
        # Qt would take the choice away: a heading cannot have it.
        if entry is not None and entry.kind is not Kind.HEADER:
            super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.show_ring(on=True)
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        entry = cast("Entry | None", index.data(ENTRY_ROLE))
        if entry is not None and entry.kind is not Kind.HEADER:
            self.picked.emit(entry.key)


class QueueCard(Card):
    """Owns the widgets of the left side and knows nothing of reading or acting."""

    send_wanted = Signal()
    custody_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, spacing=0)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.model = EntryModel()
        self.view = EntryView(self.model, ctx.clock, ctx.zone)
        self.count = PlainLabel("", px=13, tone="text2")
        self.count.setObjectName("queueCount")
        self.send = tint_button(self.tr("Send now"), icon="arrows-clockwise", key="F5", height=36)
        self.send.setObjectName("sendNowButton")
        self.send.clicked.connect(self.send_wanted)
        self.custody = quiet_button(self.tr("Custody ledger"), icon="sigma", height=36)
        self.custody.setObjectName("custodyButton")
        self.custody.clicked.connect(self.custody_wanted)
        self.bundle = BundleButton(ctx)
        self.stack = QStackedWidget()
        self.skeleton = Skeleton(row_height=60)
        self.stack.addWidget(self.skeleton)
        self.stack.addWidget(self.view)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 12, 8)
        head.setSpacing(10)
        head.addWidget(PlainLabel(self.tr("Queue"), px=16, weight=fonts.BOLD))
        head.addWidget(self.count, 1)
        head.addWidget(self.send)
        foot = QHBoxLayout()
        foot.setContentsMargins(6, 4, 6, 4)
        foot.setSpacing(4)
        foot.addWidget(self.custody)
        foot.addStretch(1)
        foot.addWidget(self.bundle)
        self.column.addLayout(head)
        self.column.addWidget(Divider())
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(Divider())
        self.column.addLayout(foot)

    def show_entries(self, rows: list[Entry]) -> None:
        """Show the rows of the list."""
        self.model.put(rows)
        self.stack.setCurrentWidget(self.view)

    def show_verdict(self, *, adds_up: bool) -> None:
        """Say beside the ledger's name when it does not add up."""
        self.custody.setText(self.tr("Custody ledger") if adds_up else self.tr("Does not add up"))
        self.custody.set_look(ButtonLook.QUIET if adds_up else ButtonLook.DANGER)
