"""Banners: one sentence about the state of things, and at most one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.fonts import SEMIBOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Theme, current_theme
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
    NEW = "new"


_ICONS = {
    BannerTone.WARN: "warning-fill",
    BannerTone.DANGER: "warning-octagon-fill",
    BannerTone.OK: "check-circle-fill",
    BannerTone.ACCENT: "info-fill",
    BannerTone.NEW: "bell-ringing-fill",
}


@dataclass(frozen=True, slots=True)
class _Dress:
    fill: QColor
    solid: QColor


def _dress(theme: Theme, tone: BannerTone) -> _Dress:
    if tone is BannerTone.NEW:
        look = theme.status["created"]
        return _Dress(look.tint, look.solid)
    return _Dress(theme.palette.by_name(f"{tone}_tint"), theme.palette.by_name(str(tone)))


def _ink(tone: BannerTone) -> str:
    return "accent_text" if tone is BannerTone.NEW else f"{tone}_text"


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
        self._words = PlainLabel("", weight=SEMIBOLD, tone=_ink(tone), wrap=True)
        self._more = PlainLabel("", px=13, tone="text2", wrap=True)
        self._more.hide()
        self.button = Button("", look=ButtonLook.QUIET, height=36, px=13)
        self.button.hide()
        self.button.clicked.connect(self.triggered)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._words)
        words.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(44 if flat else 42, 4, 6 if flat else 8, 4)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.setMinimumHeight(current_theme().px(44))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()

    def show_text(
        self,
        text: str,
        *,
        more: str = "",
        icon: str = "",
        tone: BannerTone | None = None,
        quiet: bool = False,
    ) -> None:
        """Show the sentence, a smaller second one, and optionally another icon or tone.

        Screen readers say it, unless it is `quiet`: for sentences in which only a time runs on.
        """
        if tone is not None:
            self._tone = tone
        self._icon = icon or _ICONS[self._tone]
        self._words.set_tone(_ink(self._tone))
        if text != self._words.text() and not quiet:
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
        dress = _dress(theme, self._tone)
        painter = smooth(self)
        if self._flat:
            painter.fillRect(self.rect(), dress.fill)
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.palette.border)
        else:
            rounded(painter, self.rect(), theme.radius.control, dress.fill, dress.solid)
        left = 16 if self._flat else 13
        paint_icon(painter, QRect(left, (self.height() - 20) // 2, 20, 20), self._icon, dress.solid)
        painter.end()
