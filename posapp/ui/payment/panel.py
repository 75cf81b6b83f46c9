"""How somebody pays: cash with its change, card, or later; whole, in part, or shared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from posapp.domain.errors import PosError
from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod
from posapp.ui.context import Context
from posapp.ui.payment.frame import PanelFrame
from posapp.ui.payment.giveback import give_back_dialog
from posapp.ui.payment.till import ZERO, Till, Way
from posapp.ui.payment.words import Words, box_words, sum_text, take_words

_GUARD_MS = 400
_MOST_PEOPLE = 9
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DIGIT_SIGNS = "0123456789.,"


class PaymentPanel(PanelFrame):
    """Writes down how an amount is paid; whoever shows it takes the money.

    After `take_wanted` it is busy until `set_busy(False)`, `clear` or another sum. Parts are held until they
    make the whole and are told together; with `at_once`, for an order that exists, each is told alone.
    """

    take_wanted = Signal(object)  # tuple[Tender, ...]; () = pay later
    parts_changed = Signal(object)  # tuple[Tender, ...]: what is taken and waits for the rest

    def __init__(self, ctx: Context, parent: QWidget | None = None, *, at_once: bool = False) -> None:
        super().__init__(parent, later=not at_once)
        self._ctx, self._at_once = ctx, at_once
        self._till = Till(ZERO, "")
        self._none, self._busy = True, False
        self._problem: Words | None = None
        self._after: Till | None = None
        self._since = QElapsedTimer()
        self.ways.valueChanged.connect(lambda value: self._choose(Way(value)))
        self.amount.key_pressed.connect(self._amount_key)
        self.quick.chosen.connect(self._give)
        self.pad.typed.connect(self._type)
        self.pad.back.connect(self._back)
        self.pad.cleared.connect(lambda: self._give(None))
        self.reference.entered.connect(self.take)
        self.split_button.clicked.connect(self._ask_people)
        self.over_button.clicked.connect(self._start_over)
        self.tip_button.clicked.connect(lambda: self._put(self._till.write_tip()))
        self.take_button.clicked.connect(self.take)
        ctx.config_changed.connect(lambda _config: self.put_due(self._due, self._till.currency))
        self._show()

    # ---------------------------------------------------------------------------------- what its owner says

    @property
    def till(self) -> Till:
        """Return what is written down."""
        return self._till

    @property
    def busy(self) -> bool:
        """Tell whether a payment is on its way to the disk."""
        return self._busy

    @property
    def hasty(self) -> bool:
        """Tell whether something was taken a moment ago: a key that bounces takes no second part."""
        return self._since.isValid() and self._since.elapsed() < _GUARD_MS

    @property
    def _due(self) -> Decimal | None:
        return None if self._none else self._till.due

    def put_due(self, due: Decimal | None, currency: str) -> None:
        """Show what is to be paid; None: nothing."""
        rules = self._ctx.config.sale_rules
        if (due, currency, rules.cash_step) == (self._due, self._till.currency, self._till.step):
            self._show()
            return
        self._none = due is None
        amount = due or ZERO
        if self._after is not None and self._after.rest == amount:
            # What was told is paid: go on with the next share, or with the rest.
            after, self._after = self._after, None
            self.reference.clear()
            self._till = Till(
                amount, currency, rules.cash_step, after.way, shares=after.shares, people=after.people
            )
            self._busy = False
        elif currency != self._till.currency or rules.cash_step != self._till.step or due is None:
            taken = self._till.taken  # no cart, and no setting, makes it untaken
            self._reset(amount, currency)
            self._till = replace(self._till, taken=taken)
        elif amount != self._till.due:
            self._till = self._till.renewed(amount)
            self._after = None
        self._problem = None
        self._show()

    def put_taken(self, parts: tuple[Tender, ...]) -> None:
        """Show what was taken for this cart before, such as when it comes back."""
        if parts != self._till.taken:
            self._till = replace(self._till, taken=parts, shares=(), people=0, typed="", tipping=False)
            self._show()

    def set_busy(self, busy: bool) -> None:
        """Take no second payment while the first is on its way to the disk."""
        self._busy = busy
        if not busy:
            self._after = None
            self._since.start()
        self._show()

    def clear(self) -> None:
        """Go back to cash, exact."""
        self._busy, self._problem = False, None
        self._reset(self._till.due, self._till.currency)
        self._since.start()
        self._show()

    def show_problem(self, error: PosError) -> None:
        """Say in place why the payment was not taken; what was typed stays."""
        self._problem = Words(error.title, " ".join(part for part in (error.detail, error.remedy) if part))
        self.set_busy(False)

    def focus_amount(self) -> None:
        """Put the hand where the amount is typed."""
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------------------- keys

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on F9 cash, F10 card, F12 take; on figures and Enter when the panel has the focus."""
        key = event.key()
        if key in (Qt.Key.Key_F9, Qt.Key.Key_F10, Qt.Key.Key_F12):
            if event.isAutoRepeat():
                return True
            if key == Qt.Key.Key_F12:
                self.take()
            elif not self._none:
                self._choose(Way.CASH if key == Qt.Key.Key_F9 else Way.CARD)
                card = key == Qt.Key.Key_F10
                (self.reference if card else self.amount).setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus) and self._figure(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def _amount_key(self, event: QKeyEvent) -> None:
        if self.handle_key(event):
            event.accept()

    def _figure(self, event: QKeyEvent) -> bool:
        """Act on a key that types the amount."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if not plain or self._till.way is Way.LATER:
            return False
        if event.key() == Qt.Key.Key_Backspace:
            self._back()
        elif event.key() == Qt.Key.Key_Delete:
            self._give(None)
        elif event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.take()
        elif event.text() and event.text() in _DIGIT_SIGNS:
            self._type(event.text().replace(",", "."))
        else:
            return False
        return True

    # ------------------------------------------------------------------------------------------------- acts

    def take(self) -> None:
        """Write the part down; once nothing is left, or at once, tell what is to be taken."""
        if self._none or self._busy or self.hasty or not self._till.possible:
            return
        till = self._till
        self._problem = None
        if till.way is Way.LATER:
            self._tell(till.taken)
            return
        if till.due <= 0 or till.all_taken:
            self._tell(till.taken)
            return
        part = till.tender(self.reference.text())
        after = till.hold(part)
        if self._at_once or after.rest <= 0:
            self._after = after if self._at_once and after.rest > 0 else None
            self._tell((part,) if self._at_once else (*till.taken, part))
            return
        self._till = after
        self.reference.clear()
        self._since.start()
        self._show()
        self.parts_changed.emit(after.taken)
        self.focus_amount()

    def _tell(self, tenders: object) -> None:
        self._busy = True
        self._since.start()
        self._show()
        self.take_wanted.emit(tenders)

    def _choose(self, way: Way) -> None:
        self._put(self._till.pay_by(way))

    def _give(self, amount: Decimal | None) -> None:
        self._put(self._till.give(amount))

    def _type(self, text: str) -> None:
        if self._types_reference():
            self.reference.insert(text.replace(".", ""))
        else:
            self._put(self._till.type(text))

    def _back(self) -> None:
        if self._types_reference():
            self.reference.backspace()
        else:
            self._put(self._till.back())

    def _types_reference(self) -> bool:
        return self._till.way is Way.CARD and self.reference.hasFocus()

    def _put(self, till: Till) -> None:
        if not self._busy and not self._none:
            self._till, self._problem = till, None
            self._show()

    # ---------------------------------------------------------------------------------- several, and a tip

    def _ask_people(self) -> None:
        menu = self.people_menu()
        menu.popup(self.split_button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def people_menu(self) -> QMenu:
        """Return the menu of equal shares."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Share equally among"))
        till = self._till
        for people in range(2, _MOST_PEOPLE + 1):
            shares = till.shared(people).shares
            if len(shares) == people:
                each = sum_text(shares[-1], till.currency)
                text = self.tr("%1 people · %2 each").replace("%1", str(people)).replace("%2", each)
                act = menu.addAction(text)
                act.triggered.connect(lambda _=False, people=people: self._put(self._till.shared(people)))
        return menu

    def _start_over(self) -> None:
        """Begin anew; what a terminal has charged has to be given back there first."""
        charged = [part for part in self._till.taken if part.method is PaymentMethod.CARD]
        if not charged:
            self._forget_taken()
            return
        dialog = give_back_dialog(charged, self._till.currency, self)
        dialog.accepted.connect(self._forget_taken)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget_taken(self) -> None:
        till = self._till
        if self._busy:
            return
        self._till, self._problem = Till(till.due, till.currency, till.step, till.way), None
        self._show()
        if till.taken:
            self.parts_changed.emit(())

    # ------------------------------------------------------------------------------------------------ faces

    def _reset(self, due: Decimal, currency: str) -> None:
        self._till = Till(due, currency, self._ctx.config.sale_rules.cash_step)
        self._after = None
        self.reference.clear()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_till"):
            self._show()

    def _show(self) -> None:
        till, open_ = self._till, not self._none and not self._busy
        self.put_way(till.way)
        self.put_open(open_=open_ and till.due > 0, waits=self._busy)
        self.pad.set_cents(cents=till.currency in {"USD", "EUR"})
        name = self.tr("Customer gives")
        if till.way is Way.CARD:
            name = self.tr("Amount on the terminal")
        if till.tipping:
            name = self.tr("Tip")
        typed, shown = till.shown
        wrong = self._problem is not None or till.too_much_by_card
        self.amount.show_amount(name, typed, shown, "" if self._none else till.currency, wrong=wrong)
        self.put_labels(name, self._remark())
        notes = () if till.tipping or self._none else till.quick
        self.quick.show_notes(notes, till.currency, shown if typed else None)
        words = self._problem or (Words() if self._none and not till.taken else box_words(till))
        self.box.show_words(words.title, words.detail, words.sum, "danger" if self._problem else words.tone)
        self.over_button.setEnabled(not self._busy)
        self.put_parts(till, tips=self._ctx.config.sale_rules.tips, none=self._none)
        self.take_button.show_words(*take_words(till, none=self._none, busy=self._busy))
        self.take_button.setEnabled(open_ and till.possible)
        self.hint.setText(self._hint())

    def _remark(self) -> str:
        till = self._till
        if self._none or till.tipping:
            return ""
        if till.rounding:
            text = self.tr("rounding %1")
            return text.replace("%1", sum_text(till.rounding, till.currency, sign=True))
        if till.person:
            return self.tr("person %1").replace("%1", till.person)
        return "" if till.typed or till.way is Way.CARD else self.tr("exact by default")

    def _hint(self) -> str:
        receipt = self._ctx.config.printer_for("receipt") is not None
        kitchen = self._ctx.config.printer_for("kitchen") is not None and not self._at_once
        if receipt and kitchen:
            return self.tr("Prints receipt · sends to kitchen")
        if kitchen:
            return self.tr("Sends to kitchen · no receipt printer is set up")
        return self.tr("Prints receipt") if receipt else self.tr("No receipt printer is set up")
