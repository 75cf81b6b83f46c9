"""One order on the board: a face that is painted once per change, the running time, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.timing import Age
from posapp.storage.kitchen_rows import Ticket, TicketItem
from posapp.ui.kitchen.facts import (
    NextStep,
    View,
    all_made,
    code_text,
    due_text,
    level_of,
    next_of,
    next_words,
    seconds_of,
    spoken,
)
from posapp.ui.kitchen.footbutton import FootButton
from posapp.ui.kitchen.sizes import Measures
from posapp.ui.kitchen.tilelayout import TileLayout, lay_out
from posapp.ui.kitchen.tilepaint import Face, paint_time, render, time_width, timer_rect
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.paintkit import rounded

translate = QCoreApplication.translate
_ICONS = {
    NextStep.START: "fire-fill",
    NextStep.READY: "check-fat-fill",
    NextStep.SEE: "note-pencil-fill",
    NextStep.TAKE_OFF: "prohibit-fill",
    NextStep.WAIT: "prohibit-fill",
}
_RING = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tile stands and how it is to look."""

    number: int  # its key, 0 beyond the keys
    selected: bool
    expanded: bool
    highest: int  # an expanded tile may grow up to this


class Tile(QWidget):
    """Shows one ticket. `ticked`, `stepped`, `picked` and `unfolded` tell what a person touched."""

    ticked = Signal(int, object)  # the order, TicketItem
    stepped = Signal(int)
    picked = Signal(int)
    unfolded = Signal(int)

    def __init__(self, parent: QWidget, heard: Callable[[], None]) -> None:
        super().__init__(parent)
        self.paints = 0  # how often the face was painted anew
        self._heard = heard
        self._ticket: Ticket | None = None
        self._face: Face | None = None
        self._pixmap: QPixmap | None = None
        self._place = Place(0, selected=False, expanded=False, highest=0)
        self._level, self._seconds, self._scroll = Age.OK, 0, 0
        self._layout: TileLayout | None = None
        self._measures: Measures | None = None
        self._row = -1
        self.step = FootButton(self)
        self.step.setObjectName("kitchenStepButton")
        self.more = FootButton(self)
        self.more.setObjectName("kitchenMoreButton")
        self.step.clicked.connect(self._step)
        self.more.clicked.connect(self._unfold)
        self.hide()

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def ticket(self) -> Ticket | None:
        """Return the ticket that is shown."""
        return self._ticket

    @property
    def layout_now(self) -> TileLayout | None:
        """Return where everything stands."""
        return self._layout

    @property
    def level(self) -> Age:
        """Return how late the order is shown to be."""
        return self._level

    def show_ticket(self, ticket: Ticket, view: View, m: Measures, place: Place) -> None:
        """Show a ticket; nothing is painted anew that looks as before."""
        if self._ticket is None or ticket.pk != self._ticket.pk or not place.expanded:
            self._scroll = 0
        if self._ticket is None or ticket.pk != self._ticket.pk or place.selected != self._place.selected:
            self._row = -1
        self._ticket, self._place, self._measures = ticket, place, m
        self._layout = lay_out(ticket, view, m, expanded=place.expanded, highest=place.highest)
        before, self._seconds = self._seconds, seconds_of(ticket, view)
        self._level = level_of(ticket, view)
        self.resize(m.tile.width(), self._layout.height)
        self._show_buttons(ticket, view, m)
        if not self._show_face(ticket, view, m) and self._seconds != before:
            self.update(timer_rect(m, time_width(m, self._seconds)))

    def tick(self, view: View) -> None:
        """Let the time run: the time alone is painted, unless the band changes its colour."""
        ticket, m = self._ticket, self._measures
        if ticket is None or m is None:
            return
        seconds, level = seconds_of(ticket, view), level_of(ticket, view)
        if seconds == self._seconds and level is self._level:
            return
        self._seconds, self._level = seconds, level
        if not self._show_face(ticket, view, m):
            self.update(timer_rect(m, time_width(m, seconds)))

    def _show_face(self, ticket: Ticket, view: View, m: Measures) -> bool:
        """Take over what the face shows; tell whether it differs."""
        assert self._layout is not None  # noqa: S101 - made just before
        face = Face(
            ticket,
            self._level,
            due_text(ticket, view),
            self._layout,
            m,
            view.section.name,
            time_width(m, self._seconds),
            self._scroll,
            current_theme().name,
        )
        if face == self._face:
            return False
        self._face, self._pixmap = face, None
        name = spoken(ticket, view)
        if name != self.accessibleName():
            self.setAccessibleName(name)
        self.update()
        return True

    def _show_buttons(self, ticket: Ticket, view: View, m: Measures) -> None:
        assert self._layout is not None  # noqa: S101 - made just before
        step, code = next_of(ticket), code_text(ticket)
        looks = {
            NextStep.START: ButtonLook.PRIMARY,
            NextStep.READY: ButtonLook.OK if all_made(ticket, view) else ButtonLook.SECONDARY,
            NextStep.TAKE_OFF: ButtonLook.DANGER_FILL,
        }
        self.step.setEnabled(step is not NextStep.WAIT)
        self.step.dress_as(looks.get(step, ButtonLook.SECONDARY), amber=step is NextStep.SEE, px=m.button)
        self._put(self.step, next_words(step), _ICONS[step])
        key = translate("kitchen", "Enter") if self._place.selected else str(self._place.number or "")
        if key != self.step.key:
            self.step.set_key(key)
        self.step.setAccessibleName(f"{next_words(step)} {code}")
        foldable = self._layout.more or self._place.expanded
        self.more.dress_as(ButtonLook.SECONDARY, px=m.button - 2)
        self._put(self.more, self._more_words(), "")
        self.more.setAccessibleName(f"{self._more_words()} {code}")
        self.more.setVisible(foldable)
        self._place_buttons(m, foldable=foldable)

    def _more_words(self) -> str:
        assert self._layout is not None  # noqa: S101 - made just before
        if self._place.expanded:
            return translate("kitchen", "Less")
        if not self._layout.hidden:
            return translate("kitchen", "More")
        return translate("kitchen", "+%1 more").replace("%1", str(self._layout.hidden))

    @staticmethod
    def _put(button: Button, text: str, icon: str) -> None:
        if (text, icon) != (button.label, button.icon_name):
            button.setText(text)
            button.set_icon_name(icon)

    def _place_buttons(self, m: Measures, *, foldable: bool) -> None:
        top = self.height() - m.pad - m.target
        left, right = m.pad, self.width() - m.pad
        if foldable:
            width = max(m.target, self.more.sizeHint().width() - 12)
            self.more.setGeometry(left, top, width, m.target)
            left += width + 8
        wide = right - left
        # The picture goes before the words do.
        if self.step.sizeHint().width() - 16 > wide:
            self.step.set_key("")
        if self.step.sizeHint().width() - 16 > wide:
            self.step.set_icon_name("")
        self.step.setGeometry(left, top, wide, m.target)

    # -- what a person does --------------------------------------------------------------------------------

    def tap(self, at: QPoint) -> None:
        """Do what a touch at this place means."""
        for button in (self.step, self.more):
            if button.isVisible() and button.geometry().contains(at):
                button.click()
                return
        ticket, layout = self._ticket, self._layout
        if ticket is None or layout is None:
            return
        item = self.item_at(at)
        if item is not None and not item.removed and not ticket.halted:
            self.ticked.emit(ticket.pk, item)
        elif layout.note is not None and layout.note.cut and self.note_rect().contains(at):
            self.unfolded.emit(ticket.pk)
        else:
            self.picked.emit(ticket.pk)

    def item_at(self, at: QPoint) -> TicketItem | None:
        """Return the item whose row is at this place."""
        layout = self._layout
        if layout is None or not layout.body.contains(at):
            return None
        y = at.y() - layout.body.y() + self._scroll
        return next((row.item for row in layout.rows if row.top <= y < row.top + row.height), None)

    def item_rect(self, number: int) -> QRect:
        """Return where the row of an item stands; empty if it is not shown."""
        layout = self._layout
        if layout is None or not 0 <= number < len(layout.rows):
            return QRect()
        row = layout.rows[number]
        top = layout.body.y() + row.top - self._scroll
        return QRect(layout.body.x(), top, layout.body.width(), row.height) & layout.body

    def note_rect(self) -> QRect:
        """Return where the comment stands."""
        layout = self._layout
        if layout is None or layout.note is None:
            return QRect()
        top = layout.body.y() + layout.note.top - self._scroll
        return QRect(layout.body.x(), top, layout.body.width(), layout.note.height)

    def move_row(self, by: int) -> None:
        """Go to another item with the keys."""
        if self._layout is not None and self._layout.rows:
            last = len(self._layout.rows) - 1
            self._row = max(0, min(last, self._row + by)) if self._row >= 0 else (0 if by > 0 else last)
            self.update()

    def row_item(self) -> TicketItem | None:
        """Return the item that the keys chose."""
        layout = self._layout
        return (
            layout.rows[self._row].item if layout is not None and 0 <= self._row < len(layout.rows) else None
        )

    def can_scroll(self) -> bool:
        """Tell whether the body holds more than it shows."""
        return self._layout is not None and self._layout.content > self._layout.body.height()

    def scroll_by(self, pixels: int) -> None:
        """Move through the body of an expanded tile."""
        layout, face = self._layout, self._face
        if layout is None or face is None:
            return
        last = max(0, layout.content - layout.body.height())
        scroll = max(0, min(last, self._scroll + pixels))
        if scroll != self._scroll:
            self._scroll = scroll
            self._face = Face(
                face.ticket, face.level, face.due, face.layout, face.measures, face.section,
                face.time_width, scroll, face.theme,
            )  # fmt: skip
            self._pixmap = None
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._heard()
        if self.can_scroll():
            self.scroll_by(-event.angleDelta().y() // 2)
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The board decides between a tap and a drag.
        event.ignore()

    def _step(self) -> None:
        self._heard()
        if self._ticket is not None:
            self.stepped.emit(self._ticket.pk)

    def _unfold(self) -> None:
        self._heard()
        if self._ticket is not None:
            self.unfolded.emit(self._ticket.pk)

    def clipped_texts(self) -> list[str]:
        """Return what a person could not read, even by unfolding the tile."""
        layout, m = self._layout, self._measures
        if layout is None or m is None:
            return []
        return [
            line for row in layout.rows if row.top + row.height > layout.content + 1 for line in row.title
        ]

    # -- painting ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._face is None or self._measures is None:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture())
        timer = timer_rect(self._measures, self._face.time_width)
        if event.region().intersects(timer):
            paint_time(painter, self._measures, theme, self._level, self._seconds)
        if self._place.selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rounded(painter, self.rect(), theme.radius.card, None, theme.palette.focus, _RING)
            self._paint_chosen(painter, theme.palette.focus)
        painter.end()

    def _paint_chosen(self, painter: QPainter, colour: QColor) -> None:
        box = self.item_rect(self._row).adjusted(4, 3, -4, -3)
        if self._row >= 0 and box.isValid():
            rounded(painter, box, current_theme().radius.control, None, colour, 2)

    def _picture(self) -> QPixmap:
        if self._pixmap is None:
            assert self._face is not None  # noqa: S101 - asked just before
            self.paints += 1
            self._pixmap = render(self._face, current_theme(), self.devicePixelRatioF())
        return self._pixmap

    def prepare(self) -> bool:
        """Paint the face before it comes into sight; tell whether that was to do."""
        if self._pixmap is not None or self._face is None or not self.visibleRegion().isEmpty():
            return False
        self._picture()
        return True

    def forget_picture(self) -> None:
        """Let the picture go that nobody sees, to save memory."""
        self._pixmap = None
