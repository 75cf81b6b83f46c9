"""Whether the database server is away, and how much is kept here, as a Qt signal for every screen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.kept import Kept, KeptFigures
from posapp.storage.store import Store


def _nothing() -> None:
    pass


class AwayWatch(QObject):
    """Emits `changed` in the window's thread; on a file nothing is ever away."""

    changed = Signal()
    touched = Signal(int)  # what is kept here of this order differs: each screen shows it anew
    list_wanted = Signal()  # show what is kept here
    _told = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._end: Callable[[], None] = _nothing
        self._told.connect(self._pass_on)
        if store.presence is not None:
            self._end = store.presence.subscribe(self._hear)

    @property
    def is_away(self) -> bool:
        """Tell whether the database is away."""
        return self._store.away

    @property
    def since(self) -> datetime | None:
        """Return when it was found to be away."""
        return self._store.presence.since if self._store.presence is not None else None

    @property
    def kept(self) -> KeptFigures:
        """Return how many changes are kept here."""
        return self._store.kept.figures if self._store.kept is not None else KeptFigures()

    def entries_of(self, pk: int) -> tuple[Kept, ...]:
        """Return what is kept of an order, the oldest first; for the jobs' thread."""
        return self._store.kept.of_order(pk) if self._store.kept is not None else ()

    def try_now(self) -> None:
        """Look for the server now."""
        if self._store.presence is not None:
            self._store.presence.suspect()

    def close(self) -> None:
        """Listen no more."""
        self._end()

    def _hear(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window may be gone already
            self._told.emit()

    @Slot()
    def _pass_on(self) -> None:
        self.changed.emit()
