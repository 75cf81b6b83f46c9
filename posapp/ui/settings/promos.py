"""The list of promos in the settings of counter sales, and the dialog of one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.discount import DiscountKind
from posapp.domain.errors import PosError
from posapp.domain.money import currency_of
from posapp.domain.promo import LONGEST_NAME, MANAGERS, Promo
from posapp.services.promos import delete_promo, save_promo
from posapp.storage.feed import Change, Topic
from posapp.storage.promos import promos
from posapp.ui import fonts
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.delivery.cashdialog import typed_amount
from posapp.ui.reports.rangedialog import typed_day
from posapp.ui.till.words import discount_value, plain_number
from posapp.ui.widgets.buttons import IconButton, secondary_button
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel

_HUNDREDTHS = "XXX"  # an unknown currency counts in hundredths, as percentages do


class PromoDialog(Dialog):
    """Asks for a promo; it is saved while the dialog is open, and errors stay at their fields."""

    def __init__(self, ctx: Context, before: Promo | None, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="tag-fill")
        self.setObjectName("promoDialog")
        self._ctx, self._before, self._busy = ctx, before, False
        self._currency = ctx.config.sale_rules.currency
        self.set_title(self.tr("Promo") if before else self.tr("Add a promo"))
        self.set_text(self.tr("Receipts and reports show its name."))
        self.name = TextInput(before.name if before else "")
        self.name.setMaxLength(LONGEST_NAME)
        self.value = TextInput(plain_number(before.value) if before else "")
        kinds = [(DiscountKind.PERCENT.value, "%", "")]
        kinds.append((DiscountKind.AMOUNT.value, currency_of(self._currency).symbol, ""))
        self.kind = Segmented(self.tr("How it is counted"), kinds)
        self.kind.set_value((before.kind if before else DiscountKind.PERCENT).value)
        self.first, self.last = (
            TextInput(f"{day:%d.%m.%Y}" if day else "", placeholder=self.tr("always"))
            for day in ((before.first_day, before.last_day) if before else (None, None))
        )
        self.managers = Toggle(self.tr("Only with a manager"))
        self.managers.setChecked(bool(before and before.role == MANAGERS))
        day = self.tr("Day.Month.Year")
        self.fields = {
            "name": Field(self.tr("Name"), self.name),
            "value": Field(self.tr("How much"), self.value),
            "kind": Field(self.tr("Counted in"), self.kind),
            "first_day": Field(self.tr("First day"), self.first, help_text=day),
            "last_day": Field(self.tr("Last day"), self.last, help_text=day),
        }
        self._lay_out()

    def _lay_out(self) -> None:
        places = {"name": (0, 0, 2), "value": (1, 0, 1), "kind": (1, 1, 1), "first_day": (2, 0, 1)}
        places["last_day"] = (2, 1, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, (row, column, wide) in places.items():
            grid.addWidget(self.fields[name], row, column, 1, wide, Qt.AlignmentFlag.AlignTop)
            self.fields[name].editor.setObjectName(f"promo_{name}")
        self.managers.setObjectName("promoManagers")
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.managers)
        line.addWidget(PlainLabel(self.managers.accessibleName(), px=13), 1)
        self.body.addLayout(grid)
        self.body.addLayout(line)
        self.trouble = PlainLabel("", px=13, tone="danger_text", wrap=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Save"), key="Enter").setObjectName("savePromo")
        for edit in (self.name, self.value, self.first, self.last):
            edit.returnPressed.connect(self.accept)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Save; the dialog closes when that went well."""
        made = self._made()
        if made is None or self._busy:
            return
        self._busy = True
        ctx, code, who = self._ctx, self._currency, self._ctx.who
        ctx.tasks.run(
            lambda: save_promo(ctx.store, made, code, who, origin=WINDOW_ORIGIN),
            lambda _saved: super(PromoDialog, self).accept(),
            failed=self._refused,
            owner=self,
        )

    def _made(self) -> Promo | None:
        """Return what is typed; say what makes no sense."""
        kind = DiscountKind(self.kind.value())
        code = _HUNDREDTHS if kind is DiscountKind.PERCENT else self._currency
        value = typed_amount(self.value.text().replace("%", ""), code)
        wrong = {} if value is not None else {"value": self.tr("Type a number, such as 10.")}
        today = self._ctx.clock().astimezone(self._ctx.zone).date()
        days: dict[str, date | None] = {}
        for name, edit in (("first_day", self.first), ("last_day", self.last)):
            days[name] = typed_day(edit.text(), today)
            if edit.text().strip() and days[name] is None:
                wrong[name] = self.tr("Type a day, such as 16.11.2026.")
        self._show(wrong, "")
        if wrong:
            return None
        role = MANAGERS if self.managers.isChecked() else ""
        known = self._before.id if self._before else ""
        first, last = days["first_day"], days["last_day"]
        return Promo(self.name.text().strip(), kind, value or Decimal(0), first, last, role, known)

    def _refused(self, error: PosError) -> None:
        self._busy = False
        self._show(error.fields, "" if error.fields else str(error))

    def _show(self, wrong: dict[str, str], sentence: str) -> None:
        for name, field in self.fields.items():
            field.set_error(wrong.get(name, ""))
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        first = next((self.fields[name].editor for name in wrong if name in self.fields), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)


