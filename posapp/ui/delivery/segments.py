"""A choice between a few views, side by side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth

_PX, _PAD = 14, 12


class _Segment(QAbstractButton):
    """One of the choices."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = text
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        width = fonts.text_width(self._label, theme.px(_PX), fonts.MEDIUM) + 2 * _PAD
        return QSize(width, theme.control - 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped_texts(self) -> list[str]:
        """Return the word if it does not fit."""
        return [self._label] if self.width() < self.sizeHint().width() else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        p = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(p, box, 6, c.focus)
        if self.isChecked() or self.underMouse():
            rounded(p, box, 6, c.accent if self.isChecked() else c.hover)
        p.setFont(theme.font(_PX, fonts.SEMIBOLD if self.isChecked() else fonts.MEDIUM))
        ink = c.on_accent if self.isChecked() else c.text2
        draw_text(p, self.rect(), self._label, Qt.AlignmentFlag.AlignHCenter, ink)
        p.end()


class Segments(Painted):
    """The choices; `chosen` gives the key of the one that a person picked."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._buttons: dict[str, _Segment] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(0)
        for key, text in choices.items():
            button = _Segment(text, self)
            button.setObjectName(f"segment_{key}")
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            group.addButton(button)
            row.addWidget(button)
            self._buttons[key] = button
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def choose(self, key: str) -> None:
        """Mark a choice without telling anybody."""
        self._buttons[key].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        p = smooth(self)
        rounded(p, self.rect(), theme.radius.control, theme.palette.sunken, theme.palette.border)
        p.end()
