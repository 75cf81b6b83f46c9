"""Typing a PIN: dots, and the keys for fingers; the figures themselves are never shown."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from posapp.ui.theme import Palette, current_theme
from posapp.ui.widgets.buttons import Button, ButtonDress, ButtonLook
from posapp.ui.widgets.paintkit import Painted, smooth

_KEY_WIDE, _KEY_HIGH, _LOW_KEY, _GAP = 96, 76, 56, 12
_DOT, _DOT_GAP = 18, 16


class PinDots(Painted):
    """One ring for each figure, filled as it is typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pinDots")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._length, self._typed = 4, 0

    def show_typed(self, typed: int, length: int) -> None:
        """Fill as many rings as figures were typed."""
        if length != self._length:
            self._length = length
            self.updateGeometry()
        self._typed = typed
        words = self.tr("%1 of %2 figures typed").replace("%1", str(typed)).replace("%2", str(length))
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._length * (_DOT + _DOT_GAP) - _DOT_GAP + 2, _DOT + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        p = smooth(self)
        for number in range(self._length):
            ring = QRectF(1 + number * (_DOT + _DOT_GAP), 1, _DOT, _DOT).adjusted(1, 1, -1, -1)
            full = number < self._typed
            p.setPen(Qt.PenStyle.NoPen if full else QPen(c.border_strong, 2))
            p.setBrush(c.accent if full else Qt.BrushStyle.NoBrush)
            p.drawEllipse(ring)
        p.end()


class _Key(Button):
    def __init__(self, text: str, *, icon: str = "") -> None:
        super().__init__(text, look=ButtonLook.SECONDARY, icon=icon, height=_KEY_HIGH, px=26)
        self.high = _KEY_HIGH
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the figures are typed at the keyboard as well

    def sizeHint(self) -> QSize:
        return QSize(_KEY_WIDE, self.high)

    def _dress(self, colours: Palette) -> ButtonDress:
        dress = super()._dress(colours)
        return ButtonDress(dress.fill, dress.ink, colours.border)


class PinPad(QWidget):
    """The keys; `finished` gives the PIN once it has all its figures, `help_wanted` is the key with “?”."""

    finished = Signal(str)
    changed = Signal(int, int)  # typed, length
    help_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, with_help: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("pinPad")
        self.setAccessibleName(self.tr("PIN keypad"))
        self._typed, self._length = "", 4
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        self.keys: dict[str, _Key] = {}
        for number, sign in enumerate("123456789?0<"):
            icon = {"?": "question-fill", "<": "backspace"}.get(sign, "")
            key = _Key("" if icon else sign, icon=icon)
            key.setObjectName(f"pinKey_{'help' if sign == '?' else 'back' if sign == '<' else sign}")
            key.clicked.connect(lambda _=False, sign=sign: self.press(sign))
            self.keys[sign] = key
            grid.addWidget(key, number // 3, number % 3)
        self.keys["?"].setAccessibleName(self.tr("Forgot the PIN?"))
        self.keys["?"].setVisible(with_help)
        self.keys["<"].setAccessibleName(self.tr("Take the last figure back"))

    def set_low(self, *, low: bool) -> None:
        """Make the keys lower, where more people need the room."""
        for key in self.keys.values():
            key.high = _LOW_KEY if low else _KEY_HIGH
            key.updateGeometry()

    def begin(self, length: int) -> None:
        """Forget what was typed and wait for a PIN of this length."""
        self._typed, self._length = "", length
        self.changed.emit(0, length)

    def press(self, sign: str) -> None:
        """Take a key: a figure, “<” or “?”."""
        if sign == "?":
            self.help_wanted.emit()
            return
        if not self.isEnabled():
            return
        if sign == "<":
            self._typed = self._typed[:-1]
        elif len(self._typed) < self._length:
            self._typed += sign
        self.changed.emit(len(self._typed), self._length)
        if len(self._typed) == self._length:
            typed, self._typed = self._typed, ""
            self.finished.emit(typed)

    def take_key(self, event: QKeyEvent) -> bool:
        """Take a figure or Backspace from the keyboard; holding a key down types one figure."""
        if event.key() == Qt.Key.Key_Backspace:
            self.press("<")
            return True
        text = event.text()
        if len(text) != 1 or not text.isdecimal():
            return False
        if not event.isAutoRepeat():
            self.press(str(int(text)))  # figures of other scripts are figures, too
        return True
