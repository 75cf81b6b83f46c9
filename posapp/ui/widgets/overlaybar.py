"""A vertical scroll bar that lies over the rows of a list, so that they keep the full width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar
from shiboken6 import isValid


class OverlayScrollBar(QScrollBar):
    """Stands in for the vertical scroll bar of `area`, which goes on counting, unseen.

    Its track lets the rows shine through; it hides while everything fits. The area may hold a stretch of a
    longer whole: `set_outside` tells how much there is around it, and `far` asks for a place out there.
    """

    far = Signal(int)  # from the top of the whole, in pixels

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area, self._inner = area, area.verticalScrollBar()
        self._before = self._behind = 0
        self._away = False
        self.setObjectName("overlayScrollBar")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, on=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner.rangeChanged.connect(self._follow)
        self._inner.valueChanged.connect(self._show_value)
        self.valueChanged.connect(self._moved)
        area.viewport().installEventFilter(self)
        self._follow()

    def set_outside(self, before: int, behind: int) -> None:
        """Note how many pixels of the whole lie above and below what the area holds now."""
        if (before, behind, False) != (self._before, self._behind, self._away):
            self._before, self._behind, self._away = before, behind, False
            self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._follow()
        return super().eventFilter(watched, event)

    def _moved(self, value: int) -> None:
        inside = value - self._before
        if self._inner.minimum() <= inside <= self._inner.maximum():
            self._away = False
            self._inner.setValue(inside)
        else:
            self._away = True
            self.far.emit(value)

    def _show_value(self, value: int) -> None:
        if not self._away:  # where a hand has pulled it, it waits for the rows
            blocked = self.blockSignals(True)
            self.setValue(self._before + value)
            self.blockSignals(blocked)

    def _follow(self) -> None:
        if not isValid(self._inner):
            return  # the area is going: its own bar goes first, and what is left is resized once more
        inner, rows = self._inner, self._area.viewport().geometry()
        blocked = self.blockSignals(True)
        self.setPageStep(inner.pageStep())
        self.setSingleStep(inner.singleStep())
        self.setRange(inner.minimum(), self._before + inner.maximum() + self._behind)
        self.blockSignals(blocked)
        self._show_value(inner.value())
        width = self.sizeHint().width()
        self.setGeometry(rows.right() + 1 - width, rows.top(), width, rows.height())
        self.setVisible(self.maximum() > self.minimum())
        self.raise_()
