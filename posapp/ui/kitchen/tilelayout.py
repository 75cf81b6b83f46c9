"""Where everything stands on a tile: rows of items, the comment, and what has no room."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect

from posapp.domain.kitchen import Mark, is_allergy, is_without
from posapp.storage.kitchen_rows import Ticket, TicketItem
from posapp.ui.fonts import MEDIUM, SEMIBOLD
from posapp.ui.kitchen.facts import View, shown_items
from posapp.ui.kitchen.sizes import Measures
from posapp.ui.kitchen.textflow import flow, line_height

translate = QCoreApplication.translate
_NOTE_LINES = 3
NOTE_PAD = 8
_RANK = {Mark.ADDED: 0, Mark.CHANGED: 0, Mark.REMOVED: 1, Mark.NONE: 2}


@dataclass(frozen=True, slots=True)
class Extra:
    """A line under a dish: an addition, what is left out, a note, or what an edit did."""

    text: str
    tone: str  # ok, danger, warn or text2
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its lines, and where it stands in the body."""

    item: TicketItem
    title: tuple[str, ...]
    extras: tuple[Extra, ...]
    top: int
    height: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """The box of the comment."""

    lines: tuple[str, ...]
    icon: str
    top: int
    height: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TileLayout:
    """A tile laid out; `hidden` items have no room, `content` is the height of all that is shown."""

    rows: tuple[Row, ...]
    note: Note | None
    hidden: int
    content: int
    body: QRect
    height: int

    @property
    def more(self) -> bool:
        """Tell whether something has no room."""
        return bool(self.hidden) or (self.note is not None and self.note.cut)


