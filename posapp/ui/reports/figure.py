"""The five figures: what it is, how much, and how it compares."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.report import change_percent
from posapp.domain.report_summary import Summary
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.reports.words import count_text, minutes_text, percent_text, sum_text, versus
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth
from posapp.ui.widgets.tooltip import set_plain_tooltip

translate = QCoreApplication.translate
_LEFT = Qt.AlignmentFlag.AlignLeft
_PAD, _BIG, _LEAST = 14, 24, 15
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Face:
    """What a figure shows; `way` is above zero for more, `good` None where more is neither good nor bad."""

    title: str
    icon: str
    value: str
    way: int = 0
    change: str = ""
    good: bool | None = None
    remark: str = ""

    @property
    def spoken(self) -> str:
        """Return all of it in one sentence."""
        word = {1: _say("up %1"), -1: _say("down %1")}.get(self.way, "%1").replace("%1", self.change)
        return ", ".join(part for part in (f"{self.title}: {self.value}", word, self.remark) if part)


class FigureCard(Painted):
    """One figure; the value shrinks rather than being cut."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.face = Face("", "", "")

    def show_face(self, face: Face) -> None:
        """Show a figure."""
        self.face = face
        self.setAccessibleName(face.spoken)
        set_plain_tooltip(self, face.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(150), theme.px(95))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped_texts(self) -> list[str]:
        """Return the value if it does not fit even when it is small."""
        small = fonts.text_width(self.face.value, self._value_px(), fonts.BOLD)
        return [self.face.value] if small > self._room() else []

    def _room(self) -> int:
        return self.width() - 2 * _PAD

    def _value_px(self) -> int:
        theme = current_theme()
        px = theme.px(_BIG)
        while px > _LEAST and fonts.text_width(self.face.value, px, fonts.BOLD) > self._room():
            px -= 1
        return px

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, face = current_theme(), self.face
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.card, c.surface, c.border)
        side = theme.px(18)
        top = QRect(_PAD, theme.px(10), self._room(), theme.px(22))
        if face.icon:
            paint_icon(painter, QRect(_PAD, top.center().y() - side // 2 + 1, side, side), face.icon, c.text2)
        painter.setFont(theme.font(13, fonts.MEDIUM))
        shift = side + 7
        name = painter.fontMetrics().elidedText(face.title, Qt.TextElideMode.ElideRight, self._room() - shift)
        draw_text(painter, top.adjusted(shift, 0, 0, 0), name, _LEFT, c.text2)
        painter.setFont(fonts.font(self._value_px(), fonts.BOLD))
        middle = QRect(_PAD, theme.px(33), self._room() + 2, theme.px(32))
        draw_text(painter, middle, face.value, _LEFT, c.text)
        left, line = _PAD, QRect(_PAD, theme.px(65), self._room(), theme.px(20))
        ink = c.text2 if face.good is None else c.ok_text if face.good else c.danger_text
        if face.way:
            side = theme.px(14)
            icon = "arrow-up-bold" if face.way > 0 else "arrow-down-bold"
            paint_icon(painter, QRect(left - 1, line.center().y() - side // 2 + 1, side, side), icon, ink)
            left += side + 4
        if face.change:
            painter.setFont(theme.font(13, fonts.BOLD))
            width = painter.fontMetrics().horizontalAdvance(face.change)
            draw_text(painter, QRect(left, line.y(), width + 1, line.height()), face.change, _LEFT, ink)
            left += width + 7
        painter.setFont(theme.font(12))
        room = line.right() - left
        remark = painter.fontMetrics().elidedText(face.remark, Qt.TextElideMode.ElideRight, room)
        draw_text(painter, QRect(left, line.y(), room + 1, line.height()), remark, _LEFT, c.text2)
        painter.end()


def faces(summary: Summary) -> dict[str, Face]:
    """Return the five figures of a report."""
    now, before, code = summary.now, summary.before, summary.currency
    average = sum_text(now.average, code, whole=True) if now.average is not None else _NONE
    return {
        "sales": _compared(
            _say("Sales"),
            "money-fill",
            sum_text(now.sales, code, whole=True),
            now.sales,
            before.sales,
            summary,
        ),
        "orders": _compared(
            _say("Orders"), "receipt-fill", count_text(now.orders), now.orders, before.orders, summary
        ),
        "average": _compared(
            _say("Average order"), "shopping-cart-simple-fill", average, now.average, before.average, summary
        ),
        "prep": _prep(summary),
        "late": _late(summary),
    }


def _compared(
    title: str,
    icon: str,
    value: str,
    now: Decimal | int | None,
    before: Decimal | int | None,
    summary: Summary,
) -> Face:
    words = versus(summary.span)
    percent = change_percent(now, before) if now is not None and before is not None else None
    if percent is None:
        return Face(title, icon, value, remark=_say("nothing before"))
    if not percent:
        return Face(title, icon, value, change=_say("same"), remark=words)
    way = 1 if percent > 0 else -1
    return Face(title, icon, value, way, percent_text(abs(percent)), way > 0, words)


def _prep(summary: Summary) -> Face:
    title, now, before = _say("Prep time, median"), summary.now.prep_median, summary.before.prep_median
    goal = _say("target %1").replace("%1", minutes_text(60 * summary.targets.delivery_min))
    if now is None:
        return Face(title, "timer-fill", _NONE, remark=goal)
    if before is None or now == before:
        return Face(title, "timer-fill", minutes_text(now), remark=goal)
    way = 1 if now > before else -1
    return Face(title, "timer-fill", minutes_text(now), way, minutes_text(abs(now - before)), way < 0, goal)


def _late(summary: Summary) -> Face:
    title, now, before = _say("Late orders"), summary.now.late, summary.before.late
    share = summary.late_share
    told = _say("%1 of orders").replace("%1", percent_text(share)) if share is not None else ""
    if now == before or not summary.before.orders:
        return Face(title, "warning-octagon-fill", count_text(now), remark=told)
    way = 1 if now > before else -1
    return Face(
        title, "warning-octagon-fill", count_text(now), way, count_text(abs(now - before)), way < 0, told
    )


def _say(text: str) -> str:
    return translate("reports", text)
