"""The list of the Sync Center as a Qt model: what is the same stays, so that nothing jumps under a hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from posapp.ui.sync_center.entries import QUIET, Entry

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class EntryModel(QAbstractListModel):
    """Holds the rows; headings cannot be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Entry] = []

    @property
    def rows(self) -> tuple[Entry, ...]:
        """Return all rows, in order."""
        return tuple(self._rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        entry = self._rows[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entry_at(index.row())
        if entry is not None and entry.kind in QUIET and not entry.key.startswith("more:"):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def entry_at(self, place: int) -> Entry | None:
        """Return the row at a place, None beyond the ends."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, key: str) -> int:
        """Return where a row stands, -1 when it is not there."""
        return next((place for place, entry in enumerate(self._rows) if entry.key == key), -1)

    def put(self, rows: Sequence[Entry]) -> None:
        """Become `rows`: equal ends stay, and only what lies between is taken out and put in."""
        old, new = [entry.key for entry in self._rows], [entry.key for entry in rows]
        shortest = min(len(old), len(new))
        head = next((place for place in range(shortest) if old[place] != new[place]), shortest)
        tail = next(
            (count for count in range(shortest - head) if old[-1 - count] != new[-1 - count]), shortest - head
        )
        self._take_out(head, len(old) - tail)
        self._put_in(head, rows[head : len(new) - tail])
        changed = [place for place, entry in enumerate(rows) if self._rows[place] != entry]
        for place in changed:
            self._rows[place] = rows[place]
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _take_out(self, first: int, end: int) -> None:
        if first < end:
            self.beginRemoveRows(_ROOT, first, end - 1)
            del self._rows[first:end]
            self.endRemoveRows()

    def _put_in(self, first: int, rows: Sequence[Entry]) -> None:
        if rows:
            self.beginInsertRows(_ROOT, first, first + len(rows) - 1)
            self._rows[first:first] = rows
            self.endInsertRows()
