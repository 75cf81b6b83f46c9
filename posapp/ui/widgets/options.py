"""A list of options that hangs under a field while somebody types: arrow keys, Enter, mouse and finger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth

_ONE_LINE, _TWO_LINES = 36, 52
_MOST_SHOWN = 7
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Option:
    """One entry: words, a quieter second line, something at the right, and what it stands for."""

    text: str
    more: str = ""
    right: str = ""
    icon: str = ""
    value: object = None


class _Options(QAbstractListModel):
    """The entries as Qt's model."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.options: tuple[Option, ...] = ()

    def put(self, options: Sequence[Option]) -> None:
        self.beginResetModel()
        self.options = tuple(options)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        option = self.options[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return option.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (option.text, option.more, option.right) if part)
            case Qt.ItemDataRole.UserRole:
                return option
        return None


class _Painter(QStyledItemDelegate):
    """Paints an entry."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option
        found: Option = index.data(Qt.ItemDataRole.UserRole)
        theme = current_theme()
        height = theme.px(_TWO_LINES if found.more else _ONE_LINE)
        return QSize(80, max(height, theme.control if theme.touch else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: Option = index.data(Qt.ItemDataRole.UserRole)
        theme = current_theme()
        c = theme.palette
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, rect.adjusted(4, 1, -4, -1), theme.radius.chip, c.selected)
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, rect.adjusted(4, 1, -4, -1), theme.radius.chip, c.hover)
        left, top = rect.x() + 12, rect.y()
        if found.icon:
            paint_icon(painter, QRect(left, rect.center().y() - 8, 18, 18), found.icon, c.text2)
            left += 28
        right = rect.right() - 12
        if found.right:
            width = fonts.text_width(found.right, theme.px(13), fonts.SEMIBOLD) + 2
            painter.setFont(theme.font(13, fonts.SEMIBOLD))
            box = QRect(right - width, top, width, rect.height())
            draw_text(painter, box, found.right, Qt.AlignmentFlag.AlignRight, c.text2)
            right -= width + 10
        height = rect.height() // 2 - 3 if found.more else rect.height()
        self._line(painter, QRect(left, top + (4 if found.more else 0), right - left, height), found.text, 14)
        if found.more:
            self._line(painter, QRect(left, rect.center().y() + 1, right - left, height - 2), found.more, 12)
        painter.restore()

    def _line(self, painter: QPainter, rect: QRect, text: str, px: int) -> None:
        theme = current_theme()
        first = px == 14
        painter.setFont(theme.font(px, fonts.MEDIUM if first else fonts.REGULAR))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        ink = theme.palette.text if first else theme.palette.text2
        draw_text(painter, rect, shown, Qt.AlignmentFlag.AlignLeft, ink)


class OptionList(QListView):
    """The entries by themselves; `chosen` tells which one was taken."""

    chosen = Signal(object)  # Option

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._entries = _Options(self)
        self.setModel(self._entries)
        self.setItemDelegate(_Painter(self))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._clicked)

    @property
    def options(self) -> tuple[Option, ...]:
        """Return the entries."""
        return self._entries.options

    def put(self, options: Sequence[Option], *, current: int = -1) -> None:
        """Show these entries, `current` of them marked (-1: none)."""
        self._entries.put(options)
        self.mark(current)

    def mark(self, place: int) -> None:
        """Mark an entry, -1 for none."""
        index = self._entries.index(place) if 0 <= place < len(self.options) else QModelIndex()
        self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)

    @property
    def marked(self) -> Option | None:
        """Return the marked entry."""
        index = self.currentIndex()
        return self.options[index.row()] if index.isValid() else None

    def step(self, by: int) -> None:
        """Mark the next entry, or the one before; from the end on to the beginning."""
        if self.options:
            row = self.currentIndex().row()
            self.mark(
                (row + by) % len(self.options) if row >= 0 else (0 if by > 0 else -1 % len(self.options))
            )

    def wanted_height(self) -> int:
        """Return the height at which the entries show, seven at most."""
        rows = [self.sizeHintForRow(place) for place in range(min(len(self.options), _MOST_SHOWN))]
        return sum(rows)

    def take_marked(self) -> bool:
        """Take the marked entry; tell whether there was one."""
        found = self.marked
        if found is not None:
            self.chosen.emit(found)
        return found is not None

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.options[index.row()])


class DropDown(Painted):
    """The entries under a field that keeps the focus; Esc and leaving the field close it."""

    chosen = Signal(object)  # Option

    def __init__(self, name: str, field: QWidget, *, least_width: int = 0) -> None:
        super().__init__(field)
        self._name, self._field, self._least_width = name, field, least_width
        self._list: OptionList | None = None
        self.hide()
        field.installEventFilter(self)
        field.destroyed.connect(self.deleteLater)

    @property
    def list(self) -> OptionList:
        """Return the entries, made when they are first wanted: most fields are never opened."""
        if self._list is None:
            self._list = OptionList(self._name)
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.viewport().setAutoFillBackground(False)
            self._list.chosen.connect(self._take)
            column = QVBoxLayout(self)
            column.setContentsMargins(1, 4, 1, 4)
            column.addWidget(self._list)
        return self._list

    @property
    def options(self) -> tuple[Option, ...]:
        """Return the entries."""
        return self.list.options

    def take_marked(self) -> bool:
        """Take the marked entry; tell whether there was one."""
        return self.list.take_marked()

    def offer(self, options: Sequence[Option], *, current: int = -1) -> None:
        """Show these entries under the field, or close when there are none."""
        self.list.put(options, current=current)
        if not options or not self._field.isVisible():
            self.hide()
            return
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self.setGeometry(self._place(window))
        if not self.isVisible():
            self.show()
            announce(self, self.list.accessibleName())
        self.raise_()
        self.list.mark(current)

    def _place(self, window: QWidget) -> QRect:
        """Return where it lies: under the field, or above where there is more room."""
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + 4))
        width = max(self._field.width(), self._least_width)
        height, room = self.list.wanted_height() + 10, window.height() - corner.y() - 8
        above = corner.y() - self._field.height() - 16
        if height > room and above > room:
            height = min(height, above)
            corner.setY(corner.y() - self._field.height() - 8 - height)
        left = max(8, min(corner.x(), window.width() - width - 8))
        return QRect(left, corner.y(), width, min(height, max(room, above)))

    def _take(self, option: Option) -> None:
        self.hide()
        self.chosen.emit(option)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isVisible():
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.list.step(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return self.take_marked()
            case Qt.Key.Key_Tab:
                self.take_marked()
                return False
            case Qt.Key.Key_Escape:
                self.hide()
            case _:
                return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        c = theme.palette
        rounded(painter, self.rect(), theme.radius.control, c.surface, c.border_strong)
        painter.end()
