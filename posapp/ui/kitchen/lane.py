"""The rail's lower card: scheduled orders that count down to their start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.kitchen import is_later_day
from posapp.storage.kitchen_rows import Ticket
from posapp.ui import fonts
from posapp.ui.delegates.age import clock_text
from posapp.ui.icons import paint_icon
from posapp.ui.kitchen.facts import View, code_text, countdown_text, summary
from posapp.ui.kitchen.footbutton import FootButton
from posapp.ui.kitchen.railcard import RailCard
from posapp.ui.kitchen.sizes import TARGET
from posapp.ui.kitchen.textflow import flow, line_height, shortened
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.paintkit import draw_text, rounded, smooth

_PAD, _HEAD, _ROW, _ROW_PAD = 16, 46, 76, 10
_TIME, _ABOUT, _SMALL, _LINES, _MORE, _DRAG = 24, 17, 15, 3, 30, 40
_LEFT = Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One scheduled order in words."""

    pk: int
    time: str
    day: str  # of another day, else ""
    code: str
    about: str
    countdown: str
    startable: bool


def lane_rows(tickets: Sequence[Ticket], view: View) -> list[LaneRow]:
    """Return the rows of the lane."""
    return [_row(ticket, view) for ticket in tickets]


def _row(ticket: Ticket, view: View) -> LaneRow:
    day, _, time = clock_text(ticket.due_at, view.now, view.zone).rpartition(" ")
    return LaneRow(
        ticket.pk,
        time,
        day,
        code_text(ticket),
        summary(ticket, view),
        countdown_text(ticket, view),
        not is_later_day(ticket.due_at, view.now, view.zone),
    )


