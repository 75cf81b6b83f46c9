"""One side of a field in conflict: a large radio button with the value, and one row of both sides."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui import fonts
from posapp.ui.detail.texts import breakable
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import focus_ring, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_RADIO, _PAD = 20, 12


class ChoiceCell(QAbstractButton):
    """A value to choose; a click chooses it, it is never switched off by one."""

    def __init__(self, side: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = side
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._value = PlainLabel("", weight=fonts.MEDIUM, wrap=True)
        self._note = PlainLabel("", px=12, tone="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD + _RADIO + 11, 9, _PAD, 9)
        column.setSpacing(1)
        column.addStretch(1)
        column.addWidget(self._value)
        column.addWidget(self._note)
        column.addStretch(1)
        for label in (self._value, self._note):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(current_theme().px(50))

    @property
    def value(self) -> str:
        """Return the value as shown."""
        return self._value.text()

    def show_value(self, value: str, note: str, spoken: str) -> None:
        """Show a value, a smaller remark, and what screen readers call it."""
        self._value.setText(breakable(value))
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(f"{spoken}: {value}. {note}".strip())

    def put(self, *, chosen: bool) -> None:
        """Show whether this side is chosen."""
        self.setChecked(chosen)
        self._value.set_weight(fonts.SEMIBOLD if chosen else fonts.MEDIUM)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Space chooses, as a click does; all other keys are the screen's.
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c, chosen = theme.palette, self.isChecked()
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.control, c.focus)
        fill = c.selected if chosen else c.hover if self.underMouse() else c.surface
        edge = c.accent if chosen else c.border
        rounded(painter, box, theme.radius.control, fill, edge, 2 if chosen else 1)
        self._paint_radio(painter, theme, chosen=chosen)
        painter.end()

    def _paint_radio(self, p: QPainter, theme: Theme, *, chosen: bool) -> None:
        c = theme.palette
        ring = QRect(_PAD, (self.height() - _RADIO) // 2, _RADIO, _RADIO)
        rounded(p, ring, _RADIO / 2, c.surface, c.accent if chosen else c.border_strong, 2)
        if chosen:
            rounded(p, ring.adjusted(5, 5, -5, -5), 5, c.accent)


class ChoiceRow(QWidget):
    """The label of a field and its two sides; `chosen` gives the field's name and "mine" or "theirs".

    The widgets lie in the grid of whoever owns the row.
    """

    chosen = Signal(str, str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._label = PlainLabel("", weight=fonts.SEMIBOLD, wrap=True)
        self._was = PlainLabel("", px=12, tone="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addStretch(1)
        column.addWidget(self._label)
        column.addWidget(self._was)
        column.addStretch(1)
        self.cells = {side: ChoiceCell(side) for side in ("mine", "theirs")}
        for side, cell in self.cells.items():
            cell.setObjectName(f"choice_{name}_{side}")
            cell.clicked.connect(lambda _=False, side=side: self.chosen.emit(name, side))

    def show_label(self, label: str, was: str) -> None:
        """Name the field and what it was before."""
        self._label.setText(label)
        self._was.setText(breakable(was))
        self._was.setVisible(bool(was))

    def put(self, side: str) -> None:
        """Show which side is chosen, "" for neither."""
        for each, cell in self.cells.items():
            cell.put(chosen=each == side)
