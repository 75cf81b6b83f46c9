"""The board as a window of its own, for a second screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.alarm import AlarmKeeper
from posapp.ui.context import Context
from posapp.ui.keymap_dialog import KeymapDialog
from posapp.ui.pages import KITCHEN
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.shell_parts import AlarmFrame, ProblemBar
from posapp.ui.sync_view import SyncView
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.window_keys import WindowKeys

_USUAL = (1366, 768)


class KitchenWindow(QWidget):
    """Shows the board alone; closing it closes nothing else."""

    closed = Signal()

    def __init__(self, ctx: Context, keeper: AlarmKeeper, sync_view: SyncView) -> None:
        super().__init__()
        self.setObjectName("kitchenWindow")
        self.setWindowTitle(self.tr("posapp — Kitchen"))
        self.setMinimumSize(900, 600)
        self.ctx, self.keeper, self.sync_view = ctx, keeper, sync_view
        self.page = KitchenPage(ctx, alone=True)
        self.problems = ProblemBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.problems)
        column.addWidget(self.page, 1)
        self.frame = AlarmFrame(self)
        self.keys = WindowKeys(self, self)
        keeper.framed.connect(self.frame.put)
        sync_view.add_pill(self.page.head.pill)
        self.page.full_screen_wanted.connect(self.toggle_full_screen)
        ctx.problem.connect(self.problems.show_problem)

    def screen_keys(self) -> tuple[str, ...]:
        """Return no keys: this window has one screen."""
        return ()

    def locked_key(self, event: QKeyEvent) -> bool:
        """Take no key: the lock is the other window's, and without a sign-in no act passes."""
        del event
        return False

    def open_screen(self, key: str) -> None:
        """Stay at the board."""

    @property
    def screen_key(self) -> str:
        """Return the key of the one screen."""
        return KITCHEN

    def show_keys(self) -> None:
        """Show the list of keys."""
        self.open_dialog(KeymapDialog(self, letters=bool(self.ctx.config.get("look", "letter_keys"))))

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over this window; it is deleted at its end."""
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def undo(self) -> None:
        """Take the last act of this board back."""
        self.page.undo()

    def open_beside(self, other: QScreen | None) -> None:
        """Fill a screen that the other window is not on; where there is one only, open as a window."""
        free = [screen for screen in QGuiApplication.screens() if screen is not other]
        if free:
            self.setGeometry(free[0].geometry())
            self.showFullScreen()
        else:
            self.resize(*_USUAL)
            self.show()
        self.raise_()
        self.activateWindow()
        self.page.shown()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F11 and not event.isAutoRepeat():
            self.toggle_full_screen()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.page.hidden()
        self.sync_view.remove_pill(self.page.head.pill)
        super().closeEvent(event)
        self.closed.emit()
