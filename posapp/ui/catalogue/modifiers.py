"""The groups of options of a dish, to be edited: titles, how many are taken, and what each adds."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.catalogue import MOST_OPTIONS, ModifierGroup, ModifierOption
from posapp.domain.product_values import read_number
from posapp.ui import fonts
from posapp.ui.widgets.buttons import IconButton, quiet_button, tint_button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel


def amount_text(amount: Decimal) -> str:
    """Return an amount as it is typed: without a fraction that is nothing."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


class OptionRow(QWidget):
    """One choice: its title, what it adds, its id."""

    removed = Signal()

    def __init__(self, option: ModifierOption) -> None:
        super().__init__()
        self.title = TextInput(option.title, placeholder=self.tr("Option"))
        self.title.setAccessibleName(self.tr("Option"))
        self.price = TextInput(amount_text(option.price) if option.price else "", placeholder="+0")
        self.price.setAccessibleName(self.tr("What it adds to the price"))
        self.price.setFixedWidth(84)
        self.id = TextInput(option.internal_id, placeholder=self.tr("id"))
        self.id.setAccessibleName(self.tr("Id of the option"))
        self.id.setFixedWidth(72)
        remove = IconButton("x", self.tr("Remove this option"), quiet=True)
        remove.setObjectName("removeOptionButton")
        remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.title, 1)
        row.addWidget(self.price)
        row.addWidget(self.id)
        row.addWidget(remove)

    def value(self) -> ModifierOption | None:
        """Return the option; None when its price is no number, which it then shows."""
        try:
            price = read_number(self.price.text().strip() or "0")
        except ValueError as error:
            self.price.set_invalid(invalid=True)
            self.price.setAccessibleDescription(str(error))
            return None
        self.price.set_invalid(invalid=False)
        self.price.setAccessibleDescription("")
        return ModifierOption(self.title.text().strip(), price, self.id.text().strip())


class GroupCard(Card):
    """One group with its options."""

    removed = Signal()

    def __init__(self, group: ModifierGroup) -> None:
        super().__init__(padding=12, spacing=6)
        self.setObjectName("modifierGroup")
        self.title = TextInput(group.title, placeholder=self.tr("Group, such as Size"))
        self.title.setAccessibleName(self.tr("Title of the group"))
        remove = IconButton("trash", self.tr("Remove this group"), quiet=True)
        remove.setObjectName("removeGroupButton")
        remove.clicked.connect(self.removed)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        head.addWidget(remove)
        self.least = Stepper(self.tr("At least"), group.least, 0, MOST_OPTIONS)
        self.most = Stepper(self.tr("At most, 0: as many as there are"), group.most, 0, MOST_OPTIONS)
        self.most.setSpecialValueText(self.tr("any"))
        limits = QHBoxLayout()
        limits.setSpacing(8)
        for word, stepper in ((self.tr("At least"), self.least), (self.tr("at most"), self.most)):
            limits.addWidget(PlainLabel(word, px=13, tone="text2"))
            limits.addWidget(stepper)
        limits.addStretch(1)
        self.options: list[OptionRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        add = quiet_button(self.tr("Add an option"), icon="plus")
        add.setObjectName("addOptionButton")
        add.clicked.connect(self._add_one)
        self.column.addLayout(head)
        self.column.addLayout(limits)
        self.column.addLayout(self._rows)
        self.column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        for option in group.options:
            self.add(option)

    def add(self, option: ModifierOption) -> OptionRow:
        """Add a row for an option."""
        row = OptionRow(option)
        row.removed.connect(lambda: self._remove(row))
        self.options.append(row)
        self._rows.addWidget(row)
        return row

    def _add_one(self) -> None:
        self.add(ModifierOption("")).title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, row: OptionRow) -> None:
        self.options.remove(row)
        row.hide()
        row.deleteLater()

    def value(self) -> ModifierGroup | None:
        """Return the group; None when a price is no number."""
        options = [row.value() for row in self.options]
        found = tuple(option for option in options if option is not None)
        if len(found) < len(options):
            return None
        return ModifierGroup(self.title.text().strip(), found, self.least.value(), self.most.value())


class ModifierEditor(QWidget):
    """All groups of a dish."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("modifierEditor")
        self.groups: list[GroupCard] = []
        self.error = PlainLabel("", px=12, weight=fonts.MEDIUM, tone="danger_text", wrap=True)
        self.error.setObjectName("modifiersError")
        self.error.hide()
        add = tint_button(self.tr("Add a group of options"), icon="plus")
        add.setObjectName("addGroupButton")
        add.clicked.connect(self._add_one)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel(self.tr("Options"), px=13, weight=fonts.MEDIUM, tone="text2"))
        column.addWidget(self.error)
        column.addLayout(self._cards)
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def put(self, groups: tuple[ModifierGroup, ...]) -> None:
        """Show these groups instead."""
        for card in list(self.groups):
            self._remove(card)
        for group in groups:
            self.add(group)

    def add(self, group: ModifierGroup) -> GroupCard:
        """Add a card for a group."""
        card = GroupCard(group)
        card.removed.connect(lambda: self._remove(card))
        self.groups.append(card)
        self._cards.addWidget(card)
        return card

    def value(self) -> tuple[ModifierGroup, ...] | None:
        """Return the groups; None when a price is no number."""
        found = [card.value() for card in self.groups]
        groups = tuple(group for group in found if group is not None)
        return groups if len(groups) == len(found) else None

    def set_error(self, sentence: str) -> None:
        """Say what is wrong with them."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def _add_one(self) -> None:
        card = self.add(ModifierGroup("", (ModifierOption(""),), 0, 0))
        card.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, card: GroupCard) -> None:
        self.groups.remove(card)
        card.hide()
        card.deleteLater()
