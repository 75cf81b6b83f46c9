"""The navigation rail on the left edge of every screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.tooltip import set_plain_tooltip

_WIDTH, _HEIGHT, _PX = 72, 60, 12


class NavButton(QAbstractButton):
    """One screen in the rail: icon, word, and a count of what waits there."""

    def __init__(self, key: str, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._icon_name, self._badge, self._alarming = icon, 0, False
        self._label = text
        self.setText(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_badge(0)

    @property
    def badge(self) -> int:
        """Return the count on the badge."""
        return self._badge

    def set_badge(self, count: int, *, alarming: bool = False) -> None:
        """Show a count in blue, or in red where something needs a person; 0 hides it."""
        self._badge, self._alarming = count, alarming
        self.setAccessibleName(f"{self._label}, {count}" if count else self._label)
        self.update()

    def set_shortcut_hint(self, key: str) -> None:
        """Name the key that opens the screen in the tooltip."""
        set_plain_tooltip(self, f"{self._label} ({key})")

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def clipped_texts(self) -> list[str]:
        """Return the label if it does not fit."""
        width = fonts.text_width(self._label, current_theme().px(_PX), fonts.SEMIBOLD)
        return [self._label] if width > self.width() else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box = self.rect()
        active = self.isChecked()
        if self.hasFocus():
            box = focus_ring(painter, box, 8, c.on_rail_active)
        if active or self.underMouse():
            rounded(painter, box, 8, c.rail_active)
        ink = c.on_rail_active if active or self.underMouse() else c.on_rail
        name = f"{self._icon_name}-fill" if active else self._icon_name
        size, below = theme.px(24), theme.px(34)
        icon = QRect((self.width() - size) // 2, theme.px(9), size, size)
        paint_icon(painter, icon, name, ink)
        painter.setFont(theme.font(_PX, fonts.SEMIBOLD))
        label = QRect(0, below, self.width(), self.height() - below - theme.px(6))
        draw_text(painter, label, self._label, Qt.AlignmentFlag.AlignHCenter, ink)
        if self._badge:
            count = str(self._badge) if self._badge < 100 else "99+"
            width = max(18, fonts.text_width(count, 11, fonts.BOLD) + 10)
            badge = QRect(min(self.width() // 2 + 6, self.width() - width), 4, width, 18)
            rounded(painter, badge, 9, theme.rail_alarm if self._alarming else theme.rail_badge)
            painter.setFont(fonts.font(11, fonts.BOLD))
            draw_text(
                painter,
                badge,
                count,
                Qt.AlignmentFlag.AlignHCenter,
                theme.on_rail_badge,
            )
        painter.end()


class NavRail(Painted):
    """The rail: logo, one button per screen, room for more at the foot; `chosen` gives the screen's key."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(current_theme().px(current_theme().size.rail))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, NavButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 64, 6, 12)
        self._column.setSpacing(4)
        self._column.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedWidth(current_theme().px(current_theme().size.rail))
        super().changeEvent(event)

    def add_screen(self, key: str, text: str, icon: str) -> NavButton:
        """Add a button under the others and return it."""
        button = NavButton(key, text, icon)
        button.setObjectName(f"nav_{key}")
        self._group.addButton(button)
        self._buttons[key] = button
        self._column.insertWidget(len(self._buttons) - 1, button)
        button.clicked.connect(lambda: self.chosen.emit(key))
        return button

    def add_foot(self, widget: QWidget) -> None:
        """Put a widget at the foot of the rail."""
        self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def button(self, key: str) -> NavButton:
        """Return the button of a screen."""
        return self._buttons[key]

    def set_current(self, key: str) -> None:
        """Mark a screen as the one that is open; `chosen` is not sent."""
        self._buttons[key].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        painter.fillRect(self.rect(), c.rail)
        paint_icon(painter, QRect((self.width() - 30) // 2, 15, 30, 30), "pizza-fill", c.on_rail_active)
        painter.end()
