"""Banners: one sentence about the state of things, and at most one thing to do about it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.fonts import SEMIBOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Palette, current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel


class BannerTone(StrEnum):
    """How serious a banner is."""

    WARN = "warn"
    DANGER = "danger"
    OK = "ok"
    ACCENT = "accent"


_ICONS = {
    BannerTone.WARN: "warning-fill",
    BannerTone.DANGER: "warning-octagon-fill",
    BannerTone.OK: "check-circle-fill",
    BannerTone.ACCENT: "info-fill",
}


def tint_of(tone: BannerTone, colours: Palette) -> QColor:
    """Return the background of a banner."""
    return colours.by_name(f"{tone}_tint")


class Banner(Painted):
    """A tinted bar of at least 44 px; `triggered` tells that its action was chosen.

    Framed it stands alone in a page; flat it spans the list like the alert of new orders.
    """

    triggered = Signal()

    def __init__(
        self, tone: BannerTone = BannerTone.ACCENT, parent: QWidget | None = None, *, flat: bool = False
    ) -> None:
        super().__init__(parent)
        self._tone, self._flat, self._icon = tone, flat, _ICONS[tone]
        self._words = PlainLabel("", weight=SEMIBOLD, tone=f"{tone}_text", wrap=True)
        self._more = PlainLabel("", px=13, tone="text2", wrap=True)
        self._more.hide()
        self.button = Button("", look=ButtonLook.QUIET, height=36)
        self.button.hide()
        self.button.clicked.connect(self.triggered)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._words)
        words.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(44 if flat else 42, 4, 12 if flat else 8, 4)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.setMinimumHeight(current_theme().px(44))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()

    def show_text(self, text: str, *, more: str = "", icon: str = "", tone: BannerTone | None = None) -> None:
        """Show the sentence, a smaller second one, and optionally another icon or tone."""
        if tone is not None:
            self._tone = tone
        self._icon = icon or _ICONS[self._tone]
        self._words.set_tone(f"{self._tone}_text")
        if text != self._words.text():
            announce(self, text)
        self._words.setText(text)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(f"{text} {more}".strip())
        self.update()

    def set_action(self, text: str, key: str = "") -> None:
        """Offer one action; an empty text offers none."""
        self.button.setText(text)
        self.button.set_key(key)
        self.button.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        if self._flat:
            painter.fillRect(self.rect(), tint_of(self._tone, c))
            painter.fillRect(0, self.height() - 1, self.width(), 1, c.border)
        else:
            edge = c.by_name(str(self._tone))
            rounded(painter, self.rect(), theme.radius.control, tint_of(self._tone, c), edge)
        left = 16 if self._flat else 13
        rect = QRect(left, (self.height() - 20) // 2, 20, 20)
        paint_icon(painter, rect, self._icon, c.by_name(str(self._tone)))
        painter.end()