class PromoCard(QWidget):
    """The promos, one a line, with a button for another one."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.setObjectName("promoCard")
        self._ctx = ctx
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        add = secondary_button(self.tr("Add a promo"), icon="plus-bold")
        add.setObjectName("addPromo")
        add.clicked.connect(lambda: self._edit(None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        ctx.feed.changed.connect(self._heard)
        self.read()

    def read(self) -> None:
        """Read the list."""
        store = self._ctx.store
        self._ctx.tasks.run(lambda: promos(store), self._fill, owner=self)

    def _heard(self, change: Change) -> None:
        if Topic.CATALOGUE in change.topics or change.foreign:
            self.read()

    def _fill(self, found: tuple[Promo, ...]) -> None:
        while self._list.count():
            entry = self._list.takeAt(0)
            widget = entry.widget() if entry is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in found:
            self._list.addWidget(self._line(one))
        if not found:
            words = self.tr("None yet. What is free text today can be one click at the counter.")
            self._list.addWidget(PlainLabel(words, px=13, tone="text2", wrap=True))

    def _line(self, one: Promo) -> QWidget:
        edit = secondary_button(self.tr("Edit…"))
        edit.setObjectName(f"editPromo_{one.name}")
        edit.setAccessibleName(self.tr("Edit %1").replace("%1", one.name))
        edit.clicked.connect(lambda: self._edit(one))
        drop = IconButton("trash", self.tr("Delete %1").replace("%1", one.name), quiet=True)
        drop.setObjectName(f"dropPromo_{one.name}")
        drop.clicked.connect(lambda: self._drop(one))
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(PlainLabel(one.name, px=15, weight=fonts.SEMIBOLD, elide=True), 1)
        row.addWidget(PlainLabel(self._details(one), px=13, tone="text2"))
        row.addWidget(edit)
        row.addWidget(drop)
        return box

    def _details(self, one: Promo) -> str:
        parts = ["−" + discount_value(one.discount, self._ctx.config.sale_rules.currency)]
        if one.first_day or one.last_day:
            days = [f"{day:%d.%m.%Y}" if day else "" for day in (one.first_day, one.last_day)]
            parts.append(" – ".join(days).strip())
        if one.is_over(self._ctx.clock().astimezone(self._ctx.zone).date()):
            parts.append(self.tr("over"))
        if one.role == MANAGERS:
            parts.append(self.tr("with a manager"))
        return " · ".join(parts)

    def _edit(self, one: Promo | None) -> None:
        dialog = PromoDialog(self._ctx, one, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _drop(self, one: Promo) -> None:
        ctx, who, code = self._ctx, self._ctx.who, self._ctx.config.sale_rules.currency

        def back() -> None:
            ctx.tasks.run(lambda: save_promo(ctx.store, one, code, ctx.who, origin=WINDOW_ORIGIN), owner=ctx)

        words = self.tr("“%1” is deleted").replace("%1", one.name)
        ctx.tasks.run(
            lambda: delete_promo(ctx.store, one.id, who, origin=WINDOW_ORIGIN),
            lambda _none: ctx.message.emit(words, back),
            owner=self,
        )
