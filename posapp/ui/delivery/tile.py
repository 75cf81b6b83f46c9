"""An order that waits to be handed over: a box to tick, who and where, how long, and the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.domain.timing import Age
from posapp.storage.dispatch import DispatchRow
from posapp.ui import fonts
from posapp.ui.delegates.rowtext import code_text, who
from posapp.ui.delivery.words import (
    MoneyLine,
    Timer,
    money_line,
    place_text,
    spoken_row,
    stand_text,
    timer_of,
)
from posapp.ui.icons import paint_icon
from posapp.ui.kitchen.textflow import flow
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.buttons import ButtonLook, secondary_button
from posapp.ui.widgets.chip import (
    ChipFace,
    ChipTone,
    chip_height,
    chip_width,
    look_dress,
    paint_chip,
    tone_dress,
)
from posapp.ui.widgets.paintkit import rounded, smooth
from posapp.ui.widgets.tooltip import set_plain_tooltip

HEIGHT = 84
_BOX, _LEFT, _EDGE, _GAP, _BAND = 24, 50, 14, 12, 6
_LINE, _MOST_LINES = 18, 4
_TIMER_ICONS = {Age.OK: "timer-fill", Age.WARN: "warning-fill", Age.LATE: "warning-octagon-fill"}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the tile says at this moment."""

    code: str
    name: str
    place: str
    money: MoneyLine
    timer: Timer


