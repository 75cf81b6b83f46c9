"""The entries as a list that grows at its end; each is one painted line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from posapp.storage.audit_log import AuditRow
from posapp.ui import fonts
from posapp.ui.theme import current_theme
from posapp.ui.widgets.overlaybar import OverlayScrollBar
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
Said = Callable[[AuditRow], tuple[str, str, str]]  # when, what, who
_ROOT = QModelIndex()


class HistoryModel(QAbstractListModel):
    """Holds what was read so far."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._rows: list[AuditRow] = []
        self.said = said

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (*self.said(row), row.code) if part)
        return None

    def row_at(self, place: int) -> AuditRow | None:
        """Return an entry, None beyond the ends."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def clear(self) -> None:
        """Hold nothing."""
        self.beginResetModel()
        self._rows = []
        self.endResetModel()

    def append(self, rows: tuple[AuditRow, ...]) -> None:
        """Add older entries at the end."""
        if rows:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        theme = current_theme()
        return QSize(200, 56 if theme.touch else theme.px(40))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        model = index.model()
        if not isinstance(row, AuditRow) or not isinstance(model, HistoryModel):
            return
        theme = current_theme()
        c = theme.palette
        state: Any = option.state
        box: QRect = option.rect.adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_HasFocus:
            box = focus_ring(painter, box, 8, c.focus)
        if state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            rounded(painter, box, 8, c.hover, None)
        when, what, who = model.said(row)
        wide = box.width() - 24
        columns = (
            (theme.px(120), 13, fonts.REGULAR, when, c.text2),
            (theme.px(64), 13, fonts.SEMIBOLD, row.code, c.accent_text),
            (wide - theme.px(120) - theme.px(64) - wide // 3, 14, fonts.REGULAR, what, c.text),
            (wide // 3, 13, fonts.REGULAR, who, c.text2),
        )
        left = box.left() + 12
        for width, px, weight, words, ink in columns:
            painter.setFont(theme.font(px, weight))
            room = QRect(left, box.top(), width - 12, box.height())
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            draw_text(painter, room, shown, Qt.AlignmentFlag.AlignLeft, ink)
            left += width
        painter.restore()


class HistoryList(QListView):
    """`order_wanted` tells of an entry's order that was clicked; `end_reached` asks for older entries."""

    order_wanted = Signal(int)
    end_reached = Signal()

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self.setObjectName("historyList")
        self.setAccessibleName(self.tr("History"))
        self._history = model
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        OverlayScrollBar(self)
        self.clicked.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = self._history.row_at(index.row())
        if row is not None and row.order_pk is not None:
            self.order_wanted.emit(row.order_pk)

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - self.height():
            self.end_reached.emit()
