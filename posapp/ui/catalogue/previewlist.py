"""What a file would do, row by row: painted from a model, so that thousands scroll like a few."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from posapp.services.catalogue import PreviewRow
from posapp.ui import fonts
from posapp.ui.catalogue.model import Index
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text

_ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_ROOT = QModelIndex()
_HEIGHT, _NUMBER, _WHAT = 46, 56, 96
_TONES = {"new": "ok_text", "changed": "accent_text", "unchanged": "text3", "wrong": "danger_text"}
_ORDER = ("wrong", "changed", "new", "unchanged")

translate = QCoreApplication.translate


def what_word(what: str) -> str:
    """Return what becomes of a row."""
    words = {
        "new": translate("menu", "New"),
        "changed": translate("menu", "Changed"),
        "unchanged": translate("menu", "As it is"),
        "wrong": translate("menu", "Wrong"),
    }
    return words[what]


def more_text(row: PreviewRow) -> str:
    """Return what changes, or what is wrong, field by field."""
    if row.what == "wrong":
        return " · ".join(f"{column}: {text}" for column, _, text in row.changes)
    return " · ".join(f"{column}: {before or '—'} → {after or '—'}" for column, before, after in row.changes)


class PreviewModel(QAbstractListModel):
    """The rows, those with problems first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[PreviewRow] = []

    def put(self, rows: tuple[PreviewRow, ...]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = sorted(rows, key=lambda row: (_ORDER.index(row.what), row.number))
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            number = translate("menu", "Row %1").replace("%1", str(row.number))
            parts = (number, what_word(row.what), row.title or row.internal_id, more_text(row))
            return ", ".join(part for part in parts if part)
        return None


class _Painter(QStyledItemDelegate):
    """Paints a row: its number in the file, what becomes of it, the dish, and the fields."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(80, current_theme().px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = cast(PreviewRow, index.data(_ROW_ROLE))
        theme = current_theme()
        c = theme.palette
        rect: QRect = option.rect
        painter.save()
        painter.fillRect(rect, c.surface)
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, c.border)
        left = Qt.AlignmentFlag.AlignLeft
        number = QRect(rect.x() + 10, rect.y(), theme.px(_NUMBER), rect.height())
        painter.setFont(theme.font(13))
        draw_text(painter, number, str(row.number), left, c.text2)
        what = QRect(number.right(), rect.y(), theme.px(_WHAT), rect.height())
        painter.setFont(theme.font(13, fonts.SEMIBOLD))
        draw_text(painter, what, what_word(row.what), left, c.by_name(_TONES[row.what]))
        words = QRect(what.right(), rect.y(), rect.right() - what.right() - 10, rect.height())
        name = " · ".join(part for part in (row.title, row.internal_id) if part) or "—"
        more = more_text(row)
        half = rect.height() // 2
        upper = QRect(words.x(), words.y() + 3, words.width(), half - 3) if more else words
        painter.setFont(theme.font(13, fonts.MEDIUM))
        self._line(painter, upper, name, c.text)
        if more:
            painter.setFont(theme.font(12))
            ink = c.danger_text if row.what == "wrong" else c.text2
            self._line(painter, QRect(words.x(), words.y() + half, words.width(), half - 3), more, ink)
        painter.restore()

    def _line(self, painter: QPainter, box: QRect, text: str, ink: QColor) -> None:
        line = " ".join(text.split())
        shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, box.width())
        draw_text(painter, box, shown, Qt.AlignmentFlag.AlignLeft, ink)


class PreviewList(QListView):
    """The rows of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("importPreview")
        self.setAccessibleName(translate("menu", "Rows of the file"))
        self.rows_model = PreviewModel()
        self.setModel(self.rows_model)
        self.setItemDelegate(_Painter(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
