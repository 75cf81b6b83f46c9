"""Controls of settings: switch, stepper and slider."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import focus_ring, rounded, smooth
from posapp.ui.widgets.text import PlainLabel


class Toggle(QAbstractButton):
    """A switch, 52 × 28; `toggled(bool)` tells of a change."""

    def __init__(self, name: str, parent: QWidget | None = None, *, on: bool = False) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        # The switch itself is 52 x 28; the rest is the focus ring and room for a finger.
        return QSize(60, max(36, current_theme().control))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        body = QRect(4, (self.height() - 28) // 2, 52, 28)
        if self.hasFocus():
            focus_ring(painter, body.adjusted(-4, -4, 4, 4), 16, c.focus)
        if self.isChecked():
            rounded(painter, body, 14, c.accent_hover if self.underMouse() else c.accent)
        else:
            rounded(painter, body, 14, c.hover if self.underMouse() else c.surface, c.border_strong, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.on_accent if self.isChecked() else c.border_strong)
        painter.drawEllipse(
            QPoint(body.right() - 13, body.center().y() + 1)
            if self.isChecked()
            else QPoint(body.left() + 14, body.center().y() + 1),
            10,
            10,
        )
        painter.end()


class Stepper(QSpinBox):
    """A number between a minus and a plus; typing, arrow keys and clicks all work."""

    def __init__(
        self, name: str, value: int, least: int, most: int, parent: QWidget | None = None, *, suffix: str = ""
    ) -> None:
        super().__init__(parent)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFrame(False)
        self.setRange(least, most)
        self.setSuffix(suffix)
        self.setValue(value)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(current_theme().font(15, fonts.BOLD))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.lineEdit().setFrame(False)
        self._pressed = 0

    def sizeHint(self) -> QSize:
        side = current_theme().control
        widest = max(len(str(self.maximum())), len(str(self.minimum()))) + len(self.suffix())
        return QSize(2 * side + max(60, widest * 11 + 16), side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height()
        self.lineEdit().setGeometry(side + 2, 3, self.width() - 2 * side - 4, side - 6)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that scrolls under the pointer must not change the value.
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position().toPoint())
        if step and event.button() == Qt.MouseButton.LeftButton:
            self.stepBy(step)
            return
        super().mousePressEvent(event)

    def _step_at(self, point: QPoint) -> int:
        if point.x() < self.height():
            return -1
        return 1 if point.x() >= self.width() - self.height() else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        focus = self.hasFocus() or self.lineEdit().hasFocus()
        rounded(
            painter,
            self.rect(),
            theme.radius.control,
            c.surface,
            c.focus if focus else c.border_strong,
            2 if focus else 1,
        )
        side = self.height()
        painter.fillRect(side, 2, 1, side - 4, c.border)
        painter.fillRect(self.width() - side - 1, 2, 1, side - 4, c.border)
        minus, plus = QRect(0, 0, side, side), QRect(self.width() - side, 0, side, side)
        for rect, name, possible in (
            (minus, "minus", self.value() > self.minimum()),
            (plus, "plus", self.value() < self.maximum()),
        ):
            inner = QRect(rect.center().x() - 8, rect.center().y() - 8, 18, 18)
            paint_icon(painter, inner, name, c.text if possible else c.text3)
        painter.end()


class Slider(QSlider):
    """A horizontal slider painted in the theme."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(name)
        self.setFixedHeight(max(32, current_theme().control if current_theme().touch else 0))
        self.setMinimumWidth(120)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that scrolls under the pointer must not change the value.
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        span = max(1, self.width() - 24)
        part = min(1.0, max(0.0, (event.position().x() - 12) / span))
        self.setValue(self.minimum() + round(part * (self.maximum() - self.minimum())))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        middle = self.height() // 2
        whole = max(1, self.maximum() - self.minimum())
        knob = 12 + round((self.width() - 24) * (self.value() - self.minimum()) / whole)
        rounded(painter, QRect(0, middle - 3, self.width(), 6), 3, c.sunken, c.border)
        rounded(painter, QRect(0, middle - 3, knob, 6), 3, c.accent)
        if self.hasFocus():
            focus_ring(painter, QRect(knob - 15, middle - 15, 30, 30), 13, c.focus)
        rounded(painter, QRect(knob - 11, middle - 11, 22, 22), 11, c.surface, c.accent, 3)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(max(32, current_theme().control if current_theme().touch else 0))
        self.update()


class SliderRow(QWidget):
    """A slider with its value in per cent beside it."""

    valueChanged = Signal(int)

    def __init__(self, name: str, value: int, parent: QWidget | None = None, *, step: int = 5) -> None:
        super().__init__(parent)
        self.slider = Slider(name)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(step)
        self.slider.setPageStep(step * 4)
        self._value = PlainLabel("", px=14, weight=fonts.SEMIBOLD)
        self._value.setMinimumWidth(fonts.text_width("100 %", current_theme().px(14), fonts.SEMIBOLD) + 2)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.slider.valueChanged.connect(self._changed)
        self.slider.setValue(value)
        self._changed(value)

    def value(self) -> int:
        """Return the value, 0 to 100."""
        return self.slider.value()

    def _changed(self, value: int) -> None:
        self._value.setText(f"{value} %")
        self.valueChanged.emit(value)
