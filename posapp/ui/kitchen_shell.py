"""What the main window does for the kitchen: its frame around the board, the second window, the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from posapp.ui.alarm import AlarmKeeper
from posapp.ui.context import Context
from posapp.ui.kitchen.starter import ScheduleStarter
from posapp.ui.pages import KITCHEN
from posapp.ui.sync_view import SyncView
from posapp.ui.widgets.navrail import NavRail
from posapp.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from posapp.ui.kitchen_window import KitchenWindow
    from posapp.ui.screens.kitchen import KitchenPage


class Shell(Protocol):
    """What the kitchen needs of the main window."""

    ctx: Context
    keeper: AlarmKeeper
    sync_view: SyncView
    rail: NavRail
    top: TopBar
    closed: SignalInstance

    @property
    def screen_key(self) -> str:
        """Return the key of the screen that is open."""

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""


class KitchenShell(QObject):
    """Keeps the board's window and the ticking of the schedule; the main window owns one."""

    def __init__(self, window: QWidget, shell: Shell) -> None:
        super().__init__(window)
        self._window, self._shell = window, shell
        self.second: KitchenWindow | None = None
        self.starter = ScheduleStarter(shell.ctx, self)
        window.installEventFilter(self)
        shell.closed.connect(self.close)

    def adopt(self, page: KitchenPage) -> None:
        """Connect the board of the main window."""
        page.window_wanted.connect(self.open_window)
        page.full_screen_wanted.connect(self._shell.toggle_full_screen)
        self._shell.sync_view.add_pill(page.head.pill)

    def dress(self) -> None:
        """Leave the frame away where the board wants the room: it has a head of its own."""
        board = self._shell.screen_key == KITCHEN
        self._shell.top.setVisible(not board)
        self._shell.rail.setVisible(not (board and self._window.isFullScreen()))

    def open_window(self) -> None:
        """Open the board on another screen, or bring it forward."""
        if self.second is None:
            # Imported here, because few ever open it.
            from posapp.ui.kitchen_window import KitchenWindow

            shell = self._shell
            self.second = KitchenWindow(shell.ctx, shell.keeper, shell.sync_view)
            self.second.closed.connect(self._forget)
        self.second.open_beside(self._window.screen())

    def close(self) -> None:
        """Close the second window and stop the schedule, because the main window closes."""
        self.starter.stop()
        if self.second is not None:
            self.second.close()

    def _forget(self) -> None:
        second, self.second = self.second, None
        if second is not None:
            second.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange:
            self.dress()
        return super().eventFilter(watched, event)
