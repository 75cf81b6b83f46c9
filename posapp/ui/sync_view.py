"""Keeps the sync pills true; they open the Sync Center."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.context import Context
from posapp.ui.shell_state import StateReader
from posapp.ui.sync_words import pill_view, shop_states, since_text
from posapp.ui.widgets.syncpill import PillState, SyncPill


class SyncView(QObject):
    """Tells how the shops stand, and starts a round when asked; `opened` asks for the Sync Center."""

    opened = Signal()

    def __init__(self, ctx: Context, window: QWidget, pill: SyncPill, reader: StateReader) -> None:
        super().__init__(window)
        self._ctx = ctx
        self._window = window
        self._pills: list[SyncPill] = []
        self._reader = reader
        self._started = ctx.clock()
        reader.changed.connect(self.tick)
        self.add_pill(pill)

    def add_pill(self, pill: SyncPill) -> None:
        """Keep another pill true; one in another window than this brings this one forward."""
        self._pills.append(pill)
        pill.clicked.connect(lambda: self._open(pill))
        self.tick()

    def remove_pill(self, pill: SyncPill) -> None:
        """Leave a pill alone, because its window closes."""
        self._pills.remove(pill)

    def tick(self) -> None:
        """Show the present state and ages."""
        away = self._ctx.away
        if away.is_away:
            since = since_text(away.since or self._ctx.clock(), self._ctx.clock(), self._ctx.zone)
            for pill in self._pills:
                pill.show_state(PillState.AWAY, away.kept.all, since)
            return
        state = self._reader.state
        if state is None:
            return
        ctx, now = self._ctx, self._ctx.clock()
        shops = shop_states(ctx.config.remotes, state.summary.remotes, now, self._started)
        view = pill_view(shops, state.summary, now, ctx.zone)
        for pill in self._pills:
            pill.show_state(view.state, view.count, view.second)

    def sync_now(self) -> None:
        """Start a round at once."""
        if self._ctx.config.remotes:
            self._ctx.doors.sync_now()
            self._ctx.message.emit(self.tr("Asking the shop now…"), None)

    def _open(self, pill: SyncPill) -> None:
        if pill.window() is not self._window:
            self._window.raise_()
            self._window.activateWindow()
        if self._ctx.away.is_away:
            self._ctx.away.list_wanted.emit()
            return
        self.opened.emit()
