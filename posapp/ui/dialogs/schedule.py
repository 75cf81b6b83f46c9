"""Asks for when an order is to be ready."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.due import day_bounds, wall_clock
from posapp.storage.rows import OrderRow
from posapp.ui.delegates.rowtext import code_text
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox

_DAYS = 8
_STEP = timedelta(minutes=15)
_USUAL = timedelta(hours=1)


def quarters(day: date, zone: ZoneInfo, after: datetime) -> list[datetime]:
    """Return the quarter hours of a shop's day that lie after an instant; every one of them exists."""
    begin, end = day_bounds(day, zone)
    count = int((end - begin) / _STEP)
    return [moment for n in range(count) if (moment := begin + n * _STEP) > after]


class WhenDialog(Dialog):
    """Asks for a day and a quarter of an hour: `wanted`, else an hour from now, is proposed."""

    def __init__(
        self, wanted: datetime | None, now: datetime, zone: ZoneInfo, parent: QWidget | None = None
    ) -> None:
        super().__init__("", "", parent, icon="clock-countdown-fill", tone="accent")
        self._now, self._zone = now, zone
        self._wanted = wanted if wanted is not None and wanted > now else now + _USUAL
        self._days, self._times = ComboBox(), ComboBox()
        self._days.setObjectName("scheduleDay")
        self._times.setObjectName("scheduleTime")
        self._fill_days()
        self._days.currentIndexChanged.connect(self._fill_times)
        self._fill_times()
        line = QWidget()
        fields = QHBoxLayout(line)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(12)
        fields.addWidget(Field(self.tr("Day"), self._days), 1)
        fields.addWidget(Field(self.tr("Time"), self._times), 1)
        self.body.addWidget(line)

    def _offer(self, safe: str, act: str) -> None:
        self.add_safe(safe)
        self._act = self.add_action(act, key="Enter")
        self._act.setObjectName("confirmScheduleButton")

    @property
    def chosen(self) -> datetime | None:
        """Return the chosen instant in UTC."""
        text = self._times.currentData()
        return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing is lost by scheduling: Enter does it.
        self._act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_days(self) -> None:
        today = self._now.astimezone(self._zone).date()
        wanted = self._wanted.astimezone(self._zone).date()
        days = [
            day for n in range(_DAYS) if quarters(day := today + timedelta(days=n), self._zone, self._now)
        ]
        if wanted not in days:
            days.append(wanted)
        for day in days:
            word = QLocale().toString(QDate(day.year, day.month, day.day), "ddd d MMM")
            self._days.addItem(self.tr("Today") if day == today else word, day.isoformat())
        self._days.setCurrentIndex(max(0, self._days.findData(wanted.isoformat())))

    def _fill_times(self) -> None:
        day = date.fromisoformat(str(self._days.currentData()))
        moments = quarters(day, self._zone, self._now)
        if self._wanted.astimezone(self._zone).date() == day and self._wanted > self._now:
            exact = self._wanted.replace(second=0, microsecond=0)
            nearest = next((moment for moment in moments if moment >= exact), exact)
            asked = nearest if self._wanted == self._now + _USUAL else exact
            moments = sorted({*moments, asked})
        else:
            asked = moments[0] if moments else self._now + _STEP
        self._times.clear()
        for moment in moments:
            self._times.addItem(wall_clock(moment, self._zone), moment.isoformat())
        self._times.setCurrentIndex(max(0, self._times.findData(asked.isoformat())))


class ScheduleDialog(WhenDialog):
    """Gives the instant to which a person puts an order off."""

    def __init__(self, row: OrderRow, now: datetime, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(row.planned_at or row.due_at, now, zone, parent)
        self.setObjectName("scheduleDialog")
        self.pk = row.pk
        self.set_title(self.tr("Schedule order %1").replace("%1", code_text(row)))
        self.set_text(self.tr("It waits under Scheduled until you start it."))
        self._offer(self.tr("Leave as it is"), self.tr("Schedule"))


class DueDialog(WhenDialog):
    """Gives the instant for which something is sold."""

    def __init__(
        self, wanted: datetime | None, now: datetime, zone: ZoneInfo, parent: QWidget | None = None
    ) -> None:
        super().__init__(wanted, now, zone, parent)
        self.setObjectName("dueDialog")
        self.set_title(self.tr("For when?"))
        self.set_text(self.tr("It waits under Scheduled. The kitchen begins in time by itself."))
        self._offer(self.tr("Cancel"), self.tr("For then"))
