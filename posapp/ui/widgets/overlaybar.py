"""A vertical scroll bar that lies over the rows of a list, so that they keep the full width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar
from shiboken6 import isValid


class OverlayScrollBar(QScrollBar):
    """Stands in for the vertical scroll bar of `area`, which goes on counting, unseen.

    Its track lets the rows shine through; it hides while everything fits.
    """

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area, self._inner = area, area.verticalScrollBar()
        self.setObjectName("overlayScrollBar")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, on=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner.rangeChanged.connect(self._follow)
        self._inner.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._inner.setValue)
        area.viewport().installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        if not isValid(self._inner):
            return  # the area is going: its own bar goes first, and what is left is resized once more
        inner, rows = self._inner, self._area.viewport().geometry()
        self.setPageStep(inner.pageStep())
        self.setSingleStep(inner.singleStep())
        self.setRange(inner.minimum(), inner.maximum())
        self.setValue(inner.value())
        width = self.sizeHint().width()
        self.setGeometry(rows.right() + 1 - width, rows.top(), width, rows.height())
        self.setVisible(inner.maximum() > inner.minimum())
        self.raise_()
