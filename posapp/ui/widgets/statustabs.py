"""The row of tabs over the order list, each with its live count."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTabBar, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded, smooth

_PAD, _ICON, _PX, _PILL_PX = 12, 18, 14, 12
_BEFORE_ICON, _AFTER_ICON = 2, 7
_PAD_TIGHT, _TIGHTEST = 5, 2


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a status name gives icon and colour, an empty one gives neither."""

    key: str
    text: str
    status: str = ""


class StatusTabs(QTabBar):
    """Tabs with icon, label and count pill; `chosen` gives the key of the tab that a person picked."""

    chosen = Signal(str)

    def __init__(self, tabs: list[Tab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusTabs")
        self._tabs = list(tabs)
        self._counts: dict[str, int] = {}
        self._hot = -1
        self._tight = 0  # how many of the measures against too little room are in use
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for tab in self._tabs:
            self.addTab(tab.text)
        self.currentChanged.connect(self._changed)
        self.set_counts({})

    @property
    def current_key(self) -> str:
        """Return the key of the open tab."""
        return self._tabs[max(0, self.currentIndex())].key

    def set_current(self, key: str) -> None:
        """Open a tab; `chosen` follows when it was another one."""
        self.setCurrentIndex([tab.key for tab in self._tabs].index(key))

    def step(self, by: int) -> None:
        """Open the next (1) or previous (-1) tab, going round at the ends."""
        self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show new counts by tab key; a key that is missing counts 0."""
        widths = [self.tabSizeHint(i).width() for i in range(self.count())]
        self._counts = dict(counts)
        for i, tab in enumerate(self._tabs):
            self.setAccessibleTabName(i, f"{tab.text}, {self._counts.get(tab.key, 0)}")
        if widths != [self.tabSizeHint(i).width() for i in range(self.count())]:
            self._fit()
            self._measure_anew()
        self.update()

    def _changed(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(self._tabs[index].key)

    def _count_text(self, index: int) -> str:
        return str(self._counts.get(self._tabs[index].key, 0))

    def tabSizeHint(self, index: int) -> QSize:
        return QSize(self._tab_width(index, self._tight), current_theme().px(48))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def sizeHint(self) -> QSize:
        return QSize(self._all_tabs(0), current_theme().px(48))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._all_tabs(_TIGHTEST), 400), current_theme().px(48))

    def _all_tabs(self, tight: int) -> int:
        return sum(self._tab_width(index, tight) for index in range(self.count()))

    def _tab_width(self, index: int, tight: int) -> int:
        theme = current_theme()
        tab = self._tabs[index]
        # Measured in the bolder weight of the open tab, so that choosing a tab moves no other.
        label = fonts.text_width(tab.text, theme.px(_PX), fonts.SEMIBOLD)
        icon = theme.px(_ICON) + _BEFORE_ICON + _AFTER_ICON if tab.status and tight < _TIGHTEST else 0
        return 2 * (_PAD_TIGHT if tight else _PAD) + icon + label + 9 + self._pill_width(theme, index)

    def _fit(self) -> None:
        """Stand closer together, then without icons, where larger letters leave too little room."""
        tight = next((way for way in range(_TIGHTEST) if self._all_tabs(way) <= self.width()), _TIGHTEST)
        if tight != self._tight:
            self._tight = tight
            self._measure_anew()

    def _measure_anew(self) -> None:
        # Setting a text is the way to have QTabBar measure its tabs anew.
        self.setTabText(0, self._tabs[0].text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _pill_width(self, theme: Theme, index: int) -> int:
        return max(24, fonts.text_width(self._count_text(index), theme.px(_PILL_PX), fonts.SEMIBOLD) + 16)

    def clipped_texts(self) -> list[str]:
        """Return the labels of tabs that are out of sight."""
        return [tab.text for i, tab in enumerate(self._tabs) if self.tabRect(i).right() > self.width()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.tabAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, index: int) -> None:
        if index != self._hot:
            self._hot = index
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        for i in range(self.count()):
            self._paint_tab(painter, theme, i)
        painter.end()

    def _paint_tab(self, painter: QPainter, theme: Theme, index: int) -> None:
        c, rect, tab = theme.palette, self.tabRect(index), self._tabs[index]
        active = index == self.currentIndex()
        middle = rect.y() + (rect.height() - 1) // 2
        pad = _PAD_TIGHT if self._tight else _PAD
        left = rect.x() + pad
        if tab.status and self._tight < _TIGHTEST:
            left += _BEFORE_ICON
            size = theme.px(_ICON)
            look = theme.status[tab.status]
            paint_icon(painter, QRect(left, middle - size // 2, size, size), look.icon, look.solid)
            left += size + _AFTER_ICON
        px = theme.px(_PX)
        weight = fonts.SEMIBOLD if active else fonts.MEDIUM
        painter.setFont(fonts.font(px, weight))
        ink = c.accent_text if active else c.text if index == self._hot else c.text2
        width = fonts.text_width(tab.text, px, weight)
        draw_text(
            painter,
            QRect(left, rect.y(), width + 1, rect.height() - 1),
            tab.text,
            Qt.AlignmentFlag.AlignLeft,
            ink,
        )
        pill = self._pill_width(theme, index)
        height = theme.px(20)
        box = QRect(QPoint(rect.right() - pad - pill + 1, middle + 1 - height // 2), QSize(pill, height))
        rounded(painter, box, height / 2, c.accent if active else c.sunken)
        painter.setFont(theme.font(_PILL_PX, fonts.SEMIBOLD))
        draw_text(
            painter,
            box,
            self._count_text(index),
            Qt.AlignmentFlag.AlignHCenter,
            c.on_accent if active else c.text2,
        )
        if active:
            rounded(painter, QRect(rect.x(), rect.bottom() - 2, rect.width(), 3), 1.5, c.accent)
        if active and self.hasFocus():
            rounded(painter, rect.adjusted(2, 4, -2, -6), theme.radius.control, None, c.focus, 2)
