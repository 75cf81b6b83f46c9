"""The status timeline of an order: what happened when, where it stands, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth
from posapp.ui.words import status_word

_CIRCLE, _COLUMN, _PX = 26, 92, 12
_LABEL_TOP, _TIME_TOP, _HEIGHT = 28, 46, 64


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One circle: the status it stands for, its state, and a time such as "19:41" or "≈ 20:20"."""

    status: str
    state: StepState
    time: str = ""
    label: str = ""

    @property
    def words(self) -> str:
        """Return the label under the circle."""
        return self.label or status_word(self.status)


class StatusTimeline(Painted):
    """Up to five circles with lines between them; a cancelled order ends in the cancelled circle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[TimelineStep, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def steps(self) -> tuple[TimelineStep, ...]:
        """Return what is shown."""
        return self._steps

    def show_steps(self, steps: tuple[TimelineStep, ...]) -> None:
        """Show these steps from left to right."""
        self._steps = steps
        spoken = {
            StepState.DONE: self.tr("done"),
            StepState.CURRENT: self.tr("now"),
            StepState.NEXT: self.tr("to come"),
        }
        parts = [f"{step.words}, {spoken[step.state]} {step.time}".strip() for step in steps]
        self.setAccessibleName("; ".join(parts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        count = max(1, len(self._steps))
        return QSize(count * self._column(theme) + (count - 1) * 24, theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(max(1, len(self._steps)) * self._column(theme), theme.px(_HEIGHT))

    def clipped_texts(self) -> list[str]:
        """Return the labels for which the width does not suffice."""
        return [step.words for step in self._steps] if self.width() < self.minimumSizeHint().width() else []

    def _column(self, theme: Theme) -> int:
        px = theme.px(_PX)
        texts = [step.words for step in self._steps]
        return max([_COLUMN, *(fonts.text_width(text, px, fonts.SEMIBOLD) + 4 for text in texts)])

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._steps:
            return
        theme = current_theme()
        painter = smooth(self)
        column = self._column(theme)
        count = len(self._steps)
        pitch = (self.width() - column) / max(1, count - 1)
        for i, step in enumerate(self._steps):
            left = round(i * pitch)
            if i + 1 < count:
                start, end = left + column, round((i + 1) * pitch)
                done = self._steps[i + 1].state is not StepState.NEXT
                line = theme.palette.border_strong if done else theme.palette.border
                painter.fillRect(start, theme.px(_CIRCLE) // 2, max(0, end - start), 2, line)
            self._paint_step(painter, theme, QRect(left, 0, column, self.height()), step)
        painter.end()

    def _paint_step(self, painter: QPainter, theme: Theme, cell: QRect, step: TimelineStep) -> None:
        c, look = theme.palette, theme.status[step.status]
        size = theme.px(_CIRCLE)
        circle = QRect(cell.center().x() - size // 2 + 1, cell.y(), size, size)
        icon = circle.adjusted(6, 6, -6, -6)
        match step.state:
            case StepState.CURRENT:
                rounded(painter, circle, size / 2, look.solid)
                paint_icon(painter, icon, look.icon, _on_solid(theme))
            case StepState.DONE:
                rounded(painter, circle, size / 2, look.tint, look.solid)
                paint_icon(painter, icon, look.icon, look.solid)
            case StepState.NEXT:
                rounded(painter, circle, size / 2, c.surface, c.border_strong)
                paint_icon(painter, icon, look.icon.removesuffix("-fill"), c.text3)
        align = Qt.AlignmentFlag.AlignHCenter
        current = step.state is StepState.CURRENT
        painter.setFont(theme.font(_PX, fonts.SEMIBOLD if current else fonts.MEDIUM))
        label = QRect(cell.x(), cell.y() + theme.px(_LABEL_TOP), cell.width(), theme.px(18))
        ink = c.text if current else c.text2 if step.state is StepState.DONE else c.text3
        draw_text(painter, label, step.words, align, ink)
        painter.setFont(theme.font(_PX))
        time = QRect(cell.x(), cell.y() + theme.px(_TIME_TOP), cell.width(), theme.px(18))
        draw_text(painter, time, step.time, align, c.text3)


def _on_solid(theme: Theme) -> QColor:
    return theme.palette.surface if theme.name == "light" else theme.palette.on_accent
