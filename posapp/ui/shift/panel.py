"""The shift of this station."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.ui.context import Context


class ShiftPanel(QWidget):
    """Placeholder."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx

    def refresh(self) -> None:
        """Read."""

    def print_current(self) -> None:
        """Print."""
