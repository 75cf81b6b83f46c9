"""The order editor: fields left, lines right, what is wrong above and what is not saved yet below."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.rule_table import STAFF
from posapp.ui.actwords import name_of
from posapp.ui.context import Context
from posapp.ui.editor.area import FieldsArea, Ground
from posapp.ui.editor.band import ErrorBand
from posapp.ui.editor.bars import EditorFoot, EditorHead
from posapp.ui.editor.callers import Caller, CallerList
from posapp.ui.editor.desk import EditorDesk
from posapp.ui.editor.dialogs import AddItemDialog, GuardDialog
from posapp.ui.editor.form import FieldCards, Room
from posapp.ui.editor.inputs import LineField
from posapp.ui.editor.linedialog import LineDialog
from posapp.ui.editor.linescard import CART, LinesEditor
from posapp.ui.editor.linesdraft import LineWords
from posapp.ui.keys import is_ctrl, is_plain
from posapp.ui.theme import current_theme
from posapp.ui.widgets.dialog import Dialog

_ASIDE, _MOST_ASIDE = 396, 0.42
_MARGIN, _GAP = 20, 12


class EditorPage(Ground):
    """Edits one order; `closed` tells that it is done: with what was saved, or None."""

    closed = Signal(object)  # Result | None

    def __init__(self, ctx: Context, pk: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editorPage")
        self.setAccessibleName(self.tr("Edit order"))
        self._ctx = ctx
        self.desk = EditorDesk(ctx, pk, self)
        self.fields: FieldCards | None = None
        self._dialog: Dialog | None = None
        self.head, self.foot, self.band = EditorHead(), EditorFoot(), ErrorBand()
        self.lines = LinesEditor()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.area = FieldsArea(self.band, _MARGIN)
        self._side = QWidget()
        self._aside = QVBoxLayout(self._side)
        self._aside.setContentsMargins(0, _GAP, 0, _GAP)
        self._aside.setSpacing(10)
        self._aside.addWidget(self.lines, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, _MARGIN, 0)
        middle.setSpacing(_GAP)
        middle.addWidget(self.area, 1)
        middle.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(middle, 1)
        column.addWidget(self.foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # With large letters the lines leave room for the fields.
        self._side.setFixedWidth(min(current_theme().px(_ASIDE), round(self.width() * _MOST_ASIDE)))

    def _connect(self) -> None:
        desk, lines = self.desk, self.lines
        desk.opened.connect(self._build)
        desk.judged.connect(self._show)
        desk.fields_changed.connect(self._show_texts)
        desk.lines_changed.connect(lambda: lines.rebuild(desk.lines))
        lines.rebuilt.connect(self._order_focus)
        desk.blocked.connect(lambda: self.go_to_error(first=True))
        desk.saved.connect(self.closed)
        desk.gone.connect(lambda: self.closed.emit(None))
        self.head.back_wanted.connect(self.leave)
        self.foot.close_wanted.connect(self.leave)
        self.foot.revert_wanted.connect(desk.revert)
        self.foot.save_wanted.connect(self.submit)
        self.band.next_wanted.connect(self._next_error)
        lines.quantity_wanted.connect(self._set_quantity)
        lines.remove_wanted.connect(self._remove)
        lines.put_back_wanted.connect(self._put_back)
        lines.words_wanted.connect(self.ask_words)
        lines.add_wanted.connect(self.add_item)
        lines.chosen.connect(desk.choose)

    def _build(self) -> None:
        draft = self.desk.draft
        if draft is None:
            return
        self.setAccessibleName(self.tr("Edit order %1").replace("%1", draft.form.code))
        side = self._side.maximumWidth()
        room = Room(self.width() - side - 2 * _MARGIN - _GAP, side)
        fields = FieldCards(draft, self._ctx.clock(), self._ctx.zone, self, room)
        self.fields = fields
        self.area.show_cards(fields)
        for card in reversed(fields.aside):
            self._aside.insertWidget(0, card)
            card.show()
        fields.typed.connect(self.desk.type)
        fields.left.connect(self.desk.leave)
        fields.chosen.connect(self.desk.choose)
        phone = fields.inputs.get("phone")
        if isinstance(phone, LineField):
            callers = CallerList(self._ctx, phone.line, draft.form.pk)
            callers.chosen.connect(self._take_caller)
        self.lines.rebuild(self.desk.lines)
        first = next(iter(self.desk.notes()), draft.names[0]) if self.desk.told else draft.names[0]
        if first != CART:
            fields.focus(first)

    def _order_focus(self) -> None:
        """Let Tab walk from the head through the fields to the lines, then to the foot."""
        foot = self.foot
        inputs = self.fields.inputs.values() if self.fields is not None else ()
        walk: list[QWidget] = [self.head.back_button, self.band.button]
        walk += [stop for made in inputs for stop in made.stops]
        walk += [self.lines.add_button, *(stop for item in self.lines.items for stop in item.stops)]
        walk += [foot.revert_button, foot.close_button, foot.save_button]
        for here, there in pairwise(walk):
            QWidget.setTabOrder(here, there)

    # ------------------------------------------------------------------------------------------- showing

    def _show_texts(self, names: tuple[str, ...]) -> None:
        if self.fields is not None:
            for name in names:
                self.fields.show_text(name)

    def _show(self) -> None:
        desk, fields = self.desk, self.fields
        if fields is None or desk.draft is None:
            return
        form = desk.form
        self.head.show_form(form)
        notes = desk.notes()
        fields.show_state(notes)
        totals = desk.totals()
        self.lines.show_lines(desk.lines, desk.line_totals(), form.currency)
        self.lines.show_note(notes.get(CART))
        self.lines.show_totals(totals, form.currency)
        bringing = desk.bringing()
        if bringing is not None:
            fields.show_bringing(bringing)
        words = desk.change_words()
        more = (self.tr("total"),) if totals.differs and words else ()
        self.foot.show_changes(len(words), (*words, *more))
        self._show_band()

    def _show_band(self) -> None:
        desk = self.desk
        if not desk.told:
            return
        problems = desk.problems()
        self.band.show_problems(problems)
        desk.told = bool(problems)

    # ----------------------------------------------------------------------------------------------- acts

    def submit(self) -> None:
        """Save what is typed, as if the field had been left."""
        self.desk.submit()

    def go_to_error(self, *, first: bool = False) -> None:
        """Put the cursor where the first thing is to be corrected; from one of them, where the next is."""
        names = self.desk.blockers()
        if not names or self.fields is None:
            return
        here = self._field_at(QApplication.focusWidget())
        following = names[names.index(here) + 1 :] if here in names and not first else []
        name = (following or names)[0]
        if name == CART:
            self.lines.focus()
        else:
            self.fields.focus(name)
            self.area.ensureWidgetVisible(self.fields.inputs[name], 0, 30)

    def _field_at(self, widget: QWidget | None) -> str:
        if self.fields is None or widget is None:
            return ""
        found = [
            name for name, made in self.fields.inputs.items() if made is widget or made.isAncestorOf(widget)
        ]
        if not found and self.lines.isAncestorOf(widget):
            return CART
        return found[0] if found else ""

    def _set_quantity(self, key: int, quantity: int) -> None:
        self.desk.lines.set_quantity(key, quantity)
        self.desk.judged.emit()

    def _remove(self, key: int) -> None:
        self.desk.lines.remove(key)
        self.desk.judged.emit()

    def _put_back(self, key: int) -> None:
        self.desk.lines.put_back(key)
        self.desk.judged.emit()

    def add_item(self) -> None:
        """Ask what to add."""
        if self._dialog is not None or self.desk.draft is None:
            return
        form = self.desk.form
        dialog = AddItemDialog(self._ctx, form.currency, self, remote=form.remote or "")
        self._open(dialog)
        dialog.accepted.connect(lambda: self._add(dialog))

    def _add(self, dialog: AddItemDialog) -> None:
        line = dialog.line
        if line is not None:
            key = self.desk.lines.add(
                line.title, line.price, line.quantity, internal_id=line.internal_id, product=line.product
            )
            self.desk.judged.emit()
            QTimer.singleShot(0, self, lambda: self.lines.focus(key))

    def ask_words(self, key: int) -> None:
        """Ask for the options, the note and the discount of a line."""
        desk = self.desk
        if self._dialog is not None or desk.draft is None:
            return
        staff = desk.form.format == STAFF and desk.form.remote is not None
        dialog = LineDialog(self._ctx, desk.lines.line(key), self, own=desk.sale is not None, staff=staff)
        self._open(dialog)
        dialog.accepted.connect(lambda: self._set_words(key, dialog.words))

    def _set_words(self, key: int, words: LineWords) -> None:
        self.desk.lines.set_words(key, words)
        self.desk.judged.emit()
        QTimer.singleShot(0, self, lambda: self.lines.focus(key))

    def _open(self, dialog: Dialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._dialog_done)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _dialog_done(self) -> None:
        self._dialog = None

    def _take_caller(self, caller: Caller) -> None:
        draft = self.desk.draft
        if draft is not None:
            self._show_texts(draft.take_caller(caller.phone, caller.name, caller.parts))
            self.desk.judged.emit()

    # ------------------------------------------------------------------------------------------- leaving

    @property
    def dirty(self) -> bool:
        """Tell whether something is not saved."""
        return bool(self.desk.change_words()) and not self.desk.saving

    def leave(self) -> None:
        """Go back to the list; ask first where something is not saved."""
        self.ask_to_leave(lambda: self.closed.emit(None))

    def ask_to_leave(self, then: Callable[[], object]) -> None:
        """Call `then` once nothing is lost by leaving, or a person agreed."""
        if not self.dirty:
            then()
            return
        if self._dialog is None:
            dialog = GuardDialog(name_of(self.desk.form.code), self.desk.change_words(), self)
            self._open(dialog)
            dialog.accepted.connect(lambda: QTimer.singleShot(0, self, then))

    # ----------------------------------------------------------------------------------------------- keys

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on a key that works while somebody types, too; tell whether it meant something."""
        if is_ctrl(event, "S"):
            if not event.isAutoRepeat():
                self.submit()
        elif is_ctrl(event, "R"):
            self.desk.revert()
        elif not is_plain(event):
            return False
        elif event.key() == Qt.Key.Key_F8:
            self._next_error()
        elif event.key() == Qt.Key.Key_F4:
            self.add_item()
        elif event.key() == Qt.Key.Key_F6:
            self._change_sides()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            return False
        return True

    def _next_error(self) -> None:
        if not self.band.isVisible() and self.desk.draft is not None:
            self.desk.draft.judge_all()
            self.desk.told = True
            self.desk.judged.emit()
        self.go_to_error()

    def _change_sides(self) -> None:
        if self._field_at(QApplication.focusWidget()) == CART and self.fields is not None:
            self.fields.focus(next(iter(self.fields.inputs)))
        else:
            self.lines.focus()

    # ------------------------------------------------------------------------------ what the window asks

    def shown(self) -> None:
        """Come to the front; nothing runs here."""

    def hidden(self) -> None:
        """Go to the back; nothing runs here."""

    def focus_search(self) -> None:
        """Stay: there is nothing to search here."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Leave the other keys to what has the focus."""
        del event
        return False

    def undo(self) -> None:
        """Put the line that was taken out last back."""
        if self.desk.lines.undo() is not None:
            self.desk.judged.emit()

    def toast_anchor(self) -> QWidget:
        """Return the widget over which messages appear."""
        return self.area
