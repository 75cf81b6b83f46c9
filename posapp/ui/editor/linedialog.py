"""What is asked of one line beside its quantity: options, a note for the kitchen, a discount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.catalogue import Product, check_choices
from posapp.domain.discount import DiscountKind
from posapp.domain.line_text import (
    MOST_OPTIONS,
    LineTextError,
    discount_text,
    option_text,
    read_discount,
    read_options,
)
from posapp.domain.money import total_of
from posapp.domain.sale import SaleModifier
from posapp.domain.text import clean_line
from posapp.services.line_edits import LONGEST_NOTE
from posapp.storage.catalogue import products_by_id
from posapp.ui.context import Context
from posapp.ui.detail.texts import breakable
from posapp.ui.editor.linesdraft import DraftLine, LineWords
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.inputs import TextInput

_PILL = 34
_LONGEST = 40


class _Pill(Button):
    """An option that is chosen or not."""

    def __init__(self, option: SaleModifier, *, chosen: bool) -> None:
        text = option_text(option)
        super().__init__(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…", height=_PILL, px=13)
        self.option, self.chosen = option, chosen
        self.setObjectName("lineOption")
        self.clicked.connect(lambda: self.choose(chosen=not self.chosen))
        self.choose(chosen=chosen)

    def choose(self, *, chosen: bool) -> None:
        """Take the option, or leave it."""
        self.chosen = chosen
        self.set_look(ButtonLook.TINT if chosen else ButtonLook.SECONDARY)
        self.set_icon_name("check-bold" if chosen else "plus-bold")
        state = self.tr("chosen") if chosen else self.tr("not chosen")
        self.setAccessibleName(f"{option_text(self.option)}, {state}")


class LineDialog(Dialog):
    """Asks for options, a note and a discount; `words` has them once it is accepted."""

    def __init__(self, ctx: Context, line: DraftLine, parent: QWidget, *, own: bool, staff: bool) -> None:
        super().__init__("", "", parent, icon="pencil-simple-fill", tone="accent")
        self.setObjectName("lineDialog")
        self.set_title(breakable(line.row.title or line.row.internal_id))
        if staff:
            self.set_text(
                self.tr("Options and the note stay here. The shop sets its prices: give a discount there.")
            )
        elif not own:
            self.set_text(self.tr("This stays here: the shop takes only statuses."))
        self._line, self._own, self._staff = line, own, staff
        self._product: Product | None = None
        self.words = line.words
        self._pills: list[_Pill] = []
        self._lay_out()
        self.add_safe(self.tr("Cancel")).setObjectName("cancelLineButton")
        act = self.add_action(self.tr("Done"), key="Enter")
        act.setObjectName("confirmLineButton")
        act.clicked.disconnect()
        act.clicked.connect(self._try)
        for option in line.words.options:
            self._put_option(option, chosen=True)
        if not staff and line.row.internal_id:
            number, store = line.row.internal_id, ctx.store
            ctx.tasks.run(
                lambda: products_by_id(store, [number]), lambda found: self._offer(found.values()), owner=self
            )

    def _lay_out(self) -> None:
        words = self.words
        holder, self._options = QWidget(), QWidget()
        self._flow = FlowLayout(self._options, spacing=8)
        policy = self._options.sizePolicy()
        policy.setHeightForWidth(True)
        self._options.setSizePolicy(policy)
        example = self.tr("such as extra cheese +50") if self._own else self.tr("such as no onions")
        self._other = self._input("lineOther", "", example)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._options)
        column.addWidget(self._other)
        self._other.setAccessibleName(self.tr("Another option"))
        self._option_field = Field(self.tr("Options"), holder)
        self._note = self._input("lineNote", words.notes, "")
        self._note_field = Field(self.tr("Note for the kitchen"), self._note)
        shown = self.tr("10% or 50") if self._own else "10%"
        self._discount = self._input("lineDiscount", discount_text(words.discount), shown)
        self._reason = self._input("lineReason", words.discount.name if words.discount else "", "")
        self._discount_field = Field(self.tr("Discount"), self._discount)
        self._reason_field = Field(self.tr("Reason"), self._reason)
        self._options.setVisible(False)
        self.body.addWidget(self._option_field)
        self.body.addWidget(self._note_field)
        money = QWidget()
        row = QHBoxLayout(money)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._discount_field, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._reason_field, 2, Qt.AlignmentFlag.AlignTop)
        self._reason_field.setVisible(self._own)
        self.body.addWidget(money)
        money.setVisible(not self._staff)

    def _input(self, name: str, text: str, placeholder: str) -> TextInput:
        made = TextInput(text, placeholder=placeholder)
        made.setObjectName(name)
        made.setCursorPosition(0)
        made.installEventFilter(self)
        made.textEdited.connect(lambda _text: self._clear())
        return made

    def _clear(self) -> None:
        for field in (self._option_field, self._note_field, self._discount_field):
            field.set_error("")

    def _put_option(self, option: SaleModifier, *, chosen: bool) -> None:
        pill = _Pill(option, chosen=chosen)
        pill.clicked.connect(self._clear)
        self._pills.append(pill)
        self._flow.addWidget(pill)
        self._options.setVisible(True)
        before = self._pills[-2] if len(self._pills) > 1 else None
        if before is not None:
            self.setTabOrder(before, pill)
        self.setTabOrder(pill, self._other)
        if self.isVisible():
            self._fit()

    def _offer(self, found: Iterable[Product]) -> None:
        """Offer what the catalogue knows of options."""
        self._product = next(iter(found), None)
        if self._product is None:
            return
        there = {pill.option.title for pill in self._pills}
        for group in self._product.modifiers:
            for option in group.options:
                if option.title not in there:
                    price = option.price if self._own else Decimal(0)
                    self._put_option(SaleModifier(option.title, price, option.internal_id), chosen=False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._other.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def _fit(self) -> None:
        """Be as high as what is asked: a layout guesses too much for texts that wrap."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            if event.isAutoRepeat():
                return True
            if watched is not self._other or not self._other.text().strip():
                self._try()
            else:
                self._take_other()
            return True
        return super().eventFilter(watched, event)

    def _take_other(self) -> bool:
        """Make what is typed an option; tell whether it is one."""
        try:
            options = read_options(self._other.text())
        except LineTextError as error:
            self._option_field.set_error(str(error))
            self._other.setFocus()
            return False
        for option in options:
            known = next((pill for pill in self._pills if pill.option.title == option.title), None)
            if known is not None and not option.price:
                known.choose(chosen=True)
            else:
                self._put_option(option, chosen=True)
        self._other.clear()
        return True

    def _try(self) -> None:
        """Take it, or say what is wrong."""
        if not self._take_other():
            return
        options = tuple(pill.option for pill in self._pills if pill.chosen)
        wrong = self._wrong_options(options)
        if wrong:
            self._option_field.set_error(wrong)
            self._other.setFocus()
            return
        note = clean_line(self._note.text())
        if len(note) > LONGEST_NOTE:
            words = self.tr("The note is longer than %1 characters. Shorten it.")
            self._note_field.set_error(words.replace("%1", str(LONGEST_NOTE)))
            self._note.setFocus()
            return
        was = self._line.words
        given = (self._discount.text(), self._reason.text())
        discount = was.discount
        if given != (discount_text(was.discount), was.discount.name if was.discount else ""):
            try:
                discount = read_discount(*given)
                if discount is not None and discount.kind is not DiscountKind.PERCENT and not self._own:
                    raise LineTextError(
                        self.tr("A shop's order takes a discount in percent. Write it like 10%.")
                    )
            except LineTextError as error:
                self._discount_field.set_error(str(error))
                self._discount.setFocus()
                return
        self.words = LineWords(options, was.notes if note == clean_line(was.notes) else note, discount)
        self.accept()

    def _wrong_options(self, options: Sequence[SaleModifier]) -> str:
        if len(options) > MOST_OPTIONS:
            return self.tr("These are too many options. At most %1 fit.").replace("%1", str(MOST_OPTIONS))
        if not self._own:
            return ""
        price = self._line.row.unit_price - total_of(item.price for item in self._line.was.options)
        if price + total_of(item.price for item in options) < 0:
            return self.tr("With these the price is below zero. Choose others.")
        if self._product is None or options == self._line.was.options:
            return ""
        problems = check_choices(self._product, [option.title for option in options])
        return " ".join(f"{title}: {sentence}" for title, sentence in problems.items())
