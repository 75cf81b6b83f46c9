"""Asks for the first and the last day of a range."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.errors import RefusedError
from posapp.domain.report_span import check_range
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput

translate = QCoreApplication.translate
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{2}|\d{4}))?\Z", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)


def typed_day(text: str, today: date) -> date | None:
    """Return the day that a person typed: 16.11.2026, 16.11.26, 16.11 (this year's), 2026-11-16."""
    plain = "".join(text.split()).replace("/", ".").replace(",", ".").rstrip(".")
    iso, written = _ISO.match(plain), _DAY.match(plain)
    if iso is not None:
        year, month, day = (int(part) for part in iso.groups())
    elif written is not None:
        day, month = int(written[1]), int(written[2])
        year = int(written[3]) if written[3] else today.year
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


class RangeDialog(Dialog):
    """Two days by the keyboard; Enter shows them."""

    def __init__(self, first: date, last: date, today: date, parent: QWidget) -> None:
        title = translate("reports", "Which days?")
        text = translate("reports", "Whole days of the shop, at most a year. Both days are included.")
        super().__init__(title, text, parent, icon="chart-bar-fill")
        self.setObjectName("rangeDialog")
        self._today = today
        self.first = TextInput(f"{first:%d.%m.%Y}")
        self.first.setObjectName("rangeFirst")
        self.last = TextInput(f"{last:%d.%m.%Y}")
        self.last.setObjectName("rangeLast")
        self._fields = {
            "first": Field(self.tr("First day"), self.first, help_text=self.tr("Day.Month.Year")),
            "last": Field(self.tr("Last day"), self.last, help_text=self.tr("Day.Month.Year")),
        }
        row = QHBoxLayout()
        row.setSpacing(12)
        for each in self._fields.values():
            row.addWidget(each, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        quick = QHBoxLayout()
        quick.setSpacing(8)
        for name, words, days in self._usual():
            button = secondary_button(words)
            button.setObjectName(name)
            button.clicked.connect(partial(self._fill, *days))
            quick.addWidget(button, 1)
        self.body.addLayout(quick)
        self.add_safe(self.tr("Not now"))
        self.add_action(self.tr("Show these days"), key="Enter").setObjectName("rangeShow")
        for edit in (self.first, self.last):
            edit.returnPressed.connect(self.accept)
        self.days: tuple[date, date] | None = None

    def _usual(self) -> tuple[tuple[str, str, tuple[date, date]], ...]:
        """Return the spans that people ask for most, without any typing."""
        month = self._today.replace(day=1)
        monday = self._today - timedelta(days=self._today.weekday())
        last = month - timedelta(days=1)
        return (
            ("lastWeek", self.tr("Last week"), (monday - timedelta(days=7), monday - timedelta(days=1))),
            ("thisMonth", self.tr("This month"), (month, self._today)),
            ("lastMonth", self.tr("Last month"), (last.replace(day=1), last)),
        )

    def _fill(self, first: date, last: date, _checked: object = None) -> None:
        self.first.setText(f"{first:%d.%m.%Y}")
        self.last.setText(f"{last:%d.%m.%Y}")
        for field in self._fields.values():
            field.set_error("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.first.selectAll()

    def accept(self) -> None:
        """Close with a range only."""
        found = {name: typed_day(self._edit(name).text(), self._today) for name in self._fields}
        wrong = {
            name: self.tr("Type a day, such as 16.11.2026.") for name, day in found.items() if day is None
        }
        if not wrong:
            try:
                self.days = check_range(found["first"], found["last"], self._today)
            except RefusedError as error:
                wrong = dict(error.fields)
        for name, field in self._fields.items():
            field.set_error(wrong.get(name, ""))
        if wrong:
            self._edit(next(iter(wrong))).setFocus()
            return
        super().accept()

    def _edit(self, name: str) -> TextInput:
        return self.first if name == "first" else self.last
