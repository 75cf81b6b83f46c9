"""For whom an order is: the telephone finds who ordered before, with the address; the rest is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from posapp.domain.fields import width
from posapp.domain.sale import Buyer, Sale
from posapp.domain.sale_check import sale_problems
from posapp.domain.status import Kind
from posapp.ui.context import Context
from posapp.ui.delivery.cashdialog import typed_amount
from posapp.ui.editor.callers import Caller, CallerList
from posapp.ui.theme import current_theme
from posapp.ui.till.fit import fit_soon
from posapp.ui.till.words import plain_number
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented

_BUYER = ("phone", "name", "street", "home", "apt", "entrance", "level", "city", "address")
_ADDRESS = ("street", "home", "apt", "entrance", "level", "city", "address")
_NONE = Decimal("0")
_LARGE, _WIDE = 1.2, 720
# Where each field stands: row, column of twelve, how many of them.
_PLACES = {
    "phone": (0, 0, 6),
    "name": (0, 6, 6),
    "street": (1, 0, 8),
    "home": (1, 8, 4),
    "apt": (2, 0, 4),
    "entrance": (2, 4, 4),
    "level": (2, 8, 4),
    "city": (3, 0, 6),
    "cost": (3, 6, 6),
    "address": (4, 0, 12),
    "comment": (5, 0, 12),
}
# With large text a wider window takes fewer rows.
_PLACES_LARGE = _PLACES | {
    "street": (1, 0, 6),
    "home": (1, 6, 3),
    "apt": (1, 9, 3),
    "entrance": (2, 0, 3),
    "level": (2, 3, 3),
    "city": (2, 6, 6),
    "cost": (3, 0, 4),
    "comment": (3, 4, 8),
}


class CustomerDialog(Dialog):
    """`sale` is the cart with what was typed; errors are told in place."""

    def __init__(
        self, ctx: Context, sale: Sale, parent: QWidget, *, problems: Mapping[str, str] | None = None
    ) -> None:
        words = parent.tr("Type the last digits of the phone to find who ordered before.")
        super().__init__(parent.tr("Customer"), words, parent, icon="user-fill")
        self.setObjectName("customerDialog")
        self.sale, self._ctx = sale, ctx
        self._currency = ctx.config.sale_rules.currency
        self.inputs: dict[str, QLineEdit] = {}
        self.fields: dict[str, Field] = {}
        kinds = [
            (Kind.PICKUP.value, self.tr("Pickup"), "storefront-fill"),
            (Kind.DELIVERY.value, self.tr("Delivery"), "moped-fill"),
        ]
        self.kind = Segmented(self.tr("How it is handed over"), kinds)
        self.kind.setObjectName("customerKind")
        self.kind.set_value(sale.kind)
        self.kind.setVisible(not sale.table)
        self.kind.valueChanged.connect(self._show_kind)
        self.body.addWidget(self.kind)
        self._fill(sale, parent)
        self.callers = CallerList(ctx, self.inputs["phone"], 0)
        self.callers.chosen.connect(self._take_caller)
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Done"), key="Enter").setObjectName("customerDoneButton")
        self._show_kind()
        self.show_problems(problems or {})

    def _fill(self, sale: Sale, parent: QWidget) -> None:
        buyer = sale.buyer
        texts = {name: getattr(buyer, name) for name in _BUYER}
        texts |= {"cost": self._cost(sale), "comment": sale.comment}
        labels = {
            "phone": self.tr("Phone"),
            "name": self.tr("Name"),
            "street": self.tr("Street"),
            "home": self.tr("House"),
            "apt": self.tr("Apt."),
            "entrance": self.tr("Entrance"),
            "level": self.tr("Floor"),
            "city": self.tr("City"),
            "cost": self.tr("Delivery costs"),
            "address": self.tr("Address on one line"),
            "comment": self.tr("Comment"),
        }
        large = current_theme().scale > _LARGE
        if large:
            self.setFixedWidth(min(_WIDE, parent.window().width() - 48))
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(8)
        for name, (row, column, span) in (_PLACES_LARGE if large else _PLACES).items():
            edit = TextInput(texts[name])
            edit.setObjectName(f"customer_{name}")
            if name != "cost":
                edit.setMaxLength(width("customer_name" if name == "name" else name))
            edit.textEdited.connect(lambda _text, name=name: self._calm(name))
            self.inputs[name] = edit
            self.fields[name] = Field(labels[name], edit)
            grid.addWidget(self.fields[name], row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(12):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)

    @staticmethod
    def _cost(sale: Sale) -> str:
        return plain_number(sale.delivery_cost) if sale.delivery_cost else ""

    def _show_kind(self) -> None:
        delivery = self.kind.value() == Kind.DELIVERY
        for name in (*_ADDRESS, "cost"):
            self.fields[name].setVisible(delivery)
        # Carts of other makers may have the whole address on one line.
        self.fields["address"].setVisible(delivery and bool(self.inputs["address"].text()))
        fit_soon(self)

    def _calm(self, name: str) -> None:
        self.fields[name].set_error("")
        if name in ("street", "address"):
            for other in ("street", "address"):
                self.fields[other].set_error("")

    def _take_caller(self, caller: Caller) -> None:
        self.inputs["phone"].setText(caller.phone)
        self.inputs["name"].setText(caller.name)
        parts = dict(caller.parts)
        if parts.get("addressline") and not parts.get("street"):
            parts["address"] = parts["addressline"]
        for name in _ADDRESS if parts else ():
            self.inputs[name].setText(parts.get(name, ""))
        self._show_kind()
        self.show_problems({})
        target = self.inputs["street" if self.kind.value() == Kind.DELIVERY and not parts else "name"]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say under each field what is wrong with it, and go to the first."""
        names = {"customer_name": "name", "delivery_cost": "cost", "address": "street"}
        told = {names.get(name, name): text for name, text in problems.items()}
        first: QLineEdit | None = None
        for name, field in self.fields.items():
            field.set_error(told.get(name, ""))
            if name in told and first is None:
                first = self.inputs[name]
        self._first = first
        fit_soon(self)

    @property
    def made(self) -> tuple[Sale, dict[str, str]]:
        """Return the cart with what is typed, and what is wrong with it here."""
        text = {name: edit.text().strip() for name, edit in self.inputs.items()}
        delivery = self.kind.value() == Kind.DELIVERY
        cost = typed_amount(text["cost"], self._currency) if text["cost"] and delivery else _NONE
        buyer = Buyer(**{name: text[name] for name in _BUYER})
        kind = self.sale.kind if self.sale.table else self.kind.value()
        sale = replace(
            self.sale, buyer=buyer, comment=text["comment"], kind=kind, delivery_cost=cost or _NONE
        )
        found = sale_problems(sale, self._currency, self._ctx.clock())
        ours = {"customer_name", "phone", "comment", "delivery_cost", *_ADDRESS}
        problems = {name: wrong for name, wrong in found.items() if name in ours}
        if cost is None:
            problems["delivery_cost"] = self.tr("Type a sum, such as 500.")
        return sale, problems

    def accept(self) -> None:
        """Close once all fits."""
        sale, problems = self.made
        if problems:
            self.show_problems(problems)
            self._go_first()
            return
        self.sale = sale
        super().accept()

    def _go_first(self) -> None:
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self._first or self.inputs["phone"]).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.accept()
        else:
            super().keyPressEvent(event)
