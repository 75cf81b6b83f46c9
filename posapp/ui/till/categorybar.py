"""The categories as a row of pills; where they are many, it scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QWidget,
)

from posapp.domain.catalogue import Category
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.menu import POPULAR
from posapp.ui.till.tints import category_icon
from posapp.ui.widgets.buttons import IconButton
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LONGEST_PX = 220


class CategoryPill(QAbstractButton):
    """One category."""

    def __init__(self, value: str, words: str, icon: str) -> None:
        super().__init__()
        self.value, self._words, self._icon = value, words, icon
        self.setObjectName(f"category_{value}" if value else "category_popular")
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        words = fonts.text_width(self._words, theme.px(14), fonts.SEMIBOLD)
        return QSize(min(words, theme.px(_LONGEST_PX)) + theme.px(18) + 6 + 25, theme.control)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box, on = self.rect(), self.isChecked()
        radius = box.height() / 2
        if self.hasFocus():
            box = focus_ring(painter, box, radius - 2, c.focus)
            radius = box.height() / 2
        fill = (c.accent_hover if self.underMouse() else c.accent) if on else c.surface
        if not on and self.underMouse():
            fill = c.hover
        rounded(painter, box, radius, fill, None if on else c.border)
        tone = c.on_accent if on else c.text2
        side, left = theme.px(18), 13
        paint_icon(painter, QRect(left, (self.height() - side) // 2, side, side), self._icon, tone)
        left += side + 6
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        room = self.width() - left - 11
        text = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        draw_text(painter, QRect(left, 0, room + 2, self.height()), text, Qt.AlignmentFlag.AlignLeft, tone)
        painter.end()


class _Strip(QScrollArea):
    """Scrolls sideways, by wheel and by finger, without bars."""

    resized = Signal()

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setObjectName("categoryStrip")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)  # which the area has just switched on
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - turn)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class CategoryBar(Painted):
    """Popular dishes first, then the categories; `chosen` tells which one a person wants."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("categoryBar")
        self.setAccessibleName(self.tr("Categories"))
        self._inner = QWidget()
        self._row = QHBoxLayout(self._inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self._strip = _Strip(self._inner)
        self._back = IconButton("caret-left", self.tr("Earlier categories"), quiet=True)
        self._on = IconButton("caret-right", self.tr("More categories"), quiet=True)
        for button, way in ((self._back, -1), (self._on, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, way=way: self._scroll(way))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._back)
        row.addWidget(self._strip, 1)
        row.addWidget(self._on)
        self.pills: list[CategoryPill] = []
        self._groups: tuple[Category, ...] | None = None
        bar = self._strip.horizontalScrollBar()
        bar.rangeChanged.connect(self._show_carets)
        bar.valueChanged.connect(self._show_carets)
        self._strip.resized.connect(self._show_carets)
        self._show_carets()

    @property
    def value(self) -> str:
        """Return the category that is chosen."""
        return next((pill.value for pill in self.pills if pill.isChecked()), POPULAR)

    def show_categories(self, groups: Sequence[Category]) -> None:
        """Offer these categories; the one chosen stays if it is still there."""
        if self._groups == tuple(groups):
            return
        self._groups, before = tuple(groups), self.value
        for pill in self.pills:
            self._row.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        entries = [(POPULAR, self.tr("Popular"), "star-fill")]
        entries += [(group.name, group.name, category_icon(group, group.name)) for group in groups]
        self.pills = [CategoryPill(*entry) for entry in entries]
        for place, pill in enumerate(self.pills):
            pill.clicked.connect(lambda _=False, pill=pill: self._chosen(pill))
            self._row.insertWidget(place, pill)
        self.set_value(before)
        self._size()

    def set_value(self, value: str) -> None:
        """Choose without telling anybody; an unknown one is "popular"."""
        found = next((pill for pill in self.pills if pill.value == value), None)
        pill = found or (self.pills[0] if self.pills else None)
        if pill is not None:
            pill.setChecked(True)
            self._strip.ensureWidgetVisible(pill, 40, 0)

    def step(self, by: int) -> None:
        """Go to the next category, or the one before."""
        place = next((place for place, pill in enumerate(self.pills) if pill.isChecked()), 0) + by
        if 0 <= place < len(self.pills):
            self.set_value(self.pills[place].value)
            self.chosen.emit(self.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _chosen(self, pill: CategoryPill) -> None:
        self._strip.ensureWidgetVisible(pill, 40, 0)
        self.chosen.emit(pill.value)

    def _scroll(self, way: int) -> None:
        bar = self._strip.horizontalScrollBar()
        bar.setValue(bar.value() + way * self._strip.width() * 2 // 3)

    def _show_carets(self) -> None:
        bar = self._strip.horizontalScrollBar()
        many = self._inner.sizeHint().width() > self.width()
        for button, more in ((self._back, bar.value() > 0), (self._on, bar.value() < bar.maximum())):
            button.setVisible(many)
            button.setEnabled(more)
        self._size()

    def _size(self) -> None:
        high = current_theme().control
        self._inner.setFixedHeight(high)
        self.setFixedHeight(high)
