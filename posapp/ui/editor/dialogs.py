"""What the editor asks: what to add, and whether changes may be thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.catalogue import Product
from posapp.domain.fields import line_width
from posapp.domain.rules import FieldError, FieldKind, FieldRule, canonical
from posapp.domain.text import clean_line
from posapp.services.line_edits import MOST
from posapp.storage.shopinfo import products_to_add
from posapp.ui.context import Context
from posapp.ui.detail.moneyfacts import sum_text
from posapp.ui.editor.values import shown_value
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.options import Option, OptionList

_HITS, _LIST_HEIGHT = 30, 184
_PRICE = FieldRule(
    "price", "price", FieldKind.AMOUNT, "Price", required=True,
    minimum=Decimal(0), maximum=Decimal("999999999"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is to be added."""

    title: str
    price: Decimal
    quantity: int
    internal_id: str = ""
    product: str = ""


class AddItemDialog(Dialog):
    """A name, a price and how many; where there is a catalogue, what is typed is looked up in it."""

    def __init__(self, ctx: Context, currency: str, parent: QWidget, *, remote: str = "") -> None:
        super().__init__("", "", parent, icon="plus-circle-fill", tone="accent")
        self.setObjectName("addItemDialog")
        self.set_title(self.tr("Add to the order"))
        self._ctx, self._currency, self._remote = ctx, currency, remote
        self._question = 0
        self._product: Product | None = None
        self.line: NewLine | None = None
        self._name, self._price = TextInput(), TextInput()
        self._count = Stepper(self.tr("Quantity"), 1, 1, MOST)
        self._list = OptionList(self.tr("Catalogue"))
        self._list.setObjectName("catalogueList")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFixedHeight(_LIST_HEIGHT)
        self._list.hide()
        self._name.setObjectName("addItemName")
        self._price.setObjectName("addItemPrice")
        self._count.setObjectName("addItemQuantity")
        self._lay_out()
        self.add_safe(self.tr("Cancel")).setObjectName("cancelAddButton")
        self._act = self.add_action(self.tr("Add"), key="Enter")
        self._act.setObjectName("confirmAddButton")
        self._act.clicked.disconnect()
        self._act.clicked.connect(self._try)
        self._name.textEdited.connect(self._typed)
        self._price.textEdited.connect(lambda _text: self._price_field.set_error(""))
        for line in (self._name, self._price):
            line.installEventFilter(self)
        self._list.chosen.connect(self._take)
        self._look_up("")

    def _lay_out(self) -> None:
        self._name_field = Field(self.tr("Name"), self._name, required=True)
        self._price_field = Field(self.tr("Price"), self._price, required=True)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._price_field, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Field(self.tr("Quantity"), self._count), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._name_field)
        self.body.addWidget(self._list)
        self.body.addWidget(below)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing is lost by adding: the name is what one types first.
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up if watched is self._name and self._list.options:
                    self._list.step(1 if event.key() == Qt.Key.Key_Down else -1)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    if watched is self._price or not self._list.take_marked():
                        self._try()
                    return True
        return super().eventFilter(watched, event)

    def _typed(self, text: str) -> None:
        self._product = None
        self._name_field.set_error("")
        self._look_up(text)

    def _look_up(self, text: str) -> None:
        self._question += 1
        question, store, remote = self._question, self._ctx.store, self._remote

        def done(found: Sequence[Product]) -> None:
            if question == self._question:
                self._offer(found, marked=bool(text.strip()))

        self._ctx.tasks.run(lambda: products_to_add(store, remote, text, _HITS), done, owner=self)

    def _offer(self, found: Sequence[Product], *, marked: bool) -> None:
        options = [
            Option(
                product.title,
                right=sum_text(product.price, self._currency),
                more=" · ".join(part for part in (product.category, product.weight) if part),
                value=product,
            )
            for product in found
        ]
        self._list.put(options, current=0 if marked and options else -1)
        if options and self._list.isHidden():
            self._list.show()
            self.adjustSize()

    def _take(self, option: Option) -> None:
        product = option.value
        if not isinstance(product, Product):
            return
        self._product = product
        self._name.setText(product.title)
        now = self._ctx.clock()
        self._price.setText(shown_value(_PRICE, f"{product.price:f}", self._currency, now, self._ctx.zone))
        self._list.mark(-1)
        self._price_field.set_error("")
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        """Add, or say what is missing."""
        title = clean_line(self._name.text())
        most = line_width("title")
        if not title:
            self._name_field.set_error(self.tr("Name is missing. Fill it in."))
            self._name.setFocus()
            return
        if len(title) > most:
            words = self.tr("The name is longer than %1 characters. Shorten it.")
            self._name_field.set_error(words.replace("%1", str(most)))
            self._name.setFocus()
            return
        try:
            price = Decimal(canonical(_PRICE, self._price.text(), self._ctx.zone))
        except FieldError as error:
            self._price_field.set_error(str(error))
            self._price.setFocus()
            return
        known = self._product
        self.line = NewLine(
            title,
            price,
            self._count.value(),
            internal_id=known.internal_id if known is not None else "",
            product=known.address if known is not None else "",
        )
        self.accept()


class GuardDialog(Dialog):
    """Asks before changes are thrown away."""

    def __init__(self, code: str, words: Sequence[str], parent: QWidget) -> None:
        super().__init__("", " · ".join(words), parent, icon="warning-fill", tone="warn")
        self.setObjectName("guardDialog")
        count = len(words)
        title = (
            self.tr("Discard 1 change of order %2?")
            if count == 1
            else self.tr("Discard %1 changes of order %2?")
        )
        self.set_title(title.replace("%1", str(count)).replace("%2", code))
        self.add_safe(self.tr("Keep editing")).setObjectName("keepEditingButton")
        act = self.add_action(self.tr("Discard"), look=ButtonLook.DANGER_OUTLINE)
        act.setObjectName("discardButton")
