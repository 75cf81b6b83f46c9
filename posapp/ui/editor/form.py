"""The fields of an order as cards, laid out for its format."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.editor.draft import Draft, Note
from posapp.ui.editor.inputs import FieldInput, make_input
from posapp.ui.editor.layout import CHANGE_SHOWN, Cell, Section, lines_of, sections_of
from posapp.ui.editor.rows import FieldCell, FieldRow, LabelledCell
from posapp.ui.editor.totals import Bringing
from posapp.ui.fonts import BOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.card import Card, Icon
from posapp.ui.widgets.text import PlainLabel

_NARROW = 120
_SIDES = 30  # of a card
_ROOMY, _TIGHT = (11, 8, 6), (7, 3, 1)  # above the title, below it, below the fields


class Room(NamedTuple):
    """How wide the cards may be: those at the left, and those over the lines."""

    left: int
    aside: int


class FieldCards(QObject):
    """Makes the cards and keeps their fields; `cards` stand left, `aside` over the lines."""

    typed = Signal(str, str)
    left = Signal(str)
    chosen = Signal(str, str)

    def __init__(self, draft: Draft, now: datetime, zone: ZoneInfo, parent: QWidget, room: Room) -> None:
        super().__init__(parent)
        self._draft, self._now, self._zone = draft, now, zone
        self.inputs: dict[str, FieldInput] = {}
        self.rows: list[FieldRow] = []
        self._heads: dict[Card, QHBoxLayout] = {}
        self._row_of: dict[str, FieldRow] = {}
        self._bring = PlainLabel("", px=16, weight=BOLD, tone="ok_text")
        self._bring.setObjectName("changeToBring")
        sections = sections_of(draft.form.format)
        self.cards = [self._card(section, room.left) for section in sections if not section.aside]
        self.aside = [self._card(section, room.aside) for section in sections if section.aside]
        self.set_tight(tight=False)
        for name in draft.names:
            self.show_text(name)

    @property
    def gain(self) -> int:
        """Return by how much the cards at the left are lower when they are tight."""
        return (sum(_ROOMY) - sum(_TIGHT)) * len(self.cards)

    def set_tight(self, *, tight: bool) -> None:
        """Move closer together, where the window is low."""
        for card, head in self._heads.items():
            above, between, below = _TIGHT if tight else _ROOMY
            card.column.setContentsMargins(15, above, 15, below)
            head.setContentsMargins(0, 0, 0, between)

    def _card(self, section: Section, room: int) -> Card:
        card = Card(spacing=0)
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(Icon(section.icon, size=18))
        head.addWidget(PlainLabel(section.title, px=15, weight=BOLD))
        head.addStretch(1)
        card.column.addLayout(head)
        self._heads[card] = head
        card.setAccessibleName(section.title)
        px = current_theme().px
        for cells in (line for row in section.rows for line in lines_of(row, room - _SIDES, px)):
            row = FieldRow([(cell, self._cell(cell)) for cell in cells])
            row.chosen.connect(self.chosen)
            self.rows.append(row)
            self._row_of.update(dict.fromkeys(row.cells, row))
            card.column.addWidget(row)
        return card

    def _cell(self, cell: Cell) -> QWidget:
        if cell.name == CHANGE_SHOWN:
            self._bring.setFixedHeight(current_theme().control)
            return LabelledCell(self.tr("Change to bring"), self._bring)
        rule = self._draft.rule(cell.name)
        made = make_input(rule, self._draft.form.currency, self._now, self._zone)
        self.inputs[cell.name] = made
        made.typed.connect(lambda text, name=cell.name: self.typed.emit(name, text))
        made.left.connect(lambda name=cell.name: self.left.emit(name))
        return FieldCell(rule, made, narrow=0 < cell.width < _NARROW)

    def show_text(self, name: str) -> None:
        """Show the draft's text of a field."""
        self.inputs[name].set_text(self._draft.text(name))

    def show_state(self, notes: Mapping[str, Note]) -> None:
        """Show tags and notes of all fields."""
        for name, row in self._row_of.items():
            row.cells[name].set_changed(changed=self._draft.is_changed(name))
            row.show_note(name, notes.get(name), self._draft.chosen(name))

    def show_bringing(self, bringing: Bringing) -> None:
        """Show what the courier brings back."""
        self._bring.setText(bringing.text)
        self._bring.set_tone(bringing.tone)
        self._bring.setAccessibleName(f"{self.tr('Change to bring')}: {bringing.text}")

    def focus(self, name: str) -> None:
        """Put the cursor into a field and mark what stands in it."""
        target = self.inputs[name].target
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        select = getattr(target, "selectAll", None)
        if select is not None:
            select()
