"""Opens the Shift tab where somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.ui.context import Context
from posapp.ui.pages import REPORTS, Page

if TYPE_CHECKING:
    from posapp.ui.screens.reports import ReportsPage


class Shell(Protocol):
    """What the shift needs of the window."""

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
        ctx.shift_wanted.connect(self.show_shift)

    def show_shift(self) -> None:
        """Show the shift of this station, unless an unsaved edit keeps its place."""
        self._shell.open_screen(REPORTS)
        if self._shell.screen_key == REPORTS:
            cast("ReportsPage", self._shell.page).show_shift()
