"""The fields of a dish: what is shown in them, what was entered, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.catalogue import FURTHER_NOTICE, Product
from posapp.domain.due import day_bounds
from posapp.domain.product_values import read_number
from posapp.ui.catalogue.colours import colour_names, icon_names
from posapp.ui.catalogue.modifiers import ModifierEditor, amount_text
from posapp.ui.catalogue.rows import has_large_letters
from posapp.ui.delegates.age import clock_text
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel

_TEXTS = ("internal_id", "title", "weight", "station")
_AMOUNTS = ("price", "tax_percent")
_CHOICES = ("category", "colour", "icon", "sold_out_until")


class DishForm(QWidget):
    """Two columns of fields, and the options beside them."""

    def __init__(self, categories: Sequence[str], now: datetime, zone: ZoneInfo, currency: str) -> None:
        super().__init__()
        self._now, self._zone = now, zone
        self.texts = {name: TextInput() for name in (*_TEXTS, *_AMOUNTS)}
        self.choices = {name: ComboBox() for name in _CHOICES}
        self.deleted = Toggle(self.tr("Deleted"))
        self.deleted.setObjectName("dish_deleted")
        self.modifiers = ModifierEditor()
        self.fields: dict[str, Field] = {}
        self._fill_choices(categories)
        self._make_fields(currency)
        self._lay_out()

    def _fill_choices(self, categories: Sequence[str]) -> None:
        category, colour = self.choices["category"], self.choices["colour"]
        category.addItem(self.tr("None"), "")
        for name in categories:
            category.addItem(name, name)
        colour.addItem(self.tr("None"), "")
        for name, word in colour_names():
            colour.addItem(word, name)
        icon = self.choices["icon"]
        icon.addItem(self.tr("None"), "")
        for name, word in icon_names():
            icon.addItem(word, name)
        sold = self.choices["sold_out_until"]
        sold.addItem(self.tr("On sale"), None)
        sold.addItem(self.tr("Sold out for an hour"), self._now + timedelta(hours=1))
        tomorrow = day_bounds(self._now.astimezone(self._zone).date(), self._zone)[1]
        sold.addItem(self.tr("Sold out for today"), tomorrow)
        sold.addItem(self.tr("Sold out until further notice"), FURTHER_NOTICE)

    def _make_fields(self, currency: str) -> None:
        for name, label, help_text, required in (
            ("internal_id", self.tr("Id"), self.tr("The same as at the shop"), True),
            ("title", self.tr("Title"), "", True),
            ("price", self.tr("Price, %1").replace("%1", currency), "", True),
            ("weight", self.tr("Weight"), "", False),
            ("category", self.tr("Category"), "", False),
            ("tax_percent", self.tr("Tax in the price, %"), "", False),
            ("colour", self.tr("Colour"), "", False),
            ("icon", self.tr("Icon"), "", False),
            ("station", self.tr("Kitchen station"), "", False),
            ("sold_out_until", self.tr("Availability"), "", False),
        ):
            editor = self.texts.get(name) or self.choices[name]
            editor.setObjectName(f"dish_{name}")
            self.fields[name] = Field(label, editor, help_text=help_text, required=required)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        places = (
            ("title", 0, 0, 2), ("internal_id", 1, 0, 1), ("price", 1, 1, 1), ("category", 2, 0, 1),
            ("weight", 2, 1, 1), ("colour", 3, 0, 1), ("icon", 3, 1, 1), ("station", 4, 0, 1),
            ("tax_percent", 4, 1, 1), ("sold_out_until", 5, 0, 2),
        )  # fmt: skip
        for name, down, across, wide in places:
            grid.addWidget(self.fields[name], down, across, 1, wide, Qt.AlignmentFlag.AlignTop)
        gone = QHBoxLayout()
        gone.setSpacing(10)
        gone.addWidget(self.deleted)
        words = self.tr("Deleted: neither sold here nor shown at the shop")
        gone.addWidget(PlainLabel(words, px=13, tone="text2", wrap=True), 1)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(grid)
        left.addLayout(gone)
        left.addStretch(1)
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        row = QBoxLayout(below if has_large_letters() else beside, self)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(20)
        row.addLayout(left, 5)
        row.addWidget(self.modifiers, 4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def show_dish(self, item: Product) -> None:
        """Put a dish's values in."""
        for name in _TEXTS:
            self.texts[name].setText(getattr(item, name))
        is_new = not item.version
        self.texts["price"].setText("" if is_new and not item.price else amount_text(item.price))
        self.texts["tax_percent"].setText(amount_text(item.tax_percent))
        for name in _CHOICES:
            self.choose(name, getattr(item, name))
        self.deleted.setChecked(item.deleted)
        self.modifiers.put(item.modifiers)
        # It is what the shop knows the dish by.
        self.texts["internal_id"].setReadOnly(not is_new)

    def choose(self, name: str, value: object) -> None:
        """Choose a value, also one that a file brought and no list has."""
        box = self.choices[name]
        if name == "sold_out_until" and isinstance(value, datetime) and value <= self._now:
            value = None
        place = next((row for row in range(box.count()) if box.itemData(row) == value), -1)
        if place < 0:
            box.addItem(self.value_text(name, value), value)
            place = box.count() - 1
        box.setCurrentIndex(place)

    def value_text(self, name: str, value: object) -> str:
        """Return a value as people read it."""
        if isinstance(value, datetime):
            if value == FURTHER_NOTICE:
                return self.tr("Sold out until further notice")
            text = self.tr("Sold out until %1")
            return text.replace("%1", clock_text(value, self._now, self._zone))
        if name == "sold_out_until":
            return self.tr("On sale")
        if name in _AMOUNTS:
            return amount_text(read_number(value))
        return str(value) or self.tr("None")

    def entered(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what was entered, and what cannot be read of it."""
        values: dict[str, Any] = {name: " ".join(self.texts[name].text().split()) for name in _TEXTS}
        wrong: dict[str, str] = {}
        for name in _AMOUNTS:
            text = self.texts[name].text().strip()
            try:
                values[name] = read_number(text or ("" if name == "price" else "0"))
            except ValueError as error:
                wrong[name] = self.tr("Enter a price, such as 2600.") if not text else str(error)
        if not values["internal_id"]:
            wrong["internal_id"] = self.tr("Enter an id, such as p-120.")
        if not values["title"]:
            wrong["title"] = self.tr("Enter a title.")
        for name in _CHOICES:
            values[name] = self.choices[name].currentData()
        values["deleted"] = self.deleted.isChecked()
        groups = self.modifiers.value()
        if groups is None:
            wrong["modifiers"] = self.tr("A price here is not a number.")
        else:
            values["modifiers"] = groups
        return values, wrong

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show what is wrong at its fields; tell whether any of them is here."""
        for name, field in self.fields.items():
            field.set_error(errors.get(name, ""))
        self.modifiers.set_error(errors.get("modifiers", ""))
        wrong = [name for name in self.fields if name in errors]
        if wrong:
            self.fields[wrong[0]].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(wrong) or "modifiers" in errors

    def take_newer(self, base: Product, newer: Product) -> tuple[str, ...]:
        """Show what somebody else changed, but leave what was typed; return the fields that both changed."""
        values, _ = self.entered()
        both: list[str] = []
        for name in (*_TEXTS, *_AMOUNTS, *_CHOICES):
            theirs = getattr(newer, name)
            if theirs == getattr(base, name):
                continue
            if values.get(name) != getattr(base, name):
                both.append(name)
                note = self.tr("Changed meanwhile to “%1”. Saving puts yours in its place.")
                self.fields[name].set_error(note.replace("%1", self.value_text(name, theirs)))
            elif name in _CHOICES:
                self.choose(name, theirs)
            else:
                self.texts[name].setText(self.value_text(name, theirs) if theirs != "" else "")
        if values.get("modifiers") == base.modifiers:
            self.modifiers.put(newer.modifiers)
        elif newer.modifiers != base.modifiers:
            both.append("modifiers")
            self.modifiers.set_error(self.tr("Changed meanwhile, too. Saving puts yours in their place."))
        if values["deleted"] == base.deleted:
            self.deleted.setChecked(newer.deleted)
        return tuple(both)
