"""Push buttons in the looks of the design: icon, words and the key that does the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Palette, Theme, current_theme
from posapp.ui.widgets.paintkit import (
    draw_text,
    focus_ring,
    key_width,
    paint_key,
    rounded,
    smooth,
    with_alpha,
)
from posapp.ui.widgets.tooltip import set_plain_tooltip

_GAP = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ButtonLook(StrEnum):
    """How loud a button is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TINT = "tint"
    QUIET = "quiet"
    DANGER = "danger"
    DANGER_OUTLINE = "danger_outline"
    DANGER_FILL = "danger_fill"
    OK = "ok"


_FILLED = (ButtonLook.PRIMARY, ButtonLook.DANGER_FILL, ButtonLook.OK)


@dataclass(frozen=True, slots=True)
class ButtonDress:
    """Colours of one look in one state; None means nothing is painted."""

    fill: QColor | None
    ink: QColor
    border: QColor | None = None


class Button(QAbstractButton):
    """A push button; Tab reaches it, a click leaves the focus where the work is."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        look: ButtonLook = ButtonLook.SECONDARY,
        icon: str = "",
        key: str = "",
        height: int = 0,
        px: int = 0,
    ) -> None:
        super().__init__(parent)
        self._look, self._icon_name, self._key, self._height = look, icon, key, height
        self._label = ""
        self._icon_px, self._pad = 20, 16
        self._px = px or (16 if look is ButtonLook.PRIMARY and height >= 48 else 14)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Set the words; an ampersand in them is an ampersand, not a mnemonic."""
        self._label = text
        super().setText(text.replace("&", "&&"))
        self._name()
        self.updateGeometry()
        self.update()

    @property
    def label(self) -> str:
        """Return the words as they are shown."""
        return self._label

    @property
    def key(self) -> str:
        """Return the key hint."""
        return self._key

    @property
    def icon_name(self) -> str:
        """Return the name of the icon."""
        return self._icon_name

    def set_key(self, key: str) -> None:
        """Change the key hint."""
        self._key = key
        self._name()
        self.updateGeometry()
        self.update()

    def set_icon_name(self, icon: str) -> None:
        """Change the icon."""
        self._icon_name = icon
        self.updateGeometry()
        self.update()

    def set_look(self, look: ButtonLook) -> None:
        """Change how loud the button is."""
        self._look = look
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._label}, {self._key}" if self._key else self._label)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        height = max(theme.px(self._height), theme.control if theme.touch or not self._height else 0)
        return QSize(max(self._content_width(theme) + 2 * self._pad, height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped_texts(self) -> list[str]:
        """Return the texts that do not fit into the button as it is now."""
        short = self._content_width(current_theme()) > self.width() - 8
        return [self._label] if short else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
        elif event.key() in _ENTER:
            self.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        dress = self._dress(theme.palette)
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.control, theme.palette.focus)
        if dress.fill is not None or dress.border is not None:
            rounded(painter, box, theme.radius.control, dress.fill, dress.border)
        left = (self.width() - self._content_width(theme)) // 2
        middle = self.height() // 2
        if self._icon_name:
            size = theme.px(self._icon_px)
            paint_icon(painter, QRect(left, middle - size // 2, size, size), self._icon_name, dress.ink)
            left += size + _GAP
        if self._label:
            px = theme.px(self._px)
            painter.setFont(fonts.font(px, fonts.SEMIBOLD))
            width = fonts.text_width(self._label, px, fonts.SEMIBOLD)
            rect = QRect(left, 0, width + 1, self.height())
            draw_text(painter, rect, self._label, Qt.AlignmentFlag.AlignLeft, dress.ink)
            left += width + _GAP + 2
        if key_width(theme, self._key):
            filled = self._look in _FILLED and self.isEnabled()
            ink = dress.ink if filled else theme.palette.text2
            edge = with_alpha(ink, 0.5) if filled else theme.palette.border
            paint_key(painter, QPoint(left, middle), self._key, ink, edge)
        painter.end()

    def _content_width(self, theme: Theme) -> int:
        parts = []
        if self._icon_name:
            parts.append(theme.px(self._icon_px))
        if self._label:
            parts.append(fonts.text_width(self._label, theme.px(self._px), fonts.SEMIBOLD))
        key = key_width(theme, self._key)
        if key:
            parts.append(key + 2)
        return sum(parts) + _GAP * max(0, len(parts) - 1)

    def _dress(self, colours: Palette) -> ButtonDress:
        if not self.isEnabled():
            return _disabled(self._look, colours)
        return _dress(self._look, colours, hot=self.underMouse(), down=self.isDown())


def _disabled(look: ButtonLook, colours: Palette) -> ButtonDress:
    if look in (ButtonLook.QUIET, ButtonLook.DANGER):
        return ButtonDress(None, colours.text3)
    if look in (ButtonLook.SECONDARY, ButtonLook.DANGER_OUTLINE):
        return ButtonDress(colours.sunken, colours.text3, colours.border)
    return ButtonDress(colours.sunken, colours.text3)


def _dress(look: ButtonLook, colours: Palette, *, hot: bool, down: bool) -> ButtonDress:
    match look:
        case ButtonLook.PRIMARY:
            accent = colours.accent_press if down else colours.accent_hover if hot else colours.accent
            return ButtonDress(accent, colours.on_accent)
        case ButtonLook.DANGER_FILL:
            return ButtonDress(colours.danger, colours.on_danger)
        case ButtonLook.OK:
            return ButtonDress(colours.ok, colours.on_accent)
        case ButtonLook.SECONDARY:
            fill = colours.selected if down else colours.hover if hot else colours.surface
            return ButtonDress(fill, colours.text, colours.border_strong)
        case ButtonLook.TINT:
            edge = colours.accent if hot or down else None
            return ButtonDress(colours.selected if down else colours.accent_tint, colours.accent_text, edge)
        case ButtonLook.QUIET:
            back = colours.selected if down else colours.hover if hot else None
            return ButtonDress(back, colours.text if hot else colours.text2)
        case ButtonLook.DANGER:
            return ButtonDress(colours.danger_tint if hot or down else None, colours.danger_text)
        case ButtonLook.DANGER_OUTLINE:
            fill = colours.danger_tint if hot or down else colours.surface
            return ButtonDress(fill, colours.danger_text, colours.danger)


def primary_button(text: str, *, icon: str = "", key: str = "", height: int = 56) -> Button:
    """Return the one filled blue button of a screen."""
    return Button(text, look=ButtonLook.PRIMARY, icon=icon, key=key, height=height)


def secondary_button(text: str, *, icon: str = "", key: str = "", height: int = 0) -> Button:
    """Return an outlined button; `height` 0 is the control height of the theme."""
    return Button(text, look=ButtonLook.SECONDARY, icon=icon, key=key, height=height)


def tint_button(text: str, *, icon: str = "", key: str = "", height: int = 0) -> Button:
    """Return a button on the accent tint, for adding things."""
    return Button(text, look=ButtonLook.TINT, icon=icon, key=key, height=height)


def quiet_button(text: str, *, icon: str = "", key: str = "", height: int = 0) -> Button:
    """Return a button without fill or border."""
    return Button(text, look=ButtonLook.QUIET, icon=icon, key=key, height=height)


def danger_button(
    text: str, *, icon: str = "", key: str = "", height: int = 0, outlined: bool = False
) -> Button:
    """Return a red button: words alone, or outlined in a dialog."""
    look = ButtonLook.DANGER_OUTLINE if outlined else ButtonLook.DANGER
    return Button(text, look=look, icon=icon, key=key, height=height)


class IconButton(Button):
    """A 40 px square with an icon; its name is spoken and shown as a tooltip."""

    def __init__(
        self, icon: str, name: str, parent: QWidget | None = None, *, key: str = "", quiet: bool = False
    ) -> None:
        super().__init__("", parent, look=ButtonLook.QUIET if quiet else ButtonLook.SECONDARY, icon=icon)
        self._quiet = quiet
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name, key)

    def set_name(self, name: str, key: str = "") -> None:
        """Set what the button is called, and the key that does the same."""
        self.setAccessibleName(f"{name}, {key}" if key else name)
        set_plain_tooltip(self, f"{name} ({key})" if key else name)

    def sizeHint(self) -> QSize:
        side = current_theme().control
        return QSize(side, side)

    def _dress(self, colours: Palette) -> ButtonDress:
        dress = super()._dress(colours)
        if self._quiet or not self.isEnabled():
            return dress
        return ButtonDress(dress.fill, colours.text2, colours.border)
