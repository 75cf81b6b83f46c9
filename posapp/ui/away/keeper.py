"""Says over every screen that the database is away, and takes it back; keeps failures of reading quiet."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.errors import DatabaseAwayError, PosError, UncertainError
from posapp.domain.kept import Kept
from posapp.storage.rows import Alarm
from posapp.ui.alarm import AlarmKeeper
from posapp.ui.away.words import (
    away_more,
    away_title,
    back_text,
    has_to_wait,
    needs_more,
    needs_title,
    not_opened,
)
from posapp.ui.context import Context
from posapp.ui.shell_state import StateReader
from posapp.ui.sync_view import SyncView
from posapp.ui.watchbar import WatchBar
from posapp.ui.widgets.dialog import Dialog

_TICK_MS = 1000
_ASKED_S = 6.0  # so long after a key or a click, what could not be done is somebody's wish
_ACTS = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin})


class Shell(Protocol):
    """What the keeper needs of the window."""

    warnings: WatchBar
    reader: StateReader
    sync_view: SyncView
    keeper: AlarmKeeper

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window."""


class AwayKeeper(QObject):
    """Follows `ctx.away`; the window asks it first what to make of a failure."""

    def __init__(self, ctx: Context, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._ctx, self._shell, self._window = ctx, shell, window
        self._was_away, self._most_kept = False, 0
        self._asked_at = float("-inf")
        self._handled: set[int] = set()
        bar = shell.warnings
        bar.away.triggered.connect(ctx.away.try_now)
        bar.kept.triggered.connect(self.open_kept)
        ctx.away.changed.connect(self.look)
        ctx.away.touched.connect(self._quieten)
        ctx.away.list_wanted.connect(self.open_kept)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.look)
        app = QApplication.instance()
        if app is not None and ctx.store.presence is not None:
            app.installEventFilter(self)
        self.look()

    def takes(self, error: PosError) -> bool:
        """Tell whether a failure is only that the database is away, which the bar says already."""
        if not isinstance(error, DatabaseAwayError) or isinstance(error, UncertainError):
            return False
        if time.monotonic() - self._asked_at < _ASKED_S:
            self._asked_at = float("-inf")
            self._ctx.message.emit(has_to_wait(), None)
        self._ctx.away.try_now()
        return True

    def keeps_out(self, *, known: bool) -> bool:
        """Tell whether a screen cannot open, because nothing of it was read before; `known`: it was made."""
        if known or not self._ctx.away.is_away:
            return False
        self._ctx.message.emit(not_opened(), None)
        return True

    def look(self) -> None:
        """Show what is so now."""
        ctx, bar, away = self._ctx, self._shell.warnings, self._ctx.away
        is_away, figures = away.is_away, away.kept
        now, zone = ctx.clock(), ctx.zone
        words = (away_title(away.since, figures, now, zone), away_more()) if is_away else ("", "")
        bar.put(bar.away, *words)
        needs = figures.needs if not is_away else 0
        bar.put(bar.kept, *((needs_title(needs), needs_more()) if needs else ("", "")))
        if is_away:
            self._most_kept = max(self._most_kept, figures.waiting)
        if is_away != self._was_away:
            self._was_away = is_away
            self._turn(is_away=is_away)
        self._shell.sync_view.tick()

    def _turn(self, *, is_away: bool) -> None:
        if is_away:
            self._timer.start()
            return
        self._timer.stop()
        self._handled.clear()
        came_in = max(0, self._most_kept - self._ctx.away.kept.all)
        self._most_kept = 0
        self._ctx.message.emit(back_text(came_in), None)

    def _quieten(self, pk: int) -> None:
        """Let an order ring no more that somebody dealt with here."""
        away = self._ctx.away
        self._ctx.tasks.run(lambda: away.entries_of(pk), lambda kept: self._put_handled(pk, kept), owner=self)

    def _put_handled(self, pk: int, kept: tuple[Kept, ...]) -> None:
        if kept:
            self._handled.add(pk)
        else:
            self._handled.discard(pk)
        state = self._shell.reader.state
        if state is None or not self._ctx.away.is_away:
            return
        left = tuple(each for each in state.alarm.pks if each not in self._handled)
        gone = len(state.alarm.pks) - len(left)
        self._shell.keeper.put(Alarm(max(0, state.alarm.count - gone), state.alarm.oldest, left))

    def open_kept(self) -> None:
        """Show what is kept here."""
        from posapp.ui.away.dialog import KeptDialog

        self._shell.open_dialog(KeptDialog(self._ctx, self._window))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS:
            self._asked_at = time.monotonic()
        return super().eventFilter(watched, event)