class ScheduledCard(RailCard):
    """Rows to choose from; the chosen one of today offers to start now."""

    start_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kitchenScheduled")
        self._rows: list[LaneRow] = []
        self._chosen: int | None = None
        self._first = 0
        self._pressed_at = self._dragged_at = -1
        self.start = FootButton(self)
        self.start.setObjectName("kitchenStartNowButton")
        self.start.dress_as(ButtonLook.PRIMARY, px=18)
        self.start.setText(self.tr("Start now"))
        self.start.clicked.connect(self._start)
        self.start.hide()
        self._name()

    @property
    def rows(self) -> list[LaneRow]:
        """Return what is shown."""
        return list(self._rows)

    @property
    def chosen(self) -> int | None:
        """Return the order that is chosen."""
        return self._chosen

    def show_rows(self, rows: list[LaneRow]) -> None:
        """Show other rows."""
        if rows == self._rows:
            return
        self._rows = rows
        if self._chosen not in {row.pk for row in rows}:
            self._chosen = None
        self._name()
        self._scroll_to(self._first)

    def choose(self, pk: int | None) -> None:
        """Choose a row, or none."""
        self._chosen = pk
        place = next((n for n, row in enumerate(self._rows) if row.pk == pk), -1)
        if place >= 0 and pk not in {row.pk for row, _ in self._placed()}:
            self._first = place
        self._scroll_to(self._first)

    def step(self) -> None:
        """Choose the next row, from the last one the first."""
        order = [row.pk for row in self._rows]
        if order:
            at = order.index(self._chosen) + 1 if self._chosen in order else 0
            self.choose(order[at % len(order)])

    def start_chosen(self) -> bool:
        """Start the chosen order; tell whether one was chosen that can be started."""
        row = next((row for row in self._rows if row.pk == self._chosen), None)
        if row is None or not row.startable:
            return False
        self._start()
        return True

    def restyle(self) -> None:
        """Lay out anew."""
        self.start.dress_as(ButtonLook.PRIMARY, px=24 if self._wall else 18)
        self._scroll_to(self._first)
        self.update()

    def _start(self) -> None:
        pk, self._chosen = self._chosen, None
        self._arrange()
        if pk is not None:
            self.start_wanted.emit(pk)

    def _name(self) -> None:
        spoken = "; ".join(
            " ".join(part for part in (row.code, row.day, row.time, row.about, row.countdown) if part)
            for row in self._rows[:50]
        )
        self.setAccessibleName(f"{self.tr('Scheduled')}, {len(self._rows)}: {spoken}".rstrip(": "))

    # -- places --------------------------------------------------------------------------------------------

    def _head(self) -> int:
        return self._px(_HEAD)

    def _height_of(self, row: LaneRow) -> int:
        open_here = row.pk == self._chosen and row.startable
        return self._words_height(row) + (self._px(TARGET) + 12 if open_here else 0)

    def _words_height(self, row: LaneRow) -> int:
        lines = len(self._about(row)) * line_height(self._px(_ABOUT)) + line_height(self._px(_SMALL))
        return max(self._px(_ROW), lines + 2 * _ROW_PAD)

    def _about(self, row: LaneRow) -> tuple[str, ...]:
        """Return what the order is about in up to three lines."""
        text = f"{row.code} · {row.about}" if row.day and row.about else row.about or row.code
        lines = flow(text, self._px(_ABOUT), fonts.SEMIBOLD, self.width() - self._second_column(row) - _PAD)
        return lines if len(lines) <= _LINES else (*lines[: _LINES - 1], f"{lines[_LINES - 1][:-1]}…")

    def _second_column(self, row: LaneRow) -> int:
        time = fonts.text_width("00:00", self._px(_TIME), fonts.BOLD)
        return _PAD + max(time, fonts.text_width(row.day, self._px(_SMALL), fonts.BOLD)) + 14

    def _placed(self) -> list[tuple[LaneRow, int]]:
        """Return the whole rows that have room, with their tops; the note of the others needs some too."""
        top, last = self._head(), self.height() - 6
        whole = sum(self._height_of(row) for row in self._rows[self._first :])
        if top + whole > last:
            last -= self._px(_MORE)
        found: list[tuple[LaneRow, int]] = []
        for row in self._rows[self._first :]:
            if top + self._height_of(row) > last:
                break
            found.append((row, top))
            top += self._height_of(row)
        return found

    def _scroll_to(self, first: int) -> None:
        self._first = max(0, min(first, len(self._rows) - 1))
        while self._first > 0:
            # Nothing is left free below while there are rows above.
            self._first -= 1
            if len(self._placed()) < len(self._rows) - self._first:
                self._first += 1
                break
        self._arrange()

    def _arrange(self) -> None:
        self._place_button()
        self.update()

    def _place_button(self) -> None:
        for row, top in self._placed():
            if row.pk == self._chosen and row.startable:
                self.start.setAccessibleName(f"{self.tr('Start now')} {row.code}")
                place = QRect(_PAD, top + self._words_height(row), self.width() - 2 * _PAD, self._px(TARGET))
                self.start.setGeometry(place)
                self.start.show()
                return
        self.start.hide()

    def _row_at(self, y: int) -> int | None:
        placed = self._placed()
        return next((row.pk for row, top in placed if top <= y < top + self._height_of(row)), None)

    # -- pointer -------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scroll_to(self._first + (1 if event.angleDelta().y() < 0 else -1))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = self._dragged_at = round(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        rows = (self._dragged_at - round(event.position().y())) // _DRAG
        if rows:
            self._scroll_to(self._first + rows)
            self._dragged_at -= rows * _DRAG

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = round(event.position().y())
        if abs(at - self._pressed_at) < TARGET // 4:
            pk = self._row_at(at)
            self.choose(None if pk == self._chosen else pk)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scroll_to(self._first)

    # -- painting ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.card, c.surface, c.border)
        head, icon = self._head(), self._px(20)
        look = theme.status["timing"]
        paint_icon(painter, QRect(_PAD, (head - icon) // 2 + 2, icon, icon), look.icon, look.solid)
        painter.setFont(fonts.font(self._px(18), fonts.BOLD))
        title = QRect(_PAD + icon + 10, 2, self.width(), head)
        draw_text(painter, title, self.tr("Scheduled"), _LEFT, c.text)
        count = QRect(0, 2, self.width() - _PAD, head)
        draw_text(painter, count, str(len(self._rows)), Qt.AlignmentFlag.AlignRight, c.text2)
        if not self._rows:
            painter.setFont(fonts.font(self._px(15)))
            rect = QRect(_PAD, head, self.width() - 2 * _PAD, self._px(40))
            draw_text(painter, rect, self.tr("No order waits for its time"), _LEFT, c.text3)
        placed = self._placed()
        for row, top in placed:
            self._paint_row(painter, theme, row, top)
        hidden = len(self._rows) - len(placed)
        if hidden:
            painter.setFont(fonts.font(self._px(_SMALL), fonts.SEMIBOLD))
            more = QRect(_PAD, self.height() - self._px(_MORE) - 4, self.width(), self._px(_MORE))
            draw_text(painter, more, self.tr("+%1 more").replace("%1", str(hidden)), _LEFT, c.text2)
        painter.end()

    def _paint_row(self, p: QPainter, theme: Theme, row: LaneRow, top: int) -> None:
        c, height = theme.palette, self._height_of(row)
        if row.pk == self._chosen:
            rounded(p, QRect(6, top + 2, self.width() - 12, height - 6), theme.radius.control, c.selected)
        left = self._second_column(row)
        wide = left - _PAD - 10
        time_line, line = line_height(self._px(_TIME)), line_height(self._px(_ABOUT))
        y = top + _ROW_PAD
        p.setFont(fonts.font(self._px(_TIME), fonts.BOLD))
        time = QRect(_PAD, y, wide, time_line)
        draw_text(p, time, row.time or "–", _LEFT, theme.status["timing"].text)
        p.setFont(fonts.font(self._px(_SMALL), fonts.BOLD if row.day else fonts.REGULAR))
        under = shortened(row.day or row.code, self._px(_SMALL), fonts.BOLD, wide)
        ink = c.warn_text if row.day else c.text2
        draw_text(p, QRect(_PAD, y + time_line, wide, time_line), under, _LEFT, ink)
        p.setFont(fonts.font(self._px(_ABOUT), fonts.SEMIBOLD))
        for text in self._about(row):
            draw_text(p, QRect(left, y, self.width(), line), text, _LEFT, c.text)
            y += line
        p.setFont(fonts.font(self._px(_SMALL)))
        room = self.width() - left - _PAD
        text = shortened(row.countdown, self._px(_SMALL), fonts.REGULAR, room)
        draw_text(p, QRect(left, y, room, line_height(self._px(_SMALL))), text, _LEFT, c.text2)
        p.fillRect(_PAD, top + height - 1, self.width() - 2 * _PAD, 1, c.border)
