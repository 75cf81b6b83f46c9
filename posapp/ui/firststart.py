"""The first steps: connect a shop, enter a key, try the training."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.ui.context import Context
from posapp.ui.widgets.dialog import Dialog


class FirstStart(QObject):
    """Makes the dialogs that lead to a connected shop; `show` opens them over the window."""

    def __init__(self, ctx: Context, window: QWidget, show: Callable[[Dialog], None]) -> None:
        super().__init__(window)
        self._ctx = ctx
        self._window = window
        self._show = show

    def connect_shop(self) -> None:
        """Ask for a shop's address and key."""
        from posapp.ui.connect_dialog import ConnectDialog

        self._show(ConnectDialog(self._ctx, self._window))

    def replace_key(self, name: str) -> None:
        """Ask for a new key of a shop."""
        from posapp.ui.key_dialog import KeyDialog

        self._show(KeyDialog(self._ctx, self._ctx.config.remote(name), self._window))

    def start_training(self) -> None:
        """Start the training; this window gives way to it."""
        self._ctx.doors.start_training()
