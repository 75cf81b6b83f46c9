"""A row of fields with the notes about them below: a note may be as wide as the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.rules import FieldRule
from posapp.ui.editor.draft import Note, NoteKind
from posapp.ui.editor.inputs import FieldInput
from posapp.ui.editor.layout import GAP, Cell, label_of
from posapp.ui.fonts import MEDIUM
from posapp.ui.theme import current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.chip import SMALL, Chip, ChipTone
from posapp.ui.widgets.text import PlainLabel

_NOTE_GAP = 16
_TONES = {
    NoteKind.ERROR: "danger_text",
    NoteKind.SERVER: "danger_text",
    NoteKind.CHOICE: "warn_text",
    NoteKind.SHOP: "warn_text",
    NoteKind.WARNING: "warn_text",
    NoteKind.HINT: "accent_text",
    NoteKind.NEWS: "accent_text",
}


class LabelledCell(QWidget):
    """A label with a star where something is required, the tag of a change, and the control.

    The tag of a `narrow` one is a sign without its word.
    """

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        required: bool = False,
        tagged: bool = False,
        narrow: bool = False,
    ) -> None:
        super().__init__()
        self._label = PlainLabel(label, px=13, weight=MEDIUM, tone="text2")
        self._label.setBuddy(control)
        self._tag: QWidget = Chip(self.tr("changed"), tone=ChipTone.ACCENT, size=SMALL)
        if narrow:
            self._tag = Icon("pencil-simple-fill", size=14, tone="accent_text", spoken=self.tr("changed"))
        policy = self._tag.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._tag.setSizePolicy(policy)
        self._tag.hide()
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._label)
        if required:
            star = PlainLabel("*", px=13, weight=MEDIUM, tone="danger_text")
            star.setAccessibleName(self.tr("required"))
            head.addWidget(star)
        head.addStretch(1)
        if tagged:
            head.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(control)

    def set_changed(self, *, changed: bool) -> None:
        """Show or hide the tag of a value that is not saved yet."""
        self._tag.setVisible(changed)


class FieldCell(LabelledCell):
    """A field of the order."""

    def __init__(self, rule: FieldRule, control: FieldInput, *, narrow: bool) -> None:
        super().__init__(label_of(rule), control, required=rule.required, tagged=True, narrow=narrow)
        self.rule, self.input = rule, control
        self._changed = False

    def set_changed(self, *, changed: bool) -> None:
        self._changed = changed
        super().set_changed(changed=changed)

    def describe(self, note: Note | None) -> None:
        """Wear what a note means, and tell it to screen readers."""
        wrong = note is not None and note.blocks
        self.input.set_invalid(invalid=wrong)
        words = [note.text] if note is not None else []
        if self._changed:
            words.append(self.tr("changed"))
        if self.rule.required:
            words.append(self.tr("required"))
        self.input.target.setAccessibleDescription(", ".join(words))


class NoteLine(QWidget):
    """One note; where a person has to choose, with both choices."""

    chosen = Signal(str)

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(f"note_{name}")
        self._icon = Icon("info-fill", size=14)
        self._words = PlainLabel("", px=12, weight=MEDIUM)
        self._mine, self._theirs = self._button("keepMine", name), self._button("takeTheirs", name)
        self._mine.clicked.connect(lambda: self.chosen.emit("mine"))
        self._theirs.clicked.connect(lambda: self.chosen.emit("theirs"))
        self._field = label
        self._natural = QSize()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for widget in (self._icon, self._words, self._mine, self._theirs):
            row.addWidget(widget)
        self.hide()

    def _button(self, act: str, name: str) -> Button:
        button = Button("", look=ButtonLook.TINT, height=24, px=12)
        button.setObjectName(f"{act}_{name}")
        return button

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()

    def show_note(self, note: Note, chosen: str) -> None:
        """Show a note, with what was chosen so far."""
        tone = _TONES[note.kind]
        wrong = note.kind in {NoteKind.ERROR, NoteKind.SERVER}
        news = note.kind in {NoteKind.NEWS, NoteKind.HINT}
        self._icon.show_icon("info-fill" if news else "warning-fill", tone)
        self._icon.setVisible(not wrong)  # the field itself wears the sign of an error
        self._words.set_tone(tone)
        if note.text != self._words.text() or not self.isVisible():
            announce(self, f"{self._field}: {note.text}")
        self._words.setWordWrap(False)
        self._words.setText(note.text)
        self._show_choices(note, chosen)
        self._natural = self.sizeHint()

    def size_in(self, width: int) -> QSize:
        """Return how large it is where there is so much room: a long sentence breaks."""
        hint = self._natural
        layout = self.layout()
        breaks = hint.width() > width > 0
        if self._words.wordWrap() != breaks:
            self._words.setWordWrap(breaks)
        if not breaks or layout is None:
            return hint
        return QSize(width, layout.totalHeightForWidth(width))

    def _show_choices(self, note: Note, chosen: str) -> None:
        asks = note.kind in {NoteKind.CHOICE, NoteKind.SHOP}
        shop = note.kind is NoteKind.SHOP
        pairs = (
            (self._mine, "mine", self.tr("Send ours") if shop else self.tr("Keep mine")),
            (self._theirs, "theirs", self.tr("Take the shop's") if shop else self.tr("Take theirs")),
        )
        if note.kind is NoteKind.HINT:
            pairs = (pairs[0], (self._theirs, "theirs", self.tr("Use it")))
        for button, choice, words in pairs:
            button.setVisible(asks or (button is self._theirs and note.kind is NoteKind.HINT))
            button.setText(words)
            button.set_look(ButtonLook.PRIMARY if chosen == choice else ButtonLook.TINT)
            button.setAccessibleName(f"{words}: {self._field}")


class Notes(QWidget):
    """The notes of a row, each under its field as far as there is room; one line high when there are none."""

    def __init__(self, cells: Mapping[str, QWidget], lines: Mapping[str, NoteLine]) -> None:
        super().__init__()
        self._cells, self._lines = cells, lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(0, self._arrange(place=False))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.put()

    def put(self) -> None:
        """Place the notes anew."""
        self._arrange(place=True)
        self.updateGeometry()

    def _arrange(self, *, place: bool) -> int:
        least = current_theme().px(18)
        ends: list[int] = []
        tops = [0]
        for name in self._cells:
            line = self._lines.get(name)
            if line is None or line.isHidden():
                continue
            hint = line.size_in(self.width())
            wanted = self._cells[name].x() - self.x()
            left = max(0, min(wanted, self.width() - hint.width()))
            row = next((n for n, end in enumerate(ends) if left >= end), len(ends))
            if row == len(ends):
                ends.append(0)
                tops.append(tops[-1])
            ends[row] = left + hint.width() + _NOTE_GAP
            tops[row + 1] = max(tops[row + 1], tops[row] + max(least, hint.height() + 1))
            if place:
                line.setGeometry(left, tops[row], min(hint.width(), self.width()), max(least, hint.height()))
        return max(least, tops[-1])


class FieldRow(QWidget):
    """Fields side by side, and below them what is to be said."""

    chosen = Signal(str, str)  # the field, "mine" or "theirs"

    def __init__(self, cells: Sequence[tuple[Cell, QWidget]]) -> None:
        super().__init__()
        fields = {cell.name: widget for cell, widget in cells}
        self.cells = {name: widget for name, widget in fields.items() if isinstance(widget, FieldCell)}
        self.lines: dict[str, NoteLine] = {}  # as they are needed: most fields never have one
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for cell, widget in cells:
            if cell.width:
                widget.setFixedWidth(current_theme().px(cell.width))
            row.addWidget(widget, 0 if cell.width else cell.share)
        self._shown: dict[str, tuple[Note | None, str]] = {}
        self.notes = Notes(fields, self.lines)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.notes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.notes.put()

    def show_note(self, name: str, note: Note | None, chosen: str) -> None:
        """Say something about a field, or nothing."""
        self.cells[name].describe(note)
        if (note, chosen) == self._shown.get(name, (None, "")):
            return
        self._shown[name] = (note, chosen)
        line = self.lines.get(name) or self._make_line(name)
        if note is not None:
            line.show_note(note, chosen)
        line.setVisible(note is not None)
        self.notes.put()

    def _make_line(self, name: str) -> NoteLine:
        line = NoteLine(name, label_of(self.cells[name].rule))
        line.setParent(self.notes)
        line.chosen.connect(lambda choice: self.chosen.emit(name, choice))
        self.lines[name] = line
        return line
