"""The filters of the Orders screen: one row of choices under the tabs, and what they make of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QEvent, QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.due import day_bounds
from posapp.storage.rows import FilterChoices, OrderFilter
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.inputs import ComboBox
from posapp.ui.words import kind_word, payment_method_word, payment_status_word, source_word, sync_word

_PAYMENTS = ("cash", "card", "paid", "unpaid", "waiting_for_payment", "failed")
_KINDS = ("delivery", "pickup")
_SYNCS = ("synced", "pending", "failed", "conflict", "local")


class FilterPanel(Surface):
    """Seven choices; `changed` tells that one of them was made."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, colour="surface", line="bottom")
        self._boxes: dict[str, ComboBox] = {}
        self._filling = False
        self._flow = FlowLayout(self, spacing=12)
        self._flow.setContentsMargins(16, 10, 16, 12)
        for key, label in self._labels().items():
            box = ComboBox(self)
            box.setObjectName(f"filter_{key}")
            box.setAccessibleName(label)
            box.currentIndexChanged.connect(self._changed)
            self._boxes[key] = box
            field = Field(label, box)
            field.setMinimumWidth(132)
            self._flow.addWidget(field)
        self.clear_button = Button(self.tr("Clear filters"), look=ButtonLook.QUIET, icon="x")
        self.clear_button.clicked.connect(self.clear)
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 23, 0, 0)  # level with the fields, below their labels
        column.addWidget(self.clear_button)
        self._flow.addWidget(holder)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Filters"))

    def _labels(self) -> dict[str, str]:
        return {
            "brand": self.tr("Brand"),
            "source": self.tr("Source"),
            "remote": self.tr("Shop"),
            "payment": self.tr("Payment"),
            "kind": self.tr("Kind"),
            "day": self.tr("Due day"),
            "sync": self.tr("Sync"),
        }

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # a choice became wider, so that another line may be needed
        return done

    def _fit(self) -> None:
        # By hand: a box layout around would reserve the height of a column one field wide.
        if self.width() > 0:
            self.setFixedHeight(self._flow.heightForWidth(self.width()))

    @property
    def active(self) -> int:
        """Return how many filters are set."""
        return sum(1 for box in self._boxes.values() if box.currentData())

    def offer(self, choices: FilterChoices, today: date) -> None:
        """Offer these values; what is chosen stays chosen."""
        self._filling = True
        self._fill("brand", {name: name for name in choices.brands})
        self._fill("source", {name: source_word(name) for name in choices.sources})
        self._fill("remote", {name: name for name in choices.remotes})
        words = {word: payment_method_word(word) for word in _PAYMENTS[:2]}
        words |= {word: payment_status_word(word) for word in _PAYMENTS[2:]}
        self._fill("payment", words)
        self._fill("kind", {word: kind_word(word) for word in _KINDS})
        self._fill("day", {day.isoformat(): self._day_words(day, today) for day in choices.days})
        self._fill("sync", {word: sync_word(word) for word in _SYNCS})
        self._filling = False
        self._fit()

    def _day_words(self, day: date, today: date) -> str:
        if day == today:
            return self.tr("Today")
        return QLocale().toString(QDate(day.year, day.month, day.day), "ddd d MMM")

    def _fill(self, key: str, words: dict[str, str]) -> None:
        box = self._boxes[key]
        chosen = box.currentData() or ""
        if chosen and chosen not in words:
            words = {**words, chosen: chosen}
        box.clear()
        box.addItem(self.tr("All"), "")
        for value, word in words.items():
            box.addItem(word, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.setMaximumWidth(190)

    def clear(self) -> None:
        """Show everything again."""
        self._filling = True
        for box in self._boxes.values():
            box.setCurrentIndex(0)
        self._filling = False
        self._changed()

    def choose(self, key: str, value: str) -> None:
        """Choose a value, as a person does."""
        box = self._boxes[key]
        box.setCurrentIndex(max(0, box.findData(value)))

    def apply(self, chosen: OrderFilter, zone: ZoneInfo) -> OrderFilter:
        """Return the filter narrowed by what is chosen here."""
        picked = {key: str(box.currentData() or "") for key, box in self._boxes.items()}
        day = picked.pop("day")
        begin, end = day_bounds(date.fromisoformat(day), zone) if day else (None, None)
        return replace(
            chosen,
            brand=picked["brand"],
            source=picked["source"],
            remote=picked["remote"],
            payment=picked["payment"],
            kind=picked["kind"],
            sync=picked["sync"],
            due_from=begin,
            due_until=end,
        )

    def _changed(self) -> None:
        if not self._filling:
            self.changed.emit()
