"""A part that scrolls up and down, without a frame and on the ground that lies under it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def plain_area(inside: QWidget) -> QScrollArea:
    """Return an area that shows `inside`; Tab goes into it and never stops at it."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    inside.setAutoFillBackground(False)  # which the area has just switched on
    area.viewport().setAutoFillBackground(False)
    return area
