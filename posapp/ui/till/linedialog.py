"""One dish and what belongs to it: options in their groups, how many, a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from posapp.domain.catalogue import ModifierGroup, ModifierOption, Product, check_choices
from posapp.domain.money import line_total
from posapp.domain.sale import SaleLine, SaleModifier
from posapp.domain.sale_check import LONGEST_NOTE, MOST_PIECES
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.fit import fit_soon
from posapp.ui.till.words import say, sum_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import Button, quiet_button
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_MOST_HEIGHT = 380
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OptionPill(QAbstractButton):
    """One option with what it adds to the price; chosen ones are filled and ticked."""

    def __init__(self, option: ModifierOption, currency: str) -> None:
        super().__init__()
        self.option = option
        sign = "+" if option.price > 0 else "−"
        price = f" {sign}{sum_text(abs(option.price), currency)}" if option.price else ""
        self._words = option.title + price
        self.setObjectName(f"option_{option.title}")
        self.setAccessibleName(self._words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        words = fonts.text_width(self._words, theme.px(14), fonts.MEDIUM)
        return QSize(min(words + theme.px(18) + 36, 424), theme.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.control, c.focus)
        on = self.isChecked()
        fill = c.accent_tint if on else c.hover if self.underMouse() else c.surface
        edge = c.accent if on else c.border_strong
        rounded(painter, box, theme.radius.control, fill, edge, 2 if on else 1)
        side = theme.px(18)
        icon = "check-circle-fill" if on else "plus"
        place = QRect(12, (self.height() - side) // 2, side, side)
        paint_icon(painter, place, icon, c.accent if on else c.text3)
        painter.setFont(theme.font(14, fonts.MEDIUM))
        room = self.width() - side - 32
        text = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        ink = c.accent_text if on else c.text
        draw_text(
            painter, QRect(side + 20, 0, room + 2, self.height()), text, Qt.AlignmentFlag.AlignLeft, ink
        )
        painter.end()


def rule_text(group: ModifierGroup) -> str:
    """Return how many may be chosen."""
    if group.least and group.least == group.most:
        return say("choose %1").replace("%1", str(group.least))
    if group.least and group.most:
        return say("choose %1 to %2").replace("%1", str(group.least)).replace("%2", str(group.most))
    if group.least:
        return say("choose at least %1").replace("%1", str(group.least))
    if group.most:
        return say("up to %1").replace("%1", str(group.most))
    return say("optional")


class GroupBox(QWidget):
    """A group of options: of a group that takes one, choosing another lets the first go."""

    changed = Signal()

    def __init__(self, group: ModifierGroup, chosen: Sequence[str], currency: str) -> None:
        super().__init__()
        self.group = group
        self._rule = PlainLabel(rule_text(group), px=12, tone="text2")
        self._error = PlainLabel("", px=12, weight=fonts.MEDIUM, tone="danger_text", wrap=True)
        self._error.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(group.title, weight=fonts.SEMIBOLD, elide=True))
        head.addWidget(self._rule)
        head.addStretch(1)
        options = QWidget()
        flow = FlowLayout(options, spacing=8)
        self.pills = [OptionPill(option, currency) for option in group.options]
        for pill in self.pills:
            pill.setChecked(pill.option.title in chosen)
            pill.clicked.connect(lambda _=False, pill=pill: self._clicked(pill))
            flow.addWidget(pill)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(options)
        column.addWidget(self._error)

    @property
    def chosen(self) -> list[ModifierOption]:
        """Return the chosen options."""
        return [pill.option for pill in self.pills if pill.isChecked()]

    def show_error(self, text: str) -> None:
        """Say what is wrong with the choice."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.setAccessibleDescription(text)

    def _clicked(self, pill: OptionPill) -> None:
        if self.group.most == 1 and pill.isChecked():
            for other in self.pills:
                if other is not pill:
                    other.setChecked(False)
        self.changed.emit()


