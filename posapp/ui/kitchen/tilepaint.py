"""Paints the face of a tile: everything on it but the running time, the buttons and the ring."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from posapp.domain.kitchen import Mark
from posapp.domain.timing import Age
from posapp.storage.kitchen_rows import Ticket
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.kitchen.facts import code_text, timer_text, who_text
from posapp.ui.kitchen.sizes import Measures
from posapp.ui.kitchen.textflow import line_height, shortened
from posapp.ui.kitchen.tilelayout import NOTE_PAD, Note, Row, TileLayout, first_line_top, title_left
from posapp.ui.theme import BandLook, Theme
from posapp.ui.widgets.paintkit import rounded, with_alpha
from posapp.ui.words import source_icon

translate = QCoreApplication.translate
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TIMERS = {Age.OK: "timer-fill", Age.WARN: "warning-fill", Age.LATE: "warning-octagon-fill"}
_TINTS = {Mark.ADDED: "ok_tint", Mark.REMOVED: "danger_tint", Mark.CHANGED: "warn_tint"}
BORDER = 2
_LEAST_CODE = 16


@dataclass(frozen=True, slots=True)
class Face:
    """What the face of a tile depends on; two equal ones look the same."""

    ticket: Ticket
    level: Age
    due: str
    layout: TileLayout
    measures: Measures
    section: str
    time_width: int
    scroll: int
    theme: str


def band_look(theme: Theme, level: Age) -> BandLook:
    """Return the colours of a band."""
    return theme.kitchen[level.value]


def time_width(m: Measures, seconds: int) -> int:
    """Return the width of the running time."""
    return fonts.text_width(timer_text(seconds), m.code, fonts.BOLD) + 4


def timer_rect(m: Measures, width: int) -> QRect:
    """Return where the running time stands."""
    top, height = _first_line(m)
    return QRect(m.tile.width() - m.pad - width, top, width, height)


def _first_line(m: Measures) -> tuple[int, int]:
    first, second = line_height(m.code), line_height(m.line)
    return (m.band - first - second) // 2 + 1, first


def render(face: Face, theme: Theme, ratio: float) -> QPixmap:
    """Paint a face; the running time is left out."""
    m, layout = face.measures, face.layout
    width, height = m.tile.width(), layout.height
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    c = theme.palette
    look = band_look(theme, face.level)
    box = QRect(0, 0, width, height)
    calm = face.level is Age.OK
    rounded(painter, box, theme.radius.card, c.surface, c.border if calm else look.bg, BORDER)
    _paint_band(painter, face, theme, look)
    painter.save()
    painter.setClipRect(layout.body)
    painter.translate(0, layout.body.y() - face.scroll)
    for row in layout.rows:
        _paint_row(painter, face, theme, row)
    if layout.note is not None:
        _paint_note(painter, face, theme, layout.note)
    painter.restore()
    _paint_scroll(painter, face, theme)
    painter.end()
    return pixmap


def _paint_band(p: QPainter, face: Face, theme: Theme, look: BandLook) -> None:
    m, ticket = face.measures, face.ticket
    width = m.tile.width()
    # Round above, straight below: the lower corners lie where the next rectangle covers them.
    rounded(p, QRect(0, 0, width, m.band), theme.radius.card, look.bg)
    p.fillRect(0, m.band - theme.radius.card, width, theme.radius.card, look.bg)
    top, height = _first_line(m)
    icon = round(m.code * 0.68)
    at = timer_rect(m, face.time_width).x() - icon - 6
    code, px = _fitting(code_text(ticket), m.code, at - m.pad - 8)
    code_width = fonts.text_width(code, px, fonts.BOLD)
    p.setFont(fonts.font(px, fonts.BOLD))
    p.setPen(look.fg)
    p.drawText(QRect(m.pad, top, code_width + 2, height), int(_LEFT), code)
    name = "prohibit-fill" if ticket.halted else _TIMERS[face.level]
    paint_icon(p, QRect(at, top + (height - icon) // 2, icon, icon), name, look.fg)
    left = m.pad + code_width + 8
    small = round(m.code * 0.62)
    if left + small + 8 <= at:
        box = QRect(left, top + (height - small) // 2, small, small)
        paint_icon(p, box, f"{source_icon(ticket.source)}-fill", look.fg2)
    _paint_second_line(p, face, look, top + height)


def _fitting(code: str, px: int, room: int) -> tuple[str, int]:
    """Return a code at the size in which it fits: some shops have long ones."""
    while fonts.text_width(code, px, fonts.BOLD) > room and px > _LEAST_CODE:
        px -= 2
    return shortened(code, px, fonts.BOLD, room), px


def _paint_second_line(p: QPainter, face: Face, look: BandLook, top: int) -> None:
    m, ticket = face.measures, face.ticket
    width, height = m.tile.width(), line_height(m.line)
    weight = fonts.BOLD if ticket.halted else fonts.REGULAR
    p.setFont(fonts.font(m.line, weight))
    p.setPen(look.fg2)
    due = "" if ticket.halted else face.due
    due_width = fonts.text_width(due, m.line, weight) + 2 if due else 0
    p.drawText(QRect(width - m.pad - due_width, top, due_width, height), int(_RIGHT), due)
    room = width - 2 * m.pad - due_width - (8 if due else 0)
    if ticket.halted:
        text = translate("kitchen", "CANCELLED · stop · %1").replace("%1", who_text(ticket))
    else:
        text = who_text(ticket)
    text = shortened(text, m.line, weight, room)
    p.drawText(QRect(m.pad, top, room, height), int(_LEFT), text)


def _paint_row(p: QPainter, face: Face, theme: Theme, row: Row) -> None:
    m, c = face.measures, theme.palette
    done = row.item.done(face.section)
    gone = row.item.removed or face.ticket.halted
    tint = _TINTS.get(row.item.marked.mark)
    if tint:
        box = QRect(m.pad // 2, row.top + 2, m.tile.width() - m.pad, row.height - 4)
        rounded(p, box, theme.radius.control, c.by_name(tint))
    _paint_box(p, face, theme, row, done=done, gone=gone)
    left, y = title_left(m), row.top + first_line_top(m)
    quiet = done or gone
    ink = c.danger_text if gone else c.text3 if done else c.text
    p.setPen(ink)
    p.setFont(fonts.font(m.item, fonts.SEMIBOLD))
    lh = line_height(m.item)
    for line in row.title:
        _line(p, left, y, lh, line, struck=quiet, px=m.item)
        y += lh
    _paint_extras(p, face, theme, row, y, quiet=quiet)


def _line(p: QPainter, left: int, top: int, height: int, text: str, *, struck: bool, px: int) -> None:
    width = fonts.text_width(text, px, fonts.SEMIBOLD)
    p.drawText(QRect(left, top, width + 4, height), int(_LEFT), text)
    if struck:
        p.fillRect(left, top + height // 2 + 1, width, max(2, px // 14), p.pen().color())


def _paint_extras(p: QPainter, face: Face, theme: Theme, row: Row, y: int, *, quiet: bool) -> None:
    m, c = face.measures, theme.palette
    left, lh = title_left(m), line_height(m.extra)
    for extra in row.extras:
        mark = extra is row.extras[0] and row.item.marked.mark is not Mark.NONE
        plain = extra.tone == "text2"
        ink = c.text3 if quiet and not mark else c.by_name("text2" if plain else f"{extra.tone}_text")
        at = left
        if extra.icon:
            size = m.extra
            if extra.icon.strip():
                solid = ink if quiet and not mark else c.by_name(extra.tone)
                paint_icon(p, QRect(at, y + (lh - size) // 2, size, size), extra.icon, solid)
            at += size + 6
        p.setPen(ink)
        p.setFont(fonts.font(m.extra, fonts.MEDIUM if plain else fonts.SEMIBOLD))
        p.drawText(QRect(at, y, m.tile.width() - at - 2, lh), int(_LEFT), extra.text)
        y += lh


def _paint_box(p: QPainter, face: Face, theme: Theme, row: Row, *, done: bool, gone: bool) -> None:
    m, c = face.measures, theme.palette
    box = QRect(m.pad, row.top + (m.target - m.box) // 2, m.box, m.box)
    if gone:
        rounded(p, box, theme.radius.control, None, c.danger, BORDER)
        paint_icon(p, box.adjusted(8, 8, -8, -8), "x-bold", c.danger_text)
    elif done:
        rounded(p, box, theme.radius.control, c.ok)
        paint_icon(p, box.adjusted(9, 9, -9, -9), "check-bold", c.on_accent)
    else:
        rounded(p, box, theme.radius.control, c.sunken, c.border_strong, BORDER)
        count = str(row.item.item.quantity)
        px = m.item if len(count) < 3 else round(m.item * 0.7)
        p.setFont(fonts.font(px, fonts.BOLD))
        p.setPen(c.text)
        p.drawText(box, int(Qt.AlignmentFlag.AlignCenter), count)


def _paint_note(p: QPainter, face: Face, theme: Theme, note: Note) -> None:
    m, c = face.measures, theme.palette
    box = QRect(m.pad, note.top, m.tile.width() - 2 * m.pad, note.height)
    changed = face.ticket.comment_changed
    rounded(p, box, theme.radius.chip, c.warn_tint, c.warn if changed else None, BORDER)
    lh = line_height(m.note)
    y = note.top + (note.height - lh * len(note.lines)) // 2
    icon = QRect(m.pad + NOTE_PAD, y + (lh - m.note) // 2, m.note, m.note)
    paint_icon(p, icon, note.icon, c.warn)
    p.setFont(fonts.font(m.note, fonts.SEMIBOLD))
    p.setPen(c.warn_text)
    left = icon.right() + 1 + NOTE_PAD
    for line in note.lines:
        p.drawText(QRect(left, y, box.right() - left, lh), int(_LEFT), line)
        y += lh


def _paint_scroll(p: QPainter, face: Face, theme: Theme) -> None:
    layout = face.layout
    body = layout.body
    if layout.content <= body.height():
        return
    size = max(40, body.height() * body.height() // layout.content)
    way = layout.content - body.height()
    top = body.y() + (body.height() - size) * face.scroll // way
    rounded(p, QRect(body.right() - 7, top, 5, size), 2, with_alpha(theme.palette.text3, 0.9))


def paint_gap(p: QPainter, rect: QRect, code: str, theme: Theme) -> None:
    """Paint the place that an order has left."""
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(QPen(theme.palette.border, BORDER, Qt.PenStyle.DashLine))
    p.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.radius.card, theme.radius.card)
    p.setPen(theme.palette.text3)
    p.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), code)


def paint_time(p: QPainter, m: Measures, theme: Theme, level: Age, seconds: int) -> None:
    """Paint the running time over its place in the band."""
    p.setFont(fonts.font(m.code, fonts.BOLD))
    p.setPen(_fg(theme, level))
    p.drawText(timer_rect(m, time_width(m, seconds)), int(_RIGHT), timer_text(seconds))


def _fg(theme: Theme, level: Age) -> QColor:
    return band_look(theme, level).fg
