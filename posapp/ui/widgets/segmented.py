"""A choice among two or three that are all in sight: one segment is filled."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth

_GAP = 7
_PX = 14


class _Segment(QAbstractButton):
    """One of the choices."""

    def __init__(self, value: str, text: str, icon: str, *, tight: bool) -> None:
        super().__init__()
        self.value, self._icon, self._tight = value, icon, tight
        self.setText(text.replace("&", "&&"))
        self._words = text
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(self._content() + 20, current_theme().control - 8)

    def minimumSizeHint(self) -> QSize:
        icon = self._icon_width() if self._tight else 0
        return QSize(self._content() - icon + 8, current_theme().control - 8)

    def clipped_texts(self) -> list[str]:
        """Return the words if they do not fit."""
        return [self._words] if self._shown_content() > self.width() - 6 else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def _icon_width(self) -> int:
        return current_theme().px(18) + _GAP if self._icon else 0

    def _shown_content(self) -> int:
        """Return how wide what is painted is: where room is short, a tight segment has no icon."""
        whole = self._content()
        return whole - self._icon_width() if self._tight and whole > self.width() - 8 else whole

    def _content(self) -> int:
        theme = current_theme()
        return self._icon_width() + fonts.text_width(self._words, theme.px(_PX), fonts.SEMIBOLD) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box = self.rect()
        on = self.isChecked()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.chip, c.focus)
        if on:
            rounded(painter, box, theme.radius.chip, c.accent_hover if self.underMouse() else c.accent)
        elif self.underMouse():
            rounded(painter, box, theme.radius.chip, c.hover)
        ink = c.on_accent if on else c.text if self.underMouse() else c.text2
        content = self._shown_content()
        left, middle = (self.width() - content) // 2, self.height() // 2
        if self._icon and content == self._content():
            side = theme.px(18)
            paint_icon(painter, QRect(left, middle - side // 2, side, side), self._icon, ink)
            left += side + _GAP
        painter.setFont(theme.font(_PX, fonts.SEMIBOLD))
        rect = QRect(left, 0, self.width() - left, self.height())
        draw_text(painter, rect, self._words, Qt.AlignmentFlag.AlignLeft, ink)
        painter.end()


class Segmented(Painted):
    """The segments on a sunken ground; arrow keys go from one to the next. Nothing may be chosen at first."""

    valueChanged = Signal(str)  # by a person

    def __init__(
        self,
        name: str,
        choices: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
        *,
        tight: bool = False,
    ) -> None:
        """Offer `choices`: value, words and icon ("" for none) of each; `tight` drops icons for words."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._segments = [_Segment(*choice, tight=tight) for choice in choices]
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        for segment in self._segments:
            self._group.addButton(segment)
            row.addWidget(segment, 1)
        self.setFocusProxy(self._segments[0])
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._group.buttonToggled.connect(self._toggled)
        self._quiet = False

    @property
    def segments(self) -> tuple[QAbstractButton, ...]:
        """Return the buttons, in order."""
        return tuple(self._segments)

    def value(self) -> str:
        """Return what is chosen, "" for nothing."""
        return next((segment.value for segment in self._segments if segment.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Choose without telling anybody; an unknown value chooses nothing."""
        self._quiet = True
        self._group.setExclusive(False)
        for segment in self._segments:
            segment.setChecked(segment.value == value)
        self._group.setExclusive(True)
        self._quiet = False
        chosen = next((segment for segment in self._segments if segment.isChecked()), self._segments[0])
        self.setFocusProxy(chosen)

    def sizeHint(self) -> QSize:
        widths = [segment.sizeHint().width() for segment in self._segments]
        return QSize(max(widths) * len(widths) + 8 + 2 * (len(widths) - 1), current_theme().control)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), current_theme().control)

    def _toggled(self, button: QAbstractButton, on: bool) -> None:
        if on and isinstance(button, _Segment):
            self.setFocusProxy(button)
            if not self._quiet:
                self.valueChanged.emit(button.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        c = theme.palette
        rounded(painter, self.rect(), theme.radius.control, c.sunken, c.border)
        painter.end()
