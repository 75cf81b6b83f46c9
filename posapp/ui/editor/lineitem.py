"""One line of an order in the editor: what it is, how many, what it costs, and out with it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.line_text import discount_text, option_text
from posapp.services.line_edits import MOST
from posapp.ui.detail.moneyfacts import sum_text
from posapp.ui.detail.texts import breakable
from posapp.ui.editor.linesdraft import DraftLine
from posapp.ui.fonts import REGULAR, SEMIBOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook, IconButton
from posapp.ui.widgets.chip import FACT, SMALL, Chip, ChipTone
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_STEPPER = QSize(116, 36)
_LONGEST_CHIP = 36


class QuantityStepper(Stepper):
    """How many; narrower than the steppers of settings."""

    def __init__(self, title: str, quantity: int) -> None:
        super().__init__(title, quantity, 1, MOST)
        # The line takes the focus of the keyboard, and + and − there do the same.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        if theme.touch:
            return QSize(2 * theme.control + 56, theme.control)
        return QSize(theme.px(_STEPPER.width()), theme.px(_STEPPER.height()))


class LineItem(Painted):
    """A line; the whole of it takes the focus, then + − Del and digits act on it."""

    quantity_wanted = Signal(int, int)
    remove_wanted = Signal(int)
    put_back_wanted = Signal(int)
    words_wanted = Signal(int)  # options, note and discount
    step_wanted = Signal(int, int)  # to the line above (-1) or below

    def __init__(self, line: DraftLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line, self.key = line, line.key
        self.setObjectName("editorLine")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = line.row
        self._title = PlainLabel(breakable(row.title or row.internal_id), weight=SEMIBOLD, wrap=True)
        self._tag = Chip(self.tr("changed"), tone=ChipTone.ACCENT, size=SMALL)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 6, 5, 7)
        column.setSpacing(2)
        column.addLayout(top)
        asked = " · ".join(option_text(option) for option in line.words.options)
        extra = [text for text in (asked, line.words.notes) if text]
        if extra:
            words = PlainLabel(breakable("\n".join(extra)), px=12, tone="text2", wrap=True)
            column.addWidget(words)
        chips = self._chips()
        if chips is not None:
            column.addWidget(chips)
        column.addSpacing(2)
        column.addLayout(self._foot())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _chips(self) -> QWidget | None:
        row = self.line.row
        chips = [Chip(_short(row.promo_title), "tag-fill", ChipTone.OK, size=FACT)] if row.promo_title else []
        if row.promo_code:
            text = self.tr("Code %1").replace("%1", _short(row.promo_code))
            chips.append(Chip(text, "", ChipTone.OK, size=FACT))
        if row.paid_in_bonuses:
            chips.append(Chip(self.tr("Paid in bonuses"), "star-fill", ChipTone.ACCENT, size=FACT))
        discount = self.line.words.discount
        if discount is not None and not row.promo_title:
            text = f"{_short(discount.name)} −{discount_text(discount)}".strip()
            chips.append(Chip(text, "tag-fill", ChipTone.OK, size=FACT))
        if not chips:
            return None
        holder = QWidget()
        flow = FlowLayout(holder, spacing=6)
        for chip in chips:
            flow.addWidget(chip)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        return holder

    def _foot(self) -> QHBoxLayout:
        title = self.line.row.title or self.line.row.internal_id
        self.stepper = QuantityStepper(
            self.tr("Quantity of %1").replace("%1", title), min(MOST, max(1, self.line.quantity))
        )
        self.stepper.valueChanged.connect(lambda value: self.quantity_wanted.emit(self.key, value))
        self._removed = PlainLabel(self.tr("Taken out"), px=13, weight=SEMIBOLD, tone="danger_text")
        self.back_button = Button(
            self.tr("Put back"), look=ButtonLook.TINT, icon="arrow-u-up-left", height=36, px=13
        )
        self.back_button.setObjectName("putBackButton")
        self.back_button.clicked.connect(lambda: self.put_back_wanted.emit(self.key))
        self._total = PlainLabel("", px=15, weight=SEMIBOLD)
        self.remove_button = IconButton(
            "trash", self.tr("Take out %1").replace("%1", title), key="Del", quiet=True
        )
        self.remove_button.setObjectName("removeLineButton")
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remove_button.clicked.connect(lambda: self.remove_wanted.emit(self.key))
        self.words_button = IconButton(
            "pencil-simple", self.tr("Options of %1").replace("%1", title), key="Enter", quiet=True
        )
        self.words_button.setObjectName("lineOptionsButton")
        self.words_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words_button.clicked.connect(lambda: self.words_wanted.emit(self.key))
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.stepper)
        foot.addWidget(self.words_button)
        foot.addWidget(self._removed)
        foot.addStretch(1)
        foot.addWidget(self._total)
        foot.addWidget(self.remove_button)
        foot.addWidget(self.back_button)
        return foot

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops."""
        return (self, self.back_button)

    def show_line(self, line: DraftLine, total: Decimal, currency: str) -> None:
        """Show what the line is now."""
        self.line = line
        self._tag.setVisible(line.changed and not line.removed)
        self._tag.show_text(
            self.tr("added") if line.place is None else self.tr("changed"), tone=ChipTone.ACCENT
        )
        there: tuple[QWidget, ...] = (self.stepper, self.words_button, self.remove_button, self._total)
        gone: tuple[QWidget, ...] = (self._removed, self.back_button)
        for widget in there + gone:
            widget.setVisible(line.removed == (widget in gone))
        font = QFont(current_theme().font(14, REGULAR if line.removed else SEMIBOLD))
        font.setStrikeOut(line.removed)
        self._title.setFont(font)
        self._title.set_tone("text2" if line.removed else "text")
        self.stepper.blockSignals(True)
        self.stepper.setValue(line.quantity)
        self.stepper.blockSignals(False)
        self._total.setText(sum_text(total, currency))
        state = self.tr("taken out") if line.removed else f"{line.quantity} ×"
        self.setAccessibleName(f"{state} {line.row.title or line.row.internal_id}")
        self.setAccessibleDescription(
            self.tr("Plus and minus change the quantity, Enter its options, Delete takes it out")
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_wanted.emit(self.key, -1 if key == Qt.Key.Key_Up else 1)
        elif self.line.removed and (key == Qt.Key.Key_Delete or text == "+"):
            self.put_back_wanted.emit(self.key)
        elif self.line.removed:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit(self.key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.words_wanted.emit(self.key)
        elif text in ("+", "=", "-", "−"):
            by = 1 if text in ("+", "=") else -1
            self.quantity_wanted.emit(self.key, max(1, self.line.quantity + by))
        elif len(text) == 1 and text.isdecimal() and text != "0":
            self.stepper.setFocus(Qt.FocusReason.OtherFocusReason)
            self.stepper.lineEdit().setText(text)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.hasFocus():
            theme = current_theme()
            painter = smooth(self)
            rounded(painter, self.rect(), theme.radius.control, None, theme.palette.focus, 2)
            painter.end()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_CHIP else f"{text[: _LONGEST_CHIP - 1]}…"
