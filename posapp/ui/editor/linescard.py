"""The card of an order's lines while it is edited: the lines scroll, what they come to stands below."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.ui.detail.cards import clear_layout, put
from posapp.ui.detail.moneyfacts import sum_text
from posapp.ui.editor.draft import Note, NoteKind
from posapp.ui.editor.lineitem import LineItem
from posapp.ui.editor.linesdraft import LinesDraft
from posapp.ui.editor.rows import NoteLine
from posapp.ui.editor.totals import Totals
from posapp.ui.fonts import BOLD
from posapp.ui.widgets.buttons import tint_button
from posapp.ui.widgets.card import Card, Divider, Icon, KeyValue
from posapp.ui.widgets.overlaybar import OverlayScrollBar
from posapp.ui.widgets.text import PlainLabel

translate = QCoreApplication.translate
CART = "cart"


class _Scroll(QScrollArea):
    """Scrolls the lines; the lines themselves take the focus."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        OverlayScrollBar(self)


class LinesEditor(Card):
    """Shows the lines and tells what a person wants to do with them."""

    quantity_wanted = Signal(int, int)
    remove_wanted = Signal(int)
    put_back_wanted = Signal(int)
    words_wanted = Signal(int)
    add_wanted = Signal()
    chosen = Signal(str, str)
    rebuilt = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=0)
        self.setObjectName("editorLines")
        self.column.setContentsMargins(11, 10, 11, 10)
        self.items: list[LineItem] = []
        self._shown: object = None
        self._count = PlainLabel("", px=13, tone="text2")
        self.add_button = tint_button(self.tr("Add item"), icon="plus-bold", key="F4", height=34)
        self.add_button.setObjectName("addItemButton")
        self.add_button.clicked.connect(self.add_wanted)
        head = QHBoxLayout()
        head.setContentsMargins(5, 0, 5, 4)
        head.setSpacing(8)
        head.addWidget(Icon("shopping-cart-simple-fill", size=18))
        head.addWidget(PlainLabel(self.tr("Order lines"), px=15, weight=BOLD))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.add_button)
        self.note = NoteLine(CART, self.tr("Order lines"))
        self.note.chosen.connect(lambda choice: self.chosen.emit(CART, choice))
        inner = QWidget()
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._scroll = _Scroll(inner)
        self._foot = _Foot()
        self.column.addLayout(head)
        self.column.addWidget(self.note)
        self.column.addWidget(self._scroll, 1)
        self.column.addWidget(self._foot)

    def rebuild(self, draft: LinesDraft) -> None:
        """Show these lines anew; what had the focus keeps it."""
        focused = next((item.key for item in self.items if item.hasFocus()), None)
        clear_layout(self._lines)
        self.items, self._shown = [], None
        for number, line in enumerate(draft.lines):
            if number:
                put(self._lines, _Between())
            item = LineItem(line)
            item.quantity_wanted.connect(self.quantity_wanted)
            item.remove_wanted.connect(self.remove_wanted)
            item.put_back_wanted.connect(self.put_back_wanted)
            item.words_wanted.connect(self.words_wanted)
            item.step_wanted.connect(self._step)
            put(self._lines, item)
            self.items.append(item)
        if not self.items:
            empty = PlainLabel(self.tr("No lines. Add what is to be made."), tone="text2", wrap=True)
            empty.setContentsMargins(5, 8, 5, 8)
            put(self._lines, empty)
        self._lines.addStretch(1)
        self.rebuilt.emit()
        if focused is not None:
            self.focus(focused)

    def show_lines(self, draft: LinesDraft, sums: Mapping[int, Decimal], currency: str) -> None:
        """Show what the lines are now."""
        if (draft.lines, sums) == self._shown:
            return
        self._shown = (draft.lines, dict(sums))
        there = [(item.key, item.line.words) for item in self.items]
        if there != [(line.key, line.words) for line in draft.lines]:
            self.rebuild(draft)
        for item in self.items:
            item.show_line(draft.line(item.key), sums.get(item.key, Decimal(0)), currency)
        count = sum(line.quantity for line in draft.kept)
        words = self.tr("1 item") if count == 1 else self.tr("%1 items")
        self._count.setText(words.replace("%1", str(count)))

    def show_note(self, note: Note | None) -> None:
        """Say something about the lines as a whole, or nothing."""
        if note is not None:
            self.note.show_note(note, "")
        self.note.setVisible(note is not None)

    def show_totals(self, totals: Totals, currency: str) -> None:
        """Show what it all comes to."""
        self._foot.show_totals(totals, currency)

    def focus(self, key: int | None = None) -> None:
        """Give the focus to a line, the first if none is named; without lines to the button that adds."""
        item = next((item for item in self.items if key in (None, item.key)), None)
        if item is None:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        item.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(item, 0, 8)

    def _step(self, key: int, by: int) -> None:
        place = next(place for place, item in enumerate(self.items) if item.key == key) + by
        if 0 <= place < len(self.items):
            self.focus(self.items[place].key)


def lines_note(draft: LinesDraft, refused: str) -> Note | None:
    """Return what is to be said about the lines as a whole."""
    if draft.theirs is not None:
        return Note(NoteKind.CHOICE, translate("editor", "Somebody else changed the lines"))
    if draft.base and not draft.kept:
        return Note(NoteKind.ERROR, translate("editor", "An order needs at least one line. Add one."))
    if refused and not draft.changed:
        return Note(NoteKind.SERVER, translate("editor", "Server: “%1”").replace("%1", refused))
    return None


def refused_lines(refused: Mapping[str, str]) -> str:
    """Return what the shop says of the lines: of all of them, or "cart.1.product" of the second."""
    said = [refused[CART]] if CART in refused else []
    for name, words in refused.items():
        if name.startswith(f"{CART}."):
            place = name.split(".")[1]
            if place.isdecimal():
                line = translate("editor", "Line %1: %2").replace("%1", str(int(place) + 1))
                said.append(line.replace("%2", words))
            else:
                said.append(words)
    return " ".join(said)


class _Between(QWidget):
    """The line between two lines, as wide as their words."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(5, 0, 5, 0)
        row.addWidget(Divider())


class _Foot(QWidget):
    """The totals."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Totals | None = None
        self._pairs = QVBoxLayout()
        self._pairs.setSpacing(3)
        self._mark = PlainLabel("", px=12, tone="text2", wrap=True)
        self._mark.setObjectName("editorTotalMark")
        self._was = PlainLabel("", px=13, tone="text2")
        self._was.setObjectName("editorTotalWas")
        self._total = PlainLabel("", px=20, weight=BOLD)
        self._total.setObjectName("editorTotal")
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(PlainLabel(self.tr("Total"), px=16, weight=BOLD))
        line.addStretch(1)
        line.addWidget(self._was)
        line.addWidget(self._total)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 0, 5, 0)
        column.setSpacing(4)
        column.addWidget(Divider())
        column.addSpacing(2)
        column.addLayout(self._pairs)
        column.addWidget(self._mark)
        column.addLayout(line)

    def show_totals(self, totals: Totals, currency: str) -> None:
        if totals == self._shown:
            return
        self._shown = totals
        clear_layout(self._pairs)
        for pair in totals.pairs:
            put(self._pairs, KeyValue(pair.name, pair.value, tone=pair.tone, wrap=True))
        self._mark.setText(totals.mark)
        self._mark.set_tone("warn_text" if totals.warns else "text2")
        self._mark.setVisible(bool(totals.mark))
        was = self.tr("was %1").replace("%1", sum_text(totals.was, currency))
        self._was.setText(was if totals.differs else "")
        self._total.setText(sum_text(totals.total, currency))
