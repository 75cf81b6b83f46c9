"""Keeps the sync pill and its panel true."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.alarm import AlarmKeeper
from posapp.ui.context import Context
from posapp.ui.shell_state import StateReader
from posapp.ui.sync_panel import SyncPanel
from posapp.ui.sync_words import pill_view, shop_states, synced_text
from posapp.ui.widgets.syncpill import SyncPill


class SyncView(QObject):
    """Shows how the shops stand, and starts a round when asked; `key_wanted` names a shop without a key."""

    key_wanted = Signal(str)

    def __init__(
        self, ctx: Context, window: QWidget, pill: SyncPill, reader: StateReader, keeper: AlarmKeeper
    ) -> None:
        super().__init__(window)
        self._ctx = ctx
        self._window = window
        self._pill = pill
        self._reader = reader
        self._keeper = keeper
        self._started = ctx.clock()
        self._panel: SyncPanel | None = None
        pill.clicked.connect(self.toggle_panel)
        reader.changed.connect(self.tick)

    @property
    def panel(self) -> SyncPanel:
        """Return the panel; it is made when it is first wanted."""
        if self._panel is None:
            self._panel = SyncPanel(self._window)
            self._panel.send_now.connect(self.sync_now)
            self._panel.key_wanted.connect(self._enter_key)
            self.tick()
        return self._panel

    def tick(self) -> None:
        """Show the present state and ages."""
        state = self._reader.state
        if state is None:
            return
        ctx, now = self._ctx, self._ctx.clock()
        shops = shop_states(ctx.config.remotes, state.summary.remotes, now, self._started)
        view = pill_view(shops, state.summary, now, ctx.zone)
        self._pill.show_state(view.state, view.count, view.second)
        if self._panel is not None:
            lasts = [synced_text(shop.last, now, ctx.zone) if shop.last else "" for shop in shops]
            self._panel.show_state(view, shops, state.summary, lasts, self._keeper.warning())

    def toggle_panel(self) -> None:
        """Open the panel under the pill, or close it."""
        if self.panel.isVisible():
            self.panel.close_panel()
        else:
            self.panel.open_under(self._pill)

    def close_panel(self) -> bool:
        """Close the panel; tell whether it was open."""
        if self._panel is None or not self._panel.isVisible():
            return False
        self._panel.close_panel()
        return True

    def sync_now(self) -> None:
        """Start a round at once."""
        if self._ctx.config.remotes:
            self._ctx.doors.sync_now()
            self._ctx.message.emit(self.tr("Asking the shop now…"), None)

    def _enter_key(self, name: str) -> None:
        self.panel.close_panel()
        self.key_wanted.emit(name)
