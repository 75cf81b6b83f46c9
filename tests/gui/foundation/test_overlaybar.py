"""The scroll bar that lies over a list."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.widgets.overlaybar import OverlayScrollBar


def test_it_outlives_the_bar_that_it_stands_in_for(qtbot: QtBot) -> None:
    area, inner = QScrollArea(), QWidget()
    inner.setFixedSize(80, 900)
    area.setWidget(inner)
    bar = OverlayScrollBar(area)
    qtbot.addWidget(area)
    area.resize(200, 200)
    with qtbot.waitExposed(area):
        area.show()
    before = bar.maximum()
    assert before > 0
    area.setVerticalScrollBar(QScrollBar())
    area.resize(220, 300)

    assert bar.maximum() == before
