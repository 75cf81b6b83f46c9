"""The keys of the payment panel: figures, quick notes, and the large one that takes the money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.moneytext import money_text, number_text
from posapp.ui.theme import Palette, current_theme
from posapp.ui.widgets.buttons import Button, ButtonDress, ButtonLook

_KEY_HIGH, _KEY_LEAST, _GAP = 56, 42, 8
_HOLD_MS = 500
_BACK = "back"


class _Key(Button):
    """One key of the pad: 56 px high whatever the text scale; a little less where a banner takes the room."""

    def __init__(self, text: str, *, icon: str = "") -> None:
        super().__init__(text, look=ButtonLook.SECONDARY, icon=icon, height=_KEY_HIGH, px=22)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # whoever has keys types the figures
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_KEY_HIGH)
        self._sunken = bool(icon)

    def sizeHint(self) -> QSize:
        return QSize(64, _KEY_HIGH)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, _KEY_HIGH if current_theme().touch else _KEY_LEAST)

    def _dress(self, colours: Palette) -> ButtonDress:
        dress = super()._dress(colours)
        calm = not self.isDown() and not self.underMouse()
        fill: QColor | None = colours.sunken if self._sunken and calm else dress.fill
        return ButtonDress(fill, dress.ink, colours.border)


class Keypad(QWidget):
    """Twelve keys; the last one takes a figure back, and held down all of them."""

    typed = Signal(str)
    back = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keypad")
        self.setAccessibleName(self.tr("Keypad"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        self.keys: dict[str, Button] = {}
        for number, sign in enumerate(("1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0", _BACK)):
            key = _Key("", icon="backspace") if sign == _BACK else _Key(sign)
            key.setObjectName(f"key_{sign}")
            self.keys[sign] = key
            grid.addWidget(key, number // 3, number % 3)
            if sign != _BACK:
                key.clicked.connect(lambda _=False, key=key: self.typed.emit(key.label))
        last = self.keys[_BACK]
        last.setAccessibleName(self.tr("Take the last figure back; hold to clear"))
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(_HOLD_MS)
        self._hold.timeout.connect(self._held)
        last.pressed.connect(self._hold.start)
        last.released.connect(self._released)

    def set_cents(self, *, cents: bool) -> None:
        """Offer a point where small coins are usual, else two noughts."""
        self.keys["00"].setText("." if cents else "00")

    def _held(self) -> None:
        self.cleared.emit()

    def _released(self) -> None:
        if self._hold.isActive():
            self._hold.stop()
            self.back.emit()


class _Note(Button):
    """A quick sum; the chosen one is marked."""

    def __init__(self) -> None:
        super().__init__("", look=ButtonLook.SECONDARY, height=44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.chosen = False
        self.amount: Decimal | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().sizeHint().height())

    def wide(self) -> int:
        """Return how much room the words need."""
        return fonts.text_width(self.label, current_theme().px(14), fonts.SEMIBOLD) + 12

    def mark(self, *, chosen: bool) -> None:
        """Show whether this is the amount."""
        self.chosen = chosen
        self.setAccessibleDescription(self.tr("chosen") if chosen else "")
        self.update()

    def _dress(self, colours: Palette) -> ButtonDress:
        dress = super()._dress(colours)
        if not self.chosen or not self.isEnabled():
            return dress
        return ButtonDress(colours.accent_tint, colours.accent_text, colours.accent)


class QuickCash(QWidget):
    """“Exact” and the notes that are likely to come; those that do not fit are left out."""

    chosen = Signal(object)  # Decimal, None for exact

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quickCash")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.notes = [_Note() for _ in range(4)]
        for number, note in enumerate(self.notes):
            note.setObjectName(f"quick_{number}")
            note.clicked.connect(lambda _=False, note=note: self.chosen.emit(note.amount))
            row.addWidget(note, 1)
        self._count = 0

    def show_notes(self, amounts: Sequence[Decimal], currency: str, typed: Decimal | None) -> None:
        """Offer these amounts; `typed` is the one that is chosen, None the exact sum."""
        for note, amount in zip(self.notes, (None, *amounts[:3]), strict=False):
            note.amount = amount
            note.setText(self.tr("Exact") if amount is None else number_text(f"{amount:f}", currency))
            spoken = self.tr("Exact sum") if amount is None else money_text(f"{amount:f}", currency)
            note.setAccessibleName(spoken)
            note.mark(chosen=amount == typed)
        self._count = 1 + len(amounts[:3])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        count = self._count
        while count > 1:
            each = (self.width() - 6 * (count - 1)) / count
            if max(note.wide() for note in self.notes[:count]) <= each:
                break
            count -= 1
        for number, note in enumerate(self.notes):
            note.setVisible(number < count)


class TakeButton(Button):
    """The one filled button: says what it takes in as many words as fit; a double click is one click."""

    def __init__(self) -> None:
        super().__init__("", look=ButtonLook.PRIMARY, icon="check-circle-fill", key="F12", height=60)
        self.setObjectName("takePaymentButton")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words: tuple[str, ...] = ("",)

    def show_words(self, *words: str) -> None:
        """Show the first of these that fits."""
        self._words = words
        self._fit()
        self.setAccessibleName(f"{words[0]}, F12")

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().sizeHint().height())

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = current_theme()
        for icon, key in (("check-circle-fill", "F12"), ("check-circle-fill", ""), ("", "")):
            for words in self._words:
                self._icon_name, self._key, self._label = icon, key, words
                if self._content_width(theme) <= self.width() - 16:
                    self._say(words, icon, key)
                    return
        self._say(self._words[-1], "", "")

    def _say(self, words: str, icon: str, key: str) -> None:
        self._icon_name, self._key = icon, key
        self.setText(words)
