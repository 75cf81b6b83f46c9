"""How the shift of this station stands, as a small button: one click leads to the Shift tab."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.config import Config
from posapp.storage.feed import Change, Topic
from posapp.storage.shifts import ShiftRow, open_shift_of
from posapp.ui.context import Context
from posapp.ui.shift.words import since_text
from posapp.ui.widgets.buttons import Button, ButtonLook


class ShiftItem(Button):
    """Says “Shift open since 10:02” or “No shift is open”; emits `ctx.shift_wanted` when it is clicked."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__("", parent, look=ButtonLook.QUIET, icon="money-fill")
        self.setObjectName("shiftItem")
        self._ctx = ctx
        self._asked = False
        self.clicked.connect(ctx.shift_wanted)
        ctx.feed.changed.connect(self._heard)
        ctx.config_changed.connect(self._configured)
        self._show(None)
        self.refresh()

    def refresh(self) -> None:
        """Read whether a shift is open."""
        if self._asked:
            return
        self._asked = True
        store, station = self._ctx.store, self._ctx.config.station
        self._ctx.tasks.run(lambda: open_shift_of(store, station), self._read, owner=self)

    def _read(self, shift: ShiftRow | None) -> None:
        self._asked = False
        self._show(shift)

    def _show(self, shift: ShiftRow | None) -> None:
        words = self.tr("No shift is open")
        if shift is not None:
            words = self.tr("Shift %1").replace("%1", since_text(shift, self._ctx.clock(), self._ctx.zone))
        self.setText(words)

    def _configured(self, _config: Config) -> None:
        self.refresh()  # the station may have another name

    def _heard(self, change: Change) -> None:
        if Topic.SALES in change.topics or change.foreign:
            self.refresh()
