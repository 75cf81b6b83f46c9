"""The pill in the top bar that says whether everything has reached the shops."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth

_PX, _PAD, _ICON, _GAP = 13, 12, 18, 6


class PillState(StrEnum):
    """What the pill says."""

    NO_SHOP = "no_shop"
    CONNECTING = "connecting"
    ONLINE = "online"
    WAITING = "waiting"
    NEED_YOU = "need_you"
    OFFLINE = "offline"
    AWAY = "away"  # the database, not a shop


@dataclass(frozen=True, slots=True)
class _Dress:
    icon: str
    icon_colour: QColor
    ink: QColor
    fill: QColor
    border: QColor


class SyncPill(QAbstractButton):
    """A button that shows the state of the exchange; `clicked` opens the Sync Center."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("syncPill")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._state, self._count, self._second = PillState.NO_SHOP, 0, ""
        self.show_state(PillState.NO_SHOP)

    @property
    def state(self) -> PillState:
        """Return the state that is shown."""
        return self._state

    @property
    def words(self) -> str:
        """Return the main words, such as "Online · 3 waiting"."""
        match self._state:
            case PillState.ONLINE:
                return self.tr("Online")
            case PillState.WAITING:
                return self.tr("Online · %1 waiting").replace("%1", str(self._count))
            case PillState.NEED_YOU if self._count == 1:
                return self.tr("1 needs you")
            case PillState.NEED_YOU:
                return self.tr("%1 need you").replace("%1", str(self._count))
            case PillState.OFFLINE | PillState.AWAY:
                return self._cut_off()
            case PillState.CONNECTING:
                return self.tr("Connecting…")
            case PillState.NO_SHOP:
                return self.tr("No shop connected")

    def _cut_off(self) -> str:
        away = self._state is PillState.AWAY
        if not self._count:
            return self.tr("Database away") if away else self.tr("Offline")
        words = self.tr("Database away · %1 kept here") if away else self.tr("Offline · %1 saved here")
        return words.replace("%1", str(self._count))

    def show_state(self, state: PillState, count: int = 0, secondary: str = "") -> None:
        """Show a state, the number that belongs to it, and a quieter second text such as "Synced 8 s ago"."""
        self._state, self._count, self._second = state, count, secondary
        spoken = f"{self.words}. {secondary}".strip()
        super().setText(self.words)
        self.setAccessibleName(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        px = theme.px(_PX)
        width = 2 * _PAD + theme.px(_ICON) + _GAP + fonts.text_width(self.words, px, fonts.SEMIBOLD) + 2
        if self._second:
            width += 8 + fonts.text_width(self._second, px)
        return QSize(width, theme.px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped_texts(self) -> list[str]:
        """Return the texts that do not fit into the pill as it is now."""
        return [self.words] if self.width() < self.sizeHint().width() else []

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def _dress(self, theme: Theme) -> _Dress:
        c = theme.palette
        fill = c.hover if self.underMouse() else c.surface
        match self._state:
            case PillState.ONLINE:
                return _Dress("cloud-check-fill", c.ok, c.ok_text, fill, c.border)
            case PillState.WAITING:
                look = theme.sync["pending"]
                return _Dress(look.icon, look.solid, look.text, fill, c.border)
            case PillState.NEED_YOU:
                return _Dress("cloud-warning-fill", c.danger, c.danger_text, c.danger_tint, c.danger)
            case PillState.OFFLINE:
                return _Dress("cloud-slash-fill", c.warn, c.warn_text, c.warn_tint, c.warn)
            case PillState.AWAY:
                return _Dress("hard-drives-fill", c.warn, c.warn_text, c.warn_tint, c.warn)
            case PillState.CONNECTING:
                return _Dress("cloud-fill", c.text3, c.text2, fill, c.border)
            case PillState.NO_SHOP:
                return _Dress("plugs-connected-fill", c.text3, c.text2, fill, c.border)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        dress = self._dress(theme)
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, box.height() / 2 - 2, theme.palette.focus)
        rounded(painter, box, box.height() / 2, dress.fill, dress.border)
        size, px = theme.px(_ICON), theme.px(_PX)
        paint_icon(
            painter, QRect(_PAD, (self.height() - size) // 2, size, size), dress.icon, dress.icon_colour
        )
        left = _PAD + size + _GAP
        painter.setFont(fonts.font(px, fonts.SEMIBOLD))
        width = fonts.text_width(self.words, px, fonts.SEMIBOLD) + 1
        align = Qt.AlignmentFlag.AlignLeft
        draw_text(painter, QRect(left, 0, width, self.height()), self.words, align, dress.ink)
        if self._second:
            left += width + 7
            painter.setFont(fonts.font(px))
            rest = QRect(left, 0, self.width() - left, self.height())
            draw_text(painter, rest, self._second, align, theme.palette.text2)
        painter.end()
