"""Opens the Shift tab where somebody asks for it, and shows at the counter how the shift stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from posapp.ui.context import Context
from posapp.ui.pages import NEW, REPORTS, Page
from posapp.ui.shift.item import ShiftItem
from posapp.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from posapp.ui.screens.reports import ReportsPage


class Shell(Protocol):
    """What the shift needs of the window."""

    top: TopBar
    stack: QStackedWidget

    @property
    def page(self) -> Page:
        """Return the screen that is open."""

    @property
    def screen_key(self) -> str:
        """Return the key of the screen that is open."""

    def open_screen(self, key: str) -> None:
        """Open a screen."""


class ShiftKeeper(QObject):
    """Made once by the window."""

    def __init__(self, ctx: Context, window: QWidget, shell: Shell) -> None:
        super().__init__(window)
        self._shell = shell
        self.item = ShiftItem(ctx)
        self.item.hide()
        shell.top.middle.addWidget(self.item)
        # Once the window knows which screen it is.
        shell.stack.currentChanged.connect(lambda _: QTimer.singleShot(0, self, self._show_item))
        ctx.shift_wanted.connect(self.show_shift)

    def _show_item(self) -> None:
        """Show the item where one sells."""
        self.item.setVisible(self._shell.screen_key == NEW)

    def show_shift(self) -> None:
        """Show the shift of this station, unless an unsaved edit keeps its place."""
        self._shell.open_screen(REPORTS)
        if self._shell.screen_key == REPORTS:
            cast("ReportsPage", self._shell.page).show_shift()
