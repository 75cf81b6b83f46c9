"""What happens in the editor: reading, saving, others' changes, and what is found wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.sale import Sale
from posapp.services import field_conflicts
from posapp.services.counter import sale_to_edit
from posapp.services.edit_form import EditForm, read_form
from posapp.services.edits import EditedMeanwhileError
from posapp.services.whole_edits import WholeEdit
from posapp.storage.feed import Change, Topic
from posapp.storage.sales import sale_record
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.delegates.age import clock_text
from posapp.ui.editor.band import short_of
from posapp.ui.editor.draft import Draft, Note, NoteKind
from posapp.ui.editor.layout import field_names, label_of
from posapp.ui.editor.linescard import CART, lines_note, refused_lines
from posapp.ui.editor.linesdraft import LinesDraft
from posapp.ui.editor.saving import Result, save_job
from posapp.ui.editor.totals import Bringing, Totals, bringing, line_totals, totals

_TOPICS = frozenset({Topic.ORDERS, Topic.QUEUE})


@dataclass(frozen=True, slots=True)
class _Read:
    """An order as a job reads it."""

    form: EditForm
    sale: Sale | None


class EditorDesk(QObject):
    """Keeps the drafts of one order.

    `opened` tells that they are there, `fields_changed` which fields show another text, `lines_changed` that
    the lines do, `judged` that tags, notes and sums are to be shown anew, `blocked` that Save found errors.
    """

    opened = Signal()
    fields_changed = Signal(object)
    lines_changed = Signal()
    judged = Signal()
    blocked = Signal()
    saved = Signal(object)  # Result
    gone = Signal()

    def __init__(self, ctx: Context, pk: int, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self.pk = ctx, pk
        self.draft: Draft | None = None
        self.lines = LinesDraft(())
        self.sale: Sale | None = None
        self.saving = False
        self.told = False  # whether the summary of errors stands
        self._question = 0
        ctx.feed.changed.connect(self._heard)
        self.read()

    # ------------------------------------------------------------------------------------------- reading

    def read(self, then: Callable[[], None] | None = None) -> None:
        """Read the order, for the first time or because it changed; `then` is called after that."""
        self._question += 1
        question, store, pk = self._question, self._ctx.store, self.pk

        def work() -> _Read:
            form = read_form(store, pk)
            own = form.remote is None and sale_record(store, pk) is not None
            return _Read(form, sale_to_edit(store, pk) if own else None)

        def done(read: _Read) -> None:
            if question == self._question:
                self._take(read)
                if then is not None:
                    then()

        def failed(error: PosError) -> None:
            self._ctx.problem.emit(error)
            self.gone.emit()

        self._ctx.tasks.run(work, done, failed=failed, owner=self)

    def _take(self, read: _Read) -> None:
        self.sale = read.sale
        draft = self.draft
        if draft is None:
            ctx = self._ctx
            self.draft = Draft(read.form, field_names(read.form.format), ctx.clock, ctx.zone)
            self.lines = LinesDraft(read.form.lines, read.form.values[CART], read.sale)
            self.told = bool(read.form.refused or read.form.conflicts)
            self.opened.emit()
        else:
            fresh = draft.refresh(read.form)
            if fresh:
                self.fields_changed.emit(fresh)
            if self.lines.refresh(read.form.lines, read.form.values[CART], read.sale):
                self.lines_changed.emit()
            if draft.theirs or self.lines.theirs is not None:
                self.told = True
        self.judged.emit()

    def _heard(self, change: Change) -> None:
        concerns = self.pk in change.orders and change.topics & _TOPICS
        if (concerns or change.foreign) and self.draft is not None and not self.saving:
            self.read()

    # --------------------------------------------------------------------------------------- what is known

    @property
    def form(self) -> EditForm:
        """Return the order as it was read last."""
        assert self.draft is not None  # noqa: S101 - nobody asks before `opened`
        return self.draft.form

    def notes(self) -> dict[str, Note]:
        """Return what is to be said, by field and in their order; "cart" for the lines."""
        draft = self.draft
        if draft is None:
            return {}
        self._suggest(draft)
        found = {name: note for name in draft.names if (note := draft.note(name)) is not None}
        bring = self.bringing()
        if bring is not None and bring.note and "change" not in found:
            found["change"] = Note(NoteKind.WARNING, bring.note)
        note = lines_note(self.lines, refused_lines(draft.form.refused))
        return found | ({CART: note} if note is not None else {})

    def _suggest(self, draft: Draft) -> None:
        """Suggest what the shop usually asks for a delivery there, once district or class is another."""
        ask = self._ctx.usual_shipping
        if ask is None or "delivery_class" not in draft.names:
            return
        usual = None
        if draft.is_changed("district") or draft.is_changed("delivery_class"):
            usual = ask(draft.form.remote or "", draft.value("district"), draft.value("delivery_class"))
        draft.hint("shipping_cost", "" if usual is None else usual)

    def problems(self) -> tuple[str, ...]:
        """Return what keeps the order from being saved, a few words for each."""
        notes = self.notes()
        return tuple(self._problem(name, note) for name, note in notes.items() if note.blocks)

    def _problem(self, name: str, note: Note) -> str:
        label = self.tr("A line")
        if self.draft is not None and name != CART:
            label = label_of(self.draft.rule(name))
        match note.kind:
            case NoteKind.SERVER if self.form.refused_at is not None:
                at = clock_text(self.form.refused_at, self._ctx.clock(), self._ctx.zone)
                words = self.tr("%1 was refused by the server at %2")
                return words.replace("%1", label).replace("%2", at)
            case NoteKind.SERVER:
                return self.tr("%1 was refused by the server").replace("%1", label)
            case NoteKind.CHOICE:
                return self.tr("%1 was changed by somebody else").replace("%1", label)
        words = short_of(note.text)
        return words if name == CART or label.casefold() in words.casefold() else f"{label}: {words}"

    def blockers(self) -> list[str]:
        """Return the names of what keeps the order from being saved, in order."""
        return [name for name, note in self.notes().items() if note.blocks]

    def change_words(self) -> tuple[str, ...]:
        """Return what is not saved yet, in a few words each."""
        draft = self.draft
        if draft is None:
            return ()
        return (*(label_of(draft.rule(name)) for name in draft.changed()), *self.lines.words())

    def totals(self) -> Totals:
        """Return what the order comes to."""
        draft = self.draft
        assert draft is not None  # noqa: S101
        cost = draft.value("shipping_cost") if "shipping_cost" in draft.names else ""
        return totals(draft.form, self.lines, cost, self.sale)

    def line_totals(self) -> dict[int, Decimal]:
        """Return what each line costs, by its key."""
        return line_totals(self.lines, self.sale, self.form.currency)

    def bringing(self) -> Bringing | None:
        """Return what the courier brings back, None where nobody says what the customer gives."""
        draft = self.draft
        if draft is None or "change" not in draft.names:
            return None
        cash = draft.value("payment_method") == "cash"
        return bringing(self.totals().total, draft.value("change"), draft.form.currency, cash=cash)

    # ----------------------------------------------------------------------------------------------- acts

    def type(self, name: str, text: str) -> None:
        """Take what a person typed into a field."""
        if self.draft is not None:
            self.draft.put(name, text)
            self.judged.emit()

    def leave(self, name: str) -> None:
        """Judge a field that a person left."""
        if self.draft is not None:
            self.draft.leave(name)
            self.judged.emit()

    def choose(self, name: str, choice: str) -> None:
        """Settle what somebody else wrote: "mine" or "theirs"."""
        draft = self.draft
        if draft is None:
            return
        if name == CART:
            self.lines.choose(choice)
            self.lines_changed.emit()
        else:
            draft.choose(name, choice)
            self.fields_changed.emit((name,))
        self.judged.emit()
        choices = draft.settled()
        if choices and not draft.theirs:
            self._resolve(choices)

    def _resolve(self, choices: dict[str, str]) -> None:
        ctx, pk = self._ctx, self.pk
        who = ctx.who
        ctx.tasks.run(
            lambda: field_conflicts.resolve_fields(ctx.store, pk, choices, who, origin=WINDOW_ORIGIN),
            lambda _sent: ctx.message.emit(self.tr("Decided"), None),
            owner=self,
        )

    def revert(self) -> None:
        """Make everything what it was."""
        if self.draft is not None:
            self.draft.revert()
            self.lines.revert()
            self.told = bool(self.draft.form.refused)
            self.fields_changed.emit(self.draft.names)
            self.lines_changed.emit()
            self.judged.emit()

    def submit(self) -> None:
        """Save, unless something is wrong; then tell what."""
        draft = self.draft
        if draft is None or self.saving:
            return
        draft.judge_all()
        if self.blockers():
            self.told = True
            self.judged.emit()
            self.blocked.emit()
            return
        names = draft.changed()
        if not names and not self.lines.changed:
            self.saved.emit(None)
            return
        self.saving = True
        ctx = self._ctx
        edit = WholeEdit(
            {name: draft.value(name) for name in names},
            {**draft.form.values, **draft.base},
            self.lines.edits() if self.lines.changed else None,
            whole=True,
            version=draft.form.version,
        )
        pk = self.pk
        who, zone, rules = ctx.who, ctx.zone, ctx.config.sale_rules
        ctx.tasks.run(
            lambda: save_job(ctx.store, pk, edit, who, zone, rules),
            self._saved,
            failed=self._failed,
            owner=self,
        )

    def _saved(self, result: Result) -> None:
        self.saving = False
        self.saved.emit(result)

    def _failed(self, error: PosError) -> None:
        self.saving = False
        self.told = True
        draft = self.draft
        if isinstance(error, EditedMeanwhileError):
            self.read(then=self.blocked.emit)
        elif isinstance(error, RefusedError) and draft is not None and error.fields.keys() & set(draft.names):
            draft.refuse(dict(error.fields))
            self.judged.emit()
            self.blocked.emit()
        else:
            self._ctx.problem.emit(error)
            self.read()
