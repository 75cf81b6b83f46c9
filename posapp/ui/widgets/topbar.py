"""The bar over every screen: its title, where one is, the sync pill and the clock."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.fonts import BOLD, SEMIBOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.syncpill import SyncPill
from posapp.ui.widgets.text import PlainLabel


class TopBar(Surface):
    """56 px high; `pill` is the sync pill, `middle` takes what a screen wants to add."""

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, line="bottom")
        self._title = PlainLabel(title, px=20, weight=BOLD)
        self._subtitle = PlainLabel(subtitle, px=13, tone="text2", elide=True)
        # One pixel lower, so that both lines of text stand on one base.
        self._subtitle.setContentsMargins(0, 2, 0, 0)
        self._clock = PlainLabel("", px=16, weight=SEMIBOLD, tone="text2")
        self.pill = SyncPill()
        self.middle = QHBoxLayout()
        self.keep_height(current_theme().size.topbar)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 21, 1)
        row.setSpacing(13)
        row.addWidget(self._title)
        row.addWidget(self._subtitle, 1)
        row.addLayout(self.middle)
        row.addWidget(self.pill)
        row.addWidget(self._clock)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Show the name of the screen, and who or where one is."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)

    def show_clock(self, text: str) -> None:
        """Show the time of day as text, such as "19:42"."""
        self._clock.setText(text)
