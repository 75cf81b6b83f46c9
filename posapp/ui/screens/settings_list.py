"""The list of sections on the left of the settings, with its search field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.inputs import SearchField
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_WIDTH, _HEIGHT, _LEAST = 290, 56, 44


class SectionButton(QAbstractButton):
    """One section: icon, name, and how it stands."""

    def __init__(self, key: str, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._title, self._icon, self._summary = title, icon, ""
        self.setObjectName(f"section_{key}")
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @property
    def summary(self) -> str:
        """Return the line under the name."""
        return self._summary

    def show_summary(self, text: str) -> None:
        """Show how the section stands."""
        self._summary = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, current_theme().px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, current_theme().px(_LEAST))

    def clipped_texts(self) -> list[str]:
        """Return the name if it does not fit; the line under it may be shortened."""
        width = fonts.text_width(self._title, current_theme().px(14), fonts.SEMIBOLD)
        return [self._title] if width > self._room() else []

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
        box, active = self.rect(), self.isChecked()
        if self.hasFocus():
            box = focus_ring(painter, box, 10, c.focus)
        if active or self.underMouse():
            rounded(painter, box, 10, c.selected if active else c.hover)
        middle = self.height() // 2
        ink = c.accent_text if active else c.text2
        paint_icon(painter, QRect(14, middle - 11, 22, 22), f"{self._icon}-fill", ink)
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        left, width = 48, self._room()
        align = Qt.AlignmentFlag.AlignLeft
        title = QRect(left, middle - theme.px(19 if self._summary else 10), width, theme.px(20))
        draw_text(painter, title, self._title, align, c.accent_text if active else c.text)
        if self._summary:
            painter.setFont(theme.font(12))
            short = painter.fontMetrics().elidedText(self._summary, Qt.TextElideMode.ElideRight, width)
            draw_text(painter, QRect(left, middle + 1, width, theme.px(17)), short, align, c.text2)
        paint_icon(painter, QRect(self.width() - 29, middle - 8, 16, 16), "caret-right", c.text2)
        painter.end()

    def _room(self) -> int:
        return self.width() - 48 - 34


class SectionList(QWidget):
    """Search field and sections; `chosen` gives a section's key, `searched` what was typed."""

    chosen = Signal(str)
    searched = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self._buttons: dict[str, SectionButton] = {}
        self._group = QButtonGroup(self)
        self.search = SearchField(self.tr("Find a setting"))
        self.search.setObjectName("settingsSearch")
        self.search.textChanged.connect(self.searched)
        self.search.returnPressed.connect(self._open_first)
        self._nothing = PlainLabel(self.tr("No setting is called that."), px=13, tone="text2", wrap=True)
        self._nothing.hide()
        entries = QWidget()
        self._column = QVBoxLayout(entries)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.addStretch(1)
        self._area = plain_area(entries)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(3)
        outer.addWidget(self.search)
        outer.addSpacing(7)
        outer.addWidget(self._nothing)
        outer.addWidget(self._area, 1)

    @property
    def current(self) -> str:
        """Return the key of the section that is open."""
        checked = self._group.checkedButton()
        return checked.key if isinstance(checked, SectionButton) else ""

    def add(self, key: str, title: str, icon: str) -> None:
        """Add a section under the others."""
        button = SectionButton(key, title, icon)
        self._buttons[key] = button
        self._group.addButton(button)
        self._column.insertWidget(self._column.count() - 1, button)
        button.clicked.connect(lambda: self.chosen.emit(key))

    def select(self, key: str) -> None:
        """Mark a section as the open one."""
        self._buttons[key].setChecked(True)
        self._area.ensureWidgetVisible(self._buttons[key], 0, 12)

    def show_summary(self, key: str, text: str) -> None:
        """Show how a section stands."""
        self._buttons[key].show_summary(text)

    def show_only(self, keys: Sequence[str]) -> None:
        """Show the sections that a search found."""
        for key, button in self._buttons.items():
            button.setVisible(key in keys)
        self._nothing.setVisible(not keys)

    def step(self, by: int) -> None:
        """Open the next or previous section in sight."""
        keys = [key for key, button in self._buttons.items() if not button.isHidden()]
        if self.current in keys:
            self.chosen.emit(keys[max(0, min(len(keys) - 1, keys.index(self.current) + by))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _open_first(self) -> None:
        for key, button in self._buttons.items():
            if not button.isHidden():
                self.chosen.emit(key)
                return
