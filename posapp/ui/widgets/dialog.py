"""The base of all dialogs: says what will happen, with verbs on its buttons and the focus on the safe one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.fonts import BOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.paintkit import Painted, smooth
from posapp.ui.widgets.text import PlainLabel

_WIDTH = 480


class IconDisc(Painted):
    """An icon on a tinted disc of 36 px; the tone is "danger", "warn", "ok" or "accent"."""

    def __init__(self, icon: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._tone = icon, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(36, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.by_name(f"{self._tone}_tint"))
        painter.drawEllipse(self.rect())
        paint_icon(painter, QRect(7, 7, 22, 22), self._icon, c.by_name(self._tone))
        painter.end()


class Dialog(QDialog):
    """Asks or informs. Put more contents into `body`; add the safe button first.

    Esc and the window's cross mean the safe button. `exec()` or `finished` give 1 for the button that acts.
    """

    def __init__(
        self,
        title: str,
        text: str,
        parent: QWidget | None = None,
        *,
        icon: str = "info-fill",
        tone: str = "accent",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setModal(True)
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 48) if parent is not None else _WIDTH)
        self._safe: Button | None = None
        self._words = PlainLabel(text, tone="text2", wrap=True)
        if not text:
            self._words.hide()
        words = QVBoxLayout()
        words.setSpacing(3)
        self._title = PlainLabel(title, px=16, weight=BOLD, wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._words)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconDisc(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(self.body)
        column.addLayout(self._buttons)

    def add_safe(self, text: str, *, key: str = "Esc") -> Button:
        """Add the button that changes nothing; it has the focus, and Esc presses it."""
        button = self._add(Button(text, look=ButtonLook.SECONDARY, key=key))
        button.clicked.connect(self.reject)
        self._safe = button
        return button

    def add_action(self, text: str, *, look: ButtonLook = ButtonLook.PRIMARY, key: str = "") -> Button:
        """Add the button that acts; it closes the dialog as accepted."""
        button = self._add(Button(text, look=look, key=key))
        button.clicked.connect(self.accept)
        return button

    def set_title(self, title: str) -> None:
        """Replace the title, for dialogs that word it themselves."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._title.setText(title)

    def add_extra(self, button: Button) -> None:
        """Add a button that neither closes the dialog nor decides anything, on the far left."""
        self._buttons.insertWidget(0, button)

    def set_text(self, text: str) -> None:
        """Replace the sentence under the title."""
        self._words.setText(text)
        self._words.setVisible(bool(text))
        self.setAccessibleDescription(text)

    def _add(self, button: Button) -> Button:
        self._buttons.addWidget(button)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._safe is not None:
            self._safe.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.surface)
        painter.end()
