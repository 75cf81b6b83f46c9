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
from posapp.ui.till.words import plain_number
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented

_BUYER = ("phone", "name", "street", "home", "apt", "entrance", "level", "city", "address")
_ADDRESS = ("street", "home", "apt", "entrance", "level", "city", "address")
_NONE = Decimal("0")


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
        self._fill(sale)
        self.callers = CallerList(ctx, self.inputs["phone"], 0)
        self.callers.chosen.connect(self._take_caller)
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Done"), key="Enter").setObjectName("customerDoneButton")
        self._show_kind()
        self.show_problems(problems or {})

    def _fill(self, sale: Sale) -> None:
        buyer = sale.buyer
        places = (
            ("phone", self.tr("Phone"), buyer.phone, "phone", 0, 0, 3),
            ("name", self.tr("Name"), buyer.name, "customer_name", 0, 3, 3),
            ("street", self.tr("Street"), buyer.street, "street", 1, 0, 4),
            ("home", self.tr("House"), buyer.home, "home", 1, 4, 2),
            ("apt", self.tr("Apartment"), buyer.apt, "apt", 2, 0, 2),
            ("entrance", self.tr("Entrance"), buyer.entrance, "entrance", 2, 2, 2),
            ("level", self.tr("Floor"), buyer.level, "level", 2, 4, 2),
            ("city", self.tr("City"), buyer.city, "city", 3, 0, 3),
            ("cost", self.tr("Delivery costs"), self._cost(sale), "", 3, 3, 3),
            ("address", self.tr("Or the address on one line"), buyer.address, "address", 4, 0, 6),
            ("comment", self.tr("Comment"), sale.comment, "comment", 5, 0, 6),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for name, label, text, rule, row, column, span in places:
            edit = TextInput(text)
            edit.setObjectName(f"customer_{name}")
            if rule:
                edit.setMaxLength(width(rule))
            edit.textEdited.connect(lambda _text, name=name: self._calm(name))
            self.inputs[name] = edit
            self.fields[name] = Field(label, edit)
            grid.addWidget(self.fields[name], row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)

    @staticmethod
    def _cost(sale: Sale) -> str:
        return plain_number(sale.delivery_cost) if sale.delivery_cost else ""

    def _show_kind(self) -> None:
        delivery = self.kind.value() == Kind.DELIVERY
        for name in (*_ADDRESS, "cost"):
            self.fields[name].setVisible(delivery)
        self.adjustSize()

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