def lay_out(
    ticket: Ticket, view: View, m: Measures, *, expanded: bool = False, highest: int = 0
) -> TileLayout:
    """Lay a ticket out in a tile of the board's size or, expanded, in one of at most `highest`."""
    width = m.tile.width()
    section = view.section.name
    # What an edit did stands first until a cook has seen it: it must not be what has no room.
    items = sorted(shown_items(ticket, view), key=lambda item: _RANK[item.marked.mark])
    plans = [_plan(item, m, width - 2 * m.pad, section) for item in items]
    lines = flow(ticket.comment, m.note, SEMIBOLD, _note_width(m, width)) if ticket.comment else ()
    icon = "warning-fill" if is_allergy(ticket.comment) else "chat-text-fill"
    foot = m.target + 2 * m.pad
    if expanded:
        content = sum(row.height for row in plans) + (_note_height(len(lines), m) + m.pad if lines else 0)
        height = max(m.tile.height(), min(highest, m.band + content + foot + m.pad))
        body = QRect(2, m.band + 2, width - 4, height - m.band - foot - 2)
        rows, at = _placed(plans, m.pad // 2)
        note = Note(lines, icon, at + m.pad // 2, _note_height(len(lines), m)) if lines else None
        return TileLayout(rows, note, 0, content + m.pad, body, height)
    body = QRect(2, m.band + 2, width - 4, m.tile.height() - m.band - foot - 2)
    return _collapsed(plans, lines, icon, body, m)


def _collapsed(plans: list[Row], lines: tuple[str, ...], icon: str, body: QRect, m: Measures) -> TileLayout:
    most = _NOTE_LINES
    first = plans[0].height if plans else 0
    while most > 1 and first + _note_height(min(len(lines), most), m) + m.pad > body.height():
        most -= 1
    cut = len(lines) > most
    note_height = _note_height(min(len(lines), most), m) if lines else 0
    if cut:
        note_height = max(note_height, min(m.target, body.height() // 2))
    room = body.height() - (note_height + m.pad // 2 if lines else 0)
    fitting: list[Row] = []
    for plan in plans:
        if sum(row.height for row in fitting) + plan.height > room:
            break
        fitting.append(plan)
    if plans and not fitting:
        fitting = [_shortened(plans[0], room, m)]
    rows, at = _placed(fitting, 0)
    hidden = len(plans) - len(fitting) + any(row.cut for row in fitting)
    shown = (*lines[: most - 1], _with_ellipsis(lines[most - 1])) if cut else lines
    note = (
        Note(shown, icon, min(at + m.pad // 2 - 2, body.height() - note_height), note_height, cut)
        if lines
        else None
    )
    return TileLayout(rows, note, hidden, body.height(), body, m.tile.height())


def _with_ellipsis(line: str) -> str:
    return f"{line[:-2].rstrip()} …" if len(line) > 3 else "…"


def _placed(plans: list[Row], at: int) -> tuple[tuple[Row, ...], int]:
    rows = []
    for plan in plans:
        rows.append(Row(plan.item, plan.title, plan.extras, at, plan.height, plan.cut))
        at += plan.height
    return tuple(rows), at


def title_left(m: Measures) -> int:
    """Return where the titles begin, from the left edge of a tile."""
    return m.pad + m.box + max(8, m.pad)


def first_line_top(m: Measures) -> int:
    """Return the distance from a row's top to its first line: that one stands level with the box."""
    return max(4, (m.target - line_height(m.item)) // 2)


def _plan(item: TicketItem, m: Measures, width: int, section: str) -> Row:
    room = m.pad + width - title_left(m)
    dish = item.item
    plain = flow(dish.title, m.item, SEMIBOLD, room) or ("—",)
    counted = flow(f"{dish.quantity}× {dish.title}", m.item, SEMIBOLD, room)
    # The count moves out of the box once that holds the tick, if it needs no further line: rows stand still.
    title = counted if item.done(section) and len(counted) == len(plain) else plain
    extras: list[Extra] = []
    inner = room - m.extra - 6
    for first in _extras(item):
        for number, line in enumerate(flow(first.text, m.extra, SEMIBOLD if first.icon else MEDIUM, inner)):
            extras.append(
                Extra(line, first.tone, first.icon if number == 0 else ("" if not first.icon else " "))
            )
    return Row(item, title, tuple(extras), 0, _row_height(len(plain), len(extras), m))


def _extras(item: TicketItem) -> list[Extra]:
    found: list[Extra] = []
    match item.marked.mark:
        case Mark.ADDED:
            found.append(Extra(translate("kitchen", "New"), "ok", "plus-circle-fill"))
        case Mark.REMOVED:
            found.append(Extra(translate("kitchen", "Taken out: do not make"), "danger", "prohibit-fill"))
        case Mark.CHANGED:
            text = translate("kitchen", "Was %1, now %2").replace("%1", str(item.marked.before))
            text = text.replace("%2", str(item.item.quantity))
            found.append(Extra(text, "warn", "note-pencil-fill"))
        case Mark.NONE:
            pass
    for addition in item.item.additions:
        without = is_without(addition)
        icon = "minus-circle-fill" if without else "plus-circle-fill"
        found.append(Extra(addition, "danger" if without else "ok", icon))
    if item.item.notes:
        found.append(Extra(item.item.notes, "text2"))
    return found


def _row_height(titles: int, extras: int, m: Measures) -> int:
    lines = titles * line_height(m.item) + extras * line_height(m.extra)
    return max(m.target, first_line_top(m) + lines + 5)


def _shortened(row: Row, room: int, m: Measures) -> Row:
    """Return the row with as many whole lines as there is room for, at least one."""
    free = room - first_line_top(m)
    titles = max(1, min(len(row.title), free // line_height(m.item)))
    left = free - titles * line_height(m.item)
    extras = max(0, min(len(row.extras), left // line_height(m.extra)))
    return Row(row.item, row.title[:titles], row.extras[:extras], 0, max(room, m.target), cut=True)


def _note_width(m: Measures, width: int) -> int:
    return width - 2 * m.pad - m.note - 3 * NOTE_PAD - 4


def _note_height(lines: int, m: Measures) -> int:
    return lines * line_height(m.note) + 2 * NOTE_PAD if lines else 0