class OrderTile(QAbstractButton):
    """A tile; a click or Space ticks it, its own button (if it has one) acts on this order alone.

    `chosen` tells that a person ticked or unticked it, `acted` that its button was pressed.
    """

    chosen = Signal(int, bool)
    acted = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCheckable(True)
        self.row: DispatchRow | None = None
        self._words: _Words | None = None
        self._by_keyboard = False
        self.act = secondary_button("", height=40)
        self.act.setParent(self)
        self.act.hide()
        self.act.clicked.connect(self._acted)
        self.clicked.connect(self._ticked)

    def show_row(self, row: DispatchRow, now: datetime, zone: ZoneInfo, *, act: str = "") -> None:
        """Show an order; with `act` it has a button of that word instead of the box."""
        same = row == self.row and act == self.act.label
        self.row = row
        words = _Words(
            code_text(row.order), who(row.order), place_text(row), money_line(row), timer_of(row, now, zone)
        )
        if same and words == self._words:
            return
        self._words = words
        self.setCheckable(not act)
        self.act.setText(act)
        self.act.setAccessibleName(f"{act} {row.order.code}")
        self.act.set_look(ButtonLook.DANGER_FILL if row.stopped else ButtonLook.SECONDARY)
        self.act.setVisible(bool(act))
        self.setAccessibleName(spoken_row(row, now, zone))
        set_plain_tooltip(self, f"{words.name}\n{words.place}")
        self._place_act()
        self.updateGeometry()
        self.update()

    def tick_on(self, now: datetime, zone: ZoneInfo) -> None:
        """Let the time run on."""
        if self.row is not None:
            self.show_row(self.row, now, zone, act=self.act.label)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(438), self._height(theme))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height(current_theme()))

    def _height(self, theme: Theme) -> int:
        return theme.px(HEIGHT) + (len(self._place_lines(theme)) - 1) * theme.px(_LINE)

    def _place_lines(self, theme: Theme) -> tuple[str, ...]:
        """Return the address: on one line, but wrapped where the button takes the room for it."""
        words, px = self._words, theme.px(13)
        if words is None:
            return ("",)
        right = self._right(theme)
        if not self.act.label:
            return (_elided(words.place, px, fonts.REGULAR, right - theme.px(_LEFT)),)
        room = right - self._chip_width(theme) - _GAP - theme.px(_LEFT)
        lines = flow(words.place, px, fonts.REGULAR, room) or ("",)
        if len(lines) <= _MOST_LINES:
            return lines
        return (*lines[: _MOST_LINES - 1], _elided(f"{lines[_MOST_LINES - 1]}…", px, fonts.REGULAR, room))

    def clipped_texts(self) -> list[str]:
        """Return what does not fit: codes, times and money are never shortened."""
        words, theme = self._words, current_theme()
        if words is None:
            return []
        room = self._right(theme) - theme.px(_LEFT)
        first = fonts.text_width(words.code, theme.px(15), fonts.BOLD) + self._chip_width(theme) + 24
        last = self._timer_width(theme, words) + self._money_width(theme, words) + _GAP
        return [text for text, width in ((words.code, first), (words.money.text, last)) if width > room]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.isCheckable():
            if not event.isAutoRepeat():
                self.click()
        else:
            # The screen knows what it means; a button of Qt would press itself or look for a neighbour.
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.row is not None:
            self.menu_wanted.emit(self.row.order.pk, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._place_act()
            self.updateGeometry()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_act()
        if self.height() != self._height(current_theme()):
            self.updateGeometry()

    def _place_act(self) -> None:
        size = self.act.sizeHint()
        self.act.setGeometry(
            self.width() - size.width() - _EDGE,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def _acted(self) -> None:
        if self.row is not None:
            self.acted.emit(self.row.order.pk)

    def _ticked(self) -> None:
        if self.row is not None and self.isCheckable():
            self.chosen.emit(self.row.order.pk, self.isChecked())

    def _right(self, theme: Theme) -> int:
        del theme
        taken = self.act.sizeHint().width() + _GAP if self.act.label else 0
        return self.width() - _EDGE - taken

    def _chip_width(self, theme: Theme) -> int:
        return chip_width(theme, stand_text(self.row)) if self.row is not None else 0

    def _timer_width(self, theme: Theme, words: _Words) -> int:
        age = fonts.text_width(words.timer.age, theme.px(13), fonts.SEMIBOLD)
        due = fonts.text_width(f" · {words.timer.due}", theme.px(13)) if words.timer.due else 0
        return theme.px(15) + 4 + age + due

    def _money_width(self, theme: Theme, words: _Words) -> int:
        return fonts.text_width(words.money.text, theme.px(12), fonts.MEDIUM)

    # ------------------------------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.row is None or self._words is None:
            return
        theme = current_theme()
        p = smooth(self)
        self._paint_ground(p, theme, self._words.timer.level)
        left = theme.px(_LEFT)
        middle = self.height() // 2
        if self.isCheckable():
            self._paint_box(p, theme, QRect(_EDGE, middle - _BOX // 2, _BOX, _BOX))
        else:
            icon = "storefront-fill" if self.row.order.kind == "pickup" else "moped-fill"
            paint_icon(p, QRect(_EDGE, middle - _BOX // 2, _BOX, _BOX), icon, theme.palette.text3)
        self._paint_first(p, theme, left, self._words)
        self._paint_rest(p, theme, left, self._words)
        p.end()

    def _paint_ground(self, painter: QPainter, theme: Theme, level: Age) -> None:
        c, box = theme.palette, self.rect()
        fill = c.selected if self.isChecked() else c.hover if self.underMouse() else c.surface
        rounded(painter, box, theme.radius.card, fill)
        if level is not Age.OK:
            shape = QPainterPath()
            shape.addRoundedRect(box.x(), box.y(), box.width(), box.height(), theme.radius.card, 12)
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(0, 0, _BAND, box.height(), c.danger if level is Age.LATE else c.warn)
            painter.restore()
        edge = c.accent if self.isChecked() else c.border
        rounded(painter, box, theme.radius.card, None, edge, 2 if self.isChecked() else 1)
        if self.hasFocus() and self._by_keyboard:
            rounded(painter, box.adjusted(3, 3, -3, -3), theme.radius.card - 3, None, c.focus, 2)

    def _paint_box(self, p: QPainter, theme: Theme, box: QRect) -> None:
        c = theme.palette
        if self.isChecked():
            rounded(p, box, 6, c.accent)
            paint_icon(p, box.adjusted(4, 4, -4, -4), "check-bold", c.on_accent)
        else:
            rounded(p, box, 6, c.surface, c.border_strong, 2)

    def _chip_box(self, theme: Theme) -> QRect:
        """Return where the chip stands: behind the name, or below it where the button takes the room."""
        width = self._chip_width(theme)
        top = theme.px(32) if self.act.label else theme.px(10)
        return QRect(self._right(theme) - width, top, width, chip_height(theme))

    def _paint_first(self, p: QPainter, theme: Theme, left: int, words: _Words) -> None:
        chip, base, px = self._chip_box(theme), theme.px(27), theme.px(15)
        paint_chip(p, chip, theme, self._face(theme))
        _text(p, left, base, words.code, px, fonts.BOLD, theme.palette.text)
        x = left + fonts.text_width(words.code, px, fonts.BOLD) + 9
        edge = self._right(theme) if self.act.label else chip.x() - _GAP
        name = _elided(words.name, px, fonts.MEDIUM, edge - x)
        _text(p, x, base, name, px, fonts.MEDIUM, theme.palette.text)

    def _face(self, theme: Theme) -> ChipFace:
        if self.row is not None and self.row.stopped:
            return ChipFace(stand_text(self.row), "prohibit-fill", tone_dress(theme, ChipTone.DANGER))
        ready = self.row is not None and self.row.ready_at is not None
        if ready and self.row is not None:
            return ChipFace(stand_text(self.row), "check-fat-fill", tone_dress(theme, ChipTone.OK))
        look = theme.status["cooking"]
        word = stand_text(self.row) if self.row is not None else ""
        return ChipFace(word, look.icon, look_dress(look))

    def _paint_rest(self, p: QPainter, theme: Theme, left: int, words: _Words) -> None:
        c, right = theme.palette, self._right(theme)
        base = theme.px(50)
        for line in self._place_lines(theme):
            _text(p, left, base, line, theme.px(13), fonts.REGULAR, c.text2)
            base += theme.px(_LINE)
        base += theme.px(71 - 50 - _LINE)
        ink, solid = _inks(theme, words.timer.level)
        size = theme.px(15)
        paint_icon(p, QRect(left, base - theme.px(12), size, size), _TIMER_ICONS[words.timer.level], solid)
        x = left + size + 4
        _text(p, x, base, words.timer.age, theme.px(13), fonts.SEMIBOLD, ink)
        x += fonts.text_width(words.timer.age, theme.px(13), fonts.SEMIBOLD)
        if words.timer.due:
            _text(p, x, base, f" · {words.timer.due}", theme.px(13), fonts.REGULAR, c.text2)
        money = right - self._money_width(theme, words)
        _text(p, money, base, words.money.text, theme.px(12), fonts.MEDIUM, c.by_name(words.money.tone))


def _inks(theme: Theme, level: Age) -> tuple[QColor, QColor]:
    c = theme.palette
    match level:
        case Age.LATE:
            return c.danger_text, c.danger
        case Age.WARN:
            return c.warn_text, c.warn
        case Age.OK:
            return c.text2, c.text3


def _elided(text: str, px: int, weight: int, width: int) -> str:
    line = " ".join(text.split())
    return fonts.metrics(px, weight).elidedText(line, Qt.TextElideMode.ElideRight, max(0, width))


def _text(p: QPainter, x: int, base: int, text: str, px: int, weight: int, ink: QColor) -> None:
    p.setFont(fonts.font(px, weight))
    p.setPen(ink)
    p.drawText(x, base, text)