class LineDialog(Dialog):
    """Puts a dish into the cart, or changes a line of it; `line` is the result."""

    def __init__(
        self, product: Product | None, line: SaleLine, currency: str, parent: QWidget, *, new: bool
    ) -> None:
        super().__init__(line.title, "", parent, icon="bowl-food-fill")
        self.setObjectName("lineDialog")
        self.line, self._currency, self._product = line, currency, product
        self.discount_wanted = self.remove_wanted = False
        self.groups: list[GroupBox] = []
        self._kept = self._foreign(product, line.modifiers)
        if product is not None and product.modifiers:
            self.body.addWidget(self._group_area(product, line, currency))
        self.quantity = Stepper(self.tr("Quantity"), line.quantity, 1, MOST_PIECES)
        self.quantity.setObjectName("lineQuantity")
        self.notes = TextInput(" ".join(line.notes.split()))
        self.notes.setObjectName("lineNotes")
        self.notes.setMaxLength(LONGEST_NOTE)
        note = Field(self.tr("Note"), self.notes)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(note, 1)
        row.addWidget(Field(self.tr("Quantity"), self.quantity))
        self.body.addLayout(row)
        self.discount_button = quiet_button(self._discount_words(line), icon="tag")
        self.discount_button.setObjectName("lineDiscountButton")
        self.discount_button.clicked.connect(self._ask_discount)
        self.discount_button.setVisible(not new)
        self.body.addWidget(self.discount_button, 0, Qt.AlignmentFlag.AlignLeft)
        if not new:
            remove = quiet_button(self.tr("Remove"), icon="trash")
            remove.setObjectName("removeLineButton")
            remove.clicked.connect(self._remove)
            self.add_extra(remove)
        self.add_safe(self.tr("Cancel"))
        self.act: Button = self.add_action("", key="Enter")
        self.act.setObjectName("lineDoneButton")
        self._new = new
        self.quantity.valueChanged.connect(self._show_sum)
        self._show_sum()

    def _group_area(self, product: Product, line: SaleLine, currency: str) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(14)
        titles = [modifier.title for modifier in line.modifiers]
        for group in product.modifiers:
            box = GroupBox(group, titles, currency)
            box.changed.connect(self._changed)
            self.groups.append(box)
            column.addWidget(box)
        column.addStretch(1)
        self._area = area = plain_area(inner)
        area.setObjectName("modifierArea")
        return area

    def _fit(self) -> None:
        """Let all groups be seen at once where the room allows it."""
        inner = self._area.widget() if self.groups else None
        if inner is not None:
            wanted = inner.heightForWidth(self.width() - 40)
            self._area.setFixedHeight(min(wanted + 2, current_theme().px(_MOST_HEIGHT)))
        fit_soon(self)

    @staticmethod
    def _foreign(product: Product | None, modifiers: Sequence[SaleModifier]) -> tuple[SaleModifier, ...]:
        """Return the options that the catalogue does not offer any more: they stay."""
        offered = (
            {option.title for group in product.modifiers for option in group.options} if product else set()
        )
        return tuple(modifier for modifier in modifiers if modifier.title not in offered)

    def _discount_words(self, line: SaleLine) -> str:
        if line.discount is None:
            return self.tr("Discount on this line…")
        return f"{self.tr('Discount')}: {line.discount.name}"

    # ------------------------------------------------------------------------------------------- the result

    @property
    def made(self) -> SaleLine:
        """Return the line as it is chosen now."""
        options = [option for box in self.groups for option in box.chosen]
        chosen = tuple(SaleModifier(option.title, option.price, option.internal_id) for option in options)
        notes = self.notes.text().strip()
        if notes == " ".join(self.line.notes.split()):
            notes = self.line.notes
        return replace(self.line, modifiers=self._kept + chosen, quantity=self.quantity.value(), notes=notes)

    def problems(self) -> Mapping[str, str]:
        """Return what is wrong with the choices, by group."""
        if self._product is None:
            return {}
        wrong = dict(check_choices(self._product, [one.title for box in self.groups for one in box.chosen]))
        if self.made.price_of_one < 0 and self.groups:
            wrong.setdefault(self.groups[-1].group.title, say("With these the price is below zero."))
        return wrong

    def accept(self) -> None:
        """Close once the choices fit; else say in place what is missing."""
        wrong = self.problems()
        first: GroupBox | None = None
        for box in self.groups:
            box.show_error(wrong.get(box.group.title, ""))
            first = first or (box if box.group.title in wrong else None)
        if first is not None:
            first.pills[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self._fit()
            self._area.ensureWidgetVisible(first, 0, 8)
            return
        self.line = self.made
        super().accept()

    def _changed(self) -> None:
        wrong = self.problems()
        for box in self.groups:
            if box.group.title not in wrong:
                box.show_error("")
        self._show_sum()

    def _show_sum(self) -> None:
        made = self.made
        total = line_total(max(made.price_of_one, Decimal(0)), made.quantity, self._currency)
        word = self.tr("Add · %1") if self._new else self.tr("Save · %1")
        self.act.setText(word.replace("%1", sum_text(total, self._currency)))

    def _ask_discount(self) -> None:
        self.discount_wanted = True
        self.accept()
        if self.isVisible():
            self.discount_wanted = False  # something is missing first

    def _remove(self) -> None:
        self.remove_wanted = True
        self.reject()

    # ------------------------------------------------------------------------------------------------- keys

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        pills = [pill for box in self.groups for pill in box.pills]
        (pills[0] if pills else self.notes).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = QApplication.focusWidget()
        typing = isinstance(focus, QLineEdit) or focus is self.quantity
        pills = [pill for box in self.groups for pill in box.pills]
        if event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.accept()
        elif not typing and event.text().isdecimal() and 1 <= int(event.text()) <= len(pills):
            pills[int(event.text()) - 1].click()
        elif isinstance(focus, OptionPill) and event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextChild()
        elif isinstance(focus, OptionPill) and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)
