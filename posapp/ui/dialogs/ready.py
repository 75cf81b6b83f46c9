"""When an accepted order will be ready: the quick choices, and a time of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from posapp.storage.rows import OrderRow
from posapp.ui import fonts
from posapp.ui.delegates.age import clock_text
from posapp.ui.delegates.rowtext import code_text
from posapp.ui.icons import qicon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.text import PlainLabel

QUICK_MINUTES = (15, 30, 45)
_LEAST, _MOST, _STEP, _USUAL = 5, 360, 5, 60


class ReadyMenu(QMenu):
    """The quick choices, each with its time of day; the first digit of each is its key."""

    chosen = Signal(int)  # minutes from now
    own_wanted = Signal()

    def __init__(self, now: datetime, zone: ZoneInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("readyMenu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Ready in"))
        ink = current_theme().palette.text2
        for minutes in QUICK_MINUTES:
            at = clock_text(now + timedelta(minutes=minutes), now, zone)
            # The ampersand makes the digit behind it the key.
            text = self.tr("+&%1 min · ready %2").replace("%1", str(minutes)).replace("%2", at)
            action = self.addAction(qicon("timer", 18, ink), text)
            action.triggered.connect(lambda _=False, minutes=minutes: self.chosen.emit(minutes))
        own = self.addAction(qicon("note-pencil", 18, ink), self.tr("&Other time…"))
        own.triggered.connect(lambda _=False: self.own_wanted.emit())


class ReadyDialog(Dialog):
    """Asks in how many minutes an order will be ready, and says what time that is."""

    def __init__(
        self, row: OrderRow, now: Callable[[], datetime], zone: ZoneInfo, parent: QWidget | None = None
    ) -> None:
        super().__init__("", "", parent, icon="timer", tone="accent")
        self.setObjectName("readyDialog")
        self._now, self._zone = now, zone
        self.set_title(self.tr("When is order %1 ready?").replace("%1", code_text(row)))
        name = self.tr("Minutes from now")
        self.minutes = Stepper(name, _USUAL, _LEAST, _MOST)
        self.minutes.setObjectName("readyMinutes")
        self.minutes.setSingleStep(_STEP)
        self._time = PlainLabel("", px=20, weight=fonts.BOLD)
        self._time.setObjectName("readyTime")
        line = QWidget()
        fields = QHBoxLayout(line)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(16)
        fields.addWidget(Field(name, self.minutes))
        fields.addWidget(self._time, 1, Qt.AlignmentFlag.AlignBottom)
        self.body.addWidget(line)
        self.add_safe(self.tr("Leave as it is"))
        act = self.tr("Accept order") if row.status in {"created", "edited"} else self.tr("Set time")
        self._act = self.add_action(act, key="Enter")
        self._act.setObjectName("confirmReadyButton")
        self.minutes.valueChanged.connect(self._tell)
        self.minutes.lineEdit().returnPressed.connect(self.accept)
        self._tell()

    @property
    def chosen(self) -> timedelta:
        """Return how long from now it takes."""
        return timedelta(minutes=self.minutes.value())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)
        self.minutes.selectAll()

    def _tell(self) -> None:
        now = self._now()
        at = clock_text(now + self.chosen, now, self._zone)
        self._time.setText(self.tr("Ready at %1").replace("%1", at))
