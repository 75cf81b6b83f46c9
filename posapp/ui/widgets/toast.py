"""The toast: says what was just done and offers to undo it for six seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Palette, current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button, ButtonDress, ButtonLook
from posapp.ui.widgets.keyhint import KeyHint
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_TICK_MS = 100


class _ToastButton(Button):
    """The words that undo, in the colour of toasts."""

    def __init__(self) -> None:
        super().__init__("", look=ButtonLook.QUIET, height=36)
        self._pad = 8

    def _dress(self, colours: Palette) -> ButtonDress:
        return ButtonDress(None, colours.on_toast if self.underMouse() else colours.toast_action)


class Toast(Painted):
    """One message over the lower left corner of its parent, or of a widget inside that.

    `actionTriggered` means that the action was chosen; `dismissed` that the time ran out or another message
    took the place. The time stands still while the pointer or the focus is on the toast.
    """

    actionTriggered = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget, *, margin_left: int = 44, margin_bottom: int = 14) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._ground = parent
        self._over, self._left, self._bottom = parent, margin_left, margin_bottom
        self._icon = "check-circle-fill"
        self._left_ms = 0
        self._words = PlainLabel("", weight=fonts.MEDIUM, tone="on_toast", elide=True)
        self.button = _ToastButton()
        self.button.setObjectName("undoButton")
        self.button.setAccessibleName(self.tr("Undo"))
        self._key = KeyHint("Z", tone="on_toast")
        self._count = PlainLabel("", px=13, tone="on_toast")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(44, 0, 18, 0)
        row.setSpacing(6)
        row.addWidget(self._words, 1)
        row.addSpacing(4)
        row.addWidget(self.button)
        row.addWidget(self._key)
        row.addWidget(self._count)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.button.clicked.connect(self._act)
        self.keep_height(48)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """Return the message."""
        return self._words.text()

    def lie_over(self, place: QWidget) -> None:
        """Lie over another widget, which is the parent or inside it."""
        if place is not self._over:
            self._over.removeEventFilter(self)
            self._over = place
            place.installEventFilter(self)

    def show_message(
        self, text: str, *, action: str = "", key: str = "", icon: str = "check-circle-fill", ms: int = 0
    ) -> None:
        """Show a message for `ms` milliseconds (0: the design's six seconds) in place of the last."""
        if self.isVisible():
            self.dismissed.emit()
        self._icon = icon
        self._words.setText(text)
        self.button.setText(action)
        self.button.set_key("")
        name = action or self.tr("Undo")  # hidden without an action, and still not nameless
        self.button.setAccessibleName(f"{name}, {key}" if key else name)
        self.button.setVisible(bool(action))
        self._key.set_key(key if action else "")
        self._left_ms = ms or current_theme().motion.toast_ms
        self._show_count()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        announce(self, text)

    def remaining_ms(self) -> int:
        """Return how long the message still stays."""
        return self._left_ms if self.isVisible() else 0

    def dismiss(self) -> None:
        """Take the message away."""
        if self.isVisible():
            self._timer.stop()
            self.hide()
            self.dismissed.emit()

    def _act(self) -> None:
        self._timer.stop()
        self.hide()
        self.actionTriggered.emit()

    def _held(self) -> bool:
        return self.underMouse() or self.button.hasFocus()

    def _tick(self) -> None:
        if self._held():
            return
        self._left_ms -= _TICK_MS
        if self._left_ms <= 0:
            self.dismiss()
        else:
            self._show_count()

    def _show_count(self) -> None:
        seconds = -(-self._left_ms // 1000)
        self._count.setText(self.tr("%n s", "", seconds))

    def _place(self) -> None:
        place = self._over
        room = place.width() - self._left - self._bottom
        width = min(max(self.sizeHint().width(), 360), max(room, 240))
        left = min(self._left, max(0, place.width() - width))
        top = place.height() - self.height() - self._bottom
        corner = place.mapTo(self._ground, QPoint(left, top))
        self.setGeometry(QRect(corner, QSize(width, self.height())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        rounded(painter, self.rect(), 10, c.toast)
        paint_icon(painter, QRect(16, self.height() // 2 - 10, 20, 20), self._icon, c.toast_action)
        painter.end()
